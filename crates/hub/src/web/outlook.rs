//! What would be said about a victim, for the eyes of its reporter and of the desk.

use noroshi_anonymity::policy::Ratio;
use noroshi_outlet::i18n::Value;

use super::report::Words;
use super::visit::Visit;
use crate::access::Role;
use crate::labels::outlook::Prospect;

/// A prospect in words.
pub(crate) struct OutlookView {
    /// Why nothing would be said; then the rest is empty.
    pub(crate) held: Option<String>,
    /// Headings of the first and third line: the reporter reads about itself, the desk about it.
    pub(crate) called: String,
    pub(crate) share: String,
    /// What the victim would be called.
    pub(crate) label: String,
    /// How many members the label fits.
    pub(crate) candidates: String,
    /// The reporter's own share of the suspicion.
    pub(crate) own: String,
    /// What an outsider could guess at best.
    pub(crate) best: String,
    /// The same after the worst coalition.
    pub(crate) worst: String,
    /// Which prospect this is, for the form.
    pub(crate) wording: String,
    /// The exact words.
    pub(crate) words: Option<Words>,
}

/// A prospect in the visitor's language.
pub(super) fn view(visit: &Visit, prospect: &Prospect) -> OutlookView {
    let own = visit.who.role() == Role::Member;
    let key = |own_key: &'static str, desk_key| visit.t(if own { own_key } else { desk_key });
    let called = key("outlook-label", "outlook-label-desk");
    let share = key("outlook-own", "outlook-own-desk");
    match prospect {
        Prospect::Held { reason, .. } => OutlookView {
            called,
            share,
            held: Some(reason.explain(visit.language()).to_owned()),
            label: String::new(),
            candidates: String::new(),
            own: String::new(),
            best: String::new(),
            worst: String::new(),
            wording: prospect.wording(),
            words: None,
        },
        Prospect::Published(o) => OutlookView {
            held: None,
            called,
            share,
            label: o.label.get(visit.language()).to_owned(),
            candidates: visit.say.with(
                "outlook-candidates-value",
                &[("count", Value::from(i64::from(o.candidates)))],
            ),
            own: percent(o.own_share),
            best: percent(o.best_guess),
            worst: percent(o.worst),
            wording: prospect.wording(),
            words: Some(Words { ja: o.ja.clone(), en: o.en.clone() }),
        },
    }
}

/// A share as people read it; the fraction stands beside it because it is exact.
fn percent(share: Ratio) -> String {
    format!("{:.1} % ({share})", share.to_f64() * 100.0)
}
