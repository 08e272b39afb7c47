//! Whatever a member plants, wherever and however it is written: it is in no released byte.

use std::sync::LazyLock;

use noroshi_anonymity::{ContextFacts, Emission, MemberId, Report, Vocabulary};
use noroshi_seal::SeededEntropy;
use noroshi_stix::{Kind, Observable, StixId, Timestamp, Tlp};
use proptest::prelude::*;

use crate::support::{GATE, REGISTER};

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::builtin().unwrap());

/// A mark that points to a member, in plain letters.
fn mark() -> impl Strategy<Value = String> {
    let marks: Vec<String> = REGISTER
        .members()
        .iter()
        .flat_map(|m| {
            let domains = m.domains.iter().map(|d| d.as_str().to_owned());
            let hosts = m.domains.iter().map(|d| format!("srv07.{}", d.as_str()));
            let inside = m.networks.iter().map(|n| n.network().to_string());
            m.names.iter().chain(&m.brands).cloned().chain(domains).chain(hosts).chain(inside)
        })
        .collect();
    prop::sample::select(marks)
}

/// Ways to write the same letters.
#[derive(Clone, Copy, Debug)]
enum Writing {
    Plain,
    Capitals,
    Mixed,
    FullWidth,
    Percent,
    Invisible,
    LookAlike,
    Punycode,
    Separated,
}

const WRITINGS: [Writing; 9] = [
    Writing::Plain,
    Writing::Capitals,
    Writing::Mixed,
    Writing::FullWidth,
    Writing::Percent,
    Writing::Invisible,
    Writing::LookAlike,
    Writing::Punycode,
    Writing::Separated,
];

fn write(mark: &str, writing: Writing) -> String {
    let wide = |c: char| match c {
        '!'..='~' => char::from_u32(c as u32 + 0xfee0).unwrap_or(c),
        _ => c,
    };
    match writing {
        Writing::Plain => mark.to_owned(),
        Writing::Capitals => mark.to_uppercase(),
        Writing::Mixed => mark
            .chars()
            .enumerate()
            .flat_map(
                |(i, c)| if i % 2 == 0 { c.to_uppercase().collect::<Vec<_>>() } else { vec![c] },
            )
            .collect(),
        Writing::FullWidth => mark.chars().map(wide).collect(),
        Writing::Percent => mark.bytes().map(|b| format!("%{b:02x}")).collect(),
        Writing::Invisible => mark.chars().flat_map(|c| [c, '\u{200b}']).collect(),
        Writing::LookAlike => mark
            .chars()
            .map(|c| match c {
                'a' => 'а',
                'e' => 'е',
                'o' => '0',
                'l' => '1',
                'i' => 'í',
                'p' => 'р',
                _ => c,
            })
            .collect(),
        Writing::Punycode => mark
            .split('.')
            .map(|l| idna::domain_to_ascii(l).unwrap_or_else(|_| l.to_owned()))
            .collect::<Vec<_>>()
            .join("."),
        Writing::Separated => mark.replace([' ', '.'], "_"),
    }
}

/// Places an indicator has for a mark; `{}` is where it goes.
const PLACES: [(Kind, &str); 20] = [
    (Kind::Domain, "{}"),
    (Kind::Domain, "{}.kurotsuchi.net"),
    (Kind::Domain, "{}-vpn.net"),
    (Kind::Domain, "login-{}.com"),
    (Kind::Host, "www.{}.kurotsuchi.net"),
    (Kind::Url, "http://{}/index.html"),
    (Kind::Url, "http://{}.kurotsuchi.net/"),
    (Kind::Url, "http://kurotsuchi.net/{}/gate.php"),
    (Kind::Url, "http://kurotsuchi.net/in/{}.zip"),
    (Kind::Url, "http://kurotsuchi.net/a?x={}&y=1"),
    (Kind::Url, "http://kurotsuchi.net/a?{}=1"),
    (Kind::Url, "http://kurotsuchi.net/a?mail=taro@{}"),
    (Kind::Email, "{}@kurotsuchi.net"),
    (Kind::Email, "taro@{}"),
    (Kind::FileName, "{}.pdf"),
    (Kind::FileName, "見積({}版).xlsx"),
    (Kind::Mutex, "Global\\{}"),
    (Kind::RegistryKey, "HKCU\\Software\\{}\\Run"),
    (Kind::Ipv4, "{}"),
    (Kind::Ipv6, "{}"),
];

