//! Addresses in a network that a member owns.

use std::collections::BTreeSet;

use ipnet::IpNet;

use super::super::reason::{Confidence, Severity};
use super::super::subject::Subject;
use super::{GateRule, Reason, RuleText};
use crate::register::{MemberId, Register};

/// Addresses and prefixes that overlap a member's, as indicators, as hosts of URLs, and written
/// inside other values; IPv4 addresses also in their IPv6-mapped form.
///
/// As [`super::member_domain::MemberDomain`]: never releasable.
pub(super) struct MemberNetwork {
    /// By first address. The third field is the greatest last address up to this entry, so that a
    /// search backwards knows where to stop.
    ranges: Vec<(u128, u128, u128, MemberId)>,
}

static TEXT: RuleText = RuleText {
    code: "member-network",
    severity: Severity::High,
    confidence: Confidence::High,
    releasable: false,
    ja: "会員のネットワークに属するアドレスです。被害組織が特定されるおそれがあるため共有されません。",
    en: "The address lies in a member's network: it could tell who was hit, so it is never shared.",
};

impl MemberNetwork {
    pub(super) fn new(register: &Register) -> Self {
        let mut ranges: Vec<(u128, u128, u128, MemberId)> = register
            .members()
            .iter()
            .flat_map(|m| m.networks.iter().map(|n| (range(n), m.id.clone())))
            .map(|((first, last), id)| (first, last, last, id))
            .collect();
        ranges.sort();
        let mut greatest = 0;
        for (_, last, up_to_here, _) in &mut ranges {
            greatest = greatest.max(*last);
            *up_to_here = greatest;
        }
        Self { ranges }
    }

    fn owners(&self, net: &IpNet, found: &mut BTreeSet<MemberId>) {
        let (first, last) = range(net);
        let candidates = self.ranges.partition_point(|(start, ..)| *start <= last);
        for (_, end, up_to_here, owner) in self.ranges.iter().take(candidates).rev() {
            if *up_to_here < first {
                break;
            }
            if *end >= first {
                found.insert(owner.clone());
            }
        }
    }
}

impl GateRule for MemberNetwork {
    fn check(&self, subject: &Subject<'_>, reasons: &mut Vec<Reason>) {
        let mut found = BTreeSet::new();
        for net in subject.network.iter().chain(&subject.inner_networks) {
            self.owners(net, &mut found);
        }
        if !found.is_empty() {
            reasons.push(Reason::about(&TEXT, found.into_iter().collect()));
        }
    }
}

/// First and last address on one line for both families: IPv4 where IPv6 maps it (RFC 4291).
fn range(net: &IpNet) -> (u128, u128) {
    match net {
        IpNet::V4(n) => {
            (n.network().to_ipv6_mapped().to_bits(), n.broadcast().to_ipv6_mapped().to_bits())
        }
        IpNet::V6(n) => (n.network().to_bits(), n.broadcast().to_bits()),
    }
}
