//! What may be left of an indicator once the parts that can identify a victim are cut away.
//!
//! - A URL keeps scheme, host and the stable beginning of its path. From the first segment on that
//!   looks like an identifier (beacon id, encoded blob, long number, mail address, somebody's
//!   name) or names a member, a machine, a folder or a tenant, it is cut; so is a query with such a
//!   part or with a key that says whose value it is (`?user=`).
//! - A URL of an onion service keeps its host: behind it are negotiations, and what follows is the
//!   victim's.
//! - A registry key below a user's security id is the same key below `HKEY_CURRENT_USER`.

mod opaque;

use noroshi_stix::{Kind, Observable, WebUrl};
pub(crate) use opaque::is_opaque;

use super::rules::{Rules, Target};
use super::shapes;
use super::subject::Subject;
use crate::text::decode;

/// What generalising gave.
pub(crate) enum Generalised {
    /// Nothing had to be cut.
    Same,
    /// This is left.
    To(Observable),
    /// Nothing useful is left.
    Nothing,
}

/// Cuts `observable` down to what may be released.
pub(crate) fn generalise(observable: &Observable, rules: &Rules) -> Generalised {
    match observable {
        Observable::Url(url) => cut_url(url, rules),
        Observable::RegistryKey(key) => current_user(key),
        _ => Generalised::Same,
    }
}

fn cut_url(url: &WebUrl, rules: &Rules) -> Generalised {
    let parsed = url.as_url();
    let mut kept = parsed.clone();
    let mut cut = false;
    if url.host_str().ends_with(".onion") && (parsed.path() != "/" || parsed.query().is_some()) {
        kept.set_path("/");
        kept.set_query(None);
        cut = true;
    }
    if parsed.query().is_some_and(|q| !is_plain_query(q, rules)) {
        kept.set_query(None);
        cut = true;
    }
    let path = kept.path().to_owned();
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    if let Some(first) = segments.iter().position(|s| !is_plain_segment(s, rules)) {
        let stable = segments.get(..first).unwrap_or_default();
        let mut path = String::from("/");
        for segment in stable {
            path.push_str(segment);
            path.push('/');
        }
        kept.set_path(&path);
        kept.set_query(None);
        cut = true;
    }
    if !cut {
        return Generalised::Same;
    }
    // On a platform everybody uses, what was cut is what told this page from all others.
    if url.domain().is_some_and(|host| rules.is_warned(&Observable::Domain(host))) {
        return Generalised::Nothing;
    }
    match Observable::parse(Kind::Url, kept.as_str()) {
        Ok(released) => Generalised::To(released),
        Err(_) => Generalised::Nothing,
    }
}

/// A query that is a handful of short plain words: `?p=12`, `?lang=en`.
fn is_plain_query(query: &str, rules: &Rules) -> bool {
    query.split('&').all(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = decode::percent(&value.replace('+', " "));
        value.len() <= MAX_PLAIN_VALUE
            && !is_opaque(&value)
            && (is_address(&value) || !has_number(&value, RECIPIENT_DIGITS))
            && is_plain_text(&value, rules)
            && !is_opaque(key)
            && (value.is_empty() || !is_recipients(key))
            && is_plain_text(&decode::percent(key), rules)
    })
}

/// Whether a key says that its value is somebody's.
fn is_recipients(key: &str) -> bool {
    let key = decode::percent(key).to_lowercase();
    shapes::words(&key, &[]).any(|word| RECIPIENT_KEYS.contains(&word))
}

/// What mailers and forms call the address, name or number of whom they write to.
const RECIPIENT_KEYS: [&str; 40] = [
    "account",
    "acct",
    "addr",
    "address",
    "client",
    "company",
    "corp",
    "customer",
    "dept",
    "domain",
    "email",
    "employee",
    "firm",
    "fullname",
    "group",
    "guid",
    "hint",
    "host",
    "hostname",
    "computer",
    "login",
    "mail",
    "mailbox",
    "member",
    "name",
    "org",
    "pc",
    "rcpt",
    "realm",
    "recipient",
    "sid",
    "staff",
    "tenant",
    "to",
    "upn",
    "user",
    "userid",
    "username",
    "uid",
    "victim",
];

