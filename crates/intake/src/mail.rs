//! A suspicious mail, as saved from a mail program: what the sender's side shows becomes
//! indicators, what belongs to the receiving side does not.
//!
//! Where a mail carries another one (a member forwards what it got to its own security team), the
//! inner mail is the evidence and the outer headers are the victim's.

mod attached;
mod bounds;
mod html;
mod legible;
mod received;
mod victim;

use mail_parser::{HeaderValue, Message, MessageParser, MimeHeaders, PartType};
use noroshi_stix::{Kind, Observable};

use crate::draft::Collector;
use crate::text::{self, Outcome};
use crate::{DropReason, IntakeError, Origin, Place};
pub(crate) use legible::legible;
use victim::Victim;

/// Deepest mail within a mail that is read.
const MAX_INNER: usize = 5;

/// Most addresses of recipients kept as a private fact.
const MAX_RECIPIENTS: usize = 200;

/// Reads a mail.
///
/// # Errors
/// Not a mail, or built to exhaust its reader.
pub(crate) fn read(bytes: &[u8], out: &mut Collector<'_>) -> Result<(), IntakeError> {
    let bytes = bytes.trim_ascii_start();
    bounds::check(bytes, out.limits())?;
    let message = parse(bytes).ok_or(IntakeError::MailUnreadable)?;
    if message.headers().is_empty() {
        return Err(IntakeError::MailUnreadable);
    }
    let mut victim = Victim::default();
    gather(&message, &mut victim, 0);
    let recipients = victim.addresses().take(MAX_RECIPIENTS).map(str::to_owned);
    out.facts.mail_recipients = recipients.collect();
    Reader { victim: &victim, out }.message(&message, 0);
    Ok(())
}

/// The parser is somebody else's and the bytes are a stranger's: a panic in it is one unreadable
/// mail, not the end of the program.
fn parse(bytes: &[u8]) -> Option<Message<'_>> {
    std::panic::catch_unwind(|| MessageParser::default().parse(bytes)).ok().flatten()
}

/// Collects who received the mail, and every mail in it; the senders of outer mails with them.
fn gather(message: &Message<'_>, victim: &mut Victim, depth: usize) {
    victim.note_recipients(message);
    let inner: Vec<&Message<'_>> = inner_messages(message).collect();
    if depth >= MAX_INNER || inner.is_empty() {
        return;
    }
    victim.note_senders(message);
    inner.into_iter().for_each(|m| gather(m, victim, depth + 1));
}

fn inner_messages<'a, 'x>(message: &'a Message<'x>) -> impl Iterator<Item = &'a Message<'x>> {
    message.parts.iter().filter_map(|p| match &p.body {
        PartType::Message(inner) => Some(inner),
        _ => None,
    })
}

struct Reader<'a, 'o, 'l> {
    victim: &'a Victim,
    out: &'o mut Collector<'l>,
}

