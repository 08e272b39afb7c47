//! Each way to write a name, for each name of a register: found in running text, in file names,
//! hosts and URLs. And ordinary texts, in which nothing is found.

use std::path::PathBuf;

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use encoding_rs::{EUC_JP, ISO_2022_JP, SHIFT_JIS, WINDOWS_1252};
use noroshi_anonymity::{NameSearch, Register};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use crate::support::{REGISTER, entry, file};

fn search(names: &[&str]) -> NameSearch {
    let entries: Vec<String> =
        names.iter().enumerate().map(|(i, name)| entry(&format!("m{i}"), name)).collect();
    NameSearch::new(&Register::from_toml(&file(&entries)).unwrap()).unwrap()
}

fn finds(name: &str, text: &str) -> bool {
    search(&[name]).members_in(text).len() == 1
}

#[test]
fn each_name_in_each_spelling() {
    for (name, spellings) in [
        (
            "三菱重工業株式会社",
            &[
                "三菱重工業",
                "三 菱 重 工 業",
                "三菱・重工業",
                "三菱\u{200b}重工業",
                "三菱-重工業",
                "三菱重エ業",
            ][..],
        ),
        (
            "ミツビシ",
            &[
                "みつびし",
                "ﾐﾂﾋﾞｼ",
                "ミツヒ\u{3099}シ",
                "mitsubishi",
                "Mitubisi",
                "MITSUBISHI",
                "ｍｉｔｓｕｂｉｓｈｉ",
            ],
        ),
        (
            "とうきょうガス",
            &[
                "tokyogasu",
                "toukyougasu",
                "tohkyohgasu",
                "tookyoogasu",
                "Tōkyō gasu",
                "Tôkyô-gasu",
                "トーキョーガス",
                "東京 とうきょうがす",
            ],
        ),
        (
            "Kōnan Denki",
            &["konan denki", "kounan denki", "kohnan denki", "koonan-denki", "KŌNAN DENKI"],
        ),
        ("Konan Denki", &["Kōnan Denki", "こなんでんき", "kounan denki"]),
        ("しんぽう", &["shinpo", "shimpo", "shinpou", "simpo", "sinpo"]),
        ("チョウフ", &["chofu", "tyofu", "chohu"]),
        (
            "Hitachi",
            &[
                "ヒタチ",
                "日本ﾋﾀﾁ",
                "hitati",
                "H.I.T.A.C.H.I",
                "hi\u{ad}tachi",
                "hıtachı",
                "нітасні",
                "ΗΙΤΑСΗΙ",
                "ⓗⓘⓣⓐⓒⓗⓘ",
                "𝗛𝗶𝘁𝗮𝗰𝗵𝗶",
                "ꓧꓲꓔꓮꓚꓧꓲ",
                "h1tach1",
            ],
        ),
        (
            "Mitsubishi",
            &["rnitsubishi", "mitѕubishi", "mitsubishі", "мitsubishi", "m i t s u b i s h i"],
        ),
        (
            "IHI",
            &["ihi", "IHI-vpn", "ihivpn", "lHl", "https://ihi.evil.net/", "/srv/ihi/x", "Ｉ Ｈ Ｉ"],
        ),
    ] {
        for spelling in spellings {
            for text in [
                format!("we saw {spelling} in a log"),
                format!("報告:{spelling}、確認"),
                format!("C:\\users\\{spelling}\\x.txt"),
                format!("https://a.net/{spelling}/?q=1"),
            ] {
                assert!(finds(name, &text), "{name} in {text}");
            }
        }
    }
}

#[test]
fn short_names_are_words() {
    for (name, text) in [
        ("IHI", "nihilism and delhihills"),
        ("NEC", "connect, unnecessary"),
        ("KHI", "sikhism"),
        ("JR", "bjrx"),
        ("東", "東京の件"),
    ] {
        let register = Register::from_toml(&file(&[entry("a", name)]));
        let Ok(register) = register else { continue };
        assert!(
            NameSearch::new(&register).unwrap().members_in(text).is_empty(),
            "{name} in {text}"
        );
    }
}

