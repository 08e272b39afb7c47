//! noroshi: one firm reports an attack, every other member is warned, nobody learns who was hit.

mod admin;
mod ask;
mod authority;
mod client;
mod demo;
mod duty;
mod history;
mod hub;
mod mailbox;
mod objects;
mod outlet;
mod redteam;
mod report;
mod scan;
mod secret;
mod serve;
mod speech;
mod stix;
mod system;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The signal fire for attacked firms: report an attack, and every other member's own tools block
/// it seconds later, without anyone learning who was hit.
#[derive(Parser)]
#[command(version, propagate_version = true, after_help = AFTER)]
struct Cli {
    /// Language of what is printed: en or ja [default: from LANG]
    #[arg(long, global = true, env = "NOROSHI_LANG", value_name = "LANG")]
    lang: Option<String>,
    /// Believe these certificate authorities (PEM) about the hub, instead of the public ones
    #[arg(long, global = true, env = "NOROSHI_CA", value_name = "FILE")]
    ca: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

const AFTER: &str = "\
Start here:
  noroshi demo                     play the case of 2011 on this machine
  noroshi hub init && noroshi hub  run a hub
  noroshi report mail.eml list.txt file a report from the shell";

#[derive(Subcommand)]
enum Command {
    Demo(demo::Args),
    Hub(hub::Args),
    Outlet(outlet::Args),
    Report(report::Args),
    Mailbox(mailbox::Args),
    Admin(admin::Args),
    Scan(scan::Args),
    Verify(verify::Args),
    Authority(authority::Args),
    Duty(duty::Args),
    Stix(stix::Args),
    Redteam(redteam::Args),
}

fn main() -> ExitCode {
    end_quietly_with_the_reader();
    let cli = Cli::parse();
    let speech = match speech::speech(cli.lang.as_deref()) {
        Ok(s) => s,
        Err(e) => return fail(&e),
    };
    if let Some(Err(e)) = cli.ca.as_deref().map(client::trust) {
        return fail(&e);
    }
    let done = match cli.command {
        Command::Demo(args) => demo::run(&args, &speech),
        Command::Hub(args) => hub::run(args, &speech),
        Command::Outlet(args) => outlet::run(&args),
        Command::Report(args) => report::run(&args, &speech),
        Command::Mailbox(args) => mailbox::run(&args, &speech),
        Command::Admin(args) => admin::run(args),
        Command::Scan(args) => scan::run(&args),
        Command::Verify(args) => verify::run(&args, &speech),
        Command::Authority(args) => authority::run(args, &speech),
        Command::Duty(args) => duty::run(args, cli.lang.is_some(), &speech),
        Command::Stix(args) => stix::run(&args, &speech),
        Command::Redteam(args) => redteam::run(&args, &speech),
    };
    match done {
        Ok(code) => code,
        Err(e) => fail(&e),
    }
}

/// `noroshi ... | head` ends when head has enough, like other programs: standard output that
/// nobody reads any more is no fault of ours and no reason for a trace.
fn end_quietly_with_the_reader() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let text = info.payload().downcast_ref::<String>().map_or("", String::as_str);
        if text.starts_with("failed printing to stdout") {
            std::process::exit(0);
        }
        usual(info);
    }));
}

/// One line that says what to do, and the causes behind it.
fn fail(error: &anyhow::Error) -> ExitCode {
    let mut text = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        // Some errors already say what is behind them.
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    eprintln!("noroshi: {text}");
    ExitCode::FAILURE
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
