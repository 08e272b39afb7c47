//! The planted identifiers, and the search for them.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::AhoCorasick;
use data_encoding::{BASE64_NOPAD, HEXLOWER};
use noroshi_hub::admin::NewMember;
use noroshi_stix::{DomainName, Kind, Observable};

use super::sorts::{HOME, Known, SORTS};
use super::stems::{Stem, Stems};
use super::variants::{Variant, percent};

/// Ways in.
pub(super) const FORMATS: [&str; 10] = [
    "native json",
    "native toml",
    "stix bundle",
    "misp event",
    "csv table",
    "text",
    "mail",
    "mail with attachment",
    "taxii inbox",
    "web form",
];

/// One identifier in one place.
pub(super) struct Plant {
    pub(super) sort: usize,
    pub(super) format: &'static str,
    /// Where it stands: in a field that is never released, or in a value that may be.
    pub(super) value: Option<(Kind, String)>,
    pub(super) variant: Variant,
    stem: Stem,
    ident: String,
    written: String,
}

impl Plant {
    /// Whether it stands in a field that is never released.
    pub(super) fn is_field(&self) -> bool {
        self.value.is_none()
    }
}

/// Plants identifiers, each of a name of its own.
pub(super) struct Planter {
    stems: Stems,
    pub(super) plants: Vec<Plant>,
}

/// Where an identifier may stand in a value; `{}` is it, `{lure}` a domain of the attacker's.
const CARRIERS: [(Kind, &str); 8] = [
    (Kind::FileName, "{}.docx"),
    (Kind::Url, "http://{lure}/in/{}/a.php"),
    (Kind::Mutex, "{}"),
    (Kind::Url, "http://{lure}/q.php?v={}"),
    (Kind::RegistryKey, "HKCU\\Software\\Kuroi\\{}"),
    (Kind::Host, "{}.{lure}"),
    (Kind::Email, "{}@{lure}"),
    (Kind::FileName, "x-{}-x.lnk"),
];

impl Planter {
    pub(super) fn new(seed: u64) -> Self {
        Self { stems: Stems::new(seed), plants: Vec::new() }
    }

    /// A sentence for a field that is never released, around the next kind of identifier.
    pub(super) fn say(&mut self, format: &'static str) -> String {
        let before = self.plants.iter().filter(|p| p.format == format && p.value.is_none()).count();
        let sort = before % SORTS.len();
        let stem = self.stems.next();
        let ident = (SORTS[sort].make)(&stem);
        let text = match before % 3 {
            0 => format!("It began at {ident} at dawn."),
            1 => format!("障害は「{ident}」で始まりました。"),
            _ => ident.clone(),
        };
        let written = ident.clone();
        self.plants.push(Plant {
            sort,
            format,
            value: None,
            variant: Variant::Plain,
            stem,
            ident,
            written,
        });
        text
    }

    /// Plants every kind in every writing, `times` each, in values that may be released; the same
    /// places for the same seed.
    pub(super) fn values(&mut self, times: usize) {
        for (sort, about) in SORTS.iter().enumerate() {
            for (n, variant) in Variant::ALL.into_iter().enumerate() {
                for time in 0..times {
                    let stem = self.stems.next();
                    let (ident, core) = ((about.make)(&stem), (about.core)(&stem));
                    let Some(written) = variant.write(&ident, &core) else { continue };
                    let turn = sort + n + time * 3;
                    let value = carry(turn, self.plants.len(), &written, variant);
                    let Some((kind, value)) = value else { continue };
                    let format = format_for(kind, turn + self.plants.len());
                    let value = Some((kind, value));
                    self.plants.push(Plant { sort, format, value, variant, stem, ident, written });
                }
            }
        }
    }

    /// What may be released, in one format.
    pub(super) fn values_in(&self, format: &str) -> Vec<(Kind, String)> {
        self.plants.iter().filter(|p| p.format == format).filter_map(|p| p.value.clone()).collect()
    }

    /// Register entries that know every planted identifier which a register can know.
    pub(super) fn members(&self) -> Vec<NewMember> {
        let known = self.plants.iter().filter(|p| SORTS[p.sort].known != Known::No);
        let known: Vec<&Plant> = known.collect();
        let pieces = known.chunks(24).enumerate();
        pieces.map(|(number, plants)| entry(number, plants)).collect()
    }
}

