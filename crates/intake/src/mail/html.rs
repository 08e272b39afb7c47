//! The parts of an HTML body that matter: where its links lead, and what it shows.
//!
//! Not a browser: tags are skipped, a few attributes read, entities decoded. What a link pretends to
//! be (its text is another site's address) is told apart, because that site is the one imitated.

use noroshi_stix::{DomainName, WebUrl};

/// A page taken apart.
#[derive(Default)]
pub(super) struct Page {
    /// Values of attributes that lead somewhere.
    pub(super) links: Vec<String>,
    /// Texts of links that name another site than the link leads to.
    pub(super) pretended: Vec<String>,
    /// The text that is shown.
    pub(super) text: String,
}

/// Attributes that lead somewhere.
const LINKS: [&str; 9] =
    ["href", "src", "action", "formaction", "background", "data", "poster", "content", "longdesc"];

/// Elements whose content is not shown as text.
const HIDDEN: [&str; 2] = ["style", "script"];

/// Elements within a line: no blank comes between their text and what is around.
const INLINE: [&str; 14] = [
    "a", "b", "i", "u", "em", "strong", "span", "font", "small", "big", "wbr", "sub", "sup", "code",
];

/// Takes a page apart.
pub(super) fn read(source: &str) -> Page {
    let mut page = Page::default();
    // The link we are in: where it leads, and where its text begins.
    let mut anchor: Option<(String, usize)> = None;
    let mut rest = source;
    while let Some(open) = rest.find('<') {
        page.text.push_str(&decode(&rest[..open]));
        rest = &rest[open..];
        if rest.starts_with("<!--") {
            rest = rest.find("-->").map_or("", |end| &rest[end + 3..]);
            continue;
        }
        let end = tag_end(rest);
        let (tag, after) = rest.split_at(end);
        rest = after;
        let inner = tag.trim_start_matches('<').trim_end_matches('>');
        let name_end = inner
            .trim_start_matches('/')
            .find(|c: char| !c.is_ascii_alphanumeric())
            .map_or(inner.len(), |n| n + inner.len() - inner.trim_start_matches('/').len());
        let name = inner[..name_end].to_ascii_lowercase();
        let leads = attributes(&inner[name_end..], &name);
        if !INLINE.contains(&name.trim_start_matches('/')) {
            page.text.push('\n');
        }
        match name.as_str() {
            "a" => anchor = leads.first().map(|l| (l.clone(), page.text.len())),
            "/a" => {
                if let Some((target, start)) = anchor.take() {
                    unmask(&mut page, &target, start);
                }
            }
            hidden if HIDDEN.contains(&hidden) => {
                // Scripts lead to places too, but show nothing.
                let close = format!("</{hidden}");
                let len = find_ignoring_case(rest, &close).unwrap_or(rest.len());
                if hidden == "script" {
                    page.text.push_str(&rest[..len]);
                    page.text.push('\n');
                }
                rest = &rest[len..];
            }
            _ => {}
        }
        page.links.extend(leads);
    }
    page.text.push_str(&decode(rest));
    page
}

/// Length of the tag at the start of `text`, quoted values respected.
fn tag_end(text: &str) -> usize {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().take(MAX_TAG) {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') if before_is_equals(text, at) => quote = Some(byte),
            (Some(q), b) if b == q => quote = None,
            _ => {}
        }
    }
    // No end in sight: what was looked at is passed over as a whole, or every tag would look again.
    (0..text.len().min(MAX_TAG) + 1).rev().find(|n| text.is_char_boundary(*n)).unwrap_or(0).max(1)
}

/// Longest tag, in bytes.
const MAX_TAG: usize = 64 * 1024;

fn before_is_equals(text: &str, at: usize) -> bool {
    text.as_bytes()[..at].trim_ascii_end().last() == Some(&b'=')
}

