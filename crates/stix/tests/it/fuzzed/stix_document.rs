//! Documents of any shape: judged, upgraded and written readably, and nothing is lost.

use std::collections::BTreeMap;

use noroshi_stix::limits::MAX_FINDINGS;
use noroshi_stix::{Document, UpgradedDocument, readable, validate_document};
use serde_json::Value;

/// Reads the bytes as a document.
pub(super) fn check(bytes: &[u8]) {
    let document = match Document::read(bytes) {
        Ok(document) => document,
        Err(error) => {
            assert!(!error.code().is_empty() && error.to_string().len() < 200);
            // What is JSON of another kind is written readably all the same.
            let _ = readable(bytes);
            return;
        }
    };
    judge(&document);
    let UpgradedDocument { document: upgraded, changes, origins } = document.clone().upgrade();
    assert_eq!(origins.len(), upgraded.objects().len());
    assert!(origins.is_sorted());
    assert!(
        changes.iter().all(|(index, list)| *index < document.objects().len() && !list.is_empty())
    );
    judge(&upgraded);
    let again = upgraded.clone().upgrade();
    assert!(again.changes.is_empty(), "{:?}", again.changes);
    assert_eq!(again.document, upgraded);

    let text = readable(bytes).unwrap();
    let values = |bytes: &[u8]| -> Vec<Value> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        serde_json::Deserializer::from_slice(bytes).into_iter().map(Result::unwrap).collect()
    };
    assert_eq!(values(text.as_bytes()), values(bytes), "nothing is lost");
    assert_eq!(readable(text.as_bytes()).as_ref(), Ok(&text), "readable is readable already");
}

fn judge(document: &Document) {
    let report = validate_document(document);
    assert_eq!(report.objects.len(), document.objects().len());
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for object in &report.objects {
        assert!(object.findings.len() <= MAX_FINDINGS);
        for finding in &object.findings {
            *counts.entry(finding.code).or_default() += 1;
            assert!(finding.message.len() < 600, "sentences stay short: {}", finding.message);
        }
    }
    assert_eq!(validate_document(document), report, "the same document, the same findings");
}
