//! Reading `Accept` headers.

use axum::http::{HeaderMap, header};

/// One media range of an `Accept` header.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MediaRange {
    /// `type/subtype` in lower case.
    pub(crate) media: String,
    /// The `version` parameter, if any.
    pub(crate) version: Option<String>,
    /// Quality in thousandths.
    quality: u16,
}

impl MediaRange {
    /// Whether the client refuses this range outright.
    pub(crate) fn refused(&self) -> bool {
        self.quality == 0
    }
}

/// The media ranges of a request; `None` when it has no `Accept` header. What cannot be read is
/// left out.
pub(crate) fn ranges(headers: &HeaderMap) -> Option<Vec<MediaRange>> {
    if !headers.contains_key(header::ACCEPT) {
        return None;
    }
    let values = headers.get_all(header::ACCEPT).iter().filter_map(|v| v.to_str().ok());
    Some(values.flat_map(|v| v.split(',')).take(MAX_RANGES).filter_map(range).collect())
}

/// Whether the client would rather have HTML than JSON: a browser does, a tool does not say.
pub(crate) fn prefers_html(headers: &HeaderMap) -> bool {
    let ranges = ranges(headers).unwrap_or_default();
    let best = |media: &str| {
        ranges.iter().filter(|r| r.media == media).map(|r| r.quality).max().unwrap_or(0)
    };
    best("text/html") > best("application/json")
}

const MAX_RANGES: usize = 64;

fn range(text: &str) -> Option<MediaRange> {
    let mut parts = text.split(';');
    let media = parts.next()?.trim().to_ascii_lowercase();
    if !media.contains('/') {
        return None;
    }
    let (mut version, mut quality) = (None, 1000);
    for (name, value) in parts.filter_map(|p| p.split_once('=')) {
        let value = value.trim().trim_matches('"');
        match name.trim().to_ascii_lowercase().as_str() {
            "version" => version = Some(value.to_owned()),
            "q" => quality = (value.parse::<f32>().unwrap_or(0.0).clamp(0.0, 1.0) * 1000.0) as u16,
            _ => {}
        }
    }
    Some(MediaRange { media, version, quality })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> HeaderMap {
        [(header::ACCEPT, value.parse().unwrap())].into_iter().collect()
    }

    #[test]
    fn a_browser_prefers_html_and_a_tool_does_not() {
        assert!(prefers_html(&read("text/html,application/xhtml+xml,*/*;q=0.8")));
        assert!(!prefers_html(&read("*/*")));
        assert!(!prefers_html(&read("application/json, text/html;q=0.5")));
        assert!(!prefers_html(&HeaderMap::new()));
    }

    #[test]
    fn parameters_are_read_whatever_the_spelling() {
        let ranges =
            ranges(&read("Application/TAXII+json ; Version=\"2.1\"; q=0.25, junk")).unwrap();
        assert_eq!(
            ranges,
            [MediaRange {
                media: "application/taxii+json".into(),
                version: Some("2.1".into()),
                quality: 250
            }]
        );
    }
}
