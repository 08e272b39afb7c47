//! Reminders of deadlines, by mail and by webhook.
//!
//! [`pass`] looks at the members whose next mark is reached, decides on each reminder once, however
//! often the hub starts, and tries what waits in the queue. A message is tried until it is taken, with
//! growing pauses, and given up in a state its member sees. What became pointless meanwhile (a clock
//! was corrected, a stage filed, a case withdrawn) is cancelled before it leaves.

mod deliver;
mod mail;
mod mark;
mod plan;
mod settings;
mod target;
mod webhook;
mod words;

use noroshi_outlet::i18n::Texts;

pub use mark::Mark;
pub(crate) use settings::offered;
pub use settings::{Language, Settings, Wish, again, of, recent, renew_secret, set, try_out};

use crate::error::HubError;
use crate::hub::Hub;
use crate::vault::reminders::{self, Count};

/// What a pass did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// Reminders decided.
    pub decided: usize,
    /// Messages sent.
    pub sent: usize,
    /// Messages that failed and are tried again.
    pub failed: usize,
    /// Messages given up.
    pub dead: usize,
}

/// Decides what is due and sends what waits.
///
/// # Errors
/// When the vault does not answer; the next pass carries on. A mail server or webhook that does not
/// answer is no error here: its messages wait.
pub async fn pass(hub: &Hub, texts: &Texts) -> Result<Passed, HubError> {
    let mut passed = Passed { decided: plan::decide(hub).await?, ..Passed::default() };
    deliver::deliver(hub, texts, &mut passed).await?;
    Ok(passed)
}

/// How many messages stand where: all an operator sees of them.
///
/// # Errors
/// When the vault does not answer.
pub async fn counts(hub: &Hub) -> Result<Vec<Count>, HubError> {
    Ok(hub.vault().read("reminders.counts", reminders::counts).await?)
}
