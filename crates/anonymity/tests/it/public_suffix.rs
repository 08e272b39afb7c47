//! `public-suffix` and `shared-suffix`.

use noroshi_stix::Kind::{Domain, Host};

use crate::support::{expect, reasons};

#[test]
fn registries_never_leave_and_shared_services_wait() {
    expect("public-suffix", &[(Domain, "co.jp"), (Domain, "ac.uk"), (Domain, "tokyo.jp")]);
    expect("shared-suffix", &[(Domain, "github.io"), (Domain, "blogspot.com")]);
    expect("", &[(Host, "kurotsuchi.blogspot.com"), (Domain, "kurotsuchi.co.jp")]);
    let suffix =
        |v| reasons(Domain, v).into_iter().find(|r| r.code().ends_with("-suffix")).unwrap();
    assert!(!suffix("co.jp").releasable_after_review());
    assert!(suffix("github.io").releasable_after_review());
}
