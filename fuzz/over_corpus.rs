//! Runs the check of a fuzz target over the files of its corpus, as an ordinary test.

use std::path::Path;

/// Runs `check` on every file of `fuzz/corpus/<target>`; the name of a file that fails is printed.
pub(crate) fn over_corpus(target: &str, check: fn(&[u8])) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let mut count = 0;
    for entry in std::fs::read_dir(corpus).unwrap() {
        let path = entry.unwrap().path();
        println!("{target}: {}", path.file_name().unwrap().display());
        check(&std::fs::read(&path).unwrap());
        count += 1;
    }
    assert!(count >= 3, "{target}: {count} files");
}
