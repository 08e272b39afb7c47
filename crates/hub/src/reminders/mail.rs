//! Mail by SMTP, through the server the operator named.

use std::time::{Duration, SystemTime};

use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::{Address, Message, SmtpTransport, Transport};
use noroshi_stix::Timestamp;
use zeroize::Zeroizing;

use super::deliver::Trouble;
use crate::config::{MailTls, SmtpSection};

/// How long one command may take.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A mail to send.
pub(super) struct Letter {
    /// Random, the same over all attempts: a reader's program shows a mail that came twice once.
    pub(super) id: String,
    pub(super) to: String,
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) at: Timestamp,
}

/// The mail server, with what is needed to speak to it.
pub(super) struct Server {
    transport: SmtpTransport,
    from: Mailbox,
}

impl Server {
    /// Reads password and certificates, which may have changed since.
    ///
    /// # Errors
    /// [`Trouble::NotSetUp`], with the reason in the log.
    pub(super) fn new(config: &SmtpSection) -> Result<Self, Trouble> {
        let broken = |what: &str, error: &dyn std::fmt::Display| {
            tracing::error!(%error, "[smtp] cannot be used: {what}; mail waits");
            Trouble::NotSetUp
        };
        let from: Address =
            config.from.parse().map_err(|e| broken("from is no mail address", &e))?;
        let parameters = || -> Result<TlsParameters, Trouble> {
            let mut builder = TlsParameters::builder(config.host.clone());
            if !config.ca.as_os_str().is_empty() {
                let pem = std::fs::read(&config.ca).map_err(|e| broken("ca cannot be read", &e))?;
                let known = Certificate::from_pem(&pem)
                    .map_err(|e| broken("ca holds no certificates in PEM", &e))?;
                builder = builder.certificate_store(CertificateStore::None);
                builder = builder.add_root_certificate(known);
            }
            builder.build_rustls().map_err(|e| broken("TLS cannot start", &e))
        };
        let tls = match config.tls {
            MailTls::None => Tls::None,
            MailTls::Starttls => Tls::Required(parameters()?),
            MailTls::Tls => Tls::Wrapper(parameters()?),
        };
        let mut transport = SmtpTransport::builder_dangerous(config.host.as_str())
            .port(config.port())
            .timeout(Some(TIMEOUT))
            .tls(tls);
        if !config.user.is_empty() {
            let password = std::fs::read_to_string(&config.password_file)
                .map(Zeroizing::new)
                .map_err(|e| broken("password_file cannot be read", &e))?;
            let line = password.lines().next().unwrap_or_default().to_owned();
            transport = transport.credentials(Credentials::new(config.user.clone(), line));
        }
        Ok(Self { transport: transport.build(), from: Mailbox::new(None, from) })
    }

    /// Sends one mail, on a thread that may wait.
    ///
    /// # Errors
    /// What went wrong, as a class: the server's words stay in the log of the server.
    pub(super) fn send(&self, letter: &Letter) -> Result<(), Trouble> {
        let mail = self.mail(letter).ok_or(Trouble::Refused)?;
        match self.transport.send(&mail) {
            Ok(_) => Ok(()),
            Err(error) => Err(trouble(&error)),
        }
    }

    fn mail(&self, letter: &Letter) -> Option<Message> {
        // One that was kept by an earlier version: a server may not take it, and lettre tells that
        // as a fault of the connection.
        let to: Address = letter.to.parse().ok().filter(|_| letter.to.is_ascii())?;
        let micros = u64::try_from(letter.at.as_micros()).ok()?;
        let auto = HeaderName::new_from_ascii_str("Auto-Submitted");
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject.as_str())
            .date(SystemTime::UNIX_EPOCH + Duration::from_micros(micros))
            .message_id(Some(format!("<{}@{}>", letter.id, self.from.email.domain())))
            // No programme that answers mail answers this one (RFC 3834).
            .raw_header(HeaderValue::new(auto, "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone())
            .ok()
    }
}

fn trouble(error: &Error) -> Trouble {
    let code = error.status().map(u16::from);
    match code {
        // What is wrong with the hub's own account is no fault of the address.
        Some(454 | 530 | 534 | 535 | 538) => Trouble::SignIn,
        _ if error.is_permanent() => Trouble::Refused,
        _ if error.is_transient() => Trouble::RefusedForNow,
        _ if error.is_timeout() => Trouble::Timeout,
        _ if error.is_tls() || is_handshake(error) => Trouble::Tls,
        _ if error.is_client() => Trouble::Server,
        _ => Trouble::Unreachable,
    }
}

/// A certificate that is not trusted comes as an error of the socket: that is how rustls tells it.
fn is_handshake(error: &Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(e) = source {
        if let Some(e) = e.downcast_ref::<std::io::Error>() {
            return e.kind() == std::io::ErrorKind::InvalidData;
        }
        source = e.source();
    }
    false
}
