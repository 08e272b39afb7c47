//! Results as people read them on a terminal, in Japanese and English.

use std::fmt::Write as _;

use crate::{
    CaseStanding, CaseState, Filing, Finding, Lang, Question, StageDeadline, Standing, Text,
    Verdict,
};

/// Picks the text of a language.
fn words(lang: Lang) -> impl Fn(&'static str, &'static str) -> &'static str {
    move |en, ja| if lang == Lang::En { en } else { ja }
}

/// The deadline of one stage with the rule that made it.
pub fn show_deadline(s: &StageDeadline, lang: Lang) -> String {
    let w = words(lang);
    let mut out = format!("{}  ({})\n", s.name.lang(lang), s.stage);
    let mut line = |text: String| {
        let _ = writeln!(out, "   {text}");
    };
    match (&s.standing, s.due) {
        (Standing::Due, Some(due)) => {
            let local = s.local.as_deref().unwrap_or_default();
            line(format!("{} {due} = {local}", w("due", "期限")));
            // Only where it reads otherwise.
            if let Some(there) = s.authority_local.as_ref().filter(|a| a.as_str() != local) {
                line(format!("{} {there}", w("for the authority:", "当局の現地時刻:")));
            }
        }
        (Standing::Waiting(clock), _) => line(format!("{} {clock}", w("waits for:", "起算待ち:"))),
        _ => line(
            w("no deadline in numbers: the law gives only words", "数値の期限なし: 法令は文言のみ")
                .to_owned(),
        ),
    }
    if let Some(aim) = &s.aim_local {
        line(format!("{} {aim}", w("better by", "望ましい期限")));
    }
    if let (Some(filed), Some(at)) = (&s.filed_local, s.filed) {
        let late = s.is_late(at) == Some(true);
        let late = if late { w(" (late)", "(期限後)") } else { "" };
        line(format!("{} {filed}{late}", w("filed", "提出済み")));
    }
    if let Some(p) = &s.projection {
        line(format!("{} {} ({})", w("expected", "見込み"), p.local, p.rule.lang(lang)));
    }
    if let Some(later) = &s.extension {
        line(format!("{} ({})", later.local, later.rule.lang(lang)));
    }
    line(s.rule.lang(lang).to_owned());
    if let Some(condition) = &s.condition {
        line(format!("{} {}", w("if:", "条件:"), condition.lang(lang)));
    }
    if !s.holidays_known {
        line(
            w(
                "holidays of that year are not on file: it may be some days later, never earlier",
                "該当年の祝日データがないため、期限は数日後になることがある(早まることはない)",
            )
            .to_owned(),
        );
    }
    line(format!(
        "{} {}",
        w("how far verified (rule, calendar):", "確認の程度(規定・暦):"),
        s.trust.label().lang(lang)
    ));
    s.sources.iter().for_each(|source| line(source.clone()));
    out
}

impl Verdict {
    /// What it means.
    pub fn label(self) -> Text {
        match self {
            Self::Applies => Text::new("APPLIES", "該当"),
            Self::DoesNotApply => Text::new("does not apply", "非該当"),
            Self::Uncertain => Text::new("UNCERTAIN", "不明"),
        }
    }
}

/// One obligation: whether it applies, why, what to ask.
pub fn show_finding(f: &Finding, lang: Lang) -> String {
    let w = words(lang);
    let binding = match (f.binding, f.verdict) {
        (false, Verdict::Applies) => w(" (not binding)", "(拘束力なし)"),
        _ => "",
    };
    let verdict = f.verdict.label();
    let mut out =
        format!("{}{binding}: {} [{}]\n", verdict.lang(lang), f.name.lang(lang), f.obligation);
    for (label, texts) in [(w("because", "理由"), &f.because), (w("doubt", "留意点"), &f.doubts)]
    {
        for text in texts {
            let _ = writeln!(out, "   {label}: {}", text.lang(lang));
        }
    }
    for question in &f.ask {
        let _ = writeln!(
            out,
            "   {}: {} [{}.{}]",
            w("ask", "要確認"),
            question.text.lang(lang),
            question.about,
            question.id
        );
    }
    let _ = writeln!(out, "   {}: {}", w("verified", "確認の程度"), f.seen);
    if f.verdict != Verdict::DoesNotApply {
        for source in &f.sources {
            let _ = writeln!(out, "   {source}");
        }
    }
    out
}

/// A question of a stage on one or two lines.
pub fn show_question(q: &Question, lang: Lang) -> String {
    let w = words(lang);
    let must = if q.mandatory { w("must", "必須") } else { w("if known", "分かれば") };
    let mut out =
        format!("{:<10} {:<24} {} <{}>\n", must, q.field, q.name.lang(lang), q.value_type);
    if !q.choices.is_empty() && q.choices.len() <= 12 {
        let _ = writeln!(out, "           {}", q.choices.join(" | "));
    }
    out
}

