//! What hiding costs: sealing and opening an envelope beside plain ChaCha20-Poly1305 of the same
//! size, trial decryption of a mailbox list, and the other things a hub or an agent does often.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot start should say why")]

use std::hint::black_box;

use chacha20poly1305::aead::{Aead as _, KeyInit as _};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use noroshi_seal::{
    DayTree, Hash, OpeningKey, Purpose, Question, ReporterKeys, SeededEntropy, Words,
    find_questions, leaf_hash, open, seal,
};

fn envelopes(c: &mut Criterion) {
    let entropy = SeededEntropy::new(1);
    let key = OpeningKey::generate(&entropy).unwrap();
    let plain = ChaCha20Poly1305::new_from_slice(&[7; 32]).unwrap();
    let mut group = c.benchmark_group("envelope");
    for kib in [1, 4, 64, 256] {
        let payload = vec![7; kib * 1024 - 4];
        group.throughput(Throughput::Bytes(payload.len() as u64));
        group.bench_with_input(BenchmarkId::new("seal+open", kib), &payload, |b, payload| {
            b.iter(|| {
                let sealed = seal(key.sealing_key(), Purpose::Filing, b"", payload, &entropy);
                open(&key, Purpose::Filing, b"", &sealed.unwrap()).unwrap().len()
            });
        });
        group.bench_with_input(BenchmarkId::new("plain", kib), &payload, |b, payload| {
            b.iter(|| {
                let sealed = plain.encrypt(&Nonce::default(), payload.as_slice()).unwrap();
                plain.decrypt(&Nonce::default(), sealed.as_slice()).unwrap().len()
            });
        });
    }
    group.finish();
}

fn mailbox(c: &mut Criterion) {
    let entropy = SeededEntropy::new(2);
    let (mine, theirs) =
        (OpeningKey::generate(&entropy).unwrap(), OpeningKey::generate(&entropy).unwrap());
    let items: Vec<Vec<u8>> = (0..50)
        .map(|n| if n == 25 { &mine } else { &theirs })
        .map(|key| Question::seal(key.sealing_key(), "?", &entropy).unwrap().to_bytes())
        .collect();
    c.bench_function("mailbox/50 items, one of them mine", |b| {
        b.iter(|| {
            let found = find_questions(&mine, items.iter().map(Vec::as_slice));
            assert_eq!(found.len(), 1);
        });
    });
}

fn words(c: &mut Criterion) {
    let words = Words::generate(&SeededEntropy::new(3));
    let mut group = c.benchmark_group("words");
    group.sample_size(10);
    group.bench_function("derive", |b| b.iter(|| ReporterKeys::derive(black_box(&words)).is_ok()));
    group.finish();
}

fn days(c: &mut Criterion) {
    let leaves: Vec<Hash> = (0..300_u32).map(|n| leaf_hash(&n.to_be_bytes())).collect();
    let tree = DayTree::build(1, leaves.clone(), &SeededEntropy::new(4)).unwrap();
    c.bench_function("day/tree and head of 1,024", |b| {
        b.iter(|| {
            let tree = DayTree::build(1, leaves.clone(), &SeededEntropy::new(4)).unwrap();
            tree.head(None).unwrap()
        });
    });
    let leaf = leaves.first().copied().unwrap_or_default();
    c.bench_function("day/proof", |b| b.iter(|| tree.proof(black_box(&leaf)).unwrap()));
}

criterion_group!(benches, envelopes, mailbox, words, days);
criterion_main!(benches);
