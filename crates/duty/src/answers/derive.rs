//! Answers nobody has to type: what follows from other answers, from the filing, or by default.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::value::between;
use super::{Answer, Answers, FieldId, Provenance, Value};
use crate::{FieldStage, Lang, Reference, Text};

/// What a filing itself says about its fields.
#[derive(Clone, Debug)]
pub struct Occasion<'a> {
    /// The obligations it is meant to satisfy.
    pub obligations: &'a [&'a str],
    /// How far the case is.
    pub level: FieldStage,
    /// The time of the submission.
    pub at: Timestamp,
    /// The language of the free text.
    pub lang: Lang,
}

impl Answers {
    /// The same with every field filled that follows from something else; nothing that was typed
    /// changes, and every addition says why.
    #[must_use]
    pub fn with_derived(&self, reference: &Reference, occasion: &Occasion<'_>) -> Self {
        let mut out = self.clone();
        let mut add = |field: &str, value: Value, from: Provenance| {
            if let Some(id) = reference.field_id(field)
                && out.answer(field).is_none()
            {
                out.given.insert(id, Answer { value, from });
            }
        };
        let default = |en: &str, ja: &str| Provenance::Default { why: Text::new(en, ja) };
        let derived = |fields: &[&str], en: &str, ja: &str| Provenance::Derived {
            fields: fields.iter().map(|f| (*f).to_owned()).collect(),
            rule: Text::new(en, ja),
        };
        let text = |s: &str| Value::Text(s.to_owned());
        let stage = match occasion.level {
            FieldStage::Early => "early-warning",
            FieldStage::Initial => "initial",
            FieldStage::Intermediate => "intermediate",
            FieldStage::Final => "final",
        };
        add("report_stage", text(stage), derived(&[], "the stage filed", "提出する段階"));
        let regimes = occasion.obligations.iter().map(|o| (*o).to_owned()).collect();
        add(
            "regimes",
            Value::List(regimes),
            derived(&[], "the obligation filed for", "提出の根拠となる義務"),
        );
        add(
            "schema_version",
            text(reference.field_version()),
            default("this version of the fields", "項目一覧のこの版"),
        );
        let language = if occasion.lang == Lang::Ja { "ja" } else { "en" };
        add("language", text(language), default("language of the form", "様式の言語"));
        let at = Value::Moment(occasion.at.to_zoned(self.zone.clone()));
        add("report_time", at, derived(&[], "time of the filing", "提出した時刻"));
        add("consent_share", text("anonymous"), default("nobody said otherwise", "指定なし"));
        let closed = self.answer("closed_at").is_some();
        let resolved = self.answer("resolved_at").is_some();
        let (status, from) = match (closed, resolved) {
            (true, _) => {
                ("closed", derived(&["closed_at"], "there is a time of closure", "終結日時あり"))
            }
            (_, true) => (
                "resolved",
                derived(&["resolved_at"], "there is a time of resolution", "復旧日時あり"),
            ),
            _ => ("open", default("no time of resolution is given", "復旧日時の入力なし")),
        };
        add("incident_status", text(status), from);
        let moment = |field: &str| self.answer(field).and_then(|a| a.value.moment());
        let span =
            |from: &str, to: &str| moment(from).zip(moment(to)).and_then(|(a, b)| between(a, b));
        if let Some(time) = span("occurred_at", "detected_at") {
            let fields = ["occurred_at", "detected_at"];
            add(
                "dwell",
                time,
                derived(&fields, "time from occurrence to detection", "発生から検知までの時間"),
            );
        }
        out
    }

    /// Sets an answer that a person typed now.
    ///
    /// # Errors
    /// As [`Answers::set`].
    pub fn typed(
        &mut self,
        reference: &Reference,
        field: &FieldId,
        given: &Json,
        by: &str,
        at: Timestamp,
    ) -> Result<(), super::Problem> {
        let from = Provenance::Typed { by: by.to_owned(), at: Some(at.to_string()) };
        self.set(reference, field, given, from)
    }
}
