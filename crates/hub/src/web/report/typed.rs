//! What somebody typed into the report form, and the report it makes.

use axum::http::StatusCode;
use data_encoding::BASE64URL_NOPAD;
use noroshi_stix::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::incoming::Posted;
use crate::drafts::{self, Draft, NewFile};
use crate::error::HubError;
use crate::intake::{Part, Submission};
use crate::vault::drafts::{DraftContent, DraftFile};
use crate::web::times;
use crate::web::visit::Visit;

/// Files up to this size together travel with the checked form, so that nobody has to choose them
/// again; browsers empty file fields.
const KEEP_BYTES: usize = 512 * 1024;
/// Characters of the pasted text that name a draft in a list.
const GLIMPSE: usize = 60;
/// A clock in a browser may be ahead of ours by this much, in microseconds.
const AHEAD_MICROS: i64 = 10 * 60 * 1_000_000;

/// One plain answer to "What happened?".
pub(super) struct Happened {
    /// As the form names it.
    pub(super) id: &'static str,
    /// The kind of attack it stands for.
    pub(super) kind: &'static str,
    /// Keys of its words and of one line of help.
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
}

const fn happened(
    id: &'static str,
    kind: &'static str,
    [label, hint]: [&'static str; 2],
) -> Happened {
    Happened { id, kind, label, hint }
}

/// The five answers.
pub(super) const HAPPENED: [Happened; 5] = [
    happened("mail", "phishing", ["happened-mail", "happened-mail-hint"]),
    happened("encrypted", "ransomware", ["happened-encrypted", "happened-encrypted-hint"]),
    happened("intrusion", "unauthorised-access", ["happened-intrusion", "happened-intrusion-hint"]),
    happened("outage", "denial-of-service", ["happened-outage", "happened-outage-hint"]),
    happened("unsure", "unknown", ["happened-unsure", "happened-unsure-hint"]),
];

/// The fields of the form, as typed: what a draft keeps.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Fields {
    /// Which of [`HAPPENED`], or empty.
    pub(crate) happened: String,
    /// When it was noticed, in `zone`.
    pub(crate) noticed: String,
    /// `jst` or `utc`.
    pub(crate) zone: String,
    pub(crate) text: String,
    /// A kind of attack that says more than `happened`, or empty.
    pub(crate) attack_type: String,
    pub(crate) initial_access: String,
    pub(crate) impact: String,
    pub(crate) hold_until: String,
    /// Whether the hub is to make words for it.
    pub(crate) words: bool,
    /// The report this one adds to.
    pub(crate) continues: Option<String>,
}

/// The form with everything that travels in it.
#[derive(Clone, Default)]
pub(crate) struct Typed {
    pub(crate) fields: Fields,
    /// The key against double filing, which is also the draft's name.
    pub(crate) idempotency: String,
    /// Which revision of the draft was typed over; 0 where it was never saved.
    pub(crate) revision: i64,
    /// Who was signed in when the form was shown; see [`person`].
    pub(crate) person: String,
    /// Files in the draft.
    pub(crate) attached: Vec<AttachedFile>,
    /// Files that come back with the form.
    pub(crate) files: Vec<CarriedFile>,
    /// Names of files that did not come back.
    pub(crate) lost: Vec<String>,
    /// Names of files that are too large for a report.
    pub(crate) too_large: Vec<String>,
    pub(crate) pressed: Pressed,
}

/// Which button was pressed.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) enum Pressed {
    #[default]
    Check,
    Send,
    Save,
    /// Go on with a form that was sent while nobody was signed in.
    GoOn,
    /// Take this file out of the draft.
    Remove(String),
}

/// A file in the draft.
#[derive(Clone)]
pub(crate) struct AttachedFile {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) size: String,
}

impl AttachedFile {
    /// As the form names it: what a person believes to send is compared with what is there.
    pub(crate) fn named(&self) -> String {
        format!("{} {}", self.id, self.name)
    }
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

impl Kept {
    /// Bytes of all together.
    pub(super) fn bytes(&self) -> usize {
        self.0.iter().map(|(_, _, bytes)| bytes.len()).sum()
    }

    /// The same for a draft.
    pub(super) fn into_new(self) -> Vec<NewFile> {
        let new = |(name, media, content)| NewFile { name, media, content };
        self.0.into_iter().map(new).collect()
    }

