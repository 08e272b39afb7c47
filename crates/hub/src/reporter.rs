//! Words of a report: the keys a reporter brings, or that the hub makes for a browser.
//!
//! Words that the hub makes are shown once and never stored; deriving takes 64 MiB, so one runs at
//! a time.

use noroshi_seal::{ReportKey, ReporterKeys, SealError, SealingKey, WordList, Words};
use zeroize::Zeroizing;

use crate::error::HubError;
use crate::hub::Hub;

/// The public keys a report is filed with.
#[derive(Clone)]
pub struct NewReporter {
    /// Goes into the receipt.
    pub key: ReportKey,
    /// Questions are sealed to it.
    pub mailbox: SealingKey,
}

impl NewReporter {
    /// From the fields `report_key`, `commit` and `mailbox_key` of a form; `None` where none is
    /// given.
    ///
    /// # Errors
    /// 400 `bad-reporter` where one is missing or cannot be read.
    pub(crate) fn of_fields(fields: &[(String, String)]) -> Result<Option<Self>, HubError> {
        let field = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.trim());
        let (key, commit, mailbox) = (field("report_key"), field("commit"), field("mailbox_key"));
        if key.is_none() && commit.is_none() && mailbox.is_none() {
            return Ok(None);
        }
        let read = || {
            let commit = data_encoding::HEXLOWER_PERMISSIVE.decode(commit?.as_bytes()).ok()?;
            let key = ReportKey { key: key?.parse().ok()?, commit: commit.try_into().ok()? };
            Some(Self { key, mailbox: mailbox?.parse().ok()? })
        };
        read().map(Some).ok_or_else(|| {
            HubError::bad(
                "bad-reporter",
                "report_key, commit and mailbox_key belong together: 64 hexadecimal digits twice and a key that begins with nrsk_. `noroshi report --words` makes them; nothing was stored.",
            )
        })
    }
}

/// Makes words for a report of `member` and what the hub keeps of them.
///
/// # Errors
/// When the keys cannot be derived.
pub(crate) async fn make(
    hub: &Hub,
    member: &str,
    list: WordList,
) -> Result<(NewReporter, Zeroizing<String>), HubError> {
    let words = Words::generate(hub.entropy());
    let shown = words.expose(list).map_err(failed)?;
    let member = hub.policy().standing.public_id(member).expose().to_owned();
    let _turn = hub.words_turn().acquire().await.map_err(failed)?;
    let derived = tokio::task::spawn_blocking(move || -> Result<NewReporter, SealError> {
        let keys = ReporterKeys::derive(&words)?;
        let public = keys.public();
        let key = ReportKey { key: public.report_key, commit: keys.commit(&member) };
        Ok(NewReporter { key, mailbox: public.mailbox_key })
    });
    let reporter = derived.await.map_err(failed)?.map_err(failed)?;
    Ok((reporter, shown))
}

fn failed(error: impl std::fmt::Display) -> HubError {
    HubError::Register(format!("words could not be made: {error}"))
}
