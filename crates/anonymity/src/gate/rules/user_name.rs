//! People and machines of the victim inside paths and names.

use noroshi_stix::{EmailAddress, Observable};

use super::super::reason::{Confidence, Severity};
use super::super::subject::Subject;
use super::{GateRule, Reason, RuleText};

/// User folders (`C:\Users\taro`), security ids of a domain's users (`S-1-5-21-...`), shares
/// (`\\server\share`) and mail addresses inside file names, mutexes and registry keys: they name
/// the victim's staff and machines.
pub(super) struct UserName;

static TEXT: RuleText = RuleText {
    code: "user-name",
    severity: Severity::High,
    confidence: Confidence::Medium,
    releasable: true,
    ja: "利用者名、SID、サーバー名またはメールアドレスに見える部分が含まれています。個人や組織内部の情報でないか確認します。",
    en: "It seems to hold a user's name, a security id, a server's name or a mail address; the desk checks that it is nobody's.",
};

/// Folders whose next step is a user.
const HOMES: [&str; 5] =
    ["\\users\\", "/users/", "/home/", "\\documents and settings\\", "\\profilelist\\s-1-5-21-"];

impl GateRule for UserName {
    fn check(&self, subject: &Subject<'_>, reasons: &mut Vec<Reason>) {
        let text = match subject.observable {
            Observable::FileName(s) | Observable::Mutex(s) | Observable::RegistryKey(s) => s,
            _ => return,
        };
        let low = text.to_lowercase();
        let home = HOMES.iter().any(|h| follows_a_name(&low, h));
        if home || low.contains("s-1-5-21-") || has_share(&low) || has_mail(text) {
            reasons.push(Reason::new(&TEXT));
        }
    }
}

/// Whether a folder that belongs to one user follows `home`; `Public` and `Default` belong to all.
fn follows_a_name(text: &str, home: &str) -> bool {
    text.split(home).skip(1).any(|rest| {
        let name = rest.split(['\\', '/']).next().unwrap_or_default();
        !matches!(name, "" | "public" | "default" | "all users" | "%username%")
    })
}

fn has_share(text: &str) -> bool {
    text.split("\\\\").skip(1).any(|rest| {
        rest.trim_start_matches('\\').split_once('\\').is_some_and(|(host, _)| {
            !host.is_empty() && host.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c))
        })
    })
}

fn has_mail(text: &str) -> bool {
    text.split(|c: char| c.is_whitespace() || "()[]<>,;\"'".contains(c)).any(|word| {
        word.contains('@') && {
            let word = word.trim_end_matches(['.', '-', '_']);
            EmailAddress::parse(word).is_some()
        }
    })
}
