//! Machines of the victim inside names and paths.

use noroshi_stix::Observable;

use super::super::reason::{Confidence, Severity};
use super::super::shapes;
use super::super::subject::Subject;
use super::{GateRule, Reason, RuleText};

/// Shares (`\\server\share`), names that Windows and clouds give to machines by themselves
/// (`DESKTOP-7F3K2QX`, `WIN-...`, `ip-10-0-0-4`), and names administrators give (`KURE-DC01`):
/// inside file names, mutexes, registry keys and rules, and the first two as labels of hosts, where
/// beacons write them.
pub(super) struct InternalHost;

static TEXT: RuleText = RuleText {
    code: "internal-host",
    severity: Severity::High,
    confidence: Confidence::Medium,
    releasable: true,
    ja: "組織内部の端末名、サーバー名または共有フォルダーに見える部分が含まれています。被害組織を示すものでないか確認します。",
    en: "It seems to hold the name of a machine or a share inside a network; the desk checks that it is not the victim's.",
};

/// Prefixes of names given by a machine's maker or its installation, and how many letters and
/// digits follow.
const GIVEN: [(&str, usize); 7] = [
    ("desktop-", 7),
    ("laptop-", 8),
    ("win-", 11),
    ("ec2amaz-", 7),
    ("minint-", 7),
    ("windows-", 7),
    ("pc-", 8),
];

/// What administrators call a machine by, before its number.
const ROLES: [&str; 24] = [
    "dc", "ad", "adc", "pdc", "bdc", "fs", "fsv", "filesv", "srv", "svr", "sv", "sql", "db",
    "exch", "ex", "mail", "prn", "ts", "rds", "vdi", "hv", "esx", "esxi", "nas",
];

impl GateRule for InternalHost {
    fn check(&self, subject: &Subject<'_>, reasons: &mut Vec<Reason>) {
        let url = matches!(subject.observable, Observable::Url(_));
        let in_text = subject.texts.iter().any(|text| {
            let text = shapes::with_backslashes(text);
            let mut given = shapes::words(&text, &['-']);
            let mut administered = shapes::words(&text, &['-']);
            has_share(&text)
                || (!url && has_slashed_share(&text))
                || given.any(is_given)
                || administered.any(is_administered)
                || has_inner_domain(&text.to_lowercase())
        });
        let host = subject.host_text.as_deref().unwrap_or_default();
        // The last two labels are the domain's own.
        let labels: Vec<&str> = host.split('.').collect();
        let below = labels.len().saturating_sub(2);
        // Whole names of that kind are `internal-name`'s.
        let above = host.rsplit_once('.').map_or("", |(above, _)| above);
        let machine = |label: &&str| is_given(label) || is_behind_a_place(label);
        if in_text || labels.iter().take(below).any(machine) || has_inner_domain(above) {
            reasons.push(Reason::new(&TEXT));
        }
    }
}

/// A directory's domain between other words: two labels and an ending that exists only inside, or
/// one label where no file ending follows (`settings.local.php` is a file).
fn has_inner_domain(text: &str) -> bool {
    INNER.iter().any(|suffix| {
        text.match_indices(suffix).any(|(at, _)| {
            let after = text.get(at + suffix.len()..).unwrap_or_default();
            let before = shapes::tail(text.get(..at).unwrap_or_default());
            let name = before.rsplit(|c: char| !c.is_alphanumeric() && !"-_.".contains(c)).next();
            let labels = name.unwrap_or_default().split('.').filter(|l| !l.is_empty()).count();
            let ends = !after.starts_with(|c: char| c.is_alphanumeric());
            ends && (labels >= 2 || (labels == 1 && !after.starts_with('.')))
        })
    })
}

/// Endings of Active Directory domains (as `internal-name`, which asks whole names).
const INNER: [&str; 8] =
    [".local", ".corp", ".lan", ".internal", ".intra", ".intranet", ".localdomain", ".priv"];

/// A name made of a known prefix and a random rest, of which at least one is a digit.
fn is_given(word: &str) -> bool {
    let low = word.to_ascii_lowercase();
    let given = |(prefix, rest): &(&str, usize)| {
        low.strip_prefix(prefix).is_some_and(|r| {
            r.len() == *rest
                && r.bytes().all(|b| b.is_ascii_alphanumeric())
                && r.bytes().any(|b| b.is_ascii_digit())
        })
    };
    let numbered = low.strip_prefix("ip-").is_some_and(|r| {
        r.split('-').filter(|n| n.parse::<u8>().is_ok()).count() == 4 && r.split('-').count() == 4
    });
    numbered || GIVEN.iter().any(given)
}

/// `KURE-DC01`, `FILESV01`, `KUREDC01`: a role and two to four digits behind a place, or, in
/// capitals, without one.
fn is_administered(word: &str) -> bool {
    let capitals = !word.chars().any(char::is_lowercase);
    let last = word.rsplit('-').next().unwrap_or_default();
    is_behind_a_place(word)
        || (capitals && (is_role(last) || ROLES.iter().any(|r| ends_with_role(last, r))))
}

/// A role behind a word of letters: small ones are common among programs without it.
fn is_behind_a_place(word: &str) -> bool {
    let parts: Vec<&str> = word.split(['-', '_']).collect();
    let place = |p: &str| p.chars().count() >= 2 && p.chars().any(char::is_alphabetic);
    parts.windows(2).any(|w| matches!(w, [a, b] if place(a) && is_role(b)))
}

fn is_role(word: &str) -> bool {
    let low = word.to_ascii_lowercase();
    let name = low.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = low.len() - name.len();
    (2..=4).contains(&digits) && ROLES.contains(&name)
}

/// `KUREDC01`.
fn ends_with_role(word: &str, role: &str) -> bool {
    let low = word.to_ascii_lowercase();
    let name = low.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = low.len() - name.len();
    let place = name.strip_suffix(role).unwrap_or_default();
    (2..=3).contains(&digits)
        && (3..=8).contains(&place.len())
        && place.bytes().all(|b| b.is_ascii_lowercase())
}

/// `\\server\share`.
fn has_share(text: &str) -> bool {
    text.split("\\\\")
        .skip(1)
        .any(|rest| rest.trim_start_matches('\\').split_once('\\').is_some_and(|(h, _)| is_host(h)))
}

/// `//server/share` where no scheme stands before it.
fn has_slashed_share(text: &str) -> bool {
    text.match_indices("//").any(|(at, _)| {
        let scheme = text.get(..at).is_some_and(|before| before.ends_with([':', '/']));
        let rest = text.get(at + 2..).unwrap_or_default();
        let lettered = |h: &str| h.contains(|c: char| c.is_ascii_alphabetic());
        !scheme && rest.split_once('/').is_some_and(|(h, _)| is_host(h) && lettered(h))
    })
}

fn is_host(name: &str) -> bool {
    !matches!(name, "" | "." | "?")
        && name.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c))
}
