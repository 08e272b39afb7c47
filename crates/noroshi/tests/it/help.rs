//! What `--help` says is a golden file for each command; `TRYCMD=overwrite` writes them anew.

#[test]
fn help_is_as_written() {
    trycmd::TestCases::new().case("tests/cmd/*.trycmd").run();
}
