//! The checks of the fuzz targets of this crate, run over their corpora.

mod canonical_json;
mod observable;
#[path = "../../../../fuzz/over_corpus.rs"]
mod over_corpus;
mod stix_document;
mod stix_match;
mod stix_object;
mod stix_pattern;
mod stix_repeated;

use over_corpus::over_corpus;

#[test]
fn corpus_of_canonical_json() {
    over_corpus("canonical_json", canonical_json::check);
}

#[test]
fn corpus_of_observable() {
    over_corpus("observable", observable::check);
}

#[test]
fn corpus_of_stix_object() {
    over_corpus("stix_object", stix_object::check);
}

#[test]
fn corpus_of_stix_pattern() {
    over_corpus("stix_pattern", stix_pattern::check);
}

#[test]
fn corpus_of_stix_document() {
    over_corpus("stix_document", stix_document::check);
}

#[test]
fn corpus_of_stix_match() {
    over_corpus("stix_match", stix_match::check);
}

#[test]
fn corpus_of_stix_repeated() {
    over_corpus("stix_repeated", stix_repeated::check);
}
