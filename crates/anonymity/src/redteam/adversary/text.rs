//! A-text: searches released bytes for what members are called and own.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;
use ipnet::IpNet;

use super::{Adversary, Prior, normal, words};
use crate::redteam::layers;
use crate::redteam::view::{Needs, Target, View};
use crate::register::Register;
use crate::text::names::{Eagerness, NameIndex, NameIndexBuilder};
use crate::{AnonymityError, Words};

/// Looks for names, brands, domains and addresses of a register in bytes, through every encoding a
/// text may wear: JSON escapes, percent, hexadecimal, base64, UTF-16, punycode, reversed; in any
/// case, width, spelling of Japanese, with look-alike letters and one letter wrong.
///
/// It unwraps on its own and takes nothing from the gate's verdicts: what it finds got past them.
pub struct TextHunter {
    names: NameIndex,
    literal: AhoCorasick,
    literal_owner: Vec<usize>,
}

impl TextHunter {
    /// A hunter for the members of a register, numbered in its order.
    ///
    /// # Errors
    /// [`AnonymityError::TooManyNames`] where the register cannot be searched for.
    pub fn new(register: &Register) -> Result<Self, AnonymityError> {
        let mut builder = NameIndexBuilder::default();
        let (mut literal, mut literal_owner) = (Vec::new(), Vec::new());
        for (owner, member) in register.members().iter().enumerate() {
            let number = u32::try_from(owner).unwrap_or(u32::MAX);
            for name in member.names.iter().chain(&member.brands) {
                builder.add(number, name, Eagerness::Name);
            }
            let domains = member.domains.iter().map(|d| d.as_str().to_owned());
            let networks = member.networks.iter().map(shared_part);
            for mark in domains.chain(networks) {
                literal.push(mark);
                literal_owner.push(owner);
            }
        }
        let literal = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(literal)
            .map_err(|e| AnonymityError::TooManyNames { detail: e.to_string() })?;
        Ok(Self { names: builder.build()?, literal, literal_owner })
    }

    /// The members that the bytes point to.
    pub fn find(&self, bytes: &[u8]) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        for text in layers::of(bytes) {
            let literal = self.literal.find_overlapping_iter(&text);
            found.extend(literal.filter_map(|m| self.literal_owner.get(m.pattern().as_usize())));
            let names = self.names.find(&text);
            found.extend(names.into_iter().filter_map(|hit| usize::try_from(hit.owner).ok()));
        }
        found
    }
}

/// The part of an address, in text, that all addresses of a network share: whole numbers only.
fn shared_part(net: &IpNet) -> String {
    let text = net.network().to_string();
    match net {
        IpNet::V4(v4) if (8..32).contains(&v4.prefix_len()) => {
            let numbers = usize::from(v4.prefix_len() / 8);
            text.split('.').take(numbers).fold(String::new(), |stem, n| stem + n + ".")
        }
        IpNet::V4(_) | IpNet::V6(_) => text,
    }
}

/// Believes whoever it finds; without a find it knows no more than everybody.
pub struct Text;

impl Adversary for Text {
    fn name(&self) -> &'static str {
        "A-text"
    }

    fn describe(&self) -> Words {
        words(
            "公開されたバイト列から、符号化や表記ゆれを解いて会員の名称・資産を探す",
            "searches released bytes for names and assets, through encodings and spellings",
        )
    }

    fn needs(&self) -> Needs {
        Needs { objects: true, ..Needs::default() }
    }

    fn likelihood(&self, view: &View<'_>, release: usize) -> Vec<f64> {
        let prior = Prior.likelihood(view, release);
        let bytes = view.objects.and_then(|o| o.released.get(release)).filter(|b| !b.is_empty());
        let found = view.objects.zip(bytes).map(|(o, bytes)| o.hunter.find(bytes));
        match found {
            Some(found) if !found.is_empty() => {
                (0..view.firms.len()).map(|i| f64::from(u8::from(found.contains(&i)))).collect()
            }
            _ => prior,
        }
    }

    fn posterior(&self, view: &View<'_>, target: Target) -> Vec<f64> {
        let releases: Vec<usize> = match target {
            Target::Release(index) => vec![index],
            Target::Case(case) => view.releases_of(case).collect(),
            Target::Window(_) => Vec::new(),
        };
        // Who is named most often; a find is evidence of its own, whatever the prior.
        let mut belief = vec![0.0; view.firms.len()];
        for release in releases {
            for (b, l) in belief.iter_mut().zip(normal(self.likelihood(view, release))) {
                *b += l;
            }
        }
        normal(belief)
    }
}

#[cfg(test)]
mod tests {
    use super::shared_part;

    #[test]
    fn a_network_is_known_by_what_its_addresses_share() {
        for (net, shared) in [
            ("45.10.0.0/16", "45.10."),
            ("45.10.7.0/24", "45.10.7."),
            ("45.10.0.0/24", "45.10.0."),
            ("45.10.7.64/26", "45.10.7."),
            ("45.10.7.9/32", "45.10.7.9"),
            ("2a01:4f8::/48", "2a01:4f8::"),
        ] {
            assert_eq!(shared_part(&net.parse().unwrap()), shared, "{net}");
        }
    }
}