impl Reader<'_, '_, '_> {
    fn message(&mut self, message: &Message<'_>, depth: usize) {
        if depth > MAX_INNER {
            self.out.problem("mail", "too-deep", "A mail within many mails was not read.");
            return;
        }
        // The innermost subject is the attacker's, but any of them may name the victim.
        if let Some(subject) = message.subject() {
            self.out.facts.mail_subject = Some(subject.chars().take(500).collect());
        }
        self.senders(message);
        self.hops(message);
        if let Some(id) = message.message_id() {
            let origin = Origin::plain(Place::Header("Message-ID"));
            self.out.drop(id, DropReason::MessageId, origin);
        }
        for (index, part) in message.parts.iter().enumerate() {
            let attached = attached::is_attachment(message, index, part);
            match &part.body {
                PartType::Message(inner) => self.message(inner, depth + 1),
                PartType::Multipart(_) => {}
                PartType::Text(_) | PartType::Html(_) if !attached => self.body(message, part),
                PartType::InlineBinary(_) if !attached => {}
                _ => self.attachment(message, index, part),
            }
        }
    }

    fn senders(&mut self, message: &Message<'_>) {
        let mut take = |addresses: Vec<String>, header| {
            for address in addresses {
                self.take_as(Kind::Email, &address, Origin::plain(Place::Header(header)), true);
            }
        };
        take(victim::addresses_of(message.from()), "From");
        take(victim::addresses_of(message.sender()), "Sender");
        take(victim::addresses_of(message.reply_to()), "Reply-To");
        let path = match message.return_path() {
            HeaderValue::Text(t) => vec![t.trim_matches(['<', '>', ' ']).to_owned()],
            HeaderValue::Address(a) => victim::addresses_of(Some(a)),
            _ => Vec::new(),
        };
        take(path, "Return-Path");
    }

    fn hops(&mut self, message: &Message<'_>) {
        for hop in received::hops(message, self.victim) {
            let origin = Origin::plain(Place::Header("Received"));
            match hop {
                received::Hop::Sender(address) => {
                    let kind = if address.is_ipv4() { Kind::Ipv4 } else { Kind::Ipv6 };
                    self.take_as(kind, &address.to_string(), origin, true);
                }
                received::Hop::Receiver(host) => {
                    self.out.drop(&host, DropReason::ReceivingHost, origin);
                }
            }
        }
        for (name, value) in message.headers_raw() {
            if received::NAMES_SENDER_ADDRESS.iter().any(|n| n.eq_ignore_ascii_case(name)) {
                self.text(value.as_bytes(), true, |_| Place::Header("X-Originating-IP"));
            }
        }
    }

    fn body(&mut self, message: &Message<'_>, part: &mail_parser::MessagePart<'_>) {
        match &part.body {
            PartType::Html(source) => self.html(source),
            PartType::Text(_) => {
                let text = attached::text_of(message, part);
                self.text(text.as_bytes(), false, Place::Body);
            }
            _ => {}
        }
    }

    fn html(&mut self, source: &str) {
        let page = html::read(source);
        for link in &page.links {
            match Observable::parse(Kind::Url, link.trim()) {
                Ok(url) => self.take(url, Origin::plain(Place::Link), false),
                Err(_) => self.text(link.as_bytes(), false, |_| Place::Link),
            }
        }
        for shown in &page.pretended {
            let origin = Origin::plain(Place::Link);
            self.out.drop(shown, DropReason::Remark, origin);
        }
        self.text(page.text.as_bytes(), false, Place::Body);
    }

    fn attachment(
        &mut self,
        message: &Message<'_>,
        index: usize,
        part: &mail_parser::MessagePart<'_>,
    ) {
        let place = Place::Attachment(index as u32);
        let name = part.attachment_name();
        if let Some(name) = name {
            let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
            self.take_as(Kind::FileName, name, Origin::plain(place.clone()), true);
        }
        if let Some(digest) = attached::sha256(message, part) {
            self.take_as(Kind::Sha256, &digest, Origin::plain(place.clone()), true);
        }
        match attached::content(message, part) {
            attached::Content::Table(text) => {
                let limits = self.out.limits();
                let mut inner = Collector::new(limits);
                crate::table::read(&text, &mut inner);
                for found in inner.finish(crate::Format::Csv).found {
                    let origin = Origin { place: place.clone(), defanged: found.origin.defanged };
                    self.take(found.observable, origin, false);
                }
            }
            attached::Content::Html(source) => self.html(&source),
            attached::Content::Text(text) => {
                self.text(text.as_bytes(), false, |_| place.clone());
            }
            attached::Content::Opaque => {}
        }
    }

    fn text(&mut self, text: &[u8], sender_side: bool, place: impl Fn(u64) -> Place) {
        text::extract(text, &mut |candidate| {
            let origin = Origin { place: place(candidate.line), defanged: candidate.defanged };
            match candidate.outcome {
                Outcome::Found(observable) => self.take(observable, origin, sender_side),
                Outcome::Dropped(text, reason) => self.out.drop(text, reason, origin),
            }
        });
    }

    fn take_as(&mut self, kind: Kind, value: &str, origin: Origin, sender_side: bool) {
        if let Ok(observable) = Observable::parse(kind, value) {
            self.take(observable, origin, sender_side);
        }
    }

    /// The one way into the draft: nothing of the victim's passes.
    fn take(&mut self, observable: Observable, origin: Origin, sender_side: bool) {
        match self.victim.without_victim(&observable) {
            Some(safe) => self.out.find_as(safe, origin, sender_side),
            None => self.out.drop(&observable.value(), DropReason::Recipient, origin),
        }
    }
}
