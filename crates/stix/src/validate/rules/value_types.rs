//! Values are of the type their property has.

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use serde_json::Value;

use crate::Timestamp;
use crate::table::Form;
use crate::validate::finding::Findings;
use crate::validate::subject::Subject;

/// Every typed value.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    for typed in &subject.values {
        if let Some((code, expected)) = wrong(typed.form, typed.value) {
            let message = format!("the value has to be {expected}");
            out.error_naming(type_name(typed.form), code, typed.path.as_str(), message);
        }
    }
}

/// Largest integer of STIX, 2^53 - 1: beyond it a double is no whole number of its own (2.10).
const LARGEST: i64 = (1 << 53) - 1;

/// What the value has to be, where it is not.
fn wrong(form: &Form, value: &Value) -> Option<(&'static str, String)> {
    const TYPE: &str = "wrong-type";
    let text = value.as_str();
    let (ok, code, expected) = match form {
        Form::Any => return None,
        Form::Text | Form::Id | Form::Reference(_) | Form::Open(_) | Form::Closed(_) => {
            (text.is_some(), TYPE, "a text")
        }
        Form::Boolean => (value.is_boolean(), TYPE, "true or false"),
        Form::Dictionary | Form::Extensions | Form::Part(_) | Form::Hashes => {
            (value.is_object(), TYPE, "an object")
        }
        Form::List(_) => (value.is_array(), TYPE, "a list"),
        Form::Binary => {
            let ok = text.is_some_and(|t| BASE64.decode(t.as_bytes()).is_ok());
            (ok, "bad-binary", "base64")
        }
        Form::Hex => {
            let ok = text.is_some_and(|t| HEXLOWER_PERMISSIVE.decode(t.as_bytes()).is_ok());
            (ok, "bad-hex", "hexadecimal digits, two for each byte")
        }
        Form::Timestamp => {
            let ok = text.is_some_and(|t| t.ends_with('Z') && t.parse::<Timestamp>().is_ok());
            (ok, "bad-timestamp", "a time in UTC such as 2026-11-23T03:00:00.000Z")
        }
        Form::Language => (
            text.is_some_and(super::languages::is_tag),
            "bad-language",
            "a language tag such as ja",
        ),
        Form::Integer(low, high) => {
            let (least, most) = (low.unwrap_or(-LARGEST), high.unwrap_or(LARGEST));
            if value.is_i64() || value.is_u64() {
                let inside = value.as_i64().is_some_and(|n| (least..=most).contains(&n));
                let shown =
                    if low.or(*high).is_some() { (*low, *high) } else { (Some(least), Some(most)) };
                return (!inside).then(|| ("out-of-range", range(shown.0, shown.1)));
            }
            (false, TYPE, "a whole number")
        }
        Form::Float(low, high) => {
            let inside = value.as_f64().is_none_or(|x| {
                low.is_none_or(|l| x >= l as f64) && high.is_none_or(|h| x <= h as f64)
            });
            if !inside {
                return Some(("out-of-range", range(*low, *high)));
            }
            (value.is_number(), TYPE, "a number")
        }
    };
    (!ok).then(|| (code, expected.to_owned()))
}

/// The name the specification gives the type, or the bounds of a number.
fn type_name(form: &Form) -> String {
    let name = match form {
        Form::Integer(low, high) if low.or(*high).is_some() => {
            return format!("integer {}", bounds(*low, *high));
        }
        Form::Float(low, high) if low.or(*high).is_some() => {
            return format!("float {}", bounds(*low, *high));
        }
        Form::Any => "any",
        Form::Text | Form::Open(_) | Form::Closed(_) => "string",
        Form::Id | Form::Reference(_) => "identifier",
        Form::Boolean => "boolean",
        Form::Timestamp => "timestamp",
        Form::Binary => "binary",
        Form::Hex => "hex",
        Form::Hashes => "hashes",
        Form::Dictionary | Form::Extensions => "dictionary",
        Form::Part(_) => "object",
        Form::List(_) => "list",
        Form::Language => "RFC 5646",
        Form::Integer(..) => "integer",
        Form::Float(..) => "float",
    };
    name.to_owned()
}

/// `0..100`
fn bounds(low: Option<i64>, high: Option<i64>) -> String {
    let text = |bound: Option<i64>| bound.map(|n| n.to_string()).unwrap_or_default();
    format!("{}..{}", text(low), text(high))
}

fn range(low: Option<i64>, high: Option<i64>) -> String {
    match (low, high) {
        (Some(low), Some(high)) => format!("between {low} and {high}"),
        (Some(low), None) => format!("at least {low}"),
        (None, Some(high)) => format!("at most {high}"),
        (None, None) => "a number".to_owned(),
    }
}
