//! `encoded-mailbox`.

use noroshi_stix::Kind::Email;

use crate::support::{expect, reasons};

#[test]
fn senders_with_data_in_their_names_wait_for_the_desk() {
    expect(
        "encoded-mailbox",
        &[
            (Email, "dGFyby55YW1hZGFAYWthZ2F3YQ==@kurotsuchi.net"),
            (Email, "7461726f2e79616d616461@kurotsuchi.net"),
            (Email, "mtaumtazljm2ljezna@kurotsuchi.net"),
            (Email, "bounce-1f3a90bc7d@kurotsuchi.net"),
            (Email, "%74%61%72%6f@kurotsuchi.net"),
        ],
    );
    assert!(reasons(Email, "1f3a90bc7d@kurotsuchi.net")[0].releasable_after_review());
}

#[test]
fn senders_with_names_pass() {
    expect(
        "",
        &[
            (Email, "spear.sender@kurotsuchi.net"),
            (Email, "john2doe@kurotsuchi.net"),
            (Email, "support-24h@kurotsuchi.net"),
            (Email, "info2011@kurotsuchi.net"),
            (Email, "invoice_2011_08@kurotsuchi.net"),
        ],
    );
}
