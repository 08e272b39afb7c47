//! What the canary plants, and how it searches: every mark in every coding somebody might meet it in.

use data_encoding::{BASE64_NOPAD, HEXLOWER};

/// Something of a report or a member that no release may hold.
pub(crate) struct Mark {
    pub(crate) name: &'static str,
    pub(crate) text: String,
}

pub(crate) const NAME_JA: &str = "黒潮精機製作所";
pub(crate) const NAME_EN: &str = "Kuroshio Seiki Seisakusho";
pub(crate) const DOMAIN: &str = "kuroshio-seiki.co.jp";
pub(crate) const IDN: &str = "黒潮精機.jp";
pub(crate) const NETWORK: &str = "203.104.9.0/24";
pub(crate) const STAFF: &str = "Hoshikawa Mitsuru";
pub(crate) const STAFF_JA: &str = "星川満";
pub(crate) const PHRASE: &str = "furnace seven stopped at dawn";
pub(crate) const PHRASE_JA: &str = "第七溶解炉が夜明けに止まった";
pub(crate) const FILE: &str = "黒潮_障害報告_kure07.txt";
pub(crate) const AGENT: &str = "KureAgent/7.3.11";
pub(crate) const FORWARDED: &str = "203.104.9.88";
pub(crate) const OCCURRED: &str = "2026-11-19T04:17:23.456789Z";
pub(crate) const CREATED: &str = "2026-11-18T21:43:59.871Z";
pub(crate) const UUIDS: [&str; 4] = [
    "5f2d1c3a-9b1e-4c55-8d6f-0a7be12c9d41",
    "c0a84e11-7d2b-4f9a-b3d5-6e1f20a9c774",
    "e7b90d62-31fc-4a08-97ce-5d48b6a3f210",
    "19a6e5f4-8c7d-4b3e-a210-f9e8d7c6b5a4",
];

/// The fixed marks. Ids and times of a run are added by the test.
pub(crate) fn fixed() -> Vec<Mark> {
    let texts = [
        ("name ja", NAME_JA),
        ("short name ja", "黒潮精機"),
        ("name en", NAME_EN),
        ("short name en", "kuroshio"),
        ("domain", DOMAIN),
        ("idn", IDN),
        // 黒潮精機 in punycode.
        ("idn punycode", "xn--newv1ietn8g7a"),
        ("network", "203.104.9."),
        ("inner address", "10.77.13.5"),
        ("inner host", "fs01-kure"),
        ("staff", STAFF),
        ("staff family name", "hoshikawa"),
        ("staff ja", STAFF_JA),
        ("path", "kure_furnace"),
        ("phrase", PHRASE),
        ("phrase ja", PHRASE_JA),
        ("file name", "kure07"),
        ("user agent", AGENT),
        ("forwarded for", FORWARDED),
        ("ticket", "JIRA-KS-4471"),
        ("message id", "1a2b3c.kure@mx"),
        ("subject", "溶解炉の件"),
        ("custom property", "x_kure_"),
        ("idempotency key", "kure-idem-0042"),
        ("product", "KureMeltMaster"),
        ("tool", "KureIntelExporter"),
        ("signer", "a signer"),
        ("key label", "kure-siem-key"),
    ];
    let mut marks: Vec<Mark> =
        texts.iter().map(|(name, text)| Mark { name, text: (*text).to_owned() }).collect();
    for uuid in UUIDS {
        marks.push(Mark { name: "submitted id", text: uuid.to_owned() });
    }
    for (name, time) in [("occurred", OCCURRED), ("submitted created", CREATED)] {
        marks.extend(of_time(name, time.parse().unwrap()));
    }
    marks
}

/// An exact instant as people and machines write it.
pub(crate) fn of_time(name: &'static str, at: noroshi_stix::Timestamp) -> Vec<Mark> {
    let micros = at.as_micros();
    let text = at.to_string();
    let clock = text.split('T').nth(1).unwrap().trim_end_matches('Z').to_owned();
    let whole = clock.split('.').next().unwrap().to_owned();
    let mut out =
        vec![micros.to_string(), (micros / 1_000).to_string(), format!("{:x}", micros), clock];
    // A second that is no tick; a tick of ten seconds may be shown.
    if micros / 1_000_000 % 10 != 0 {
        out.push((micros / 1_000_000).to_string());
        out.push(whole);
    }
    out.into_iter().map(|text| Mark { name, text }).collect()
}

