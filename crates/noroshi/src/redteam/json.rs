//! The result as one line for programs.

use noroshi_anonymity::redteam::leakage::{self, Figure, Gauge};
use noroshi_anonymity::redteam::{Outcome, Practice, Score};
use serde_json::{Value, json};

use super::measure::{Run, worst_posterior};

/// One line: the figures of noroshi, then those of the reference settings and of what others do.
pub(super) fn line(run: &Run, gauges: &[Gauge]) -> String {
    let mut all = run.of(Practice::Noroshi).map_or(Value::Null, figures);
    let s = &run.settings;
    let compared: Vec<Value> = run
        .outcomes
        .iter()
        .map(|(practice, outcome)| {
            let mut row = figures(outcome);
            set(&mut row, "practice", json!(practice.words().en));
            row
        })
        .collect();
    let exceeded: Vec<Value> = run
        .breaches(Practice::Noroshi)
        .iter()
        .map(|b| json!({"limit": b.limit, "adversary": b.adversary, "measured": b.measured, "allowed": b.allowed}))
        .collect();
    let adversaries: serde_json::Map<String, Value> = run
        .of(Practice::Noroshi)
        .map(|o| o.joined.iter().map(|(n, s)| ((*n).to_owned(), score(s))).collect())
        .unwrap_or_default();
    set(
        &mut all,
        "parameters",
        json!({
            "k": s.k, "c": s.c, "p_max": s.p_max, "rho": s.rho, "window_days": s.window_days,
        }),
    );
    set(&mut all, "worlds", json!(run.worlds));
    set(&mut all, "adversaries", Value::Object(adversaries));
    set(&mut all, "limits_exceeded", json!(exceeded));
    set(&mut all, "reference", run.of(Practice::Reference).map_or(Value::Null, figures));
    set(&mut all, "compared", json!(compared));
    let channels: Vec<Value> = gauges.iter().map(channel).collect();
    set(&mut all, "identifiers", json!(channels));
    set(&mut all, "named_by_identifier", json!(round(leakage::named(gauges))));
    set(&mut all, "named_by_identifier_at_most", json!(round(leakage::named_at_most(gauges))));
    all.to_string()
}

/// One channel; without counts its recall is assumed.
fn channel(gauge: &Gauge) -> Value {
    let (planted, caught) = match gauge.recall {
        Figure::Measured { planted, caught } => (Some(planted), Some(caught)),
        Figure::Assumed(_) => (None, None),
    };
    json!({
        "channel": gauge.channel.as_str(), "raw": round(gauge.raw),
        "recall": round(gauge.recall.share()), "planted": planted, "caught": caught,
        "recall_is": if planted.is_some() { "measured" } else { "assumed" },
    })
}

fn set(object: &mut Value, key: &str, value: Value) {
    if let Some(map) = object.as_object_mut() {
        map.insert(key.to_owned(), value);
    }
}

fn score(score: &Score) -> Value {
    json!({
        "targets": score.targets(),
        "top1": round(score.top1()),
        "margin": round(score.top1_margin()),
        "worst_posterior": round(score.worst_posterior()),
        "mean_posterior": round(score.mean_posterior()),
        "unique": round(score.unique()),
    })
}

/// Shares are between 0 and 1; counts are whole numbers.
fn figures(outcome: &Outcome) -> Value {
    let of = |name: &str| outcome.joined.get(name);
    let top1 = |name| of(name).map(|s| round(s.top1()));
    let margin = |name| of(name).map(|s| round(s.top1_margin()));
    let reports = (outcome.released + outcome.held).max(1);
    let share = |n: usize, of: usize| round(float(n) / float(of.max(1)));
    json!({
        "victims": of("A-join").map(Score::targets),
        "releases": outcome.released,
        "top1_joined": top1("A-join"),
        "top1_joined_margin": margin("A-join"),
        "top1_joined_colluder": top1("A-coal"),
        "top1_joined_colluder_margin": margin("A-coal"),
        "worst_posterior": round(worst_posterior(outcome)),
        "unique": of("A-coal").map(|s| round(s.unique())),
        "replayed": outcome.replayed,
        "mismatches": outcome.mismatches,
        "held": share(outcome.held, reports),
        "held_reports": outcome.held,
        "sector_bits": round(outcome.sector_bits / float(outcome.released.max(1))),
        "product_kept": share(outcome.product_kept, outcome.released),
        "worst_cell_share": round(outcome.worst_cell_share),
        "certificates_recomputed": outcome.certificates.0,
        "certificates_wrong": outcome.certificates.1,
        "marks_planted": outcome.marks.0,
        "marks_found": outcome.marks.1,
        "indicators_released": share(outcome.indicators.1, outcome.indicators.0),
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts of reports")]
fn float(n: usize) -> f64 {
    n as f64
}

/// Five digits are more than the intervals allow.
pub(super) fn round(x: f64) -> f64 {
    (x * 1e5).round() / 1e5
}
