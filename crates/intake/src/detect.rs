//! Which format a document is in.

use crate::json;

/// A format [`crate::read`] understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Our report as JSON.
    NativeJson,
    /// Our report as TOML.
    NativeToml,
    /// A STIX 2.0 or 2.1 bundle, a TAXII envelope, a list of STIX objects or a single one.
    StixBundle,
    /// A MISP event, or several.
    MispEvent,
    /// A table of indicators with separators.
    Csv,
    /// Text for people.
    Text,
    /// A mail message.
    Mail,
}

impl Format {
    /// The stable machine name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NativeJson => "native-json",
            Self::NativeToml => "native-toml",
            Self::StixBundle => "stix",
            Self::MispEvent => "misp",
            Self::Csv => "csv",
            Self::Text => "text",
            Self::Mail => "mail",
        }
    }
}

/// What the sender says about a document. Bytes that plainly are something else win over it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hint<'a> {
    /// The media type, with or without parameters.
    pub media_type: Option<&'a str>,
    /// The file name; only its extension is looked at.
    pub file_name: Option<&'a str>,
}

impl<'a> Hint<'a> {
    /// Nothing known.
    pub const NONE: Hint<'static> = Hint { media_type: None, file_name: None };

    /// A media type such as `application/taxii+json`.
    pub const fn media_type(media_type: &'a str) -> Self {
        Self { media_type: Some(media_type), file_name: None }
    }

    /// A file name such as `mail.eml`.
    pub const fn file_name(file_name: &'a str) -> Self {
        Self { media_type: None, file_name: Some(file_name) }
    }

    fn claims(&self) -> Option<Claim> {
        self.media_type.and_then(by_media_type).or_else(|| self.file_name.and_then(by_extension))
    }
}

/// The format of a document, from its bytes and what its sender says.
pub fn detect(bytes: &[u8], hint: Hint<'_>) -> Format {
    let claim = hint.claims();
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    match claim {
        Some(Claim::Mail) => return Format::Mail,
        Some(Claim::Toml) => return Format::NativeToml,
        Some(Claim::Csv) => return Format::Csv,
        _ => {}
    }
    if claim == Some(Claim::Json) || json::looks_like(bytes) {
        return by_keys(bytes);
    }
    if looks_like_mail(bytes) {
        return Format::Mail;
    }
    if looks_like_native_toml(bytes) {
        return Format::NativeToml;
    }
    if claim.is_none() && looks_like_table(bytes) {
        return Format::Csv;
    }
    Format::Text
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Claim {
    Json,
    Toml,
    Csv,
    Mail,
    Text,
}

fn by_media_type(text: &str) -> Option<Claim> {
    let essence = text.split(';').next()?.trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/json" | "text/json" => Some(Claim::Json),
        e if e.ends_with("+json") => Some(Claim::Json),
        "application/toml" => Some(Claim::Toml),
        "text/csv" | "text/tab-separated-values" => Some(Claim::Csv),
        "message/rfc822" => Some(Claim::Mail),
        "text/markdown" => Some(Claim::Text),
        _ => None,
    }
}

fn by_extension(name: &str) -> Option<Claim> {
    let (_, extension) = name.rsplit_once('.')?;
    match extension.to_ascii_lowercase().as_str() {
        "json" | "stix" | "stix2" => Some(Claim::Json),
        "toml" => Some(Claim::Toml),
        "csv" | "tsv" => Some(Claim::Csv),
        "eml" => Some(Claim::Mail),
        "txt" | "md" | "adoc" | "log" => Some(Claim::Text),
        _ => None,
    }
}

fn by_keys(bytes: &[u8]) -> Format {
    let survey = json::survey(bytes);
    let has = |key: &[u8]| survey.keys.contains(&key);
    if has(b"Event") || has(b"response") || has(b"Attribute") {
        Format::MispEvent
    } else if has(b"objects") || (has(b"type") && has(b"id") && !has(b"schema")) {
        Format::StixBundle
    } else {
        Format::NativeJson
    }
}

/// At least two well-known header fields before the first line that is none.
fn looks_like_mail(bytes: &[u8]) -> bool {
    const KNOWN: [&[u8]; 12] = [
        b"return-path:",
        b"received:",
        b"delivered-to:",
        b"from:",
        b"to:",
        b"subject:",
        b"message-id:",
        b"mime-version:",
        b"date:",
        b"content-type:",
        b"x-original-to:",
        b"dkim-signature:",
    ];
    let mut known = 0;
    for line in bytes.split(|b| *b == b'\n').take(60) {
        let starts = |name: &&[u8]| {
            line.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name))
        };
        let folded = line.first().is_some_and(|b| matches!(b, b' ' | b'\t'));
        if KNOWN.iter().any(starts) {
            known += 1;
        } else if !folded && !is_header_line(line) {
            break;
        }
    }
    known >= 2
}

fn is_header_line(line: &[u8]) -> bool {
    let name_len = line.iter().position(|b| *b == b':').unwrap_or(0);
    let name = line.get(..name_len).unwrap_or_default();
    line.starts_with(b"From ")
        || (!name.is_empty() && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-'))
}

fn looks_like_native_toml(bytes: &[u8]) -> bool {
    bytes.split(|b| *b == b'\n').take(50).any(|line| {
        let line = line.trim_ascii_start();
        line.strip_prefix(b"schema")
            .and_then(|rest| rest.trim_ascii_start().strip_prefix(b"="))
            .is_some_and(|rest| rest.trim_ascii_start().starts_with(b"\"noroshi-report/"))
    })
}

/// A first row of known column names, and a second row with as many separators.
fn looks_like_table(bytes: &[u8]) -> bool {
    crate::table::guess(bytes).is_some()
}

/// What some editors put before UTF-8 text.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
