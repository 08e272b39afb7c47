//! Real published threat data, where the folder is there: `NOROSHI_SAMPLES`, or `shared/samples`
//! beside the checkout. `NOROSHI_SAMPLES_SHOW=name` lists what was found in the files so named.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use noroshi_intake::{Draft, Hint, Limits, read};

/// Files, and how many indicators there are in them at least.
const AT_LEAST: [(&str, usize); 11] = [
    ("amnesty/novispy.stix2", 11),
    ("amnesty/pegasus.stix2", 1468),
    ("eset/misp-turla-lightneuron-event.json", 32),
    ("eset/misp-turla-outlook-event.json", 11),
    ("eset/turla-report.adoc", 265),
    ("oasis/apt1.json", 10),
    ("oasis/poisonivy.json", 50),
    ("unit42/Darkside_IOCs.txt", 72),
    ("unit42/akira-ransomware-stix.json", 18),
    ("unit42/macro-loader.csv", 1466),
    ("unit42/valak-defanged.txt", 125),
];

fn folder() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples");
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/samples");
    let named = std::env::var_os("NOROSHI_SAMPLES").map(PathBuf::from);
    named.into_iter().chain([beside, above]).find(|p| p.is_dir())
}

#[test]
fn reads_every_sample() {
    let Some(folder) = folder() else {
        println!("no samples folder: skipped");
        return;
    };
    let show = std::env::var("NOROSHI_SAMPLES_SHOW").unwrap_or_default();
    for (name, at_least) in AT_LEAST {
        let bytes = std::fs::read(folder.join(name)).unwrap();
        let draft = read(&bytes, Hint::file_name(name), &Limits::default()).unwrap();
        println!("{}", summary(name, &draft));
        if !show.is_empty() && name.contains(&show) {
            list(&draft);
        }
        assert!(draft.found.len() >= at_least, "{name}: {} found", draft.found.len());
    }
}

fn summary(name: &str, draft: &Draft) -> String {
    let join = |counts: Vec<String>| counts.join(", ");
    let kinds = draft.count_by_kind().into_iter().map(|(k, n)| format!("{k} {n}")).collect();
    let mut reasons = BTreeMap::<&str, usize>::new();
    draft.dropped.iter().for_each(|d| *reasons.entry(d.reason.code()).or_default() += 1);
    let mut problems = BTreeMap::<&str, usize>::new();
    draft.problems.iter().for_each(|p| *problems.entry(p.code).or_default() += 1);
    let all = |map: BTreeMap<&str, usize>| map.iter().map(|(k, n)| format!("{k} {n}")).collect();
    format!(
        "{name} ({}): {} found: {} | dropped: {} | problems: {}",
        draft.format.as_str(),
        draft.found.len(),
        join(kinds),
        join(all(reasons)),
        join(all(problems))
    )
}

fn list(draft: &Draft) {
    for found in &draft.found {
        println!("+ {} {} [{}]", found.observable.kind(), found.observable.value(), found.origin);
    }
    for dropped in &draft.dropped {
        println!("- {} {:?} [{}]", dropped.reason.code(), dropped.text, dropped.origin);
    }
    for problem in &draft.problems {
        println!("! {} {} {}", problem.code, problem.path, problem.message);
    }
}
