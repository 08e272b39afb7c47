//! Attachments: their name, their hash, and the text in them where they are text.

use std::borrow::Cow;

use data_encoding::{BASE64, HEXLOWER};
use mail_parser::{Encoding, Message, MessagePart, MimeHeaders, PartType};
use sha2::{Digest, Sha256};

use crate::charset;

/// What an attachment holds, as far as it is read.
pub(super) enum Content<'a> {
    Table(Cow<'a, str>),
    Html(Cow<'a, str>),
    Text(Cow<'a, str>),
    /// Not opened: its name and hash tell enough.
    Opaque,
}

/// Whether a part is an attachment, not a body.
pub(super) fn is_attachment(message: &Message<'_>, index: usize, part: &MessagePart<'_>) -> bool {
    let disposed = part.content_disposition().is_some_and(|d| d.is_attachment());
    let index = index as u32;
    let body = message.text_body.contains(&index) || message.html_body.contains(&index);
    let picture = part.content_type().is_some_and(|t| t.ctype().eq_ignore_ascii_case("image"));
    disposed || (!body && !picture && part.attachment_name().is_some())
}

/// SHA-256 of the attached bytes, in hexadecimal.
pub(super) fn sha256(message: &Message<'_>, part: &MessagePart<'_>) -> Option<String> {
    let bytes = bytes_of(message, part)?;
    (!bytes.is_empty()).then(|| HEXLOWER.encode(&Sha256::digest(&bytes)))
}

/// The bytes as they were attached; nothing where the parser has changed them beyond return.
fn bytes_of<'a>(message: &'a Message<'_>, part: &'a MessagePart<'_>) -> Option<Cow<'a, [u8]>> {
    match &part.body {
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => Some(Cow::Borrowed(bytes)),
        PartType::Text(_) | PartType::Html(_) => {
            // Texts were converted to UTF-8; the hash is that of the bytes before.
            let range = part.offset_body as usize..part.offset_end as usize;
            let raw = message.raw_message.get(range)?;
            match part.encoding {
                Encoding::None => Some(Cow::Borrowed(raw)),
                Encoding::Base64 => {
                    let packed: Vec<u8> =
                        raw.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect();
                    BASE64.decode(&packed).ok().map(Cow::Owned)
                }
                Encoding::QuotedPrintable => None,
            }
        }
        _ => None,
    }
}

/// The text of a text part. Where the mail names no character set the parser takes UTF-8; older
/// Japanese programs mean ISO-2022-JP or Shift_JIS.
pub(super) fn text_of<'a>(message: &'a Message<'_>, part: &'a MessagePart<'_>) -> Cow<'a, str> {
    let PartType::Text(text) = &part.body else { return Cow::Borrowed("") };
    let doubtful = text.contains('\u{FFFD}');
    if !doubtful {
        return charset::decode(text.as_bytes()).text;
    }
    match bytes_of(message, part) {
        Some(Cow::Borrowed(raw)) => charset::decode(raw).text,
        Some(Cow::Owned(raw)) => Cow::Owned(charset::decode(&raw).text.into_owned()),
        None => Cow::Borrowed(text),
    }
}

/// What the attachment holds.
pub(super) fn content<'a>(message: &'a Message<'_>, part: &'a MessagePart<'_>) -> Content<'a> {
    let name = part.attachment_name().unwrap_or_default().to_ascii_lowercase();
    let extension = name.rsplit_once('.').map_or("", |(_, e)| e);
    let text = match &part.body {
        PartType::Html(source) => return Content::Html(Cow::Borrowed(source)),
        PartType::Text(_) => text_of(message, part),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes)
            if ["csv", "tsv", "txt", "log", "htm", "html"].contains(&extension) =>
        {
            charset::decode(bytes).text
        }
        _ => return Content::Opaque,
    };
    match extension {
        "csv" | "tsv" => Content::Table(text),
        "htm" | "html" => Content::Html(text),
        _ => Content::Text(text),
    }
}
