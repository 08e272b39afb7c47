//! Obligations and rules as people read them, in Japanese and English.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::{
    Anchor, CalendarKind, Comparison, Confidence, CountFrom, DeadlineKind, Limit, Obligation,
    Period, Stage, Status, Threshold, Trust,
};

/// A language of the texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Lang {
    Ja,
    En,
}

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Text {
    pub en: String,
    pub ja: String,
}

impl Text {
    /// A text from its two versions.
    pub fn new(en: impl Into<String>, ja: impl Into<String>) -> Self {
        Self { en: en.into(), ja: ja.into() }
    }

    /// The version in a language.
    pub fn lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ja => &self.ja,
            Lang::En => &self.en,
        }
    }
}

impl Trust {
    /// The stable name, as in the data.
    pub fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Secondary => "secondary",
            Self::Official => "official",
            Self::Text => "text",
        }
    }

    /// What it means.
    pub fn label(self) -> Text {
        match self {
            Self::Memory => Text::new("from memory, UNVERIFIED", "記憶による(未確認)"),
            Self::Secondary => Text::new("secondary sources only", "二次資料による"),
            Self::Official => Text::new("a page of the authority was read", "当局の公表資料を確認"),
            Self::Text => {
                Text::new("the wording of the law or contract was read", "条文・契約条項を確認")
            }
        }
    }
}

impl DeadlineKind {
    /// The stable name, as in the data.
    pub fn name(self) -> &'static str {
        match self {
            Self::Statutory => "statutory",
            Self::Guidance => "guidance",
            Self::Contract => "contract",
            Self::Proposed => "proposed",
            Self::Qualitative => "qualitative",
        }
    }

    /// What it means.
    pub fn label(self) -> Text {
        match self {
            Self::Statutory => Text::new("in the law", "法令による"),
            Self::Guidance => Text::new("in the authority's guideline", "当局の指針による"),
            Self::Contract => Text::new("in the contract", "契約による"),
            Self::Proposed => Text::new("proposed, not in force", "案の段階(未施行)"),
            Self::Qualitative => Text::new("no number in the law", "数値の定めなし"),
        }
    }
}

/// The rule of a stage as one sentence: period, start, day one, cap, rollover.
pub(crate) fn rule(obligation: &Obligation, stage: &Stage) -> Text {
    let after = after(obligation, stage);
    let mut text = match stage.deadline {
        None => without_number(stage, &after),
        Some(period) => with_number(obligation, stage, period, &after),
    };
    if let Some(instead) = &stage.instead {
        let clock = obligation.clock(&instead.clock).map(|c| c.after.clone());
        let clock = clock.unwrap_or_else(|| Text::new("the event", "起点となる時"));
        let name = obligation.stage(&instead.after).map(|s| s.name.clone());
        let name = name.unwrap_or_else(|| Text::new("the earlier report", "前の報告"));
        let (en, ja) = (instead.period.english(), instead.period.japanese());
        let _ = write!(text.en, "; once \"{}\" was submitted, {en} after {}", name.en, clock.en);
        let _ = write!(text.ja, "。「{}」を提出したときは、{}から{ja}後まで", name.ja, clock.ja);
    }
    let kind = stage.kind.label();
    text.en = format!("{} ({})", text.en, kind.en);
    text.ja = format!("{}({})", text.ja, kind.ja);
    text
}

/// What the clock starts with, as a phrase.
fn after(obligation: &Obligation, stage: &Stage) -> Text {
    let clock = |id: &str| obligation.clock(id).map(|c| c.after.clone());
    let found = match &stage.anchor {
        Anchor::Clock(id) => clock(id),
        Anchor::PriorStage(None) => clock("prior-stage"),
        Anchor::PriorStage(Some(id)) => obligation.stage(id).map(|s| {
            Text::new(
                format!("submitting \"{}\"", s.name.en),
                format!("「{}」を提出した時", s.name.ja),
            )
        }),
    };
    found.unwrap_or_else(|| Text::new("the event", "起点となる時"))
}

fn without_number(stage: &Stage, after: &Text) -> Text {
    let (en, ja) = (&stage.word.0, &stage.word.1);
    let en = match (en, ja) {
        (Some(word), _) => format!("\"{word}\", after {}", after.en),
        (None, Some(word)) => format!("\"{word}\" after {}", after.en),
        (None, None) => format!("no time limit in numbers, after {}", after.en),
    };
    let ja = match (ja, &stage.word.0) {
        (Some(word), _) => format!("{}から「{word}」", after.ja),
        (None, Some(word)) => format!("{}から(原文: {word})", after.ja),
        (None, None) => format!("{}から。数値による期限なし", after.ja),
    };
    Text::new(en, ja)
}

