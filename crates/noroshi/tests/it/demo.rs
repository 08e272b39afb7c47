//! `noroshi demo --once` plays the story and keeps every promise, in both languages.

use crate::site::{noroshi, text};

#[test]
fn the_story_ends_well() {
    for lang in ["en", "ja"] {
        let folder = tempfile::tempdir().unwrap();
        let args = ["--lang", lang, "demo", "--once", "--listen", "127.0.0.1:0"];
        let output = noroshi(folder.path(), &args).output().unwrap();
        let (out, error) = (text(&output.stdout), text(&output.stderr));
        assert!(output.status.success(), "{out}{error}");
        assert!(!out.is_empty() && !error.contains("panicked"), "{error}");
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert!(left.is_empty(), "the demo left files behind");
    }
}
