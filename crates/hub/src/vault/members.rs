//! Members and what belongs to them: names, domains, networks, brands.

use noroshi_stix::Timestamp;
use noroshi_store::{StoreError, Tx};

super::statements! {
    INSERT = "INSERT INTO member (id, name_ja, name_en, label_path, weight, joined, left_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    INSERT_ASSET = "INSERT INTO member_asset (member, kind, value) VALUES ($1, $2, $3)
        ON CONFLICT (member, kind, value) DO NOTHING";
    REMOVE_ASSET = "DELETE FROM member_asset WHERE member = $1 AND kind = $2 AND value = $3";
    LEAVE = "UPDATE member SET left_at = $2 WHERE id = $1 AND left_at IS NULL";
    ALL_MEMBERS = "SELECT id, name_ja, name_en, label_path, weight, joined, left_at FROM member
        ORDER BY label_path, id";
    ONE = "SELECT id, name_ja, name_en, label_path, weight, joined, left_at FROM member
        WHERE id = $1";
    ALL_ASSETS = "SELECT member, kind, value FROM member_asset ORDER BY member, kind, value";
    ASSETS_OF = "SELECT kind, value FROM member_asset WHERE member = $1 ORDER BY kind, value";
    CHANGE = "UPDATE member SET name_ja = $2, name_en = $3, label_path = $4, weight = $5
        WHERE id = $1";
    PAGE = "SELECT id, name_ja, name_en, label_path, weight, joined, left_at, until FROM (
            SELECT m.id, m.name_ja, m.name_en, m.label_path, m.weight, m.joined, m.left_at,
                (SELECT MAX(s.expires) FROM agreement_signature s
                    WHERE s.member = m.id AND s.withdrawn IS NULL AND s.signed <= $1
                        AND s.expires > $1) AS until
            FROM member m
            WHERE (m.name_en, m.id) > ($2, $3)
                AND ($4 = '' OR LOWER(m.name_en) LIKE $4 OR LOWER(m.name_ja) LIKE $4
                    OR LOWER(m.label_path) LIKE $4 OR m.id = $5
                    OR EXISTS (SELECT 1 FROM member_asset a
                        WHERE a.member = m.id AND LOWER(a.value) LIKE $4))
        ) AS listed
        WHERE $6 = '' OR ($6 = 'left' AND left_at IS NOT NULL)
            OR ($6 = 'unsigned' AND left_at IS NULL AND until IS NULL)
            OR ($6 = 'ending' AND left_at IS NULL AND until <= $7)
        ORDER BY name_en, id LIMIT $8";
    STANDING = "SELECT COUNT(*),
            CAST(COALESCE(SUM(CASE WHEN until IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT),
            CAST(COALESCE(SUM(CASE WHEN until <= $2 THEN 1 ELSE 0 END), 0) AS BIGINT)
        FROM (
            SELECT (SELECT MAX(s.expires) FROM agreement_signature s
                WHERE s.member = m.id AND s.withdrawn IS NULL AND s.signed <= $1
                    AND s.expires > $1) AS until
            FROM member m WHERE m.left_at IS NULL
        ) AS listed";
    COUNT = "SELECT COUNT(*) FROM member WHERE left_at IS NULL";
}

/// What kind of thing a member owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssetKind {
    /// Another name the member is known by.
    Alias,
    /// A domain and everything below it.
    Domain,
    /// An address prefix.
    Network,
    /// A brand, product or project word.
    Brand,
    /// A derived name that the member does not want looked for.
    NotAlias,
}

impl AssetKind {
    /// Stable name in tables and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Alias => "alias",
            Self::Domain => "domain",
            Self::Network => "network",
            Self::Brand => "brand",
            Self::NotAlias => "not-alias",
        }
    }

    /// The kind of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Alias, Self::Domain, Self::Network, Self::Brand, Self::NotAlias]
            .into_iter()
            .find(|k| k.as_str() == name)
    }
}

/// A row of the register.
#[derive(Clone, PartialEq, Eq)]
pub struct Member {
    /// Random id, `m-` and 16 letters and digits.
    pub id: String,
    /// Registered name in Japanese.
    pub name_ja: String,
    /// Registered name in English.
    pub name_en: String,
    /// Super-sector / sector / sub-sector.
    pub label_path: Vec<String>,
    /// How likely an outsider thinks this member is a victim; at least 1.
    pub weight: u32,
    /// When it joined.
    pub joined: Timestamp,
    /// When it left.
    pub left: Option<Timestamp>,
}

impl Member {
    /// The name in the reader's language.
    pub fn name(&self, japanese: bool) -> &str {
        if japanese { &self.name_ja } else { &self.name_en }
    }
}

/// A member in the operator's list.
#[derive(Clone, PartialEq, Eq)]
pub struct Listed {
    /// The member.
    pub member: Member,
    /// Until when its agreement holds.
    pub until: Option<Timestamp>,
}

/// Which members a page lists.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// With this in a name, the label path, a domain or another declared asset, or of this id.
    pub search: String,
    /// Empty for all, or `left`, `unsigned`, `ending`.
    pub show: String,
    /// After this English name and id.
    pub after: (String, String),
    /// At most so many.
    pub limit: i64,
}

/// How many members there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// That have not left.
    pub members: i64,
    /// Without a valid signature.
    pub unsigned: i64,
    /// Whose signature ends soon.
    pub ending: i64,
}

