//! How often a release names its victim by an identifier, beside all that can be concluded.
//!
//! ```text
//! named = 1 - product over channels of (1 - how often a report has it * (1 - recall of the gate))
//! ```
//!
//! How often reports hold such things is assumed (ANONYMITY, section 8.5). What the gate keeps back
//! is measured here, by planting marks in the values of reports, putting them through the real gate
//! and emission, and searching every reading of the released bytes; samples in public repositories
//! are outside this program, so that recall stays assumed, and [`Figure`] says which is which.

use noroshi_stix::Kind;

use super::adversary::TextHunter;
use super::layers;
use super::specimen::Specimens;
use super::world::World;
use crate::{AnonymityError, Words};

/// A way in which an identifier may leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// The victim's name in a file name, a mutex, a registry key, the path of a URL.
    Name,
    /// Its brand in a lure.
    Lure,
    /// Its machines, people, folders, tenants: names no register holds.
    Internal,
    /// A sample that holds its name and lies in a public repository.
    Sample,
}

/// A share, and where it is from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Figure {
    /// Counted in this run.
    Measured {
        /// Marks that were planted.
        planted: usize,
        /// Those no released byte held.
        caught: usize,
    },
    /// A judgment.
    Assumed(f64),
}

/// One channel: how often reports have it, and what is kept back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gauge {
    /// Which.
    pub channel: Channel,
    /// Share of reports that hold such a thing; assumed.
    pub raw: f64,
    /// Share of these that is kept back.
    pub recall: Figure,
}

/// Reports that are passed on as they are.
pub const UNFILTERED: [Gauge; 4] = assumed([0.0, 0.0, 0.0, 0.0]);

/// Reports whose texts somebody reviews, as with AIS: lures and samples are not looked at.
pub const REVIEWED: [Gauge; 4] = assumed([0.9, 0.0, 0.5, 0.0]);

/// What the design hoped for before it was measured.
pub const DESIGNED: [Gauge; 4] = assumed([0.98, 0.99, 0.97, 0.80]);

impl Channel {
    /// All, in the order of the design.
    pub const ALL: [Self; 4] = [Self::Name, Self::Lure, Self::Internal, Self::Sample];

    /// The stable machine name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Lure => "lure",
            Self::Internal => "internal",
            Self::Sample => "sample",
        }
    }

    /// What tables call it.
    pub fn words(self) -> Words {
        let (ja, en) = match self {
            Self::Name => ("値に含まれる名称", "name inside a value"),
            Self::Lure => ("誘導用ドメインの商標", "brand in a lure"),
            Self::Internal => ("組織内部の名前", "names of the inside"),
            Self::Sample => ("被害者固有の検体", "victim-specific sample"),
        };
        Words { ja: ja.into(), en: en.into() }
    }
}

impl Figure {
    /// Between 0 and 1; where nothing was planted nothing is known to be caught.
    #[expect(clippy::cast_precision_loss, reason = "counts of marks")]
    pub fn share(self) -> f64 {
        match self {
            Self::Measured { planted: 0, .. } => 0.0,
            Self::Measured { planted, caught } => caught as f64 / planted as f64,
            Self::Assumed(share) => share,
        }
    }
}

impl Figure {
    /// The lower end of the 95 % interval (Wilson 1927) of what was counted; a judgment has none
    /// and stays as it is.
    #[expect(clippy::cast_precision_loss, reason = "counts of marks")]
    pub fn at_least(self) -> f64 {
        const Z: f64 = 1.96;
        match self {
            Self::Measured { planted: 0, .. } => 0.0,
            Self::Measured { planted, .. } => {
                let (n, p) = (planted as f64, self.share());
                let spread = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
                ((p + Z * Z / (2.0 * n) - spread) / (1.0 + Z * Z / n)).max(0.0)
            }
            Self::Assumed(share) => share,
        }
    }
}

/// As [`named`], where every recall that was counted is at the lower end of its interval.
pub fn named_at_most(gauges: &[Gauge]) -> f64 {
    let silent = gauges.iter().map(|g| 1.0 - g.raw * (1.0 - g.recall.at_least()));
    1.0 - silent.product::<f64>()
}

/// How often a release names its victim, the channels taken as independent.
pub fn named(gauges: &[Gauge]) -> f64 {
    let silent = gauges.iter().map(|g| 1.0 - g.raw * (1.0 - g.recall.share()));
    1.0 - silent.product::<f64>()
}

