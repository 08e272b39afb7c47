//! Numbers of single machines.

use super::super::reason::{Confidence, Severity};
use super::super::subject::Subject;
use super::{GateRule, Reason, RuleText};

/// Hardware addresses (`00:1a:2b:3c:4d:5e`, `001a.2b3c.4d5e`) and serial numbers (`S/N 4CE0460D0G`)
/// inside names: each exists once, and inventories and purchase records know where.
pub(super) struct HardwareNumber;

static TEXT: RuleText = RuleText {
    code: "hardware-number",
    severity: Severity::High,
    confidence: Confidence::Medium,
    releasable: true,
    ja: "MACアドレスまたは機器の製造番号に見える部分が含まれています。被害組織の機器でないか確認します。",
    en: "It seems to hold a hardware address or a serial number; the desk checks that it is not of the victim's machines.",
};

/// What stands before a serial number.
const SERIAL: [&str; 9] = [
    "s/n",
    "serial",
    "serialno",
    "serial number",
    "servicetag",
    "service tag",
    "sn",
    "製造番号",
    "シリアル",
];

/// Longest serial number looked for.
const LONGEST_SERIAL: usize = 24;

impl GateRule for HardwareNumber {
    fn check(&self, subject: &Subject<'_>, reasons: &mut Vec<Reason>) {
        if subject.texts.iter().any(|text| has_hardware_address(text) || has_serial(text)) {
            reasons.push(Reason::new(&TEXT));
        }
    }
}

/// Six pairs, or three groups of four, of hexadecimal digits with one sign between them. IEEE 802
/// addresses; a UUID has longer groups beside them.
fn has_hardware_address(text: &str) -> bool {
    let groups = |sign: char, count: usize, length: usize| {
        text.split(|c: char| !c.is_ascii_hexdigit() && c != sign).any(|run| {
            let parts: Vec<&str> = run.split(sign).collect();
            parts.windows(count).any(|w| is_address(w, length, sign == ':'))
        })
    };
    groups(':', 6, 2) || groups('-', 6, 2) || groups('_', 6, 2) || groups('.', 3, 4)
}

/// Groups of one length. Without a letter among them most are dates, but for colons.
fn is_address(groups: &[&str], length: usize, digits_are_fine: bool) -> bool {
    let all = groups.concat();
    groups.iter().all(|g| g.len() == length)
        && all.bytes().any(|b| b != b'0')
        && (digits_are_fine || all.bytes().any(|b| b.is_ascii_alphabetic()))
}

/// A word for serial numbers, then one of at least six letters and digits with a digit among them.
fn has_serial(text: &str) -> bool {
    let low = text.to_lowercase();
    SERIAL.iter().any(|word| {
        low.match_indices(word).any(|(at, _)| {
            let before = low.get(..at).and_then(|b| b.chars().next_back());
            let rest = low.get(at + word.len()..).unwrap_or_default();
            let number = rest.trim_start_matches([' ', ':', '=', '-', '_', '#', '.', '\\']);
            let parted = number.len() < rest.len();
            let number: String = number
                .chars()
                .take_while(char::is_ascii_alphanumeric)
                .take(LONGEST_SERIAL + 1)
                .collect();
            parted
                && !before.is_some_and(|c| c.is_ascii_alphanumeric())
                && (6..=LONGEST_SERIAL).contains(&number.len())
                && number.bytes().any(|b| b.is_ascii_digit())
        })
    })
}
