//! Bundles, events and tables, half broken as they come.

use noroshi_intake::{Draft, DropReason, Format, Hint, Limits, read};

fn draft(bytes: &[u8]) -> Draft {
    read(bytes, Hint::NONE, &Limits::default()).unwrap()
}

fn values(draft: &Draft) -> Vec<String> {
    draft.observables().map(|o| o.value()).collect()
}

#[test]
fn a_half_broken_bundle_keeps_its_sound_half() {
    let bundle = br#"{"type":"bundle","id":"bundle--c3d070f4-0c74-4af7-9b5f-4d0de2554913","objects":[
      {"type":"indicator","id":"indicator--11111111-1111-4111-8111-111111111111","pattern_type":"stix",
       "pattern":"[domain-name:value = 'c2.example.net']"},
      {"type":"indicator","id":"indicator--22222222-2222-4222-8222-222222222222","pattern_type":"stix",
       "pattern":"[domain-name:value = "},
      {"type":"email-message","id":"email-message--33333333-3333-4333-8333-333333333333",
       "to_refs":["email-addr--44444444-4444-4444-8444-444444444444"]},
      {"type":"email-addr","id":"email-addr--44444444-4444-4444-8444-444444444444","value":"taro@victim.co.jp"},
      {"type":"ipv4-addr","id":"ipv4-addr--55555555-5555-4555-8555-555555555555","value":"198.51.100[.]9"},
      7, {"no":"type"}, {"type":"domain-name","id":"nonsense","value":"evil.example.org"}]}"#;
    let draft = draft(bundle);
    assert_eq!(draft.format, Format::StixBundle);
    assert_eq!(values(&draft), ["c2.example.net", "198.51.100.9", "evil.example.org"]);
    assert!(draft.dropped.iter().any(|d| d.reason == DropReason::Recipient));
    assert!(draft.problems.len() >= 4, "{:?}", draft.problems);
    assert!(draft.problems.iter().any(|p| p.path.starts_with("objects[1]")));
    assert!(draft.problems.iter().all(|p| !p.message.contains("victim")));
}

#[test]
fn single_objects_lists_and_envelopes() {
    let one = r#"{"type":"domain-name","id":"domain-name--55555555-5555-4555-8555-555555555555","value":"a.example.org"}"#;
    let forms = [
        one.to_owned(),
        format!("[{one}]"),
        format!(r#"{{"more":false,"objects":[{one}]}}"#),
        format!(r#"[{{"type":"bundle","objects":[{one}]}}]"#),
    ];
    for form in forms {
        let draft = draft(form.as_bytes());
        assert_eq!(values(&draft), ["a.example.org"], "{form}");
    }
}

#[test]
fn events_of_every_wrapping() {
    let event = r#"{"Event":{"info":"x","Attribute":[
        {"type":"ip-dst|port","value":"198.51.100.7|443","to_ids":true},
        {"type":"email-dst","value":"taro@victim.co.jp"},
        {"type":"link","category":"External analysis","value":"https://blog.example.org/","to_ids":false},
        {"type":"domain","value":5},
        {"type":"domain","value":"old.example.net","deleted":true}],
      "Object":[{"name":"file","Attribute":[{"type":"filename","value":"a.exe"}]}, 3]}}"#;
    for form in [event.to_owned(), format!("[{event}]"), format!(r#"{{"response":[{event}]}}"#)] {
        let draft = draft(form.as_bytes());
        assert_eq!(draft.format, Format::MispEvent);
        assert_eq!(values(&draft), ["198.51.100.7", "a.exe"], "{form}");
        assert_eq!(draft.problems.len(), 2, "{:?}", draft.problems);
        assert!(draft.dropped.iter().any(|d| d.reason == DropReason::Recipient));
        assert!(draft.dropped.iter().any(|d| d.reason == DropReason::Remark));
    }
}

#[test]
fn tables_with_headers_in_both_languages() {
    let english = "type,value,comment\ndomain,evil[.]example.org,see https://blog.example.com\n\
                   ip,198.51.100.7,\nsha256,zzz,\n";
    let draft = draft(english.as_bytes());
    assert_eq!(draft.format, Format::Csv);
    assert_eq!(values(&draft), ["evil.example.org", "198.51.100.7"]);
    assert_eq!(draft.problems.len(), 1);
    assert_eq!(draft.problems[0].path, "row 4, column 2");
    assert!(draft.dropped.iter().any(|d| d.reason == DropReason::Remark));

    let japanese = "種別;値;備考;被害端末\nドメイン;evil。example．org;;PC-001.victim.co.jp\n";
    for encoding in [encoding_rs::UTF_8, encoding_rs::SHIFT_JIS, encoding_rs::EUC_JP] {
        let (bytes, _, _) = encoding.encode(japanese);
        let draft = read(&bytes, Hint::file_name("x.csv"), &Limits::default()).unwrap();
        assert_eq!(values(&draft), ["evil.example.org"], "{}", encoding.name());
        assert!(draft.dropped.iter().any(|d| d.reason == DropReason::Recipient));
    }

    let bare = "198.51.100.1\tx\n198.51.100.2\ty\n";
    let bare = read(bare.as_bytes(), Hint::file_name("x.tsv"), &Limits::default()).unwrap();
    assert_eq!(values(&bare), ["198.51.100.1", "198.51.100.2"]);
}

#[test]
fn drafts_merge_into_one_report() {
    let mail = b"From: a@evil-sender.com\r\nTo: b@victim.co.jp\r\nSubject: x\r\n\r\nhello\r\n";
    let merged = draft(b"a@evil-sender.com 198.51.100.7").merge(draft(mail));
    assert_eq!(values(&merged), ["a@evil-sender.com", "198.51.100.7"]);
    assert!(merged.found[0].sender_side, "the mail says who sent it");
    assert!(!format!("{merged:?}").contains("evil"));
}

#[test]
fn too_many_indicators_are_cut_and_said() {
    let limits = Limits { max_indicators: 3, ..Limits::default() };
    let text = "198.51.100.1 198.51.100.2 198.51.100.3 198.51.100.4 198.51.100.5";
    let draft = read(text.as_bytes(), Hint::NONE, &limits).unwrap();
    assert_eq!(draft.found.len(), 3);
    assert!(draft.problems.iter().any(|p| p.code == "too-many-indicators"));
}
