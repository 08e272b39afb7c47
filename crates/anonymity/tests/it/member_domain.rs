//! `member-domain`.

use noroshi_stix::Kind::{Domain, Email, FileName, Host, Mutex, RegistryKey, Url, Yara};

use crate::support::{codes, expect, reasons};

#[test]
fn what_a_member_owns_never_leaves() {
    expect(
        "member-domain",
        &[
            (Domain, "mhi.co.jp"),
            (Host, "vpn.mhi.co.jp"),
            (Host, "A.B.MHI.CO.JP."),
            (Domain, "ｍｈｉ．ｃｏ．ｊｐ"),
            (Domain, "nec.com"),
            (Domain, "utility-03.example"),
            (Url, "https://www.toshiba.co.jp/path"),
            (Email, "taro@mail.hitachi.co.jp"),
            (FileName, "log_vpn.khi.co.jp.txt"),
            (Mutex, "Global\\srv01.fujitsu.com"),
            (RegistryKey, "HKLM\\Software\\x\\ihi.co.jp"),
            (Yara, "rule a { strings: $a = \"portal.nec.co.jp\" condition: $a }"),
        ],
    );
    for value in ["vpn.mhi.co.jp", "nec.com"] {
        let reasons = reasons(Host, value);
        let rule = reasons.iter().find(|r| r.code() == "member-domain").unwrap();
        assert!(!rule.releasable_after_review());
        assert_eq!(rule.owners().len(), 1);
    }
}

#[test]
fn neighbours_are_not_members() {
    expect("", &[(Domain, "kurotsuchi.net"), (Host, "www.kurotsuchi.co.jp")]);
    // Ends with the same letters but is another name.
    for value in ["xmhi.co.jp", "amhi.com"] {
        assert!(!codes(Domain, value).contains(&"member-domain"), "{value}");
    }
}
