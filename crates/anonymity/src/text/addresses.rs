//! Addresses written inside other values.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Every IPv4 address in `text`, with its four numbers separated by dots, hyphens or underscores
/// (`10.1.2.3.log`, `host-10-1-2-3`), and every IPv6 address between other characters. Expects
/// plain text ([`super::fold::plain`]).
pub(crate) fn written_in(text: &str) -> Vec<IpAddr> {
    let mut found = Vec::new();
    for separator in ['.', '-', '_'] {
        let runs = text.split(|c: char| !(c.is_ascii_digit() || c == separator));
        for run in runs.filter(|run| run.len() >= SHORTEST_V4) {
            let numbers: Vec<&str> = run.split(separator).filter(|n| !n.is_empty()).collect();
            found.extend(numbers.windows(4).filter_map(four).map(IpAddr::from));
        }
    }
    let runs = text.split(|c: char| !(c.is_ascii_hexdigit() || matches!(c, ':' | '.')));
    for run in runs.filter(|run| run.bytes().filter(|b| *b == b':').count() >= 2) {
        let address = run.trim_end_matches('.').parse::<Ipv6Addr>();
        found.extend(address.map(IpAddr::from));
    }
    found
}

/// `1.1.1.1`
const SHORTEST_V4: usize = 7;

fn four(numbers: &[&str]) -> Option<Ipv4Addr> {
    let number = |i: usize| numbers.get(i).and_then(|n| n.parse::<u8>().ok());
    Some(Ipv4Addr::new(number(0)?, number(1)?, number(2)?, number(3)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_addresses_in_company() {
        for (text, want) in [
            ("dump-192.168.10.4.log", "192.168.10.4"),
            ("host-10-1-2-3.isp", "10.1.2.3"),
            ("a_10_1_2_3_b", "10.1.2.3"),
            ("1.10.1.2.3", "10.1.2.3"),
            ("m-2a01:4f8:1::9", "2a01:4f8:1::9"),
            ("[fe80::1]:80", "fe80::1"),
        ] {
            assert!(written_in(text).contains(&want.parse().unwrap()), "{text}");
        }
        for text in ["1.2.3", "v1.2.3-4", "300.1.1.1", "12:30:55 on time", "a::b::c"] {
            assert_eq!(written_in(text), [] as [IpAddr; 0], "{text}");
        }
    }
}
