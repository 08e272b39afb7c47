//! `noroshi report --own`: what names the reporter stays on its machine.
//!
//! A file goes out as it is only where nothing of the reporter's own stands in it, in its name or
//! in any text in it. Otherwise, and always for a mail, whose headers tell its receiver in a dozen
//! ways, a report written anew from what was understood goes instead.

use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result, bail};
use noroshi_anonymity::{OwnAssets, OwnHit, OwnKind};
use noroshi_intake::{Draft, Facts, Format, Found, Hint, Limits};
use noroshi_outlet::i18n::{Speech, Value as Word};
use serde_json::{Map, Value, json};

use crate::client::File;
use crate::speech::japanese;

/// What stands where something was removed.
const REMOVED: &str = "■■■";
/// Characters shown around what is struck out.
const AROUND: usize = 40;
/// Most places shown unless --all is given.
const SHOWN: usize = 15;

/// The list in a file on this machine.
pub(super) fn load(path: &Path) -> Result<OwnAssets> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    OwnAssets::from_toml(&text).with_context(|| path.display().to_string())
}

/// What of one file is the reporter's own.
pub(super) struct OwnPlaces {
    struck: Vec<Struck>,
    /// Whether the file may not go out, also where no place in it is known.
    stays: bool,
}

/// A piece of a text with own assets in it.
struct Struck {
    place: String,
    text: String,
    hits: Vec<OwnHit>,
}

/// Looks through the name and all texts of a file.
pub(super) fn look(own: &OwnAssets, file: &File, draft: &Draft) -> Result<OwnPlaces> {
    let mut struck = Vec::new();
    let mut look = |place: String, text: &str| {
        for (line, text, hits) in by_line(text, own.find(text)) {
            let place = match line {
                Some(line) => format!("{place}:{line}"),
                None => place.clone(),
            };
            struck.push(Struck { place, text, hits });
        }
    };
    look("file name".to_owned(), &file.name);
    let text = noroshi_intake::plain_text(&file.bytes);
    look(file.name.clone(), &text);
    // Strings as they are meant: an escape in JSON hides a name from whoever reads the bytes.
    let value: Option<Value> = match draft.format {
        Format::NativeJson | Format::StixBundle | Format::MispEvent => {
            let unmarked = text.trim_start_matches('\u{feff}');
            Some(serde_json::from_str(unmarked).context("the file is no JSON")?)
        }
        Format::NativeToml => Some(toml::from_str(&text).context("the file is no TOML")?),
        Format::Csv | Format::Mail | Format::Text => None,
    };
    if let Some(value) = &value {
        strings(value, &mut |string| {
            // What stands there literally was seen with its line.
            if !text.contains(string) {
                look(file.name.clone(), string);
            }
        });
    }
    let stays = draft.format == Format::Mail || !struck.is_empty();
    Ok(OwnPlaces { struck, stays })
}

/// What is left of a report, and what is sent.
pub(super) struct Filtered {
    removed: Vec<(Found, Vec<OwnKind>)>,
    struck: Vec<Struck>,
    document: Option<Vec<u8>>,
}

/// Takes everything of the reporter's own out of the draft, and writes the report anew where
/// there was any.
pub(super) fn filter(
    own: &OwnAssets,
    places: Vec<OwnPlaces>,
    draft: &mut Draft,
) -> Result<Filtered> {
    let mut removed = Vec::new();
    draft.found.retain(|found| {
        let kinds = own.kinds_in(&found.observable);
        let stays = kinds.is_empty();
        if !stays {
            removed.push((found.clone(), kinds));
        }
        stays
    });
    let stays = !removed.is_empty() || places.iter().any(|p| p.stays);
    let struck = places.into_iter().flat_map(|p| p.struck).collect();
    let document = if stays { Some(written_anew(own, draft)?) } else { None };
    Ok(Filtered { removed, struck, document })
}

