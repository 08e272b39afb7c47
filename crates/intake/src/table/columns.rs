//! What a column is, from its name in English or Japanese.

use noroshi_stix::Kind;

/// What the cells of a column mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// Says what kind the value of the row is.
    Type,
    /// The value of the row.
    Value,
    /// A value of one of these kinds.
    Kinds(&'static [Kind]),
    /// The victim's side: never an indicator.
    Victim,
    /// Remarks and references.
    Remark,
    /// Anything else.
    Other,
}

use Kind::{
    Cve, Domain, Email, FileName, Ipv4, Ipv6, Ja3, Ja4, Md5, Mutex, RegistryKey, Sha1, Sha224,
    Sha256, Sha384, Sha512, Url,
};

const ADDRESS: &[Kind] = &[Ipv4, Ipv6];
const ANY_HASH: &[Kind] = &[Md5, Sha1, Sha224, Sha256, Sha384, Sha512];

/// Column names after [`plain`], with what they mean.
const NAMES: [(&str, Column); 101] = [
    ("type", Column::Type),
    ("kind", Column::Type),
    ("ioctype", Column::Type),
    ("indicatortype", Column::Type),
    ("種別", Column::Type),
    ("種類", Column::Type),
    ("タイプ", Column::Type),
    ("区分", Column::Type),
    ("value", Column::Value),
    ("ioc", Column::Value),
    ("indicator", Column::Value),
    ("indicatorvalue", Column::Value),
    ("observable", Column::Value),
    ("値", Column::Value),
    ("インディケータ", Column::Value),
    ("インジケータ", Column::Value),
    ("指標", Column::Value),
    ("md5", Column::Kinds(&[Md5])),
    ("md5hash", Column::Kinds(&[Md5])),
    ("sha1", Column::Kinds(&[Sha1])),
    ("sha1hash", Column::Kinds(&[Sha1])),
    ("sha224", Column::Kinds(&[Sha224])),
    ("sha256", Column::Kinds(&[Sha256])),
    ("sha256hash", Column::Kinds(&[Sha256])),
    ("sha384", Column::Kinds(&[Sha384])),
    ("sha512", Column::Kinds(&[Sha512])),
    ("hash", Column::Kinds(ANY_HASH)),
    ("filehash", Column::Kinds(ANY_HASH)),
    ("ハッシュ", Column::Kinds(ANY_HASH)),
    ("ハッシュ値", Column::Kinds(ANY_HASH)),
    ("ip", Column::Kinds(ADDRESS)),
    ("ips", Column::Kinds(ADDRESS)),
    ("ipaddress", Column::Kinds(ADDRESS)),
    ("ipv4", Column::Kinds(ADDRESS)),
    ("ipv4addr", Column::Kinds(ADDRESS)),
    ("ipv4address", Column::Kinds(ADDRESS)),
    ("ipv6", Column::Kinds(ADDRESS)),
    ("ipv6addr", Column::Kinds(ADDRESS)),
    ("ipsrc", Column::Kinds(ADDRESS)),
    ("ipdst", Column::Kinds(ADDRESS)),
    ("ipアドレス", Column::Kinds(ADDRESS)),
    ("アドレス", Column::Kinds(ADDRESS)),
    ("接続先ip", Column::Kinds(ADDRESS)),
    ("接続先ipアドレス", Column::Kinds(ADDRESS)),
    ("送信元ip", Column::Kinds(ADDRESS)),
    ("送信元ipアドレス", Column::Kinds(ADDRESS)),
    ("攻撃元ip", Column::Kinds(ADDRESS)),
    ("domain", Column::Kinds(&[Domain])),
    ("domains", Column::Kinds(&[Domain])),
    ("domainname", Column::Kinds(&[Domain])),
    ("fqdn", Column::Kinds(&[Domain])),
    ("ドメイン", Column::Kinds(&[Domain])),
    ("ドメイン名", Column::Kinds(&[Domain])),
    ("host", Column::Kinds(&[Domain, Ipv4, Ipv6])),
    ("hostname", Column::Kinds(&[Domain, Ipv4, Ipv6])),
    ("c2", Column::Kinds(&[Url, Domain, Ipv4, Ipv6])),
    ("c&c", Column::Kinds(&[Url, Domain, Ipv4, Ipv6])),
    ("ホスト", Column::Kinds(&[Domain, Ipv4, Ipv6])),
    ("接続先", Column::Kinds(&[Domain, Ipv4, Ipv6, Url])),
    ("通信先", Column::Kinds(&[Domain, Ipv4, Ipv6, Url])),
    ("url", Column::Kinds(&[Url])),
    ("urls", Column::Kinds(&[Url])),
    ("downloadurl", Column::Kinds(&[Url])),
    ("phishingurl", Column::Kinds(&[Url])),
    ("ダウンロードurl", Column::Kinds(&[Url])),
    ("email", Column::Kinds(&[Email])),
    ("emailaddress", Column::Kinds(&[Email])),
    ("emailaddr", Column::Kinds(&[Email])),
    ("emailsrc", Column::Kinds(&[Email])),
    ("sender", Column::Kinds(&[Email])),
    ("from", Column::Kinds(&[Email, Domain, Ipv4, Ipv6])),
    ("メール", Column::Kinds(&[Email])),
    ("メールアドレス", Column::Kinds(&[Email])),
    ("送信元メールアドレス", Column::Kinds(&[Email])),
    ("送信者", Column::Kinds(&[Email])),
    ("差出人", Column::Kinds(&[Email])),
    ("filename", Column::Kinds(&[FileName])),
    ("droppedfilename", Column::Kinds(&[FileName])),
    ("attachment", Column::Kinds(&[FileName])),
    ("ファイル名", Column::Kinds(&[FileName])),
    ("添付ファイル名", Column::Kinds(&[FileName])),
    ("mutex", Column::Kinds(&[Mutex])),
    ("ミューテックス", Column::Kinds(&[Mutex])),
    ("registrykey", Column::Kinds(&[RegistryKey])),
    ("registry", Column::Kinds(&[RegistryKey])),
    ("レジストリ", Column::Kinds(&[RegistryKey])),
    ("レジストリキー", Column::Kinds(&[RegistryKey])),
    ("ja3", Column::Kinds(&[Ja3])),
    ("ja4", Column::Kinds(&[Ja4])),
    ("cve", Column::Kinds(&[Cve])),
    ("vulnerability", Column::Kinds(&[Cve])),
    ("脆弱性", Column::Kinds(&[Cve])),
    ("recipient", Column::Victim),
    ("recipients", Column::Victim),
    ("to", Column::Victim),
    ("victim", Column::Victim),
    ("emaildst", Column::Victim),
    ("受信者", Column::Victim),
    ("宛先メールアドレス", Column::Victim),
    ("被害端末", Column::Victim),
    ("被害ホスト", Column::Victim),
];

