//! What was submitted, with everything the hub found in it marked in place: what the attacker uses and
//! what became of it, who it names, what is no indicator. Found by the same readers and the same
//! search for names as at intake.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use askama::Template;
use axum::extract::Path;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use noroshi_intake::text::{self, Outcome};
use noroshi_intake::{Hint, Limits, legible};
use noroshi_stix::Kind;

use super::find;
use crate::error::HubError;
use crate::intake::facts_from_json;
use crate::vault::reports::{self, ItemRow, ReportRow};
use crate::web::frame::Frame;
use crate::web::look::{self, Item};
use crate::web::report::size;
use crate::web::small_form::SmallForm;
use crate::web::visit::Visit;

/// Bytes of an original shown on the report's page.
pub(super) const FIRST_BYTES: usize = 6_000;
/// Bytes of an original on a page of its own.
const PAGE_BYTES: usize = 16_000;
/// Most items that are looked up for marking.
const MOST_ITEMS: usize = 600;

/// Reasons that say a value is of a member, and those that say it is of somebody's inside.
const MEMBERS: [&str; 4] = ["member-domain", "member-name", "member-network", "member-in-cut-part"];
const INSIDE: [&str; 14] = [
    "addressee",
    "certificate-subject",
    "cloud-tenant",
    "cloud-storage",
    "company-number",
    "encoded-host",
    "encoded-mailbox",
    "hardware-number",
    "internal-host",
    "internal-name",
    "local-path",
    "mail-inside",
    "ransom-id",
    "user-name",
];
const PRIVATE: [&str; 2] = ["special-address", "private-address-inside"];

/// A piece of text: marked, or not.
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) mark: Option<Mark>,
}

/// What a marked piece is.
#[derive(Clone)]
pub(super) struct Mark {
    /// Class of its look.
    pub(super) class: &'static str,
    /// What it is, in a word or two.
    pub(super) label: String,
    /// Why, in sentences; empty where the same text was marked before.
    pub(super) why: String,
}

/// One submitted file, or a part of it.
pub(super) struct Original {
    pub(super) name: String,
    pub(super) size: String,
    /// The head of a mail.
    pub(super) head: Vec<Piece>,
    pub(super) pieces: Vec<Piece>,
    /// Where the rest is.
    pub(super) rest: Option<String>,
}

#[derive(Template)]
#[template(path = "desk_original.html")]
struct Page {
    frame: Frame,
    original: Original,
    back: String,
    before: Option<String>,
}

/// What is known of a report, to mark its text with.
pub(super) struct Known {
    values: HashMap<(Kind, String), Mark>,
    recipients: Vec<String>,
    reporter: String,
}

impl Known {
    /// From a report and its items; `shown` are the same items as people see them.
    pub(super) fn of(visit: &Visit, report: &ReportRow, rows: &[ItemRow], shown: &[Item]) -> Self {
        let marked = rows.iter().zip(shown);
        let values =
            marked.map(|(row, item)| ((row.kind, row.value.clone()), mark(visit, row, item)));
        Self {
            values: values.collect(),
            recipients: facts_from_json(&report.facts).mail_recipients,
            reporter: report.member.clone(),
        }
    }
}

/// How an item is marked: whose it is, else what became of it.
fn mark(visit: &Visit, row: &ItemRow, item: &Item) -> Mark {
    let has = |codes: &[&str]| row.reasons.iter().any(|r| codes.contains(&r.code.as_str()));
    let (class, label) = if has(&MEMBERS) {
        ("victim", visit.t("mark-member"))
    } else if has(&INSIDE) {
        ("victim", visit.t("mark-inside"))
    } else if has(&PRIVATE) {
        ("victim", visit.t("mark-private"))
    } else {
        (item.class(), item.fate.clone())
    };
    let why = if item.reasons.is_empty() { item.fate.clone() } else { item.reasons.join(" ") };
    Mark { class, label, why: format!("{}: {why}", item.kind_label) }
}