fn released(observable: Observable) -> Option<String> {
    let gated = Report::new(MemberId::new("nec"), [observable], ContextFacts::new()).gate(&GATE);
    let signal = gated.signals().pop()?;
    let creator: StixId = "identity--7f0c5f0e-5d0b-4a58-9b0e-6e6f1b6d7a01".parse().unwrap();
    let tick = Timestamp::from_micros(1_795_402_800_000_000);
    let release = signal.emit(&Emission {
        id: signal.fresh_id(&SeededEntropy::new(1)),
        creator: &creator,
        created: tick,
        tick,
        valid_until: None,
        tlp: Tlp::Green,
        revoked: false,
    });
    Some(String::from_utf8_lossy(release.json()).into_owned())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    /// Such an indicator does not leave; where only the tail of a URL holds the mark, the desk
    /// sees the rest first.
    #[test]
    fn no_planted_mark_is_released(
        mark in mark(),
        writing in prop::sample::select(&WRITINGS[..]),
        (kind, place) in prop::sample::select(&PLACES[..]),
    ) {
        // Punycode is of whole labels.
        let glued = ["{}-vpn.net", "login-{}.com"].contains(&place);
        if glued && matches!(writing, Writing::Punycode) {
            return Ok(());
        }
        // A number with a foreign letter in it is no address.
        if matches!(writing, Writing::LookAlike) && mark.parse::<std::net::IpAddr>().is_ok() {
            return Ok(());
        }
        let value = place.replace("{}", &write(&mark, writing));
        let Ok(observable) = Observable::parse(kind, &value) else { return Ok(()) };
        let json = released(observable);
        prop_assert_eq!(json, None, "{} {:?} {}", value, writing, mark);
    }

    /// Nothing the gate is asked about makes it fail, and what passes passes again unchanged.
    #[test]
    fn what_passes_passes_again(
        kind in prop::sample::select(&Kind::ALL[..]),
        value in "\\PC{0,60}|[a-z0-9./:%?=@\\\\-]{0,60}|http://[a-z]{1,12}\\.net/[A-Za-z0-9/%?=&]{0,50}",
    ) {
        let Ok(observable) = Observable::parse(kind, &value) else { return Ok(()) };
        if let noroshi_anonymity::Verdict::Pass(once) = GATE.judge(&observable) {
            prop_assert_eq!(GATE.judge(&once), noroshi_anonymity::Verdict::Pass(once.clone()));
            prop_assert_eq!(
                GATE.judge_reviewed(&observable),
                noroshi_anonymity::Verdict::Pass(once)
            );
        }
    }

    /// Free text is no vocabulary.
    #[test]
    fn no_free_text_is_a_term(text in "\\PC{1,40}") {
        let vocabulary = &*VOCABULARY;
        for group in noroshi_anonymity::Group::ALL {
            if let Some(term) = vocabulary.term(group, &text) {
                prop_assert!(vocabulary.terms(group).any(|t| *t == term));
            }
        }
        prop_assert!(vocabulary.technique(&text).is_none_or(|t| text.to_uppercase().contains(&t.id()[..5])));
    }
}

#[test]
fn places_without_a_mark_do_leave() {
    // Guards the property above against a gate that keeps everything back.
    for (kind, place) in PLACES {
        let plain = match kind {
            Kind::Ipv4 => "93.184.216.34".to_owned(),
            Kind::Ipv6 => "2a01:4f8::7".to_owned(),
            _ if place == "{}" || place.ends_with("@{}") || place.starts_with("http://{}/") => {
                place.replace("{}", "kurotsuchi.net")
            }
            _ => place.replace("{}", "akagawa"),
        };
        let leaves = released(Observable::parse(kind, &plain).unwrap()).is_some();
        assert!(leaves, "{plain}");
    }
}
