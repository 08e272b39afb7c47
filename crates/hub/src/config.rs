//! The configuration file of `noroshi hub`: read strictly, explained in the file itself.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use noroshi_anonymity::policy::{MergeOrder, Parameters, Ratio, Settings};
use noroshi_outlet::listen::TlsFiles;
use noroshi_stix::Tlp;
use noroshi_store::Address;
use serde::Deserialize;

/// The commented file `noroshi hub init` writes. A test reads it back and compares it with the
/// defaults, so that comments and behaviour agree.
pub const TEMPLATE: &str = include_str!("../noroshi.toml");

/// Everything an operator decides.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Addresses, folders, names.
    #[serde(default)]
    pub hub: HubSection,
    /// https without a proxy.
    #[serde(default)]
    pub tls: TlsSection,
    /// The signal lane.
    #[serde(default)]
    pub signal: SignalSection,
    /// The context lane.
    #[serde(default)]
    pub context: ContextSection,
    /// What may be said about a victim.
    #[serde(default)]
    pub anonymity: AnonymitySection,
    /// What the outlet shows to whom.
    #[serde(default)]
    pub outlet: OutletSection,
    /// When members are reminded of deadlines.
    #[serde(default)]
    pub reminders: RemindersSection,
    /// The mail server that carries them.
    #[serde(default)]
    pub smtp: SmtpSection,
    /// Sizes.
    #[serde(default)]
    pub limits: LimitsSection,
}

mod outgoing;
pub use outgoing::{MailTls, RemindersSection, SmtpSection};

/// `[hub]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HubSection {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// The address people type; decides on cookie security. Empty: `https://` or `http://`, as there is
    /// a certificate or not, and `listen`.
    pub public_url: String,
    /// Folder of `vault.db` and `shelf.db`.
    pub data: PathBuf,
    /// Vault database, `postgres://` or a path. Empty: `vault.db` in the data folder.
    pub vault: String,
    /// Shelf database, `postgres://` or a path. Empty: `shelf.db` in the data folder.
    pub shelf: String,
    /// Name of the hub in released objects.
    pub name: String,
    /// A file of further words and domains that are never released, one a line. Empty: none.
    pub warning_list: String,
    /// Folder for backups that the operator asks for on the page. Empty: none can be asked for there.
    pub backups: PathBuf,
}

/// `[tls]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TlsSection {
    /// PEM file of the certificate and what leads to its authority. Empty: plain HTTP.
    pub certificate: PathBuf,
    /// PEM file of the private key.
    pub key: PathBuf,
    /// PEM file of authorities whose client certificates are taken. Empty: any.
    pub client_ca: PathBuf,
    /// Whether clients are asked for a certificate.
    pub client_certificates: bool,
}

/// `[signal]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignalSection {
    /// Seconds between releases, 1 to 3600.
    pub tick_seconds: u32,
    /// TLP label of released indicators: `clear`, `green`, `amber`, `amber+strict`.
    pub tlp: String,
    /// Days an indicator stays valid.
    pub valid_days: u32,
}

/// `[context]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ContextSection {
    /// Hours between context releases, 1 to 720.
    pub batch_hours: u32,
    /// Hours after which a reporter that was asked and did not answer has agreed; 0: never.
    pub silence_hours: u32,
    /// TLP label of released context.
    pub tlp: String,
}

/// `[anonymity]`: published and signed with every context release.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AnonymitySection {
    /// At least this many candidates remain.
    pub k: u32,
    /// After this many colluding members took themselves out.
    pub c: u32,
    /// No candidate then holds more than this share of the weight.
    pub p_max: Ratio,
    /// At most this share of a labelled cell appears as victims within the window.
    pub rho: Ratio,
    /// Length of that window, in days.
    pub window_days: u32,
    /// How long a case the public knows of keeps its cell in quarantine, in days.
    pub quarantine_days: u32,
    /// Days after which the label tree is made anew.
    pub tree_days: u32,
    /// Steps of label paths, so that what is alike stands together and is merged first.
    pub merge_order: Vec<String>,
}

impl Default for AnonymitySection {
    fn default() -> Self {
        let settings = Settings::default();
        Self {
            k: settings.k,
            c: settings.c,
            p_max: settings.p_max,
            rho: settings.rho,
            window_days: settings.window_days,
            quarantine_days: settings.quarantine_days,
            tree_days: 182,
            merge_order: Vec::new(),
        }
    }
}

impl AnonymitySection {
    /// The parameters of the policy.
    ///
    /// # Errors
    /// [`ConfigError::Value`] where they would promise nothing.
    pub fn parameters(&self) -> Result<Parameters, ConfigError> {
        let defaults = Settings::default();
        let order = self.merge_order.clone();
        Parameters::new(Settings {
            k: self.k,
            c: self.c,
            p_max: self.p_max,
            rho: self.rho,
            window_days: self.window_days,
            quarantine_days: self.quarantine_days,
            merge: MergeOrder { order, ..defaults.merge },
            facets: defaults.facets,
        })
        .map_err(|e| ConfigError::Anonymity(e.to_string()))
    }
}

