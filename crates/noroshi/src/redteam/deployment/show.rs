//! The result as a table, a page and a line of JSON.

use std::fmt::Write as _;

use noroshi_anonymity::Language;
use noroshi_anonymity::redteam::{Score, describe};
use noroshi_outlet::i18n::{Speech, Texts, Value};
use serde_json::{Map, json};

use super::Deployment;
use crate::redteam::html::{heading, page, paragraph};
use crate::redteam::json::round;
use crate::redteam::svg::{Bar, bars, escape};
use crate::redteam::table::{percent, row};

/// The table for a terminal.
pub(in crate::redteam) fn table(found: &Deployment, say: &Speech, language: Language) -> String {
    let mut out = format!("{}\n\n", lead(found, say));
    let heads = HEADS.map(|key| say.t(key));
    row(&mut out, &say.t("redteam-adversary"), &heads.each_ref().map(String::as_str));
    for (name, score) in &found.scores {
        row(&mut out, name, &cells(found, score).each_ref().map(String::as_str));
    }
    out.push('\n');
    for sentence in checks(found, say) {
        let _ = writeln!(out, "{sentence}");
    }
    out.push('\n');
    let faults = faults(found, say, language);
    let key = if found.is_kept() { "redteam-kept" } else { "redteam-history-faults" };
    let _ = writeln!(out, "{}", say.t(key));
    for fault in faults {
        let _ = writeln!(out, "  {fault}");
    }
    out
}

/// The page for a board, in both languages.
pub(in crate::redteam) fn report(found: &Deployment, texts: &Texts) -> String {
    page(texts, |out, say, language| {
        heading(out, "h1", &say.t("redteam-history-title"));
        paragraph(out, &lead(found, say));
        heading(out, "h2", &say.t("redteam-history-beliefs"));
        paragraph(out, &say.t("redteam-history-beliefs-text"));
        let own = found.scores.iter().filter(|(name, _)| **name != "A-hit");
        let bars_of = own.map(|(name, score)| Bar {
            label: (*name).to_owned(),
            value: score.worst_posterior(),
            margin: 0.0,
            own: true,
        });
        let p_max = found.settings.p_max.to_f64();
        let limit = say.with("redteam-limit", &[("p", Value::from(percent(p_max)))]);
        let chart: Vec<Bar> = bars_of.collect();
        out.push_str(&bars(&say.t("redteam-worst"), &chart, Some((p_max, &limit))));
        out.push_str("<table><thead><tr>");
        let heads = ["redteam-adversary", "redteam-does"].into_iter().chain(HEADS);
        for key in heads {
            let _ = write!(out, "<th>{}</th>", escape(&say.t(key)));
        }
        out.push_str("</tr></thead><tbody>");
        for (name, score) in &found.scores {
            let does = describe(name);
            let does = does.as_ref().map_or("", |words| words.get(language));
            let _ = write!(out, "<tr><td>{}</td><td>{}</td>", escape(name), escape(does));
            for cell in cells(found, score) {
                let _ = write!(out, "<td>{}</td>", escape(&cell));
            }
            out.push_str("</tr>");
        }
        out.push_str("</tbody></table>\n");
        heading(out, "h2", &say.t("redteam-checks"));
        list(out, &checks(found, say));
        if found.is_kept() {
            let _ = writeln!(out, "<p class=\"good\">{}</p>", escape(&say.t("redteam-kept")));
        } else {
            let text = escape(&say.t("redteam-history-faults"));
            let _ = writeln!(out, "<p class=\"bad\">{text}</p>");
            list(out, &faults(found, say, language));
        }
        paragraph(out, &say.t("redteam-history-care"));
    })
}

/// One line for programs. Shares are between 0 and 1.
pub(in crate::redteam) fn json_line(found: &Deployment) -> String {
    let s = &found.settings;
    let adversaries: Map<String, serde_json::Value> = found
        .scores
        .iter()
        .map(|(name, score)| {
            let top1 = found.told.as_ref().map(|_| round(score.top1()));
            let interval = found.told.as_ref().map(|_| interval(score).map(round));
            let figures = json!({
                "targets": score.targets(),
                "top1": top1,
                "interval": interval,
                "worst_posterior": round(score.worst_posterior()),
                "mean_posterior": round(score.mean_posterior()),
                "min_entropy": round(score.min_entropy()),
                "unique": round(score.unique()),
                "candidates_5": score.candidates_at(5),
                "candidates_50": score.candidates_at(50),
            });
            ((*name).to_owned(), figures)
        })
        .collect();
    let refused: Vec<_> =
        found.refused.iter().map(|r| json!({"reason": r.code, "subject": r.subject})).collect();
    let exceeded: Vec<_> = found
        .breaches
        .iter()
        .map(|b| json!({"limit": b.limit, "adversary": b.adversary, "measured": round(b.measured), "allowed": round(b.allowed)}))
        .collect();
    json!({
        "records": found.records,
        "first": found.span.0,
        "last": found.span.1,
        "releases": found.releases,
        "cases": found.cases,
        "parameters": {
            "k": s.k, "c": s.c, "p_max": s.p_max, "rho": s.rho, "window_days": s.window_days,
        },
        "recomputed": {"everything": found.recomputed.0, "label_only": found.recomputed.1},
        "adversaries": adversaries,
        "sector_bits": round(found.sector_bits),
        "worst_cell_share": round(found.worst_cell_share),
        "outside_guarantee": {"releases": found.direct.0, "recipients": found.direct.1},
        "truth": found.told.as_ref().map(|t| json!({"cases": t.cases, "elsewhere": t.elsewhere})),
        "refused": refused,
        "limits_exceeded": exceeded,
    })
    .to_string()
}

