//! An indicator as the rules see it: its addresses, names and texts laid out once.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use noroshi_stix::{DomainName, Observable};

use crate::text::decode;

/// The views of one indicator.
pub(crate) struct Subject<'a> {
    pub(crate) observable: &'a Observable,
    /// The address or network it is, or whose address is its host.
    pub(crate) network: Option<IpNet>,
    /// The name it is, or that is its host or mail domain.
    pub(crate) domain: Option<DomainName>,
    /// Every text a name may stand in, decoded.
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
            texts: Vec::new(),
            inner_networks: Vec::new(),
            inner_domains: Vec::new(),
        };
        match observable {
            Observable::Ipv4(n) => subject.network = Some((*n).into()),
            Observable::Ipv6(n) => subject.network = Some((*n).into()),
            Observable::Domain(d) => subject.host(d.clone()),
            Observable::Email(e) => {
                subject.free_text(e.local_part().to_owned());
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
                subject.free_text(decode::percent(u.as_url().path()));
                if let Some(query) = u.as_url().query() {
                    subject.free_text(decode::percent(&query.replace('+', " ")));
                }
            }
            Observable::FileName(s) | Observable::Mutex(s) | Observable::RegistryKey(s) => {
                subject.free_text(s.clone());
            }
            Observable::Rule(r) => subject.free_text(r.text().to_owned()),
            // Digests, fingerprints and numbers from a public list have no room for a name.
            Observable::Hash(_) | Observable::Ja3(_) | Observable::Ja4(_) | Observable::Cve(_) => {}
        }
        subject
    }

    fn host(&mut self, name: DomainName) {
        self.texts.push(decode::unicode_host(&name));
        self.domain = Some(name);
    }

    fn free_text(&mut self, text: String) {
        let parts = text.split(|c: char| {
            !(c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '\u{3002}'))
        });
        for part in parts.map(|p| p.trim_matches(['.', '-', ':'])) {
            self.part(part);
        }
        self.texts.push(text);
    }

    fn part(&mut self, part: &str) {
        if let Ok(address) = part.parse::<Ipv6Addr>() {
            self.inner_networks.push(IpAddr::from(address).into());
            return;
        }
        // Also where something is glued to it: `10.1.2.3.pdf`, `host-10.1.2.3`, `10.1.2.3:8080`.
        let numbers = part.split(|c: char| !(c.is_ascii_digit() || c == '.'));
        for run in numbers.map(|run| run.trim_matches('.')) {
            if let Ok(address) = run.parse::<Ipv4Addr>() {
                self.inner_networks.push(IpAddr::from(address).into());
            }
        }
        for piece in part.split([':', '_']).filter(|piece| piece.contains('.')) {
            self.inner_domains.extend(DomainName::parse(piece));
        }
    }
}
