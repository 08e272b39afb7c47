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

/// How much a client wants a media type with a version, in thousandths; 0 means not at all. Of the
/// ranges that fit, the most specific one counts (RFC 9110, section 12.5.1).
pub(crate) fn quality(ranges: &[MediaRange], media: &str, version: &str) -> u16 {
    let (kind, _) = media.split_once('/').unwrap_or((media, ""));
    let specificity = |range: &MediaRange| match range.version.as_deref() {
        Some(v) => (range.media == media && v == version).then_some(3),
        None if range.media == media => Some(2),
        None if range.media == format!("{kind}/*") => Some(1),
        None if range.media == "*/*" => Some(0),
        None => None,
    };
    let fits = ranges.iter().filter_map(|r| Some((specificity(r)?, r.quality)));
    fits.max().map_or(0, |(_, quality)| quality)
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

/// The media type of a `Content-Type` value.
pub(crate) fn media_type(value: &str) -> Option<MediaRange> {
    range(value)
}

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
    fn the_most_specific_range_counts() {
        let ask =
            |value: &str| quality(&ranges(&read(value)).unwrap(), "application/taxii+json", "2.1");
        assert_eq!(ask("application/taxii+json;version=2.1;q=0, */*"), 0);
        assert_eq!(ask("*/*;q=0.1, application/taxii+json;version=2.1;q=0.7"), 700);
        assert_eq!(ask("application/*;q=0.2, */*;q=0.9"), 200);
        assert_eq!(ask("application/taxii+json;version=2.0, application/taxii+json;q=0.4"), 400);
        assert_eq!(ask("text/html"), 0);
        assert_eq!(ask("application/taxii+json;version=2.0"), 0);
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
