//! The desk's pages: the queue, one report with everything, campaigns, the hours.
//!
//! Every form says what it was made from; a decision that comes second changes nothing and answers
//! with [`conflict`].

mod acts;
mod campaigns;
mod compose;
mod confirm;
mod conflict;
mod hours;
mod keys;
mod original;
mod people;
mod queue;
mod related;
mod report;
mod rows;
mod sides;
mod texts;
mod values;

use crate::error::HubError;
use crate::vault::reports::{self, ReportRow};

use super::small_form::SmallForm;
use super::visit::Visit;

pub(crate) use acts::{change, presence, seen};
pub(crate) use campaigns::{
    close as close_campaign, group, list as campaigns, one as campaign, part,
};
pub(crate) use compose::compose;
pub(crate) use confirm::{
    address_of as revoke_address, context as confirm_context, indicator as confirm_indicator,
};
pub(crate) use hours::hours;
pub(crate) use keys::set as set_keys;
pub(crate) use original::page as original;
pub(crate) use queue::queue;
pub(crate) use report::report;
pub(crate) use sides::{ask, decide_context, propose, revoke_context, second};
pub(crate) use values::{decide, decide_value, revoke};

/// The report of this id, whoever filed it.
///
/// # Errors
/// 404 where there is none.
async fn find(visit: &Visit, id: &str) -> Result<ReportRow, HubError> {
    let id = id.to_owned();
    let read = move |tx: &mut noroshi_store::Tx<'_>| reports::one(tx, &id);
    let found = visit.app.hub.vault().read("web.desk_report", read).await?;
    found.ok_or_else(HubError::not_found)
}

/// The page of the desk a form came from.
fn back<'a>(form: &'a SmallForm, other: &'a str) -> &'a str {
    let own = |to: &&str| {
        let tail = to.strip_prefix("/desk");
        let plain = to.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
        plain && tail.is_some_and(|t| t.is_empty() || t.starts_with(['/', '?', '#']))
    };
    form.get("back").filter(own).unwrap_or(other)
}
