//! `noroshi stix validate`: what is wrong with STIX objects.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use noroshi_stix::{
    Change, Document, DocumentError, Finding, Severity, Shape, UpgradedDocument, validate_document,
};
use serde_json::{Value, json};

use super::wording::Wording;
use super::{FOUND, UNREADABLE, bytes_of, label, plain};

/// Say what is wrong with STIX objects, one finding a line.
///
/// Reads a bundle, one object, a list, one object per line, or a TAXII envelope. STIX 2.0 is
/// upgraded first, and what changed is listed. Each line says the file, how bad it is, the code
/// (`noroshi stix explain CODE` says more), the object, the place in the file and what is wrong.
/// One bad object rejects no other.
///
/// Exits 0 when nothing is against the specification (there may be warnings), 1 when something is,
/// 2 when a file cannot be read.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  noroshi stix validate bundle.json
  noroshi stix validate --strict *.json           warnings count, too
  curl ... | noroshi stix validate --json -       for programs
  noroshi stix explain id-not-deterministic       what a code means")]
pub(crate) struct Args {
    /// The files; - reads standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Exit with 1 for warnings, too
    #[arg(long)]
    strict: bool,
    /// Show every finding, not only the first ten of each code
    #[arg(long)]
    all: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Most lines with one code shown for a file unless --all is given.
const SHOWN: usize = 10;

pub(crate) fn run(args: &Args, wording: &Wording) -> Result<ExitCode> {
    let mut worst = 0;
    let mut judged = Vec::new();
    for path in &args.files {
        let file = label(path);
        let read = bytes_of(path).map_err(|error| Unreadable::Io(error.to_string()));
        match read.and_then(|bytes| Document::read(&bytes).map_err(Unreadable::Document)) {
            Ok(document) => {
                let verdict = Verdict::of(document);
                let bad = verdict.errors > 0 || args.strict && verdict.warnings > 0;
                worst = worst.max(if bad { FOUND } else { 0 });
                if args.json {
                    judged.push(verdict.json(&file));
                } else {
                    verdict.show(&file, args, wording);
                }
            }
            Err(error) => {
                worst = UNREADABLE;
                if args.json {
                    judged.push(json!({"file": file, "error": error.json(wording)}));
                } else {
                    let reason = error.sentence(wording);
                    eprintln!(
                        "{}",
                        wording.with("stix-unreadable", &[("file", &file), ("reason", &reason)])
                    );
                }
            }
        }
    }
    if args.json {
        let all = json!({"exit": worst, "files": judged});
        println!("{}", serde_json::to_string_pretty(&all)?);
    }
    Ok(ExitCode::from(worst))
}

enum Unreadable {
    Io(String),
    Document(DocumentError),
}

impl Unreadable {
    fn sentence(&self, wording: &Wording) -> String {
        match self {
            Self::Io(text) => plain::text(text),
            Self::Document(error) => wording.document_error(error),
        }
    }

    fn json(&self, wording: &Wording) -> Value {
        let code = match self {
            Self::Io(_) => "not-readable",
            Self::Document(error) => error.code(),
        };
        json!({"code": code, "message": self.sentence(wording)})
    }
}

/// One file, judged.
struct Verdict {
    shape: Shape,
    objects: usize,
    upgraded: Vec<(Place, Vec<Change>)>,
    findings: Vec<(Place, Finding)>,
    errors: usize,
    warnings: usize,
}

/// Where in the file, and which object.
#[derive(Clone)]
struct Place {
    /// Place of the object in its list; `None` for the bundle itself.
    index: Option<usize>,
    id: Option<String>,
}

impl Verdict {
    fn of(document: Document) -> Self {
        let (shape, objects) = (document.shape(), document.objects().len());
        let id =
            |object: Option<&Value>| object?.get("id")?.as_str().map(|id| plain::clipped(id, 100));
        let old_ids: Vec<Option<String>> = document.objects().iter().map(|o| id(Some(o))).collect();
        let bundle_id = document.wrapper().get("id").and_then(Value::as_str);
        let bundle = Place { index: None, id: bundle_id.map(|id| plain::clipped(id, 100)) };
        let UpgradedDocument { document, changes, origins } = document.upgrade();
        let report = validate_document(&document);
        let upgraded = changes
            .into_iter()
            .map(|(index, changes)| {
                let id = old_ids.get(index).cloned().flatten();
                (Place { index: Some(index), id }, changes)
            })
            .collect();
        let mut findings: Vec<(Place, Finding)> =
            report.findings.into_iter().map(|finding| (bundle.clone(), finding)).collect();
        for object in report.objects {
            let index = origins.get(object.index).copied().unwrap_or(object.index);
            let place = Place { index: Some(index), id: id(document.objects().get(object.index)) };
            findings.extend(object.findings.into_iter().map(|finding| (place.clone(), finding)));
        }
        let errors = findings.iter().filter(|(_, f)| f.severity == Severity::Error).count();
        let warnings = findings.len() - errors;
        Self { shape, objects, upgraded, findings, errors, warnings }
    }

