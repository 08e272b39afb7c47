//! `internal-host`.

use noroshi_stix::Kind::{Domain, FileName, Host, Mutex, RegistryKey, Url};

use crate::support::{expect, released};

#[test]
fn machines_and_shares_wait_for_the_desk() {
    expect(
        "internal-host",
        &[
            (RegistryKey, "HKCU\\Network\\\\\\KUROFILE\\share"),
            (Mutex, "\\\\KUROFILE\\share"),
            (Mutex, "¥¥KUROFILE¥share"),
            (Mutex, "//kurofile/share/x"),
            (Mutex, "Global\\DESKTOP-7F3K2QX"),
            (FileName, "LAPTOP-AB12CD34.log"),
            (FileName, "win-4k2l9qpm3xz_dump.bin"),
            (FileName, "KURE-DC01.evtx"),
            (FileName, "kure-fs01.evtx"),
            (FileName, "FILESV01_backup.zip"),
            (FileName, "KUREDC01.dmp"),
            (FileName, "ＫＵＲＥ－ＤＣ０１.dmp"),
            (FileName, "ip-10-1-2-3.log"),
            (FileName, "x-ad.kurogane.local-x.log"),
            (FileName, "ad.kurogane.local.log"),
            (Host, "ad.kurogane.corp.kurotsuchi.net"),
            (Host, "kure-dc01.kurotsuchi.net"),
            (Host, "desktop-7f3k2qx.t.kurotsuchi.net"),
            (Url, "http://win-4k2l9qpm3xz.kurotsuchi.net/gate.php"),
        ],
    );
}

#[test]
fn machines_in_urls_are_cut() {
    let host = "http://kurotsuchi.net";
    for (given, want) in [
        ("/in/DESKTOP-7F3K2QX/a", "/in/"),
        ("/in?v=DESKTOP-7F3K2QX", "/in"),
        ("/in?v=KURE-DC01", "/in"),
        ("/in?v=%5C%5CKUROFILE%5Cshare", "/in"),
        ("/in?hostname=kuro", "/in"),
    ] {
        assert_eq!(
            released(Url, &format!("{host}{given}")),
            Some(format!("{host}{want}")),
            "{given}"
        );
    }
}

#[test]
fn programs_and_servers_of_attackers_pass() {
    expect(
        "",
        &[
            (Host, "srv01.kurotsuchi.net"),
            (Host, "mail-01.kurotsuchi.net"),
            (Domain, "desktop-kuro.net"),
            (FileName, "desktop-kuro.exe"),
            (FileName, "srv01.exe"),
            (FileName, "settings.local.php"),
            (FileName, "my-app-2011.exe"),
            (FileName, "svchost32.exe"),
            (FileName, "WIN-UPDATE.exe"),
            (FileName, "CVE20110611.doc"),
            (Mutex, "Global\\kuroMutex"),
            (Mutex, "KUROMUTEX_2011"),
            (RegistryKey, "HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\updchk"),
            (Url, "http://kurotsuchi.net//images//a.php"),
        ],
    );
}
