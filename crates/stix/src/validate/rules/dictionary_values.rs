//! Dictionaries whose values have a type of their own.

use serde_json::Value;

use crate::table::Form;
use crate::validate::finding::Findings;
use crate::validate::subject::Subject;

/// What the values of a dictionary are: how it is called, and what tells it.
type Values = (&'static str, &'static str, fn(&Value) -> bool);

/// By the name of the property, which no two dictionaries share (STIX 2.1, section 6).
const VALUES: [Values; 7] = [
    ("additional_header_fields", "string, list of string", |v| v.is_string() || is_texts(v)),
    ("document_info_dict", "string", Value::is_string),
    ("environment_variables", "string", Value::is_string),
    ("exif_tags", "integer, string", |v| v.is_i64() || v.is_u64() || v.is_string()),
    ("ipfix", "integer, string", |v| v.is_i64() || v.is_u64() || v.is_string()),
    ("options", "integer", |v| v.is_i64() || v.is_u64()),
    ("request_header", "list of string", is_texts),
];

/// What the names of socket options begin with.
const OPTIONS: [&str; 8] = ["SO", "ICMP", "ICMP6", "IP", "IPV6", "MCAST", "TCP", "IRLMP"];

/// Every value is of the type its dictionary asks for; socket options have known prefixes.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    for typed in &subject.values {
        let (Form::Dictionary, Value::Object(members)) = (typed.form, typed.value) else {
            continue;
        };
        let name = typed.path.rsplit('.').next().unwrap_or_default();
        let Some((_, expected, fits)) = VALUES.iter().find(|(known, ..)| *known == name) else {
            continue;
        };
        if !members.values().all(fits) {
            let message = format!("every value of this dictionary has to be: {expected}");
            out.error_naming(*expected, "wrong-type", typed.path.as_str(), message);
        }
        let known = |key: &String| key.split('_').next().is_some_and(|p| OPTIONS.contains(&p));
        if name == "options" && !members.keys().all(known) {
            let message = "socket options begin with their level, such as SO_ or TCP_";
            out.error("bad-key", typed.path.as_str(), message);
        }
    }
}

fn is_texts(value: &Value) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(Value::is_string))
}