/// One page of members, by English name, as they stand at `now`; agreements that end before `soon`
/// are ending.
///
/// # Errors
/// When the vault cannot be read.
pub fn page(
    tx: &mut Tx<'_>,
    wanted: &Wanted,
    now: Timestamp,
    soon: Timestamp,
) -> Result<Vec<Listed>, StoreError> {
    let like = super::contains(&wanted.search);
    let params = [
        now.as_micros().into(),
        (&wanted.after.0).into(),
        (&wanted.after.1).into(),
        (&like).into(),
        (&wanted.search).into(),
        (&wanted.show).into(),
        soon.as_micros().into(),
        wanted.limit.into(),
    ];
    tx.query(PAGE, &params, |r| {
        Ok(Listed { member: row(r)?, until: r.opt_int(7)?.map(Timestamp::from_micros) })
    })
}

/// How many members there are at `now`, and how many of them need the operator before `soon`.
///
/// # Errors
/// When the vault cannot be read.
pub fn counts(tx: &mut Tx<'_>, now: Timestamp, soon: Timestamp) -> Result<Counts, StoreError> {
    let params = [now.as_micros().into(), soon.as_micros().into()];
    let read = tx.query_one(STANDING, &params, |r| {
        Ok(Counts { members: r.int(0)?, unsigned: r.int(1)?, ending: r.int(2)? })
    })?;
    Ok(read.unwrap_or(Counts { members: 0, unsigned: 0, ending: 0 }))
}

/// Changes names, label path and weight; false where there is no such member.
///
/// # Errors
/// When the vault cannot be written.
pub fn change(tx: &mut Tx<'_>, m: &Member) -> Result<bool, StoreError> {
    let path = m.label_path.join("/");
    let params = [
        (&m.id).into(),
        (&m.name_ja).into(),
        (&m.name_en).into(),
        (&path).into(),
        i64::from(m.weight).into(),
    ];
    Ok(tx.execute(CHANGE, &params)? > 0)
}

/// Adds a member.
///
/// # Errors
/// When the id exists or the vault cannot be written.
pub fn insert(tx: &mut Tx<'_>, m: &Member) -> Result<(), StoreError> {
    tx.execute(
        INSERT,
        &[
            (&m.id).into(),
            (&m.name_ja).into(),
            (&m.name_en).into(),
            (&m.label_path.join("/")).into(),
            i64::from(m.weight).into(),
            m.joined.as_micros().into(),
            m.left.map(Timestamp::as_micros).into(),
        ],
    )
    .map(drop)
}

/// Declares that something belongs to a member; declaring it twice is harmless.
///
/// # Errors
/// When there is no such member or the vault cannot be written.
pub fn add_asset(
    tx: &mut Tx<'_>,
    member: &str,
    kind: AssetKind,
    value: &str,
) -> Result<(), StoreError> {
    tx.execute(INSERT_ASSET, &[member.into(), kind.as_str().into(), value.into()]).map(drop)
}

/// Takes a declared asset back; false where it was not declared.
///
/// # Errors
/// When the vault cannot be written.
pub fn remove_asset(
    tx: &mut Tx<'_>,
    member: &str,
    kind: AssetKind,
    value: &str,
) -> Result<bool, StoreError> {
    Ok(tx.execute(REMOVE_ASSET, &[member.into(), kind.as_str().into(), value.into()])? > 0)
}

/// Marks a member as having left; false where it had already or does not exist.
///
/// # Errors
/// When the vault cannot be written.
pub fn leave(tx: &mut Tx<'_>, member: &str, at: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.execute(LEAVE, &[member.into(), at.as_micros().into()])? > 0)
}

/// Every member, also those that left.
///
/// # Errors
/// When the vault cannot be read.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Member>, StoreError> {
    tx.query(ALL_MEMBERS, &[], row)
}

/// One member.
///
/// # Errors
/// When the vault cannot be read.
pub fn one(tx: &mut Tx<'_>, id: &str) -> Result<Option<Member>, StoreError> {
    tx.query_one(ONE, &[id.into()], row)
}

/// How many members have not left.
///
/// # Errors
/// When the vault cannot be read.
pub fn count(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    Ok(tx.query_one(COUNT, &[], |r| r.int(0))?.unwrap_or(0))
}

/// Every declared asset: member id, kind, value.
///
/// # Errors
/// When the vault cannot be read.
pub fn assets(tx: &mut Tx<'_>) -> Result<Vec<(String, AssetKind, String)>, StoreError> {
    let rows = tx.query(ALL_ASSETS, &[], |r| Ok((r.text(0)?, r.text(1)?, r.text(2)?)))?;
    Ok(rows
        .into_iter()
        .filter_map(|(member, kind, value)| Some((member, AssetKind::from_name(&kind)?, value)))
        .collect())
}

/// What one member declared: kind, value.
///
/// # Errors
/// When the vault cannot be read.
pub fn assets_of(tx: &mut Tx<'_>, member: &str) -> Result<Vec<(AssetKind, String)>, StoreError> {
    let rows = tx.query(ASSETS_OF, &[member.into()], |r| Ok((r.text(0)?, r.text(1)?)))?;
    let known = |(kind, value): (String, String)| Some((AssetKind::from_name(&kind)?, value));
    Ok(rows.into_iter().filter_map(known).collect())
}

fn row(r: &noroshi_store::Row<'_>) -> Result<Member, StoreError> {
    Ok(Member {
        id: r.text(0)?,
        name_ja: r.text(1)?,
        name_en: r.text(2)?,
        label_path: r.text(3)?.split('/').map(str::to_owned).collect(),
        weight: u32::try_from(r.int(4)?).unwrap_or(1),
        joined: Timestamp::from_micros(r.int(5)?),
        left: r.opt_int(6)?.map(Timestamp::from_micros),
    })
}
