//! The rules of matching stated a second time, naively: every substring of the text is held against
//! every indicator. Slow and simple; the matcher must agree with it on random text made of pieces
//! that come close to indicators.

use std::net::{Ipv4Addr, Ipv6Addr};

use noroshi_scan::{Hit, Matcher};
use noroshi_stix::{Kind, Observable};
use proptest::prelude::*;

use crate::observable;

fn alnum(b: u8) -> bool {
    b.is_ascii_alphanumeric()
}
fn name(b: u8) -> bool {
    alnum(b) || b == b'-' || b == b'_'
}
fn address(b: u8) -> bool {
    alnum(b) || b == b'_'
}
fn name_dot(b: u8) -> bool {
    name(b) || b == b'.'
}

/// Nothing that continues a token stands before it, or an escape does.
fn starts(t: &[u8], at: usize, word: fn(u8) -> bool) -> bool {
    let before = &t[..at];
    let hex = |s: &[u8]| s.iter().all(u8::is_ascii_hexdigit);
    let escape = (before.len() >= 3 && before[at - 3] == b'%' && hex(&before[at - 2..]))
        || [&b"\\n"[..], b"\\r", b"\\t"].iter().any(|e| before.ends_with(e))
        || (before.len() >= 6 && before[at - 6..].starts_with(b"\\u") && hex(&before[at - 4..]));
    escape || before.last().is_none_or(|b| !word(*b))
}

/// Behind full stops, nothing that continues a token.
fn ends(t: &[u8], at: usize, word: fn(u8) -> bool) -> bool {
    t[at..].iter().find(|b| **b != b'.').is_none_or(|b| !word(*b))
}

fn next_is(t: &[u8], at: usize, word: fn(u8) -> bool) -> bool {
    t.get(at).is_some_and(|b| word(*b))
}

fn matches(o: &Observable, t: &[u8], s: usize, e: usize) -> bool {
    let span = &t[s..e];
    let text = std::str::from_utf8(span).unwrap_or("\0");
    let equal = |v: &str| v.as_bytes().eq_ignore_ascii_case(span);
    match o {
        Observable::Ipv4(net) => {
            text.parse::<Ipv4Addr>().is_ok_and(|a| net.contains(&a))
                && starts(t, s, |b| address(b) || b == b'.')
                && ends(t, e, address)
        }
        Observable::Ipv6(net) => {
            let in_run = |b: u8| b.is_ascii_hexdigit() || b == b':' || b == b'.';
            let before = &t[..s];
            let start = if before.ends_with(b":") && !text.starts_with(':') {
                // One colon of punctuation, as in `src:2001:db8::1`: before it stands no group of an
                // address, at most the end of a word.
                let label = before[..s - 1].iter().rev();
                let group = label.take_while(|b| in_run(**b) && **b != b':').count();
                let at = s - 1 - group;
                let escape = starts(t, s - 1, |_| true);
                let whole = !starts(t, at, address) || group == 0 || escape;
                whole && (at == 0 || t[at - 1] != b':')
            } else {
                starts(t, s, |b| address(b) || b == b':' || b == b'.')
            };
            let rest = &t[e..];
            let rest =
                if text.ends_with(':') { rest } else { rest.strip_prefix(b":").unwrap_or(rest) };
            let end = rest.iter().find(|b| **b != b'.').is_none_or(|b| !address(*b) && *b != b':');
            text.parse::<Ipv6Addr>().is_ok_and(|a| net.contains(&a)) && start && end
        }
        Observable::Domain(d) => equal(d.as_str()) && starts(t, s, name) && ends(t, e, name),
        Observable::Hash(h) => equal(h.as_str()) && starts(t, s, alnum) && !next_is(t, e, alnum),
        Observable::Ja3(h) => equal(h) && starts(t, s, alnum) && !next_is(t, e, alnum),
        Observable::Ja4(h) => equal(h) && starts(t, s, address) && !next_is(t, e, address),
        Observable::Cve(c) => equal(c) && starts(t, s, alnum) && !next_is(t, e, alnum),
        Observable::Email(m) => {
            equal(m.as_str()) && starts(t, s, |b| name_dot(b) || b == b'+') && ends(t, e, name)
        }
        Observable::FileName(f) => equal(f) && bounded(t, s, e),
        Observable::Mutex(m) => m.as_bytes() == span && bounded(t, s, e),
        Observable::Url(u) => url(u.as_str(), t, s, e),
        Observable::RegistryKey(_) | Observable::Rule(_) => false,
    }
}

fn bounded(t: &[u8], s: usize, e: usize) -> bool {
    (!name_dot(t[s]) || starts(t, s, name_dot)) && (!name_dot(t[e - 1]) || ends(t, e, name))
}

