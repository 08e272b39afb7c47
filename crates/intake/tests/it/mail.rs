//! Mails as members forward them.

use noroshi_intake::{Draft, DropReason, Format, Hint, Limits, read};

fn draft(mail: &[u8]) -> Draft {
    read(mail, Hint::file_name("x.eml"), &Limits::default()).unwrap()
}

fn values(draft: &Draft) -> Vec<String> {
    draft
        .found
        .iter()
        .map(|f| format!("{} {}", f.observable.kind(), f.observable.value()))
        .collect()
}

fn has(draft: &Draft, wanted: &str) -> bool {
    values(draft).iter().any(|v| v == wanted)
}

fn dropped(draft: &Draft, text: &str, reason: DropReason) -> bool {
    draft.dropped.iter().any(|d| d.text.contains(text) && d.reason == reason)
}

const PHISHING: &str = "\
Return-Path: <bounce+taro=victim-heavy.co.jp@aoba-mail.net>\r
Delivered-To: taro@victim-heavy.co.jp\r
Received: from mx1.victim-heavy.co.jp (mx1.victim-heavy.co.jp [192.0.2.10]) by imap.victim-heavy.co.jp with ESMTP id 1 for <taro@victim-heavy.co.jp>; Mon, 14 Mar 2026 10:45:02 +0900\r
Received: from mta.aoba-mail.net (mta.aoba-mail.net [198.51.100.51]) by mx1.victim-heavy.co.jp with ESMTP id 2 for <taro@victim-heavy.co.jp>; Mon, 14 Mar 2026 10:45:01 +0900\r
Received: from [203.0.113.99] (unknown [203.0.113.99]) by mta.aoba-mail.net with ESMTPA id 3; Mon, 14 Mar 2026 10:45:00 +0900\r
Message-ID: <20260314.1@mta.aoba-mail.net>\r
From: =?ISO-2022-JP?B?GyRCOzNFRBsoQg==?= <billing@aoba-mail.net>\r
Reply-To: refund@aoba-refund.shop\r
To: =?utf-8?B?5aSq6YOO?= <taro@victim-heavy.co.jp>, hanako@victim-heavy.co.jp\r
Cc: sales@partner-firm.example.com\r
Subject: =?utf-8?B?44CQ6YeN6KaB44CR6KuL5rGC5pu4?= for Victim Heavy\r
X-Originating-IP: [203.0.113.98]\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=\"b1\"\r
\r
--b1\r
Content-Type: multipart/alternative; boundary=\"b2\"\r
\r
--b2\r
Content-Type: text/plain; charset=ISO-2022-JP\r
Content-Transfer-Encoding: 7bit\r
\r
BODY_2022\r
--b2\r
Content-Type: text/html; charset=utf-8\r
Content-Transfer-Encoding: quoted-printable\r
\r
<p>See <a href=3D\"http://203.0.113.70/~card/?id=3Dtaro%40victim-heavy.co.jp\">https://www.real-b=\r
ank.example.org/</a> and <a href=3D\"https://www.victim-heavy.co.jp/\">our page</a></p>\r
--b2--\r
--b1\r
Content-Type: application/zip; name=\"invoice_2026.zip\"\r
Content-Disposition: attachment; filename=\"invoice_2026.zip\"\r
Content-Transfer-Encoding: base64\r
\r
YWJj\r
--b1\r
Content-Type: text/csv; charset=utf-8\r
Content-Disposition: attachment; filename=\"iocs.csv\"\r
\r
type,value\r
domain,csv-evil[.]com\r
--b1--\r
";

fn phishing() -> Vec<u8> {
    let text = "山田です。http://aoba-refund.shop/pay を確認してください。";
    let (body, _, _) = encoding_rs::ISO_2022_JP.encode(text);
    let (head, tail) = PHISHING.split_once("BODY_2022").unwrap();
    [head.as_bytes(), &body, tail.as_bytes()].concat()
}

