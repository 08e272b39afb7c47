//! The operator's own warning list: one value a line, no header.

use noroshi_anonymity::WarningLists;
use noroshi_stix::{Kind, Observable};

use crate::config::ConfigError;

/// Adds the lines of the operator's file: domains (with everything below them), addresses,
/// prefixes and file hashes that are never released. Blank lines and `#` comments are skipped.
///
/// # Errors
/// [`ConfigError::Value`] with the number of the first line that is none of these.
pub(crate) fn add(lists: &mut WarningLists, text: &str) -> Result<(), ConfigError> {
    let (mut names, mut addresses, mut hashes) = (Vec::new(), Vec::new(), Vec::new());
    for (number, line) in (1..).zip(text.lines()) {
        let value = line.split('#').next().unwrap_or_default().trim();
        if value.is_empty() {
            continue;
        }
        match read(value) {
            Some(o @ Observable::Domain(_)) => names.push(o.value()),
            Some(o @ (Observable::Ipv4(_) | Observable::Ipv6(_))) => addresses.push(o.value()),
            Some(o) => hashes.push(o.value()),
            None => {
                return Err(ConfigError::Value {
                    key: "hub.warning_list",
                    value: format!("line {number}"),
                    wanted: "write one domain, address, prefix or file hash a line",
                });
            }
        }
    }
    for (matching, values) in [("name-anywhere", names), ("address", addresses), ("hash", hashes)] {
        if !values.is_empty() {
            lists.add(&format!("{}{}\n", header(matching), values.join("\n")));
        }
    }
    Ok(())
}

fn read(value: &str) -> Option<Observable> {
    let kinds =
        [Kind::Ipv4, Kind::Ipv6, Kind::Md5, Kind::Sha1, Kind::Sha256, Kind::Sha512, Kind::Domain];
    kinds.into_iter().find_map(|kind| Observable::parse(kind, value).ok())
}

fn header(matching: &str) -> String {
    format!(
        "# list: own\n# what-ja: ハブの運用者が指定したもの\n# what-en: named by the hub's operator\n\
         # match: {matching}\n# releasable: no\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_is_found_again() {
        let mut lists = WarningLists::default();
        let sha = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        let text = format!("# ours\nkaku-bank.jp\n45.66.0.0/16 # office\n\n{sha}\n");
        add(&mut lists, &text).unwrap();
        assert!(lists.rejected().is_empty(), "{:?}", lists.rejected());
        let found =
            |kind, value: &str| !lists.find(&Observable::parse(kind, value).unwrap()).is_empty();
        assert!(found(Kind::Host, "www.kaku-bank.jp") && found(Kind::Url, "http://kaku-bank.jp/x"));
        assert!(found(Kind::Ipv4, "45.66.1.2") && found(Kind::Sha256, sha));
        assert!(!found(Kind::Host, "kurokumo.jp") && !found(Kind::Ipv4, "45.67.1.2"));
    }

    #[test]
    fn a_line_that_is_nothing_is_named() {
        let e = add(&mut WarningLists::default(), "kaku-bank.jp\n???\n").unwrap_err().to_string();
        assert!(e.contains("line 2"), "{e}");
    }
}
