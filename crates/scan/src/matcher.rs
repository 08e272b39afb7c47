//! The matcher: indicators in, hits out.

use memchr::{memchr, memrchr};
use noroshi_stix::Observable;

use crate::freeform::{FreeForm, Style, Value, hive_spellings};
use crate::key::{self, fingerprint, finish, name_hash};
use crate::name::{self, LastLabels};
use crate::table::{Builder, Table};
use crate::{address, digest, web};

/// An indicator found in text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hit {
    /// Offset of its first byte.
    pub start: usize,
    /// Offset behind its last byte.
    pub end: usize,
    /// The number the indicator was given with.
    pub id: u32,
}

/// A set of indicators, ready to be looked for.
///
/// What matches:
/// * a **domain or host**: itself and as the parent of a host. `evil.example` is found in
///   `a.evil.example` and `http://EVIL.example.:8080/`, not in `notevil.example` or
///   `evil.example.org`. Names are compared in their ASCII form (punycode).
/// * an **address or network**: any address in the text that lies in it, bounded: not in
///   `1198.51.100.7`, `198.51.100.7.5` or `198.51.100.7.example`. IPv4 octets with leading zeros
///   are not read.
/// * a **URL**: host in either case, path and query exactly as in the indicator. The scheme, a port
///   80 or 443 and user information do not matter; an indicator without query also matches where
///   the text has one. A URL in the text ends at space, quotes, angle brackets, braces, `\`, `#`,
///   or at punctuation.
/// * a **mail address**: in either case.
/// * a **hash, JA3, JA4**: in either case, not inside a longer word.
/// * a **CVE number**: in either case.
/// * a **file name** (either case), **mutex** (exact), **registry key** (either case, any spelling
///   of the hive, `\` or `\\`, and keys below it).
///
/// Rules (YARA, Sigma, Suricata) are no text to look for; see [`Matcher::unmatchable`].
///
/// ```
/// use noroshi_scan::Matcher;
/// use noroshi_stix::{Kind, Observable};
///
/// let evil = Observable::parse(Kind::Host, "evil.example.com")?;
/// let matcher = Matcher::new([(evil, 7)]);
/// let mut ids = Vec::new();
/// matcher.scan(b"GET http://a.evil.example.com/x", &mut |hit| ids.push(hit.id));
/// assert_eq!(ids, [7]);
/// # Ok::<(), noroshi_stix::BadObservable>(())
/// ```
pub struct Matcher {
    pub(crate) table: Table,
    pub(crate) free: FreeForm,
    pub(crate) last_labels: LastLabels,
    /// Bit n: there is an IPv4 network of prefix length n.
    pub(crate) v4_lengths: u64,
    /// Bit n: there is an IPv6 network of prefix length n, 128 aside.
    pub(crate) v6_lengths: u128,
    pub(crate) v6_hosts: bool,
    pub(crate) has_v4: bool,
    pub(crate) has_names: bool,
    /// Some URL indicator has an address as its host.
    pub(crate) url_on_address: bool,
    /// Bytes of the longest path and query of a URL indicator.
    pub(crate) longest_path: usize,
    has_digests: bool,
    has_ja4: bool,
    has_cves: bool,
    unmatchable: usize,
}

/// Bytes searched at a time: small enough to stay in the cache for all searches.
const BLOCK: usize = 64 * 1024;

impl Matcher {
    /// Takes up indicators, each with a number its hits will carry. The same indicator may come
    /// with several numbers; each is reported.
    pub fn new(indicators: impl IntoIterator<Item = (Observable, u32)>) -> Self {
        let mut build = Build::default();
        for (observable, id) in indicators {
            build.add(&observable, id);
        }
        build.finish()
    }

    /// Reports every indicator in `text`, in no particular order, at every place it stands.
    pub fn scan(&self, text: &[u8], hit: &mut impl FnMut(Hit)) {
        let mut from = 0;
        while from < text.len() {
            let to = block_end(text, from);
            let mut shifted = |h: Hit| hit(Hit { start: h.start + from, end: h.end + from, ..h });
            self.scan_block(&text[from..to], &mut shifted);
            from = to;
        }
    }

    /// How many of the given indicators cannot be looked for: detection rules, and registry keys
    /// without a letter or digit after the hive.
    pub fn unmatchable(&self) -> usize {
        self.unmatchable
    }

    /// Bytes of memory the indicators take.
    pub fn memory(&self) -> usize {
        self.table.bytes() + self.free.bytes()
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.table.len() == 0
    }

    fn scan_block(&self, text: &[u8], hit: &mut impl FnMut(Hit)) {
        if self.has_v4 || self.has_names {
            name::scan_dotted(self, text, hit);
        }
        if self.free.word_lengths != 0 {
            name::scan_words(self, text, hit);
        }
        if self.has_digests {
            digest::scan_digests(self, text, hit);
        }
        if self.v6_lengths != 0 || self.v6_hosts || self.url_on_address {
            address::scan_v6(self, text, hit);
        }
        if self.has_ja4 {
            digest::scan_ja4(self, text, hit);
        }
        if self.has_cves {
            digest::scan_cves(self, text, hit);
        }
        self.free.scan_wordless(text, hit);
    }
}