#[test]
fn text_read_in_the_wrong_character_set() {
    let search = search(&["三菱重工業株式会社", "東芝テック"]);
    let mut readable = 0;
    for name in ["三菱重工業", "東芝テック"] {
        let sets = [
            ("utf-8", name.as_bytes().to_vec()),
            ("sjis", SHIFT_JIS.encode(name).0.to_vec()),
            ("euc", EUC_JP.encode(name).0.to_vec()),
        ];
        for (set, bytes) in sets {
            for wrong in [WINDOWS_1252, SHIFT_JIS] {
                if set == "sjis" && wrong == SHIFT_JIS {
                    continue;
                }
                // What the wrong set has no character for is lost for everybody.
                let Some(text) = wrong.decode_without_bom_handling_and_without_replacement(&bytes)
                else {
                    continue;
                };
                readable += 1;
                let text = format!("subject: {text} !");
                assert_eq!(search.members_in(&text).len(), 1, "{set} as {}: {text}", wrong.name());
            }
        }
    }
    assert!(readable >= 6, "only {readable} were readable");
}

fn encodings(name: &str) -> Vec<(&'static str, String)> {
    let utf16: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let percent = |bytes: &[u8]| bytes.iter().map(|b| format!("%{b:02X}")).collect::<String>();
    let mut all = vec![
        ("hex", HEXLOWER.encode(name.as_bytes())),
        ("HEX", HEXUPPER.encode(name.as_bytes())),
        ("percent", percent(name.as_bytes())),
        ("percent twice", percent(percent(name.as_bytes()).as_bytes())),
        ("base64 utf-16", BASE64.encode(&utf16)),
        ("base64 twice", BASE64.encode(BASE64.encode(format!("::{name}::").as_bytes()).as_bytes())),
    ];
    for before in ["", "a", "ab", "abc"] {
        let bytes = format!("{before}:{name};x");
        all.push(("base64", BASE64.encode(bytes.as_bytes())));
        all.push(("base64 url", BASE64URL_NOPAD.encode(bytes.as_bytes())));
    }
    if !name.is_ascii() {
        for set in [SHIFT_JIS, EUC_JP] {
            all.push(("percent in a Japanese set", percent(&set.encode(name).0)));
            all.push(("base64 in a Japanese set", BASE64.encode(&set.encode(name).0)));
        }
        all.push(("base64 in ISO-2022-JP", BASE64.encode(&ISO_2022_JP.encode(name).0)));
        let full: String = name.nfkc().collect();
        all.push(("nfkc", full));
    }
    all
}

#[test]
fn each_name_in_each_encoding() {
    let search = NameSearch::new(&REGISTER).unwrap();
    for member in REGISTER.members() {
        for name in member.names.iter().chain(&member.brands) {
            for (what, written) in encodings(name) {
                // A run of small letters and digits is not read as base64: words look like that.
                if what.starts_with("base64") && !written.bytes().any(|b| b.is_ascii_uppercase()) {
                    continue;
                }
                let text = format!("GET /x?d={written} HTTP/1.1");
                let found = search.members_in(&text);
                assert!(found.contains(&&member.id), "{name} as {what}: {text}");
            }
        }
    }
}

proptest! {
    #[test]
    fn a_name_is_found_in_any_company(
        at in any::<proptest::sample::Index>(),
        before in "[ -~]{0,20}[ /.:]|[ぁ-ん]{0,6}[ 、]|",
        after in "[ /.:][ -~]{0,20}|[ 、][ァ-ヶ]{0,6}|",
        shift in any::<bool>(),
    ) {
        static SEARCH: std::sync::LazyLock<NameSearch> =
            std::sync::LazyLock::new(|| NameSearch::new(&REGISTER).unwrap());
        let names: Vec<_> = REGISTER.members().iter().flat_map(|m| m.names.iter().chain(&m.brands).map(move |n| (n, &m.id))).collect();
        let (name, id) = names[at.index(names.len())];
        let name = if shift { name.to_uppercase() } else { name.to_lowercase() };
        let text = format!("{before}{name}{after}");
        prop_assert!(SEARCH.members_in(&text).contains(&id), "{}", text);
    }
}