impl Filtered {
    /// The report to send instead of the files, where they may not go out.
    pub(super) fn into_document(self) -> Option<File> {
        self.document.map(|bytes| File {
            name: "report.json".to_owned(),
            media: "application/json",
            bytes,
        })
    }

    /// What is removed, and what goes out.
    pub(super) fn show(&self, all: bool, speech: &Speech) {
        let limit = if all { usize::MAX } else { SHOWN };
        let count = |n: usize| [("count", Word::from(n))];
        if !self.removed.is_empty() {
            println!("{}", speech.with("report-own-removed", &count(self.removed.len())));
            for (found, kinds) in self.removed.iter().take(limit) {
                let observable = &found.observable;
                let reasons = explain(kinds.iter().copied(), speech);
                println!("    {} {}: {reasons}", observable.kind(), observable.value());
            }
            more(self.removed.len(), limit, speech);
        }
        if !self.struck.is_empty() {
            println!("{}", speech.with("report-own-struck", &count(self.struck.len())));
            for s in self.struck.iter().take(limit) {
                let reasons = explain(s.hits.iter().map(|hit| hit.kind), speech);
                println!("    {}   ({}): {reasons}", s.shown(), s.place);
            }
            more(self.struck.len(), limit, speech);
        }
        match &self.document {
            Some(document) => {
                println!("{}", speech.t("report-own-typed"));
                println!("{}", String::from_utf8_lossy(document));
            }
            None => println!("{}", speech.t("report-own-clean")),
        }
    }
}

fn more(count: usize, limit: usize, speech: &Speech) {
    if count > limit {
        let more = [("count", Word::from(count - limit))];
        println!("    {}", speech.with("report-more", &more));
    }
}

fn explain(kinds: impl Iterator<Item = OwnKind>, speech: &Speech) -> String {
    let mut kinds: Vec<OwnKind> = kinds.collect();
    kinds.sort_unstable();
    kinds.dedup();
    let words = kinds.into_iter().map(OwnKind::explain);
    let words: Vec<String> = words.map(|w| if japanese(speech) { w.ja } else { w.en }).collect();
    words.join(", ")
}

impl Struck {
    /// The text around the hits, each between ~~ and ~~.
    fn shown(&self) -> String {
        let mut out = String::new();
        let mut from = 0;
        for hit in &self.hits {
            let between = self.text.get(from..hit.place.start).unwrap_or_default();
            let chars: Vec<char> = between.chars().collect();
            match chars.len().checked_sub(2 * AROUND) {
                Some(cut) if cut > 0 => {
                    let (head, tail) = (if from == 0 { 0 } else { AROUND }, chars.len() - AROUND);
                    out.extend(chars.iter().take(head));
                    out.push('…');
                    out.extend(chars.iter().skip(tail));
                }
                _ => out.push_str(between),
            }
            out.push_str("~~");
            out.push_str(self.text.get(hit.place.clone()).unwrap_or_default());
            out.push_str("~~");
            from = hit.place.end;
        }
        let rest: Vec<char> = self.text.get(from..).unwrap_or_default().chars().collect();
        out.extend(rest.iter().take(AROUND));
        if rest.len() > AROUND {
            out.push('…');
        }
        out.replace(['\r', '\n', '\t'], " ")
    }
}

/// The hits line by line, with the number of the line where there are several.
fn by_line(text: &str, hits: Vec<OwnHit>) -> Vec<(Option<usize>, String, Vec<OwnHit>)> {
    let is_one_line = !text.trim_end().contains('\n');
    let mut lines: Vec<(Option<usize>, String, Vec<OwnHit>)> = Vec::new();
    let mut last: Range<usize> = 0..0;
    for hit in hits {
        let OwnHit { place, kind } = hit;
        if lines.is_empty() || place.start >= last.end {
            let start = text.get(..place.start).and_then(|t| t.rfind('\n')).map_or(0, |at| at + 1);
            // A name that goes over the end of a line is shown whole.
            let behind = text.get(place.end..).and_then(|t| t.find('\n'));
            last = start..behind.map_or(text.len(), |at| place.end + at);
            let number = 1 + text.get(..start).unwrap_or_default().matches('\n').count();
            let line = text.get(last.clone()).unwrap_or_default().to_owned();
            lines.push(((!is_one_line).then_some(number), line, Vec::new()));
        }
        if let Some((_, _, hits)) = lines.last_mut() {
            hits.push(OwnHit { place: place.start - last.start..place.end - last.start, kind });
        }
    }
    lines
}