    /// The draft's files and these.
    pub(super) fn after(self, files: Vec<DraftContent>) -> Self {
        let first = files.into_iter().map(|f| (f.name, f.media, f.content));
        Self(first.chain(self.0).collect())
    }
}

impl Typed {
    /// An empty form.
    pub(super) fn fresh(visit: &Visit, idempotency: String) -> Self {
        let zone = if visit.japanese() { "jst" } else { "utc" };
        let fields = Fields { zone: zone.to_owned(), ..Fields::default() };
        Self { fields, idempotency, person: person(visit), ..Self::default() }
    }

    /// The form of a draft.
    pub(super) fn of_draft(visit: &Visit, draft: &Draft) -> Self {
        Self {
            // A draft of a later version may hold what this one does not know: the rest is kept.
            fields: serde_json::from_str(&draft.row.body).unwrap_or_default(),
            idempotency: draft.row.id.clone(),
            revision: draft.row.revision,
            person: person(visit),
            attached: draft.files.iter().map(attached).collect(),
            ..Self::default()
        }
    }

    /// What came with a request. `fresh` replaces a missing key against double sending.
    pub(super) fn read(posted: Posted, fresh: String) -> (Self, Kept) {
        let mut typed = Self { idempotency: fresh, ..Self::default() };
        typed.fields.text = posted.text;
        typed.fields.zone = "utc".to_owned();
        let mut files = Vec::new();
        for (name, value) in posted.fields {
            let fields = &mut typed.fields;
            match name.as_str() {
                "happened" => fields.happened = value,
                "noticed" => fields.noticed = value,
                "attack_type" => fields.attack_type = value,
                "initial_access" => fields.initial_access = value,
                "impact" => fields.impact = value,
                "hold_until" => fields.hold_until = value,
                "zone" => fields.zone = value,
                "words" => fields.words = value == "yes",
                "continues" => fields.continues = Some(value).filter(|id| !id.is_empty()),
                "idempotency" if !value.is_empty() => typed.idempotency = value,
                "revision" => typed.revision = value.parse().unwrap_or(0),
                "person" => typed.person = value,
                "do" => typed.pressed = pressed(&value),
                "attached" => typed.attached.extend(named(&value)),
                "kept" => files.extend(unpack(&value)),
                _ => {}
            }
        }
        files.extend(posted.files.into_iter().map(|f| (f.name, f.media, f.content)));
        let kept = Kept(files);
        if kept.bytes() <= KEEP_BYTES {
            typed.files = kept.0.iter().map(|(n, m, b)| pack(n, m, b)).collect();
        } else {
            typed.lost = kept.0.iter().map(|(name, _, _)| name.clone()).collect();
        }
        typed.too_large = posted.too_large;
        (typed, kept)
    }

    /// What a draft keeps of it.
    pub(super) fn for_draft(&self) -> drafts::Typed {
        let words = self.fields.text.split_whitespace().flat_map(|w| [" ", w]).skip(1);
        let mut glimpse: String = words.flat_map(str::chars).take(GLIMPSE + 1).collect();
        if let Some((at, _)) = glimpse.char_indices().nth(GLIMPSE) {
            glimpse.truncate(at);
            glimpse.push('…');
        }
        let known = HAPPENED.iter().find(|h| h.id == self.fields.happened);
        drafts::Typed {
            happened: known.map(|h| h.id).unwrap_or_default().to_owned(),
            // One engine takes no such character; the JSON escapes it.
            glimpse: glimpse.replace('\0', " "),
            body: serde_json::to_string(&self.fields).unwrap_or_default(),
            over: self.revision,
            blank: self.is_empty(&Kept::default())
                && self.fields.hold_until.is_empty()
                && !self.fields.words,
        }
    }

    /// Whether anything at all was given, with `files` attached.
    pub(super) fn is_empty(&self, files: &Kept) -> bool {
        let f = &self.fields;
        let given = [&f.happened, &f.noticed, &f.attack_type, &f.initial_access, &f.impact];
        f.text.trim().is_empty() && files.0.is_empty() && given.iter().all(|g| g.is_empty())
    }