/// The end of the block that begins at `from`: behind the last line feed in it, or behind the next.
fn block_end(text: &[u8], from: usize) -> usize {
    let limit = (from + BLOCK).min(text.len());
    if limit == text.len() {
        return limit;
    }
    match memrchr(b'\n', &text[from..limit]) {
        Some(at) => from + at + 1,
        None => memchr(b'\n', &text[limit..]).map_or(text.len(), |at| limit + at + 1),
    }
}

/// A matcher in the making.
#[derive(Default)]
struct Build {
    table: Builder,
    last: LastLabels,
    values: Vec<Value>,
    v4_lengths: u64,
    v6_lengths: u128,
    v6_hosts: bool,
    url_on_address: bool,
    has_names: bool,
    longest_path: usize,
    has_digests: bool,
    has_ja4: bool,
    has_cves: bool,
    unmatchable: usize,
}

impl Build {
    fn add(&mut self, observable: &Observable, id: u32) {
        let added = match observable {
            Observable::Ipv4(net) => {
                self.v4_lengths |= 1 << net.prefix_len();
                self.exact(key::V4, &address::v4_key(net.addr(), net.prefix_len()), id)
            }
            Observable::Ipv6(net) => {
                match net.prefix_len() {
                    128 => self.v6_hosts = true,
                    length => self.v6_lengths |= 1 << length,
                }
                self.exact(key::V6, &address::v6_key(net.addr(), net.prefix_len()), id)
            }
            Observable::Domain(name) => self.name(key::DOMAIN, name.as_str(), id),
            Observable::Url(url) => self.url(url.as_str(), id),
            Observable::Email(mail) => self.mail(mail.as_str(), id),
            Observable::Hash(hash) => {
                self.has_digests = true;
                self.exact(key::DIGEST, hash.as_str().as_bytes(), id)
            }
            Observable::Ja3(text) => {
                self.has_digests = true;
                self.exact(key::DIGEST, text.as_bytes(), id)
            }
            Observable::Ja4(text) => {
                self.has_ja4 = true;
                self.exact(key::JA4, text.as_bytes(), id)
            }
            Observable::Cve(text) => {
                self.has_cves = true;
                self.exact(key::CVE, text.as_bytes(), id)
            }
            Observable::FileName(text) => self.free(id, text, Style::FileName),
            Observable::Mutex(text) => self.free(id, text, Style::Mutex),
            Observable::RegistryKey(text) => match text.split_once('\\') {
                Some((hive, rest)) => match hive_spellings(hive) {
                    Some(hives) => self.free(id, rest, Style::Registry(hives)),
                    None => false,
                },
                None => false,
            },
            Observable::Rule(_) => false,
        };
        self.unmatchable += usize::from(!added);
    }

    fn exact(&mut self, tag: u8, text: &[u8], id: u32) -> bool {
        self.table.add(fingerprint(tag, text), tag, text, id)
    }

    fn name(&mut self, tag: u8, name: &str, id: u32) -> bool {
        self.has_names = true;
        self.last.add(name.as_bytes());
        self.table.add(finish(name_hash(name.as_bytes())), tag, name.as_bytes(), id)
    }

    fn url(&mut self, url: &str, id: u32) -> bool {
        let Some((host, port, path)) = web::url_parts(url) else { return false };
        self.longest_path = self.longest_path.max(path.len());
        self.url_on_address |= host.ends_with(|c: char| c.is_ascii_digit() || c == ']');
        let print = web::url_fingerprint(host.as_bytes(), port.as_bytes(), path.as_bytes());
        let text = [host, port, path].concat();
        self.name(key::URL_HOST, host, 0) && self.table.add(print, key::URL, text.as_bytes(), id)
    }

    fn mail(&mut self, mail: &str, id: u32) -> bool {
        let Some((_, domain)) = mail.rsplit_once('@') else { return false };
        let print = finish(name_hash(mail.as_bytes()));
        self.name(key::MAIL_HOST, domain, 0)
            && self.table.add(print, key::MAIL, mail.as_bytes(), id)
    }

    fn free(&mut self, id: u32, text: &str, style: Style) -> bool {
        self.values.push(Value::new(id, text, style));
        !text.is_empty()
    }

    fn finish(mut self) -> Matcher {
        let has_names = self.has_names || !self.values.is_empty();
        let free =
            FreeForm::build(self.values, &mut self.table, &mut self.last, &mut self.unmatchable);
        Matcher {
            table: self.table.build(),
            free,
            last_labels: self.last,
            v4_lengths: self.v4_lengths,
            v6_lengths: self.v6_lengths,
            v6_hosts: self.v6_hosts,
            has_v4: self.v4_lengths != 0 || self.url_on_address,
            has_names,
            url_on_address: self.url_on_address,
            longest_path: self.longest_path,
            has_digests: self.has_digests,
            has_ja4: self.has_ja4,
            has_cves: self.has_cves,
            unmatchable: self.unmatchable,
        }
    }
}
