//! The report for a board: one file, both languages, plots inside.

use std::fmt::Write as _;

use noroshi_anonymity::Language;
use noroshi_anonymity::redteam::leakage::Gauge;
use noroshi_anonymity::redteam::{Practice, Score};
use noroshi_outlet::i18n::{Locale, Speech, Texts, Value};

use super::measure::{Run, worst_posterior};
use super::svg::{Bar, bars, escape};
use super::table::{self, percent, with_margin};

const STYLE: &str = include_str!("../../assets/redteam.css");

/// The whole file.
pub(super) fn report(run: &Run, gauges: &[Gauge], texts: &Texts) -> String {
    page(texts, |out, say, language| section(out, run, gauges, say, language))
}

/// A file with one section in each language.
pub(super) fn page(texts: &Texts, section: impl Fn(&mut String, &Speech, Language)) -> String {
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>noroshi redteam</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <nav><a href=\"#en\" lang=\"en\">English</a> <a href=\"#ja\" lang=\"ja\">日本語</a></nav>\n"
    );
    for (locale, language, id) in
        [(Locale::En, Language::En, "en"), (Locale::Ja, Language::Ja, "ja")]
    {
        let say = texts.speak(locale);
        let _ = writeln!(out, "<main id=\"{id}\" lang=\"{id}\">");
        section(&mut out, &say, language);
        out.push_str("</main>\n");
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn section(out: &mut String, run: &Run, gauges: &[Gauge], say: &Speech, language: Language) {
    heading(out, "h1", &say.t("redteam-title"));
    paragraph(out, &say.t("redteam-lead"));
    tiles(out, run, say);

    heading(out, "h2", &say.t("redteam-compare"));
    paragraph(out, &say.t("redteam-compare-text"));
    let p_max = run.settings.p_max.to_f64();
    let limit = say.with("redteam-limit", &[("p", Value::from(percent(p_max)))]);
    let compared: Vec<Bar> = run
        .outcomes
        .iter()
        .filter(|(p, _)| Practice::COMPARED.contains(p))
        .filter_map(|(practice, outcome)| {
            let score = outcome.joined.get("A-join")?;
            Some(bar(practice.words().get(language), score, *practice == Practice::Noroshi))
        })
        .collect();
    out.push_str(&bars(&say.t("redteam-compare"), &compared, Some((p_max, &limit))));

    heading(out, "h2", &say.t("redteam-against"));
    paragraph(out, &say.t("redteam-against-text"));
    if let Some(outcome) = run.of(Practice::Noroshi) {
        let all: Vec<Bar> = outcome
            .joined
            .iter()
            .filter(|(name, _)| **name != "A-hit")
            .map(|(name, score)| bar(name, score, true))
            .collect();
        out.push_str(&bars(&say.t("redteam-against"), &all, Some((p_max, &limit))));
    }
    adversary_table(out, run, say, language);

    heading(out, "h2", &say.t("redteam-leakage"));
    leakage_table(out, gauges, say, language);

    heading(out, "h2", &say.t("redteam-checks"));
    checks(out, run, say, language);
    for (title, text) in [
        ("redteam-not-promised", "redteam-not-promised-list"),
        ("redteam-care", "redteam-care-list"),
    ] {
        heading(out, "h2", &say.t(title));
        out.push_str("<ul>");
        for item in say.t(text).lines().map(str::trim).filter(|line| !line.is_empty()) {
            let _ = write!(out, "<li>{}</li>", escape(item));
        }
        out.push_str("</ul>\n");
    }
    paragraph(out, &say.t("redteam-rerun"));
}

/// How often a release names its victim by an identifier.
fn leakage_table(out: &mut String, gauges: &[Gauge], say: &Speech, language: Language) {
    out.push_str("<table><thead><tr>");
    for key in ["redteam-channel", "redteam-raw", "redteam-recall", "redteam-from"] {
        let _ = write!(out, "<th>{}</th>", escape(&say.t(key)));
    }
    out.push_str("</tr></thead><tbody>");
    for gauge in gauges {
        let [raw, recall, from] = table::gauge_cells(gauge, say);
        let channel = escape(gauge.channel.words().get(language));
        let _ = write!(
            out,
            "<tr><td>{channel}</td><td>{raw}</td><td>{recall}</td><td>{from}</td></tr>"
        );
    }
    out.push_str("</tbody></table>\n");
    paragraph(out, &table::named(gauges, say));
}

fn bar(label: &str, score: &Score, own: bool) -> Bar {
    let (value, margin) = (score.top1(), score.top1_margin());
    Bar { label: label.to_owned(), value, margin, own }
}

/// The four figures a board asks for.
fn tiles(out: &mut String, run: &Run, say: &Speech) {
    let score = |practice, name| run.joined(practice, name).map_or(0.0, Score::top1);
    let misp = run.outcomes.iter().find(|(p, _)| matches!(p, Practice::Forward(_)));
    let others = misp.and_then(|(_, o)| o.joined.get("A-join")).map_or(0.0, Score::top1);
    let worst = run.of(Practice::Noroshi).map_or(1.0, worst_posterior);
    let unique = run.joined(Practice::Noroshi, "A-coal").map_or(1.0, Score::unique);
    out.push_str("<div class=\"tiles\">");
    for (figure, key) in [
        (percent(others), "redteam-tile-others"),
        (percent(score(Practice::Noroshi, "A-join")), "redteam-tile-own"),
        (format!("{worst:.2}"), "redteam-tile-worst"),
        (percent(unique), "redteam-tile-unique"),
    ] {
        let _ = write!(out, "<div><b>{figure}</b><span>{}</span></div>", escape(&say.t(key)));
    }
    out.push_str("</div>\n");
}

fn adversary_table(out: &mut String, run: &Run, say: &Speech, language: Language) {
    let Some(outcome) = run.of(Practice::Noroshi) else { return };
    out.push_str("<table><thead><tr>");
    for key in
        ["redteam-adversary", "redteam-does", "redteam-top1", "redteam-mean", "redteam-worst"]
    {
        let _ = write!(out, "<th>{}</th>", escape(&say.t(key)));
    }
    out.push_str("</tr></thead><tbody>");
    for (name, score) in &outcome.joined {
        let does = noroshi_anonymity::redteam::describe(name);
        let _ = write!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{:.3}</td><td>{:.3}</td></tr>",
            escape(name),
            escape(does.as_ref().map_or("", |w| w.get(language))),
            with_margin(score),
            score.mean_posterior(),
            score.worst_posterior()
        );
    }
    out.push_str("</tbody></table>\n");
}

/// What must hold exactly, and whether it did.
fn checks(out: &mut String, run: &Run, say: &Speech, language: Language) {
    let Some(outcome) = run.of(Practice::Noroshi) else { return };
    out.push_str("<ul>");
    for sentence in table::checks(outcome, say) {
        let _ = write!(out, "<li>{}</li>", escape(&sentence));
    }
    out.push_str("</ul>\n");
    let breaches = run.breaches(Practice::Noroshi);
    if breaches.is_empty() {
        let _ = writeln!(out, "<p class=\"good\">{}</p>", escape(&say.t("redteam-kept")));
        return;
    }
    let _ = write!(out, "<p class=\"bad\">{}</p><ul>", escape(&say.t("redteam-exceeded")));
    for breach in breaches {
        let _ = write!(out, "<li>{}</li>", escape(&breach.explain(language)));
    }
    out.push_str("</ul>\n");
}

pub(super) fn heading(out: &mut String, tag: &str, text: &str) {
    let _ = writeln!(out, "<{tag}>{}</{tag}>", escape(text));
}

pub(super) fn paragraph(out: &mut String, text: &str) {
    let _ = writeln!(out, "<p>{}</p>", escape(text));
}
