//! `encoded-host`.

use noroshi_stix::Kind::{Domain, Host, Url};

use crate::support::expect;

#[test]
fn data_in_host_names_waits_for_the_desk() {
    expect(
        "encoded-host",
        &[
            (Host, "6d69747375626973686900.t.kurotsuchi.net"),
            (Host, "mzxw6ytboi4dinbsgeztgnjt.kurotsuchi.net"),
            // Base64 of a name and of a stock code, without its capitals.
            (Host, "bmvrdxjpa2ftaq.kurotsuchi.net"),
            (Host, "ndkyqs5u.kurotsuchi.net"),
            (Url, "http://d41d8cd98f00b204e980.kurotsuchi.net/"),
        ],
    );
}

#[test]
fn random_domains_and_plain_hosts_pass() {
    expect(
        "",
        &[
            (Domain, "qxkvjzwpl4t8r2m9.net"),
            (Host, "mail2.kurotsuchi.net"),
            (Host, "webmail01.kurotsuchi.net"),
            (Host, "dashboard.kurotsuchi.net"),
            (Host, "autodiscover.kurotsuchi.net"),
            (Host, "static-content-delivery.kurotsuchi.net"),
            (Host, "xn--r8jz45g.kurotsuchi.net"),
        ],
    );
}
