//! The checks of the fuzz targets of this crate, run over their corpora.

mod anonymity_formats;
#[path = "../../../../fuzz/over_corpus.rs"]
mod over_corpus;

#[test]
fn corpus_of_anonymity_formats() {
    over_corpus::over_corpus("anonymity_formats", anonymity_formats::check);
}
