//! URLs of things on the network.

use std::net::IpAddr;

use super::DomainName;

/// An absolute `http`, `https` or `ftp` URL with a host, normalised as WHATWG URL does, without
/// user information and fragment.
///
/// Normalising undoes what hides a host: `http://3232235777/` is `http://192.168.1.1/`, a full-width
/// or percent-encoded host is its plain form, and a final dot of the host is dropped.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WebUrl(url::Url);

/// Longest URL accepted, in bytes, as given and as normalised.
pub(super) const MAX_URL_LEN: usize = 8 * 1024;

impl WebUrl {
    /// Reads an absolute URL; `None` for other schemes, no host, control characters, or more than
    /// 8 KiB. Browsers guess at `http:/example.com` and `http:\\example.com`; this does not.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (_, rest) = text.split_once("://")?;
        if text.len() > MAX_URL_LEN
            || rest.starts_with(['/', '\\'])
            || text.chars().any(char::is_control)
        {
            return None;
        }
        let mut url = url::Url::parse(text).ok()?;
        if !matches!(url.scheme(), "http" | "https" | "ftp") {
            return None;
        }
        if let url::Host::Domain(host) = url.host()? {
            let name = DomainName::parse(host)?;
            url.set_host(Some(name.as_str())).ok()?;
        }
        // Credentials in a URL are somebody's; a fragment never reaches a server.
        url.set_username("").ok()?;
        url.set_password(None).ok()?;
        url.set_fragment(None);
        (url.as_str().len() <= MAX_URL_LEN).then_some(Self(url))
    }

    /// The URL.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The host where it is a name.
    pub fn domain(&self) -> Option<DomainName> {
        self.0.domain().and_then(DomainName::parse)
    }

    /// The host where it is an address.
    pub fn address(&self) -> Option<IpAddr> {
        match self.0.host()? {
            url::Host::Domain(_) => None,
            url::Host::Ipv4(a) => Some(IpAddr::V4(a)),
            url::Host::Ipv6(a) => Some(a.to_canonical()),
        }
    }

    /// The host, name or address, as text; IPv6 in brackets.
    pub fn host_str(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// The parsed URL.
    pub fn as_url(&self) -> &url::Url {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalises_what_hides_a_host() {
        for (text, want) in [
            ("HTTP://Evil.example.com/a b?x=1#frag", "http://evil.example.com/a%20b?x=1"),
            ("http://3232235777/x", "http://192.168.1.1/x"),
            ("http://0xC0.0250.1.1", "http://192.168.1.1/"),
            ("http://１９８.５１.１００.７/", "http://198.51.100.7/"),
            ("http://%65xample.com/", "http://example.com/"),
            ("http://example.com./a", "http://example.com/a"),
            ("http://example.com:80/a", "http://example.com/a"),
            ("https://user:pw@example.com:8443/", "https://example.com:8443/"),
            ("http://[2001:DB8::1]/", "http://[2001:db8::1]/"),
            ("http://a_b.example.com/", "http://a_b.example.com/"),
            ("http://日本語.jp/表", "http://xn--wgv71a119e.jp/%E8%A1%A8"),
            ("http://example.com/a/../b", "http://example.com/b"),
        ] {
            let url = WebUrl::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(url.as_str(), want);
            assert_eq!(WebUrl::parse(url.as_str()), Some(url));
        }
    }

    #[test]
    fn refuses_what_is_no_url() {
        let grows = format!("http://example.com/{}", "é".repeat(3_000));
        for text in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "http:///example.com",
            "http:example.com",
            "http:\\\\example.com",
            "http://\\example.com",
            "http://localhost/",
            "http://",
            "http://exa\nmple.com/",
            "http://1.2.3.4.5/",
            "http://a b.com/",
            "//example.com/",
            "example.com/a",
            "http://example.com:99999/",
            &grows,
        ] {
            assert_eq!(WebUrl::parse(text), None, "{text}");
        }
    }

    #[test]
    fn tells_names_and_addresses_apart() {
        let url = WebUrl::parse("http://[::ffff:10.0.0.1]/").unwrap();
        assert_eq!(url.address(), Some(IpAddr::from([10, 0, 0, 1])));
        assert_eq!(url.domain(), None);
        let url = WebUrl::parse("ftp://example.com").unwrap();
        assert_eq!(url.address(), None);
        assert_eq!(url.domain(), DomainName::parse("example.com"));
    }
}
