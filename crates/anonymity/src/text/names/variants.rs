//! The ways one name is written: without its legal form, kana as Latin letters, both Latin
//! spellings of Japanese, with and without separators.

use std::collections::BTreeSet;

use super::super::kana;
use super::words;

/// Legal forms and group words around a company's own name.
const COMPANY_FORMS: &str = include_str!("../../../../../reference/company-forms.txt");

/// Every way to write `name`, which is in plain form.
pub(super) fn of(name: &str) -> BTreeSet<String> {
    let mut variants = BTreeSet::from([name.to_owned()]);
    variants.extend(without_company_forms(name));
    for v in variants.clone() {
        if kana::has_kana(&v) {
            variants.insert(kana::romanise(&v));
        }
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

/// The name without legal forms and group words, where something remains.
pub(in crate::text) fn without_company_forms(name: &str) -> Option<String> {
    let mut text = name.to_owned();
    loop {
        let before = text.clone();
        for form in words(COMPANY_FORMS) {
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
    (tail.eq_ignore_ascii_case(form) && rest.ends_with([' ', ',', '.', '　'])).then_some(rest)
}