/// The draft as a native report, without anything of the reporter's own.
fn written_anew(own: &OwnAssets, draft: &Draft) -> Result<Vec<u8>> {
    let mut report = facts(own, &draft.facts);
    if draft.found.is_empty() && report.is_empty() {
        bail!("nothing is left to send once your own assets are removed");
    }
    let indicators = draft.observables();
    let indicators =
        indicators.map(|o| json!({ "type": o.kind().as_str(), "value": o.value() })).collect();
    report.insert("schema".to_owned(), Value::from("noroshi-report/1"));
    report.insert("indicators".to_owned(), Value::Array(indicators));
    let report = Value::Object(report);
    let mut is_clean = true;
    strings(&report, &mut |text| is_clean &= own.find(text).is_empty());
    let bytes = serde_json::to_vec_pretty(&report)?;
    let hint = Hint { media_type: Some("application/json"), file_name: None };
    let again = noroshi_intake::read(&bytes, hint, &Limits::default())
        .context("the report written anew cannot be read: nothing was sent")?;
    if !is_clean || again.found.len() != draft.found.len() {
        bail!("the report could not be written without your own assets: nothing was sent");
    }
    Ok(bytes)
}

/// The answers of a report, own assets struck out. Subject and receivers of a mail are no answers.
fn facts(own: &OwnAssets, facts: &Facts) -> Map<String, Value> {
    let mut report = Map::new();
    for (key, text) in [
        ("title", &facts.title),
        ("narrative", &facts.narrative),
        ("attack_type", &facts.attack_type),
        ("initial_access", &facts.initial_access),
        ("impact", &facts.impact),
        ("course_of_action", &facts.course_of_action),
        ("product", &facts.product),
    ] {
        if let Some(text) = text {
            report.insert(key.to_owned(), Value::from(struck_out(own, text)));
        }
    }
    for (key, time) in [
        ("occurred_at", facts.occurred_at),
        ("detected_at", facts.detected_at),
        ("hold_until", facts.hold_until),
    ] {
        if let Some(time) = time {
            report.insert(key.to_owned(), Value::from(time.to_string()));
        }
    }
    if let Some(hosts) = facts.affected_hosts {
        report.insert("affected_hosts".to_owned(), Value::from(hosts));
    }
    if !facts.techniques.is_empty() {
        report.insert("techniques".to_owned(), Value::from(facts.techniques.clone()));
    }
    if let Some(stage) = facts.stage {
        report.insert("stage".to_owned(), Value::from(stage.as_str()));
    }
    if facts.mandatory {
        report.insert("mandatory".to_owned(), Value::from(true));
    }
    report
}

/// The text with what is the reporter's own replaced; all of it where that does not suffice.
fn struck_out(own: &OwnAssets, text: &str) -> String {
    let mut out = String::new();
    let mut from = 0;
    for OwnHit { place, .. } in own.find(text) {
        out.push_str(text.get(from..place.start).unwrap_or_default());
        out.push_str(REMOVED);
        from = place.end;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    if own.find(&out).is_empty() { out } else { REMOVED.to_owned() }
}

/// Every string and every key in a JSON value.
fn strings(value: &Value, each: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => each(text),
        Value::Array(items) => items.iter().for_each(|item| strings(item, each)),
        Value::Object(map) => map.iter().for_each(|(key, item)| {
            each(key);
            strings(item, each);
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