/// A value that carries the text, and is one.
fn carry(turn: usize, number: usize, written: &str, variant: Variant) -> Option<(Kind, String)> {
    let itself = [Kind::Ipv4, Kind::Domain, Kind::Email].map(|kind| (kind, "{}"));
    let carriers = CARRIERS.iter().cycle().skip(turn % CARRIERS.len()).take(CARRIERS.len());
    // What is an indicator by itself is one first.
    let bare = itself.iter().filter(|_| matches!(variant, Variant::Plain | Variant::Capitals));
    bare.chain(carriers).find_map(|(kind, place)| {
        let encoded = matches!(variant, Variant::Percent | Variant::PercentTwice);
        let text = match kind {
            Kind::Url if !encoded => escaped(written),
            _ => written.to_owned(),
        };
        let text = place.replace("{}", &text).replace("{lure}", &format!("badhost-{number}.net"));
        let value = Observable::parse(*kind, &text).ok()?.value();
        Some((*kind, value))
    })
}

/// What browsers escape, and slashes.
fn escaped(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\\' | '/' | '?' | '#' | '&' | '%' | ' ' | '<' | '>' | '+' => percent(&c.to_string()),
            c => c.to_string(),
        })
        .collect()
}

/// A way in that takes such values.
fn format_for(kind: Kind, turn: usize) -> &'static str {
    let all: &[usize] = match kind {
        Kind::Url => &[0, 1, 2, 3, 4, 5, 6, 8, 9],
        Kind::FileName => &[0, 1, 2, 3, 4, 7, 8],
        Kind::Mutex | Kind::RegistryKey => &[0, 1, 2, 3, 4, 8],
        _ => &[0, 1, 2, 3, 4, 8],
    };
    FORMATS[all[turn % all.len()]]
}

fn entry(number: usize, plants: &[&Plant]) -> NewMember {
    let of = |known| plants.iter().filter(move |p| SORTS[p.sort].known == known);
    NewMember {
        name_ja: format!("第{}架空組合", number + 1),
        name_en: format!("Fictitious Union {}", number + 1),
        label_path: ["Industry", "Manufacturing", "Machines"].map(str::to_owned).to_vec(),
        weight: 1,
        aliases: of(Known::Kana).map(|p| p.stem.kana.clone()).collect(),
        domains: of(Known::Domain).filter_map(|p| DomainName::parse(&p.ident)).collect(),
        networks: of(Known::Network)
            .filter_map(|p| format!("{}/32", p.ident).parse().ok())
            .collect(),
        brands: of(Known::Brand).map(|p| p.stem.latin.clone()).collect(),
    }
}

/// The member that reports.
pub(super) fn reporter() -> NewMember {
    NewMember {
        name_ja: "北斗溶解炉".to_owned(),
        name_en: "Hokuto Furnaces".to_owned(),
        label_path: ["Industry", "Manufacturing", "Furnaces"].map(str::to_owned).to_vec(),
        weight: 1,
        domains: vec![DomainName::parse(HOME).unwrap()],
        ..NewMember::default()
    }
}

/// Finds planted identifiers in bytes, in every coding.
pub(super) struct Search {
    folded: AhoCorasick,
    exact: AhoCorasick,
    owners: [Vec<usize>; 2],
}

impl Search {
    pub(super) fn new(plants: &[Plant]) -> Self {
        let mut needles: [BTreeMap<String, usize>; 2] = Default::default();
        for (number, plant) in plants.iter().enumerate() {
            let core = (SORTS[plant.sort].core)(&plant.stem);
            for needle in plant.value.iter().flat_map(|(_, value)| pieces(value)) {
                needles[0].entry(needle.to_lowercase()).or_insert(number);
            }
            for text in [&core, &plant.ident, &plant.written] {
                for needle in codings(text) {
                    needles[0].entry(needle.to_lowercase()).or_insert(number);
                }
                for needle in base64(text) {
                    needles[1].entry(needle).or_insert(number);
                }
            }
        }
        let [folded, exact] = needles;
        let built = |map: &BTreeMap<String, usize>| AhoCorasick::new(map.keys()).unwrap();
        let (a, b) = (built(&folded), built(&exact));
        let owners = [folded, exact].map(|map| map.into_values().collect());
        Self { folded: a, exact: b, owners }
    }

