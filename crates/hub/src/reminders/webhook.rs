//! Webhooks, signed as Standard Webhooks has it: `webhook-id`, `webhook-timestamp`, and
//! `webhook-signature` over both and the body. The hub calls no address of its own network, whatever
//! a name resolves to, and follows no redirect.

use std::time::Duration;

use data_encoding::BASE64;
use hmac::{Hmac, Mac};
use noroshi_stix::Timestamp;
use sha2::Sha256;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

use super::deliver::Trouble;
use super::target;

/// How long a call may take, all in all.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A call to make.
pub(super) struct Call {
    pub(super) id: String,
    pub(super) url: String,
    pub(super) body: String,
    pub(super) secret: Vec<u8>,
    pub(super) at: Timestamp,
    /// Whether plain http and the hub's own network may be called.
    pub(super) private: bool,
}

impl Call {
    /// Makes the call, on a thread that may wait.
    pub(super) fn send(&self) -> Result<(), Trouble> {
        let url = target::webhook(&self.url, self.private).map_err(|_| Trouble::NotAllowed)?;
        let config = Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .proxy(None)
            .https_only(!self.private)
            .user_agent("noroshi")
            .build();
        let resolver = Outside { private: self.private, inner: DefaultResolver::default() };
        let agent = Agent::with_parts(config, DefaultConnector::new(), resolver);
        let seconds = self.at.as_micros().div_euclid(1_000_000);
        let answer = agent
            .post(url.as_str())
            .header("content-type", "application/json")
            .header("webhook-id", &self.id)
            .header("webhook-timestamp", seconds.to_string())
            .header("webhook-signature", signature(&self.secret, &self.id, seconds, &self.body))
            .send(&self.body)
            .map_err(|e| trouble(&e))?;
        match answer.status().as_u16() {
            200..=299 => Ok(()),
            300..=399 => Err(Trouble::Redirect),
            410 => Err(Trouble::Gone),
            status => Err(Trouble::Status(status)),
        }
    }
}

/// `v1,` and the HMAC-SHA256 of id, seconds and body, in base64.
pub(super) fn signature(secret: &[u8], id: &str, seconds: i64, body: &str) -> String {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return String::new() };
    mac.update(format!("{id}.{seconds}.{body}").as_bytes());
    format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes()))
}

fn trouble(error: &Error) -> Trouble {
    match error {
        Error::Timeout(_) => Trouble::Timeout,
        Error::Tls(_) | Error::Rustls(_) => Trouble::Tls,
        Error::Other(e) if e.is::<InsideOnly>() => Trouble::NotAllowed,
        // How rustls tells a certificate it does not trust through a socket.
        Error::Io(e) if e.kind() == std::io::ErrorKind::InvalidData => Trouble::Tls,
        _ => Trouble::Unreachable,
    }
}

/// A name that has addresses of the hub's own network only.
#[derive(Debug, thiserror::Error)]
#[error("the address lies in a private network")]
struct InsideOnly;

/// Resolves names and leaves out what is not of the public internet: the connection is made to what
/// was looked at, so that a name cannot change in between.
#[derive(Debug)]
struct Outside {
    private: bool,
    inner: DefaultResolver,
}

impl Resolver for Outside {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let all = self.inner.resolve(uri, config, timeout)?;
        if self.private {
            return Ok(all);
        }
        let mut outside = self.empty();
        for address in all.iter().filter(|a| target::is_public(a.ip())) {
            outside.push(*address);
        }
        if outside.is_empty() { Err(Error::Other(Box::new(InsideOnly))) } else { Ok(outside) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_those_of_standard_webhooks() {
        // The example of the specification.
        let secret = BASE64.decode(b"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let body = "{\"test\": 2432232314}";
        let signed = signature(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_name_of_the_own_network_is_not_called() {
        let call = |url: &str, private| Call {
            id: "n-1".to_owned(),
            url: url.to_owned(),
            body: "{}".to_owned(),
            secret: vec![1; 32],
            at: Timestamp::from_micros(0),
            private,
        };
        // Its name says nothing; what it resolves to does.
        let resolver = Outside { private: false, inner: DefaultResolver::default() };
        let timeout = NextTimeout {
            after: ureq::unversioned::transport::time::Duration::NotHappening,
            reason: ureq::Timeout::Global,
            ..Default::default()
        };
        let uri: Uri = "https://localhost/".parse().unwrap();
        let refused = resolver.resolve(&uri, &Config::default(), timeout);
        assert!(matches!(&refused, Err(e) if trouble(e) == Trouble::NotAllowed), "{refused:?}");
        assert_eq!(call("https://localhost/", false).send(), Err(Trouble::NotAllowed));
    }
}
