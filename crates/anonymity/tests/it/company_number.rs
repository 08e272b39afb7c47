//! `company-number`.

use noroshi_stix::Kind::{FileName, Mutex, Url};

use crate::support::{expect, released};

#[test]
fn numbers_of_firms_wait_for_the_desk() {
    expect(
        "company-number",
        &[
            (FileName, "TYO:7011.pdf"),
            (FileName, "report 7011.T.pdf"),
            (FileName, "report (285A.T).pdf"),
            (FileName, "x-492-A.T-x.pdf"),
            (FileName, "証券コード7011.pdf"),
            (FileName, "７０１１．Ｔ.pdf"),
            (Mutex, "NYSE:KURO"),
            // The National Tax Agency's own number, from its page on corporate numbers.
            (FileName, "7000012050002.csv"),
            // The identifier in the standard's example.
            (FileName, "5493001KJTIIGC8Y1R12.xml"),
        ],
    );
}

#[test]
fn numbers_in_urls_are_cut() {
    for given in ["/r?x=7011.T", "/r?x=TYO:7011"] {
        let out = released(Url, &format!("http://kurotsuchi.net{given}"));
        assert_eq!(out.as_deref(), Some("http://kurotsuchi.net/r"), "{given}");
    }
}

#[test]
fn other_numbers_pass() {
    expect(
        "",
        &[
            (FileName, "report 2011.doc"),
            (FileName, "7000012050003.csv"),
            (FileName, "tse.exe"),
            (FileName, "nyse-chart.xls"),
            (FileName, "v1.2.tar"),
            (FileName, "x-1492-A.T-x.doc"),
        ],
    );
}
