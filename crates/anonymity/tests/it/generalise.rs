//! What is cut out of an indicator before it is released.

use noroshi_anonymity::Verdict;
use noroshi_stix::Kind::{RegistryKey, Url};

use crate::support::{GATE, codes, observable, released};

#[test]
fn urls_keep_their_stable_beginning() {
    let host = "http://kurotsuchi.net";
    for (given, want) in [
        ("/gate.php", "/gate.php"),
        ("/wp-content/uploads/news.php", "/wp-content/uploads/news.php"),
        ("/news?p=12&lang=en", "/news?p=12&lang=en"),
        ("/dl/list.php?id=7781", "/dl/list.php"),
        ("/b/3f2504e0-4f89-41d3-9a0c-0305e82c3301/run", "/b/"),
        ("/b/1f3a90bc7d", "/b/"),
        ("/dGFyby55YW1hZGFAZXhhbXBsZQ==", "/"),
        ("/t/090312345678/x.jpg", "/t/"),
        ("/l?u=taro@kabushiki.jp", "/l"),
        ("/l?u=taro%40kabushiki.jp", "/l"),
        ("/l?id=9f86d081884c7d65", "/l"),
        ("/l?id=123456789", "/l"),
        ("/l?blob=a8Kx92LmQ4zTb71QwErtYuIo", "/l"),
        ("/s/%8E%52%93%63/x", "/s/"),
        ("/l/taro@kabushiki.jp/x?p=1", "/l/"),
    ] {
        let out = released(Url, &format!("{host}{given}"));
        assert_eq!(out, Some(format!("{host}{want}")), "{given}");
    }
}

#[test]
fn a_shared_page_is_nothing_without_its_own_part() {
    let macros = "https://script.google.com/macros/s/AKfycbwF_VS5wHqlHmi4EQoljEtIsjmglLBO69n/exec";
    assert_eq!(codes(Url, macros), ["nothing-left"]);
    assert_eq!(codes(Url, "https://docs.google.com/9f86d081884c7d659a2f"), ["nothing-left"]);
    let o = observable(Url, "https://docs.google.com/9f86d081884c7d659a2f");
    assert!(matches!(GATE.judge(&o), Verdict::Drop(_)));
}

#[test]
fn a_users_key_is_the_current_users() {
    let sid = "S-1-5-21-1004336348-1177238915-682003330-1001";
    for (given, want) in [
        (format!("HKU\\{sid}\\Software\\Run\\x"), "HKEY_CURRENT_USER\\Software\\Run\\x"),
        (format!("HKU\\{sid}_Classes\\x"), "HKEY_CURRENT_USER\\Software\\Classes\\x"),
        ("HKU\\S-1-5-18\\Software\\x".into(), "HKEY_USERS\\S-1-5-18\\Software\\x"),
    ] {
        assert_eq!(released(RegistryKey, &given).as_deref(), Some(want));
    }
    assert_eq!(codes(RegistryKey, &format!("HKU\\{sid}\\")), ["nothing-left"]);
}

#[test]
fn the_desk_releases_only_the_cut_form_and_never_what_a_member_owns() {
    let review = |kind, value| GATE.judge_reviewed(&observable(kind, value));
    match review(Url, "http://kurotsuchi.net/in/mhi/login.php") {
        Verdict::Pass(o) => assert_eq!(o.value(), "http://kurotsuchi.net/in/"),
        other => panic!("{other:?}"),
    }
    assert!(matches!(review(Url, "http://fujitsu-portal.net/a"), Verdict::Pass(_)));
    assert!(matches!(review(Url, "http://www.fujitsu.com/a"), Verdict::Quarantine(_)));
    assert!(matches!(review(Url, "http://10.0.0.1/a"), Verdict::Quarantine(_)));
}