fn with_number(obligation: &Obligation, stage: &Stage, period: Period, after: &Text) -> Text {
    let hour = stage.due_time.map(|t| t.strftime("%H:%M").to_string());
    let end_en = hour.clone().unwrap_or_else(|| "the end".to_owned());
    let end_ja = hour.unwrap_or_else(|| "終わり".to_owned());
    // 「認知した時」 to 「認知した日」.
    let day = after.ja.strip_suffix('時').map_or_else(|| after.ja.clone(), |a| format!("{a}日"));
    let mut text = match (period, stage.calendar) {
        (Period::Days(n), CalendarKind::BusinessDays) => Text::new(
            format!("by {end_en} of business day {n} after the day of {}", after.en),
            format!("{day}の翌日以降の{n}営業日目の{end_ja}まで"),
        ),
        (Period::Days(n), _) if stage.count_from == CountFrom::AnchorDay => Text::new(
            format!("by {end_en} of day {n}, the day of {} being day 1", after.en),
            format!("{day}を1日目として{n}日目の{end_ja}まで"),
        ),
        (Period::Days(n), _) => Text::new(
            format!("by {end_en} of day {n}, the day after {} being day 1", after.en),
            format!("{day}の翌日を1日目として{n}日目の{end_ja}まで"),
        ),
        (Period::Months(_) | Period::Years(_), _) => Text::new(
            format!("by {end_en} of the day {} after {}", period.english(), after.en),
            format!("{day}から{}後の日の{end_ja}まで", period.japanese()),
        ),
        (Period::Hours(_), _) => Text::new(
            format!("within {} of {}", period.english(), after.en),
            format!("{}から{}以内", after.ja, period.japanese()),
        ),
    };
    if let Some(min) = stage.deadline_min {
        let _ = write!(text.en, ", better within {}", min.english());
        let _ = write!(text.ja, "(望ましくは{}以内)", min.japanese());
    }
    if let Some(cap) = &stage.cap {
        let clock = obligation.clock(&cap.clock).map(|c| c.after.clone());
        let clock = clock.unwrap_or_else(|| Text::new("the event", "起点となる時"));
        let (en, ja) = (cap.period.english(), cap.period.japanese());
        let _ = write!(text.en, ", and within {en} of {} unless that has passed by then", clock.en);
        let _ = write!(text.ja, "。かつ{}から{ja}以内(既に過ぎている場合を除く)", clock.ja);
    }
    let zone = obligation.jurisdiction.zone.as_ref().and_then(|z| z.iana_name());
    if let Some(zone) = zone.filter(|_| !matches!(period, Period::Hours(_))) {
        let _ = write!(text.en, "; days of {zone}");
        let _ = write!(text.ja, "。日付は{zone}");
    }
    if let Some(rollover) = stage.rollover.as_ref().filter(|r| r.is_certain()) {
        let hour = rollover.time.map(|t| t.strftime("%H:%M").to_string());
        let (en, ja) = match hour {
            Some(hour) => (format!("{hour} of "), format!("の{hour}")),
            None => (String::new(), String::new()),
        };
        let _ = write!(text.en, "; on a day off, {en}the next working day");
        let _ = write!(text.ja, "。休日に当たるときは次の営業日{ja}");
    }
    text
}

/// One stage: name, rule, condition, contents, trust.
pub fn explain_stage(obligation: &Obligation, stage: &Stage, lang: Lang) -> String {
    let words = |en: &'static str, ja: &'static str| if lang == Lang::En { en } else { ja };
    let sentence = rule(obligation, stage);
    let mut out = format!("{} [{}]\n", stage.name.lang(lang), stage.id);
    let mut line = |label: &str, text: &str| {
        let _ = writeln!(out, "  {label}: {text}");
    };
    line(words("when", "期限"), sentence.lang(lang));
    if let Some(condition) = &stage.condition {
        line(words("if", "条件"), condition.lang(lang));
    }
    if let Some(contents) = &stage.contents {
        line(words("contents", "内容"), contents.lang(lang));
    }
    if let Some(rollover) = &stage.rollover_words {
        line(words("on days off", "休日の扱い"), rollover.lang(lang));
    }
    if let Some(note) = stage.cap.as_ref().and_then(|c| c.note.as_ref()) {
        line(words("note", "注"), note.lang(lang));
    }
    for note in &stage.notes {
        line(words("note", "注"), note.lang(lang));
    }
    if stage.repeat {
        line(
            words("repeat", "続報"),
            words("may have to be repeated", "繰り返し提出することがある"),
        );
    }
    if stage.oral_allowed {
        line(words("form", "方法"), words("may be given orally", "口頭でもよい"));
    }
    if !stage.count_verified {
        let doubt = words("which day is day 1 is UNVERIFIED", "起算日の数え方は未確認");
        line(words("note", "注"), doubt);
    }
    line(words("verified", "確認の程度"), stage.seen.label().lang(lang));
    out
}

