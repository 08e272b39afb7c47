//! A mail for the eyes of a person: its head apart from what it says.

use mail_parser::{Message, PartType};

use super::{MAX_INNER, attached, bounds, html, parse};
use crate::{Legible, Limits, charset};

/// The mail as text; `None` where it cannot be read as one.
pub(crate) fn legible(bytes: &[u8], limits: &Limits) -> Option<Legible> {
    let bytes = bytes.trim_ascii_start();
    bounds::check(bytes, limits).ok()?;
    let message = parse(bytes).filter(|m| !m.headers().is_empty())?;
    let mut head = String::new();
    if let Some(subject) = message.subject() {
        head = format!("{}\n\n", subject.trim());
    }
    let end = bytes
        .windows(2)
        .position(|w| w == b"\n\n")
        .or_else(|| bytes.windows(4).position(|w| w == b"\r\n\r\n"))
        .unwrap_or(bytes.len());
    head += charset::decode(bytes.get(..end).unwrap_or_default()).text.trim_end();
    let mut text = String::new();
    write(&message, &mut text, 0);
    Some(Legible { head: Some(head), text })
}

/// The bodies one after another, and what is attached by name.
fn write(message: &Message<'_>, out: &mut String, depth: usize) {
    let mut shown_plain = false;
    for (index, part) in message.parts.iter().enumerate() {
        let is_attached = attached::is_attachment(message, index, part);
        match &part.body {
            PartType::Message(inner) if depth < MAX_INNER => {
                if let Some(subject) = inner.subject() {
                    *out += &format!("\n> {subject}\n\n");
                }
                write(inner, out, depth + 1);
            }
            PartType::Text(_) if !is_attached => {
                *out += attached::text_of(message, part).trim_end();
                *out += "\n";
                shown_plain = true;
            }
            // Most mails say the same twice.
            PartType::Html(source) if !is_attached && !shown_plain => {
                let page = html::read(source);
                *out += page.text.trim();
                *out += "\n";
                for link in &page.links {
                    *out += &format!("<{link}>\n");
                }
            }
            _ if is_attached => {
                use mail_parser::MimeHeaders;
                let name = part.attachment_name().unwrap_or("?");
                *out += &format!("\n[{name}]\n");
            }
            _ => {}
        }
    }
}
