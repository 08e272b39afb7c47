//! Typed values of report fields: what a type takes, and how a value reads.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Zoned};
use serde_json::Value as Json;

use crate::{Field, Reference, Text};

/// One value's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Scalar {
    Text,
    Uuid,
    Enum,
    Bool,
    Tristate,
    Integer,
    Decimal,
    Moment,
    Duration,
    Language,
    Currency,
    Country,
    Obligation,
    Authority,
    Sector,
    Cve,
    Attack,
    Pattern,
    Malware,
    Attachment,
}

/// The type of a field, read from the words of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// One value.
    One(Scalar),
    /// Several values.
    List(Scalar),
    /// Named texts: a contact, a demand.
    Record,
    /// Several records.
    Records,
    /// Values by key: a reference number of each authority.
    Map(Scalar, Scalar),
}

impl ValueType {
    /// Reads `text`, `list<enum>`, `map<text,text>`.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let inner = |head: &str| text.strip_prefix(head).and_then(|t| t.strip_suffix('>'));
        if let Some(of) = inner("list<") {
            return if of == "record" { Ok(Self::Records) } else { Ok(Self::List(scalar(of)?)) };
        }
        if let Some((key, value)) = inner("map<").and_then(|of| of.split_once(',')) {
            return Ok(Self::Map(scalar(key)?, scalar(value)?));
        }
        if text == "record" { Ok(Self::Record) } else { scalar(text).map(Self::One) }
    }
}

fn scalar(text: &str) -> Result<Scalar, String> {
    Ok(match text {
        "text" => Scalar::Text,
        "uuid" => Scalar::Uuid,
        "enum" => Scalar::Enum,
        "bool" => Scalar::Bool,
        "tristate" => Scalar::Tristate,
        "integer" => Scalar::Integer,
        "decimal" => Scalar::Decimal,
        "datetime" => Scalar::Moment,
        "duration" => Scalar::Duration,
        "bcp47" => Scalar::Language,
        "iso4217" => Scalar::Currency,
        "iso3166" => Scalar::Country,
        "obligation-id" => Scalar::Obligation,
        "authority-id" => Scalar::Authority,
        "sector-id" => Scalar::Sector,
        "cve" => Scalar::Cve,
        "attack-id" => Scalar::Attack,
        "stix-pattern" => Scalar::Pattern,
        "hash-or-sample" => Scalar::Malware,
        "attachment" => Scalar::Attachment,
        other => return Err(format!("no type {other:?} is known")),
    })
}

/// A value that its field takes. It may name its reporter, so it has no `Debug`.
#[derive(Clone, PartialEq)]
pub enum Value {
    /// Yes or no.
    Flag(bool),
    /// A count.
    Integer(u64),
    /// A moment with the zone it was given in.
    Moment(Zoned),
    /// A text, word of a list, code or number, in its checked form.
    Text(String),
    /// Several of them.
    List(Vec<String>),
    /// Named texts.
    Record(BTreeMap<String, String>),
    /// Several records.
    Records(Vec<BTreeMap<String, String>>),
}

impl Value {
    /// Reads what was given for `field` by a reporter in `zone`.
    ///
    /// # Errors
    /// What the field expects instead.
    pub(crate) fn read(
        reference: &Reference,
        field: &Field,
        zone: &TimeZone,
        given: &Json,
    ) -> Result<Self, Text> {
        let list = field.enumeration.as_deref();
        let one = |kind: Scalar, v: &Json| read_scalar(reference, list, zone, kind, v);
        let text = |kind: Scalar, v: &Json| one(kind, v).map(|v| v.plain());
        match (field.kind, given) {
            (ValueType::One(kind), v) => one(kind, v),
            (ValueType::List(kind), Json::Array(values)) => {
                let values = values.iter().map(|v| text(kind, v)).collect::<Result<_, _>>()?;
                Ok(Self::List(values))
            }
            // One value where several may be: a list of one.
            (ValueType::List(kind), v) => text(kind, v).map(|v| Self::List(vec![v])),
            (ValueType::Record, Json::Object(_)) => record(given).map(Self::Record),
            (ValueType::Records, Json::Array(values)) => {
                values.iter().map(record).collect::<Result<_, _>>().map(Self::Records)
            }
            (ValueType::Records, Json::Object(_)) => Ok(Self::Records(vec![record(given)?])),
            (ValueType::Map(key, value), Json::Object(pairs)) => {
                let mut out = BTreeMap::new();
                for (k, v) in pairs {
                    let keys = field.key_enumeration.as_deref();
                    let k = Json::String(k.clone());
                    let k = read_scalar(reference, keys, zone, key, &k)?.plain();
                    out.insert(k, text(value, v)?);
                }
                Ok(Self::Record(out))
            }
            _ => Err(Text::new(
                "a table of named texts, such as { name = \"...\", telephone = \"...\" }",
                "名前付きの文字列の表(例: { name = \"...\", telephone = \"...\" })",
            )),
        }
    }