/// Longest query value kept, in bytes.
const MAX_PLAIN_VALUE: usize = 24;

fn is_plain_segment(segment: &str, rules: &Rules) -> bool {
    let segment = decode::percent(segment);
    !is_opaque(&segment)
        && !has_number(&segment, CUSTOMER_DIGITS)
        && !is_serial(&segment)
        && !is_dotted_name(&segment)
        && is_plain_text(&segment, rules)
}

/// A step of a path that is a number of five or more digits and no date: a customer's, a ticket's.
fn is_serial(segment: &str) -> bool {
    let number = segment.len() >= SERIAL_DIGITS && segment.bytes().all(|b| b.is_ascii_digit());
    let year = segment.get(..4).and_then(|y| y.parse::<u16>().ok());
    let month = segment.get(4..6).and_then(|m| m.parse::<u8>().ok());
    let day = segment.get(6..8).map(|d| d.parse::<u8>().unwrap_or(0));
    let date = matches!(segment.len(), 6 | 8)
        && year.is_some_and(|y| (1990..2100).contains(&y))
        && month.is_some_and(|m| (1..=12).contains(&m))
        && day.is_none_or(|d| (1..=31).contains(&d));
    number && !date
}

/// Shortest number that is looked at as one.
const SERIAL_DIGITS: usize = 5;

/// `taro.yamada`, `kaku.example`: letters around a dot where no file ends so. A person's account
/// or somebody's domain.
fn is_dotted_name(segment: &str) -> bool {
    let Some((before, ending)) = segment.rsplit_once('.') else { return false };
    let letters =
        |s: &str| (s.chars().count() >= 2 || !s.is_ascii()) && s.chars().all(char::is_alphabetic);
    let name = |s: &str| s.chars().all(|c| c.is_alphabetic() || ".-_".contains(c));
    letters(ending)
        && before.chars().filter(|c| c.is_alphabetic()).count() >= 1
        && name(before)
        && !shapes::is_file_ending(ending)
}

/// No mail address, nothing a member is called or owns, nothing of the inside of an organisation,
/// and nothing in a character set we cannot read.
fn is_plain_text(text: &str, rules: &Rules) -> bool {
    if text.contains(['@', char::REPLACEMENT_CHARACTER]) {
        return false;
    }
    // A file name is judged on text alone, which is what a piece of a URL is too.
    let piece = Observable::FileName(text.to_owned());
    rules.check(&Subject::new(&piece), Target::Victims).is_empty()
}

/// A number this long in a path numbers somebody: customers, tickets, telephones.
const CUSTOMER_DIGITS: usize = 9;
/// A number this long in a query often numbers the recipient of the mail: `?id=7781`.
const RECIPIENT_DIGITS: usize = 3;

/// Addresses have a rule of their own.
fn is_address(text: &str) -> bool {
    text.parse::<std::net::IpAddr>().is_ok()
}

fn has_number(text: &str, digits: usize) -> bool {
    text.split(|c: char| !c.is_ascii_digit()).any(|run| run.len() >= digits)
}

/// `HKEY_USERS\S-1-5-21-...\Software\X` is what that user sees as `HKEY_CURRENT_USER\Software\X`.
fn current_user(key: &str) -> Generalised {
    let Some(rest) = key.strip_prefix("HKEY_USERS\\") else { return Generalised::Same };
    let (sid, below) = rest.split_once('\\').unwrap_or((rest, ""));
    // Users of a domain or a machine; the well-known ids (S-1-5-18 and others) are the same everywhere.
    if !sid.get(..9).is_some_and(|p| p.eq_ignore_ascii_case("S-1-5-21-")) {
        return Generalised::Same;
    }
    if below.trim_matches('\\').is_empty() {
        return Generalised::Nothing;
    }
    let classes = sid.to_ascii_lowercase().ends_with("_classes");
    let root = if classes { "HKEY_CURRENT_USER\\Software\\Classes" } else { "HKEY_CURRENT_USER" };
    match Observable::parse(Kind::RegistryKey, &format!("{root}\\{below}")) {
        Ok(released) => Generalised::To(released),
        Err(_) => Generalised::Nothing,
    }
}
