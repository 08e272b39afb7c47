//! Secrets on disk and from the terminal: files that only their owner reads, and single lines.

use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use zeroize::Zeroizing;

/// Longest line that is read, in bytes.
const MAX_LINE_LEN: u64 = 4_000;

/// Writes a new file that nobody but its owner can read; never over one that exists.
pub(crate) fn write_private(file: &Path, bytes: impl AsRef<[u8]>) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut opened =
        options.open(file).with_context(|| format!("{} cannot be written", file.display()))?;
    opened.write_all(bytes.as_ref())?;
    Ok(opened.sync_all()?)
}

/// The first line of a file, or of standard input for `-`, without its end.
pub(crate) fn one_line(file: &Path) -> Result<Zeroizing<String>> {
    let source: Box<dyn Read> = if file == Path::new("-") {
        if std::io::stdin().is_terminal() {
            // Whoever sits before it should see that the program waits.
            eprint!("> ");
        }
        Box::new(std::io::stdin())
    } else {
        Box::new(
            std::fs::File::open(file)
                .with_context(|| format!("{} cannot be read", file.display()))?,
        )
    };
    let mut line = Zeroizing::new(String::with_capacity(4_000));
    BufReader::new(source.take(MAX_LINE_LEN)).read_line(&mut line)?;
    let len = line.trim_end_matches(['\r', '\n']).len();
    line.truncate(len);
    if line.is_empty() {
        bail!("{}: its first line is empty", file.display());
    }
    Ok(line)
}