/// The text with its marks.
pub(super) fn pieces(visit: &Visit, known: &Known, text: &str) -> Vec<Piece> {
    let mut marks: Vec<(Range<usize>, Mark)> = indicators(visit, known, text);
    let is_free = |marks: &[(Range<usize>, Mark)], place: &Range<usize>| {
        marks.iter().all(|(m, _)| place.end <= m.start || m.end <= place.start)
    };
    for (place, mark) in victims(visit, known, text) {
        // Who it is says more than that it is nothing else.
        marks.retain(|(m, k)| k.class != "none" || place.end <= m.start || m.end <= place.start);
        if is_free(&marks, &place) {
            marks.push((place, mark));
        }
    }
    marks.sort_by_key(|(place, _)| (place.start, place.end));
    let mut out = Vec::new();
    let mut at = 0;
    let plain = |from: usize, to: usize| text.get(from..to).filter(|t| !t.is_empty());
    // Why is said once: a log repeats a value in every line.
    let mut said = HashSet::new();
    for (place, mut mark) in marks {
        let Some(marked) = text.get(place.clone()).filter(|t| !t.is_empty() && place.start >= at)
        else {
            continue;
        };
        out.extend(plain(at, place.start).map(|t| Piece { text: t.to_owned(), mark: None }));
        if !said.insert(marked.to_owned()) {
            mark.why.clear();
        }
        out.push(Piece { text: marked.to_owned(), mark: Some(mark) });
        at = place.end;
    }
    out.extend(plain(at, text.len()).map(|t| Piece { text: t.to_owned(), mark: None }));
    out
}

/// Indicators, each wherever it is written the same way, and what looked like one.
fn indicators(visit: &Visit, known: &Known, text: &str) -> Vec<(Range<usize>, Mark)> {
    let mut found: Vec<(Range<usize>, Mark)> = Vec::new();
    text::extract(text.as_bytes(), &mut |candidate| {
        let mark = match &candidate.outcome {
            Outcome::Found(observable) => {
                let key = (observable.kind(), observable.value());
                known.values.get(&key).cloned().unwrap_or_else(|| Mark {
                    class: "none",
                    label: visit.t("mark-left-out"),
                    why: visit.t("mark-left-out-why"),
                })
            }
            Outcome::Dropped(_, reason) => Mark {
                class: "none",
                label: visit.t("mark-none"),
                why: look::dropped(visit, "", reason.code(), "").reason,
            },
        };
        found.push((candidate.span, mark));
    });
    // The longest first: what lies inside another is part of it.
    found.sort_by_key(|(place, _)| (std::cmp::Reverse(place.len()), place.start));
    let mut out: Vec<(Range<usize>, Mark)> = Vec::new();
    let mut taken = vec![false; text.len()];
    for (place, mark) in found {
        let Some(written) = text.get(place).filter(|w| !w.is_empty()) else { continue };
        for (start, _) in text.match_indices(written) {
            let place = start..start + written.len();
            let Some(slots) = taken.get_mut(place.clone()) else { continue };
            if !is_whole(text, &place) || slots.iter().any(|t| *t) {
                continue;
            }
            slots.fill(true);
            out.push((place, mark.clone()));
        }
    }
    out
}

/// Whether a place is not the inside of a longer word.
fn is_whole(text: &str, place: &Range<usize>) -> bool {
    let before = text.get(..place.start).and_then(|t| t.chars().next_back());
    let after = text.get(place.end..).and_then(|t| t.chars().next());
    let word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    !word(before) && !word(after)
}

/// Members named, and recipients of the mail.
fn victims(visit: &Visit, known: &Known, text: &str) -> Vec<(Range<usize>, Mark)> {
    let policy = visit.app.hub.policy();
    let mut out = Vec::new();
    let folded = text.to_ascii_lowercase();
    for recipient in known.recipients.iter().filter(|r| !r.is_empty()) {
        let wanted = recipient.to_ascii_lowercase();
        for (start, _) in folded.match_indices(&wanted) {
            let mark = Mark {
                class: "victim",
                label: visit.t("mark-recipient"),
                why: visit.t("mark-recipient-why"),
            };
            out.push((start..start + wanted.len(), mark));
        }
    }
    let names = policy.names().map(|search| search.places_in(text)).unwrap_or_default();
    for (place, member) in names {
        let own = member.expose() == known.reporter;
        let name = policy.name_of(member.expose(), visit.japanese());
        let (label, why) = if own {
            ("mark-reporter", "mark-reporter-why")
        } else {
            ("mark-member", "mark-member-why")
        };
        let mark = Mark {
            class: "victim",
            label: visit.t(label),
            why: visit.say.with(why, &[("name", name.into())]),
        };
        let overlaps = |(p, _): &(Range<usize>, Mark)| place.start < p.end && p.start < place.end;
        if !out.iter().any(overlaps) {
            out.push((place, mark));
        }
    }
    out
}

