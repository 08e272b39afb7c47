//! How fast a log is searched, beside what the machine can do at best (counting lines with memchr)
//! and what people do today (`grep -F -f`), on the same bytes in the same run.
//!
//! `cargo bench -p noroshi-scan --bench scan -- [MEGABYTES] [--no-grep]`. Ratios are what to compare between
//! machines; grep matches substrings, so its count of lines is another.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run must fail")]

use std::fmt::Write as _;
use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use noroshi_scan::{LineScanner, Matcher};
use noroshi_stix::{Kind, Observable};

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let megabytes = args.iter().find_map(|a| a.parse::<usize>().ok()).unwrap_or(64);
    let grep = !args.iter().any(|a| a == "--no-grep");
    let folder = tempfile::tempdir().unwrap();
    let log_file = folder.path().join("log");
    let mut random = Random(0x5eed);
    let log = log(&mut random, megabytes << 20);
    fs::write(&log_file, &log).unwrap();

    let lines = best(5, || memchr::memchr_iter(b'\n', &log).count());
    println!(
        "{} MB of log, {} lines; memchr line count {}",
        megabytes,
        lines.1,
        rate(&log, lines.0)
    );
    println!(
        "indicators  build    bytes/indicator  scan         lines+scan   of memchr  grep -F -f   times grep  hits"
    );
    for n in [1_000, 100_000, 1_000_000] {
        let indicators = indicators(n);
        let patterns: String = indicators.iter().fold(String::new(), |mut all, (o, _)| {
            let value = o.value();
            let _ = writeln!(all, "{}", value.split_once("://").map_or(&*value, |(_, rest)| rest));
            all
        });
        let pattern_file = folder.path().join("patterns");
        fs::write(&pattern_file, patterns).unwrap();
        let start = Instant::now();
        let matcher = Matcher::new(indicators);
        let build = start.elapsed();
        let scan = best(3, || {
            let mut hits = 0u64;
            matcher.scan(&log, &mut |_| hits += 1);
            hits
        });
        let stream = best(3, || {
            let (mut scanner, mut hits) = (LineScanner::new(&matcher), 0u64);
            for chunk in log.chunks(256 * 1024) {
                scanner.push(chunk, &mut |_| hits += 1);
            }
            scanner.finish(&mut |_| hits += 1);
            hits
        });
        let grep = grep.then(|| {
            let start = Instant::now();
            let status = Command::new("grep")
                .env("LC_ALL", "C")
                .args(["-c", "-F", "-f"])
                .args([&pattern_file, &log_file])
                .output();
            (start.elapsed(), status.map(|o| o.status.success()).unwrap_or(false))
        });
        let (grep_rate, times) = match grep {
            Some((took, true)) => {
                (rate(&log, took), format!("{:.1}", took.as_secs_f64() / scan.0.as_secs_f64()))
            }
            Some((_, false)) => ("failed".to_owned(), "-".to_owned()),
            None => ("-".to_owned(), "-".to_owned()),
        };
        println!(
            "{n:>10}  {:>6.2} s  {:>14.1}  {:>11}  {:>11}  {:>8.3}  {:>11}  {:>10}  {}",
            build.as_secs_f64(),
            matcher.memory() as f64 / n as f64,
            rate(&log, scan.0),
            rate(&log, stream.0),
            lines.0.as_secs_f64() / scan.0.as_secs_f64(),
            grep_rate,
            times,
            scan.1,
        );
    }
}

/// The shortest of several runs, and what the last gave.
fn best<T>(runs: u32, mut f: impl FnMut() -> T) -> (Duration, T) {
    let mut run = || {
        let start = Instant::now();
        let out = f();
        (start.elapsed(), out)
    };
    let mut best = run();
    for _ in 1..runs {
        let next = run();
        best = (best.0.min(next.0), next.1);
    }
    best
}

fn rate(log: &[u8], took: Duration) -> String {
    format!("{:.0} MB/s", log.len() as f64 / took.as_secs_f64() / 1e6)
}

/// xorshift64*: the same data on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 11) % n
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len() as u64) as usize]
    }

    fn word(&mut self, len: u64) -> String {
        (0..len).map(|_| char::from(b'a' + self.below(26) as u8)).collect()
    }

    fn hex(&mut self, len: u64) -> String {
        (0..len).map(|_| char::from(b"0123456789abcdef"[self.below(16) as usize])).collect()
    }

    fn ip(&mut self) -> String {
        let n = self.next();
        format!("{}.{}.{}.{}", 1 + n % 223, (n >> 8) & 255, (n >> 16) & 255, (n >> 24) & 255)
    }

    fn host(&mut self) -> String {
        let len = 5 + self.below(9);
        let tld = self.pick(&["com", "net", "org", "co.jp", "jp", "io", "info", "ru", "cn", "xyz"]);
        format!("{}.{tld}", self.word(len))
    }
}

/// Indicators as feeds have them: names, addresses, hashes, URLs.
fn indicators(n: usize) -> Vec<(Observable, u32)> {
    let mut random = Random(0xface);
    let mut all = Vec::with_capacity(n);
    while all.len() < n {
        let (kind, text) = match random.below(20) {
            0..=8 => (Kind::Domain, random.host()),
            9..=13 => (Kind::Ipv4, random.ip()),
            14..=16 => (Kind::Sha256, random.hex(64)),
            17 => (Kind::Md5, random.hex(32)),
            _ => (Kind::Url, format!("http://{}/{}.php", random.host(), random.word(8))),
        };
        if let Ok(o) = Observable::parse(kind, &text) {
            all.push((o, all.len() as u32));
        }
    }
    all
}

/// Proxy, name server, login and endpoint logs; one line in a thousand names an indicator.
fn log(random: &mut Random, size: usize) -> Vec<u8> {
    let planted = indicators(1000);
    let mut log = String::with_capacity(size + 1024);
    let mut number = 0u64;
    while log.len() < size {
        number += 1;
        let (h, m, s) = (number / 3600 % 24, number / 60 % 60, number % 60);
        let _ = write!(log, "2026-11-23T{h:02}:{m:02}:{s:02}.{:03}Z ", random.below(1000));
        let (ip, host) = (random.ip(), random.host());
        let _ = match random.below(4) {
            0 => writeln!(
                log,
                "10.{}.{}.{} - - \"GET https://www.{host}/static/{}/{}.js?v={} HTTP/1.1\" 200 {} \"https://{host}/index.html\" \"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36\"",
                random.below(256),
                random.below(256),
                random.below(256),
                random.word(6),
                random.word(9),
                random.below(100_000),
                random.below(100_000),
            ),
            1 => writeln!(
                log,
                "ns1 named[812]: client @0x7f8a {ip}#{} (cdn.{host}): query: cdn.{host} IN A +E(0)K (192.0.2.53)",
                1024 + random.below(60_000)
            ),
            2 => writeln!(
                log,
                "gw sshd[{}]: Failed password for invalid user {} from {ip} port {} ssh2",
                random.below(30_000),
                random.word(6),
                1024 + random.below(60_000)
            ),
            _ => writeln!(
                log,
                "{{\"event\":\"process\",\"image\":\"C:\\\\Program Files\\\\{}\\\\{}.exe\",\"sha256\":\"{}\",\"user\":\"CORP\\\\{}\",\"pid\":{}}}",
                random.word(7),
                random.word(6),
                random.hex(64),
                random.word(6),
                random.below(30_000),
            ),
        };
        if number.is_multiple_of(1000) {
            let (indicator, _) = &planted[random.below(1000) as usize];
            let _ = writeln!(log, "alert seen {} in traffic", indicator.value());
        }
    }
    log.into_bytes()
}
