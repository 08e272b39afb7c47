//! The checks of the fuzz targets of this crate, run over their corpora.

#[path = "../../../../fuzz/over_corpus.rs"]
mod over_corpus;
pub(crate) mod taxii_request;

#[test]
fn corpus_of_taxii_requests() {
    over_corpus::over_corpus("taxii_request", taxii_request::check);
}