/// A whole obligation, as `noroshi duty explain` shows it. Citations, metrics and kinds of sources
/// stay as the data has them.
pub fn explain(obligation: &Obligation, lang: Lang) -> String {
    let words = |en: &'static str, ja: &'static str| if lang == Lang::En { en } else { ja };
    let mut out = format!("{} [{}]\n", obligation.name.lang(lang), obligation.id);
    let mut line = |label: &str, text: &str| {
        let _ = writeln!(out, "{label}: {text}");
    };
    line(words("where", "法域"), obligation.jurisdiction.name.lang(lang));
    line(words("law", "根拠"), obligation.instrument(lang));
    line(words("status", "状態"), &status(obligation, lang));
    line(words("who", "対象者"), obligation.who.lang(lang));
    line(words("when owed", "報告事由"), obligation.trigger.lang(lang));
    let offices: Vec<&str> = obligation.recipients.iter().map(|r| r.lang(lang)).collect();
    line(words("to", "報告先"), &offices.join(words("; ", "、")));
    if !obligation.also_notify.is_empty() {
        let people: Vec<&str> = obligation.also_notify.iter().map(|r| r.lang(lang)).collect();
        line(words("also tell", "通知先"), &people.join(words("; ", "、")));
    }
    if let Some(form) = &obligation.form {
        line(words("form", "様式"), form.name.lang(lang));
    }
    if let Some(penalty) = &obligation.penalty {
        line(words("otherwise", "罰則等"), penalty.lang(lang));
    }
    if obligation.public {
        line(
            words("PUBLIC", "公開"),
            words(
                "the report is published: it ends your anonymity",
                "報告は公開されるため、匿名ではなくなる",
            ),
        );
    }
    for threshold in &obligation.thresholds {
        line(words("threshold", "基準"), &measure(threshold, lang));
    }
    for kept in &obligation.retention {
        let period = words_of(kept.duration, lang);
        line(words("keep", "保存"), &format!("{period}: {}", kept.what.lang(lang)));
    }
    let confidence = match obligation.confidence {
        Confidence::High => words("high", "高"),
        Confidence::Medium => words("medium", "中"),
        Confidence::Low => words("low", "低"),
    };
    line(words("confidence of this entry", "この項目の確度"), confidence);
    if let Some(notes) = &obligation.notes {
        line(words("notes", "注"), notes.lang(lang));
    }
    for stage in &obligation.stages {
        out.push('\n');
        out.push_str(&explain_stage(obligation, stage, lang));
    }
    out.push('\n');
    for source in &obligation.sources {
        let seen = source.seen.label();
        let via = source.seen_via.as_ref().map(|v| format!(", {v}")).unwrap_or_default();
        let label = words("source", "出典");
        let _ =
            writeln!(out, "{label}: {} ({}; {}{via})", source.url, source.kind, seen.lang(lang));
    }
    out.push_str(words("Not legal advice.\n", "法的助言ではありません。\n"));
    out
}

/// A threshold in one line: `clients > 100000`, `users >= 30000, hours >= 2 (LPWA)`.
fn measure(threshold: &Threshold, lang: Lang) -> String {
    let mut out = match threshold.test {
        Some((op, limit)) => {
            let op = match op {
                Comparison::Over => ">",
                Comparison::AtLeast => ">=",
                Comparison::Is => "=",
            };
            let limit = match limit {
                Limit::Number(n) => n.to_string(),
                Limit::Flag(yes) => yes.to_string(),
            };
            format!("{} {op} {limit}", threshold.metric)
        }
        None => {
            let users = threshold.users.map(|n| format!("users >= {n}"));
            let hours = threshold.hours.map(|n| format!("hours >= {n}"));
            users.into_iter().chain(hours).collect::<Vec<_>>().join(", ")
        }
    };
    if let Some((metric, limit)) = &threshold.alternative {
        let lower = if lang == Lang::En { "whichever is lower" } else { "低い方" };
        let _ = write!(out, " / {metric} {limit} ({lower})");
    }
    for text in [&threshold.service, &threshold.condition].into_iter().flatten() {
        let _ = write!(out, " ({})", text.lang(lang));
    }
    if let Some(seen) = threshold.seen.filter(|s| *s <= Trust::Secondary) {
        let _ = write!(out, " [{}]", seen.label().lang(lang));
    }
    out
}

fn status(obligation: &Obligation, lang: Lang) -> String {
    let text = match (obligation.status, obligation.effective_from, obligation.status_checked) {
        (Status::InForce, Some(from), _) => {
            Text::new(format!("in force since {from}"), format!("{from}施行"))
        }
        (Status::InForce, None, _) => Text::new("in force", "施行中"),
        (Status::Proposed, _, checked) => {
            let checked = checked.map(|d| d.to_string()).unwrap_or_default();
            Text::new(
                format!("PROPOSED, not binding (looked at {checked})"),
                format!("案の段階で拘束力なし({checked}時点)"),
            )
        }
    };
    let mut text = text.lang(lang).to_owned();
    if !obligation.mandatory {
        text.push_str(if lang == Lang::En { "; voluntary" } else { "・任意" });
    }
    text
}

fn words_of(period: Period, lang: Lang) -> String {
    match lang {
        Lang::En => period.english(),
        Lang::Ja => period.japanese(),
    }
}
