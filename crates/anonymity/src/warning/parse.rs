//! Reading a warning list.
//!
//! A list opens with `# key: value` lines (`list`, `what-ja`, `what-en`, `match`, `releasable`,
//! `source`, `date`); every other line is one entry, `#` starts a comment.

use std::net::IpAddr;

use ipnet::IpNet;
use noroshi_stix::DomainName;

use super::{Matching, WarningMatch};
use crate::Words;

pub(super) struct List {
    pub(super) about: WarningMatch,
    pub(super) entries: Vec<Entry>,
    pub(super) rejected: Vec<String>,
}

pub(super) enum Entry {
    Network(IpNet),
    Name(String),
    Word(String),
}

pub(super) fn list(text: &str) -> Result<List, String> {
    let about = header(text)?;
    let mut entries = Vec::new();
    let mut rejected = Vec::new();
    for (number, line) in text.lines().enumerate() {
        // A space before the mark, so that names may hold `#`.
        let line = line.split(" #").next().unwrap_or_default().trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match entry(about.matching, line) {
            Some(entry) => entries.push(entry),
            None => rejected.push(format!("{} line {}: {line:?}", about.list, number + 1)),
        }
    }
    Ok(List { about, entries, rejected })
}

fn header(text: &str) -> Result<WarningMatch, String> {
    let value = |key: &str| {
        text.lines()
            .filter_map(|l| l.strip_prefix("# ")?.split_once(": "))
            .find(|(k, _)| *k == key)
            .map(|(_, v)| v.trim().to_owned())
    };
    let name = value("list").ok_or("a warning list has no `# list:` line")?;
    let need = |key: &str| value(key).ok_or(format!("warning list {name} has no `# {key}:` line"));
    let matching = match need("match")?.as_str() {
        "address" => Matching::Address,
        "name-within" => Matching::NameWithin,
        "name-itself" => Matching::NameItself,
        "name-anywhere" => Matching::NameAnywhere,
        "hash" => Matching::Hash,
        "file-name" => Matching::FileName,
        "mutex" => Matching::Mutex,
        other => return Err(format!("warning list {name}: unknown match {other:?}")),
    };
    let what = Words { ja: need("what-ja")?, en: need("what-en")? };
    let releasable = need("releasable")? == "yes";
    Ok(WarningMatch { list: name, what, matching, releasable })
}

fn entry(matching: Matching, line: &str) -> Option<Entry> {
    match matching {
        Matching::Address => line
            .parse::<IpNet>()
            .ok()
            .or_else(|| line.parse::<IpAddr>().ok().map(IpNet::from))
            .map(|n| Entry::Network(n.trunc())),
        // Reserved top-level names (`test`) are no domain names but are looked up the same way.
        Matching::NameWithin | Matching::NameItself | Matching::NameAnywhere => {
            let single = !line.contains('.') && line.bytes().all(|b| b.is_ascii_lowercase());
            if single {
                return Some(Entry::Name(line.to_owned()));
            }
            DomainName::parse(line).map(|d| Entry::Name(d.as_str().to_owned()))
        }
        Matching::Hash => {
            line.bytes().all(|b| b.is_ascii_hexdigit()).then(|| Entry::Word(line.into()))
        }
        Matching::FileName | Matching::Mutex => Some(Entry::Word(line.to_owned())),
    }
}
