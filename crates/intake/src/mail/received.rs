//! The way a mail took: which hops show the sender's side.

use std::net::IpAddr;

use mail_parser::{Host, Message, Received};
use noroshi_stix::DomainName;

use super::victim::Victim;

/// What one hop tells.
pub(super) enum Hop {
    /// An address that handed the mail over from outside.
    Sender(IpAddr),
    /// A host of the receiving side.
    Receiver(String),
}

/// Header fields in which providers write the address of the sending client.
pub(super) const NAMES_SENDER_ADDRESS: [&str; 4] =
    ["X-Originating-IP", "X-Sender-IP", "X-Source-IP", "X-Client-IP"];

/// The hops, the last one first, as the fields stand in the mail.
///
/// A transfer within one organisation (both ends below one registered domain, or a private address)
/// tells nothing of the sender. Up to the first transfer from outside, the taking hosts are the
/// receiving side.
pub(super) fn hops(message: &Message<'_>, victim: &Victim) -> Vec<Hop> {
    let mut hops = Vec::new();
    let mut inside = true;
    for received in message.received_all() {
        let by = received.by.as_ref().map(host_text);
        if inside {
            hops.extend(by.clone().map(Hop::Receiver));
        }
        let Some(address) = received.from_ip.filter(is_public) else { continue };
        let from = received.from.as_ref().map(host_text);
        let own = from.as_deref().is_some_and(|h| victim.owns_host(h))
            || received.from_iprev.as_deref().is_some_and(|h| victim.owns_host(h))
            || is_one_organisation(received, by.as_deref());
        if !own {
            inside = false;
            hops.push(Hop::Sender(address));
        }
    }
    hops
}

fn host_text(host: &Host<'_>) -> String {
    match host {
        Host::Name(name) => name.trim_end_matches('.').to_owned(),
        Host::IpAddr(address) => address.to_string(),
    }
}

fn is_one_organisation(received: &Received<'_>, by: Option<&str>) -> bool {
    let registered = |host: &str| {
        let name = DomainName::parse(host)?;
        name.registrable().map(str::to_owned)
    };
    let taken = by.and_then(registered);
    let given = received
        .from_iprev
        .as_deref()
        .and_then(registered)
        .or_else(|| received.from.as_ref().and_then(|h| registered(&host_text(h))));
    taken.is_some() && taken == given
}

fn is_public(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(a) => {
            let [first, second, ..] = a.octets();
            !(a.is_private()
                || a.is_loopback()
                || a.is_link_local()
                || a.is_unspecified()
                || a.is_broadcast()
                || (first == 100 && (64..128).contains(&second)))
        }
        IpAddr::V6(a) => a.segments()[0] >> 13 == 1,
    }
}
