//! `noroshi demo`: the case of 2011, played on a real hub on this machine.

mod cast;
mod certified;
mod pages;
mod promises;
mod story;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use noroshi_hub::config::Config;
use noroshi_outlet::i18n::Speech;

use crate::hub::open_config;
use crate::serve;

/// Play the case of 2011 on this machine: one firm reports, the others are warned, nobody learns
/// who it was.
///
/// Starts a real hub with 37 members on a temporary folder, files a report, follows it into another
/// member's TAXII client and block lists, checks every promise, then stays up so that you can look
/// around. Nothing leaves this machine.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// End after the story: 0 if every promise held, 1 if one failed
    #[arg(long)]
    once: bool,
    /// Address and port; another port is taken where it is in use
    #[arg(long, default_value = "127.0.0.1:8844", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// Seconds between releases (the product's default is 10)
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=60))]
    tick: u32,
    /// Keep the databases in this folder, which must be new
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, speech: &Speech) -> Result<ExitCode> {
    serve::start_logs("error");
    serve::runtime()?.block_on(play(args, speech))
}

async fn play(args: &Args, speech: &Speech) -> Result<ExitCode> {
    let temporary = tempfile::tempdir().context("no temporary folder can be made")?;
    let data = match &args.data {
        Some(folder) if folder.exists() => {
            anyhow::bail!("{} exists; name a new folder for the demo", folder.display())
        }
        Some(folder) => folder.clone(),
        None => temporary.path().join("data"),
    };
    let listener = match serve::bind(args.listen).await {
        Ok(l) => l,
        Err(_) => serve::bind(SocketAddr::new(args.listen.ip(), 0)).await?,
    };
    let address = listener.local_addr()?;
    let mut config = Config::default();
    config.hub.listen = address;
    config.hub.data = data;
    config.hub.name = "noroshi demo hub".to_owned();
    config.signal.tick_seconds = args.tick;
    let alike = ["heavy", "auto", "electronics", "energy", "transport"];
    config.anonymity.merge_order = alike.map(str::to_owned).to_vec();
    let hub = open_config(config).await?;
    let router = serve::router(&hub)?;
    let beat = serve::beat(hub.clone());
    let reminders = serve::remind(hub.clone())?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(serve::serve(listener, router, None, async {
        // The sender going away means stop as well.
        let _ = stopped.await;
    }));

    let base = format!("http://{address}");
    let kept = story::tell(&hub, &base, args.tick, speech).await?;
    if !args.once {
        pages::show(&hub, &base, speech).await?;
        serve::asked_to_stop().await;
    }
    if stop.send(()).is_err() {
        tracing::warn!("the server had stopped before the story ended");
    }
    reminders.abort();
    beat.abort();
    // Open streams would keep a graceful stop waiting.
    server.abort();
    Ok(if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
