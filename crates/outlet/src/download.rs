//! `GET /download/{file}`: what a filter of the feed finds, as a plain list, CSV, or a STIX bundle.
//!
//! A download is written while it is read, a few hundred objects at a time. It has the newest
//! 10,000; whoever needs all of them has block lists and TAXII.

use std::collections::HashSet;
use std::convert::Infallible;
use std::fmt::Write as _;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures::{StreamExt as _, stream};
use noroshi_stix::{Kind, ObjectType, StixId, Timestamp, Tlp, tlp_marking_definition};

use crate::i18n::Locale;
use crate::page::{Filter, Looked};
use crate::params::Params;
use crate::problem::Problem;
use crate::reader::Grant;
use crate::shelf::{Picked, Shelf, Standing};
use crate::state::OutletState;

/// Most objects of one download.
const MOST: usize = 10_000;
/// How many are read at once: scattered ones take 64 KiB each meanwhile.
const AT_ONCE: usize = 200;

/// In which form.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// One value a line, of what still holds.
    Text,
    Csv,
    Bundle,
}

/// `GET /download/{download}`
pub(crate) async fn read(
    State(state): State<OutletState>,
    OriginalUri(uri): OriginalUri,
    Extension(grant): Extension<Grant>,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, Problem> {
    let clear = grant.clear_only()?;
    let name = params.segment("download");
    let (form, media) = match name {
        "indicators.txt" => (Form::Text, "text/plain; charset=utf-8"),
        "indicators.csv" => (Form::Csv, "text/csv; charset=utf-8"),
        "bundle.json" => (Form::Bundle, "application/stix+json;version=2.1"),
        _ => return Err(Problem::not_found()),
    };
    let filter = Filter::read(&params, Locale::negotiate(uri.query(), &headers));
    let mut wanted = filter.wanted(clear, state.now().as_micros());
    if form == Form::Text && wanted.standing.is_none() {
        // Nobody blocks what was withdrawn.
        wanted.standing = Some(Standing::Current);
    }
    let found = state.0.shelf.find(wanted, MOST, MOST).await;
    let count = found.places.len();
    let writer = Writer {
        shelf: state.0.shelf.clone(),
        form,
        clear,
        known: found.places.iter().copied().collect(),
        places: found.places,
        next: 0,
        begun: false,
        ended: false,
    };
    let body = stream::unfold(writer, |mut writer| async move {
        let piece = writer.piece().await?;
        Some((Ok::<_, Infallible>(piece), writer))
    });
    // Whoever writes bodies out may ask once more behind the end.
    let mut response = Body::from_stream(body.fuse()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("Authorization, Cookie"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"noroshi-{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    headers.insert("x-noroshi-count", HeaderValue::from(count));
    if found.more || found.uncounted {
        headers.insert("x-noroshi-more", HeaderValue::from_static("true"));
    }
    Ok(response)
}

/// What is still to be written.
struct Writer {
    shelf: Shelf,
    form: Form,
    clear: bool,
    /// The newest first.
    places: Vec<u32>,
    /// Places that are in the download, or will be.
    known: HashSet<u32>,
    next: usize,
    begun: bool,
    ended: bool,
}

impl Writer {
    /// The next piece; `None` ends the download.
    async fn piece(&mut self) -> Option<Bytes> {
        if self.ended {
            return None;
        }
        let mut out = String::new();
        if self.next == 0 {
            out.push_str(&self.opening());
        }
        let end = (self.next + AT_ONCE).min(self.places.len());
        let places = self.places.get(self.next..end).unwrap_or_default();
        match self.shelf.pick(places).await {
            Ok(picked) => self.write(&mut out, picked).await,
            Err(error) => {
                tracing::warn!(%error, "a download ends: the shelf could not be read");
                self.ended = true;
                return None;
            }
        }
        self.next = end;
        if end >= self.places.len() {
            self.ended = true;
            if self.form == Form::Bundle {
                out.push_str("]}\n");
            }
        }
        Some(out.into())
    }

    fn opening(&self) -> String {
        match self.form {
            Form::Text => String::new(),
            Form::Csv => CSV_HEAD.to_owned(),
            Form::Bundle => {
                let named: Vec<u8> = self.places.iter().flat_map(|p| p.to_be_bytes()).collect();
                let id = StixId::deterministic(ObjectType::BUNDLE, &named);
                format!("{{\"type\":\"bundle\",\"id\":\"{id}\",\"objects\":[")
            }
        }
    }

    async fn write(&mut self, out: &mut String, picked: Vec<Picked>) {
        match self.form {
            Form::Text => {
                for object in &picked {
                    let looked = Looked::at(&object.json);
                    let value = looked.value.filter(|(kind, v)| is_line(*kind, v));
                    let _ = value.map(|(_, value)| writeln!(out, "{value}"));
                }
            }
            Form::Csv => picked.iter().for_each(|object| csv_line(out, object)),
            Form::Bundle => {
                if !self.begun {
                    // What the objects are marked with comes along.
                    for tlp in Tlp::ALL.into_iter().filter(|t| *t != Tlp::Red) {
                        self.add(out, tlp_marking_definition(tlp).to_string().as_bytes());
                    }
                }
                // A report comes with what it is made of.
                let mut parts: Vec<String> = Vec::new();
                for object in &picked {
                    self.add(out, &object.json);
                    let looked = Looked::at(&object.json);
                    if looked.object_type == "report" {
                        parts.extend(looked.references());
                        parts.push(looked.id);
                    }
                }
                let mut places = self.shelf.translations_of(&parts, self.clear);
                places.extend(self.shelf.places_of(&parts, self.clear));
                // What was found by itself is in the download already, or will be.
                places.retain(|place| self.known.insert(*place));
                for part in self.shelf.pick(&places).await.unwrap_or_default() {
                    self.add(out, &part.json);
                }
            }
        }
    }

    fn add(&mut self, out: &mut String, json: &[u8]) {
        if self.begun {
            out.push(',');
        }
        self.begun = true;
        out.push_str(&String::from_utf8_lossy(json));
    }
}

/// Whether a value can stand alone on a line of a list: rules are texts of many.
fn is_line(kind: Kind, value: &str) -> bool {
    !matches!(kind, Kind::Yara | Kind::Sigma | Kind::Suricata) && !value.contains(['\n', '\r'])
}

const CSV_HEAD: &str =
    "value,kind,name,tlp,confidence,released,first_released,valid_until,state,stix_id\r\n";

fn csv_line(out: &mut String, object: &Picked) {
    let looked = Looked::at(&object.json);
    let (kind, value) = match &looked.value {
        Some((kind, value)) => (kind.as_str(), value.as_str()),
        None => (looked.object_type.as_str(), ""),
    };
    let time = |at: Option<i64>| at.map(|at| Timestamp::from_micros(at).to_string());
    let state = if looked.revoked { "withdrawn" } else { "" };
    let name = if value == looked.text("name") { String::new() } else { looked.name() };
    let fields = [
        value.to_owned(),
        kind.to_owned(),
        name,
        looked.tlp.label().to_owned(),
        looked.band.as_str().to_owned(),
        time(Some(object.position.date_added)).unwrap_or_default(),
        time(looked.created).unwrap_or_default(),
        time(looked.valid_until).unwrap_or_default(),
        state.to_owned(),
        looked.id.clone(),
    ];
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        csv_field(out, field);
    }
    out.push_str("\r\n");
}

/// One field in quotes. What a spreadsheet would take for a formula gets an apostrophe in front:
/// values are the attacker's words.
fn csv_field(out: &mut String, field: &str) {
    out.push('"');
    if field.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        out.push('\'');
    }
    out.push_str(&field.replace('"', "\"\""));
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_computes_nothing() {
        let written = |field: &str| {
            let mut out = String::new();
            csv_field(&mut out, field);
            out
        };
        assert_eq!(written("=cmd|' /C calc'!A0"), "\"'=cmd|' /C calc'!A0\"");
        assert_eq!(written("a \"b\", c"), "\"a \"\"b\"\", c\"");
        assert_eq!(written("203.0.113.1"), "\"203.0.113.1\"");
    }

    #[test]
    fn a_list_has_lines() {
        assert!(is_line(Kind::Ipv4, "203.0.113.1"));
        assert!(!is_line(Kind::Yara, "rule x {}") && !is_line(Kind::Mutex, "a\nb"));
    }
}