const REMARKS: [&str; 18] = [
    "comment",
    "comments",
    "note",
    "notes",
    "remark",
    "remarks",
    "description",
    "reference",
    "references",
    "source",
    "link",
    "report",
    "備考",
    "コメント",
    "説明",
    "参考",
    "参照",
    "出典",
];

/// What a column of this name means.
pub(super) fn meaning(name: &str) -> Column {
    let plain = plain(name);
    match NAMES.iter().find(|(known, _)| *known == plain) {
        Some((_, meaning)) => *meaning,
        None if REMARKS.contains(&plain.as_str()) => Column::Remark,
        None => Column::Other,
    }
}

/// What the value of a row of this type is.
pub(super) fn meaning_of_type(name: &str) -> Column {
    match meaning(name) {
        Column::Other => match Kind::from_name(name.trim()) {
            Some(kind) => one_of_all(kind).map_or(Column::Other, Column::Kinds),
            None => Column::Other,
        },
        known => known,
    }
}

/// The list of this one kind.
fn one_of_all(kind: Kind) -> Option<&'static [Kind]> {
    static ALL: [Kind; 21] = Kind::ALL;
    ALL.chunks(1).find(|one| one.contains(&kind))
}

/// A name without case, blanks, hyphens and other signs, full-width letters made plain.
fn plain(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    name.chars()
        .take(60)
        .nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric() || matches!(c, '&' | 'ー'))
        .collect()
}

/// Whether a cell says that there is nothing.
pub(super) fn is_blank(cell: &str) -> bool {
    const BLANKS: [&str; 12] =
        ["-", "--", "n/a", "na", "none", "null", "unknown", "nil", "なし", "無し", "不明", "―"];
    BLANKS.iter().any(|b| b.eq_ignore_ascii_case(cell))
}
