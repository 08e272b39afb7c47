//! The results as tables for a terminal.

use std::fmt::Write as _;

use noroshi_anonymity::Language;
use noroshi_anonymity::redteam::leakage::{self, Figure, Gauge};
use noroshi_anonymity::redteam::{Outcome, Practice, Score};
use noroshi_outlet::i18n::{Speech, Value};

use super::measure::{Run, worst_posterior};

/// What each practice tells, by adversaries who read all releases on a case.
pub(super) fn comparison(run: &Run, say: &Speech, language: Language) -> String {
    let victims = run.joined(Practice::Noroshi, "A-join").map_or(0, Score::targets);
    let s = &run.settings;
    let mut out = say.with(
        "redteam-worlds",
        &[
            ("worlds", Value::from(run.worlds)),
            ("victims", Value::from(victims)),
            ("k", Value::from(s.k)),
            ("c", Value::from(s.c)),
            ("p", Value::from(s.p_max.to_string())),
        ],
    );
    out.push_str("\n\n");
    row(
        &mut out,
        &say.t("redteam-practice"),
        &[
            &say.t("redteam-top1"),
            &say.t("redteam-coalition"),
            &say.t("redteam-worst"),
            &say.t("redteam-unique"),
            &say.t("redteam-bits"),
            &say.t("redteam-held"),
        ],
    );
    for (practice, outcome) in run.outcomes.iter().filter(|(p, _)| Practice::COMPARED.contains(p)) {
        row(
            &mut out,
            practice.words().get(language),
            &cells(outcome).each_ref().map(String::as_str),
        );
    }
    out.push('\n');
    out
}

/// What must hold exactly, and whether it did, a sentence each.
pub(super) fn checks(outcome: &Outcome, say: &Speech) -> [String; 4] {
    [
        ("redteam-replays", (outcome.mismatches, outcome.replayed)),
        ("redteam-certificates", (outcome.certificates.1, outcome.certificates.0)),
        ("redteam-marks", (outcome.marks.1, outcome.marks.0)),
        ("redteam-indicators", (outcome.indicators.1, outcome.indicators.0)),
    ]
    .map(|(key, (part, whole))| {
        say.with(key, &[("part", Value::from(part)), ("whole", Value::from(whole))])
    })
}

fn cells(outcome: &Outcome) -> [String; 6] {
    let of = |name| outcome.joined.get(name);
    let released = float(outcome.released.max(1));
    let labelled = !outcome.levels.is_empty();
    let missing = || "-".to_owned();
    [
        of("A-join").map_or_else(missing, with_margin),
        of("A-coal").map_or_else(missing, with_margin),
        format!("{:.3}", worst_posterior(outcome)),
        of("A-coal").map_or_else(missing, |s| percent(s.unique())),
        if labelled { format!("{:.2}", outcome.sector_bits / released) } else { missing() },
        percent(float(outcome.held) / (released + float(outcome.held))),
    ]
}

/// What each adversary achieves against noroshi.
pub(super) fn adversaries(run: &Run, say: &Speech, _language: Language) -> String {
    let Some(outcome) = run.of(Practice::Noroshi) else { return String::new() };
    let mut out = say.t("redteam-against");
    out.push('\n');
    let heads = ["redteam-top1", "redteam-mean", "redteam-worst", "redteam-unique", "redteam-size"];
    let heads = heads.map(|key| say.t(key));
    row(&mut out, &say.t("redteam-adversary"), &heads.each_ref().map(String::as_str));
    for (name, score) in &outcome.joined {
        let cells = [
            with_margin(score),
            format!("{:.3}", score.mean_posterior()),
            format!("{:.3}", score.worst_posterior()),
            percent(score.unique()),
            format!("{}/{}", score.candidates_at(5), score.candidates_at(50)),
        ];
        row(&mut out, name, &cells.each_ref().map(String::as_str));
    }
    out.push('\n');
    for sentence in checks(outcome, say) {
        let _ = writeln!(out, "{sentence}");
    }
    out.push('\n');
    out
}

