//! `warning-list`.

use noroshi_stix::Kind::{Domain, Email, FileName, Host, Ipv4, Ipv6, Md5, Mutex, Sha256, Url};

use crate::support::{expect, reasons};

const EMPTY_SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

#[test]
fn what_everybody_needs_waits_for_the_desk() {
    expect(
        "warning-list",
        &[
            (Ipv4, "8.8.8.8"),
            (Ipv4, "8.8.8.0/24"),
            (Ipv6, "2001:4860:4860::8888"),
            (Url, "http://1.1.1.1/"),
            (Domain, "google.com"),
            (Host, "docs.google.com"),
            (Host, "www.github.com"),
            (Url, "https://www.google.co.jp/"),
            (Domain, "amazonaws.com"),
            (Domain, "gmail.com"),
            (Host, "ocsp.digicert.com"),
            (Url, "http://crl.microsoft.com/pki/x.crl"),
            (Url, "http://download.windowsupdate.com/c/msdownload/update.cab"),
            (Domain, "example.com"),
            (Host, "c2.example.net"),
            (Url, "http://c2.example.org/gate.php"),
            (Email, "a@example.jp"),
            (Host, "c2.test"),
            (Md5, "d41d8cd98f00b204e9800998ecf8427e"),
            (Sha256, EMPTY_SHA256),
            (FileName, "SVCHOST.exe"),
            (FileName, "document.pdf"),
            (FileName, "ｉｎｖｏｉｃｅ.ｐｄｆ"),
            (FileName, "請求書.pdf"),
            (Mutex, "Local\\ZonesCounterMutex"),
        ],
    );
}

#[test]
fn what_belongs_to_one_customer_passes() {
    expect(
        "",
        &[
            (Email, "spear.sender@gmail.com"),
            (Email, "spear.sender@yahoo.co.jp"),
            (Url, "https://docs.google.com/forms/pay-now"),
            (Host, "kurotsuchi.github.io"),
            (Host, "kurotsuchi-c2.herokuapp.com"),
            (Domain, "googgle-analytlcs.net"),
            (FileName, "svchost32.exe"),
            (FileName, "quarterly-forecast.xls"),
            (Ipv4, "8.8.9.9"),
        ],
    );
}

#[test]
fn reserved_names_and_empty_files_are_never_releasable_others_are() {
    let releasable = |kind, value| {
        let reasons = reasons(kind, value);
        let hit = reasons.iter().find(|r| r.code() == "warning-list").unwrap();
        (hit.list().map(str::to_owned), hit.releasable_after_review())
    };
    assert_eq!(releasable(Ipv4, "8.8.8.8"), (Some("public-resolvers".into()), true));
    assert_eq!(releasable(FileName, "invoice.pdf"), (Some("common-file-names".into()), true));
    assert_eq!(releasable(Sha256, EMPTY_SHA256), (Some("known-hashes".into()), false));
    assert_eq!(releasable(Domain, "example.com"), (Some("reserved-names".into()), false));
}
