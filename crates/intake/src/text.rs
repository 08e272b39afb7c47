//! Indicators in text for people.

use noroshi_stix::{Kind, Observable};

use crate::draft::Collector;
use crate::{DropReason, Origin, Place};

/// Something in a text that is, or looks like, an indicator.
#[derive(Clone, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// Its line, from 1.
    pub line: u64,
    /// Whether it was written so that nobody clicks it by accident.
    pub defanged: bool,
    /// What it is.
    pub outcome: Outcome<'a>,
}

/// What a candidate turned out to be.
#[derive(Clone, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// An indicator.
    Found(Observable),
    /// None, and why.
    Dropped(&'a str, DropReason),
}

/// Finds the indicators of a text and hands each to `sink`.
pub fn extract(text: &[u8], sink: &mut impl FnMut(Candidate<'_>)) {
    for (line, bytes) in (1..).zip(text.split(|b| *b == b'\n')) {
        let plain = String::from_utf8_lossy(bytes).replace("[.]", ".").replace("hxxp", "http");
        let defanged = plain.len() != bytes.len();
        for word in plain.split(|c: char| c.is_whitespace() || "\"'`<>()[]{},;".contains(c)) {
            if let Some(observable) = any_kind(word) {
                sink(Candidate { line, defanged, outcome: Outcome::Found(observable) });
            }
        }
    }
}

fn any_kind(word: &str) -> Option<Observable> {
    const KINDS: [Kind; 10] = [
        Kind::Ipv4,
        Kind::Ipv6,
        Kind::Url,
        Kind::Email,
        Kind::Md5,
        Kind::Sha1,
        Kind::Sha256,
        Kind::Sha512,
        Kind::Cve,
        Kind::Domain,
    ];
    KINDS.into_iter().find_map(|k| match Observable::parse(k, word).ok()? {
        Observable::Domain(d) if !d.has_known_suffix() || d.registrable().is_none() => None,
        observable => Some(observable),
    })
}

/// Finds indicators and collects them; `place` turns a line number into a place.
pub(crate) fn extract_into(text: &[u8], out: &mut Collector<'_>, place: impl Fn(u64) -> Place) {
    extract(text, &mut |candidate| {
        let origin = Origin { place: place(candidate.line), defanged: candidate.defanged };
        match candidate.outcome {
            Outcome::Found(observable) => out.find(observable, origin),
            Outcome::Dropped(text, reason) => out.drop(text, reason, origin),
        }
    });
}

/// Reads a value of a known kind that may be defanged.
pub(crate) fn refang_as(kind: Kind, value: &str) -> Option<Observable> {
    let plain = value.replace("[.]", ".").replace("hxxp", "http");
    Observable::parse(kind, &plain).ok()
}
