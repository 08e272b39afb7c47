//! What is wrong with a report or its history. Nothing is refused for it: people see it and decide.

use serde::Serialize;

use super::Answers;
use crate::{Contradiction, Reference, Text};

/// Something a person must look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "problem", rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names of the parts say it")]
pub enum Problem {
    /// There is no such field.
    UnknownField { field: String },
    /// The field does not take the value.
    BadValue { field: String, expected: Text },
    /// There is no such time zone.
    UnknownZone { place: String, zone: String },
    /// There is no such clock.
    UnknownClock { clock: String },
    /// The moment of a clock cannot be read.
    BadClock { clock: String },
    /// Two moments that cannot both be right: the earlier one is set after the later one.
    Contradiction { earlier: String, later: String },
    /// There is no such stage.
    UnknownStage { obligation: String, stage: String },
    /// A stage was filed although the one before it was not.
    OutOfOrder { obligation: String, stage: String, before: String },
    /// A stage was filed a second time; an addition is a supplement.
    FiledTwice { obligation: String, stage: String },
    /// A supplement to a stage that was never filed.
    NothingToSupplement { obligation: String, stage: String },
    /// Something was filed after the incident was withdrawn or found not reportable.
    AfterTheEnd { obligation: String, stage: String },
    /// An event lies before the one recorded before it.
    Backwards { number: usize },
    /// The history does not begin with the opening of the incident.
    NotOpened,
    /// A second opening.
    OpenedTwice { number: usize },
}

impl Problem {
    /// The field it is about.
    pub(crate) fn field(&self) -> Option<&str> {
        match self {
            Self::UnknownField { field } | Self::BadValue { field, .. } => Some(field),
            Self::UnknownZone { place, .. } => Some(place),
            _ => None,
        }
    }

    /// The same as a sentence that says what to do.
    pub fn text(&self, reference: &Reference) -> Text {
        let name = |field: &str| {
            reference.field(field).map_or_else(|| Text::new(field, field), |f| f.name.clone())
        };
        let moment = |id: &str| {
            let clock = reference.clock_list().iter().find(|c| c.id == id);
            clock.map_or_else(|| name(id), |c| c.what.clone())
        };
        let (en, ja) = match self {
            Self::UnknownField { field } => (
                format!("there is no field \"{field}\"; `noroshi duty fields` lists them"),
                format!("項目「{field}」はありません。`noroshi duty fields` で一覧を表示します"),
            ),
            Self::BadValue { field, expected } => (
                format!("\"{}\" ({field}) must be {}", name(field).en, expected.en),
                format!("「{}」({field})には次の形の値が必要です: {}", name(field).ja, expected.ja),
            ),
            Self::UnknownZone { place, zone } => (
                format!("{place}: \"{zone}\" is no time zone such as Asia/Tokyo"),
                format!("{place}: 「{zone}」というタイムゾーンはありません(例: Asia/Tokyo)"),
            ),
            Self::UnknownClock { clock } => (
                format!("there is no clock \"{clock}\""),
                format!("「{clock}」という起点はありません"),
            ),
            Self::BadClock { clock } => (
                format!(
                    "the moment of \"{clock}\" cannot be read; write 2026-11-23T09:00:00+09:00"
                ),
                format!("「{clock}」の日時を読み取れません(例: 2026-11-23T09:00:00+09:00)"),
            ),
            Self::Contradiction { earlier, later } => (
                format!(
                    "\"{}\" ({later}) is set before \"{}\" ({earlier}); correct one of them",
                    moment(later).en,
                    moment(earlier).en
                ),
                format!(
                    "「{}」({later})が「{}」({earlier})より前の日時です。どちらかを直してください",
                    moment(later).ja,
                    moment(earlier).ja
                ),
            ),
            Self::UnknownStage { obligation, stage } => (
                format!("{obligation} has no stage \"{stage}\""),
                format!("{obligation} に段階「{stage}」はありません"),
            ),
            Self::OutOfOrder { obligation, stage, before } => (
                format!("{obligation}: \"{stage}\" was filed, but \"{before}\" before it was not"),
                format!("{obligation}: 「{before}」より先に「{stage}」が提出されています"),
            ),
            Self::FiledTwice { obligation, stage } => (
                format!("{obligation}: \"{stage}\" was filed twice; file a supplement instead"),
                format!(
                    "{obligation}: 「{stage}」が二度提出されています。補足として提出してください"
                ),
            ),
            Self::NothingToSupplement { obligation, stage } => (
                format!("{obligation}: a supplement to \"{stage}\", which was not filed"),
                format!("{obligation}: 提出していない「{stage}」への補足です"),
            ),
            Self::AfterTheEnd { obligation, stage } => (
                format!(
                    "{obligation}: \"{stage}\" was filed although the incident was withdrawn or \
                     found not reportable; reclassify it first"
                ),
                format!(
                    "{obligation}: 取下げ又は報告対象外とされた後に「{stage}」が提出されています。\
                     先に区分を変更してください"
                ),
            ),
            Self::Backwards { number } => (
                format!("event {number} lies before the one recorded before it"),
                format!("{number}番目の出来事が、その前に記録されたものより前の日時です"),
            ),
            Self::NotOpened => (
                "the history must begin with the opening of the incident".to_owned(),
                "履歴は事案の開始から始まる必要があります".to_owned(),
            ),
            Self::OpenedTwice { number } => (
                format!("event {number} opens the incident a second time"),
                format!("{number}番目の出来事で事案が再び開始されています"),
            ),
        };
        Text::new(en, ja)
    }
}

impl From<Contradiction> for Problem {
    fn from(c: Contradiction) -> Self {
        Self::Contradiction { earlier: c.earlier, later: c.later }
    }
}

/// Pairs of fields of which the first cannot be after the second, beside those that are clocks.
const ORDER: [(&str, &str); 5] = [
    ("occurred_at", "resolved_at"),
    ("detected_at", "resolved_at"),
    ("resolved_at", "closed_at"),
    ("detected_at", "aware_at"),
    ("report_time", "next_update"),
];

/// Fields whose moments contradict each other.
pub(super) fn out_of_order(answers: &Answers) -> Vec<Problem> {
    let moment = |field: &str| answers.answer(field).and_then(|a| a.value.moment());
    let wrong = ORDER.iter().filter(|(earlier, later)| {
        moment(earlier).zip(moment(later)).is_some_and(|(a, b)| b.timestamp() < a.timestamp())
    });
    wrong
        .map(|(earlier, later)| Problem::Contradiction {
            earlier: (*earlier).to_owned(),
            later: (*later).to_owned(),
        })
        .collect()
}
