//! Addresses that mean something only inside one network, or nothing at all.

use ipnet::IpNet;

use super::super::reason::{Confidence, Severity};
use super::super::subject::Subject;
use super::{GateRule, Reason, RuleText};

/// Private, link-local, loopback, documentation, benchmarking, multicast and other
/// special-purpose ranges (IANA special-purpose address registries for IPv4 and IPv6, RFC 6890),
/// and IPv6 outside the allocated global unicast space.
///
/// A private address describes the victim's own network plan and blocks strangers' machines
/// elsewhere; nobody can act on the others. Never releasable. Private addresses written inside a
/// file name or a URL are shown to the desk.
pub(super) struct SpecialAddress {
    private: Vec<IpNet>,
    reserved: Vec<IpNet>,
}

static SPECIAL: RuleText = RuleText {
    code: "special-address",
    severity: Severity::High,
    confidence: Confidence::High,
    releasable: false,
    ja: "プライベートアドレスまたは予約済みアドレスです。内部ネットワークの構成を示すおそれがあり、他の組織では意味を持たないため共有されません。",
    en: "A private or reserved address: it may show an internal network and means nothing elsewhere, so it is never shared.",
};

static INSIDE: RuleText = RuleText {
    code: "private-address-inside",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    releasable: true,
    ja: "値の中にプライベートアドレスが含まれています。内部ネットワークを示すものでないか確認します。",
    en: "A private address stands inside this value; the desk checks that it does not show an internal network.",
};

/// Inside one network only.
const PRIVATE: [&str; 7] = [
    "10.0.0.0/8",
    "100.64.0.0/10",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "fc00::/7",
    "fe80::/10",
];

/// All other special-purpose ranges.
const RESERVED: [&str; 30] = [
    "0.0.0.0/8",
    "127.0.0.0/8",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.31.196.0/24",
    "192.52.193.0/24",
    "192.88.99.0/24",
    "192.175.48.0/24",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    // IPv6: everything outside 2000::/3 is not global unicast.
    "::/3",
    "4000::/2",
    "8000::/2",
    "c000::/3",
    "e000::/4",
    "f000::/5",
    "f800::/6",
    "fe00::/9",
    "fec0::/10",
    "ff00::/8",
    // Inside 2000::/3: protocol assignments with Teredo, documentation, 6to4, AS112, benchmarking.
    "2001::/23",
    "2001:db8::/32",
    "2002::/16",
    "2620:4f:8000::/48",
    "3fff::/20",
    "3ffe::/16",
    "5f00::/16",
];

impl SpecialAddress {
    pub(super) fn new() -> Self {
        // A test holds that every text is a prefix, so nothing is lost here.
        let parse = |texts: &[&str]| texts.iter().filter_map(|t| t.parse().ok()).collect();
        Self { private: parse(&PRIVATE), reserved: parse(&RESERVED) }
    }
}

impl GateRule for SpecialAddress {
    fn check(&self, subject: &Subject<'_>, reasons: &mut Vec<Reason>) {
        let special = |n: IpNet| overlaps(&n, &self.private) || overlaps(&n, &self.reserved);
        if subject.network.is_some_and(special) {
            reasons.push(Reason::new(&SPECIAL));
        }
        if subject.inner_networks.iter().any(|n| overlaps(n, &self.private)) {
            reasons.push(Reason::new(&INSIDE));
        }
    }
}

/// Whether the network shares an address with one of the ranges.
fn overlaps(net: &IpNet, ranges: &[IpNet]) -> bool {
    ranges.iter().any(|range| range.contains(net) || net.contains(range))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_range_is_a_prefix() {
        for range in PRIVATE.iter().chain(&RESERVED) {
            let net: IpNet = range.parse().unwrap();
            assert_eq!(net, net.trunc(), "{range}");
        }
    }
}
