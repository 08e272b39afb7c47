//! `addressee`.

use noroshi_stix::Kind::{FileName, Host, Mutex, RegistryKey, Url};

use crate::support::{expect, released};

#[test]
fn words_of_address_wait_for_the_desk() {
    expect(
        "addressee",
        &[
            (FileName, "黒金御中.pdf"),
            (FileName, "黒金太郎様_見積.xlsx"),
            (FileName, "株式会社黒金_契約書.docx"),
            (FileName, "㈱黒金.docx"),
            (FileName, "呉工場_配電図.pdf"),
            (FileName, "kuro Co., Ltd quotation.doc"),
            (FileName, "Kuro_Holdings_Plan.doc"),
            (Mutex, "黒金研究所"),
            (Host, "黒金工場.kurotsuchi.net"),
            (RegistryKey, "HKCU\\Software\\黒金製作所\\x"),
        ],
    );
}

#[test]
fn words_of_address_in_urls_are_cut() {
    let url = "http://kurotsuchi.net/d/%E9%BB%92%E9%87%91%E5%BE%A1%E4%B8%AD.zip";
    assert_eq!(released(Url, url).as_deref(), Some("http://kurotsuchi.net/d/"));
}

#[test]
fn other_words_pass() {
    expect(
        "",
        &[
            (FileName, "仕様書.pdf"),
            (FileName, "同様の件.doc"),
            (FileName, "各位へのお知らせ.doc"),
            (FileName, "様式.xls"),
            (FileName, "shareholdings.xls"),
            (FileName, "見積書_黒金.xlsx"),
        ],
    );
}
