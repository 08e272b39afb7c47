//! Documents of every shape, and their readable form.

use noroshi_stix::limits::MAX_JSON_DEPTH;
use noroshi_stix::{Document, DocumentError, Shape, readable};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::properties::any_json;

#[test]
fn every_shape_is_read() {
    for (text, shape, count) in [
        (r#"{"type":"a"}"#, Shape::Object, 1),
        ("\u{feff}{\"type\":\"a\"}", Shape::Object, 1),
        (r#"{"type":"bundle","id":"x","objects":[{"type":"a"},5]}"#, Shape::Bundle, 2),
        (r#"{"type":"bundle"}"#, Shape::Bundle, 0),
        (r#"[{"type":"a"}]"#, Shape::List, 1),
        ("[]", Shape::List, 0),
        (r#"{"more":true,"next":"5","objects":[{"type":"a"}]}"#, Shape::Envelope, 1),
        ("{\"type\":\"a\"}\n{\"type\":\"b\"}\n\n", Shape::Lines, 2),
        ("{\"type\":\"a\"}{\"type\":\"b\"}", Shape::Lines, 2),
    ] {
        let document = Document::read(text.as_bytes()).unwrap();
        assert_eq!((document.shape(), document.objects().len()), (shape, count), "{text}");
    }
    for (text, want) in [
        ("", DocumentError::NotStix),
        ("5", DocumentError::NotStix),
        ("{}", DocumentError::NotStix),
        ("{\"type\":\"a\"}\n{", DocumentError::NotJson { line: 2, column: 1 }),
    ] {
        assert_eq!(Document::read(text.as_bytes()), Err(want), "{text}");
    }
}

#[test]
fn depth_is_bounded_where_it_says() {
    let deep = |n: usize| format!("{{\"type\":\"a\",\"x_a\":{}{}}}", "[".repeat(n), "]".repeat(n));
    assert!(Document::read(deep(MAX_JSON_DEPTH - 1).as_bytes()).is_ok());
    assert!(readable(deep(MAX_JSON_DEPTH - 1).as_bytes()).is_ok());
    for n in [MAX_JSON_DEPTH, 1_000_000] {
        let error = Document::read(deep(n).as_bytes()).unwrap_err();
        assert_eq!(error.code(), "document-too-deep");
        assert_eq!(readable(deep(n).as_bytes()), Err(error));
    }
}

#[test]
fn readable_is_in_the_order_of_the_specification() {
    let text = r#"{"objects":[{"x_b":1.50,"x_a":12345678901234567890123,"valid_from":"2026-01-01T00:00:00Z",
        "pattern":"[a:b = '\u0041\u65e5']","id":"i","name":"n","external_references":[{"url":"u","source_name":"s"}],
        "spec_version":"2.1","type":"indicator","created":"c","extensions":{"b":{"z":1,"extension_type":"p"},"a":{}},
        "labels":[]}],"id":"b","type":"bundle"}"#;
    let want = r#"{
  "type": "bundle",
  "id": "b",
  "objects": [
    {
      "type": "indicator",
      "spec_version": "2.1",
      "id": "i",
      "created": "c",
      "labels": [],
      "external_references": [
        {
          "source_name": "s",
          "url": "u"
        }
      ],
      "extensions": {
        "a": {},
        "b": {
          "extension_type": "p",
          "z": 1
        }
      },
      "name": "n",
      "pattern": "[a:b = 'A日']",
      "valid_from": "2026-01-01T00:00:00Z",
      "x_a": 12345678901234567890123,
      "x_b": 1.50
    }
  ]
}
"#;
    assert_eq!(readable(text.as_bytes()).as_deref(), Ok(want));
    let twice = "{\"b\": 1, \"type\": \"a\", \"b\": 2}";
    assert_eq!(
        readable(twice.as_bytes()).as_deref(),
        Ok("{\n  \"type\": \"a\",\n  \"b\": 1,\n  \"b\": 2\n}\n")
    );
    let lines = "{\"id\":\"1\",\"type\":\"a\"} {\"id\":\"2\",\"type\":\"b\"}";
    assert_eq!(
        readable(lines.as_bytes()).as_deref(),
        Ok("{\"type\": \"a\", \"id\": \"1\"}\n{\"type\": \"b\", \"id\": \"2\"}\n")
    );
}

proptest! {
    #[test]
    fn readable_loses_nothing_and_settles(
        object_type in prop::sample::select(vec!["indicator", "file", "bundle", "x-a", "observed-data"]),
        key in prop::sample::select(vec!["objects", "extensions", "external_references", "hashes", "x_a"]),
        value in any_json(),
    ) {
        let object = json!({"type": object_type, key: value});
        let text = readable(object.to_string().as_bytes()).unwrap();
        let again: Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(again, object);
        prop_assert_eq!(readable(text.as_bytes()), Ok(text));
    }
}