#[test]
fn takes_the_sender_and_leaves_the_victim() {
    let draft = draft(&phishing());
    assert_eq!(draft.format, Format::Mail);
    for wanted in [
        "email billing@aoba-mail.net",
        "email refund@aoba-refund.shop",
        "ipv4 198.51.100.51",
        "ipv4 203.0.113.99",
        "ipv4 203.0.113.98",
        "url http://aoba-refund.shop/pay",
        "url http://203.0.113.70/~card/",
        "file-name invoice_2026.zip",
        "sha256 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "domain csv-evil.com",
    ] {
        assert!(has(&draft, wanted), "{wanted} is not in {:#?}", values(&draft));
    }
    for value in values(&draft) {
        for word in ["victim", "taro", "hanako", "partner-firm", "192.0.2.10", "real-bank"] {
            assert!(!value.contains(word), "{value}");
        }
    }
    assert!(dropped(&draft, "bounce+taro", DropReason::Recipient));
    assert!(dropped(&draft, "mx1.victim-heavy.co.jp", DropReason::ReceivingHost));
    assert!(dropped(&draft, "20260314.1@", DropReason::MessageId));
    assert!(dropped(&draft, "real-bank", DropReason::Remark));
    let sender = draft.found.iter().find(|f| f.observable.value() == "198.51.100.51").unwrap();
    assert!(sender.sender_side);
    assert!(draft.facts.mail_subject.as_deref().unwrap().contains("請求書"));
    assert!(draft.facts.mail_recipients.contains(&"taro@victim-heavy.co.jp".to_owned()));
}

#[test]
fn the_inner_mail_is_the_evidence() {
    let outer = format!(
        "From: csirt@victim-heavy.co.jp\r\nTo: report@hub.example.org\r\nSubject: FW\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\
         Content-Type: text/plain\r\n\r\nPlease see attached. csirt, www.victim-heavy.co.jp\r\n\
         --o\r\nContent-Type: message/rfc822\r\n\r\n{}--o--\r\n",
        String::from_utf8_lossy(&phishing())
    );
    let draft = draft(outer.as_bytes());
    assert!(has(&draft, "email billing@aoba-mail.net"), "{:#?}", values(&draft));
    assert!(has(&draft, "file-name invoice_2026.zip"));
    for value in values(&draft) {
        assert!(!value.contains("victim") && !value.contains("hub.example"), "{value}");
    }
}

#[test]
fn recipients_in_base64_are_cut_off() {
    let mail = "From: a@evil-sender.com\r\nTo: taro@victim.co.jp\r\n\r\n\
                http://evil-kit.com/p?e=dGFyb0B2aWN0aW0uY28uanA=&x=1\r\n\
                http://evil-kit.com/taro@victim.co.jp/\r\n";
    let draft = draft(mail.as_bytes());
    assert!(has(&draft, "url http://evil-kit.com/p"), "{:#?}", values(&draft));
    assert!(values(&draft).iter().all(|v| !v.contains("taro") && !v.contains("dGFyb")));
}

#[test]
fn freemail_is_nobodys_domain() {
    let mail = "From: evil.one@gmail.com\r\nTo: me@gmail.com\r\nSubject: x\r\n\r\nhello\r\n";
    let draft = draft(mail.as_bytes());
    assert_eq!(values(&draft), ["email evil.one@gmail.com"]);
}

#[test]
fn japanese_without_a_character_set() {
    for encoding in [encoding_rs::SHIFT_JIS, encoding_rs::EUC_JP, encoding_rs::ISO_2022_JP] {
        let body = "接続先はevil-sjis.comです。ご確認をお願いいたします。";
        let (bytes, _, _) = encoding.encode(body);
        let head = b"From: a@evil-sender.com\r\nTo: b@victim.co.jp\r\nSubject: x\r\n\r\n";
        let draft = draft(&[&head[..], &bytes].concat());
        assert!(has(&draft, "domain evil-sjis.com"), "{}: {:?}", encoding.name(), values(&draft));
    }
}

#[test]
fn hostile_mails_are_refused() {
    let code = |mail: &[u8]| {
        let result = read(mail, Hint::file_name("x.eml"), &Limits::default());
        result.map(|d| d.found.len()).map_err(|e| e.code())
    };
    let nested = "Content-Type: message/rfc822\r\n\r\n".repeat(100_000);
    assert_eq!(code(nested.as_bytes()), Err("too-deep"));
    let parts = format!(
        "From: a@b.example.com\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n{}",
        "--a\r\n\r\n".repeat(500_000)
    );
    assert_eq!(code(parts.as_bytes()), Err("too-many-values"));
    let headers = "a:\n".repeat(1_000_000);
    assert_eq!(code(headers.as_bytes()), Err("too-many-values"));
    // As deep as is let through, on a small stack.
    let deep =
        "Content-Type: message/rfc822\r\n\r\n".repeat(250) + "From: a@evil-deep.com\r\n\r\nx";
    let thread = std::thread::Builder::new().stack_size(1024 * 1024);
    let result = thread.spawn(move || {
        read(deep.as_bytes(), Hint::file_name("x.eml"), &Limits::default())
            .map(|d| d.problems.len())
    });
    assert!(result.unwrap().join().unwrap().is_ok());
}
