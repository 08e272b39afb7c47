//! Equal facts are equal bytes: nothing of how a report was written, ordered or encoded shows in
//! what is released (the adversary that clusters releases by format quirks finds nothing).

use noroshi_anonymity::{ContextFacts, Emission, Group, MemberId, Report, Vocabulary};
use noroshi_seal::SeededEntropy;
use noroshi_stix::{Kind, StixId, Timestamp, Tlp};
use proptest::prelude::*;

use crate::support::{GATE, observable};

/// The same facts as four tools write them.
const FACTS: [[(Kind, &str); 10]; 4] = [
    [
        (Kind::Ipv4, "93.184.216.34"),
        (Kind::Ipv4, "93.184.216.0/24"),
        (Kind::Ipv6, "2a01:4f8::7"),
        (Kind::Domain, "kurotsuchi.net"),
        (Kind::Host, "xn--wgv71a119e.kurotsuchi.net"),
        (Kind::Url, "http://kurotsuchi.net/b/1f3a90bc7d"),
        (Kind::Email, "sender@kurotsuchi.net"),
        (Kind::Md5, "9e107d9d372bb6826bd81d3542a419d6"),
        (Kind::RegistryKey, "HKEY_CURRENT_USER\\Software\\kuro"),
        (Kind::Cve, "CVE-2011-0611"),
    ],
    [
        (Kind::Ipv4, "93.184.216.34/32"),
        (Kind::Ipv4, "93.184.216.77/24"),
        (Kind::Ipv6, "2A01:04F8:0:0:0:0:0:7"),
        (Kind::Host, "KUROTSUCHI.NET."),
        (Kind::Host, "日本語.kurotsuchi.net"),
        (Kind::Url, "HTTP://user:secret@KUROTSUCHI.net:80/b/77aa00cd1e#top"),
        (Kind::Email, "Sender@KUROTSUCHI.net"),
        (Kind::Md5, "9E107D9D372BB6826BD81D3542A419D6"),
        (Kind::RegistryKey, "hkcu\\Software\\kuro"),
        (Kind::Cve, "cve-2011-0611"),
    ],
    [
        (Kind::Ipv4, " 93.184.216.34 "),
        (Kind::Ipv4, "93.184.216.255/24"),
        (Kind::Ipv6, "2a01:4f8:0::7/128"),
        (Kind::Domain, "ｋｕｒｏｔｓｕｃｈｉ．ｎｅｔ"),
        (Kind::Host, "日本語。kurotsuchi。net"),
        (Kind::Url, "http://kurotsuchi.net/./b/c/../0011aabbcc2d?x=1"),
        (Kind::Email, "SENDER@kurotsuchi.net."),
        (Kind::Md5, " 9e107d9d372bb6826BD81D3542a419d6"),
        (Kind::RegistryKey, "HKU\\S-1-5-21-1-2-3-1001\\Software\\kuro"),
        (Kind::Cve, " CVE-2011-0611"),
    ],
    [
        (Kind::Ipv6, "::ffff:93.184.216.34"),
        (Kind::Ipv4, "93.184.216.0/24"),
        (Kind::Ipv6, "2a01:4f8::0.0.0.7"),
        (Kind::Domain, "Kurotsuchi.Net"),
        (Kind::Host, "XN--WGV71A119E.kurotsuchi.net"),
        (Kind::Url, "http://kurotsuchi.net/b/1f3a90bc7d/../1f3a90bc7d"),
        (Kind::Email, "sender@Kurotsuchi.NET"),
        (Kind::Md5, "9e107d9d372bb6826bd81d3542A419D6"),
        (Kind::RegistryKey, "HKCU:\\Software\\kuro"),
        (Kind::Cve, "CVE-2011-0611"),
    ],
];

fn bytes(member: &str, facts: &[(Kind, &str)], terms: &[&str]) -> Vec<Vec<u8>> {
    let vocabulary = Vocabulary::builtin().unwrap();
    let mut context = ContextFacts::new();
    for term in terms {
        assert!(context.add(&vocabulary, Group::CourseOfAction, term));
    }
    let observables = facts.iter().map(|(kind, value)| observable(*kind, value));
    let gated = Report::new(MemberId::new(member), observables, context).gate(&GATE);
    assert!(gated.quarantined().is_empty() && gated.dropped().is_empty());
    let entropy = SeededEntropy::new(42);
    let creator: StixId = "identity--7f0c5f0e-5d0b-4a58-9b0e-6e6f1b6d7a01".parse().unwrap();
    let tick = Timestamp::from_micros(1_795_402_800_000_000);
    let emit = |signal: &noroshi_anonymity::Signal| {
        signal.emit(&Emission {
            id: signal.fresh_id(&entropy),
            creator: &creator,
            created: tick,
            tick,
            valid_until: None,
            tlp: Tlp::Green,
            revoked: false,
        })
    };
    gated.signals().iter().map(|s| emit(s).into_json()).collect()
}

#[test]
fn four_tools_one_release() {
    let first = bytes("ihi", &FACTS[0], &["patch", "block-indicators"]);
    assert_eq!(first.len(), FACTS[0].len());
    for (member, facts) in ["nec", "hitachi", "toshiba", "ihi"].iter().zip(&FACTS) {
        assert_eq!(bytes(member, facts, &["block-indicators", "patch"]), first);
    }
}

proptest! {
    /// Any mix of the four spellings, in any order, with repetitions.
    #[test]
    fn any_order_and_spelling_is_one_release(
        order in Just((0..10_usize).collect::<Vec<_>>()).prop_shuffle(),
        tools in prop::collection::vec(0..4_usize, 10),
        again in prop::collection::vec((0..4_usize, 0..10_usize), 0..5),
    ) {
        let mut facts: Vec<(Kind, &str)> =
            order.iter().zip(&tools).map(|(i, tool)| FACTS[*tool][*i]).collect();
        facts.extend(again.iter().map(|(tool, i)| FACTS[*tool][*i]));
        prop_assert_eq!(bytes("nec", &facts, &[]), bytes("ihi", &FACTS[0], &[]));
    }
}
