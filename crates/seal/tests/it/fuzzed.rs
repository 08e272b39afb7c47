//! The checks of the fuzz targets of this crate, run over their corpora.

mod envelope_formats;
#[path = "../../../../fuzz/over_corpus.rs"]
mod over_corpus;
mod seal_formats;

#[test]
fn corpus_of_seal_formats() {
    over_corpus::over_corpus("seal_formats", seal_formats::check);
}

#[test]
fn corpus_of_envelope_formats() {
    over_corpus::over_corpus("envelope_formats", envelope_formats::check);
}
