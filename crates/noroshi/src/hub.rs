//! `noroshi hub`: run a hub, or write its configuration.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use noroshi_hub::Hub;
use noroshi_hub::access::Role;
use noroshi_hub::admin::{self, NewAccount};
use noroshi_hub::config::{Config, TEMPLATE};
use noroshi_outlet::i18n::{Speech, Value};

use crate::serve;
use crate::system::{clock, entropy};

/// Run a hub and its outlet in one process.
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Option<HubCommand>,
    #[command(flatten)]
    config: ConfigFile,
}

/// Where the configuration is.
#[derive(clap::Args, Clone)]
pub(crate) struct ConfigFile {
    /// Configuration file; `noroshi hub init` writes one
    #[arg(long, env = "NOROSHI_CONFIG", default_value = "noroshi.toml", value_name = "FILE")]
    config: PathBuf,
}

#[derive(Subcommand)]
enum HubCommand {
    /// Write a commented configuration file
    Init {
        /// The file to write; an existing one is kept
        #[arg(default_value = "noroshi.toml", value_name = "FILE")]
        file: PathBuf,
    },
}

pub(crate) fn run(args: Args, speech: &Speech) -> Result<ExitCode> {
    match args.command {
        Some(HubCommand::Init { file }) => init(&file, speech),
        None => serve::runtime()?.block_on(start(args.config, speech)),
    }
}

fn init(file: &Path, speech: &Speech) -> Result<ExitCode> {
    if file.exists() {
        bail!("{} exists; it is kept as it is", file.display());
    }
    std::fs::write(file, TEMPLATE)
        .with_context(|| format!("{} cannot be written", file.display()))?;
    println!("{}", speech.with("hub-init", &[("file", Value::from(file.display().to_string()))]));
    Ok(ExitCode::SUCCESS)
}

/// Reads the configuration and opens the hub it describes.
pub(crate) async fn open(file: &ConfigFile) -> Result<Hub> {
    let path = &file.config;
    let text = std::fs::read_to_string(path).with_context(|| {
        format!("{} cannot be read; `noroshi hub init` writes one", path.display())
    })?;
    let config = Config::parse(&text).with_context(|| path.display().to_string())?;
    open_config(config).await
}

/// Opens the hub of this configuration; makes its data folder, readable by this user only.
pub(crate) async fn open_config(config: Config) -> Result<Hub> {
    make_private(&config.hub.data)?;
    let extra = match config.hub.warning_list.as_str() {
        "" => String::new(),
        file => std::fs::read_to_string(file)
            .with_context(|| format!("hub.warning_list: {file} cannot be read"))?,
    };
    Ok(Hub::open(config, &extra, clock(), entropy()).await?)
}

fn make_private(folder: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .with_context(|| format!("the data folder {} cannot be made", folder.display()))
}

async fn start(file: ConfigFile, speech: &Speech) -> Result<ExitCode> {
    serve::start_logs("info");
    let hub = open(&file).await?;
    let tls = serve::load_tls(hub.config().tls())?;
    let listener = serve::bind(hub.config().hub.listen).await?;
    first_operator(&hub, speech).await?;
    hub.reload_policy().await?;
    let router = serve::router(&hub)?;
    let url = hub.config().public_url();
    eprintln!("{}", speech.with("hub-listening", &[("url", Value::from(url))]));
    let key = data_encoding::HEXLOWER.encode(&hub.signing_key().verifying_key().to_bytes());
    eprintln!("{}", speech.with("hub-key", &[("key", Value::from(key))]));
    let id = hub.identity().to_string();
    eprintln!("{}", speech.with("hub-identity", &[("id", Value::from(id))]));
    let beat = serve::beat(hub.clone());
    let reminders = serve::remind(hub)?;
    serve::serve(listener, router, tls, serve::asked_to_stop()).await?;
    beat.abort();
    reminders.abort();
    Ok(ExitCode::SUCCESS)
}

/// At the first start there is nobody yet: an operator account is made and its link printed.
async fn first_operator(hub: &Hub, speech: &Speech) -> Result<()> {
    let accounts = admin::list_accounts(hub).await?;
    if accounts.iter().any(|a| a.role == Role::Operator && !a.disabled) {
        return Ok(());
    }
    let new = NewAccount { role: Role::Operator, member: None, name: "operator".to_owned() };
    let id = admin::add_account(hub, new).await?;
    let link = admin::sign_in_link(hub, &id).await?;
    eprintln!("{}", speech.with("hub-first-operator", &[("link", Value::from(link))]));
    Ok(())
}