/// What to look for: with the letters' case folded, or exactly as it stands.
pub(crate) struct Needles {
    folded: Vec<(String, String)>,
    exact: Vec<(String, String)>,
    tokens: Vec<(String, String)>,
}

impl Needles {
    pub(crate) fn new(marks: &[Mark]) -> Self {
        let mut out = Self { folded: Vec::new(), exact: Vec::new(), tokens: Vec::new() };
        for mark in marks {
            let (text, bytes) = (mark.text.as_str(), mark.text.as_bytes());
            let percent: String = bytes.iter().map(|b| format!("%{b:02x}")).collect();
            let url = url_escaped(text);
            let units = || text.encode_utf16();
            let escaped: String = units().map(|u| format!("\\u{u:04x}")).collect();
            let entities: String = text.chars().map(|c| format!("&#{};", c as u32)).collect();
            let utf16: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
            let compact = text.replace('-', "");
            for (how, needle) in [
                ("plain", text.to_owned()),
                ("percent", percent),
                ("url", url),
                ("json escape", escaped),
                ("entities", entities),
                ("hex", HEXLOWER.encode(bytes)),
                ("utf-16 hex", HEXLOWER.encode(&utf16)),
                ("without hyphens", compact),
                ("underscores", text.replace([' ', '-'], "_")),
            ] {
                // Two or three letters turn up anywhere in random ids.
                if needle.len() >= 4 {
                    out.folded.push((format!("{} ({how})", mark.name), needle.to_lowercase()));
                }
            }
            // The middle of a base64 text depends on how many bytes stand before it.
            for skip in 0..3_usize {
                let padded = [vec![0; skip], bytes.to_vec()].concat();
                let code = BASE64_NOPAD.encode(&padded);
                let from = if skip == 0 { 0 } else { skip + 1 };
                let to = padded.len() / 3 * 4;
                let needle = code.get(from..to).unwrap_or_default();
                if needle.len() >= 8 {
                    for (how, n) in [
                        ("base64", needle.to_owned()),
                        ("base64url", needle.replace('+', "-").replace('/', "_")),
                    ] {
                        out.exact.push((format!("{} ({how})", mark.name), n));
                    }
                }
            }
        }
        out
    }

    /// A number that must not stand alone anywhere, such as a length in bytes.
    pub(crate) fn number(&mut self, name: &str, number: usize) {
        self.tokens.push((name.to_owned(), number.to_string()));
    }

    /// Names of the marks that `bytes` hold.
    pub(crate) fn found_in(&self, bytes: &[u8]) -> Vec<String> {
        let text = String::from_utf8_lossy(bytes);
        let folded = text.to_lowercase();
        let mut found: Vec<String> = Vec::new();
        found
            .extend(self.folded.iter().filter(|(_, n)| folded.contains(n)).map(|(m, _)| m.clone()));
        found.extend(self.exact.iter().filter(|(_, n)| text.contains(n)).map(|(m, _)| m.clone()));
        for (name, number) in &self.tokens {
            let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '.');
            let alone = text.match_indices(number.as_str()).any(|(at, _)| {
                !digit(text[..at].chars().next_back())
                    && !digit(text[at + number.len()..].chars().next())
            });
            if alone {
                found.push(name.clone());
            }
        }
        found
    }
}

fn url_escaped(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(b).to_string()
            }
            _ => format!("%{b:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_mark_in_every_coding() {
        let marks = [
            Mark { name: "m", text: NAME_JA.to_owned() },
            Mark { name: "p", text: PHRASE.to_owned() },
        ];
        let mut needles = Needles::new(&marks);
        needles.number("length", 4711);
        for text in [NAME_JA, PHRASE] {
            for before in ["", "a", "ab"] {
                let whole = format!("{before}{text}cd");
                let b64 = data_encoding::BASE64.encode(whole.as_bytes());
                assert!(!needles.found_in(b64.as_bytes()).is_empty(), "base64 {before}");
            }
            let hex = data_encoding::HEXUPPER.encode(text.as_bytes());
            assert!(!needles.found_in(hex.as_bytes()).is_empty());
            assert!(!needles.found_in(url_escaped(text).to_lowercase().as_bytes()).is_empty());
            assert!(!needles.found_in(text.to_uppercase().as_bytes()).is_empty());
        }
        assert_eq!(needles.found_in(b"length=4711, 14711 a4711b"), ["length"]);
        assert!(needles.found_in(b"x 47112 and 0.4711").is_empty());
    }
}