    /// As JSON, in the form [`Value::read`] takes.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Flag(yes) => Json::Bool(*yes),
            Self::Integer(n) => Json::from(*n),
            Self::Moment(at) => Json::String(at.to_string()),
            Self::Text(text) => Json::String(text.clone()),
            Self::List(values) => values.iter().cloned().map(Json::String).collect(),
            Self::Record(record) => to_object(record),
            Self::Records(records) => records.iter().map(to_object).collect(),
        }
    }

    /// As people read it, on one line or, for several values, one a line.
    pub fn plain(&self) -> String {
        let named = |r: &BTreeMap<String, String>| {
            r.iter().map(|(k, v)| format!("{k}: {v}")).collect::<Vec<_>>().join("; ")
        };
        match self {
            Self::Flag(yes) => yes.to_string(),
            Self::Integer(n) => n.to_string(),
            Self::Moment(at) => {
                let zone = at.time_zone().iana_name().map(|n| format!(" ({n})"));
                format!("{}{}", at.strftime("%Y-%m-%d %H:%M:%S %:z"), zone.unwrap_or_default())
            }
            Self::Text(text) => text.clone(),
            Self::List(values) => values.join("\n"),
            Self::Record(record) => named(record),
            Self::Records(records) => records.iter().map(named).collect::<Vec<_>>().join("\n"),
        }
    }

    /// The moment, if it is one.
    pub fn moment(&self) -> Option<&Zoned> {
        if let Self::Moment(at) = self { Some(at) } else { None }
    }
}

fn to_object(record: &BTreeMap<String, String>) -> Json {
    record.iter().map(|(k, v)| (k.clone(), Json::String(v.clone()))).collect()
}

fn record(given: &Json) -> Result<BTreeMap<String, String>, Text> {
    let bad = || Text::new("a table of named texts", "名前付きの文字列の表");
    let pairs = given.as_object().ok_or_else(bad)?;
    let named = pairs.iter().map(|(k, v)| {
        let text = match v {
            Json::String(s) => s.trim().to_owned(),
            Json::Number(n) => n.to_string(),
            Json::Bool(b) => b.to_string(),
            _ => return Err(bad()),
        };
        Ok((k.clone(), text))
    });
    named.collect()
}

