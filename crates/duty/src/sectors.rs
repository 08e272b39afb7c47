//! Sectors, the lists they stand in, and the ministries in charge.

use serde::Deserialize;
use toml::Spanned;

use crate::source_text::{LoadError, SourceText};

/// A list of sectors that a law or plan makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectorList {
    /// Stable name, such as `jp-nco`.
    pub id: String,
    /// What it is, in English.
    pub title_en: String,
    /// What it is, in Japanese, where it has a Japanese name.
    pub title_ja: Option<String>,
    /// The law it stands in.
    pub legal_basis: Option<String>,
    /// Whether the list itself was seen.
    pub verified: bool,
    /// Anything else, open questions included.
    pub notes: Vec<String>,
}

/// A ministry or agency.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// Stable name, such as `meti`.
    pub id: String,
    /// English name.
    pub name_en: String,
    /// Japanese name.
    pub name_ja: String,
}

/// A sector of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sector {
    /// Stable name, such as `jp-nco/electricity`.
    pub id: String,
    /// The list it stands in.
    pub list: String,
    /// English name.
    pub en: String,
    /// Japanese name, where it has one.
    pub ja: Option<String>,
    /// Who is in charge.
    pub authorities: Vec<String>,
    /// Whether that was seen in a source.
    pub authorities_verified: bool,
    /// Whether the sector itself was seen in a source.
    pub verified: bool,
    /// Whether it binds: `false` where enacted but not in force.
    pub in_force: bool,
    /// STIX `industry-sector-ov` values.
    pub stix: Vec<String>,
    /// The sectors of other lists that correspond: a judgement, not law.
    pub corresponds: Vec<String>,
    /// Anything else.
    pub note: Option<String>,
}

/// Everything in the file.
pub(crate) struct Loaded {
    pub(crate) lists: Vec<SectorList>,
    pub(crate) authorities: Vec<Authority>,
    pub(crate) sectors: Vec<Sector>,
}

/// Reads `sectors.toml`.
pub(crate) fn load(source: SourceText<'_>) -> Result<Loaded, LoadError> {
    let raw: RawFile = source.parse()?;
    let mut sectors: Vec<Sector> = Vec::new();
    for s in raw.sector {
        let (at, id) = (s.id.span(), s.id.into_inner());
        let fail = |message: String| Err(source.error(&at, format!("sector {id}: {message}")));
        if sectors.iter().any(|known| known.id == id) {
            return fail("defined twice".to_owned());
        }
        if !raw.list.iter().any(|l| l.id.get_ref() == &s.list) {
            return fail(format!("no list {:?} is defined", s.list));
        }
        if !id.starts_with(&format!("{}/", s.list)) {
            return fail(format!("its id must begin with {}/", s.list));
        }
        if let Some(lost) =
            s.authorities.iter().find(|a| !raw.authority.iter().any(|b| b.id == **a))
        {
            return fail(format!("no authority {lost:?} is defined"));
        }
        let in_force = match s.status.as_deref() {
            None | Some("in_force") => true,
            Some("enacted_not_in_force") => false,
            Some(other) => return fail(format!("no status {other:?} exists")),
        };
        let nis2 = s.nis2.iter().map(|n| format!("eu-nis2/{n}"));
        let us = s.us.iter().map(|n| format!("us-ppd21/{n}"));
        let corresponds = s.espa.iter().cloned().chain(nis2).chain(us).collect();
        sectors.push(Sector {
            corresponds,
            list: s.list,
            en: s.en,
            ja: s.ja,
            authorities: s.authorities,
            authorities_verified: s.ministry_verified.unwrap_or(false),
            verified: s.verified,
            in_force,
            stix: s.stix_industry_sector,
            note: s.note.filter(|n| !n.is_empty()),
            id,
        });
    }
    for sector in &sectors {
        if let Some(lost) = sector.corresponds.iter().find(|c| !sectors.iter().any(|s| s.id == **c))
        {
            let at = source.text.find(&format!("\"{}\"", sector.id)).unwrap_or(0);
            let message = format!("sector {}: no sector {lost:?} is defined", sector.id);
            return Err(source.error(&(at..at), message));
        }
    }
    let mut lists = Vec::new();
    for l in raw.list {
        let (at, id) = (l.id.span(), l.id.into_inner());
        let binding = sectors.iter().filter(|s| s.list == id && s.in_force).count();
        if binding != l.count {
            let message = format!("list {id} says it has {} sectors, found {binding}", l.count);
            return Err(source.error(&at, message));
        }
        lists.push(SectorList {
            id,
            title_en: l.title_en,
            title_ja: l.title_ja,
            legal_basis: l.legal_basis_en,
            verified: l.verified,
            notes: [l.note, l.open_question].into_iter().flatten().collect(),
        });
    }
    Ok(Loaded { lists, authorities: raw.authority, sectors })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[expect(dead_code, reason = "people read it in the file")]
    meta: toml::Table,
    list: Vec<RawList>,
    authority: Vec<Authority>,
    sector: Vec<RawSector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "sources are for people who read the file")]
struct RawList {
    id: Spanned<String>,
    title_en: String,
    title_ja: Option<String>,
    legal_basis_en: Option<String>,
    count: usize,
    count_enacted_not_in_force: Option<usize>,
    source: String,
    source_2: Option<String>,
    verified: bool,
    note: Option<String>,
    open_question: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "sources are for people who read the file")]
struct RawSector {
    id: Spanned<String>,
    list: String,
    en: String,
    ja: Option<String>,
    #[serde(default)]
    authorities: Vec<String>,
    ministry_verified: Option<bool>,
    verified: bool,
    status: Option<String>,
    annex: Option<String>,
    scope_ja: Option<String>,
    #[serde(default)]
    stix_industry_sector: Vec<String>,
    #[serde(default)]
    nis2: Vec<String>,
    #[serde(default)]
    us: Vec<String>,
    #[serde(default)]
    espa: Vec<String>,
    source: Option<String>,
    seen_via: Option<String>,
    note: Option<String>,
}