const HEADS: [&str; 6] = [
    "redteam-top1",
    "redteam-mean",
    "redteam-worst",
    "redteam-unique",
    "redteam-size",
    "redteam-entropy",
];

fn cells(found: &Deployment, score: &Score) -> [String; 6] {
    [
        found.told.as_ref().map_or_else(|| "-".to_owned(), |_| rate(score)),
        format!("{:.3}", score.mean_posterior()),
        format!("{:.3}", score.worst_posterior()),
        percent(score.unique()),
        format!("{}/{}", score.candidates_at(5), score.candidates_at(50)),
        format!("{:.2}", score.min_entropy()),
    ]
}

/// The share that was named right and its interval, such as `0.0% (0-56)`.
fn rate(score: &Score) -> String {
    let [low, high] = interval(score).map(|x| 100.0 * x);
    format!("{} ({low:.0}-{high:.0})", percent(score.top1()))
}

/// The 95 % interval of the share that was named right (Wilson 1927): a deployment has few cases,
/// and none right of three does not say that none ever is.
#[expect(clippy::cast_precision_loss, reason = "counts of cases")]
fn interval(score: &Score) -> [f64; 2] {
    let (p, n, z) = (score.top1(), score.targets().max(1) as f64, 1.96_f64);
    let middle = p + z * z / (2.0 * n);
    let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    let whole = 1.0 + z * z / n;
    [((middle - half) / whole).max(0.0), ((middle + half) / whole).min(1.0)]
}

fn lead(found: &Deployment, say: &Speech) -> String {
    let s = &found.settings;
    let day = |at: noroshi_stix::Timestamp| at.to_string().chars().take(10).collect::<String>();
    say.with(
        "redteam-history",
        &[
            ("records", Value::from(found.records)),
            ("first", Value::from(day(found.span.0))),
            ("last", Value::from(day(found.span.1))),
            ("releases", Value::from(found.releases)),
            ("cases", Value::from(found.cases)),
            ("k", Value::from(s.k)),
            ("c", Value::from(s.c)),
            ("p", Value::from(s.p_max.to_string())),
        ],
    )
}

fn checks(found: &Deployment, say: &Speech) -> Vec<String> {
    let with = |key: &str, values: &[(&'static str, Value)]| say.with(key, values);
    let (everything, label) = found.recomputed;
    let mut all = vec![
        with(
            "redteam-history-recomputed",
            &[
                ("good", Value::from(everything + label)),
                ("whole", Value::from(found.releases)),
                ("label", Value::from(label)),
            ],
        ),
        with(
            "redteam-history-cells",
            &[
                ("share", Value::from(percent(found.worst_cell_share))),
                ("rho", Value::from(found.settings.rho.to_string())),
                ("days", Value::from(found.settings.window_days)),
            ],
        ),
        with("redteam-history-bits", &[("bits", Value::from(format!("{:.2}", found.sector_bits)))]),
        with(
            "redteam-history-direct",
            &[("count", Value::from(found.direct.0)), ("recipients", Value::from(found.direct.1))],
        ),
    ];
    if let Some(told) = &found.told {
        all.push(with(
            "redteam-history-truth",
            &[
                ("part", Value::from(told.cases)),
                ("whole", Value::from(found.cases)),
                ("elsewhere", Value::from(told.elsewhere)),
            ],
        ));
    }
    all
}

fn faults(found: &Deployment, say: &Speech, language: Language) -> Vec<String> {
    let refused = found.refused.iter().map(|refusal| refusal.explain(say));
    refused.chain(found.breaches.iter().map(|breach| breach.explain(language))).collect()
}

fn list(out: &mut String, items: &[String]) {
    out.push_str("<ul>");
    for item in items {
        let _ = write!(out, "<li>{}</li>", escape(item));
    }
    out.push_str("</ul>\n");
}
