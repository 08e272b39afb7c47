//! The kinds of identifier that are planted (ANONYMITY, section 8.4), and what one of each looks
//! like.

use noroshi_stix::DomainName;

use super::stems::{Stem, half_width};

/// Domain of the member that reports.
pub(super) const HOME: &str = "hokuto-furnaces.co.jp";

/// One kind of identifier.
pub(super) struct Sort {
    pub(super) name: &'static str,
    /// What the hub's register knows of it.
    pub(super) known: Known,
    /// An identifier of this kind.
    pub(super) make: fn(&Stem) -> String,
    /// The part of it nobody else has.
    pub(super) core: fn(&Stem) -> String,
    /// Share in hundredths of those planted in texts that may be released by themselves which the
    /// gates must keep back. 0 where the hub cannot know: then only the member's own agent does.
    pub(super) least: usize,
}

/// How a register entry names it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    No,
    Brand,
    /// Registered in kana.
    Kana,
    Domain,
    Network,
}

fn latin(s: &Stem) -> String {
    s.latin.clone()
}

fn kana(s: &Stem) -> String {
    s.kana.clone()
}

/// An address of the plan most offices have.
fn inner(s: &Stem) -> String {
    format!("10.{}.{}.{}", 100 + s.number / 200, s.number % 200 + 20, 100 + s.number % 97)
}

/// An address of a member; its network is registered.
pub(super) fn outer(s: &Stem) -> String {
    format!("45.{}.{}.{}", 100 + s.number / 200, s.number % 200 + 20, 100 + s.number % 97)
}

/// Letters and digits in turns, as extortionists number their victims.
fn id(s: &Stem) -> String {
    let digits = format!("{:04}", 1_000 + s.number * 7 % 9_000);
    s.latin.chars().step_by(2).zip(digits.chars().cycle()).flat_map(|(a, b)| [a, b]).collect()
}

/// A stock code of the new form, with the ending for Tokyo.
fn code(s: &Stem) -> String {
    let n = s.number;
    let letter = char::from(b'A' + u8::try_from(n / 900 % 26).unwrap());
    format!("{}{:02}{letter}.T", 1 + n % 9, n / 9 % 100)
}

/// All of them.
pub(super) const SORTS: [Sort; 24] = [
    Sort {
        name: "recipient address",
        known: Known::No,
        make: |s| format!("{}.taro@{HOME}", s.latin),
        core: latin,
        least: 99,
    },
    Sort {
        name: "recipient display name",
        known: Known::No,
        make: |s| format!("{} Taro", capital(&s.latin)),
        core: latin,
        least: 0,
    },
    Sort {
        name: "AD domain",
        known: Known::No,
        make: |s| format!("ad.{}.local", s.latin),
        core: latin,
        least: 99,
    },
    Sort {
        name: "host name",
        known: Known::No,
        make: |s| format!("{}-DC01", s.latin.to_uppercase()),
        core: latin,
        least: 99,
    },
    Sort {
        name: "UNC path",
        known: Known::No,
        make: |s| format!("\\\\{}\\plans\\x", s.latin),
        core: latin,
        least: 99,
    },
    Sort {
        name: "Windows user path",
        known: Known::No,
        make: |s| format!("C:\\Users\\{}\\plan", s.latin),
        core: latin,
        least: 99,
    },
    Sort {
        name: "Unix home path",
        known: Known::No,
        make: |s| format!("/home/{}/plan", s.latin),
        core: latin,
        least: 99,
    },
    Sort {
        name: "PDB path",
        known: Known::No,
        make: |s| format!("D:\\work\\{}\\Release\\x.pdb", s.latin),
        core: latin,
        least: 99,
    },
    Sort {
        name: "lure domain with brand",
        known: Known::Brand,
        make: |s| format!("{}-vpn-login.net", s.latin),
        core: latin,
        least: 99,
    },
    Sort {
        name: "punycode lure",
        known: Known::Kana,
        make: |s| lure(&s.kana),
        core: kana,
        least: 99,
    },
    Sort { name: "kana name", known: Known::Kana, make: kana, core: kana, least: 99 },
    Sort { name: "romaji name", known: Known::Kana, make: latin, core: latin, least: 99 },
    Sort {
        name: "half-width name",
        known: Known::Kana,
        make: |s| half_width(&s.kana),
        core: |s| half_width(&s.kana),
        least: 99,
    },
    Sort { name: "company code", known: Known::No, make: code, core: code, least: 99 },
    Sort {
        name: "plant or site",
        known: Known::No,
        make: |s| format!("{}工場", s.kana),
        core: kana,
        least: 99,
    },
    Sort {
        name: "project name",
        known: Known::No,
        make: |s| format!("Project {}", capital(&s.latin)),
        core: latin,
        least: 0,
    },
    Sort {
        name: "cloud bucket",
        known: Known::No,
        make: |s| format!("{}.s3.amazonaws.com", s.latin),
        core: latin,
        least: 99,
    },
    Sort {
        name: "cloud tenant",
        known: Known::No,
        make: |s| format!("{}.sharepoint.com", s.latin),
        core: latin,
        least: 99,
    },
    Sort {
        name: "certificate CN",
        known: Known::No,
        make: |s| format!("CN={}, O=Hokuto, C=JP", s.latin),
        core: latin,
        least: 99,
    },
    Sort {
        name: "ransom id",
        known: Known::No,
        make: |s| format!("victim-id={}", id(s)),
        core: id,
        least: 99,
    },
    Sort { name: "internal address", known: Known::No, make: inner, core: inner, least: 99 },
    Sort {
        name: "Message-ID",
        known: Known::No,
        make: |s| format!("<{}.77@mx.{HOME}>", s.latin),
        core: latin,
        least: 99,
    },
    Sort {
        name: "domain of a member",
        known: Known::Domain,
        make: |s| format!("{}.co.jp", s.latin),
        core: latin,
        least: 99,
    },
    Sort {
        name: "address of a member",
        known: Known::Network,
        make: outer,
        core: outer,
        least: 99,
    },
];

/// A lure as people type it; browsers and DNS know it in punycode.
fn lure(kana: &str) -> String {
    let name = DomainName::parse(&format!("{kana}-login.net")).unwrap();
    name.as_str().to_owned()
}

fn capital(latin: &str) -> String {
    let (first, rest) = latin.split_at(1);
    first.to_uppercase() + rest
}
