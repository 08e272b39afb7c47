//! People of the victim inside paths and names.

use noroshi_stix::Observable;

use super::super::reason::{Confidence, Severity};
use super::super::shapes;
use super::super::subject::Subject;
use super::{GateRule, Reason, RuleText};

/// User folders (`C:\Users\taro`, `/home/taro`), security ids of a domain's users
/// (`S-1-5-21-...`) and accounts (`KAKU\taro`), written in any encoding and with any sign for the
/// backslash: they name the victim's staff.
///
/// Windows allows a backslash in a mutex name only behind `Global`, `Local` or `Session\n`, so
/// whatever else stands before one is a domain or a machine.
pub(super) struct UserName;

static TEXT: RuleText = RuleText {
    code: "user-name",
    severity: Severity::High,
    confidence: Confidence::Medium,
    releasable: true,
    ja: "利用者名、アカウント名またはSIDに見える部分が含まれています。個人や組織内部の情報でないか確認します。",
    en: "It seems to hold a user's name, an account or a security id; the desk checks that it is nobody's.",
};

/// Folders whose next step is a user, on Windows. `documents and settings` is what it was called.
const WINDOWS: [&str; 4] =
    ["\\users\\", "\\documents and settings\\", "\\profiles\\", "\\profilelist\\s-1-5-21-"];

/// The same elsewhere. Web servers have folders of these names too, so URLs are not asked.
const UNIX: [&str; 4] = ["/users/", "/home/", "/volumes/users/", "/documents and settings/"];

/// Users that every machine has.
const NOBODY: [&str; 12] = [
    "",
    "public",
    "default",
    "default user",
    "defaultuser0",
    "all users",
    "%username%",
    "administrator",
    "systemprofile",
    "localservice",
    "networkservice",
    "shared",
];

/// What may stand before the backslash of a mutex (Microsoft, "Kernel object namespaces").
const NAMESPACES: [&str; 6] =
    ["global", "local", "session", "sessions", "basenamedobjects", "appcontainernamedobjects"];

impl GateRule for UserName {
    fn check(&self, subject: &Subject<'_>, reasons: &mut Vec<Reason>) {
        let url = matches!(subject.observable, Observable::Url(_));
        let mutex = matches!(subject.observable, Observable::Mutex(_));
        let found = subject.texts.iter().any(|text| {
            let low = shapes::with_backslashes(text).to_lowercase();
            let below = format!("\\{low}");
            WINDOWS.iter().any(|h| follows_a_name(&below, h))
                || (!url && UNIX.iter().any(|h| follows_a_name(&low, h)))
                || low.contains("s-1-5-21-")
                || (mutex && is_account(&low))
        });
        if found {
            reasons.push(Reason::new(&TEXT));
        }
    }
}

/// Whether a folder that belongs to one user follows `home`.
fn follows_a_name(text: &str, home: &str) -> bool {
    text.split(home).skip(1).any(|rest| {
        let name = rest.split(['\\', '/']).next().unwrap_or_default().trim();
        !NOBODY.contains(&name)
    })
}

/// `kaku\taro`, a domain and a user.
fn is_account(mutex: &str) -> bool {
    let Some((before, after)) = mutex.split_once('\\') else { return false };
    let word =
        |s: &str| !s.is_empty() && s.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c));
    word(before) && word(after) && !NAMESPACES.contains(&before)
}
