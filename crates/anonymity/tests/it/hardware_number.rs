//! `hardware-number`.

use noroshi_stix::Kind::{FileName, Mutex, RegistryKey, Url};

use crate::support::{expect, released};

#[test]
fn numbers_of_machines_wait_for_the_desk() {
    expect(
        "hardware-number",
        &[
            (Mutex, "Global\\00:1a:2b:3c:4d:5e"),
            (FileName, "dump_00-1A-2B-3C-4D-5E.bin"),
            (FileName, "dump-001a.2b3c.4d5e.bin"),
            (FileName, "S_N serial 4CE0460D0G.txt"),
            (FileName, "serial-4CE0460D0G.txt"),
            (Mutex, "SN:4CE0460D0G"),
            (RegistryKey, "HKLM\\Software\\Dell\\ServiceTag\\7XK2QJ2"),
            (FileName, "製造番号 4CE0460D0G.txt"),
        ],
    );
}

#[test]
fn numbers_of_machines_in_urls_are_cut() {
    for given in ["/b/00-1a-2b-3c-4d-5e/x", "/b/001a2b3c4d5e/x"] {
        let out = released(Url, &format!("http://kurotsuchi.net{given}"));
        assert_eq!(out.as_deref(), Some("http://kurotsuchi.net/b/"), "{given}");
    }
}

#[test]
fn ids_and_words_pass() {
    expect(
        "",
        &[
            (Mutex, "{3f2504e0-4f89-41d3-9a0c-0305e82c3301}"),
            (Mutex, "Global\\00:00:00:00:00:00"),
            (FileName, "serialization.dll"),
            (FileName, "serial.dll"),
            (FileName, "snapshot2011a.exe"),
            (FileName, "1.2.3.4567.cab"),
        ],
    );
}
