//! Every reason explains itself.

use std::collections::BTreeSet;

use noroshi_anonymity::{Language, Severity};
use noroshi_stix::Kind;

use crate::support::{REGISTER, reasons};

#[test]
fn in_both_languages_without_naming_anybody() {
    let cases = [
        (Kind::Ipv4, "10.0.0.1"),
        (Kind::Ipv4, "93.0.0.0/8"),
        (Kind::Ipv4, "192.0.2.1"),
        (Kind::Ipv4, "8.8.8.8"),
        (Kind::Domain, "mhi.co.jp"),
        (Kind::Domain, "mhi-vpn.com"),
        (Kind::Domain, "co.jp"),
        (Kind::Domain, "github.io"),
        (Kind::Host, "a.local"),
        (Kind::Host, "6d69747375626973686900.kurotsuchi.net"),
        (Kind::FileName, "10.0.0.1.log"),
        (Kind::FileName, "a@kurotsuchi.net.eml"),
        (Kind::Url, "http://kurotsuchi.net/mhi/"),
        (Kind::Url, "http://docs.google.com/9f86d081884c7d659a2f"),
        (Kind::FileName, "黒金御中.pdf"),
        (Kind::Email, "1f3a90bc7d@kurotsuchi.net"),
        (Kind::FileName, "CN=kurogane.cer"),
        (Kind::FileName, "TYO:7011.pdf"),
        (Kind::FileName, "KURE-DC01.evtx"),
        (Kind::FileName, "RECOVER-x7f3k2a-FILES.txt"),
        (Kind::Host, "kurogane.okta.com"),
        (Kind::Host, "kurogane.blob.core.windows.net"),
        (Kind::Mutex, "00:1a:2b:3c:4d:5e"),
        (Kind::Mutex, "D:\\work\\kurogane\\x.exe"),
        (Kind::Mutex, "C:\\Users\\yamada\\x"),
        (Kind::Yara, "rule a { condition: true }"),
    ];
    let mut seen = BTreeSet::new();
    for (kind, value) in cases {
        for reason in reasons(kind, value) {
            seen.insert(reason.code());
            let (ja, en) = (reason.explain(Language::Ja), reason.explain(Language::En));
            assert!(ja.ends_with('。') && !ja.contains('{'), "{ja}");
            assert!(en.is_ascii() && en.ends_with('.') && !en.contains('{'), "{en}");
            for member in REGISTER.members() {
                let said = format!("{ja} {en} {reason:?}");
                for name in member.names.iter().chain([&member.id.expose().to_owned()]) {
                    assert!(!said.contains(name.as_str()), "{said}");
                }
            }
            assert!(reason.releasable_after_review() || reason.severity() >= Severity::Low);
        }
    }
    let all = [
        "addressee",
        "certificate-subject",
        "cloud-storage",
        "cloud-tenant",
        "company-number",
        "encoded-host",
        "encoded-mailbox",
        "hardware-number",
        "internal-host",
        "internal-name",
        "local-path",
        "mail-inside",
        "member-domain",
        "member-in-cut-part",
        "member-name",
        "member-network",
        "needs-review",
        "nothing-left",
        "private-address-inside",
        "public-suffix",
        "ransom-id",
        "shared-suffix",
        "special-address",
        "user-name",
        "warning-list",
        "wide-network",
    ];
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), all);
}
