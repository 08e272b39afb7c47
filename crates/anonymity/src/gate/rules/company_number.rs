//! Numbers under which registers and exchanges know a firm.

use super::super::reason::{Confidence, Severity};
use super::super::shapes;
use super::super::subject::Subject;
use super::{GateRule, Reason, RuleText};

/// Codes of exchanges (`TYO:7011`, `7011.T`, `証券コード7011`), Japan's corporate numbers and legal
/// entity identifiers, both by their check digits: each is one firm's and public.
pub(super) struct CompanyNumber;

static TEXT: RuleText = RuleText {
    code: "company-number",
    severity: Severity::High,
    confidence: Confidence::Medium,
    releasable: true,
    ja: "証券コード、法人番号またはLEIに見える部分が含まれています。企業が特定されるおそれがあるため確認します。",
    en: "It seems to hold a stock code, a corporate number or a legal entity identifier: each belongs to one firm, so the desk checks it.",
};

/// Exchanges as data vendors write them before a code.
const EXCHANGES: [&str; 10] =
    ["tyo", "tse", "jpx", "xtks", "nyse", "nasdaq", "lse", "nag", "fse", "証券コード"];

/// The ends that stand for Tokyo behind a code.
const TOKYO: [&str; 4] = ["t", "jp", "tyo", "tk"];

/// Longest code of an exchange.
const LONGEST_CODE: usize = 5;

impl GateRule for CompanyNumber {
    fn check(&self, subject: &Subject<'_>, reasons: &mut Vec<Reason>) {
        let parted =
            |text: &str| text.contains(['-', '_']) && has_code(&text.replace(['-', '_'], ""));
        let mut texts = subject.host_text.iter().chain(&subject.texts);
        if texts.any(|t| has_code(t) || parted(t) || has_parted_code(t) || has_number(t)) {
            reasons.push(Reason::new(&TEXT));
        }
    }
}

fn has_code(text: &str) -> bool {
    let low = text.to_lowercase();
    let before = EXCHANGES.iter().any(|exchange| {
        low.match_indices(exchange).any(|(at, _)| {
            let glued = low
                .get(..at)
                .and_then(|b| b.chars().next_back())
                .is_some_and(|c| c.is_ascii_alphanumeric());
            let rest = low.get(at + exchange.len()..).unwrap_or_default();
            let code: String = rest
                .trim_start_matches([':', '-', '_', ' ', '='])
                .chars()
                .take_while(char::is_ascii_alphanumeric)
                .take(LONGEST_CODE + 1)
                .collect();
            let named = !exchange.is_ascii() || rest.starts_with(':');
            !glued && (is_code(&code) || (named && (1..=LONGEST_CODE).contains(&code.len())))
        })
    });
    let tokyo = |pair: &[&str]| matches!(pair, [code, end] if is_code(code) && TOKYO.contains(end));
    before
        || shapes::words(&low, &['.']).any(|word| {
            let parts: Vec<&str> = word.split('.').collect();
            parts.windows(2).any(tokyo)
        })
}

/// A code with signs in it that stands between other words (`x-492-A.T-x`).
fn has_parted_code(text: &str) -> bool {
    let low = text.to_lowercase();
    let is_sign = |c: &char| matches!(c, '-' | '_');
    low.match_indices('.').any(|(at, _)| {
        let (before, after) = low.split_at(at);
        let end = after.get(1..).and_then(|a| a.split(|c: char| !c.is_alphanumeric()).next());
        // From the last letter on: the four of the code, then what stands before it.
        let mut letters = before.chars().rev();
        let code: Vec<char> = letters.by_ref().filter(|c| !is_sign(c)).take(CODE).collect();
        let code: String = code.into_iter().rev().collect();
        let is_apart = letters.next().is_none_or(|c| !c.is_alphanumeric());
        is_apart && is_code(&code) && end.is_some_and(|end| TOKYO.contains(&end))
    })
}

/// Letters and digits of a code.
const CODE: usize = 4;

/// Four digits, from 2024 on also with a letter in the second or last place (Securities
/// Identification Code Committee).
fn is_code(word: &str) -> bool {
    let [a, b, c, d] = word.as_bytes() else { return false };
    let place = |x: &u8| x.is_ascii_digit() || x.is_ascii_lowercase();
    a.is_ascii_digit() && place(b) && c.is_ascii_digit() && place(d) && word != "0000"
}

fn has_number(text: &str) -> bool {
    shapes::words(text, &[]).any(|word| is_corporate_number(word) || is_entity_identifier(word))
}

/// Thirteen digits, the first of which checks the others (ordinance on corporate numbers: 9 minus
/// the weighted sum modulo 9).
fn is_corporate_number(word: &str) -> bool {
    let digits: Vec<u32> = word.chars().filter_map(|c| c.to_digit(10)).collect();
    let [check, rest @ ..] = digits.as_slice() else { return false };
    if word.len() != 13 || rest.len() != 12 {
        return false;
    }
    let weighted: u32 = rest.iter().rev().zip([1, 2].iter().cycle()).map(|(d, w)| d * w).sum();
    9 - weighted % 9 == *check
}

/// Twenty letters and digits, two check digits at the end (ISO 17442, ISO 7064 MOD 97-10).
fn is_entity_identifier(word: &str) -> bool {
    let shape = word.len() == 20
        && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        && word.bytes().rev().take(2).all(|b| b.is_ascii_digit())
        && word.bytes().any(|b| b.is_ascii_uppercase());
    let remainder = word.chars().filter_map(|c| c.to_digit(36)).fold(0, |rest, value| {
        let shift = if value < 10 { 10 } else { 100 };
        (rest * shift + value) % 97
    });
    shape && remainder == 1
}
