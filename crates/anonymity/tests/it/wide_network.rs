//! `wide-network`.

use noroshi_stix::Kind::{Ipv4, Ipv6};

use crate::support::expect;

#[test]
fn whole_providers_wait_for_the_desk() {
    expect("wide-network", &[(Ipv4, "93.0.0.0/8"), (Ipv4, "93.184.0.0/15"), (Ipv6, "2a00::/28")]);
    expect("", &[(Ipv4, "93.184.0.0/16"), (Ipv4, "93.184.216.0/24"), (Ipv6, "2a01:4f8::/32")]);
}
