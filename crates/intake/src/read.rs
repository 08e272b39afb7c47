//! One document, whatever it is, to a draft.

use crate::detect::BYTE_ORDER_MARK;
use crate::draft::Collector;
use crate::{Draft, Format, Hint, IntakeError, Limits, Place, charset, detect, json, native, text};

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
        Format::StixBundle | Format::MispEvent => {
            json::parse(unmarked, limits)?;
            out.problem("", "not-yet", "Bundles and events are not read yet.");
        }
        Format::Csv | Format::Text | Format::Mail => {
            let decoded = charset::decode(bytes);
            if decoded.lossy {
                out.problem("", "not-utf8", "Some bytes are in no known character set.");
            }
            text::extract_into(decoded.text.as_bytes(), &mut out, Place::Line);
        }
    }
    Ok(out.finish(format))
}
