//! How many indicators a gate judges per second on one thread, with the demo's register and with
//! 10,000 members of five names each.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot start should say why")]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use noroshi_anonymity::{Gate, MemberId, Register, RegisterMember, WarningLists};
use noroshi_stix::{DomainName, Kind, Observable, Timestamp};

const SYLLABLES: [&str; 48] = [
    "ka", "shi", "mo", "ta", "ri", "ne", "ku", "sa", "to", "ha", "yo", "mi", "na", "ko", "ya",
    "fu", "ro", "ki", "su", "go", "ma", "de", "wa", "chi", "ben", "dor", "fel", "gar", "hul",
    "jin", "kel", "lam", "mer", "nor", "pol", "quin", "ras", "sten", "tor", "ulm", "ver", "wes",
    "xan", "yor", "zel", "bri", "cas", "dun",
];

/// A reproducible stream of numbers; quality does not matter here.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }

    fn word(&mut self, syllables: usize) -> String {
        (0..syllables).map(|_| SYLLABLES[self.below(SYLLABLES.len())]).collect()
    }
}

fn register(members: usize) -> Register {
    let mut numbers = Numbers(1);
    let members = (0..members).map(|i| {
        let word = numbers.word(4);
        RegisterMember {
            id: MemberId::new(format!("m{i}")),
            names: vec![
                format!("{word} Industries Co., Ltd."),
                format!("架空{word}工業株式会社"),
                numbers.word(5),
            ],
            label_path: vec!["x".into()],
            weight: 1,
            joined: Timestamp::default(),
            left: None,
            domains: vec![DomainName::parse(&format!("{word}{i}.co.jp")).unwrap()],
            networks: vec![format!("45.{}.{}.0/24", i / 256 % 256, i % 256).parse().unwrap()],
            brands: vec![format!("{word} {}", numbers.word(3)), numbers.word(3)],
        }
    });
    Register::new(members.collect()).unwrap()
}

/// The mix a report has: mostly addresses and hashes, a third of names with text in them.
fn indicators(count: usize) -> Vec<Observable> {
    let mut numbers = Numbers(2);
    let one = |i: usize| {
        let n = &mut numbers;
        let host = format!("{}-{}.{}.net", n.word(2), n.word(2), n.word(3));
        let (kind, value) = match i % 10 {
            0..3 => (Kind::Ipv4, format!("93.{}.{}.7", n.below(256), n.below(256))),
            3..5 => (
                Kind::Sha256,
                [n.below(usize::MAX); 4].map(|x| format!("{:016x}", x ^ n.below(1 << 30))).concat(),
            ),
            5..7 => (Kind::Host, host),
            7 => (Kind::Url, format!("http://{host}/{}/{}.php?p=1", n.word(2), n.word(3))),
            8 => (Kind::FileName, format!("{}_{}.exe", n.word(3), n.word(2))),
            _ => (Kind::Email, format!("{}@{host}", n.word(3))),
        };
        Observable::parse(kind, &value).ok()
    };
    (0..count).filter_map(one).collect()
}

fn judge(c: &mut Criterion) {
    let demo = Register::from_toml(include_str!("../../../reference/demo-register.toml")).unwrap();
    let indicators = indicators(10_000);
    let bytes: usize = indicators.iter().map(|o| o.value().len()).sum();
    let mut group = c.benchmark_group("judge");
    for (name, register) in [("demo-register", demo), ("50k-names", register(10_000))] {
        let gate = Gate::new(&register, &WarningLists::builtin()).unwrap();
        let kept = indicators.iter().filter(|o| gate.signal(o).is_none()).count();
        println!("{name}: {} indicators, {bytes} bytes, {kept} kept back", indicators.len());
        group.throughput(Throughput::Elements(indicators.len() as u64));
        group.bench_function(BenchmarkId::from_parameter(name), |b| {
            b.iter(|| indicators.iter().for_each(|o| drop(black_box(gate.judge(o)))));
        });
    }
    group.finish();
    let big = register(10_000);
    let mut group = c.benchmark_group("build");
    group.sample_size(10);
    group.bench_function("50k-names", |b| {
        b.iter(|| Gate::new(black_box(&big), &WarningLists::builtin()).unwrap());
    });
    group.finish();
}

criterion_group!(benches, judge);
criterion_main!(benches);
