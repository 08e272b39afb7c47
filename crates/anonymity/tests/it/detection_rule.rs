//! `needs-review`.

use noroshi_stix::Kind::{Sigma, Suricata, Yara};

use crate::support::{codes, expect, reasons};

#[test]
fn rules_always_wait_for_a_reader() {
    expect(
        "needs-review",
        &[
            (Yara, "rule a { condition: true }"),
            (Sigma, "title: x\ndetection: {}"),
            (Suricata, "alert tcp any any -> any any (msg:\"x\"; sid:1;)"),
        ],
    );
    assert_eq!(codes(Yara, "rule a { condition: true }"), ["needs-review"]);
    assert!(codes(Yara, "// seen at Toshiba\nrule a { condition: true }").contains(&"member-name"));
}

#[test]
fn what_repeats_itself_is_read_in_one_pass() {
    // Each would take minutes if every repetition looked over all the others.
    for piece in
        [".amazonaws.com", "x.local", ".pdb", "tse", "sn", "//a", "c:/", "a@", "dns", "id="]
    {
        let rule = format!("rule a {{ strings: $a = \"{}\" condition: $a }}", piece.repeat(8_000));
        let started = std::time::Instant::now();
        assert!(!reasons(Yara, &rule).is_empty());
        assert!(started.elapsed().as_secs() < 20, "{piece}: {:?}", started.elapsed());
        println!("{piece}: {:?}", started.elapsed());
    }
}
