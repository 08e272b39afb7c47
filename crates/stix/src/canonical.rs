//! Canonical JSON (RFC 8785, JCS): the one byte form of a value, which is what the hub signs.
//!
//! Written here rather than taken from a crate because signatures depend on every byte of it, and
//! because it must agree with how `serde_json` reads numbers (its `float_roundtrip` feature is on:
//! without it the same text may be read as two neighbouring numbers).

use serde_json::{Map, Number, Value};

/// The RFC 8785 form of `value`: members sorted by UTF-16 code units, no white space, numbers as
/// ECMAScript prints them, strings with the fewest escapes.
///
/// RFC 8785 knows only IEEE 754 doubles, so integers beyond 2^53 lose their low digits here as they
/// would in every other implementation; put such numbers into strings.
pub fn canonical_json(value: &Value) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    write_value(&mut out, value);
    out
}

/// Largest integer below which every integer is a double of its own.
const MAX_SAFE_INTEGER: u64 = 1 << 53;

fn write_value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(n) => write_number(out, n),
        Value::String(s) => write_string(out, s),
        Value::Array(items) => {
            out.push(b'[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write_value(out, item);
            }
            out.push(b']');
        }
        Value::Object(map) => write_object(out, map),
    }
}

fn write_object(out: &mut Vec<u8>, map: &Map<String, Value>) {
    let mut members: Vec<(&String, &Value)> = map.iter().collect();
    members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
    out.push(b'{');
    for (i, (key, value)) in members.into_iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        write_string(out, key);
        out.push(b':');
        write_value(out, value);
    }
    out.push(b'}');
}

fn write_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    for &b in text.as_bytes() {
        match b {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            0x08 => out.extend_from_slice(b"\\b"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            0x0c => out.extend_from_slice(b"\\f"),
            b'\r' => out.extend_from_slice(b"\\r"),
            0x00..=0x1f => out.extend_from_slice(format!("\\u{b:04x}").as_bytes()),
            _ => out.push(b),
        }
    }
    out.push(b'"');
}

fn write_number(out: &mut Vec<u8>, number: &Number) {
    let small = number.as_u64().map_or_else(
        || number.as_i64().is_some_and(|i| i.unsigned_abs() <= MAX_SAFE_INTEGER),
        |u| u <= MAX_SAFE_INTEGER,
    );
    if small {
        out.extend_from_slice(number.to_string().as_bytes());
    } else {
        out.extend_from_slice(ecmascript(number.as_f64().unwrap_or_default()).as_bytes());
    }
}

/// A finite double as ECMAScript's `Number::toString` prints it.
fn ecmascript(x: f64) -> String {
    if x == 0.0 {
        return "0".to_owned();
    }
    let (digits, point) = shortest(x.abs());
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let sign = if x < 0.0 { "-" } else { "" };
    let zeros = |n: i32| "0".repeat(usize::try_from(n).unwrap_or_default());
    let split = |at: i32| digits.split_at(usize::try_from(at).unwrap_or_default());
    if (count..=21).contains(&point) {
        format!("{sign}{digits}{}", zeros(point - count))
    } else if (1..=21).contains(&point) {
        let (whole, fraction) = split(point);
        format!("{sign}{whole}.{fraction}")
    } else if (-5..=0).contains(&point) {
        format!("{sign}0.{}{digits}", zeros(-point))
    } else {
        let (first, rest) = split(1);
        let dot = if rest.is_empty() { "" } else { "." };
        let plus = if point > 0 { "+" } else { "" };
        format!("{sign}{first}{dot}{rest}e{plus}{}", point - 1)
    }
}

/// The fewest digits that read back as `x` and the place of the decimal point: `x` is 0.DIGITS
/// times ten to the power of the second part.
///
/// The digits are those of `serde_json`, which rounds a tie to the even digit as ECMAScript does;
/// the standard library's formatter rounds it up.
fn shortest(x: f64) -> (String, i32) {
    let text = serde_json::to_string(&x).unwrap_or_default();
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let digits = all.trim_start_matches('0');
    let leading_zeros = i32::try_from(all.len() - digits.len()).unwrap_or_default();
    let point = i32::try_from(whole.len()).unwrap_or_default() - leading_zeros
        + exponent.parse::<i32>().unwrap_or_default();
    (digits.trim_end_matches('0').to_owned(), point)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> String {
        String::from_utf8(canonical_json(&serde_json::from_str(text).unwrap())).unwrap()
    }

    /// The samples of RFC 8785, appendix B.
    #[test]
    fn numbers_print_as_ecmascript_does() {
        let cases: [(u64, &str); 25] = [
            (0x0000000000000000, "0"),
            (0x8000000000000000, "0"),
            (0x0000000000000001, "5e-324"),
            (0x8000000000000001, "-5e-324"),
            (0x7fefffffffffffff, "1.7976931348623157e+308"),
            (0xffefffffffffffff, "-1.7976931348623157e+308"),
            (0x4340000000000000, "9007199254740992"),
            (0xc340000000000000, "-9007199254740992"),
            (0x4430000000000000, "295147905179352830000"),
            (0x44b52d02c7e14af5, "9.999999999999997e+22"),
            (0x44b52d02c7e14af6, "1e+23"),
            (0x44b52d02c7e14af7, "1.0000000000000001e+23"),
            (0x444b1ae4d6e2ef4e, "999999999999999700000"),
            (0x444b1ae4d6e2ef4f, "999999999999999900000"),
            (0x444b1ae4d6e2ef50, "1e+21"),
            (0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"),
            (0x3eb0c6f7a0b5ed8d, "0.000001"),
            (0x41b3de4355555553, "333333333.3333332"),
            (0x41b3de4355555554, "333333333.33333325"),
            (0x41b3de4355555555, "333333333.3333333"),
            (0x41b3de4355555556, "333333333.3333334"),
            (0x41b3de4355555557, "333333333.33333343"),
            (0xbecbf647612f3696, "-0.0000033333333333333333"),
            (0x43143ff3c1cb0959, "1424953923781206.2"),
            (0x3ff0000000000000, "1"),
        ];
        for (bits, want) in cases {
            assert_eq!(ecmascript(f64::from_bits(bits)), want, "{bits:016x}");
        }
    }

    #[test]
    fn members_sort_by_utf16_and_strings_escape_little() {
        assert_eq!(
            canonical(
                r#"{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude02":5,"\u0080":6,"\u00f6":7}"#
            ),
            "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":7,\"€\":1,\"😂\":5,\"\u{fb33}\":3}"
        );
        assert_eq!(
            canonical(
                r#" { "s" : "\u20ac$\u000F\nA'\u0042\u0022\u005c\\\"\/" , "l":[ null,true ]}"#
            ),
            "{\"l\":[null,true],\"s\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}"
        );
        assert_eq!(canonical("[1.0, 1e2, -0.0, 9007199254740993]"), "[1,100,0,9007199254740992]");
    }
}
