//! What was understood of a document.

mod reason;

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::fmt;

use noroshi_stix::{Kind, Observable};

use crate::{Facts, Format, Limits};
pub use reason::DropReason;

/// A report as understood from one or several documents, before anyone agreed to send it.
///
/// Attributed data: `Debug` prints counts only.
#[derive(Clone)]
pub struct Draft {
    /// What the (first) document was read as.
    pub format: Format,
    /// The indicators, each once.
    pub found: Vec<Found>,
    /// What looked like an indicator and is none.
    pub dropped: Vec<Dropped>,
    /// What could not be read; the rest was kept.
    pub problems: Vec<Problem>,
    /// Structured fields.
    pub facts: Facts,
}

/// One indicator and where it stood.
#[derive(Clone, PartialEq, Eq)]
pub struct Found {
    /// The indicator.
    pub observable: Observable,
    /// Where it stood first.
    pub origin: Origin,
    /// Whether it is the attacker's side of a mail: sender, reply address, sending host.
    pub sender_side: bool,
}

/// A candidate that was not taken.
#[derive(Clone, PartialEq, Eq)]
pub struct Dropped {
    /// Its text, at most 120 characters. Shown to the reporter and to nobody else.
    pub text: String,
    /// Why.
    pub reason: DropReason,
    /// Where it stood.
    pub origin: Origin,
}

/// Something that could not be read while the rest could.
#[derive(Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where: a JSON path, a line, a part of a mail.
    pub path: String,
    /// Stable machine name.
    pub code: &'static str,
    /// One sentence for people.
    pub message: String,
}

/// Where in a document something stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The place.
    pub place: Place,
    /// Whether it was written so that nobody clicks it by accident (`hxxp`, `[.]`): then its author
    /// surely meant it as an indicator.
    pub defanged: bool,
}

/// A place in a document. `Display` gives it in English, such as `line 12`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A line of text, from 1.
    Line(u64),
    /// A row and column of a table, both from 1.
    Cell(u64, u64),
    /// A STIX object.
    Object(String),
    /// A path in a JSON or TOML document, such as `indicators[3]`.
    Path(String),
    /// A header field of a mail.
    Header(&'static str),
    /// A line of the body of a mail.
    Body(u64),
    /// A link in the body of a mail.
    Link,
    /// The part of a mail with this number.
    Attachment(u32),
}

impl Origin {
    /// Written as is.
    pub fn plain(place: Place) -> Self {
        Self { place, defanged: false }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(n) => write!(f, "line {n}"),
            Self::Cell(row, column) => write!(f, "row {row}, column {column}"),
            Self::Object(id) => write!(f, "object {id}"),
            Self::Path(path) => f.write_str(path),
            Self::Header(name) => write!(f, "header {name}"),
            Self::Body(line) => write!(f, "body, line {line}"),
            Self::Link => f.write_str("a link in the body"),
            Self::Attachment(n) => write!(f, "attachment {n}"),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.place, if self.defanged { " (defanged)" } else { "" })
    }
}

impl Draft {
    /// Several documents as one report: indicators once each, the first document's answers first.
    #[must_use]
    pub fn merge(mut self, other: Draft) -> Draft {
        let places = self.found.iter().enumerate().map(|(at, f)| (f.observable.clone(), at));
        let mut seen: HashMap<Observable, usize> = places.collect();
        for found in other.found {
            match seen.entry(found.observable.clone()) {
                Entry::Vacant(free) => {
                    free.insert(self.found.len());
                    self.found.push(found);
                }
                Entry::Occupied(known) => {
                    let same = self.found.get_mut(*known.get());
                    same.into_iter().for_each(|f| f.sender_side |= found.sender_side);
                }
            }
        }
        self.dropped.extend(other.dropped);
        self.problems.extend(other.problems);
        self.facts.fill_from(other.facts);
        self
    }

    /// The indicators, each once, in the order they were found.
    pub fn observables(&self) -> impl Iterator<Item = &Observable> {
        self.found.iter().map(|f| &f.observable)
    }

    /// How many indicators of each kind, in the order of [`Kind::ALL`], kinds without any left out.
    pub fn count_by_kind(&self) -> Vec<(Kind, usize)> {
        let count = |k| self.observables().filter(|o| o.kind() == k).count();
        Kind::ALL.into_iter().map(|k| (k, count(k))).filter(|(_, n)| *n > 0).collect()
    }
}

