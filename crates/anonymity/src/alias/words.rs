//! Words that are no name by themselves.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::text::{entries, plain};

/// Words for a trade, at the end of a company's name.
const TRADE_WORDS: &str = include_str!("../../../../reference/trade-words.txt");
/// Words that stand in ordinary texts.
const COMMON_WORDS: &str = include_str!("../../../../reference/common-words.txt");
/// Words that lures are glued from.
const LURE_WORDS: &str = include_str!("../../../../reference/lure-words.txt");
/// Parts of addresses that stand in very many.
const ADDRESS_WORDS: [&str; 16] = [
    "www", "http", "https", "html", "php", "aspx", "index", "files", "static", "images", "assets",
    "content", "windows", "system32", "temp", "users",
];
/// Words between the parts of an English name that initials leave out.
const SMALL_WORDS: [&str; 7] = ["and", "of", "the", "for", "de", "in", ""];

static COMMON: LazyLock<HashSet<String>> =
    LazyLock::new(|| entries(COMMON_WORDS).map(|w| plain(w).to_lowercase()).collect());

/// Whether the word stands in ordinary texts without meaning a company.
pub(super) fn is_common(text: &str) -> bool {
    COMMON.contains(&text.to_lowercase())
}

/// Whether the word stands in lures and addresses of all kinds.
pub(super) fn is_lure(text: &str) -> bool {
    ADDRESS_WORDS.contains(&text) || entries(LURE_WORDS).any(|word| word == text)
}

/// Whether initials leave the word out.
pub(super) fn is_small(word: &str) -> bool {
    SMALL_WORDS.contains(&word.to_lowercase().as_str())
}

/// The name without the words for its trade at the end, where something remains.
pub(super) fn without_trade(name: &str) -> Option<String> {
    let mut text = name.trim();
    loop {
        let cut = entries(TRADE_WORDS).find_map(|word| strip(text, word));
        let Some(rest) = cut.filter(|rest| rest.chars().count() >= 2) else { break };
        text = rest;
    }
    (text != name.trim()).then(|| text.to_owned())
}

fn strip<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    if !word.is_ascii() {
        return text.strip_suffix(word).map(|rest| rest.trim_end_matches([' ', '・']));
    }
    let start = text.len().checked_sub(word.len())?;
    let (rest, tail) = (text.get(..start)?, text.get(start..)?);
    (tail.eq_ignore_ascii_case(word) && rest.ends_with([' ', '-']))
        .then(|| rest.trim_end_matches([' ', '-', '&', ',']))
}
