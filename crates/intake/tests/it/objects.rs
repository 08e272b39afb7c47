//! Lists of objects as TAXII clients post them: each object by itself.

use noroshi_intake::{DropReason, Limits, ReadObject, read_objects};
use proptest::prelude::*;

fn id(object_type: &str, n: u8) -> String {
    format!("{object_type}--{n:08}-1111-4111-8111-111111111111")
}

fn indicator(n: u8, pattern: &str) -> String {
    let id = id("indicator", n);
    format!(
        r#"{{"type":"indicator","spec_version":"2.1","id":"{id}","created":"2026-11-01T00:00:00Z",
        "modified":"2026-11-0{n}T00:00:00.5Z","pattern":"{pattern}","pattern_type":"stix"}}"#
    )
}

fn read(objects: &[String]) -> (Vec<String>, Vec<ReadObject>) {
    let (draft, read) = read_objects(objects.iter().map(String::as_bytes), &Limits::default());
    (draft.observables().map(|o| o.value()).collect(), read)
}

/// The code of a refusal, or how many indicators the object gave.
fn outcomes(read: &[ReadObject]) -> Vec<Result<usize, &'static str>> {
    read.iter().map(|o| o.outcome.as_ref().map(|y| y.found.len()).map_err(|p| p.code)).collect()
}

#[test]
fn one_bad_object_refuses_no_other() {
    let (address, mail) = (id("email-addr", 7), id("email-message", 8));
    let objects = [
        indicator(1, "[domain-name:value = 'c2.example.net']"),
        r#"{"type":"indicator" "id":7}"#.to_owned(),
        indicator(2, "[domain-name:value = "),
        "7".to_owned(),
        r#"{"type":"ipv4-addr","value":"198.51.100.9"}"#.to_owned(),
        r#"{"type":"ipv4-addr","id":"nonsense","value":"198.51.100.9"}"#.to_owned(),
        r#"{"id":"x","value":"198.51.100.9"}"#.to_owned(),
        format!(r#"{{"type":"bundle","id":"{}","objects":[]}}"#, id("bundle", 3)),
        format!(r#"{{"type":"note","id":"{}","content":"a\u0000b"}}"#, id("note", 4)),
        format!(r#"{{"type":"email-addr","id":"{address}","value":"taro@victim.co.jp"}}"#),
        format!(r#"{{"type":"email-message","id":"{mail}","to_refs":["{address}"]}}"#),
        indicator(5, "[domain-name:value = 'c2.example.net' AND ipv4-addr:value = '198.51.100.7']"),
        format!(r#"{{"type":"note","id":"{}","content":"a\\u0000b"}}"#, id("note", 6)),
    ];
    let (values, read) = read(&objects);
    assert_eq!(values, ["c2.example.net", "198.51.100.7"]);
    assert_eq!(
        outcomes(&read),
        [
            Ok(1),
            Err("json-syntax"),
            Err("pattern-syntax"),
            Err("not-an-object"),
            Err("no-id"),
            Err("bad-id"),
            Err("no-type"),
            Err("nested-bundle"),
            Err("nul-character"),
            Ok(0),
            Ok(0),
            Ok(2),
            Ok(0),
        ]
    );
    // The same value in two objects is one indicator of both.
    let found = |n: usize| read[n].outcome.as_ref().map(|y| y.found.clone()).ok();
    assert_eq!((found(0), found(11)), (Some(vec![0]), Some(vec![0, 1])));
    let recipient = read[9].outcome.as_ref().ok().map(|y| y.dropped.clone());
    assert_eq!(recipient, Some(vec![DropReason::Recipient]));
    assert_eq!(read[0].id, Some(id("indicator", 1)));
    assert_eq!(read[0].version.as_deref(), Some("2026-11-01T00:00:00.5Z"));
    assert_eq!((read[1].id.as_deref(), read[5].id.as_deref()), (None, Some("nonsense")));
}

#[test]
fn stix_20_is_read_as_in_bundles() {
    let objects = [format!(
        r#"{{"type":"observed-data","id":"{}","created":"2017-01-01T00:00:00Z","objects":{{
        "0":{{"type":"ipv4-addr","value":"198.51.100.8"}}}}}}"#,
        id("observed-data", 1)
    )];
    let (values, read) = read(&objects);
    assert_eq!((values, outcomes(&read)), (vec!["198.51.100.8".to_owned()], vec![Ok(1)]));
}

#[test]
fn limits_refuse_the_object_that_goes_beyond_them() {
    let limits = Limits { max_values: 60, max_indicators: 2, ..Limits::default() };
    let long = format!(r#"{{"type":"note","id":"{}","x":[{}1]}}"#, id("note", 9), "1,".repeat(60));
    let of = |n: u8| indicator(n, &format!("[ipv4-addr:value = '198.51.100.{n}']"));
    let objects = [of(1), long, of(2), of(3), of(1)];
    let (draft, read) = read_objects(objects.iter().map(String::as_bytes), &limits);
    assert_eq!(draft.found.len(), 2);
    let many = Err("too-many-indicators");
    assert_eq!(outcomes(&read), [Ok(1), Err("too-many-values"), Ok(1), many, Ok(1)]);
}

proptest! {
    #[test]
    fn whatever_the_pieces_are_each_gets_an_outcome(
        pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..60), 0..8),
        good in 0usize..8,
    ) {
        let mut pieces = pieces;
        let at = good.min(pieces.len());
        pieces.insert(at, indicator(1, "[ipv4-addr:value = '198.51.100.1']").into_bytes());
        let (draft, read) = read_objects(pieces.iter().map(Vec::as_slice), &Limits::default());
        prop_assert_eq!(read.len(), pieces.len());
        prop_assert_eq!(outcomes(&read)[at], Ok(1));
        prop_assert!(read.iter().filter_map(|o| o.outcome.as_ref().ok()).flat_map(|y| &y.found).all(|f| *f < draft.found.len()));
    }
}
