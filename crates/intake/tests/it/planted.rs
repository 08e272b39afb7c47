//! Recall and precision of the text extractor on the planted set (see its README).

use std::collections::BTreeSet;
use std::path::Path;

use noroshi_intake::text::{Outcome, extract};
use noroshi_stix::Observable;

/// Recall and precision that must hold over the whole set.
const RECALL: f64 = 0.99;
const PRECISION: f64 = 0.95;

/// One file of the set: the text without its annotations, and what they name.
struct Style {
    name: String,
    text: String,
    wanted: BTreeSet<String>,
}

fn styles() -> Vec<Style> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/planted");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    paths.retain(|p| p.extension().is_some_and(|e| e == "txt"));
    let load = |path: &std::path::PathBuf| {
        let whole = std::fs::read_to_string(path).unwrap();
        let (notes, lines): (Vec<&str>, Vec<&str>) =
            whole.lines().partition(|l| l.starts_with("#= "));
        Style {
            name: path.file_stem().unwrap().to_string_lossy().into_owned(),
            text: lines.join("\n") + "\n",
            wanted: notes.iter().map(|n| n.trim_start_matches("#= ").to_owned()).collect(),
        }
    };
    paths.iter().map(load).collect()
}

/// `kind value`; of a rule the name or number that tells it apart.
fn summary(observable: &Observable) -> String {
    let value = match observable {
        Observable::Rule(rule) => rule_name(rule.text()),
        other => other.value(),
    };
    format!("{} {value}", observable.kind())
}

fn rule_name(text: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    if let Some(title) = first.strip_prefix("title: ") {
        return title.to_owned();
    }
    match first.split_once("sid:") {
        Some((_, sid)) => sid.chars().take_while(char::is_ascii_digit).collect(),
        None => first.split_whitespace().nth(1).unwrap_or_default().to_owned(),
    }
}

fn found_in(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    extract(text.as_bytes(), &mut |candidate| {
        if let Outcome::Found(observable) = candidate.outcome {
            found.insert(summary(&observable));
        }
    });
    found
}

#[test]
fn recall_and_precision() {
    let (mut hits, mut wanted, mut found) = (0, 0, 0);
    println!("{:32} {:>6} {:>6} {:>7} {:>9}", "style", "wanted", "found", "recall", "precision");
    for style in styles() {
        let got = found_in(&style.text);
        let hit = got.intersection(&style.wanted).count();
        let share = |of: usize| 100.0 * hit as f64 / of.max(1) as f64;
        println!(
            "{:32} {:6} {:6} {:6.1}% {:8.1}%",
            style.name,
            style.wanted.len(),
            got.len(),
            share(style.wanted.len()),
            share(got.len())
        );
        style.wanted.difference(&got).for_each(|m| println!("    missed {m}"));
        got.difference(&style.wanted).for_each(|m| println!("    extra  {m}"));
        hits += hit;
        wanted += style.wanted.len();
        found += got.len();
    }
    let recall = hits as f64 / wanted as f64;
    let precision = hits as f64 / found as f64;
    println!("{wanted} planted, {found} found: recall {recall:.4}, precision {precision:.4}");
    assert!(wanted >= 300, "the set has shrunk to {wanted}");
    assert!(recall >= RECALL, "recall {recall:.4}");
    assert!(precision >= PRECISION, "precision {precision:.4}");
}
