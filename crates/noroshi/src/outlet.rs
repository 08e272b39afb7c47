//! `noroshi outlet`: serve a shelf, and nothing else.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use noroshi_outlet::listen::TlsFiles;
use noroshi_outlet::{OutletConfig, OutletState, Shelf, Trust};
use noroshi_seal::{VerifyingKey, key_pepper};
use noroshi_stix::StixId;
use noroshi_store::Address;

use crate::serve;
use crate::system::clock;

/// Serve releases from a shelf: a process that holds no report, no member and no secret.
///
/// Run as many as you like beside one hub. The hub prints its key and identity when it starts.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The shelf: a path or a postgres:// address
    #[arg(long, env = "NOROSHI_SHELF", hide_env_values = true, value_name = "ADDRESS")]
    shelf: Address,
    /// The hub's public key in hexadecimal; only what it signed is served
    #[arg(long, env = "NOROSHI_HUB_KEY", value_name = "HEX")]
    hub_key: String,
    /// The hub's STIX identity
    #[arg(long, env = "NOROSHI_HUB_IDENTITY", value_name = "ID")]
    hub_identity: StixId,
    /// Address and port to listen on
    #[arg(long, default_value = "127.0.0.1:8845", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// The address people type
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Let anybody read what is marked TLP:CLEAR
    #[arg(long)]
    public_clear: bool,
    /// Serve https: PEM file of the certificate and those that lead to its authority
    ///
    /// New files are taken without a restart, within seconds or at once on SIGHUP.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_certificate: Option<PathBuf>,
    /// PEM file of the certificate's private key
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
    /// Take client certificates of these authorities only (PEM file); without it, any
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    client_ca: Option<PathBuf>,
    /// Do not ask clients for a certificate
    #[arg(long, requires = "tls_certificate", conflicts_with = "client_ca")]
    no_client_certificates: bool,
}

impl Args {
    fn tls(&self) -> Option<TlsFiles> {
        Some(TlsFiles {
            certificate: self.tls_certificate.clone()?,
            key: self.tls_key.clone()?,
            client_ca: self.client_ca.clone(),
            client_certificates: !self.no_client_certificates,
        })
    }
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    serve::start_logs("info");
    serve::runtime()?.block_on(start(args))
}

/// Reads a public key as the hub prints it.
pub(crate) fn read_key(hex: &str) -> Result<VerifyingKey> {
    let bytes = data_encoding::HEXLOWER_PERMISSIVE
        .decode(hex.trim().as_bytes())
        .ok()
        .and_then(|b| <[u8; 32]>::try_from(b).ok())
        .context("the hub's key has 64 hexadecimal digits; copy it from the hub's first lines")?;
    Ok(VerifyingKey::from_bytes(&bytes)?)
}

async fn start(args: &Args) -> Result<ExitCode> {
    let key = read_key(&args.hub_key)?;
    let trust = Trust { keys: vec![key], creator: args.hub_identity.clone() };
    let shelf = Shelf::open(&args.shelf, trust).await?;
    let mut config = OutletConfig::new(key_pepper(&key));
    let tls = serve::load_tls(args.tls())?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let own_url = format!("{scheme}://{}", args.listen);
    let public_url = args.public_url.clone().unwrap_or_else(|| own_url.clone());
    config.public_url = Some(public_url.clone());
    config.public_clear = args.public_clear;
    let state = OutletState::new(shelf, clock(), config)?;
    let listener = serve::bind(args.listen).await?;
    eprintln!("noroshi outlet on {own_url}");
    let router = noroshi_outlet::harden(noroshi_outlet::router(state.clone()), &state);
    let router = serve::keep_to_https(router, &public_url);
    serve::serve(listener, router, tls, serve::asked_to_stop()).await?;
    Ok(ExitCode::SUCCESS)
}
