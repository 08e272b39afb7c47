//! `certificate-subject`.

use noroshi_stix::Kind::{FileName, Mutex, RegistryKey, Url};

use crate::support::{expect, released};

#[test]
fn subjects_wait_for_the_desk() {
    expect(
        "certificate-subject",
        &[
            (FileName, "CN=kurogane-vpn.cer"),
            (FileName, "cert (O=Kurogane, L=Kure, C=JP).pem"),
            (FileName, "ＣＮ＝kurogane.cer"),
            (FileName, "CN%3Dkurogane.cer"),
            (FileName, "x_Q049a3Vyb2dhbmUtdnBu.cer"),
            (Mutex, "CN=Kuro Gane, OU=Finance, DC=kuro"),
            (Mutex, "Subject: CN=kurogane"),
            (Mutex, "/C=JP/O=Kurogane/L=Kure"),
            (RegistryKey, "HKLM\\Software\\Policies\\OU=Finance,DC=kuro"),
            (Mutex, "DNS:fs.kurogane"),
        ],
    );
}

#[test]
fn subjects_in_urls_are_cut() {
    let url = "http://kurotsuchi.net/c?x=CN%3Dkurogane";
    assert_eq!(released(Url, url).as_deref(), Some("http://kurotsuchi.net/c"));
}

#[test]
fn equations_pass() {
    expect(
        "",
        &[
            (FileName, "a=b.txt"),
            (FileName, "cn.exe"),
            (Mutex, "c=1"),
            (Mutex, "option=full"),
            (Url, "http://kurotsuchi.net/x?c=jp"),
        ],
    );
}
