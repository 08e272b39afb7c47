//! The ways one name is written: without its legal form, kana as Latin letters, both Latin
//! spellings of Japanese, with and without separators.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use super::super::entries;
use super::super::kana::{self, LongVowel};

/// Legal forms and group words around a company's own name.
const COMPANY_FORMS: &str = include_str!("../../../../../reference/company-forms.txt");

/// Every way to write `name`, which is in plain form.
pub(super) fn of(name: &str) -> BTreeSet<String> {
    let mut variants = BTreeSet::from([name.to_owned()]);
    variants.extend(without_company_forms(name));
    for v in variants.clone() {
        if kana::has_kana(&v) {
            variants.extend(in_latin_letters(&v));
        }
        variants.extend(without_macrons(&v));
    }
    for v in variants.clone() {
        if v.is_ascii() {
            variants.extend(kana::kunrei(&v.to_ascii_lowercase()));
        }
    }
    for v in variants.clone() {
        variants.insert(v.chars().filter(|c| c.is_alphanumeric()).collect());
    }
    variants
}

/// A kana name as people spell it: long vowels in any style, ん before b, m and p as m too.
fn in_latin_letters(name: &str) -> BTreeSet<String> {
    let short = kana::hepburn(name);
    let mut spellings: BTreeSet<String> =
        LongVowel::ALL.into_iter().map(|style| kana::romanise_name(name, style)).collect();
    spellings.insert(short);
    for spelling in spellings.clone() {
        let labial = [("nb", "mb"), ("np", "mp"), ("nm", "mm")];
        spellings.insert(labial.iter().fold(spelling, |text, (n, m)| text.replace(n, m)));
    }
    spellings
}

/// Kōnan as kounan, kohnan and koonan. Without any letter for the length (konan) it is found by
/// folding, which drops accents.
fn without_macrons(name: &str) -> Vec<String> {
    // Macron and circumflex.
    const LONG: [char; 2] = ['\u{304}', '\u{302}'];
    if name.is_ascii() || !name.nfd().any(|c| LONG.contains(&c)) {
        return Vec::new();
    }
    let styles = [["u", "u"], ["h", "h"], ["o", "u"]];
    let with = |[after_o, after_u]: [&str; 2]| {
        let mut text = String::new();
        for c in name.nfd() {
            match (c, text.chars().next_back()) {
                (_, Some('o' | 'O')) if LONG.contains(&c) => text.push_str(after_o),
                (_, Some('u' | 'U')) if LONG.contains(&c) => text.push_str(after_u),
                _ => text.push(c),
            }
        }
        text
    };
    styles.into_iter().map(with).collect()
}

/// The name without legal forms and group words, where something remains.
pub(in crate::text) fn without_company_forms(name: &str) -> Option<String> {
    without(name, entries(COMPANY_FORMS))
}

/// The name without legal forms, where something remains.
pub(in crate::text) fn without_legal_form(name: &str) -> Option<String> {
    let legal = COMPANY_FORMS.split("# Group words.").next().unwrap_or_default();
    without(name, entries(legal))
}

fn without(name: &str, forms: impl Iterator<Item = &'static str> + Clone) -> Option<String> {
    let mut text = name.to_owned();
    loop {
        let before = text.clone();
        for form in forms.clone() {
            let cut = if form.is_ascii() {
                strip_ascii_suffix(&text, form)
            } else {
                text.strip_suffix(form).or_else(|| text.strip_prefix(form))
            };
            if let Some(rest) = cut {
                text = rest.trim_matches([' ', ',', '.', '　', '・']).to_owned();
            }
        }
        if text == before {
            break;
        }
    }
    (text != name && text.chars().filter(|c| c.is_alphanumeric()).count() >= 2).then_some(text)
}

/// A Latin form is cut only where it is a word of its own: `Inc.` but not the end of `Zinc`.
fn strip_ascii_suffix<'a>(text: &'a str, form: &str) -> Option<&'a str> {
    let start = text.len().checked_sub(form.len())?;
    let (rest, tail) = (text.get(..start)?, text.get(start..)?);
    // Behind Japanese letters it is one without a space: 北星HD.
    let is_apart = rest.ends_with(|c: char| matches!(c, ' ' | ',' | '.') || !c.is_ascii());
    (tail.eq_ignore_ascii_case(form) && is_apart).then_some(rest)
}
