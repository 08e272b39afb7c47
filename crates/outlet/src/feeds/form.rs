//! The same list in the form that one tool reads.

use axum::http::HeaderValue;
use data_encoding::BASE64;

use super::BlockList;

/// In which form a list is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// One value a line.
    Plain,
    /// One value a line in base64: a dataset of strings for Suricata.
    Base64,
    /// A response policy zone for resolvers that refuses the domains.
    Zone,
}

impl Form {
    /// The form and the list that a file name asks for.
    pub(super) fn find(
        file: &str,
        lists: &'static [BlockList],
    ) -> Option<(&'static BlockList, Self)> {
        let (name, form) = match file.rsplit_once('.')? {
            (name, "txt") => (name, Form::Plain),
            (name, "b64") => (name, Form::Base64),
            ("domain", "rpz") => ("domain", Form::Zone),
            _ => return None,
        };
        lists.iter().find(|list| list.name == name).map(|list| (list, form))
    }

    /// What distinguishes the entity tags of forms of one list.
    pub(super) const fn suffix(self) -> &'static str {
        match self {
            Form::Plain => "",
            Form::Base64 => "-b64",
            Form::Zone => "-rpz",
        }
    }

    pub(super) const fn media(self) -> HeaderValue {
        match self {
            Form::Plain | Form::Base64 => HeaderValue::from_static("text/plain; charset=utf-8"),
            Form::Zone => HeaderValue::from_static("text/dns"),
        }
    }

    /// The list in this form. `tick` (microseconds) is when it last changed: the serial of a zone.
    pub(super) fn write(self, plain: &str, tick: i64) -> String {
        match self {
            Form::Plain => plain.to_owned(),
            Form::Base64 => {
                let mut out = String::with_capacity(plain.len() * 2);
                for line in plain.lines() {
                    BASE64.encode_append(line.as_bytes(), &mut out);
                    out.push('\n');
                }
                out
            }
            Form::Zone => {
                let serial = u32::try_from(tick.div_euclid(1_000_000)).unwrap_or(1).max(1);
                let mut out = format!(
                    "$TTL 300\n@ SOA localhost. hostmaster.localhost. {serial} 300 60 604800 60\n\
                     @ NS localhost.\n"
                );
                for name in plain.lines().filter(|name| is_name(name)) {
                    // The name itself and everything below it: there is no such domain.
                    out.push_str(&format!("{name} CNAME .\n*.{name} CNAME .\n"));
                }
                out
            }
        }
    }
}

/// Whether a line can stand in a zone as it is. Released domains can; nothing else may slip in.
fn is_name(line: &str) -> bool {
    let letter = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    // A policy zone adds its own name behind; 253 with that would be too long to load.
    (1..=230).contains(&line.len()) && line.bytes().all(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_say_the_same() {
        let plain = "a.example\nb.example\n";
        assert_eq!(Form::Base64.write(plain, 0), "YS5leGFtcGxl\nYi5leGFtcGxl\n");
        let zone =
            Form::Zone.write("a.example\n$INCLUDE /etc/passwd\nx y\n", 1_795_402_800_000_000);
        assert!(zone.contains(" 1795402800 300 "), "{zone}");
        assert!(
            zone.ends_with("@ NS localhost.\na.example CNAME .\n*.a.example CNAME .\n"),
            "{zone}"
        );
    }

    #[test]
    fn only_files_there_are_have_a_form() {
        static LISTS: &[BlockList] =
            &[BlockList { name: "domain", kinds: &[] }, BlockList { name: "ipv4", kinds: &[] }];
        for (file, form) in
            [("domain.txt", Form::Plain), ("ipv4.b64", Form::Base64), ("domain.rpz", Form::Zone)]
        {
            assert_eq!(Form::find(file, LISTS).map(|(_, f)| f), Some(form));
        }
        for file in ["ipv4.rpz", "domain", "domain.csv", ".txt", "nope.txt"] {
            assert!(Form::find(file, LISTS).is_none(), "{file}");
        }
    }
}
