//! Clauses of a member's contracts ("notify within ...") as obligations like the others.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::Loader;
use super::raw::{RawObligation, RawStage};
use crate::model::*;
use crate::source_text::{LoadError, SourceText};
use crate::{Period, Reference};

/// Reads a file of clauses into obligations named `contract-...`.
pub(crate) fn load(
    source: SourceText<'_>,
    reference: &Reference,
) -> Result<Vec<Obligation>, LoadError> {
    let raw: RawFile = source.parse()?;
    if raw.meta.schema.get_ref() != "noroshi-contracts/1" {
        let at = raw.meta.schema.span();
        return Err(source.error(&at, "schema must be \"noroshi-contracts/1\""));
    }
    let jurisdictions: BTreeMap<_, _> =
        reference.jurisdictions().iter().map(|j| (j.id.clone(), j.clone())).collect();
    let mut loader = Loader {
        source,
        jurisdictions,
        clocks: reference.clock_list().to_vec(),
        forms: Vec::new(),
        obligations: Vec::new(),
        who_lists: Vec::new(),
    };
    for clause in raw.clause {
        let at = clause.id.span();
        let fail = |m: &str| Err(source.error(&at, m));
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if clause.id.get_ref().is_empty() || !clause.id.get_ref().bytes().all(plain) {
            return fail("the id of a clause is made of a-z, 0-9 and -");
        }
        if clause.stage.is_empty() {
            return fail("a clause has at least one [[clause.stage]]");
        }
        loader.obligation(clause.obligation())?;
    }
    let mut obligations = loader.obligations;
    for obligation in &mut obligations {
        obligation.id.insert_str(0, "contract-");
    }
    Ok(obligations)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    meta: RawMeta,
    clause: Vec<RawClause>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMeta {
    schema: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawClause {
    id: Spanned<String>,
    /// Whose holidays and days count.
    jurisdiction: String,
    customer: String,
    customer_ja: Option<String>,
    /// The contract and its article.
    contract: String,
    trigger: String,
    trigger_ja: Option<String>,
    notes: Option<String>,
    stage: Vec<RawClauseStage>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawClauseStage {
    id: Spanned<String>,
    name: String,
    name_ja: Option<String>,
    within: Option<String>,
    #[serde(default)]
    working_days: bool,
    word: Option<String>,
    #[serde(default = "awareness")]
    after: String,
    after_stage: Option<String>,
    contents: Option<String>,
    condition: Option<String>,
}

impl RawClause {
    fn obligation(self) -> RawObligation {
        let (customer, contract) = (self.customer, self.contract);
        let customer_ja = self.customer_ja.unwrap_or_else(|| customer.clone());
        RawObligation {
            id: self.id,
            jurisdiction: self.jurisdiction,
            name_en: format!("Contract with {customer}"),
            name_ja: format!("{customer_ja}との契約"),
            instrument: contract,
            instrument_ja: None,
            status: Status::InForce,
            effective_from: None,
            promulgated: None,
            status_checked: None,
            who: "You, under this contract".to_owned(),
            who_ja: "本契約の当事者である貴社".to_owned(),
            who_list: None,
            trigger_ja: self.trigger_ja.unwrap_or_else(|| self.trigger.clone()),
            trigger: self.trigger,
            recipients: vec![customer],
            recipients_ja: vec![customer_ja],
            also_notify: Vec::new(),
            also_notify_ja: Vec::new(),
            form: None,
            penalty: None,
            penalty_ja: None,
            confidence: Confidence::High,
            notes_ja: self.notes.clone(),
            notes: self.notes,
            mandatory: true,
            public: false,
            same_stages_as: None,
            stage: self.stage.into_iter().map(RawClauseStage::stage).collect(),
            threshold: Vec::new(),
            retention: Vec::new(),
            source: vec![super::raw::RawSource::contract()],
        }
    }
}

impl RawClauseStage {
    fn stage(self) -> RawStage {
        let calendar = match self.within.as_deref().map(str::parse::<Period>) {
            Some(Ok(Period::Hours(_))) => CalendarKind::ElapsedHours,
            Some(Ok(Period::Months(_))) => CalendarKind::CalendarMonths,
            _ if self.working_days => CalendarKind::BusinessDays,
            _ => CalendarKind::CalendarDays,
        };
        let after_stage = self.after_stage;
        RawStage {
            once_filed: None,
            once_deadline: None,
            once_anchor: None,
            id: self.id,
            name_ja: self.name_ja.unwrap_or_else(|| self.name.clone()),
            name_en: self.name,
            deadline: self.within,
            deadline_min: None,
            deadline_kind: DeadlineKind::Contract,
            word_ja: self.word.clone(),
            word: self.word,
            anchor: if after_stage.is_some() { "prior-stage".to_owned() } else { self.after },
            after_stage,
            calendar,
            business_days: Some(self.working_days),
            count_day_one: CountFrom::NextDay,
            count_day_one_verified: true,
            cap: None,
            cap_anchor: None,
            cap_note: None,
            cap_note_ja: None,
            rollover: None,
            rollover_ja: None,
            rollover_rule: None,
            rollover_time: None,
            rollover_exempt: Vec::new(),
            rollover_verified: true,
            due_time: None,
            due_time_note: None,
            due_time_note_ja: None,
            condition_ja: self.condition.clone(),
            condition: self.condition,
            contents_ja: self.contents.clone(),
            contents: self.contents,
            note: None,
            note_ja: None,
            repeat: false,
            repeat_rule: None,
            repeat_rule_ja: None,
            oral_allowed: false,
            seen: Trust::Text,
        }
    }
}

fn awareness() -> String {
    "awareness".to_owned()
}
