//! `needs-review`.

use noroshi_stix::Kind::{Sigma, Suricata, Yara};

use crate::support::{codes, expect};

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
