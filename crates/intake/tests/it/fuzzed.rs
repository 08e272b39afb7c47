//! The checks of the fuzz targets of this crate, run over their corpora.

mod intake_read;
mod mail;
#[path = "../../../../fuzz/over_corpus.rs"]
mod over_corpus;
mod repeated;
mod text_extract;

use over_corpus::over_corpus;

#[test]
fn corpus_of_intake_read() {
    over_corpus("intake_read", intake_read::check);
}

#[test]
fn corpus_of_mail() {
    over_corpus("mail", mail::check);
}

#[test]
fn corpus_of_repeated() {
    over_corpus("repeated", repeated::check);
}

#[test]
fn corpus_of_text_extract() {
    over_corpus("text_extract", text_extract::check);
}
