//! One indicator, one text, how often it is found.

use noroshi_scan::Matcher;
use noroshi_stix::{Kind, Observable};

use crate::observable;

/// The spans in which `indicator` is found.
fn found<'t>(indicator: &Observable, text: &'t str) -> Vec<&'t str> {
    let matcher = Matcher::new([(indicator.clone(), 1)]);
    let mut spans = Vec::new();
    matcher.scan(text.as_bytes(), &mut |h| spans.push(&text[h.start..h.end]));
    spans
}

fn check(kind: Kind, indicator: &str, hits: &[(&str, &str)], misses: &[&str]) {
    let indicator = observable(kind, indicator);
    for (text, span) in hits {
        assert_eq!(found(&indicator, text), [*span], "{} in {text}", indicator.value());
    }
    for text in misses {
        assert!(found(&indicator, text).is_empty(), "{} in {text}", indicator.value());
    }
}

#[test]
fn a_domain_matches_itself_and_hosts_below() {
    check(
        Kind::Domain,
        "evil.example",
        &[
            ("evil.example", "evil.example"),
            ("a.evil.example", "evil.example"),
            ("http://EVIL.example:8080/x", "EVIL.example"),
            ("mail from spear@evil.example.", "evil.example"),
            ("evil.example. 300 IN A", "evil.example"),
            ("通信先evil.exampleへ", "evil.example"),
            ("u=http%3A%2F%2Fevil.example%2Fx", "evil.example"),
            (r#"{"m":"GET\nevil.example"}"#, "evil.example"),
            (r"\u003cevil.example\u003e", "evil.example"),
            ("_dmarc.evil.example", "evil.example"),
        ],
        &[
            "notevil.example",
            "not-evil.example",
            "evil.example.org",
            "evil.example-a",
            "evil.examples",
            "evil_example",
            "evil .example",
            "evil.example..org",
        ],
    );
}

#[test]
fn an_address_is_bounded() {
    check(
        Kind::Ipv4,
        "198.51.100.7",
        &[
            ("src=198.51.100.7:443", "198.51.100.7"),
            ("198.51.100.7.", "198.51.100.7"),
            ("198.51.100.7-198.51.100.20", "198.51.100.7"),
            ("::ffff:198.51.100.7", "198.51.100.7"),
            ("%20198.51.100.7", "198.51.100.7"),
            ("http://198.51.100.7/x", "198.51.100.7"),
            (r"\t198.51.100.7\n", "198.51.100.7"),
        ],
        &[
            "1198.51.100.7",
            "198.51.100.71",
            "198.51.100.7.5",
            "5.198.51.100.7",
            "198.51.100.7.example",
            "198.51.100.07",
            "v198.51.100.7",
            "198.51.100.7_x",
            "198.51.1007",
        ],
    );
}

#[test]
fn networks_hold_addresses() {
    check(
        Kind::Ipv4,
        "198.51.100.0/22",
        &[("from 198.51.103.255 to", "198.51.103.255"), ("198.51.100.0/24", "198.51.100.0")],
        &["198.51.104.0", "198.51.99.255"],
    );
    check(Kind::Ipv4, "0.0.0.0/0", &[("x 203.0.113.9", "203.0.113.9")], &["1.2.3", "1.2.3.400"]);
    check(
        Kind::Ipv6,
        "2001:db8:1::/48",
        &[
            ("[2001:DB8:1::9]:443", "2001:DB8:1::9"),
            ("2001:0db8:0001:0000:0000:0000:0000:0001", "2001:0db8:0001:0000:0000:0000:0000:0001"),
            ("src:2001:db8:1::1", "2001:db8:1::1"),
            ("2001:db8:1:: said", "2001:db8:1::"),
            ("2001:db8:1::5.", "2001:db8:1::5"),
            ("%202001:db8:1::5", "2001:db8:1::5"),
            ("fe80::1%eth0 2001:db8:1::5%eth0", "2001:db8:1::5"),
        ],
        &["2001:db8:2::1", "12:34:56", "2001:db8:1::zz", "2001:db8:1", "x2001:db8:1::1"],
    );
    check(Kind::Ipv6, "2001:db8::1", &[("2001:db8::1", "2001:db8::1")], &["2001:db8::12"]);
}

#[test]
fn a_url_matches_with_and_without_scheme() {
    check(
        Kind::Url,
        "http://evil.example/a/b.php",
        &[
            ("http://evil.example/a/b.php", "evil.example/a/b.php"),
            ("https://Evil.example:443/a/b.php HTTP/1.1", "Evil.example:443/a/b.php"),
            ("evil.example/a/b.php?id=7", "evil.example/a/b.php"),
            ("(see http://evil.example/a/b.php).", "evil.example/a/b.php"),
            ("http://u:p@evil.example/a/b.php#x", "evil.example/a/b.php"),
            ("evil.example/a/b.phpを開く", "evil.example/a/b.php"),
        ],
        &[
            "http://evil.example/a/b.ph",
            "http://evil.example/a/b.php5",
            "http://evil.example/a/b.php/c",
            "http://evil.example/A/b.php",
            "http://a.evil.example/a/b.php",
            "http://evil.example:8080/a/b.php",
            "evil.example",
        ],
    );
    check(
        Kind::Url,
        "http://198.51.100.7:8080/?id=1&x=2",
        &[
            ("198.51.100.7:8080/?id=1&x=2", "198.51.100.7:8080/?id=1&x=2"),
            ("GET http://198.51.100.7:8080?id=1&x=2 200", "198.51.100.7:8080?id=1&x=2"),
        ],
        &["198.51.100.7:8080/?id=1", "198.51.100.7/?id=1&x=2"],
    );
    check(
        Kind::Url,
        "https://[2001:db8::1]/x",
        &[("https://[2001:DB8:0::1]/x", "[2001:DB8:0::1]/x")],
        &["2001:db8::1/x"],
    );
    check(
        Kind::Url,
        "http://evil.example/",
        &[("http://evil.example", "evil.example"), ("evil.example/ ", "evil.example/")],
        &["evil.example", "evil.example/x"],
    );
}

#[test]
fn a_mail_address_is_found_among_marks() {
    check(
        Kind::Email,
        "spear@evil.example",
        &[
            ("From: <Spear@Evil.example>", "Spear@Evil.example"),
            ("from=spear@evil.example,", "spear@evil.example"),
            ("'spear@evil.example'", "spear@evil.example"),
            ("mailto:spear@evil.example?subject=x", "spear@evil.example"),
        ],
        &[
            "x.spear@evil.example",
            "xspear@evil.example",
            "spear@a.evil.example",
            "spear@evil.examples",
            "tag+spear@evil.example",
        ],
    );
}

#[test]
fn digests_are_whole_and_of_either_case() {
    let md5 = "d41d8cd98f00b204e9800998ecf8427e";
    check(
        Kind::Md5,
        md5,
        &[
            ("D41D8CD98F00B204E9800998ECF8427E", "D41D8CD98F00B204E9800998ECF8427E"),
            ("md5:d41d8cd98f00b204e9800998ecf8427e.exe", md5),
            ("x_d41d8cd98f00b204e9800998ecf8427e", md5),
            ("%20d41d8cd98f00b204e9800998ecf8427e", md5),
            (r"\u0020d41d8cd98f00b204e9800998ecf8427e", md5),
        ],
        &[
            "d41d8cd98f00b204e9800998ecf8427e0",
            "zd41d8cd98f00b204e9800998ecf8427e",
            "d41d8cd98f00b204e9800998ecf8427",
        ],
    );
    check(
        Kind::Ja4,
        "t13d1516h2_8daaf6152771_b186095e22b6",
        &[("ja4=t13d1516h2_8DAAF6152771_b186095e22b6 ", "t13d1516h2_8DAAF6152771_b186095e22b6")],
        &["t13d1516h2_8daaf6152771_b186095e22b6_x", "xt13d1516h2_8daaf6152771_b186095e22b6"],
    );
    check(
        Kind::Cve,
        "CVE-2021-44228",
        &[
            ("ET EXPLOIT cve-2021-44228 (log4j)", "cve-2021-44228"),
            ("a_CVE-2021-44228.py", "CVE-2021-44228"),
        ],
        &["CVE-2021-442281", "xCVE-2021-44228", "CVE-2021-4422"],
    );
}

#[test]
fn free_form_values_are_found_whole() {
    check(
        Kind::FileName,
        "Invoice 2026-11.exe",
        &[(r"C:\Users\x\invoice 2026-11.EXE was run", "invoice 2026-11.EXE")],
        &["my-Invoice 2026-11.exe", "Invoice 2026-11.exe.bak", "Invoice  2026-11.exe"],
    );
    check(
        Kind::FileName,
        "請求書.exe",
        &[("添付ファイル「請求書.exe」", "請求書.exe"), ("請求書.exe.", "請求書.exe")],
        &["請求.exe", "請求書.exe2", "請求書.exe.txt"],
    );
    check(Kind::FileName, "請求書", &[("請求書を開く", "請求書")], &["請求"]);
    check(
        Kind::Mutex,
        r"Global\Evil{1-2}",
        &[(r"mutex Global\Evil{1-2};", r"Global\Evil{1-2}")],
        &[r"global\evil{1-2}", r"XGlobal\Evil{1-2}"],
    );
    check(
        Kind::RegistryKey,
        r"HKLM\Software\Microsoft\Windows NT\CurrentVersion\Evil",
        &[
            (
                r"reg add hklm\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Evil /v x",
                r"hklm\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Evil",
            ),
            (
                r#""k":"HKEY_LOCAL_MACHINE\\Software\\Microsoft\\Windows NT\\CurrentVersion\\Evil\\Sub""#,
                r"HKEY_LOCAL_MACHINE\\Software\\Microsoft\\Windows NT\\CurrentVersion\\Evil",
            ),
        ],
        &[
            r"HKCU\Software\Microsoft\Windows NT\CurrentVersion\Evil",
            r"HKLM\Software\Microsoft\Windows NT\CurrentVersion\Evil2",
            r"XHKLM\Software\Microsoft\Windows NT\CurrentVersion\Evil",
        ],
    );
}

#[test]
fn every_number_of_an_indicator_is_reported_once() {
    let md5 = "d41d8cd98f00b204e9800998ecf8427e";
    let matcher = Matcher::new([
        (observable(Kind::Md5, md5), 1),
        (observable(Kind::Ja3, md5), 2),
        (observable(Kind::Md5, md5), 3),
        (observable(Kind::Md5, md5), 3),
        (observable(Kind::Url, "http://evil.example/a"), 4),
        (observable(Kind::Url, "http://evil.example/b"), 5),
        (observable(Kind::Domain, "evil.example"), 6),
        (observable(Kind::Url, "http://198.51.100.7/a"), 7),
        (observable(Kind::Email, "a@evil.example"), 8),
        (observable(Kind::Yara, "rule x { condition: false }"), 9),
    ]);
    assert_eq!(matcher.unmatchable(), 1);
    let ids = |text: &str| {
        let mut ids = Vec::new();
        matcher.scan(text.as_bytes(), &mut |h| ids.push(h.id));
        ids.sort_unstable();
        ids
    };
    assert_eq!(ids(md5), [1, 2, 3]);
    assert_eq!(ids("http://evil.example/a"), [4, 6]);
    assert_eq!(ids("http://198.51.100.7/a"), [7]);
    assert_eq!(ids("a@evil.example evil.example/b"), [5, 6, 6, 8]);
    assert!(Matcher::new([]).is_empty());
}