fn read_scalar(
    reference: &Reference,
    list: Option<&str>,
    zone: &TimeZone,
    kind: Scalar,
    given: &Json,
) -> Result<Value, Text> {
    let text = match given {
        Json::String(s) => s.trim().to_owned(),
        Json::Number(n) => n.to_string(),
        Json::Bool(b) => b.to_string(),
        _ => return Err(Text::new("one value", "一つの値")),
    };
    let taken = |ok: bool, en: &str, ja: &str| {
        if ok { Ok(Value::Text(text.clone())) } else { Err(Text::new(en, ja)) }
    };
    let letters = |n: usize| text.len() == n && text.bytes().all(|b| b.is_ascii_uppercase());
    match kind {
        Scalar::Text | Scalar::Pattern | Scalar::Malware | Scalar::Attachment => {
            taken(!text.is_empty(), "a text", "文字列")
        }
        Scalar::Uuid => taken(is_uuid(&text), "a UUID", "UUID"),
        Scalar::Enum => {
            let known = reference.enumerations().iter().find(|e| Some(e.id.as_str()) == list);
            let words = known.map(|e| e.values.as_slice()).unwrap_or_default();
            let list = words.join(", ");
            let ok = words.contains(&text);
            taken(ok, &format!("one of: {list}"), &format!("次のいずれか: {list}"))
        }
        Scalar::Bool => match text.as_str() {
            "true" | "yes" => Ok(Value::Flag(true)),
            "false" | "no" => Ok(Value::Flag(false)),
            _ => Err(Text::new("true or false", "true 又は false")),
        },
        Scalar::Tristate => match text.as_str() {
            "true" | "yes" => Ok(Value::Text("yes".to_owned())),
            "false" | "no" => Ok(Value::Text("no".to_owned())),
            "unknown" => Ok(Value::Text(text)),
            _ => Err(Text::new("yes, no or unknown", "yes、no 又は unknown")),
        },
        Scalar::Integer => text
            .parse()
            .map(Value::Integer)
            .map_err(|_| Text::new("a whole number from 0", "0以上の整数")),
        Scalar::Decimal => {
            let digits = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
            taken(digits && text.parse::<f64>().is_ok(), "a number such as 1200.50", "数値")
        }
        Scalar::Moment => crate::clocks::moment(&text, zone).map(Value::Moment).map_err(|_| {
            Text::new(
                "a moment with its offset or zone, such as 2026-11-23T09:00:00+09:00 or \
                 2026-11-23T09:00:00[Asia/Tokyo]",
                "時差又はタイムゾーン付きの日時(例: 2026-11-23T09:00:00+09:00、\
                 2026-11-23T09:00:00[Asia/Tokyo])",
            )
        }),
        Scalar::Duration => {
            let span = text.parse::<Span>().ok().filter(|s| !s.is_negative());
            taken(span.is_some(), "a duration such as PT5H30M or P2D", "期間(例: PT5H30M、P2D)")
        }
        Scalar::Language => {
            let ok = (2..=35).contains(&text.len())
                && text.split('-').all(|p| {
                    (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric())
                });
            taken(ok, "a language tag such as ja or en", "言語タグ(例: ja、en)")
        }
        Scalar::Currency => taken(letters(3), "a currency such as JPY", "通貨コード(例: JPY)"),
        Scalar::Country => taken(letters(2), "a country such as JP", "国コード(例: JP)"),
        Scalar::Obligation => taken(
            reference.obligation(&text).is_some(),
            "an obligation from `noroshi duty list`",
            "`noroshi duty list` にある義務のID",
        ),
        Scalar::Authority => taken(!text.is_empty(), "the id of an authority", "官公署のID"),
        Scalar::Sector => taken(
            reference.sectors().iter().any(|s| s.id == text),
            "a sector such as jp-espa/electricity",
            "分野のID(例: jp-espa/electricity)",
        ),
        Scalar::Cve => taken(is_cve(&text), "a CVE id such as CVE-2026-12345", "CVE番号"),
        Scalar::Attack => taken(is_attack(&text), "an ATT&CK id such as T1486", "ATT&CKのID"),
    }
}

fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    let hex = text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    hex && lengths == [8, 4, 4, 4, 12]
}

fn is_cve(text: &str) -> bool {
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let parts = text.strip_prefix("CVE-").and_then(|t| t.split_once('-'));
    parts.is_some_and(|(year, n)| {
        year.len() == 4 && digits(year) && (4..=19).contains(&n.len()) && digits(n)
    })
}

fn is_attack(text: &str) -> bool {
    let digits = |s: &str, n: usize| s.len() == n && s.bytes().all(|b| b.is_ascii_digit());
    let Some(rest) = text.strip_prefix('T') else { return false };
    match rest.split_once('.') {
        None => digits(rest, 4),
        Some((technique, sub)) => digits(technique, 4) && digits(sub, 3),
    }
}

/// The time between two moments as `PT12H30M`, or `None` where it would be negative.
pub(crate) fn between(from: &Zoned, to: &Zoned) -> Option<Value> {
    let time: SignedDuration = to.timestamp().duration_since(from.timestamp());
    (!time.is_negative()).then(|| Value::Text(time.to_string()))
}
