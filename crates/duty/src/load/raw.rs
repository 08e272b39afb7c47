//! The shape of `obligations.toml`, key by key; an unknown key is an error.

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use crate::Text;
use crate::model::*;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFile {
    pub(super) meta: RawMeta,
    pub(super) jurisdiction: Vec<RawJurisdiction>,
    pub(super) clock: Vec<RawClock>,
    pub(super) obligation: Vec<RawObligation>,
    #[serde(default)]
    pub(super) form: Vec<RawForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMeta {
    pub(super) schema: Spanned<String>,
    #[expect(dead_code, reason = "people read it in the file")]
    version: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawJurisdiction {
    pub(super) id: Spanned<String>,
    pub(super) en: String,
    pub(super) ja: String,
    pub(super) zone: Option<String>,
    pub(super) holidays: Option<String>,
    pub(super) months: MonthRule,
    #[expect(dead_code, reason = "people read it in the file")]
    note: Option<String>,
    pub(super) seen: Trust,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawClock {
    pub(super) id: Spanned<String>,
    pub(super) en: String,
    pub(super) ja: String,
    pub(super) after_en: String,
    pub(super) after_ja: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawObligation {
    pub(super) id: Spanned<String>,
    pub(super) jurisdiction: String,
    pub(super) name_en: String,
    pub(super) name_ja: String,
    pub(super) instrument: String,
    pub(super) instrument_ja: Option<String>,
    pub(super) status: Status,
    pub(super) effective_from: Option<Datetime>,
    pub(super) promulgated: Option<Datetime>,
    pub(super) status_checked: Option<Datetime>,
    pub(super) who: String,
    pub(super) who_ja: String,
    pub(super) who_list: Option<String>,
    pub(super) trigger: String,
    pub(super) trigger_ja: String,
    pub(super) recipients: Vec<String>,
    pub(super) recipients_ja: Vec<String>,
    #[serde(default)]
    pub(super) also_notify: Vec<String>,
    #[serde(default)]
    pub(super) also_notify_ja: Vec<String>,
    pub(super) form: Option<String>,
    pub(super) penalty: Option<String>,
    pub(super) penalty_ja: Option<String>,
    pub(super) confidence: Confidence,
    pub(super) notes: Option<String>,
    pub(super) notes_ja: Option<String>,
    #[serde(default = "yes")]
    pub(super) mandatory: bool,
    #[serde(default)]
    pub(super) public: bool,
    pub(super) same_stages_as: Option<String>,
    #[serde(default)]
    pub(super) stage: Vec<RawStage>,
    #[serde(default)]
    pub(super) threshold: Vec<Spanned<RawThreshold>>,
    #[serde(default)]
    pub(super) retention: Vec<RawRetention>,
    #[serde(default)]
    pub(super) source: Vec<RawSource>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStage {
    pub(super) id: Spanned<String>,
    pub(super) name_en: String,
    pub(super) name_ja: String,
    pub(super) deadline: Option<String>,
    pub(super) deadline_min: Option<String>,
    pub(super) deadline_kind: DeadlineKind,
    pub(super) word: Option<String>,
    pub(super) word_ja: Option<String>,
    pub(super) anchor: String,
    pub(super) after_stage: Option<String>,
    pub(super) once_filed: Option<String>,
    pub(super) once_deadline: Option<String>,
    pub(super) once_anchor: Option<String>,
    pub(super) calendar: CalendarKind,
    pub(super) business_days: Option<bool>,
    #[serde(default)]
    pub(super) count_day_one: CountFrom,
    #[serde(default = "yes")]
    pub(super) count_day_one_verified: bool,
    pub(super) cap: Option<String>,
    pub(super) cap_anchor: Option<String>,
    pub(super) cap_note: Option<String>,
    pub(super) cap_note_ja: Option<String>,
    pub(super) rollover: Option<String>,
    pub(super) rollover_ja: Option<String>,
    pub(super) rollover_rule: Option<String>,
    pub(super) rollover_time: Option<String>,
    #[serde(default)]
    pub(super) rollover_exempt: Vec<String>,
    #[serde(default = "yes")]
    pub(super) rollover_verified: bool,
    pub(super) due_time: Option<String>,
    pub(super) due_time_note: Option<String>,
    pub(super) due_time_note_ja: Option<String>,
    pub(super) condition: Option<String>,
    pub(super) condition_ja: Option<String>,
    pub(super) contents: Option<String>,
    pub(super) contents_ja: Option<String>,
    pub(super) note: Option<String>,
    pub(super) note_ja: Option<String>,
    #[serde(default)]
    pub(super) repeat: bool,
    pub(super) repeat_rule: Option<String>,
    pub(super) repeat_rule_ja: Option<String>,
    #[serde(default)]
    pub(super) oral_allowed: bool,
    pub(super) seen: Trust,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawThreshold {
    pub(super) metric: String,
    pub(super) op: Option<Comparison>,
    pub(super) value: Option<toml::Value>,
    pub(super) or_metric: Option<String>,
    pub(super) or_value: Option<f64>,
    pub(super) choose: Option<String>,
    pub(super) service: Option<String>,
    pub(super) service_ja: Option<String>,
    pub(super) users: Option<u64>,
    pub(super) hours: Option<f64>,
    pub(super) condition: Option<String>,
    pub(super) condition_ja: Option<String>,
    pub(super) seen: Option<Trust>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRetention {
    pub(super) duration: Spanned<String>,
    pub(super) what: String,
    pub(super) what_ja: String,
    pub(super) seen: Trust,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSource {
    url: String,
    kind: String,
    seen: Trust,
    seen_via: Option<String>,
}

impl RawSource {
    /// The contract itself, which its party has read.
    pub(super) fn contract() -> Self {
        let (url, kind) = ("the contract".to_owned(), "contract".to_owned());
        Self { url, kind, seen: Trust::Text, seen_via: None }
    }

    pub(super) fn source(self) -> Source {
        Source { url: self.url, kind: self.kind, seen: self.seen, seen_via: self.seen_via }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "dates and sources of forms are for people who read the file")]
pub(super) struct RawForm {
    id: String,
    name_en: String,
    name_ja: String,
    format: String,
    effective_from: Option<Datetime>,
    revised: Option<Datetime>,
    #[serde(default)]
    variants: Vec<String>,
    #[serde(default)]
    usable_for: Vec<String>,
    sharing_rule: Option<String>,
    source: String,
    source_2: Option<String>,
    seen: Trust,
}

impl RawForm {
    pub(super) fn form(self) -> Form {
        Form {
            id: self.id,
            name: Text::new(self.name_en, self.name_ja),
            format: self.format,
            variants: self.variants,
            sharing_rule: self.sharing_rule,
            seen: self.seen,
        }
    }
}

fn yes() -> bool {
    true
}
