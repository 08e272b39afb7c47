//! Networks so wide that blocking them hits strangers.

use ipnet::IpNet;

use super::super::reason::{Confidence, Severity};
use super::super::subject::Subject;
use super::{GateRule, Reason, RuleText};

/// IPv4 prefixes shorter than /16 and IPv6 prefixes shorter than /32.
///
/// That is a whole provider. One slip of a key would cut every member off from it.
pub(super) struct WideNetwork;

static TEXT: RuleText = RuleText {
    code: "wide-network",
    severity: Severity::Medium,
    confidence: Confidence::High,
    releasable: true,
    ja: "範囲が広すぎるネットワークです(IPv4 は /16、IPv6 は /32 より短いもの)。無関係の通信を遮断しないよう確認します。",
    en: "A network wider than /16 (IPv4) or /32 (IPv6): the desk checks that blocking it hits no strangers.",
};

/// Shortest IPv4 prefix that passes.
const SHORTEST_V4: u8 = 16;
/// Shortest IPv6 prefix that passes.
const SHORTEST_V6: u8 = 32;

impl GateRule for WideNetwork {
    fn check(&self, subject: &Subject<'_>, reasons: &mut Vec<Reason>) {
        let wide = match subject.network {
            Some(IpNet::V4(n)) => n.prefix_len() < SHORTEST_V4,
            Some(IpNet::V6(n)) => n.prefix_len() < SHORTEST_V6,
            None => false,
        };
        if wide {
            reasons.push(Reason::new(&TEXT));
        }
    }
}
