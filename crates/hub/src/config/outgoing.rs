//! What leaves the hub by itself: reminders by mail and webhook.

use std::path::PathBuf;

use serde::Deserialize;

use super::ConfigError;

/// `[reminders]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RemindersSection {
    /// Percent of the time that are gone when somebody is reminded.
    pub percent: Vec<u8>,
    /// Hours after a missed deadline.
    pub overdue_hours: Vec<u16>,
    /// Hours for which a message is tried again.
    pub give_up_hours: u32,
    /// Whether members may name addresses to call.
    pub webhooks: bool,
    /// Whether those may lie in the hub's own network, or be plain http.
    pub private_webhooks: bool,
}

/// `[smtp]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SmtpSection {
    /// Name of the mail server. Empty: no mail.
    pub host: String,
    /// Its port; 0 for the usual one.
    pub port: u16,
    /// How the connection is protected.
    pub tls: MailTls,
    /// PEM file of the authority of its certificate. Empty: the well-known ones.
    pub ca: PathBuf,
    /// Name to sign in with. Empty: none.
    pub user: String,
    /// File whose first line is the password.
    pub password_file: PathBuf,
    /// The sender.
    pub from: String,
}

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTls {
    /// Not at all.
    None,
    /// TLS after a word in clear (RFC 3207); without it nothing is sent.
    #[default]
    Starttls,
    /// TLS from the first byte (RFC 8314).
    Tls,
}

impl Default for RemindersSection {
    fn default() -> Self {
        Self {
            percent: vec![50, 80, 95, 100],
            overdue_hours: vec![24],
            give_up_hours: 72,
            webhooks: false,
            private_webhooks: false,
        }
    }
}

impl RemindersSection {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let wrong = |key, value: String, wanted| Err(ConfigError::Value { key, value, wanted });
        if self.percent.iter().any(|p| !(1..=100).contains(p)) || self.percent.len() > 10 {
            let value = format!("{:?}", self.percent);
            return wrong("reminders.percent", value, "use up to ten numbers from 1 to 100");
        }
        if self.overdue_hours.iter().any(|h| !(1..=720).contains(h))
            || self.overdue_hours.len() > 10
        {
            let value = format!("{:?}", self.overdue_hours);
            return wrong("reminders.overdue_hours", value, "use up to ten numbers from 1 to 720");
        }
        if !(1..=720).contains(&self.give_up_hours) {
            let value = self.give_up_hours.to_string();
            return wrong("reminders.give_up_hours", value, "use 1 to 720 hours");
        }
        Ok(())
    }
}

impl SmtpSection {
    /// The port to connect to.
    pub fn port(&self) -> u16 {
        match (self.port, self.tls) {
            (0, MailTls::None) => 25,
            (0, MailTls::Starttls) => 587,
            (0, MailTls::Tls) => 465,
            (port, _) => port,
        }
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if self.host.is_empty() {
            return Ok(());
        }
        let wrong = |key, value: &str, wanted| {
            Err(ConfigError::Value { key, value: format!("{value:?}"), wanted })
        };
        if self.from.parse::<lettre::Address>().is_err() {
            let wanted = "write one mail address, such as \"noroshi@example.org\"";
            return wrong("smtp.from", &self.from, wanted);
        }
        let file = self.password_file.as_os_str();
        if self.user.is_empty() != file.is_empty() {
            return wrong("smtp.user", &self.user, "set user and password_file, or neither");
        }
        if !self.user.is_empty() && self.tls == MailTls::None {
            let wanted = "use \"starttls\" or \"tls\" where a password is sent";
            return wrong("smtp.tls", "none", wanted);
        }
        Ok(())
    }
}