/// `[outlet]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OutletSection {
    /// Whether anybody may read what is marked TLP:CLEAR.
    pub public_clear: bool,
}

/// `[limits]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsSection {
    /// Largest report, all files together, in bytes.
    pub report_bytes: usize,
    /// Most indicators in one report.
    pub report_indicators: usize,
}

impl Default for HubSection {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8844)),
            public_url: String::new(),
            data: PathBuf::from("noroshi-data"),
            vault: String::new(),
            shelf: String::new(),
            name: "noroshi hub".to_owned(),
            warning_list: String::new(),
            backups: PathBuf::new(),
        }
    }
}

impl Default for TlsSection {
    fn default() -> Self {
        Self {
            certificate: PathBuf::new(),
            key: PathBuf::new(),
            client_ca: PathBuf::new(),
            client_certificates: true,
        }
    }
}

impl Default for SignalSection {
    fn default() -> Self {
        Self { tick_seconds: 10, tlp: "green".to_owned(), valid_days: 30 }
    }
}

impl Default for ContextSection {
    fn default() -> Self {
        Self { batch_hours: 168, silence_hours: 0, tlp: "green".to_owned() }
    }
}

impl Default for LimitsSection {
    fn default() -> Self {
        Self { report_bytes: 16 * 1024 * 1024, report_indicators: 50_000 }
    }
}

/// The file cannot be used; the text says where and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// Not TOML, an unknown key, a wrong type.
    #[error("the configuration cannot be read: {0}")]
    Syntax(String),
    /// Parameters of the anonymity policy that promise nothing.
    #[error("[anonymity]: {0}")]
    Anonymity(String),
    /// A value outside its range.
    #[error("{key} = {value}: {wanted}")]
    Value {
        /// Section and key.
        key: &'static str,
        /// What was written.
        value: String,
        /// What can be written.
        wanted: &'static str,
    },
}

impl Config {
    /// Reads the text of a configuration file.
    ///
    /// # Errors
    /// [`ConfigError`] with the line of an unknown key or the range of a value.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let config: Config =
            toml::from_str(text).map_err(|e| ConfigError::Syntax(e.to_string()))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        let range = |key, value: u32, low, high, wanted| {
            if (low..=high).contains(&value) {
                Ok(())
            } else {
                Err(ConfigError::Value { key, value: value.to_string(), wanted })
            }
        };
        range("signal.tick_seconds", self.signal.tick_seconds, 1, 3600, "use 1 to 3600 seconds")?;
        range("signal.valid_days", self.signal.valid_days, 1, 3650, "use 1 to 3650 days")?;
        range("context.batch_hours", self.context.batch_hours, 1, 720, "use 1 to 720 hours")?;
        let silence = self.context.silence_hours;
        range("context.silence_hours", silence, 0, 2160, "use 0 (never) to 2160 hours")?;
        let tree = self.anonymity.tree_days;
        range("anonymity.tree_days", tree, 1, 3650, "use 1 to 3650 days; 182 is twice a year")?;
        self.anonymity.parameters()?;
        self.signal_tlp()?;
        self.context_tlp()?;
        self.check_tls()?;
        self.reminders.check()?;
        self.smtp.check()?;
        let url = &self.hub.public_url;
        if !url.is_empty() && !url.starts_with("http://") && !url.starts_with("https://") {
            return Err(ConfigError::Value {
                key: "hub.public_url",
                value: format!("{url:?}"),
                wanted: "start it with https:// (or http:// for a test)",
            });
        }
        Ok(())
    }

    fn check_tls(&self) -> Result<(), ConfigError> {
        let TlsSection { certificate, key, client_ca, .. } = &self.tls;
        let empty = |path: &Path| path.as_os_str().is_empty();
        let wrong = |key, value: String, wanted| Err(ConfigError::Value { key, value, wanted });
        if empty(certificate) != empty(key) {
            let name = if empty(key) { "tls.key" } else { "tls.certificate" };
            return wrong(name, "\"\"".to_owned(), "name certificate and key, or neither");
        }
        if empty(certificate) && !empty(client_ca) {
            let value = format!("{client_ca:?}");
            return wrong("tls.client_ca", value, "set tls.certificate and tls.key too");
        }
        if !empty(certificate) && self.hub.public_url.starts_with("http://") {
            let value = format!("{:?}", self.hub.public_url);
            return wrong("hub.public_url", value, "with [tls] it starts with https://");
        }
        Ok(())
    }

    /// The files to serve https with; `None`: plain HTTP.
    pub fn tls(&self) -> Option<TlsFiles> {
        let TlsSection { certificate, key, client_ca, client_certificates } = self.tls.clone();
        let client_ca = Some(client_ca).filter(|file| !file.as_os_str().is_empty());
        (!certificate.as_os_str().is_empty()).then_some(TlsFiles {
            certificate,
            key,
            client_ca,
            client_certificates,
        })
    }

    /// The marking of released indicators.
    ///
    /// # Errors
    /// When `signal.tlp` is no label that may be shared with all members.
    pub fn signal_tlp(&self) -> Result<Tlp, ConfigError> {
        tlp("signal.tlp", &self.signal.tlp)
    }

    /// The marking of released context.
    ///
    /// # Errors
    /// When `context.tlp` is no label that may be shared with all members.
    pub fn context_tlp(&self) -> Result<Tlp, ConfigError> {
        tlp("context.tlp", &self.context.tlp)
    }

    /// Where the vault is.
    ///
    /// # Errors
    /// When `hub.vault` is neither a path nor a `postgres://` address.
    pub fn vault(&self) -> Result<Address, ConfigError> {
        self.address("hub.vault", &self.hub.vault, "vault.db")
    }

    /// Where the shelf is.
    ///
    /// # Errors
    /// When `hub.shelf` is neither a path nor a `postgres://` address.
    pub fn shelf(&self) -> Result<Address, ConfigError> {
        self.address("hub.shelf", &self.hub.shelf, "shelf.db")
    }

    fn address(
        &self,
        key: &'static str,
        written: &str,
        default: &str,
    ) -> Result<Address, ConfigError> {
        if written.is_empty() {
            return Ok(Address::Sqlite(Path::new(&self.hub.data).join(default)));
        }
        written.parse().map_err(|_| ConfigError::Value {
            key,
            // The address may hold a password.
            value: "(hidden)".to_owned(),
            wanted: "use a path or postgres://USER@/DATABASE?host=/run/postgresql",
        })
    }

    /// The address people use, without a final slash.
    pub fn public_url(&self) -> String {
        if self.hub.public_url.is_empty() {
            let scheme = if self.tls().is_some() { "https" } else { "http" };
            format!("{scheme}://{}", self.hub.listen)
        } else {
            self.hub.public_url.trim_end_matches('/').to_owned()
        }
    }
}

