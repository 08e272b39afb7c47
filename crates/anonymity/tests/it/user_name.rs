//! `user-name`.

use noroshi_stix::Kind::{FileName, Mutex, RegistryKey};

use crate::support::expect;

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
            (RegistryKey, "HKCU\\Network\\\\\\FILESV01\\share"),
            (Mutex, "Global\\S-1-5-21-1004336348-1177238915-682003330-512"),
            (Mutex, "/home/yamada/.lock"),
            (Mutex, "\\\\FILESV01\\share"),
            (FileName, "taro.yamada@kurotsuchi.co.jp.eml"),
            (FileName, "mail (yamada@kurotsuchi.net).msg"),
        ],
    );
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
