//! What else a member may be called: a first list for it to edit, made from its registered names
//! and domains.
//!
//! The gate looks for every spelling of a name by itself (width, case, kana and Latin letters,
//! look-alikes, one letter wrong). This list is about *other* names: the short form without
//! 株式会社, the group's name, initials, the name of the domain.

use std::collections::BTreeSet;

use noroshi_stix::DomainName;

use crate::text::{fold, kana, names};

/// Words between the parts of an English name that initials leave out.
const SMALL_WORDS: [&str; 6] = ["and", "of", "the", "for", "de", "&"];
/// Fewest initials that are a name: two letters are in every text.
const LEAST_INITIALS: usize = 3;
/// Group words at the end of a Japanese name, and short forms they go by.
const GROUP_WORDS: [(&str, &[&str]); 3] =
    [("ホールディングス", &["HD", "ホールディングス"]), ("グループ", &["グループ"]), ("本社", &[])];

/// Other names of a member, without those given, in alphabetical order. Each can be looked for
/// ([`crate::RegisterMember::names`]); short ones the gate takes as whole words only.
pub fn aliases(given: &[String], domains: &[DomainName]) -> Vec<String> {
    let mut found = BTreeSet::new();
    for name in given {
        let plain = fold::plain(name).trim().to_owned();
        let short = names::without_company_forms(&plain).unwrap_or_else(|| plain.clone());
        found.extend(groups(&plain, &short));
        found.extend(initials(&short));
        if kana::has_kana(&short) {
            found.insert(capitalised(&kana::romanise(&short)));
        }
        found.insert(short);
        found.insert(plain);
    }
    for domain in domains {
        let label = domain.registrable().and_then(|d| d.split('.').next()).unwrap_or_default();
        // A hyphen parts words: hokusei-steel is Hokusei Steel.
        found.insert(label.replace('-', " "));
    }
    let is_usable = |name: &String| name.chars().filter(|c| c.is_alphanumeric()).count() >= 2;
    let is_new = |name: &String| !given.iter().any(|g| g == name);
    found.into_iter().filter(|n| is_usable(n) && is_new(n)).collect()
}

/// 北星ホールディングス株式会社 is also 北星HD and 北星グループ.
fn groups(name: &str, short: &str) -> Vec<String> {
    let is_group = GROUP_WORDS.iter().any(|(word, _)| name.contains(word));
    if !is_group || short.is_ascii() {
        return Vec::new();
    }
    let forms = GROUP_WORDS.iter().flat_map(|(_, forms)| forms.iter());
    forms.map(|form| format!("{short}{form}")).collect()
}

/// Mitsubishi Heavy Industries is MHI.
fn initials(name: &str) -> Option<String> {
    if !name.is_ascii() {
        return None;
    }
    let words =
        name.split([' ', '-']).filter(|w| !SMALL_WORDS.contains(&w.to_lowercase().as_str()));
    let letters: String = words.filter_map(|w| w.chars().find(char::is_ascii_alphabetic)).collect();
    (letters.len() >= LEAST_INITIALS).then(|| letters.to_uppercase())
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &[&str], domains: &[&str]) -> Vec<String> {
        let names: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
        let domains: Vec<DomainName> =
            domains.iter().filter_map(|d| DomainName::parse(d)).collect();
        aliases(&names, &domains)
    }

    #[test]
    fn from_registered_names() {
        for (name, expected) in [
            ("三菱重工業株式会社", vec!["三菱重工業"]),
            ("株式会社ヒタチ", vec!["Hitachi", "ヒタチ"]),
            ("Mitsubishi Heavy Industries, Ltd.", vec!["MHI", "Mitsubishi Heavy Industries"]),
            ("（株）北星", vec!["北星", "(株)北星"]),
        ] {
            let found = of(&[name], &[]);
            for alias in expected {
                assert!(found.iter().any(|f| f == alias), "{name}: {alias} not in {found:?}");
            }
            assert!(!found.iter().any(|f| f == name));
        }
    }

    #[test]
    fn from_groups_and_domains() {
        let found = of(&["北星ホールディングス株式会社"], &["hokusei-steel.co.jp"]);
        for alias in ["北星", "北星HD", "北星グループ", "hokusei steel"] {
            assert!(found.iter().any(|f| f == alias), "{alias} not in {found:?}");
        }
    }

    #[test]
    fn nothing_too_short_or_given() {
        assert!(of(&["AB"], &["x.com"]).is_empty());
        assert!(of(&[], &[]).is_empty());
    }
}
