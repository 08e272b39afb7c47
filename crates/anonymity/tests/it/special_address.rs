//! `special-address` and `private-address-inside`.

use noroshi_stix::Kind::{FileName, Ipv4, Ipv6, Mutex, Url};

use crate::support::{expect, reasons};

#[test]
fn private_and_reserved_addresses_never_leave() {
    expect(
        "special-address",
        &[
            (Ipv4, "10.1.2.3"),
            (Ipv4, "172.31.255.255"),
            (Ipv4, "192.168.0.1"),
            (Ipv4, "100.64.0.1"),
            (Ipv4, "169.254.1.1"),
            (Ipv4, "127.0.0.1"),
            (Ipv4, "0.0.0.0"),
            (Ipv4, "192.0.2.200"),
            (Ipv4, "198.51.100.7"),
            (Ipv4, "203.0.113.9"),
            (Ipv4, "198.19.0.1"),
            (Ipv4, "224.0.0.251"),
            (Ipv4, "255.255.255.255"),
            (Ipv4, "172.0.0.0/8"),
            (Ipv4, "0.0.0.0/0"),
            (Ipv6, "::1"),
            (Ipv6, "::"),
            (Ipv6, "fe80::1"),
            (Ipv6, "fc00::1"),
            (Ipv6, "fd12:3456::1"),
            (Ipv6, "ff02::1"),
            (Ipv6, "2001:db8::1"),
            (Ipv6, "2002:0a00:0001::1"),
            (Ipv6, "2001:0:4136:e378:8000:63bf:3fff:fdd2"),
            (Ipv6, "64:ff9b::a00:1"),
            (Ipv6, "4000::1"),
            (Ipv6, "2000::/3"),
            (Url, "http://10.0.0.5/x"),
            (Url, "http://[fe80::1]/x"),
            (Url, "http://127.0.0.1:8080/"),
        ],
    );
    let reason = &reasons(Ipv4, "10.1.2.3")[0];
    assert!(!reason.releasable_after_review());
}

#[test]
fn public_addresses_pass() {
    expect(
        "",
        &[
            (Ipv4, "93.184.216.34"),
            (Ipv4, "11.0.0.1"),
            (Ipv4, "172.32.0.1"),
            (Ipv4, "193.168.0.0/24"),
            (Ipv6, "2600:1406::1"),
            (Ipv6, "2a01:4f8::/48"),
            (Url, "http://93.184.216.34/gate.php"),
        ],
    );
}

#[test]
fn private_addresses_inside_values_wait_for_the_desk() {
    expect(
        "private-address-inside",
        &[
            (FileName, "dump-192.168.10.4.log"),
            (Mutex, "conn_10.20.30.40:8080"),
            (Url, "http://kurotsuchi.net/r?src=172.16.4.9"),
        ],
    );
    assert!(reasons(FileName, "dump-192.168.10.4.log")[0].releasable_after_review());
    expect("", &[(FileName, "tool-8.1.2.3.exe"), (FileName, "tool-1.0.0.0.exe")]);
}