/// A filing as text: entries, where each value came from, what is missing.
pub fn show_filing(f: &Filing, lang: Lang) -> String {
    let w = words(lang);
    let mut out = format!("{}\n", f.form_name.lang(lang));
    let mut line = |label: &str, text: &str| {
        let _ = writeln!(out, "{label}: {text}");
    };
    line(w("obligation", "義務"), f.obligation_name.lang(lang));
    line(w("stage", "段階"), f.stage_name.lang(lang));
    let offices: Vec<&str> = f.recipients.iter().map(|r| r.lang(lang)).collect();
    line(w("to", "提出先"), &offices.join(w("; ", "、")));
    line(w("made", "作成日時"), &f.made_local);
    line(w("version", "版"), &f.version.to_string());
    line(w("due", "期限"), f.due_local.as_deref().unwrap_or("-"));
    line(w("rule", "期限の根拠"), f.rule.lang(lang));
    if let Some(note) = &f.form_note {
        line(w("note", "注"), note.lang(lang));
    }
    if f.late {
        line(w("LATE", "期限後"), w("the deadline has passed", "期限を過ぎています"));
    }
    if f.public {
        let text = w("this report is published", "この報告は公開されます");
        line(w("PUBLIC", "公開"), text);
    }
    out.push('\n');
    for item in &f.items {
        let place = match (item.places.join(", "), item.trust.as_str()) {
            (place, _) if place.is_empty() => "-".to_owned(),
            (place, "memory") => format!("{place}?"),
            (place, _) => place,
        };
        let value = match &item.shown {
            Some(shown) => shown.lang(lang).replace('\n', "; "),
            None if item.mandatory => w("(missing)", "(未記入・必須)").to_owned(),
            None => w("(not known yet)", "(未確認)").to_owned(),
        };
        let _ = writeln!(out, "{place:<8} {}: {value}", item.name.lang(lang));
        if let Some(from) = &item.from {
            let _ = writeln!(out, "         <- {}", from.text().lang(lang));
        }
    }
    if !f.missing.is_empty() {
        let label = w("missing although mandatory", "必須であるのに記入のない項目");
        let _ = writeln!(out, "\n{label}: {}", f.missing.join(", "));
    }
    for problem in &f.problems {
        let _ = writeln!(out, "! {}", problem.lang(lang));
    }
    out
}

impl CaseStanding {
    /// What it means.
    pub fn label(self) -> Text {
        match self {
            Self::Open => Text::new("open", "対応中"),
            Self::Complete => Text::new("complete", "報告完了"),
            Self::NotReportable => Text::new("not reportable", "報告対象外"),
            Self::Withdrawn => Text::new("withdrawn", "取下げ"),
            Self::Closed => Text::new("closed", "終結"),
        }
    }
}

/// Where an incident stands under one obligation, on one line.
pub fn show_state(state: &CaseState, lang: Lang) -> String {
    let w = words(lang);
    let mut out = state.standing.label().lang(lang).to_owned();
    for stage in state.stages.iter().filter(|s| s.filed.is_some()) {
        let _ = write!(out, "; {} v{}", stage.stage, stage.version);
    }
    if let Some(next) = &state.next {
        let _ = write!(out, "; {} {next}", w("next:", "次:"));
    }
    if state.standing == CaseStanding::Open && !state.conditional.is_empty() {
        let list = state.conditional.join(", ");
        let _ = write!(out, "; {} {list}", w("under a condition:", "条件付き:"));
    }
    out
}

/// What is still to be reported, one stage a line, the first deadline first.
pub fn show_timeline(stages: &[StageDeadline], lang: Lang) -> String {
    let w = words(lang);
    let mut out = String::new();
    for s in stages {
        let when = match (&s.local, &s.projection) {
            (Some(due), _) => due.clone(),
            (None, Some(p)) => format!("{} {}", w("about", "見込み"), p.local),
            (None, None) if s.standing == Standing::NoNumber => {
                w("words only, no number", "文言のみ(数値の定めなし)").to_owned()
            }
            (None, None) => w("when its clock starts", "起算後").to_owned(),
        };
        let condition = s.condition.as_ref();
        let condition = condition.map(|c| format!(" ({} {})", w("if:", "条件:"), c.lang(lang)));
        let condition = condition.unwrap_or_default();
        let name = s.name.lang(lang);
        let _ = writeln!(out, "{when}  {}/{} {name}{condition}", s.obligation, s.stage);
        if s.standing == Standing::NoNumber {
            let _ = writeln!(out, "    {}", s.rule.lang(lang));
        }
    }
    out
}
