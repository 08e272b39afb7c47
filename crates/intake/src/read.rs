//! One document, whatever it is, to a draft.

use std::borrow::Cow;

use crate::detect::BYTE_ORDER_MARK;
use crate::draft::Collector;
use crate::{
    Draft, Format, Hint, IntakeError, Limits, Place, bundle, charset, detect, event, json, mail,
    native, table, text,
};

/// Reads a document.
///
/// What is wrong with a part (an object of a bundle, a row of a table) becomes a problem of the
/// draft; the rest is kept.
///
/// # Errors
/// The document as a whole cannot be read: see [`IntakeError`].
pub fn read(bytes: &[u8], hint: Hint<'_>, limits: &Limits) -> Result<Draft, IntakeError> {
    if bytes.len() > limits.max_bytes {
        return Err(IntakeError::TooLarge { given: bytes.len(), limit: limits.max_bytes });
    }
    if bytes.trim_ascii().is_empty() {
        return Err(IntakeError::Empty);
    }
    let format = detect(bytes, hint);
    let mut out = Collector::new(limits);
    let unmarked = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    match format {
        Format::NativeJson => native::read_value(&json::parse(unmarked, limits)?, &mut out)?,
        Format::NativeToml => native::read_toml(unmarked, &mut out)?,
        Format::StixBundle => bundle::read(&json::parse(unmarked, limits)?, &mut out)?,
        Format::MispEvent => event::read(&json::parse(unmarked, limits)?, &mut out)?,
        Format::Csv => table::read(&decoded(bytes, &mut out), &mut out),
        Format::Mail => mail::read(bytes, &mut out)?,
        Format::Text => {
            let text = decoded(bytes, &mut out);
            text::extract_into(text.as_bytes(), &mut out, Place::Line);
        }
    }
    Ok(out.finish(format))
}

/// A document for the eyes of a person.
#[derive(Clone, PartialEq, Eq)]
pub struct Legible {
    /// The head of a mail; `None` for everything else.
    pub head: Option<String>,
    /// What it says.
    pub text: String,
}

/// A document as people read it: a mail with its bodies decoded, everything else as text. Never
/// fails: what cannot be read as a mail is shown as it came.
pub fn legible(bytes: &[u8], hint: Hint<'_>, limits: &Limits) -> Legible {
    let as_mail = (detect(bytes, hint) == Format::Mail).then(|| mail::legible(bytes, limits));
    as_mail
        .flatten()
        .unwrap_or_else(|| Legible { head: None, text: plain_text(bytes).into_owned() })
}

/// The text of a document in whatever character set it comes; what fits none is replaced.
pub fn plain_text(bytes: &[u8]) -> Cow<'_, str> {
    charset::decode(bytes).text
}

/// The text of a document in whatever character set it comes; what fits none is noted.
fn decoded<'a>(bytes: &'a [u8], out: &mut Collector<'_>) -> Cow<'a, str> {
    let decoded = charset::decode(bytes);
    if decoded.lossy {
        let message = "Some bytes fit no known character set and were passed over.";
        out.problem("", "not-utf8", message);
    }
    decoded.text
}
