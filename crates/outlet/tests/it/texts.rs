//! Every text is there in both languages, with the same variables, and used.

use std::path::Path;

use noroshi_outlet::i18n::{Locale, OUTLET_TEXTS, Texts, audit};

fn sources(folder: &Path, out: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else {
            out.push(std::fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn texts_are_complete() {
    let mut all = Vec::new();
    for folder in ["src", "templates"] {
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut all);
    }
    let complaints = audit(OUTLET_TEXTS, &all);
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn every_text_asked_for_exists() {
    let mut all = Vec::new();
    for folder in ["src", "templates"] {
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut all);
    }
    let texts = Texts::new(OUTLET_TEXTS).unwrap();
    let mut asked = 0;
    for source in &all {
        for part in ["say.t(\"", "say.with(\""] {
            for rest in source.split(part).skip(1) {
                let key = rest.split('"').next().unwrap();
                assert!(texts.has(Locale::En, key), "{key}");
                asked += 1;
            }
        }
    }
    assert!(asked > 30);
}