fn tlp(key: &'static str, written: &str) -> Result<Tlp, ConfigError> {
    let wanted = "use \"clear\", \"green\", \"amber\" or \"amber+strict\"";
    Tlp::from_label(written).filter(|t| *t != Tlp::Red).ok_or_else(|| ConfigError::Value {
        key,
        value: format!("{written:?}"),
        wanted,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_says_what_the_defaults_are() {
        assert_eq!(Config::parse(TEMPLATE).unwrap(), Config::default());
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        let e = Config::parse("[hub]\nlisten_on = 1\n").unwrap_err().to_string();
        assert!(e.contains("listen_on") && e.contains("line 2"), "{e}");
        for bad in [
            "[signal]\ntick_seconds = 0",
            "[signal]\ntlp = \"red\"",
            "[signal]\ntlp = \"white-ish\"",
            "[hub]\npublic_url = \"hub.example\"",
            "[tls]\ncertificate = \"hub.pem\"",
            "[tls]\nkey = \"hub.key\"",
            "[tls]\nclient_ca = \"clients.pem\"",
            "[hub]\npublic_url = \"http://h\"\n[tls]\ncertificate = \"c\"\nkey = \"k\"",
            "[anonymity]\nk = 1",
            "[anonymity]\np_max = \"1\"",
            "[anonymity]\ntree_days = 0",
            "[reminders]\npercent = [0]",
            "[reminders]\noverdue_hours = [1000]",
            "[reminders]\ngive_up_hours = 0",
            "[smtp]\nhost = \"mail.example.org\"",
            "[smtp]\nhost = \"mail.example.org\"\nfrom = \"nobody\"",
            "[smtp]\nfrom = \"a@example.org\"\ntls = \"maybe\"",
            "[smtp]\nhost = \"h\"\nfrom = \"a@h.org\"\nuser = \"u\"",
            "[smtp]\nhost = \"h\"\nfrom = \"a@h.org\"\nuser = \"u\"\npassword_file = \"p\"\ntls = \"none\"",
            "[nonsense]",
            "not toml",
        ] {
            assert!(Config::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn with_a_certificate_people_type_https() {
        assert_eq!(Config::default().public_url(), "http://127.0.0.1:8844");
        assert_eq!(Config::default().tls(), None);
        let config = "[tls]\ncertificate = \"hub.pem\"\nkey = \"hub.key\"";
        let config = Config::parse(config).unwrap();
        assert_eq!(config.public_url(), "https://127.0.0.1:8844");
        let files = config.tls().unwrap();
        assert_eq!((files.key, files.client_ca), (PathBuf::from("hub.key"), None));
    }
}
