//! `internal-name`.

use noroshi_stix::Kind::{Domain, Email, FileName, Host, Mutex, Url};

use crate::support::{expect, reasons};

#[test]
fn names_of_one_network_never_leave() {
    expect(
        "internal-name",
        &[
            (Host, "dc01.ad.kuro.local"),
            (Domain, "fileserver.internal"),
            (Host, "intra.kuro.corp"),
            (Host, "nas.lan"),
            (Host, "router.home.arpa"),
            (Host, "pc.kuro.notatld"),
            (Url, "http://wsus.kuro.local:8530/x"),
            (Email, "taro@mail.kuro.lan"),
            (FileName, "dc01.kuro.local.evtx.kuro.local"),
            (Mutex, "lock_srv01.kuro.corp"),
        ],
    );
    assert!(!reasons(Host, "nas.lan")[0].releasable_after_review());
}

#[test]
fn file_endings_are_not_top_level_domains() {
    expect("", &[(FileName, "kuro.dat"), (FileName, "setup.kuro.cab"), (Mutex, "a.b.c")]);
}