    /// The kind of attack: the exact one, or the one the plain answer stands for.
    fn attack_type(&self) -> &str {
        if !self.fields.attack_type.is_empty() {
            return &self.fields.attack_type;
        }
        let known = HAPPENED.iter().find(|h| h.id == self.fields.happened);
        known.map(|h| h.kind).unwrap_or_default()
    }

    /// The report: what was chosen, then what was pasted, then the files. With `as_narrative` the
    /// pasted text is also kept as the reporter's story.
    ///
    /// # Errors
    /// 422 where a moment cannot be read, the one until which to hold has passed, or the one when
    /// it was noticed is still to come.
    pub(super) fn submission(
        &self,
        files: Kept,
        now: Timestamp,
        as_narrative: bool,
    ) -> Result<Submission, HubError> {
        let f = &self.fields;
        let mut fields = Map::new();
        let chosen = [
            ("attack_type", self.attack_type()),
            ("initial_access", &f.initial_access),
            ("impact", &f.impact),
        ];
        for (name, value) in chosen.into_iter().filter(|(_, v)| !v.is_empty()) {
            fields.insert(name.to_owned(), json!(value));
        }
        if !f.noticed.is_empty() {
            let at = times::from_form(&f.noticed, &f.zone)
                .ok_or_else(|| bad_time("noticed-unreadable"))?;
            if at > now.plus_micros(AHEAD_MICROS) {
                return Err(bad_time("noticed-ahead"));
            }
            fields.insert("detected_at".to_owned(), json!(at));
        }
        if !f.hold_until.is_empty() {
            let until = times::from_form(&f.hold_until, &f.zone)
                .ok_or_else(|| bad_time("hold-unreadable"))?;
            if until <= now {
                return Err(bad_time("hold-passed"));
            }
            fields.insert("hold_until".to_owned(), json!(until));
        }
        if as_narrative {
            fields.insert("narrative".to_owned(), json!(f.text));
        }
        let mut parts = Vec::new();
        if !fields.is_empty() {
            fields.insert("schema".to_owned(), json!("noroshi-report/1"));
            let bytes = Value::Object(fields).to_string().into_bytes();
            let (name, media) = (FORM.to_owned(), "application/json".to_owned());
            parts.push(Part { name, media, bytes });
        }
        if !f.text.trim().is_empty() {
            let bytes = f.text.clone().into_bytes();
            parts.push(Part { name: String::new(), media: String::new(), bytes });
        }
        parts.extend(files.0.into_iter().map(|(name, media, bytes)| Part { name, media, bytes }));
        let (idempotency, continues) = (Some(self.idempotency.clone()), f.continues.clone());
        Ok(Submission { parts, idempotency, continues, reporter: None })
    }
}

/// What the chosen fields are called among a report's files.
const FORM: &str = "form.json";

/// Whether a submission is one that was filed before: every part of it is there, and what else is
/// there are files, which were in the draft that ended with the report.
pub(super) fn is_again(submission: &Submission, filed: &[(String, Vec<u8>)]) -> bool {
    let was_filed =
        |p: &Part| filed.iter().any(|(name, bytes)| *name == p.name && *bytes == p.bytes);
    let typed_now = |wanted: &str| submission.parts.iter().any(|p| p.name == wanted);
    submission.parts.iter().all(was_filed)
        && filed.iter().all(|(name, _)| !matches!(name.as_str(), "" | FORM) || typed_now(name))
}

/// Who is signed in, as a form remembers it: whoever signs in later at the same screen must not
/// send what somebody else typed in its own name unseen.
pub(super) fn person(visit: &Visit) -> String {
    use sha2::{Digest, Sha256};
    let account = visit.who.session().map(|s| s.account.id.as_str()).unwrap_or_default();
    if account.is_empty() {
        return String::new();
    }
    let digest = Sha256::digest(format!("noroshi form person\0{account}"));
    data_encoding::HEXLOWER.encode(digest.get(..8).unwrap_or_default())
}

pub(super) fn attached(file: &DraftFile) -> AttachedFile {
    AttachedFile { id: file.id.clone(), name: file.name.clone(), size: size(file.bytes) }
}

fn pressed(value: &str) -> Pressed {
    match value.split_once(':') {
        Some(("remove", id)) => Pressed::Remove(id.to_owned()),
        _ => match value {
            "send" => Pressed::Send,
            "save" => Pressed::Save,
            "go-on" => Pressed::GoOn,
            _ => Pressed::Check,
        },
    }
}

fn named(value: &str) -> Option<AttachedFile> {
    let (id, name) = value.split_once(' ')?;
    Some(AttachedFile { id: id.to_owned(), name: name.to_owned(), size: String::new() })
}

fn bad_time(code: &'static str) -> HubError {
    HubError::Request {
        status: StatusCode::UNPROCESSABLE_ENTITY,
        code,
        detail: "Choose another date and time, or leave it empty.".to_owned(),
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

    fn typed(change: impl FnOnce(&mut Fields)) -> Typed {
        let mut typed = Typed::default();
        typed.fields.zone = "jst".to_owned();
        change(&mut typed.fields);
        typed
    }

    fn now() -> Timestamp {
        "2026-11-24T00:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_hold_must_lie_ahead_and_what_was_noticed_behind() {
        let code = |typed: Typed| {
            typed.submission(Kept::default(), now(), false).err().map(|e| e.problem().code())
        };
        let hold = |at: &str| code(typed(|f| f.hold_until = at.to_owned()));
        assert_eq!(hold("2026-11-24T09:00"), Some("hold-passed"));
        assert_eq!(hold("2026-11-24T09:01"), None);
        assert_eq!(hold("soon"), Some("hold-unreadable"));
        let noticed = |at: &str| code(typed(|f| f.noticed = at.to_owned()));
        assert_eq!(noticed("2026-11-24T09:10"), None);
        assert_eq!(noticed("2026-11-24T09:11"), Some("noticed-ahead"));
        assert_eq!(noticed("yesterday"), Some("noticed-unreadable"));
    }

    #[test]
    fn the_exact_kind_says_more_than_the_plain_answer() {
        let kind = |happened: &str, exact: &str| {
            let typed = typed(|f| {
                f.happened = happened.to_owned();
                f.attack_type = exact.to_owned();
            });
            typed.attack_type().to_owned()
        };
        assert_eq!(kind("encrypted", ""), "ransomware");
        assert_eq!(kind("mail", "targeted-mail"), "targeted-mail");
        assert_eq!(kind("nonsense", ""), "");
        let vocabulary = noroshi_anonymity::Vocabulary::builtin().unwrap();
        for h in HAPPENED {
            let term = vocabulary.term(noroshi_anonymity::Group::AttackType, h.kind);
            assert_eq!(term.unwrap().id(), h.kind);
        }
    }

    #[test]
    fn a_draft_keeps_what_was_typed() {
        let before = typed(|f| {
            f.text = "貼り付け\r\n2".to_owned();
            f.words = true;
            f.continues = Some("r-1".to_owned());
        });
        let after: Fields = serde_json::from_str(&before.for_draft().body).unwrap();
        assert_eq!(after.text, before.fields.text);
        assert!(after.words && after.continues.as_deref() == Some("r-1"));
        assert_eq!(before.for_draft().glimpse, "貼り付け 2");
        let long = typed(|f| f.text = "あ い\n".repeat(99)).for_draft().glimpse;
        assert!(long.starts_with("あ い あ い") && long.ends_with('…'), "{long}");
        assert_eq!(long.chars().count(), GLIMPSE + 1);
        let other: Fields = serde_json::from_str(r#"{"text":"x","later":1}"#).unwrap();
        assert_eq!(other.text, "x");
    }

    #[test]
    fn the_same_again_is_told_from_something_else() {
        let submission = |text: &str| {
            typed(|f| f.text = text.to_owned()).submission(Kept::default(), now(), false).unwrap()
        };
        let filed = |parts: &[(&str, &str)]| -> Vec<(String, Vec<u8>)> {
            parts.iter().map(|(n, b)| ((*n).to_owned(), b.as_bytes().to_vec())).collect()
        };
        let stored = filed(&[("", "a"), ("list.txt", "b")]);
        assert!(is_again(&submission("a"), &stored));
        assert!(!is_again(&submission("other"), &stored));
        assert!(!is_again(&submission(""), &stored));
        assert!(!is_again(&submission("a"), &filed(&[("", "a"), ("form.json", "{}")])));
    }
}
