//! The promises of the story, each checked where it is made.

use noroshi_outlet::i18n::{Speech, Value};

use super::cast::Player;

/// What held and what did not.
pub(super) struct Promises<'a> {
    speech: &'a Speech,
    failed: usize,
}

impl<'a> Promises<'a> {
    pub(super) fn new(speech: &'a Speech) -> Self {
        Self { speech, failed: 0 }
    }

    /// Says a promise with its outcome.
    pub(super) fn check(&mut self, key: &str, held: bool, arguments: &[(&str, Value<'_>)]) {
        let sign = if held { "✓" } else { "✗" };
        println!("   {sign} {}", self.speech.with(key, arguments));
        if !held {
            self.failed += 1;
        }
    }

    /// Whether every promise held so far.
    pub(super) fn all_held(&self) -> bool {
        self.failed == 0
    }
}

/// Everything that would give the reporter away if one of its bytes came out.
pub(super) fn marks(reporter: &Player, report_id: &str) -> Vec<String> {
    let mut marks: Vec<String> = reporter.entry.names.clone();
    marks.extend(reporter.entry.brands.iter().cloned());
    marks.extend(reporter.entry.domains.iter().map(|d| d.as_str().to_owned()));
    marks.extend([reporter.id.clone(), report_id.to_owned(), reporter.key.clone()]);
    let planted = [
        "yamada",
        "山田",
        "nagasaki",
        "長崎",
        "神戸",
        "10.20.30.41",
        "192.0.2.180",
        "192.0.2.25",
        "mhi-vpn",
        "77812096",
        "20261120074105",
        "装備品",
    ];
    marks.extend(planted.iter().map(|s| (*s).to_owned()));
    // A mark of two ASCII letters is found in any random id.
    marks.retain(|m| !m.is_ascii() || m.len() > 3);
    marks
}

/// The marks that occur in `bytes`, in either case.
pub(super) fn found<'m>(marks: &'m [String], bytes: &[u8]) -> Vec<&'m str> {
    let text = String::from_utf8_lossy(bytes).to_lowercase();
    marks.iter().filter(|m| text.contains(&m.to_lowercase())).map(String::as_str).collect()
}