/// A file from a byte on, cut where a character ends.
pub(super) fn original(
    visit: &Visit,
    known: &Known,
    file: (&str, &[u8]),
    part: (usize, usize),
    address: &str,
) -> Original {
    let (name, bytes) = file;
    let hint = Hint { media_type: None, file_name: (!name.is_empty()).then_some(name) };
    let limits =
        Limits { max_bytes: visit.app.hub.config().limits.report_bytes, ..Limits::default() };
    let shown = legible(bytes, hint, &limits);
    let (from, most) = part;
    let from = boundary(&shown.text, from);
    let to = line_end(&shown.text, boundary(&shown.text, from.saturating_add(most)), from);
    let text = shown.text.get(from..to).unwrap_or_default();
    let head = shown.head.filter(|_| from == 0).unwrap_or_default();
    let head = head.get(..boundary(&head, FIRST_BYTES)).unwrap_or_default();
    Original {
        name: if name.is_empty() { visit.t("desk-original-text") } else { name.to_owned() },
        size: size(bytes.len()),
        head: if head.is_empty() { Vec::new() } else { pieces(visit, known, head) },
        pieces: pieces(visit, known, text),
        rest: (to < shown.text.len()).then(|| format!("{address}?from={to}")),
    }
}

/// The nearest place at or before `at` where a character begins.
fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The end of the last whole line before `to`, where there is one after `from`: nothing found is cut
/// in two.
fn line_end(text: &str, to: usize, from: usize) -> usize {
    if to >= text.len() {
        return to;
    }
    let lines = text.get(from..to).and_then(|t| t.rfind('\n'));
    lines.map_or(to, |at| from + at + 1)
}

/// The items of a report as they are marked.
///
/// # Errors
/// When the vault cannot be read.
pub(super) async fn known(
    visit: &Visit,
    report: &ReportRow,
    mut rows: Vec<ItemRow>,
) -> Result<Known, HubError> {
    rows.truncate(MOST_ITEMS);
    let shown = look::stored(visit, rows.clone()).await?;
    Ok(Known::of(visit, report, &rows, &shown))
}

/// `GET /desk/reports/{id}/originals/{number}`: one file, a page at a time.
pub(crate) async fn page(
    visit: Visit,
    Path((id, number)): Path<(String, String)>,
    uri: Uri,
) -> Response {
    let result = async {
        let report = find(&visit, &id).await?;
        let number: i64 = number.parse().map_err(|_| HubError::not_found())?;
        let from = SmallForm::query(uri.query()).get("from").and_then(|f| f.parse().ok());
        let of = report.id.clone();
        let read = move |tx: &mut noroshi_store::Tx<'_>| {
            Ok((reports::original(tx, &of, number)?, reports::items(tx, &of)?))
        };
        let (file, items) = visit.app.hub.vault().read("web.original", read).await?;
        let (name, bytes) = file.ok_or_else(HubError::not_found)?;
        let known = known(&visit, &report, items).await?;
        let address = format!("/desk/reports/{}/originals/{number}", report.id);
        let from: usize = from.unwrap_or(0);
        let page = Page {
            frame: visit.frame(visit.t("desk-originals")),
            original: original(&visit, &known, (&name, &bytes), (from, PAGE_BYTES), &address),
            back: format!("/desk/reports/{}#originals", report.id),
            before: (from > 0).then_some(address),
        };
        Ok(visit.show(StatusCode::OK, &page))
    };
    visit.answer(result.await)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_fall_between_characters_and_lines() {
        let text = "あい\nうえ\nお";
        assert_eq!(boundary(text, 1), 0);
        assert_eq!(boundary(text, 99), text.len());
        let to = line_end(text, boundary(text, 12), 0);
        assert_eq!(&text[..to], "あい\n");
        assert_eq!(line_end("no line here", 5, 0), 5);
        assert!(is_whole("(1.2.3.4)", &(1..8)) && !is_whole("11.2.3.4", &(1..8)));
    }
}
