//! What any member can do: recompute the certificate of a context release from public documents.

use anyhow::{Context, Result};
use noroshi_anonymity::policy::{Certificate, Checked};
use noroshi_seal::VerifyingKey;

use crate::client::Client;
use crate::history::{History, Source};

/// The certificate of a release, once every signature is good and all of it follows.
pub(super) fn recompute(client: Client, key: VerifyingKey, release: &str) -> Result<Certificate> {
    let mut history = History::new(Source::Hub(client), vec![key]);
    let certificates = history.certificates(release)?;
    let certificate = certificates.into_iter().next().context("there is no certificate")?;
    let chain = history.chain(1, history.newest_record()?)?;
    let record = chain.record(certificate.record).context("a record is missing")?.clone();
    history.prepare(&record)?;
    history.check_earlier(&chain, &record)?;
    match history.check(&certificate, &record)? {
        Checked::Everything => Ok(certificate),
        Checked::LabelOnly => anyhow::bail!("a first release can be recomputed whole"),
    }
}
