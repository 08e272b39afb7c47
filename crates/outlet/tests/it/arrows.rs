//! The outlet cannot name a reporter: no way leads from it to the crates that know one.

use std::collections::BTreeSet;
use std::path::Path;

/// Follows the dependencies on our own crates, tests and build included.
fn reach(krate: &str, seen: &mut BTreeSet<String>) {
    if !seen.insert(krate.to_owned()) {
        return;
    }
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let manifest = std::fs::read_to_string(crates.join(krate).join("Cargo.toml")).unwrap();
    for line in manifest.lines() {
        let name = line.split(['.', '=', ' ']).next().unwrap();
        if let Some(other) = name.strip_prefix("noroshi-") {
            reach(other, seen);
        }
    }
}

#[test]
fn no_way_leads_to_who_reported() {
    let mut seen = BTreeSet::new();
    reach("outlet", &mut seen);
    let seen: Vec<_> = seen.iter().map(String::as_str).collect();
    assert_eq!(seen, ["outlet", "seal", "stix", "store"]);
}
