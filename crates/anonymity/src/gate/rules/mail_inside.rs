//! Mail addresses inside other values.

use noroshi_stix::{DomainName, Observable};

use super::super::reason::{Confidence, Severity};
use super::super::shapes;
use super::super::subject::Subject;
use super::{GateRule, Reason, RuleText};

/// A mail address or a Message-ID in a file name, a mutex, a registry key, a rule or what a URL
/// carries, in any encoding: a lure numbers its readers by their addresses, and a saved mail is
/// called after its reader. Also the form in which a sender's address carries its reader
/// (`news-taro=firm.example@sender.example`).
///
/// Addresses that are indicators themselves are judged by what else they hold.
pub(super) struct MailInside;

static TEXT: RuleText = RuleText {
    code: "mail-inside",
    severity: Severity::High,
    confidence: Confidence::Medium,
    releasable: true,
    ja: "値の中にメールアドレスまたはMessage-IDが含まれています。受信者や組織を示すものでないか確認します。",
    en: "A mail address or Message-ID stands inside it; the desk checks that it is not a recipient's.",
};

impl GateRule for MailInside {
    fn check(&self, subject: &Subject<'_>, reasons: &mut Vec<Reason>) {
        let carried = matches!(subject.observable, Observable::Email(_));
        let found = subject
            .texts
            .iter()
            .any(|text| if carried { has_mail(&text.replace('=', "@")) } else { has_mail(text) });
        if found {
            reasons.push(Reason::new(&TEXT));
        }
    }
}

/// Whether some word of the text is a mail address. An `@` written out is one.
fn has_mail(text: &str) -> bool {
    let low = text.to_lowercase();
    let text = ["(at)", "[at]", "{at}", "_at_", "＠", "%40", "@@"]
        .iter()
        .fold(low, |text, at| text.replace(at, "@"));
    text.contains('@')
        && text
            .split(|c: char| c.is_whitespace() || "()[]{}<>,;:\"'|&?/\\=!".contains(c))
            .filter(|word| word.contains('@'))
            .any(is_mail)
}

/// An address whose domain may exist, or exists inside one network; `icon@2x.png` is a file.
fn is_mail(word: &str) -> bool {
    let word = word.trim_matches(['.', '-', '_', '~']);
    // Letters of any script: a name with a foreign letter in it is still read.
    let domain = word.rsplit_once('@').and_then(|(local, domain)| {
        let named = local.chars().next_back().is_some_and(char::is_alphanumeric);
        named.then(|| DomainName::parse(domain)).flatten()
    });
    domain.is_some_and(|domain| {
        let name = domain.as_str();
        let (before, top) = name.rsplit_once('.').unwrap_or(("", name));
        // `taro@kaku.example.eml` is a saved mail.
        let saved = || DomainName::parse(before).is_some_and(|inner| inner.has_known_suffix());
        domain.has_known_suffix() || !shapes::is_file_ending(top) || saved()
    })
}
