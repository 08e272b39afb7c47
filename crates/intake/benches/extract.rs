//! How fast indicators are found in text: MB/s per kind of text, beside a plain scan that only
//! counts dots and colons, in the same run.
//!
//! `cargo bench -p noroshi-intake --bench extract`

use std::hint::black_box;
use std::time::Instant;

use noroshi_intake::text::{Outcome, extract};

/// Bytes of each text.
const LEN: usize = 4 * 1024 * 1024;

/// Runs of which the fastest counts.
const RUNS: usize = 5;

/// How often the plain scan is run for one measurement.
const PLAIN_TIMES: f64 = 20.0;

fn main() {
    println!(
        "{:10} {:>9} {:>12} {:>8} {:>10} {:>9}",
        "text", "MB/s", "plain MB/s", "ratio", "found", "dropped"
    );
    let mut all = Vec::new();
    for (name, lines) in STYLES {
        let text = generate(lines, LEN);
        report(name, &text);
        // The list of nothing but indicators is the worst case, not part of the mixture.
        if name != "iocs" {
            all.extend_from_slice(&text[..LEN / 4]);
        }
    }
    report("mixed", &all);
}

fn report(name: &str, text: &[u8]) {
    let (mut found, mut dropped) = (0_u64, 0_u64);
    extract(text, &mut |c| match c.outcome {
        Outcome::Found(_) => found += 1,
        Outcome::Dropped(..) => dropped += 1,
    });
    let ours = speed(text, |t| {
        let mut count = 0_u64;
        extract(t, &mut |_| count += 1);
        count
    });
    // Often enough for the processor clock, which ticks in milliseconds.
    let plain = PLAIN_TIMES
        * speed(text, |t| {
            let once = |_| black_box(t).iter().filter(|b| matches!(b, b'.' | b':')).count() as u64;
            (0..PLAIN_TIMES as u32).map(once).sum()
        });
    println!("{name:10} {ours:9.1} {plain:12.1} {:8.3} {found:10} {dropped:9}", ours / plain);
}

/// Megabytes (10^6 bytes) per second of the fastest run.
fn speed(text: &[u8], work: impl Fn(&[u8]) -> u64) -> f64 {
    let best = (0..RUNS)
        .map(|_| {
            let (started, busy) = (Instant::now(), on_processor());
            black_box(work(black_box(text)));
            match (busy, on_processor()) {
                (Some(before), Some(after)) => after - before,
                _ => started.elapsed().as_secs_f64(),
            }
        })
        .fold(f64::INFINITY, f64::min);
    text.len() as f64 / best / 1e6
}

/// Seconds this thread has been on a processor, where the system tells: on a shared machine the
/// clock on the wall measures the neighbours.
fn on_processor() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanos: f64 = stat.split_whitespace().next()?.parse().ok()?;
    Some(nanos / 1e9)
}

/// Repeats the lines with fresh numbers and names until the text is long enough. `#` is a number
/// below 256, `@@` a word, `%%` a long hexadecimal number.
fn generate(lines: &[&str], len: usize) -> Vec<u8> {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    let mut text = String::with_capacity(len + 1024);
    while text.len() < len {
        let line = lines[(next() % lines.len() as u64) as usize];
        let mut rest = line;
        while let Some(at) = rest.find(['#', '@', '%']) {
            text.push_str(&rest[..at]);
            let tail = &rest[at..];
            rest = if let Some(after) = tail.strip_prefix("@@") {
                text.push_str(WORDS[(next() % WORDS.len() as u64) as usize]);
                if next() % 4 == 0 {
                    text.push_str(&format!("{:x}", next() % 4096));
                }
                after
            } else if let Some(after) = tail.strip_prefix("%%") {
                text.push_str(&format!("{:016x}{:016x}", next(), next()));
                after
            } else if let Some(after) = tail.strip_prefix('#') {
                text.push_str(&(next() % 256).to_string());
                after
            } else {
                text.push_str(&tail[..1]);
                &tail[1..]
            };
        }
        text.push_str(rest);
        text.push('\n');
    }
    text.truncate((0..=len).rev().find(|n| text.is_char_boundary(*n)).unwrap_or(0));
    text.into_bytes()
}

const WORDS: [&str; 24] = [
    "update", "login", "cdn", "mail", "kaze", "sakura", "server", "portal", "report", "system",
    "alpha", "secure", "account", "tsubame", "api", "static", "gateway", "proxy", "yuki", "polar",
    "office", "shop", "data", "node",
];

