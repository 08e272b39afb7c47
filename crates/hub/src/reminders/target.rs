//! Where a message may go: mail addresses that are some, and addresses of the internet that a member
//! may make the hub call.

use std::net::IpAddr;

use lettre::Address;
use url::{Host, Url};

/// Longest address of a webhook.
const MAX_URL: usize = 500;
/// Longest mail address (RFC 5321, 4.5.3.1.3).
const MAX_MAIL: usize = 254;

/// Why a mail address is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoMail {
    /// It is no address.
    Unreadable,
    /// What stands before the @ is not ASCII: many servers take no such mail (RFC 6531).
    NotAscii,
}

/// Reads a mail address; an internationalised domain in the form that every server takes (RFC 5891).
pub(super) fn mail(text: &str) -> Result<Address, NoMail> {
    let read = |text: &str| text.parse::<Address>().map_err(|_| NoMail::Unreadable);
    let mut address = read(text.trim())?;
    if !address.user().is_ascii() {
        return Err(NoMail::NotAscii);
    }
    if !address.domain().is_ascii() {
        let Ok(Host::Domain(domain)) = Host::parse(address.domain()) else {
            return Err(NoMail::Unreadable);
        };
        address = read(&format!("{}@{domain}", address.user()))?;
    }
    let text: &str = address.as_ref();
    let fits = text.is_ascii() && text.len() <= MAX_MAIL && !text.chars().any(char::is_control);
    if fits { Ok(address) } else { Err(NoMail::Unreadable) }
}

/// Why a webhook's address is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoUrl {
    /// It is no URL, or holds a password or a fragment.
    Unreadable,
    /// It is not https.
    NotHttps,
    /// It leads into the hub's own network.
    Private,
}

/// Reads the address of a webhook. `private` allows plain http and the hub's own network.
pub(super) fn webhook(text: &str, private: bool) -> Result<Url, NoUrl> {
    let url = Url::parse(text.trim()).map_err(|_| NoUrl::Unreadable)?;
    let odd = !url.username().is_empty() || url.password().is_some() || url.fragment().is_some();
    if odd || text.len() > MAX_URL {
        return Err(NoUrl::Unreadable);
    }
    match url.scheme() {
        "https" => {}
        "http" if private => {}
        "http" => return Err(NoUrl::NotHttps),
        _ => return Err(NoUrl::Unreadable),
    }
    let own = match url.host().ok_or(NoUrl::Unreadable)? {
        Host::Ipv4(ip) => !is_public(ip.into()),
        Host::Ipv6(ip) => !is_public(ip.into()),
        // Which addresses a name has is looked at again with each call.
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            !name.contains('.') || name.ends_with(".localhost") || name.ends_with(".internal")
        }
    };
    if own && !private { Err(NoUrl::Private) } else { Ok(url) }
}

/// Whether an address is one of the public internet (the registries of RFC 6890).
pub(super) fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            let shared = a == 100 && (64..128).contains(&b);
            let benchmark = a == 198 && (b == 18 || b == 19);
            let protocols = a == 192 && b == 0 && c == 0;
            let relay = a == 192 && b == 88 && c == 99;
            !(ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_documentation()
                || ip.is_multicast()
                || a == 0
                || a >= 240
                || shared
                || benchmark
                || protocols
                || relay)
        }
        IpAddr::V6(ip) => {
            let s = ip.segments();
            // What is not global unicast is none of ours; neither are the addresses in it that carry
            // an IPv4 address (NAT64 is outside already, 6to4 and Teredo are not), nor documentation.
            let global = s[0] & 0xe000 == 0x2000;
            let tunnel = s[0] == 0x2002 || (s[0] == 0x2001 && s[1] < 0x0200);
            let documentation = (s[0] == 0x2001 && s[1] == 0x0db8) || s[0] == 0x3fff;
            global && !tunnel && !documentation
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet_is_called() {
        for own in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "192.0.2.1",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "2002:7f00:1::",
            "64:ff9b::a00:1",
            "2001:db8::1",
            "2001:0:1::1",
            "fec0::1",
            "::7f00:1",
        ] {
            assert!(!is_public(own.parse().unwrap()), "{own}");
        }
        for public in ["8.8.8.8", "1.1.1.1", "203.0.112.1", "2606:4700::1111", "2400:8900::1"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn webhooks_are_https_to_the_outside() {
        assert!(webhook("https://hooks.example.com/x?y=1", false).is_ok());
        for (bad, why) in [
            ("http://hooks.example.com/", NoUrl::NotHttps),
            ("https://127.0.0.1/", NoUrl::Private),
            ("https://2130706433/", NoUrl::Private),
            ("https://0x7f.1/", NoUrl::Private),
            ("https://[::1]/", NoUrl::Private),
            ("https://[::ffff:10.0.0.1]/", NoUrl::Private),
            ("https://localhost/", NoUrl::Private),
            ("https://localhost./", NoUrl::Private),
            ("https://intranet/", NoUrl::Private),
            ("https://metadata.google.internal/", NoUrl::Private),
            ("https://user@hooks.example.com/", NoUrl::Unreadable),
            ("https://hooks.example.com/#x", NoUrl::Unreadable),
            ("ftp://hooks.example.com/", NoUrl::Unreadable),
            ("file:///etc/passwd", NoUrl::Unreadable),
            ("hooks.example.com", NoUrl::Unreadable),
            ("", NoUrl::Unreadable),
        ] {
            assert_eq!(webhook(bad, false), Err(why), "{bad}");
        }
        assert!(webhook("http://127.0.0.1:8080/hook", true).is_ok());
        assert!(webhook("file:///etc/passwd", true).is_err());
    }

    #[test]
    fn mail_addresses_are_one_address() {
        assert!(mail("soc@kure.example.jp").is_ok() && mail(" a+b@x.jp ").is_ok());
        for bad in [
            "",
            "soc",
            "@x.jp",
            "a@",
            "a@b c",
            "a@x.jp, b@x.jp",
            "A <a@x.jp>",
            "a@x.jp\nBcc: b@x.jp",
        ] {
            assert_eq!(mail(bad), Err(NoMail::Unreadable), "{bad}");
        }
    }

    #[test]
    fn mail_addresses_are_ones_that_every_server_takes() {
        assert_eq!(mail("佐藤@example.jp"), Err(NoMail::NotAscii));
        assert_eq!(mail("soc@日本語.jp").unwrap().to_string(), "soc@xn--wgv71a119e.jp");
    }
}
