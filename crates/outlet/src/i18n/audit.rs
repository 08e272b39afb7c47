//! The test that every text is there, in both languages, and used.

use std::collections::{BTreeMap, BTreeSet};

use super::Locale;

/// Complaints about text files, one sentence each; empty when all is well.
///
/// `files` are the `.ftl` files of one crate; `sources` are the texts of its source files and
/// templates, in which every key must occur in double quotes. Both languages must define the same
/// keys with the same variables.
pub fn audit(files: &[(Locale, &str)], sources: &[String]) -> Vec<String> {
    let mut complaints = Vec::new();
    let of = |locale| {
        let texts = files.iter().filter(|(l, _)| *l == locale).map(|(_, text)| *text);
        texts.flat_map(messages).collect::<BTreeMap<String, BTreeSet<String>>>()
    };
    let (en, ja) = (of(Locale::En), of(Locale::Ja));
    for (key, variables) in &en {
        match ja.get(key) {
            None => complaints.push(format!("{key:?} is missing in Japanese")),
            Some(other) if other != variables => complaints
                .push(format!("{key:?} uses {variables:?} in English and {other:?} in Japanese")),
            Some(_) => {}
        }
        let quoted = format!("\"{key}\"");
        if !sources.iter().any(|s| s.contains(&quoted)) {
            complaints.push(format!("{key:?} is not used"));
        }
    }
    for key in ja.keys().filter(|k| !en.contains_key(*k)) {
        complaints.push(format!("{key:?} is missing in English"));
    }
    complaints
}

/// Keys and the variables in their texts. A message starts in the first column and goes on while
/// lines are indented; that is all of Fluent's grammar that matters here.
fn messages(text: &str) -> Vec<(String, BTreeSet<String>)> {
    let mut all: Vec<(String, BTreeSet<String>)> = Vec::new();
    for line in text.lines() {
        let indented = line.starts_with([' ', '\t']);
        if !indented {
            let Some((key, _)) = line.split_once('=') else { continue };
            let key = key.trim_end();
            if key.starts_with('#') || key.is_empty() {
                continue;
            }
            all.push((key.to_owned(), BTreeSet::new()));
        }
        if let Some((_, variables)) = all.last_mut() {
            variables.extend(variables_in(line));
        }
    }
    all
}

fn variables_in(line: &str) -> impl Iterator<Item = String> + '_ {
    line.split('$').skip(1).map(|rest| {
        rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_each_kind_of_fault() {
        let files = [
            (
                Locale::En,
                "# a = comment\na = x { $n }\nb = { $n ->\n    [one] one\n   *[other] {$n} of {$m}\n }\nd = unused\n",
            ),
            (Locale::Ja, "a = x\nb = {$n}{$m}\nc = extra\nd = 余り\n"),
        ];
        let found = audit(&files, &["t(\"a\") t(\"b\") t(\"c\")".to_owned()]);
        assert_eq!(
            found,
            [
                "\"a\" uses {\"n\"} in English and {} in Japanese",
                "\"d\" is not used",
                "\"c\" is missing in English",
            ]
        );
    }
}
