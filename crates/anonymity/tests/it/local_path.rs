//! `local-path`.

use noroshi_stix::Kind::{FileName, Mutex, RegistryKey, Url};

use crate::support::{expect, released};

#[test]
fn folders_of_one_machine_wait_for_the_desk() {
    expect(
        "local-path",
        &[
            (Mutex, "D:\\work\\kurogane\\x.exe"),
            (Mutex, "d:/work/kurogane/x.exe"),
            (Mutex, "E:¥案件¥kurogane¥x"),
            (FileName, "D：￥案件￥図面.pdf"),
            (RegistryKey, "HKLM\\Software\\App\\D:\\projects\\hayabusa\\bin"),
            (Mutex, "build\\hayabusa\\Release\\loader.pdb"),
            (FileName, "D%3A%5Cwork%5Ckurogane%5Cx.exe"),
        ],
    );
}

#[test]
fn folders_in_urls_are_cut() {
    for given in ["/u?f=D:%5Cwork%5Ckure%5Cx", "/u?f=d:/work/kure/x"] {
        let out = released(Url, &format!("http://kurotsuchi.net{given}"));
        assert_eq!(out.as_deref(), Some("http://kurotsuchi.net/u"), "{given}");
    }
}

#[test]
fn folders_of_every_machine_pass() {
    expect(
        "",
        &[
            (Mutex, "C:\\Windows\\System32\\kuro.dll"),
            (RegistryKey, "HKLM\\Software\\App\\C:\\ProgramData\\kuro\\x.exe"),
            (FileName, "loader.pdb"),
            (Url, "http://kurotsuchi.net/symbols/loader.pdb"),
            (Mutex, "kuro://x/y"),
        ],
    );
}