    /// Which of the plants the bytes hold.
    pub(super) fn found_in(&self, bytes: &[u8]) -> BTreeSet<usize> {
        let text = String::from_utf8_lossy(bytes);
        let low = text.to_lowercase();
        let mut found = BTreeSet::new();
        let [folded, exact] = &self.owners;
        found.extend(self.folded.find_overlapping_iter(&low).map(|m| folded[m.pattern()]));
        found.extend(self.exact.find_overlapping_iter(&*text).map(|m| exact[m.pattern()]));
        found
    }
}

/// What a value holds beside the attacker's domain and the words around the identifier: whatever
/// reading it has changed is in here as it stands.
fn pieces(value: &str) -> Vec<String> {
    let value = value.trim_start_matches("http://");
    let parts = value.split(['/', '@']);
    let host = parts.clone().map(|p| p.rsplit_once(".badhost-").map_or(p, |(before, _)| before));
    let names = host.map(|p| p.trim_start_matches("q.php?v=").trim_end_matches(".docx"));
    let own = |p: &&str| p.len() >= 10 && !p.starts_with("badhost-") && !p.contains("HKEY_");
    names.filter(own).map(str::to_owned).collect()
}

/// Everything but base64, whose letters are not to be folded.
fn codings(text: &str) -> Vec<String> {
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let json = serde_json::to_string(text).unwrap();
    let entities: String = text.chars().map(|c| format!("&#{};", c as u32)).collect();
    let units: String = text.encode_utf16().map(|u| format!("\\u{u:04x}")).collect();
    let bytes = text.bytes().map(|b| match b {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
            char::from(b).to_string()
        }
        _ => format!("%{b:02X}"),
    });
    let strict: String = bytes.collect();
    let quoted = text.replace('\\', "\\\\");
    let mut all = vec![
        text.to_owned(),
        percent(text),
        strict,
        HEXLOWER.encode(text.as_bytes()),
        HEXLOWER.encode(&utf16),
        json.trim_matches('"').to_owned(),
        // A pattern of STIX quotes once, and JSON once more.
        quoted.replace('\\', "\\\\"),
        quoted,
        entities,
        units,
    ];
    // As it stands in a path and in a query.
    for (place, skip) in [("http://x.net/", 13), ("http://x.net/?", 14)] {
        let url = Observable::parse(Kind::Url, &format!("{place}{}", escaped(text)));
        all.extend(url.ok().and_then(|url| url.value().get(skip..).map(str::to_owned)));
    }
    if !text.is_ascii() {
        all.extend(DomainName::parse(&format!("{text}.net")).map(|d| d.as_str().to_owned()));
    }
    all.retain(|needle| needle.len() >= 6);
    all
}

/// The middle of a base64 text, which depends on how many bytes stand before it.
fn base64(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [text.as_bytes(), &utf16] {
        for skip in 0..3_usize {
            let padded = [vec![0; skip], bytes.to_vec()].concat();
            let code = BASE64_NOPAD.encode(&padded);
            let from = if skip == 0 { 0 } else { skip + 1 };
            let needle = code.get(from..padded.len() / 3 * 4).unwrap_or_default();
            if needle.len() >= 8 {
                all.push(needle.to_owned());
                all.push(needle.replace('+', "-").replace('/', "_"));
            }
        }
    }
    all
}

#[test]
fn the_search_finds_every_writing() {
    let mut planter = Planter::new(3);
    planter.values(1);
    let search = Search::new(&planter.plants);
    assert!(planter.plants.len() > 250, "{}", planter.plants.len());
    for (number, plant) in planter.plants.iter().enumerate() {
        let (_, value) = plant.value.as_ref().unwrap();
        let text = serde_json::json!({ "pattern": value }).to_string();
        let about = (SORTS[plant.sort].name, plant.variant, value);
        assert!(search.found_in(text.as_bytes()).contains(&number), "{about:?}");
    }
    assert!(search.found_in(b"http://badhost-7.net/in/a.php").is_empty());
}
