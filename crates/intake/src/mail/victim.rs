//! Who received a mail: nothing that names them may become an indicator.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use mail_parser::{Address, Message};
use noroshi_stix::{DomainName, Kind, Observable};

use crate::text::{self, Outcome};

/// The receiving side of a mail.
#[derive(Default)]
pub(super) struct Victim {
    addresses: BTreeSet<String>,
    /// What the recipients' organisations registered; not the domains of mail providers.
    domains: BTreeSet<String>,
    /// Made of the addresses when first asked for.
    names: OnceCell<Option<Names>>,
}

/// What names a recipient inside a longer text: plainly or as links to phishing pages do.
struct Names {
    /// As written, percent-encoded, and with `=` for `@` as in bounce addresses; in any case.
    plain: AhoCorasick,
    /// In base64.
    encoded: AhoCorasick,
}

impl Names {
    fn of(addresses: &BTreeSet<String>) -> Option<Self> {
        let plain =
            addresses.iter().flat_map(|a| [a.clone(), a.replace('@', "%40"), a.replace('@', "=")]);
        let encoded = addresses.iter().flat_map(|a| {
            let standard = BASE64.encode(a.as_bytes());
            [standard.trim_end_matches('=').to_owned(), BASE64URL_NOPAD.encode(a.as_bytes())]
        });
        if addresses.iter().map(String::len).sum::<usize>() > MAX_NAMED {
            return None;
        }
        // Not the default: a deterministic automaton over strangers' repetitive names takes minutes.
        let kind = Some(AhoCorasickKind::ContiguousNFA);
        let any_case = AhoCorasick::builder().kind(kind).ascii_case_insensitive(true).build(plain);
        let exact = AhoCorasick::builder().kind(kind).build(encoded);
        Some(Self { plain: any_case.ok()?, encoded: exact.ok()? })
    }
}

/// Header fields that name recipients.
const RECIPIENT_FIELDS: [&str; 13] = [
    "to",
    "cc",
    "bcc",
    "resent-to",
    "resent-cc",
    "resent-bcc",
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-forwarded-to",
    "x-rcpt-to",
    "apparently-to",
];

/// Domains that belong to the provider of a mailbox, not to its owner.
const PROVIDERS: [&str; 40] = [
    "gmail.com",
    "googlemail.com",
    "yahoo.com",
    "yahoo.co.jp",
    "ymail.ne.jp",
    "outlook.com",
    "outlook.jp",
    "hotmail.com",
    "hotmail.co.jp",
    "live.com",
    "live.jp",
    "msn.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "docomo.ne.jp",
    "ezweb.ne.jp",
    "au.com",
    "softbank.ne.jp",
    "i.softbank.jp",
    "softbank.jp",
    "nifty.com",
    "biglobe.ne.jp",
    "ocn.ne.jp",
    "so-net.ne.jp",
    "plala.or.jp",
    "excite.co.jp",
    "goo.jp",
    "aol.com",
    "proton.me",
    "protonmail.com",
    "gmx.de",
    "gmx.com",
    "web.de",
    "mail.ru",
    "yandex.ru",
    "qq.com",
    "163.com",
    "126.com",
    "naver.com",
];

impl Victim {
    /// Everyone the message says it was for.
    pub(super) fn note_recipients(&mut self, message: &Message<'_>) {
        for address in [message.to(), message.cc(), message.bcc()].into_iter().flatten() {
            addresses_of(Some(address)).iter().for_each(|a| self.note(a));
        }
        for (name, value) in message.headers_raw() {
            if RECIPIENT_FIELDS.iter().any(|f| f.eq_ignore_ascii_case(name)) {
                text::extract(value.as_bytes(), &mut |candidate| {
                    if let Outcome::Found(Observable::Email(address)) = candidate.outcome {
                        self.note(address.as_str());
                    }
                });
            }
        }
        for hop in message.received_all() {
            hop.for_.iter().for_each(|address| self.note(address.trim_matches(['<', '>'])));
        }
    }

    /// The senders of a mail that carries the evidence: the victim's own people.
    pub(super) fn note_senders(&mut self, message: &Message<'_>) {
        for address in [message.from(), message.sender(), message.reply_to()].into_iter().flatten()
        {
            addresses_of(Some(address)).iter().for_each(|a| self.note(a));
        }
    }

    fn note(&mut self, address: &str) {
        let address = address.trim().to_ascii_lowercase();
        let Some((local, domain)) = address.rsplit_once('@') else { return };
        if local.is_empty() || self.addresses.len() >= MAX_NOTED {
            return;
        }
        if let Some(name) = DomainName::parse(domain) {
            let owned = name.registrable().unwrap_or(name.as_str());
            if !PROVIDERS.contains(&owned) {
                self.domains.insert(owned.to_owned());
            }
        }
        // What is longer is a list that nobody parted; its parts are noted from the raw field.
        if address.len() <= MAX_ADDRESS {
            self.addresses.insert(address);
            self.names.take();
        }
    }

    /// The recipients' addresses.
    pub(super) fn addresses(&self) -> impl Iterator<Item = &str> {
        self.addresses.iter().map(String::as_str)
    }

    /// Whether a host belongs to a recipient's organisation.
    pub(super) fn owns_host(&self, host: &str) -> bool {
        DomainName::parse(host)
            .is_some_and(|name| self.domains.contains(name.registrable().unwrap_or(name.as_str())))
    }

    /// The observable where it says nothing of the victim; a URL whose query names a recipient
    /// without that query; nothing where it is the victim's.
    pub(super) fn without_victim(&self, observable: &Observable) -> Option<Observable> {
        let own = match observable {
            Observable::Email(address) => {
                self.addresses.contains(address.as_str())
                    || address.domain().is_some_and(|d| self.owns_host(d.as_str()))
                    || self.is_named_in(address.as_str())
            }
            Observable::Domain(name) => self.owns_host(name.as_str()),
            Observable::Url(url) if self.owns_host(url.host_str()) => true,
            Observable::Url(url) if self.is_named_in(url.as_str()) => {
                let bare = url.as_str().split('?').next().unwrap_or_default();
                if self.is_named_in(bare) {
                    return None;
                }
                return Observable::parse(Kind::Url, bare).ok();
            }
            Observable::FileName(name) => self.is_named_in(name),
            _ => false,
        };
        (!own).then(|| observable.clone())
    }

    /// Whether a text names a recipient; all are looked for in one pass, since recipients and links
    /// may both be many. Where they cannot be looked for every text might.
    fn is_named_in(&self, text: &str) -> bool {
        let names = self.names.get_or_init(|| Names::of(&self.addresses)).as_ref();
        names.is_none_or(|n| n.plain.is_match(text) || n.encoded.is_match(text))
    }
}

/// Longest mail address, in bytes: 64 before the `@`, 255 after it.
const MAX_ADDRESS: usize = 320;

/// Most bytes of addresses that are looked for in texts; each takes some 200 bytes of memory.
const MAX_NAMED: usize = 256 * 1024;

/// Most recipients kept apart.
const MAX_NOTED: usize = 5_000;

/// The addresses of a header field.
pub(super) fn addresses_of(field: Option<&Address<'_>>) -> Vec<String> {
    field
        .into_iter()
        .flat_map(Address::iter)
        .filter_map(|a| a.address())
        .take(MAX_NOTED)
        .map(|a| a.trim().to_owned())
        .collect()
}
