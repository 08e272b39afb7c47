//! `member-name`.

use noroshi_anonymity::{Confidence, Register};
use noroshi_stix::Kind::{Domain, Email, FileName, Host, Mutex, RegistryKey, Url};

use crate::support::{REGISTER, codes, expect, reasons};

#[test]
fn lures_with_a_members_name_wait_for_the_desk() {
    expect(
        "member-name",
        &[
            (Domain, "mhi-vpn-login.com"),
            (Domain, "mhivpn.net"),
            (Domain, "neclogin.com"),
            (Host, "ihi.portal-check.net"),
            (Domain, "mitsubishi-heavy.net"),
            (Domain, "mitsubishiheavy-recruit.com"),
            (Domain, "rnitsubishi-mail.com"),
            (Domain, "mitsubisi-mail.com"),
            (Domain, "mitubisi.net"),
            (Domain, "toshlba.net"),
            (Domain, "t0shiba-update.com"),
            (Domain, "hitahci.org"),
            (Domain, "hitachii.org"),
            (Domain, "fujitu.net"),
            (Domain, "三菱重工.com"),
            (Domain, "xn--ehq999a3w2arul.com"),
            (Domain, "hіtасhі.com"),
            (Host, "kawasaki-heavy.kurotsuchi.net"),
            (Email, "toshiba.support@kurotsuchi.net"),
            (Email, "info@hitachi-careers.com"),
            (FileName, "三菱重工業御中_見積.pdf"),
            (FileName, "ﾋﾀﾁ向け資料.zip"),
            (FileName, "ﾄｳｼﾊﾞ.doc"),
            (FileName, "KHI_RFQ.docx"),
            (FileName, "東芝 御中.pdf"),
            (FileName, "Ｔｏｓｈｉｂａ.exe"),
            (Mutex, "Global\\NECSupport"),
            (RegistryKey, "HKCU\\Software\\Fujitsu\\Updater"),
            (Url, "http://fujitsu-portal.net/a"),
            (Url, "http://hitachi.kurotsuchi.net/"),
            (Domain, "utility-03-portal.net"),
            (FileName, "架空電力03.pdf"),
        ],
    );
}

#[test]
fn names_in_a_path_are_cut_and_shown_to_the_desk() {
    for url in [
        "http://kurotsuchi.net/mhi/login.php",
        "http://kurotsuchi.net/%54%4F%53%48%49%42%41/x",
        "http://kurotsuchi.net/%2554oshiba/x",
        "http://kurotsuchi.net/a?org=ihi",
        "http://kurotsuchi.net/a?mail=taro%40mhi.co.jp",
        "http://kurotsuchi.net/%E4%B8%89%E8%8F%B1/",
        // Shift_JIS and EUC-JP.
        "http://kurotsuchi.net/s/%8E%4F%95%48/x",
        "http://kurotsuchi.net/s/%BB%B0%C9%A9/x",
        "http://kurotsuchi.net/login?host=93.0.2.1&d=vpn.khi.co.jp",
    ] {
        assert_eq!(codes(Url, url), ["member-in-cut-part"], "{url}");
    }
    let reason = &reasons(Url, "http://kurotsuchi.net/mhi/login.php")[0];
    assert!(reason.releasable_after_review());
    assert_eq!(reason.owners()[0].expose(), "mitsubishi-heavy");
}

#[test]
fn ordinary_names_pass() {
    expect(
        "",
        &[
            (Domain, "nihilism-archive.net"),
            (Domain, "connect-update.net"),
            (Domain, "technecium.net"),
            (Domain, "khilafah-news.net"),
            (Domain, "delhihistory.org"),
            (Host, "www.chinese-food.net"),
            (FileName, "winnec32.dll"),
            (FileName, "amhin.exe"),
            (FileName, "tachikawa.doc"),
            (Mutex, "RPCConnection_01"),
            (RegistryKey, "HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\Connector"),
            (Email, "sender@kurotsuchi.net"),
            (Url, "http://kurotsuchi.net/images/banner.php"),
        ],
    );
}

#[test]
fn guesses_say_that_they_are() {
    let confidence = |value| {
        let reasons = reasons(Domain, value);
        reasons.iter().find(|r| r.code() == "member-name").unwrap().confidence()
    };
    assert_eq!(confidence("hitachi-login.com"), Confidence::Medium);
    assert_eq!(confidence("hitahci.org"), Confidence::Low);
}

#[test]
fn every_name_and_brand_of_the_demo_register_is_found() {
    let register: &Register = &REGISTER;
    for member in register.members() {
        for name in member.names.iter().chain(&member.brands) {
            let file = format!("{} (1).pdf", name.to_lowercase());
            let reasons = reasons(FileName, &file);
            let hit = reasons.iter().find(|r| r.code() == "member-name");
            assert!(hit.is_some_and(|r| r.owners().contains(&member.id)), "{file}");
        }
    }
}
