//! `noroshi admin key`: keys and client certificates of members; partners' keys are listed, rotated
//! and revoked here too.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Subcommand;
use noroshi_hub::Hub;
use noroshi_hub::admin::{self, CertificateFile, KeyWish, Registered};
use noroshi_seal::ApiKey;
use noroshi_stix::Timestamp;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Make a key, which is shown once, or register a certificate
    Create {
        /// Id of the member
        member: String,
        /// What the member calls it: SIEM, firewall
        #[arg(long)]
        label: String,
        /// May file reports, also by posting to the TAXII collection `inbox`
        #[arg(long)]
        report: bool,
        /// May not read releases
        #[arg(long)]
        no_read: bool,
        /// Days it holds; a certificate ends with itself, if that is sooner
        #[arg(long, default_value_t = 365)]
        days: u32,
        /// File with a client certificate, PEM or DER, that stands for a key
        #[arg(long, value_name = "FILE")]
        certificate: Option<PathBuf>,
    },
    /// Replace a key; the old one holds for one more day
    Rotate {
        /// Public part of the key
        key: String,
        /// Days the new key holds
        #[arg(long, default_value_t = 365)]
        days: u32,
    },
    /// Take a key or certificate back at once
    Revoke {
        /// Public part of the key
        key: String,
    },
    /// List keys and certificates
    List,
}

pub(super) async fn run(hub: &Hub, command: Command) -> Result<()> {
    match command {
        Command::Create { member, label, report, no_read, days, certificate } => {
            let wish = KeyWish { label, may_read: !no_read, may_report: report, days };
            match certificate {
                None => show(&admin::create_key(hub, &member, &wish).await?),
                Some(file) => {
                    let file = read(&file)?;
                    let made = admin::register_certificate(hub, &member, &wish, &file).await?;
                    show_certificate(&made);
                }
            }
        }
        Command::Rotate { key, days } => {
            println!("{}", admin::rotate_key(hub, &key, days).await?.expose());
            eprintln!(
                "this is the only time the new key is shown; the old one holds for one more day"
            );
        }
        Command::Revoke { key } => admin::revoke_key(hub, &key).await?,
        Command::List => list(hub).await?,
    }
    Ok(())
}

async fn list(hub: &Hub) -> Result<()> {
    let now = hub.now();
    for k in admin::list_keys(hub).await? {
        let may = match (k.may_read, k.may_report) {
            (true, true) => "read+report",
            (true, false) => "read",
            _ => "report",
        };
        let end = end(k.revoked, k.holds(now), k.expires);
        let certificate = certificate(k.fingerprint.as_deref());
        println!("{}  {}  {may}  {end}  {}{certificate}", k.id, k.member, k.label);
    }
    for k in admin::list_partner_keys(hub).await? {
        let end = end(k.revoked, k.holds(now), k.expires);
        let certificate = certificate(k.fingerprint.as_deref());
        println!("{}  {}  partners  {end}  {}{certificate}", k.id, k.partner, k.label);
    }
    Ok(())
}

fn end(revoked: Option<Timestamp>, holds: bool, expires: Timestamp) -> String {
    let state = match (revoked, holds) {
        (Some(_), _) => "revoked",
        (None, true) => "good",
        (None, false) => "expired",
    };
    format!("{state}  until {expires}")
}

fn certificate(fingerprint: Option<&[u8]>) -> String {
    fingerprint.map(|f| format!("  certificate {}", admin::fingerprint_text(f))).unwrap_or_default()
}

/// Reads a certificate file.
pub(super) fn read(file: &Path) -> Result<CertificateFile> {
    let bytes =
        std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    admin::read_certificate(&bytes).with_context(|| file.display().to_string())
}

/// Prints a key, for the only time.
pub(super) fn show(key: &ApiKey) {
    println!("{}", key.expose());
    eprintln!("this is the only time the key is shown");
}

/// Prints what was registered: nothing of it is secret.
pub(super) fn show_certificate(made: &Registered) {
    println!("{}", made.fingerprint);
    eprintln!(
        "registered as key {} until {}; compare the fingerprint with `openssl x509 -noout -fingerprint -sha256`",
        made.id, made.expires
    );
}