fn url(indicator: &str, t: &[u8], s: usize, e: usize) -> bool {
    if !starts(t, s, name_dot) {
        return false;
    }
    // Every spelling of the indicator, without the scheme.
    let rest = indicator.split_once("://").unwrap().1;
    let slash = rest.find('/').unwrap();
    let (authority, path) = rest.split_at(slash);
    let (host, port) = authority.rsplit_once(':').map_or((authority, None), |(h, p)| (h, Some(p)));
    let ports = match port {
        None | Some("80" | "443") => vec![String::new(), ":80".to_owned(), ":443".to_owned()],
        Some(p) => vec![format!(":{p}")],
    };
    let mut paths = vec![path];
    let scheme = t[..s].ends_with(b"://");
    let bare = path == "/" && (scheme || t.get(e) == Some(&b'?'));
    paths.extend(path.strip_prefix('/').filter(|p| p.starts_with('?') || bare));
    let dots = if host.parse::<Ipv4Addr>().is_ok() { 1 } else { 3 };
    let spelled = ports.iter().any(|port| {
        paths.iter().any(|path| {
            (0..dots).any(|n| {
                let span = &t[s..e];
                let head = [host, &".".repeat(n), port].concat();
                span.len() == head.len() + path.len()
                    && span[..head.len()].eq_ignore_ascii_case(head.as_bytes())
                    && &span[head.len()..] == path.as_bytes()
            })
        })
    });
    if !spelled {
        return false;
    }
    let stop = |b: u8| !b.is_ascii_graphic() || b"\"<>`{}\\#".contains(&b);
    let has_path = t[s..e].iter().any(|b| matches!(b, b'/' | b'?'));
    if !has_path {
        if t.get(e) == Some(&b'?') {
            return true;
        }
        // A bare host: what follows is no port, no path, no longer name.
        let ported = t[s..e].contains(&b':');
        let after = e + if ported { 0 } else { t[e..].iter().take_while(|b| **b == b'.').count() };
        let digits = t[after..].iter().skip(1).take_while(|b| b.is_ascii_digit()).count();
        let port_follows = !ported && t.get(after) == Some(&b':') && (1..=5).contains(&digits);
        return !matches!(t.get(after), Some(b'/' | b'?'))
            && !t[s..e].ends_with(b".")
            && !port_follows
            && ends(t, e, name);
    }
    let trailing = t[e..].iter().take_while(|b| !stop(**b)).all(|b| b",;')]|?&!*.:".contains(b));
    trailing || t.get(e).is_none_or(|b| stop(*b) || b",;')]|?&!*".contains(b))
}

fn oracle(indicators: &[(Observable, u32)], text: &[u8]) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (o, id) in indicators {
        for start in 0..text.len() {
            for end in start + 1..=text.len() {
                if matches(o, text, start, end) {
                    hits.push(Hit { id: *id, start, end });
                }
            }
        }
    }
    hits.sort_unstable();
    hits
}

fn indicators() -> Vec<(Observable, u32)> {
    let list = [
        (Kind::Domain, "evil.example"),
        (Kind::Host, "c2.evil.example"),
        (Kind::Domain, "xn--wgv71a119e.jp"),
        (Kind::Ipv4, "198.51.100.7"),
        (Kind::Ipv4, "203.0.113.0/24"),
        (Kind::Ipv6, "2001:db8::1"),
        (Kind::Ipv6, "2001:db8:1::/48"),
        (Kind::Url, "http://evil.example/a"),
        (Kind::Url, "http://evil.example/"),
        (Kind::Url, "http://evil.example/a?b=1"),
        (Kind::Url, "http://198.51.100.7:8080/?q"),
        (Kind::Email, "spear@evil.example"),
        (Kind::Md5, "d41d8cd98f00b204e9800998ecf8427e"),
        (Kind::Ja3, "d41d8cd98f00b204e9800998ecf8427e"),
        (Kind::Ja4, "t13d1516h2_8daaf6152771_b186095e22b6"),
        (Kind::Cve, "CVE-2021-44228"),
        (Kind::FileName, "evil.exe"),
        (Kind::FileName, "evil tool.exe"),
        (Kind::FileName, "請求書"),
        (Kind::FileName, "_a-.txt"),
        (Kind::Mutex, "Global\\Evil"),
    ];
    list.iter().zip(1..).map(|((kind, text), id)| (observable(*kind, text), id)).collect()
}

fn piece() -> impl Strategy<Value = String> {
    let near = proptest::sample::select(vec![
        "evil.example",
        "EVIL.example",
        "c2.",
        "a.",
        ".org",
        "not",
        "xn--wgv71a119e.jp",
        "198.51.100.7",
        "203.0.113.9",
        "1",
        "7",
        ".5",
        "2001:db8::1",
        "2001:db8:1::",
        "::",
        "a:",
        "http://",
        "://",
        "/a",
        "/",
        "?b=1",
        "?q",
        ":8080",
        ":80",
        ":443",
        "spear",
        "@",
        "+",
        "d41d8cd98f00b204e9800998ecf8427e",
        "D41D8CD98F00B204E9800998ECF8427E",
        "f",
        "t13d1516h2_8daaf6152771_b186095e22b6",
        "CVE-2021-44228",
        "cve-2021-44228",
        "evil.exe",
        "evil tool.exe",
        "Evil",
        "Global\\",
        "請求書",
        "_a-.txt",
        "exe",
        "tool",
    ]);
    let glue = proptest::sample::select(vec![
        " ", " ", " ", ".", "-", "_", ",", ")", "'", "=", ":", "\"", "%2F", "%20", "\\n",
        "\\u003c", "\\", "日", "\n", "<", "&", ";", "x", "..",
    ]);
    prop_oneof![3 => near, 2 => glue].prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]
    #[test]
    fn the_matcher_agrees_with_the_oracle(pieces in proptest::collection::vec(piece(), 1..9)) {
        let text = pieces.concat();
        let indicators = indicators();
        let matcher = Matcher::new(indicators.iter().cloned());
        let mut hits = Vec::new();
        matcher.scan(text.as_bytes(), &mut |h| hits.push(h));
        hits.sort_unstable();
        prop_assert_eq!(hits, oracle(&indicators, text.as_bytes()), "{}", text);
    }

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        Matcher::new(indicators()).scan(&bytes, &mut |_| {});
    }
}
