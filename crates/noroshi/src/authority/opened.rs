//! What an envelope of a filing holds: the form as data, and the document people read.

use data_encoding::BASE64;
use noroshi_duty::Filing;
use serde_json::Value;

/// What the payload of a sealed filing calls itself.
const SCHEMA: &str = "noroshi-sealed-filing/";

/// An opened envelope of a filing.
pub(super) struct Opened {
    /// The payload without the document, as JSON.
    pub(super) json: Vec<u8>,
    /// The document; filings of older hubs have none.
    pub(super) pdf: Option<Vec<u8>>,
    /// The form, where this program can read it.
    pub(super) filing: Option<Filing>,
    /// Whether it came by consent of its reporter.
    pub(super) passed_on: bool,
}

impl Opened {
    /// Takes a payload apart; `None` where it is no sealed filing.
    pub(super) fn read(payload: &[u8]) -> Option<Self> {
        let mut whole: Value = serde_json::from_slice(payload).ok()?;
        let schema = whole.get("schema").and_then(Value::as_str)?;
        if !schema.starts_with(SCHEMA) {
            return None;
        }
        let parts = whole.as_object_mut()?;
        let pdf = parts.remove("pdf");
        let pdf =
            pdf.as_ref().and_then(Value::as_str).and_then(|t| BASE64.decode(t.as_bytes()).ok());
        let passed_on = parts.get("passed_on_by_consent") == Some(&Value::Bool(true));
        let filing = parts.get("filing").and_then(|f| Filing::from_json(&f.to_string()).ok());
        let mut json = serde_json::to_vec_pretty(&whole).ok()?;
        json.push(b'\n');
        Some(Self { json, pdf, filing, passed_on })
    }
}

#[cfg(test)]
mod tests {
    use super::Opened;

    #[test]
    fn a_payload_is_taken_apart() {
        let opened = Opened::read(br#"{"schema": "noroshi-sealed-filing/2", "pdf": "JVBERi0="}"#);
        let opened = opened.unwrap();
        assert_eq!(opened.pdf.unwrap(), b"%PDF-");
        assert!(!String::from_utf8(opened.json).unwrap().contains("pdf"));
        for other in ["{}", "[]", "%PDF-1.7", "{\"schema\": \"x\"}", ""] {
            assert!(Opened::read(other.as_bytes()).is_none(), "{other}");
        }
    }
}
