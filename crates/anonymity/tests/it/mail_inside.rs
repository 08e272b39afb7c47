//! `mail-inside`.

use noroshi_stix::Kind::{Email, FileName, Mutex, RegistryKey, Url};

use crate::support::{codes, expect, released};

#[test]
fn addresses_inside_values_wait_for_the_desk() {
    expect(
        "mail-inside",
        &[
            (FileName, "taro.yamada@kurotsuchi.co.jp.eml"),
            (FileName, "mail (yamada@kurotsuchi.net).msg"),
            (FileName, "yamada＠kurotsuchi.net.msg"),
            (FileName, "yamada%40kurotsuchi.net.msg"),
            (FileName, "yamada(at)kurotsuchi.net.msg"),
            (FileName, "x_eWFtYWRhQGt1cm90c3VjaGkubmV0.msg"),
            (FileName, "x_79616d616461406b75726f2e6e6574.msg"),
            (FileName, "<1a2b3c.77@mx.kurotsuchi.net>.eml"),
            (Mutex, "Global\\yamada@kurotsuchi.net"),
            (RegistryKey, "HKCU\\Software\\Outlook\\yamada@kurotsuchi.net"),
            (Email, "news-taro=akagawa.net@kurotsuchi.net"),
            (Email, "bounce+taro.yamada=akagawa.co.jp@kurotsuchi.net"),
        ],
    );
}

#[test]
fn addresses_in_urls_are_cut() {
    let host = "http://kurotsuchi.net";
    for (given, want) in [
        ("/l?x=dEBhLmpw", "/l"),
        ("/l?x=7440612e6a70", "/l"),
        ("/l?x=t%2540a.jp", "/l"),
        ("/l?x=t(at)a.jp", "/l"),
        ("/l/dEBhLmpw/x.php", "/l/"),
        ("/unsubscribe/t@a.jp", "/unsubscribe/"),
    ] {
        assert_eq!(
            released(Url, &format!("{host}{given}")),
            Some(format!("{host}{want}")),
            "{given}"
        );
    }
}

#[test]
fn senders_and_signs_pass() {
    expect(
        "",
        &[
            (Email, "spear.sender@kurotsuchi.net"),
            (Email, "a+b=c@kurotsuchi.net"),
            (FileName, "kuro@2x.png"),
            (FileName, "@kuro.dll"),
            (Mutex, "@kuro@"),
        ],
    );
    assert!(codes(Mutex, "a@b").is_empty());
}
