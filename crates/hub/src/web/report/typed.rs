//! What somebody typed into the report form, and the report it makes.

use data_encoding::BASE64URL_NOPAD;
use noroshi_stix::Timestamp;
use serde_json::{Map, Value, json};

use crate::api::Incoming;
use crate::error::HubError;
use crate::intake::{Part, Submission};
use crate::web::times;
use crate::web::visit::Visit;

/// Files up to this size together travel with the checked form, so that nobody has to choose them
/// again; browsers empty file fields.
const KEEP_BYTES: usize = 512 * 1024;

/// The fields of the form, as typed.
#[derive(Clone, Default)]
pub(crate) struct Typed {
    pub(crate) text: String,
    pub(crate) attack_type: String,
    pub(crate) initial_access: String,
    pub(crate) impact: String,
    pub(crate) hold_until: String,
    /// `jst` or `utc`.
    pub(crate) zone: String,
    pub(crate) idempotency: String,
    /// The report this one adds to.
    pub(crate) continues: Option<String>,
    /// Files that come back with the form.
    pub(crate) files: Vec<CarriedFile>,
    /// Names of files that were too large to come back.
    pub(crate) lost: Vec<String>,
    /// Whether the hub is to make words for it.
    pub(crate) words: bool,
    /// Whether the form was sent, not only checked.
    pub(crate) send: bool,
}

/// A file that travels in a field of the form.
#[derive(Clone)]
pub(crate) struct CarriedFile {
    pub(crate) name: String,
    pub(crate) size: String,
    pub(crate) packed: String,
}

/// The attached files of one request.
#[derive(Clone, Default)]
pub(crate) struct Kept(Vec<(String, String, Vec<u8>)>);

impl Typed {
    /// An empty form.
    pub(super) fn fresh(visit: &Visit, idempotency: String) -> Self {
        let zone = if visit.japanese() { "jst" } else { "utc" };
        Self { zone: zone.to_owned(), idempotency, ..Self::default() }
    }

    /// What came with a request. `fresh` replaces a missing key against double sending.
    pub(super) fn read(incoming: Incoming, fresh: String) -> (Self, Kept) {
        let mut typed = Self {
            idempotency: incoming.submission.idempotency.unwrap_or(fresh),
            continues: incoming.submission.continues,
            zone: "utc".to_owned(),
            ..Self::default()
        };
        let mut files = Vec::new();
        for (name, value) in incoming.fields {
            match name.as_str() {
                "attack_type" => typed.attack_type = value,
                "initial_access" => typed.initial_access = value,
                "impact" => typed.impact = value,
                "hold_until" => typed.hold_until = value,
                "zone" => typed.zone = value,
                "do" => typed.send = value == "send",
                "words" => typed.words = value == "yes",
                "kept" => files.extend(unpack(&value)),
                _ => {}
            }
        }
        for part in incoming.submission.parts {
            if part.name.is_empty() {
                typed.text = String::from_utf8_lossy(&part.bytes).into_owned();
            } else {
                files.push((part.name, part.media, part.bytes));
            }
        }
        let total: usize = files.iter().map(|(_, _, bytes)| bytes.len()).sum();
        if total <= KEEP_BYTES {
            typed.files = files.iter().map(|(n, m, b)| pack(n, m, b)).collect();
        } else {
            typed.lost = files.iter().map(|(name, _, _)| name.clone()).collect();
        }
        (typed, Kept(files))
    }

    /// The report: what was chosen, then what was pasted, then the files. With `as_narrative` the
    /// pasted text is also kept as the reporter's story.
    ///
    /// # Errors
    /// 422 where the moment until which to hold cannot be read or has passed.
    pub(super) fn submission(
        &self,
        files: Kept,
        now: Timestamp,
        as_narrative: bool,
    ) -> Result<Submission, HubError> {
        let mut fields = Map::new();
        let chosen = [
            ("attack_type", &self.attack_type),
            ("initial_access", &self.initial_access),
            ("impact", &self.impact),
        ];
        for (name, value) in chosen.into_iter().filter(|(_, v)| !v.is_empty()) {
            fields.insert(name.to_owned(), json!(value));
        }
        if !self.hold_until.is_empty() {
            let until = times::from_form(&self.hold_until, &self.zone)
                .ok_or_else(|| bad_hold("hold-unreadable"))?;
            if until <= now {
                return Err(bad_hold("hold-passed"));
            }
            fields.insert("hold_until".to_owned(), json!(until));
        }
        if as_narrative {
            fields.insert("narrative".to_owned(), json!(self.text));
        }
        let mut parts = Vec::new();
        if !fields.is_empty() {
            fields.insert("schema".to_owned(), json!("noroshi-report/1"));
            let bytes = Value::Object(fields).to_string().into_bytes();
            let (name, media) = ("form.json".to_owned(), "application/json".to_owned());
            parts.push(Part { name, media, bytes });
        }
        if !self.text.trim().is_empty() {
            let bytes = self.text.clone().into_bytes();
            parts.push(Part { name: String::new(), media: String::new(), bytes });
        }
        parts.extend(files.0.into_iter().map(|(name, media, bytes)| Part { name, media, bytes }));
        let (idempotency, continues) = (Some(self.idempotency.clone()), self.continues.clone());
        Ok(Submission { parts, idempotency, continues, reporter: None })
    }
}

fn bad_hold(code: &'static str) -> HubError {
    HubError::Request {
        status: axum::http::StatusCode::UNPROCESSABLE_ENTITY,
        code,
        detail: "Choose a moment in the future, or leave it empty.".to_owned(),
    }
}

fn pack(name: &str, media: &str, bytes: &[u8]) -> CarriedFile {
    let pieces = [name.as_bytes(), media.as_bytes(), bytes].map(|b| BASE64URL_NOPAD.encode(b));
    CarriedFile { name: name.to_owned(), size: size(bytes.len()), packed: pieces.join(".") }
}

fn unpack(packed: &str) -> Option<(String, String, Vec<u8>)> {
    let mut pieces = packed.splitn(3, '.').map(|p| BASE64URL_NOPAD.decode(p.as_bytes()).ok());
    let mut text = || String::from_utf8(pieces.next()??).ok();
    let (name, media) = (text()?, text()?);
    Some((name, media, pieces.next()??))
}

/// A size for people.
pub(in crate::web) fn size(bytes: usize) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KiB", bytes.div_ceil(1024)),
        _ => format!("{} MiB", bytes.div_ceil(1_048_576)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_travels_unharmed() {
        let bytes: Vec<u8> = (0..=255).collect();
        let packed = pack("一覧 \"x\".csv", "text/csv", &bytes).packed;
        let back = unpack(&packed).unwrap();
        assert_eq!(back, ("一覧 \"x\".csv".to_owned(), "text/csv".to_owned(), bytes));
        for broken in ["", "a", "a.b", "=.=.=", "YQ.YQ.!"] {
            assert!(unpack(broken).is_none(), "{broken}");
        }
    }

    #[test]
    fn a_hold_must_lie_ahead() {
        let now: Timestamp = "2026-11-24T00:00:00Z".parse().unwrap();
        let typed = |hold: &str| Typed {
            hold_until: hold.to_owned(),
            zone: "jst".to_owned(),
            ..Typed::default()
        };
        let code = |hold: &str| {
            typed(hold).submission(Kept::default(), now, false).err().map(|e| e.problem().code())
        };
        assert_eq!(code("2026-11-24T09:00"), Some("hold-passed"));
        assert_eq!(code("2026-11-24T09:01"), None);
        assert_eq!(code("soon"), Some("hold-unreadable"));
    }
}