    fn show(&self, file: &str, args: &Args, wording: &Wording) {
        let mut shown = Shown::new(if args.all { usize::MAX } else { SHOWN });
        for (place, changes) in &self.upgraded {
            for change in changes.iter().filter(|change| shown.one_more(change.code)) {
                let named = [
                    ("file", file),
                    ("id", &place.id(wording)),
                    ("path", &self.path(place, "")),
                    ("change", &wording.change(change)),
                ];
                println!("{}", wording.with("stix-upgraded", &named));
            }
        }
        for (place, finding) in &self.findings {
            if !shown.one_more(finding.code) {
                continue;
            }
            let named = [
                ("file", file),
                ("severity", &wording.severity(finding.severity)),
                ("code", finding.code),
                ("id", &place.id(wording)),
                ("path", &self.path(place, &finding.path)),
                ("message", &wording.finding(finding)),
            ];
            println!("{}", wording.with("stix-finding", &named));
        }
        for (code, more) in shown.left_out() {
            let named = [("file", file), ("count", &more.to_string()), ("code", code)];
            println!("{}", wording.with("stix-more", &named));
        }
        let key = match (self.errors, self.warnings) {
            (0, 0) => "stix-summary-good",
            (0, _) if args.strict => "stix-summary-strict",
            (0, _) => "stix-summary-good",
            _ => "stix-summary-bad",
        };
        let named = [
            ("file", file),
            ("objects", &self.objects.to_string()),
            ("errors", &self.errors.to_string()),
            ("warnings", &self.warnings.to_string()),
        ];
        println!("{}", wording.with(key, &named));
    }

    /// The place as a JSON path from the beginning of the file.
    fn path(&self, place: &Place, inner: &str) -> String {
        let mut path = "$".to_owned();
        match (place.index, self.shape) {
            (None, _) | (_, Shape::Object) => (),
            (Some(index), Shape::Bundle | Shape::Envelope) => {
                path.push_str(&format!(".objects[{index}]"));
            }
            (Some(index), Shape::List | Shape::Lines) => path.push_str(&format!("[{index}]")),
        }
        if !inner.is_empty() {
            path.push('.');
            path.push_str(&plain::clipped(inner, 300));
        }
        path
    }

    fn json(&self, file: &str) -> Value {
        let upgraded: Vec<Value> = self
            .upgraded
            .iter()
            .map(|(place, changes)| {
                let changes: Vec<Value> = changes
                    .iter()
                    .map(|c| json!({"code": c.code, "detail": c.detail, "message": c.to_string()}))
                    .collect();
                json!({"id": place.id, "path": self.path(place, ""), "changes": changes})
            })
            .collect();
        let findings: Vec<Value> = self
            .findings
            .iter()
            .map(|(place, f)| {
                json!({
                    "id": place.id,
                    "path": self.path(place, &f.path),
                    "code": f.code,
                    "severity": f.severity.to_string(),
                    "message": f.message,
                    "detail": f.detail,
                })
            })
            .collect();
        json!({
            "file": file,
            "shape": format!("{:?}", self.shape).to_lowercase(),
            "objects": self.objects,
            "valid": self.errors == 0,
            "errors": self.errors,
            "warnings": self.warnings,
            "upgraded": upgraded,
            "findings": findings,
        })
    }
}

/// How often each code was met, in the order in which they came.
struct Shown {
    most: usize,
    codes: Vec<(&'static str, usize)>,
}

impl Shown {
    fn new(most: usize) -> Self {
        Self { most, codes: Vec::new() }
    }

    /// Whether there is room for one more line with this code.
    fn one_more(&mut self, code: &'static str) -> bool {
        match self.codes.iter_mut().find(|(known, _)| *known == code) {
            Some((_, count)) => {
                *count += 1;
                *count <= self.most
            }
            None => {
                self.codes.push((code, 1));
                true
            }
        }
    }

    /// The codes there was no room for, with the number of lines left out.
    fn left_out(&self) -> impl Iterator<Item = (&'static str, usize)> {
        let more = self.codes.iter().map(|(code, count)| (*code, count.saturating_sub(self.most)));
        more.filter(|(_, more)| *more > 0)
    }
}

impl Place {
    fn id(&self, wording: &Wording) -> String {
        self.id.clone().unwrap_or_else(|| wording.t("stix-no-id"))
    }
}
