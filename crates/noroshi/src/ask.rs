//! A yes-or-no question on the terminal.

use std::io::{BufRead, IsTerminal, Write};

use anyhow::{Result, bail};

/// Asks; only `y`, `yes`, `は` and `はい` are a yes.
pub(crate) fn yes(question: &str) -> Result<bool> {
    let input = std::io::stdin();
    if !input.is_terminal() {
        bail!("there is no terminal to ask on; add --yes to send without asking, or --dry-run");
    }
    eprint!("{question} [y/N] ");
    std::io::stderr().flush()?;
    let mut line = String::new();
    input.lock().read_line(&mut line)?;
    Ok(matches!(line.trim().to_lowercase().as_str(), "y" | "yes" | "は" | "はい"))
}