/// A draft in the making: removes duplicates and keeps to the limits.
pub(crate) struct Collector<'a> {
    limits: &'a Limits,
    /// Where in `found` each indicator stands.
    seen: HashMap<Observable, usize>,
    found: Vec<Found>,
    seen_dropped: HashSet<(String, DropReason)>,
    dropped: Vec<Dropped>,
    problems: Vec<Problem>,
    offered: usize,
    refused: usize,
    unlisted: usize,
    unsaid: usize,
    pub(crate) facts: Facts,
}

impl<'a> Collector<'a> {
    pub(crate) fn new(limits: &'a Limits) -> Self {
        Self {
            limits,
            seen: HashMap::new(),
            found: Vec::new(),
            seen_dropped: HashSet::new(),
            dropped: Vec::new(),
            problems: Vec::new(),
            offered: 0,
            refused: 0,
            unlisted: 0,
            unsaid: 0,
            facts: Facts::default(),
        }
    }

    pub(crate) fn limits(&self) -> &'a Limits {
        self.limits
    }

    /// How many indicators there are so far, repeated ones included.
    pub(crate) fn taken(&self) -> usize {
        self.offered
    }

    pub(crate) fn find(&mut self, observable: Observable, origin: Origin) {
        self.find_as(observable, origin, false);
    }

    pub(crate) fn find_as(&mut self, observable: Observable, origin: Origin, sender_side: bool) {
        self.place(Found { observable, origin, sender_side });
    }

    /// Takes an indicator; where it stands in [`Draft::found`], also if it was there before. `None`
    /// beyond the limit.
    fn place(&mut self, found: Found) -> Option<usize> {
        self.offered += 1;
        if let Some(at) = self.seen.get(&found.observable) {
            let same = self.found.get_mut(*at);
            same.into_iter().for_each(|f| f.sender_side |= found.sender_side);
            return Some(*at);
        }
        let at = self.found.len();
        if at >= self.limits.max_indicators {
            self.refused += 1;
            return None;
        }
        self.seen.insert(found.observable.clone(), at);
        self.found.push(found);
        Some(at)
    }

    /// Takes what a part of the document gave by itself; where its indicators now stand, in the
    /// order of the part. Those beyond the limit are left out.
    pub(crate) fn take_over(&mut self, part: Draft) -> Vec<usize> {
        for d in part.dropped {
            self.drop(&d.text, d.reason, d.origin);
        }
        for p in part.problems {
            self.problem(p.path, p.code, &p.message);
        }
        self.facts.fill_from(part.facts);
        part.found.into_iter().filter_map(|found| self.place(found)).collect()
    }

    pub(crate) fn drop(&mut self, text: &str, reason: DropReason, origin: Origin) {
        if self.dropped.len() >= self.limits.max_dropped {
            self.unlisted += 1;
            return;
        }
        let text: String = text.chars().take(MAX_DROPPED_CHARS).collect();
        if self.seen_dropped.insert((text.clone(), reason)) {
            self.dropped.push(Dropped { text, reason, origin });
        }
    }

    pub(crate) fn problem(&mut self, path: impl Into<String>, code: &'static str, message: &str) {
        if self.problems.len() >= self.limits.max_problems {
            self.unsaid += 1;
            return;
        }
        self.problems.push(Problem { path: path.into(), code, message: message.to_owned() });
    }

    pub(crate) fn finish(mut self, format: Format) -> Draft {
        let mut more = |code, message: String| {
            self.problems.push(Problem { path: String::new(), code, message });
        };
        if self.refused > 0 {
            let most = self.limits.max_indicators;
            more(
                "too-many-indicators",
                format!(
                    "{} indicators beyond the first {most} were left out: send them in another report.",
                    self.refused
                ),
            );
        }
        if self.unlisted > 0 {
            more("dropped-unlisted", format!("{} more candidates were dropped.", self.unlisted));
        }
        if self.unsaid > 0 {
            more("problems-unlisted", format!("There were {} more problems.", self.unsaid));
        }
        Draft {
            format,
            found: self.found,
            dropped: self.dropped,
            problems: self.problems,
            facts: self.facts,
        }
    }
}

/// Longest text of a dropped candidate, in characters.
const MAX_DROPPED_CHARS: usize = 120;

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft")
            .field("format", &self.format)
            .field("found", &self.found.len())
            .field("dropped", &self.dropped.len())
            .field("problems", &self.problems.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Found({})", self.observable.kind())
    }
}

impl fmt::Debug for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Dropped({})", self.reason.code())
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Problem({})", self.code)
    }
}
