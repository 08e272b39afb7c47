//! `member-network`.

use noroshi_anonymity::{Gate, Register, WarningLists};
use noroshi_stix::Kind::{FileName, Ipv4, Ipv6, Mutex, Url};

use crate::support::{codes_of, entry, expect, file};

fn gate() -> Gate {
    let nets = |list: &str| format!("networks = [{list}]\n");
    let register = Register::from_toml(&file(&[
        entry("a", "Alpha One") + &nets("\"93.184.0.0/16\", \"2a01:4f8:1::/48\""),
        entry("b", "Beta Two") + &nets("\"93.184.216.0/28\", \"45.40.1.1\""),
    ]));
    Gate::new(&register.unwrap(), &WarningLists::default()).unwrap()
}

#[test]
fn addresses_in_or_around_a_members_network_never_leave() {
    let gate = gate();
    for (kind, value) in [
        (Ipv4, "93.184.216.5"),
        (Ipv4, "93.184.255.255"),
        (Ipv4, "93.184.216.0/30"),
        (Ipv4, "93.184.0.0/15"),
        (Ipv4, "45.40.1.1"),
        (Ipv4, "45.40.0.0/16"),
        (Ipv6, "2a01:4f8:1:2::3"),
        (Ipv6, "2a01:4f8::/32"),
        (Ipv6, "::ffff:93.184.216.5"),
        (Url, "http://93.184.7.7/x"),
        (Url, "http://[2a01:4f8:1::9]/x"),
        (FileName, "capture_93.184.9.9.pcap"),
        (Mutex, "m-2a01:4f8:1::9"),
    ] {
        let codes = codes_of(&gate, kind, value);
        assert!(codes.contains(&"member-network"), "{kind} {value}: {codes:?}");
    }
}

#[test]
fn addresses_beside_it_pass() {
    let gate = gate();
    for (kind, value) in [
        (Ipv4, "93.185.0.0"),
        (Ipv4, "93.183.255.255"),
        (Ipv4, "45.40.1.2"),
        (Ipv4, "45.40.1.0/32"),
        (Ipv6, "2a01:4f8:2::1"),
    ] {
        assert!(codes_of(&gate, kind, value).is_empty(), "{kind} {value}");
    }
}

#[test]
fn the_demo_members_have_theirs() {
    expect("member-network", &[(Ipv4, "192.0.2.1"), (Ipv6, "2001:db8:1::1")]);
}
