//! Where somebody wanted to go before they had to sign in.

use axum::extract::Request;
use axum::http::{HeaderMap, Method, header};

use super::small_form::SmallForm;
use crate::app::{App, ROUTES};

/// Longest address that is kept.
const MAX_LEN: usize = 512;
/// Where nobody comes back to: signing in and out, files, calls.
const NEVER: [&str; 5] = ["/sign-in", "/sign-out", "/assets/", "/api/", "/account/confirm"];

/// An address of ours to go on to: a path with its query, never another site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Next(String);

impl Next {
    /// Reads an address; `None` where it is not plainly one of ours.
    ///
    /// Browsers read `//host` and `/\host` as another site, drop tabs and line ends before they look,
    /// and resolve `..`, also written as `%2e`: whatever holds one of these is refused.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"/-._~%?&=+,:@!$'()*;".contains(&b);
        let path = text.split('?').next().unwrap_or_default();
        let lower = path.to_ascii_lowercase();
        let good = text.len() <= MAX_LEN
            && text.starts_with('/')
            && !path.contains("//")
            && !path.contains("..")
            && !lower.contains("%2e")
            && !lower.contains("%2f")
            && !lower.contains("%5c")
            && text.bytes().all(plain)
            && !NEVER.iter().any(|n| path.starts_with(n));
        good.then(|| Self(text.to_owned()))
    }

    /// The `next` of a query.
    pub(super) fn of_query(query: Option<&str>) -> Option<Self> {
        SmallForm::of_query(query).get("next").and_then(Self::parse)
    }

    /// Where somebody who has to sign in first comes back to: the page they asked for or, where they
    /// sent a form, the page it was on.
    pub(super) fn of_request(app: &App, request: &Request) -> Option<Self> {
        if matches!(*request.method(), Method::GET | Method::HEAD) {
            return request.uri().path_and_query().and_then(|p| Self::parse(p.as_str()));
        }
        let path = request.uri().path();
        let shown = || ROUTES.iter().any(|r| r.method == "GET" && r.path == path);
        from_here(app, request.headers()).or_else(|| Self::parse(path).filter(|_| shown()))
    }

    /// The address.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The address as the value of a query.
    pub(crate) fn to_query(&self) -> String {
        let mut out = String::from("next=");
        for b in self.0.bytes() {
            match b {
                b'&' | b'+' | b'%' | b'?' | b'=' | b';' => out.push_str(&format!("%{b:02X}")),
                other => out.push(char::from(other)),
            }
        }
        out
    }
}

/// The page a form was on, where it was one of ours.
fn from_here(app: &App, headers: &HeaderMap) -> Option<Next> {
    let referer = headers.get(header::REFERER)?.to_str().ok()?;
    let (_, rest) = referer.split_once("://")?;
    let at = rest.find('/')?;
    let (host, path) = rest.split_at(at);
    let public = app.hub.config().public_url();
    let ours = public.split_once("://").is_some_and(|(_, h)| h == host)
        || headers.get(header::HOST).is_some_and(|h| h.as_bytes() == host.as_bytes());
    if !ours {
        return None;
    }
    Next::parse(path.split('#').next().unwrap_or(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_are_gone_on_to() {
        for good in ["/", "/report", "/reports/r-abc?lang=ja&x=1", "/operator/members?after=a%20b"]
        {
            assert_eq!(Next::parse(good).map(|n| n.0), Some(good.to_owned()));
        }
        for bad in [
            "",
            "report",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "/%2f/evil.example",
            "/%5Cevil.example",
            "/..//evil.example",
            "/a/%2E%2e//evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
            "/report#x",
            "/報告",
            "/a\"onload=\"x",
            "/a<b>",
            "/sign-in/abc",
            "/sign-out",
            "/api/v1/reports",
            "/assets/hub/hub.css",
        ] {
            assert_eq!(Next::parse(bad), None, "{bad:?}");
        }
        assert!(Next::parse(&format!("/{}", "a".repeat(600))).is_none());
    }

    #[test]
    fn an_address_comes_back_from_its_query() {
        let next = Next::parse("/operator/audit?from=2026-11-01&action=a%2Bb").unwrap();
        assert_eq!(Next::of_query(Some(&next.to_query())), Some(next));
    }
}