const STYLES: [(&str, &[&str]); 5] = [
    (
        "logs",
        &[
            "203.0.113.# - - [14/Mar/2026:10:#:03 +0900] \"GET /@@/index.php?page=#&id=# HTTP/1.1\" 200 #12 \"https://www.@@.example.com/@@\" \"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36\"",
            "Mar 14 10:45:0# gw01 sshd[22#]: Failed password for invalid user @@ from 198.51.100.# port 52#4 ssh2",
            "2026-03-14T10:45:0#.123Z INFO [pool-1-thread-#] com.example.@@.Service - request @@ finished in # ms, status=200, bytes=#",
            "Mar 14 10:45:0# fw kernel: [12345.#] IN=eth0 OUT=eth1 MAC=00:11:22:33:44:55 SRC=192.168.#.# DST=10.0.#.# LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=# DF PROTO=TCP SPT=#77 DPT=443 WINDOW=29200",
            "{\"timestamp\":\"2026-03-14T10:45:07Z\",\"level\":\"info\",\"src\":\"192.0.2.#\",\"user.name\":\"@@\",\"action\":\"allow\",\"bytes\":#,\"host.name\":\"pc#\",\"message\":\"connection to @@.example.net accepted\"}",
            "dnsmasq[4#]: query[A] @@.@@.example.com from 192.0.2.#",
        ],
    ),
    (
        "english",
        &[
            "The operators behind this campaign continued to improve their tooling over the last months and moved to a new loader.",
            "During the investigation we found that the malware contacted @@-update.com over HTTPS, using a certificate that had been issued two days earlier.",
            "No evidence of lateral movement was seen on the remaining # machines, although the logs of some of them had been deleted before they could be collected.",
            "The dropper (SHA-256 %%%%) writes a file named report.zip into the temporary folder and then starts setup.py with a scheduled task.",
            "We recommend that administrators review the following indicators, and apply the update to version 1.2.#.# as soon as possible; see section 4.1.2 for details.",
            "As described above, the attacker had valid credentials for the remote access system, which did not ask for a second factor at that time.",
            "The command-and-control server hxxp://198.51.100[.]#/gate.php answered with an encrypted configuration of about # kilobytes.",
            "Victims were found in the manufacturing, energy and transport sectors, most of them in eastern Asia, some of them in Europe and North America.",
        ],
    ),
    (
        "japanese",
        &[
            "本件は、標的型メールに添付された文書ファイルを利用者が開封したことにより、端末がマルウェアに感染したものである。",
            "感染した端末は@@-update.comへ接続し、その後198.51.100.#から第二段階の実行ファイルをダウンロードしたことを確認した。",
            "調査の結果、当該通信は２０２６年３月１４日の午前から継続して行われており、合計で#台の端末に影響が及んだことが判明した。",
            "利用者に対しては、不審なメールを受信した場合には添付ファイルを開かず、速やかに情報システム部門へ連絡するよう周知した。",
            "検体のハッシュ値は%%である。なお、バージョン1.2.3.#では再現しない。",
            "外部への情報流出の有無については現在も調査を継続しており、新たな事実が判明し次第、速やかに報告する予定である。",
            "接続先（hxxps://www.@@[.]example[.]net/login）は遮断済みであり、現時点で新たな通信は確認されていない。",
            "ファイアウォールおよびプロキシの記録を確認したところ、同様の通信は他の拠点では確認されなかった。",
        ],
    ),
    (
        "mail",
        &[
            "Received: from mta#.@@.example.net (mta.@@.example.net [198.51.100.#]) by mx.example.org with ESMTPS id 4ABCD# for <user@example.org>; Mon, 14 Mar 2026 10:45:00 +0900",
            "From: \"Support\" <@@@@@.example.com>",
            "Message-ID: <20260314.#@mail.@@.example.com>",
            "> Thank you for your message. We have received your request and will come back to you within two working days.",
            "> Please confirm your account at https://www.@@.example.com/confirm?token=%% before the end of the week.",
            "お客様各位　平素より格別のご高配を賜り、厚く御礼申し上げます。下記のとおりお支払い方法の更新をお願いいたします。",
            "Content-Type: text/html; charset=\"utf-8\"",
            "Content-Transfer-Encoding: quoted-printable",
            "Best regards, the @@ team, Tokyo office, telephone 03-1234-#",
        ],
    ),
    (
        "iocs",
        &[
            "@@-@@[.]com",
            "198.51.100[.]#",
            "%%",
            "%%%%",
            "hxxps://@@[.]example[.]org/@@/@@.php?id=#",
            "| Domain | `@@.example.net` | C2 |",
            "CVE-2026-1#4#",
        ],
    ),
];
