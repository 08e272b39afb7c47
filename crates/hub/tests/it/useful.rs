//! What is left for defenders: how much of real published threat data passes the gate by itself.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use noroshi_anonymity::{Gate, Reason, Register, Verdict, WarningLists};
use noroshi_intake::{Hint, Limits, read};
use noroshi_stix::Observable;

/// How many of a hundred indicators of attackers must pass without a person.
const LEAST: usize = 90;

/// The folder of real samples, where it is there.
fn folder() -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let named = std::env::var_os("NOROSHI_SAMPLES").map(PathBuf::from);
    let beside = here.join("../../../shared/samples");
    let above = here.join("../../../../shared/samples");
    named.into_iter().chain([beside, above]).find(|p| p.is_dir())
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let kinds = ["stix2", "json", "adoc", "txt", "csv"];
    let list = |p: &Path| std::fs::read_dir(p).unwrap().map(|e| e.unwrap().path());
    let mut all: Vec<PathBuf> =
        list(folder).filter(|p| p.is_dir()).flat_map(|p| list(&p).collect::<Vec<_>>()).collect();
    all.retain(|p| p.extension().is_some_and(|e| kinds.iter().any(|k| e == *k)));
    all.sort();
    all
}

#[test]
fn nine_of_ten_indicators_of_attackers_pass() {
    let Some(folder) = folder() else {
        println!("no samples folder: skipped");
        return;
    };
    let register = include_str!("../../../../reference/demo-register.toml");
    let register = Register::from_toml(register).unwrap();
    let gate = Gate::new(&register, &WarningLists::builtin()).unwrap();
    let (mut passed, mut cut, mut all) = (0, 0, 0);
    let mut why: BTreeMap<&str, (usize, String)> = BTreeMap::new();
    for file in files(&folder) {
        let bytes = std::fs::read(&file).unwrap();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let draft = read(&bytes, Hint::file_name(&name), &Limits::default()).unwrap();
        let (mut here, mut of) = (0, 0);
        for found in &draft.found {
            let reasons = match gate.judge(&found.observable) {
                Verdict::Pass(released) => {
                    here += 1;
                    of += 1;
                    cut += usize::from(released != found.observable);
                    continue;
                }
                Verdict::Quarantine(reasons) | Verdict::Drop(reasons) => reasons,
            };
            for reason in &reasons {
                let entry = why.entry(reason.code()).or_default();
                entry.0 += 1;
                if std::env::var_os("NOROSHI_SAMPLES_SHOW").is_some() {
                    println!("    {} {}", reason.code(), found.observable.value());
                }
                if entry.1.is_empty() {
                    entry.1 = found.observable.value().chars().take(60).collect();
                }
            }
            of += usize::from(is_of_attackers(&found.observable, &reasons));
        }
        println!("{name:40} {here:5} of {of:5}");
        (passed, all) = (passed + here, all + of);
    }
    let permille = passed * 1_000 / all;
    println!("passed {passed} of {all}: {}.{} %, {cut} of them cut", permille / 10, permille % 10);
    for (code, (count, example)) in &why {
        println!("  {code:24} {count:5}  {example}");
    }
    assert!(all > 3_000, "{all}");
    assert!(permille >= LEAST * 10, "{passed} of {all}");
}

/// What nobody should block is nobody's indicator, and rules are for readers by design.
fn is_of_attackers(observable: &Observable, reasons: &[Reason]) -> bool {
    let harmless = ["warning-list", "public-suffix", "special-address"];
    !matches!(observable, Observable::Rule(_))
        && !reasons.iter().all(|r| harmless.contains(&r.code()))
}
