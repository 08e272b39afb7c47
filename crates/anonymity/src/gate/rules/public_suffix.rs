//! Domains under which strangers live.

use super::super::reason::{Confidence, Severity};
use super::super::subject::Subject;
use super::{GateRule, Reason, RuleText};

/// Public suffixes (publicsuffix.org): `co.jp` belongs to a registry and must never be blocked;
/// `github.io` belongs to a firm whose customers live below it, which the desk may judge.
pub(super) struct PublicSuffix;

static REGISTRY: RuleText = RuleText {
    code: "public-suffix",
    severity: Severity::Medium,
    confidence: Confidence::High,
    releasable: false,
    ja: "co.jp のような公開サフィックスです。無関係の組織すべてに影響するため共有されません。",
    en: "A public suffix such as co.jp: blocking it would hit everyone below it, so it is never shared.",
};

static SHARED: RuleText = RuleText {
    code: "shared-suffix",
    severity: Severity::Medium,
    confidence: Confidence::High,
    releasable: true,
    ja: "多数の利用者がサブドメインを使う共用サービスのドメインです。デスクが確認します。",
    en: "The domain of a service whose customers live below it; the desk decides.",
};

impl GateRule for PublicSuffix {
    fn check(&self, subject: &Subject<'_>, reasons: &mut Vec<Reason>) {
        let Some(domain) = subject.domain.as_ref().filter(|d| d.is_public_suffix()) else {
            return;
        };
        let private = psl::suffix(domain.as_str().as_bytes())
            .is_some_and(|s| s.typ() == Some(psl::Type::Private));
        reasons.push(Reason::new(if private { &SHARED } else { &REGISTRY }));
    }
}
