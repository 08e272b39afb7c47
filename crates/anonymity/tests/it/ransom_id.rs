//! `ransom-id`, and what is left of addresses of negotiations.

use noroshi_stix::Kind::{FileName, Host, Mutex, Url};

use crate::support::{expect, released};

#[test]
fn ids_of_victims_wait_for_the_desk() {
    expect(
        "ransom-id",
        &[
            (FileName, "RECOVER-x7f3k2a-FILES.txt"),
            (FileName, "k2n9q7-README.txt"),
            (FileName, "README_48213377.hta"),
            (FileName, "plan.xlsx.id[1A2B3C4D-3352].kuro"),
            (FileName, "plan.xlsx.id-1A2B3C4D.kuro"),
            (FileName, "復号方法_x7f3k2a.txt"),
            (Mutex, "victim-id: 7f3k2q9a"),
        ],
    );
}

#[test]
fn negotiations_keep_their_host() {
    let host = "kuroaqz2vd5lmsbn3qfhk7u6yjw4xt2cgperoi7kmdlzbqn5rsv6yhid.onion";
    for path in ["/", "/chat/x7f3k2a", "/b2f9c1", "/login?id=x7f3k2a", "/kaku", "/support"] {
        let out = released(Url, &format!("http://{host}{path}"));
        assert_eq!(out, Some(format!("http://{host}/")), "{path}");
    }
    let clear = released(Url, "https://kurotsuchi.net/chat/x7f3k2a9/login");
    assert_eq!(clear.as_deref(), Some("https://kurotsuchi.net/chat/"));
    expect("", &[(Host, host)]);
}

#[test]
fn notes_of_everybody_pass() {
    expect(
        "",
        &[
            (FileName, "README_TO_DECRYPT.txt"),
            (FileName, "HOW_TO_RECOVER_FILES.hta"),
            (FileName, "decryptor32.exe"),
            (FileName, "android-id.apk"),
            (FileName, "kuro_v2.exe"),
        ],
    );
}