/// Ordinary sentences of incident texts: nothing in them means a member of the demo register.
const ORDINARY: [&str; 12] = [
    "添付ファイルを開封した経理部の職員の端末がマルウェアに感染した。",
    "現時点で個人情報の漏えいは確認されていない。引き続き調査する。",
    "VPN装置の脆弱性が悪用され、管理者アカウントで不正にログインされた可能性がある。",
    "ファイルサーバー上のデータが暗号化され、業務に支障が出ている。",
    "通信先を遮断し、感染端末をネットワークから切り離した。",
    "攻撃者はリモートデスクトップで横展開し、イベントログを消去した。",
    "The loader connects to its server every five minutes and fetches a second stage.",
    "Credentials were dumped from LSASS and reused against the domain controller.",
    "We recommend to block macros and to rotate all service account passwords.",
    "powershell -nop -w hidden -c IEX (New-Object Net.WebClient).DownloadString",
    "HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\Updater",
    "connection reset by peer, 128 bytes sent, nihilism, technical, khaki, connector",
];

#[test]
fn ordinary_texts_name_nobody() {
    let search = NameSearch::new(&REGISTER).unwrap();
    for text in ORDINARY {
        let found = search.members_in(text);
        assert!(
            found.is_empty(),
            "{text}: {:?}",
            found.iter().map(|m| m.expose()).collect::<Vec<_>>()
        );
    }
}

/// Published reports about attacks on nobody in the demo register, where they are at hand.
#[test]
fn published_reports_name_almost_nobody() {
    let folder = std::env::var_os("NOROSHI_SAMPLES").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples"),
        PathBuf::from,
    );
    let Ok(vendors) = std::fs::read_dir(&folder) else {
        eprintln!("SKIPPED: no published reports in NOROSHI_SAMPLES");
        return;
    };
    let search = NameSearch::new(&REGISTER).unwrap();
    let (mut lines, mut hits) = (0, Vec::new());
    for vendor in vendors.flatten().filter(|v| v.path().is_dir()) {
        for file in std::fs::read_dir(vendor.path()).unwrap().flatten() {
            let text = String::from_utf8_lossy(&std::fs::read(file.path()).unwrap()).into_owned();
            for line in text.lines() {
                lines += 1;
                if !search.members_in(line).is_empty() {
                    hits.push(line.chars().take(160).collect::<String>());
                }
            }
        }
    }
    println!("{} of {lines} lines name a member: {hits:#?}", hits.len());
    assert!(hits.len() * 500 <= lines, "{} of {lines}: {hits:#?}", hits.len());
}

#[test]
fn every_place_of_a_name_is_told() {
    let search = search(&["Chidori Heavy Works Ltd", "Minami Power"]);
    let text = "chidori-heavy-works\u{3000}から。CHIDORI HEAVY WORKS, then Minami-Power ok";
    let places: Vec<&str> = search.places_in(text).into_iter().map(|(p, _)| &text[p]).collect();
    assert_eq!(places, ["chidori-heavy-works", "CHIDORI HEAVY WORKS", "Minami-Power"]);
    let encoded = "see bWluYW1pIHBvd2VyIGlz here";
    let places: Vec<&str> =
        search.places_in(encoded).into_iter().map(|(p, _)| &encoded[p]).collect();
    assert_eq!(places, ["bWluYW1pIHBvd2VyIGlz"]);
    assert!(search.places_in("nobody here").is_empty());
}