fn find_ignoring_case(text: &str, needle: &str) -> Option<usize> {
    memchr::memchr_iter(b'<', text.as_bytes()).find(|at| {
        text.as_bytes()
            .get(*at..at + needle.len())
            .is_some_and(|w| w.eq_ignore_ascii_case(needle.as_bytes()))
    })
}

/// Values of the attributes of a tag that lead somewhere.
fn attributes(text: &str, tag: &str) -> Vec<String> {
    let mut values = Vec::new();
    let mut rest = text;
    while let Some(equals) = rest.find('=') {
        let name = rest[..equals].trim_end();
        let name = name.rsplit(|c: char| c.is_whitespace() || "\"'/".contains(c)).next();
        let name = name.unwrap_or_default().to_ascii_lowercase();
        let value = rest[equals + 1..].trim_start();
        let (value, after) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let body = &value[1..];
                let end = body.find(quote).unwrap_or(body.len());
                (&body[..end], body.get(end + 1..).unwrap_or_default())
            }
            _ => {
                let end = value.find(|c: char| c.is_whitespace()).unwrap_or(value.len());
                value.split_at(end)
            }
        };
        rest = after;
        // `content` leads somewhere in a refresh only.
        let refresh = name != "content" || value.to_ascii_lowercase().contains("url=");
        if LINKS.contains(&name.as_str()) && refresh && tag != "base" {
            let value = decode(value);
            let target = value.trim();
            if !target.is_empty() && !target.starts_with('#') && !target.starts_with("data:") {
                values.push(target.to_owned());
            }
        }
    }
    values
}

/// Takes the text of a link out of what is shown where it names another site.
fn unmask(page: &mut Page, target: &str, start: usize) {
    let shown = page.text.get(start..).unwrap_or_default().trim().to_owned();
    let site = |text: &str| {
        let name =
            WebUrl::parse(text).and_then(|u| u.domain()).or_else(|| DomainName::parse(text))?;
        name.registrable().map(str::to_owned)
    };
    let leads_to = WebUrl::parse(target).map(|u| site(target).unwrap_or(u.host_str().to_owned()));
    if let (Some(says), Some(leads)) = (site(&shown), leads_to)
        && says != leads
    {
        page.text.truncate(start);
        page.text.push(' ');
        page.pretended.push(shown);
    }
}

/// Decodes the entities that matter in addresses.
fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|b| b == b';');
        let decoded = end.and_then(|e| entity(&rest[1..e]));
        match (decoded, end) {
            (Some(c), Some(end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            _ => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    let code = match name {
        "amp" => return Some('&'),
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "quot" => return Some('"'),
        "apos" => return Some('\''),
        "nbsp" => return Some(' '),
        "period" => return Some('.'),
        "colon" => return Some(':'),
        "sol" => return Some('/'),
        "commat" => return Some('@'),
        numeric => numeric.strip_prefix('#')?,
    };
    let number = match code.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => code.parse().ok()?,
    };
    char::from_u32(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_a_page_apart() {
        let page = read(
            r#"<html xmlns="http://www.w3.org/1999/xhtml"><style>a{x}</style><!-- http://no.example -->
            <p>See <a href="http://evil.example.com/a?x=1&amp;y=2">https://www.bank.example.org/</a>
            or <a href='https://ok.example.net/'>ok.example.net</a> ev<b>il</b>&#46;example.info</p>
            <img src=http://track.example.biz/o.gif alt="a>b"><form action="/x"></form>
            <meta http-equiv="refresh" content="0; url=http://r.example.com/">"#,
        );
        assert_eq!(
            page.links,
            [
                "http://evil.example.com/a?x=1&y=2",
                "https://ok.example.net/",
                "http://track.example.biz/o.gif",
                "/x",
                "0; url=http://r.example.com/"
            ]
        );
        assert_eq!(page.pretended, ["https://www.bank.example.org/"]);
        assert!(page.text.contains("evil.example.info"), "{}", page.text);
        assert!(!page.text.contains("w3.org") && !page.text.contains("no.example"));
    }
}
