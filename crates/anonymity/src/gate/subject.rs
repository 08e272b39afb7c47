//! An indicator as the rules see it: its addresses, names and texts laid out once.

use std::net::IpAddr;

use ipnet::IpNet;
use noroshi_stix::{DomainName, Observable};

use crate::text::{addresses, decode, fold};

/// The views of one indicator.
pub(crate) struct Subject<'a> {
    pub(crate) observable: &'a Observable,
    /// The address or network it is, or whose address is its host.
    pub(crate) network: Option<IpNet>,
    /// The name it is, or that is its host or mail domain.
    pub(crate) domain: Option<DomainName>,
    /// That name as people read it.
    pub(crate) host_text: Option<String>,
    /// Every other text a name may stand in, decoded and in plain form.
    pub(crate) texts: Vec<String>,
    /// Addresses written inside texts.
    pub(crate) inner_networks: Vec<IpNet>,
    /// Domain names written inside texts.
    pub(crate) inner_domains: Vec<DomainName>,
}

impl<'a> Subject<'a> {
    pub(crate) fn new(observable: &'a Observable) -> Self {
        let mut subject = Self {
            observable,
            network: None,
            domain: None,
            host_text: None,
            texts: Vec::new(),
            inner_networks: Vec::new(),
            inner_domains: Vec::new(),
        };
        match observable {
            Observable::Ipv4(n) => subject.network = Some((*n).into()),
            Observable::Ipv6(n) => subject.network = Some((*n).into()),
            Observable::Domain(d) => subject.host(d.clone()),
            Observable::Email(e) => {
                subject.free_text(e.local_part());
                if let Some(d) = e.domain() {
                    subject.host(d);
                }
            }
            Observable::Url(u) => {
                let host = u.host_str().trim_matches(['[', ']']);
                if let Some(d) = u.domain() {
                    subject.host(d);
                } else if let Ok(address) = host.parse::<IpAddr>() {
                    subject.network = Some(address.into());
                }
                subject.free_text(u.as_url().path());
                if let Some(query) = u.as_url().query() {
                    subject.free_text(&query.replace('+', " "));
                }
            }
            Observable::FileName(s) | Observable::Mutex(s) | Observable::RegistryKey(s) => {
                subject.free_text(s);
            }
            Observable::Rule(r) => subject.free_text(r.text()),
            // Digests, fingerprints and numbers from a public list have no room for a name.
            Observable::Hash(_) | Observable::Ja3(_) | Observable::Ja4(_) | Observable::Cve(_) => {}
        }
        subject
    }

    fn host(&mut self, name: DomainName) {
        let text = decode::unicode_host(name.as_str());
        self.hidden_texts(&text);
        self.inner_networks.extend(addresses::written_in(&text).into_iter().map(IpNet::from));
        self.host_text = Some(text);
        self.domain = Some(name);
    }

    fn free_text(&mut self, text: &str) {
        self.texts.extend(decode::misread(text));
        let text = fold::plain(text);
        if text.contains('%') {
            let decoded = decode::percent(&text);
            let japanese = decode::percent_japanese(&text);
            if japanese != decoded {
                self.free_text(&japanese);
            }
            if decoded != *text {
                self.free_text(&decoded);
            }
        }
        self.inner_networks.extend(addresses::written_in(&text).into_iter().map(IpNet::from));
        self.inner_domains_of(&text);
        self.punycode_of(&text);
        self.hidden_texts(&text);
        self.texts.push(text.into_owned());
    }

    /// Names in punycode as people read them, also where a word is glued to their front.
    fn punycode_of(&mut self, text: &str) {
        let low = text.to_ascii_lowercase();
        if low.contains("xn--") {
            self.texts.push(decode::unicode_host(&low));
            self.texts.extend(low.match_indices("xn--").filter_map(|(at, _)| {
                let glued = low.get(..at).is_some_and(|before| before.ends_with(['-', '_']));
                glued.then(|| decode::unicode_host(low.get(at..).unwrap_or_default()))
            }));
        }
    }

    /// What a text holds as hexadecimal or base64, one level deep and once more for what is
    /// encoded twice.
    fn hidden_texts(&mut self, text: &str) {
        for found in decode::hidden(text) {
            for inner in decode::hidden(&found).into_iter().chain([found]) {
                self.inner_networks
                    .extend(addresses::written_in(&inner).into_iter().map(IpNet::from));
                self.inner_domains_of(&inner);
                self.punycode_of(&inner);
                self.texts.push(fold::plain(&inner).into_owned());
            }
        }
    }

    fn inner_domains_of(&mut self, text: &str) {
        let is_name_char = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
        for piece in text.split(|c| !is_name_char(c)).filter(|piece| piece.contains('.')) {
            self.inner_domains.extend(DomainName::parse(piece.trim_matches(['.', '-'])));
        }
    }
}
