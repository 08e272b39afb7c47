//! Which language a reader gets.

use axum::http::{HeaderMap, header};

/// The cookie that remembers a chosen language.
pub const LANG_COOKIE: &str = "lang";

/// A language that the user interface speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// Japanese.
    Ja,
}

impl Locale {
    /// Every language, in the order of the language switch.
    pub const ALL: [Locale; 2] = [Locale::Ja, Locale::En];

    /// The BCP 47 tag, as in `<html lang>`.
    pub const fn tag(self) -> &'static str {
        match self {
            Locale::En => "en",
            Locale::Ja => "ja",
        }
    }

    /// The language's name in itself.
    pub const fn name(self) -> &'static str {
        match self {
            Locale::En => "English",
            Locale::Ja => "日本語",
        }
    }

    /// Reads a tag such as `ja`, `ja-JP` or `EN_us`.
    pub fn from_tag(tag: &str) -> Option<Locale> {
        let primary = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
        Locale::ALL.into_iter().find(|l| l.tag() == primary)
    }

    /// The language of a request: `lang` in the query string, then the cookie, then
    /// `Accept-Language`, then English.
    pub fn negotiate(query: Option<&str>, headers: &HeaderMap) -> Locale {
        Self::chosen(query)
            .or_else(|| cookie(headers, LANG_COOKIE).and_then(Locale::from_tag))
            .or_else(|| accepted(headers))
            .unwrap_or_default()
    }

    /// The language that this request's query string chooses, which is then worth remembering.
    pub fn chosen(query: Option<&str>) -> Option<Locale> {
        let value = query?.split('&').find_map(|pair| pair.strip_prefix("lang="))?;
        Locale::from_tag(value)
    }

    /// The `Set-Cookie` value that remembers this language for a year.
    pub fn set_cookie(self) -> String {
        format!("{LANG_COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly", self.tag())
    }
}

/// The value of one cookie of a request.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// The language of ours with the highest quality in `Accept-Language`; the earlier one on a tie.
fn accepted(headers: &HeaderMap) -> Option<Locale> {
    let mut best: Option<(u16, Locale)> = None;
    let values = headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|v| v.to_str().ok());
    for item in values.flat_map(|v| v.split(',')).take(32) {
        let mut parts = item.split(';');
        let Some(locale) = parts.next().and_then(Locale::from_tag) else { continue };
        let quality = parts
            .find_map(|p| p.trim().strip_prefix("q="))
            .map_or(1.0, |q| q.trim().parse::<f32>().unwrap_or(0.0));
        let quality = (quality.clamp(0.0, 1.0) * 1000.0) as u16;
        if quality > 0 && best.is_none_or(|(b, _)| quality > b) {
            best = Some((quality, locale));
        }
    }
    best.map(|(_, locale)| locale)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        pairs.iter().map(|(n, v)| (n.clone(), v.parse().unwrap())).collect()
    }

    #[test]
    fn query_beats_cookie_beats_header() {
        let all = headers(&[
            (header::COOKIE, "a=1; lang=en; b=2"),
            (header::ACCEPT_LANGUAGE, "ja-JP,ja;q=0.9,en;q=0.1"),
        ]);
        assert_eq!(Locale::negotiate(Some("x=1&lang=ja"), &all), Locale::Ja);
        assert_eq!(Locale::negotiate(Some("lang=tlh"), &all), Locale::En);
        assert_eq!(Locale::negotiate(None, &headers(&[])), Locale::En);
    }

    #[test]
    fn accept_language_is_read_by_quality() {
        for (value, want) in [
            ("ja", Locale::Ja),
            ("fr, ja;q=0.2, en;q=0.7", Locale::En),
            ("en;q=0, ja;q=0.1", Locale::Ja),
            ("en;q=nonsense,ja;q=0.5", Locale::Ja),
            ("*", Locale::En),
            ("", Locale::En),
        ] {
            let h = headers(&[(header::ACCEPT_LANGUAGE, value)]);
            assert_eq!(Locale::negotiate(None, &h), want, "{value}");
        }
    }
}
