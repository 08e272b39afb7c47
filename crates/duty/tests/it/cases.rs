//! Two whole cases from the first alarm to the final report, as texts.

use std::fmt::Write as _;

use noroshi_duty::{
    Answers, Facts, Incident, Lang, Verdict, applies, deadlines, next_questions, show_deadline,
    show_filing, show_finding, show_question, show_state, show_timeline, timeline,
};

use crate::builtin;
use crate::filings::fill;

const POWER: &str = include_str!("../data/power.toml");
const BANK: &str = include_str!("../data/bank.toml");

/// What applies, the clocks, and what the next stages ask.
fn overview(case: &str, stages: &[(&str, &str)], lang: Lang) -> String {
    let reference = builtin();
    let answers = Answers::from_toml(reference, "case.toml", case).unwrap();
    let incident = Incident::from_toml("case.toml", case).unwrap();
    let facts = Facts::from_toml(reference, "case.toml", case).unwrap();
    let facts = facts.with_answers(reference, &answers);
    let mut out = String::new();
    for problem in answers.problems(reference) {
        let _ = writeln!(out, "! {}", problem.text(reference).lang(lang));
    }
    let findings = applies(reference, &facts);
    for finding in findings.iter().filter(|f| f.verdict != Verdict::DoesNotApply) {
        let _ = writeln!(out, "{}", show_finding(finding, lang));
    }
    for finding in findings.iter().filter(|f| f.verdict == Verdict::Applies) {
        let obligation = reference.obligation(&finding.obligation).unwrap();
        let clocks = incident.add_filed(obligation, answers.clocks(reference).unwrap());
        let _ = writeln!(out, "== {} ==", obligation.name.lang(lang));
        let _ = writeln!(out, "{}", show_state(&incident.state(obligation), lang));
        for stage in deadlines(obligation, &clocks, reference.calendar()) {
            let shown = show_deadline(&stage, lang);
            // The sources stand above already.
            let lines = shown.lines().filter(|l| !l.trim_start().starts_with("http"));
            let _ = writeln!(out, "{}", lines.collect::<Vec<_>>().join("\n"));
        }
    }
    let named: Vec<_> = stages
        .iter()
        .map(|(o, s)| {
            let obligation = reference.obligation(o).unwrap();
            (obligation, obligation.stage(s).unwrap())
        })
        .collect();
    let holding = findings.iter().filter(|f| f.verdict == Verdict::Applies && f.binding);
    let holding: Vec<_> = holding.map(|f| reference.obligation(&f.obligation).unwrap()).collect();
    let open = timeline(reference, &holding, &answers, &incident).unwrap();
    let _ = writeln!(out, "== timeline ==\n{}", show_timeline(&open, lang));
    let _ = writeln!(out, "== next ==");
    for question in next_questions(reference, &named, &answers) {
        let shown = show_question(&question, lang);
        let _ = writeln!(out, "{}", shown.lines().next().unwrap_or_default());
    }
    out
}

#[test]
fn ransomware_at_a_power_company() {
    let next = [("jp-acd", "detailed"), ("jp-appi", "final-malicious")];
    insta::assert_snapshot!("power-overview", overview(POWER, &next, Lang::Ja));

    let first = fill(POWER, "jp-appi", "first", None, "2026-10-12T10:00:00+09:00");
    insta::assert_snapshot!("power-appi-first", show_filing(&first, Lang::Ja));

    // A month later everything is known.
    let known = POWER.replace(
        "police = {",
        "resolved_at = 2026-10-12T18:00:00+09:00\nclosed_at = 2026-11-05T12:00:00+09:00\n\
         pd_response = \"本人に通知した。\"\nmedia = \"10月13日に公表した。\"\n\
         root_cause = [{ type = \"資格情報の窃取\", note = \"委託先の端末から\" }]\n\
         prevention = [\"VPNの多要素認証(11月末)\", \"閲覧端末の分離(12月末)\"]\n\
         resolution = \"端末を再構築し、復旧した。\"\npolice = {",
    );
    let detailed = fill(&known, "jp-acd", "detailed", None, "2026-11-06T09:00:00+09:00");
    assert!(detailed.is_ready(), "{:?}", detailed.missing);
    assert!(!detailed.late);
    insta::assert_snapshot!("power-acd-detailed", show_filing(&detailed, Lang::Ja));
    let form = Some("jp-common-ransomware");
    let common = fill(&known, "jp-acd", "detailed", form, "2026-11-06T09:00:00+09:00");
    insta::assert_snapshot!("power-common-ransomware", show_filing(&common, Lang::Ja));
    let last = fill(&known, "jp-appi", "final-malicious", None, "2026-12-01T09:00:00+09:00");
    assert!(last.is_ready(), "{:?}", last.missing);
    insta::assert_snapshot!("power-appi-final", show_filing(&last, Lang::Ja));
}

#[test]
fn intrusion_under_dora_and_nis2() {
    let next = [("eu-dora", "intermediate"), ("eu-nis2-digital", "notification")];
    insta::assert_snapshot!("bank-overview", overview(BANK, &next, Lang::En));
    let initial = fill(BANK, "eu-dora", "initial", None, "2026-11-04T16:10:00+01:00");
    insta::assert_snapshot!("bank-dora-initial", show_filing(&initial, Lang::En));
    assert!(initial.is_ready() && !initial.late, "{:?}", initial.missing);
    let warning = fill(BANK, "eu-nis2-digital", "notification", None, "2026-11-06T18:00:00+01:00");
    insta::assert_snapshot!("bank-nis2-notification", show_filing(&warning, Lang::En));
}
