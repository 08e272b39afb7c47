//! What people see of a document: mails decoded, everything else as it came.

use noroshi_intake::text::{self, Outcome};
use noroshi_intake::{Hint, Limits, legible};
use proptest::prelude::*;

const MAIL: &str = "From: a@kaiun-post.example\r\nTo: x@y.example\r\nSubject: =?UTF-8?B?6KuL5rGC5pu4?=\r\n\
    Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n\
    aHh4cDovL2V2aWxbLl1vcmcvYQ==\r\n";

#[test]
fn a_mail_is_shown_decoded_with_its_head_apart() {
    let shown = legible(MAIL.as_bytes(), Hint::file_name("m.eml"), &Limits::default());
    let head = shown.head.unwrap();
    assert!(head.starts_with("請求書\n") && head.contains("From: a@kaiun-post.example"), "{head}");
    assert!(!head.contains("aHh4"), "{head}");
    assert_eq!(shown.text.trim(), "hxxp://evil[.]org/a");
}

#[test]
fn text_is_shown_as_it_is() {
    let shown = legible("接続先 1.2.3.4".as_bytes(), Hint::NONE, &Limits::default());
    assert!(shown.head.is_none() && shown.text == "接続先 1.2.3.4");
}

#[test]
fn places_of_indicators_are_those_of_the_text_as_written() {
    let text = "見た: hxxps://cdn-teikei[.]org/up と ｅｖｉｌ．ｃｏｍ\nファイル名: 請求書.exe\n45[.]83[.]22[.]109\n";
    let mut spans = Vec::new();
    text::extract(text.as_bytes(), &mut |c| {
        if let Outcome::Found(_) = c.outcome {
            spans.push(&text[c.span]);
        }
    });
    for written in
        ["hxxps://cdn-teikei[.]org/up", "ｅｖｉｌ．ｃｏｍ", "請求書.exe", "45[.]83[.]22[.]109"]
    {
        assert!(spans.contains(&written), "{written}: {spans:?}");
    }
}

proptest! {
    #[test]
    fn every_place_lies_in_the_text(text in "(\\PC|[.\\[\\](){}@:/\n ]|evil|com|hxxp|。|　){0,120}") {
        text::extract(text.as_bytes(), &mut |c| {
            assert!(c.span.start <= c.span.end && c.span.end <= text.len(), "{:?}", c.span);
        });
        let _shown = legible(text.as_bytes(), Hint::file_name("m.eml"), &Limits::default());
    }
}