/// Plants marks of as many victims in every place and writing, and counts what is kept back.
///
/// # Errors
/// As [`Specimens::of`].
pub fn measure(seed: u32, victims: usize) -> Result<[Gauge; 4], AnonymityError> {
    let specimens = Specimens::of(&World::make(seed, 1))?;
    let hunter = TextHunter::new(specimens.register())?;
    let mut gauges = DESIGNED;
    for gauge in &mut gauges {
        let places = places(gauge.channel);
        if places.is_empty() {
            continue;
        }
        let (mut planted, mut caught) = (0, 0);
        for victim in 0..victims.min(specimens.register().members().len()) {
            // Another place and another writing for each, so that all pairs come up.
            for (n, (kind, place)) in places.iter().enumerate() {
                let internal = gauge.channel == Channel::Internal;
                let Some(mark) = specimens.mark(victim, internal) else { continue };
                let written = write(&mark, n + victim, place.starts_with("http://") || text(*kind));
                let value = place.replace("{}", &written);
                let Some(bytes) = specimens.release(*kind, &value) else { continue };
                planted += 1;
                let found = hunter.find(&bytes).contains(&victim) || holds(&bytes, &mark, &written);
                caught += usize::from(!found);
            }
        }
        gauge.recall = Figure::Measured { planted, caught };
    }
    Ok(gauges)
}

/// Whether some reading of the bytes has the mark.
fn holds(bytes: &[u8], mark: &str, written: &str) -> bool {
    let (mark, written) = (mark.to_lowercase(), written.to_lowercase());
    layers::of(bytes).iter().any(|text| {
        let text = text.to_lowercase();
        text.contains(&mark) || text.contains(&written)
    })
}

/// Where marks of a channel are planted; `{}` is the mark.
fn places(channel: Channel) -> &'static [(Kind, &'static str)] {
    match channel {
        Channel::Name => &[
            (Kind::FileName, "{}_quotation.docx"),
            (Kind::FileName, "plan ({}).xlsx"),
            (Kind::Mutex, "Global\\{}"),
            (Kind::RegistryKey, "HKEY_CURRENT_USER\\Software\\{}\\Agent"),
            (Kind::Url, "http://xuvyqa.net/{}/invoice.php"),
            (Kind::Url, "http://xuvyqa.net/t.php?v={}"),
        ],
        Channel::Lure => &[
            (Kind::Domain, "{}-vpn-login.net"),
            (Kind::Host, "{}.xuvyqa.net"),
            (Kind::Email, "{}@xuvyqa.net"),
            (Kind::Url, "https://login.{}-sso.net/"),
        ],
        Channel::Internal => &[
            (Kind::Mutex, "\\\\{}\\plans\\x"),
            (Kind::Mutex, "C:\\Users\\{}\\x"),
            (Kind::Mutex, "/home/{}/x"),
            (Kind::Mutex, "D:\\work\\{}\\x.pdb"),
            (Kind::FileName, "ad.{}.local.log"),
            (Kind::FileName, "{}-DC01.evtx"),
            (Kind::FileName, "CN={}.cer"),
            (Kind::FileName, "{}@mx.kuro.net.eml"),
            (Kind::Host, "{}.sharepoint.com"),
            (Kind::Host, "{}.s3.amazonaws.com"),
            (Kind::Url, "http://xuvyqa.net/r.php?user={}"),
            (Kind::Url, "http://xuvyqa.net/r.php?v=%5C%5C{}%5Cx"),
        ],
        Channel::Sample => &[],
    }
}

/// Whether values of this kind keep their capitals.
fn text(kind: Kind) -> bool {
    matches!(kind, Kind::FileName | Kind::Mutex | Kind::RegistryKey)
}

/// The mark in one of the ways to write it. Base64 is nothing without its capitals, which names of
/// hosts and mailboxes lose.
fn write(mark: &str, way: usize, keeps_capitals: bool) -> String {
    let wide = |c: char| match c {
        '!'..='~' => char::from_u32(c as u32 + 0xfee0).unwrap_or(c),
        _ => c,
    };
    let (first, rest) = mark.split_at(mark.char_indices().nth(3).map_or(mark.len(), |(i, _)| i));
    match way % 8 {
        0 => mark.to_uppercase(),
        1 => mark.chars().map(wide).collect(),
        2 => mark.replace('o', "0").replace('a', "а"),
        3 => format!("{first}-{rest}"),
        4 => format!("{first}\u{200b}{rest}"),
        5 => mark.bytes().map(|b| format!("{b:02x}")).collect(),
        6 if keeps_capitals => data_encoding::BASE64URL_NOPAD.encode(mark.as_bytes()),
        _ => mark.to_owned(),
    }
}

const fn assumed(recalls: [f64; 4]) -> [Gauge; 4] {
    let [name, lure, internal, sample] = recalls;
    const fn gauge(channel: Channel, raw: f64, recall: f64) -> Gauge {
        Gauge { channel, raw, recall: Figure::Assumed(recall) }
    }
    [
        gauge(Channel::Name, 0.35, name),
        gauge(Channel::Lure, 0.15, lure),
        gauge(Channel::Internal, 0.30, internal),
        gauge(Channel::Sample, 0.10, sample),
    ]
}
