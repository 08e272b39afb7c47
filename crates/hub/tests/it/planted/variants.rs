//! Ways to write the same identifier.

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};

use super::stems::hiragana;

/// One way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Variant {
    Plain,
    Capitals,
    MixedCase,
    FullWidth,
    Percent,
    PercentTwice,
    Base64,
    Base64Url,
    Hex,
    Utf16Base64,
    Utf16Hex,
    Hiragana,
    Separated,
    LookAlike,
    Invisible,
}

impl Variant {
    pub(super) const ALL: [Self; 15] = [
        Self::Plain,
        Self::Capitals,
        Self::MixedCase,
        Self::FullWidth,
        Self::Percent,
        Self::PercentTwice,
        Self::Base64,
        Self::Base64Url,
        Self::Hex,
        Self::Utf16Base64,
        Self::Utf16Hex,
        Self::Hiragana,
        Self::Separated,
        Self::LookAlike,
        Self::Invisible,
    ];

    /// The text so written; `core` is the part that is a name. `None` where this way changes
    /// nothing.
    pub(super) fn write(self, text: &str, core: &str) -> Option<String> {
        let utf16 = || -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        // Writing it otherwise may only change the name, or the rest is no path and no address.
        let renamed = |name: String| {
            let low = text.to_lowercase();
            let at = low.find(&core.to_lowercase())?;
            let end = at + core.len();
            Some(format!("{}{name}{}", text.get(..at)?, text.get(end..)?))
        };
        let wide = |c: char| match c {
            '!'..='~' => char::from_u32(c as u32 + 0xfee0).unwrap(),
            _ => c,
        };
        let written = match self {
            Self::Plain => return Some(text.to_owned()),
            Self::Capitals => text.to_uppercase(),
            Self::MixedCase => {
                let turn = |(i, c): (usize, char)| {
                    if i % 2 == 0 { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
                };
                renamed(core.chars().enumerate().map(turn).collect())?
            }
            Self::FullWidth => text.chars().map(wide).collect(),
            Self::Percent => percent(text),
            Self::PercentTwice => percent(text).replace('%', "%25"),
            Self::Base64 => BASE64.encode(text.as_bytes()),
            Self::Base64Url => BASE64URL_NOPAD.encode(text.as_bytes()),
            Self::Hex => HEXLOWER.encode(text.as_bytes()),
            Self::Utf16Base64 => BASE64.encode(&utf16()),
            Self::Utf16Hex => HEXLOWER.encode(&utf16()),
            Self::Hiragana => hiragana(text),
            // A number in pieces is another number.
            Self::Separated if core.parse::<std::net::IpAddr>().is_ok() => return None,
            Self::Separated => {
                let letters: Vec<char> = core.chars().collect();
                let (a, b) = letters.split_at(letters.len() / 2);
                renamed(format!(
                    "{}-{}",
                    a.iter().collect::<String>(),
                    b.iter().collect::<String>()
                ))?
            }
            Self::LookAlike => renamed(core.replace('o', "0").replace('a', "а"))?,
            Self::Invisible => {
                let mut name: Vec<char> = core.chars().collect();
                name.insert(name.len() / 2, '\u{200b}');
                renamed(name.into_iter().collect())?
            }
        };
        (written != text).then_some(written)
    }
}

pub(super) fn percent(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}