/// How often a release names its victim by an identifier, which recalls were measured in this run
/// and which are judgments.
pub(super) fn leakage(gauges: &[Gauge], say: &Speech, language: Language) -> String {
    let mut out = say.t("redteam-leakage");
    out.push('\n');
    let heads = ["redteam-raw", "redteam-recall", "redteam-from"].map(|key| say.t(key));
    row(&mut out, &say.t("redteam-channel"), &heads.each_ref().map(String::as_str));
    for gauge in gauges {
        let cells = gauge_cells(gauge, say);
        row(&mut out, gauge.channel.words().get(language), &cells.each_ref().map(String::as_str));
    }
    out.push_str(&named(gauges, say));
    out.push_str("\n\n");
    out
}

/// How often a channel would name the victim raw, how much the gates keep back, and by what that is
/// known.
pub(super) fn gauge_cells(gauge: &Gauge, say: &Speech) -> [String; 3] {
    let from = match gauge.recall {
        Figure::Measured { planted, caught } => format!("{caught}/{planted}"),
        Figure::Assumed(_) => say.t("redteam-assumed"),
    };
    [percent(gauge.raw), percent(gauge.recall.share()), from]
}

/// How often a release names its victim, beside what others let through.
pub(super) fn named(gauges: &[Gauge], say: &Speech) -> String {
    let share = |gauges: &[Gauge]| Value::from(percent(leakage::named(gauges)));
    say.with(
        "redteam-named",
        &[
            ("own", share(gauges)),
            ("most", Value::from(percent(leakage::named_at_most(gauges)))),
            ("unfiltered", share(&leakage::UNFILTERED)),
            ("reviewed", share(&leakage::REVIEWED)),
        ],
    )
}

/// Whether noroshi kept its limits.
pub(super) fn limits(run: &Run, say: &Speech, language: Language) -> String {
    let breaches = run.breaches(Practice::Noroshi);
    if breaches.is_empty() {
        return format!("{}\n", say.t("redteam-kept"));
    }
    let mut out = format!("{}\n", say.t("redteam-exceeded"));
    for breach in breaches {
        let _ = writeln!(out, "  {}", breach.explain(language));
    }
    out
}

/// What caught each broken version.
pub(super) fn broken(run: &Run, say: &Speech, language: Language) -> String {
    let mut out = format!("\n{}\n", say.t("redteam-broken"));
    for practice in Practice::BROKEN {
        let _ = writeln!(out, "  {}", practice.words().get(language));
        let breaches = run.breaches(practice);
        if breaches.is_empty() {
            let _ = writeln!(out, "    {}", say.t("redteam-missed"));
        }
        for breach in breaches.iter().take(MOST_SHOWN) {
            let _ = writeln!(out, "    {}", breach.explain(language));
        }
    }
    out
}

/// Breaches shown of one broken version; they repeat each other.
const MOST_SHOWN: usize = 4;

/// Width of the first column and of the others, in columns of a terminal.
const WIDTHS: (usize, usize) = (36, 14);

pub(super) fn row(out: &mut String, first: &str, others: &[&str]) {
    out.push_str("  ");
    out.push_str(first);
    pad(out, WIDTHS.0, first);
    for cell in others {
        pad(out, WIDTHS.1, cell);
        out.push_str(cell);
    }
    out.push('\n');
}

/// Spaces up to a width; Japanese characters take two columns.
fn pad(out: &mut String, width: usize, text: &str) {
    let columns: usize = text.chars().map(|c| if c.is_ascii() || c == '±' { 1 } else { 2 }).sum();
    out.extend(std::iter::repeat_n(' ', width.saturating_sub(columns)));
}

pub(super) fn percent(share: f64) -> String {
    format!("{:.1}%", 100.0 * share)
}

pub(super) fn with_margin(score: &Score) -> String {
    format!("{:.1}% ±{:.1}", 100.0 * score.top1(), 100.0 * score.top1_margin())
}

#[expect(clippy::cast_precision_loss, reason = "counts of reports")]
fn float(n: usize) -> f64 {
    n as f64
}
