//! `user-name`.

use noroshi_stix::Kind::{FileName, Mutex, RegistryKey, Url};

use crate::support::{expect, released};

#[test]
fn people_and_machines_wait_for_the_desk() {
    expect(
        "user-name",
        &[
            (RegistryKey, "HKLM\\Software\\App\\C:\\Users\\t.yamada\\x"),
            (
                RegistryKey,
                "HKLM\\Software\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList\\S-1-5-21-1-2-3-1001",
            ),
            (Mutex, "Global\\S-1-5-21-1004336348-1177238915-682003330-512"),
            (Mutex, "/home/yamada/.lock"),
            (Mutex, "/Users/yamada/x"),
            (Mutex, "C:¥Users¥yamada¥x"),
            (FileName, "C：￥Users￥yamada￥x.lnk"),
            (FileName, "C%3A%5CUsers%5Cyamada%5Cx.lnk"),
            (FileName, "x_QzpcVXNlcnNceWFtYWRhXHg.lnk"),
            (FileName, "Documents and Settings¥yamada.lnk"),
            (Mutex, "KUROGANE\\t.yamada"),
        ],
    );
}

#[test]
fn people_in_urls_are_cut() {
    let host = "http://kurotsuchi.net";
    for (given, want) in [
        ("/u?f=C:%5CUsers%5Ctaro", "/u"),
        ("/u?f=/home/taro/x", "/u"),
        ("/u?user=taro", "/u"),
        ("/u?login_hint=taro", "/u"),
        ("/u/taro.yamada/x", "/u/"),
        ("/u/%E5%B1%B1.%E7%94%B0/x", "/u/"),
        ("/u/48213/x", "/u/"),
        ("/u?org=kuro", "/u"),
    ] {
        let out = released(Url, &format!("{host}{given}"));
        assert_eq!(out, Some(format!("{host}{want}")), "{given}");
    }
    for same in
        ["/home/login.php", "/users/list.php", "/2011/08/x.jpg", "/201108/x.jpg", "/20110805/x.js"]
    {
        let url = format!("{host}{same}");
        assert_eq!(released(Url, &url), Some(url.clone()));
    }
}

#[test]
fn folders_of_nobody_pass() {
    expect(
        "",
        &[
            (RegistryKey, "HKLM\\Software\\App\\C:\\Users\\Public\\x"),
            (RegistryKey, "HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\updchk"),
            (Mutex, "Global\\kuroMutex"),
            (FileName, "users.dat"),
        ],
    );
}
