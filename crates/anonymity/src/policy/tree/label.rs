//! What a node is called, in both languages.

use super::super::roster::Roster;
use super::build::OTHERS;
use crate::Words;

/// What everybody is called.
pub(super) const ANYBODY: (&str, &str) = ("会員", "a member");

/// The words of a node that stands for these label paths.
pub(super) fn words(roster: &Roster, parts: &[Vec<String>]) -> Words {
    let mut each: Vec<Words> = Vec::new();
    for path in parts {
        let words = of_path(roster, path);
        if !each.contains(&words) {
            each.push(words);
        }
    }
    let ja: Vec<&str> = each.iter().map(|w| w.ja.as_str()).collect();
    let en: Vec<&str> = each.iter().map(|w| w.en.as_str()).collect();
    Words { ja: list(&ja, "、", "または"), en: list(&en, ", ", " or ") }
}

fn of_path(roster: &Roster, path: &[String]) -> Words {
    match path {
        [] => Words { ja: ANYBODY.0.into(), en: ANYBODY.1.into() },
        [above @ .., last] if last == OTHERS => {
            let above = of_path(roster, above);
            Words { ja: format!("その他の{}", above.ja), en: format!("other {}", above.en) }
        }
        [.., last] => roster.step_words(last),
    }
}

fn list(items: &[&str], comma: &str, or: &str) -> String {
    match items {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{}{or}{last}", most.join(comma)),
    }
}
