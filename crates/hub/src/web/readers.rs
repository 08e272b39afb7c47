//! Tells the outlet which visitors are signed in here and may read releases.

use axum::http::HeaderMap;
use futures::future::BoxFuture;
use noroshi_outlet::i18n::Locale;
use noroshi_outlet::{Asking, Chrome, Reader, ReaderAuth};

use super::frame;
use crate::access::{Principal, Role, authenticate};
use crate::app::App;
use crate::error::HubError;
use crate::vault::agreements;

/// The hub's sessions, as far as the outlet may know them.
pub struct Readers(App);

impl Readers {
    /// The sessions of this hub.
    pub fn new(app: App) -> Self {
        Self(app)
    }

    async fn who(&self, headers: &HeaderMap, asking: Asking) -> Principal {
        authenticate(&self.0.hub, headers, None, asking).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "a session could not be looked up");
            Principal::Anonymous
        })
    }
}

impl ReaderAuth for Readers {
    fn reader<'a>(&'a self, headers: &'a HeaderMap, asking: Asking) -> BoxFuture<'a, Reader> {
        Box::pin(async move {
            let who = self.who(headers, asking).await;
            if may_read(&self.0, &who).await { Reader::Member } else { Reader::Anonymous }
        })
    }

    fn chrome<'a>(&'a self, headers: &'a HeaderMap, locale: Locale) -> BoxFuture<'a, Chrome> {
        Box::pin(async move {
            let who = self.who(headers, Asking::Page).await;
            let role = who.role();
            let reports = matches!(role, Role::Member | Role::Anonymous);
            Chrome {
                nav: frame::nav_links(role, &self.0.texts.speak(locale)),
                report: reports.then(|| "/report".to_owned()),
                sign_in: (role == Role::Anonymous).then(|| "/home".to_owned()),
            }
        })
    }
}

/// Whether somebody reads what is marked for members: signed-in people of the desk, and of members
/// that have signed the agreement.
pub(super) async fn may_read(app: &App, who: &Principal) -> bool {
    match (who.role(), who.member()) {
        (Role::Desk, _) => true,
        (Role::Member, Some(member)) => {
            signed_until(app, member).await.is_ok_and(|until| until.is_some())
        }
        _ => false,
    }
}

/// Until when a member has signed the agreement; `None` where it has not, or has left.
///
/// # Errors
/// When the vault does not answer.
pub(super) async fn signed_until(
    app: &App,
    member: &str,
) -> Result<Option<noroshi_stix::Timestamp>, HubError> {
    let now = app.hub.now();
    if app.hub.policy().members.get(member).is_some_and(|m| m.left.is_some_and(|l| l <= now)) {
        return Ok(None);
    }
    let member = member.to_owned();
    let read = move |tx: &mut noroshi_store::Tx<'_>| agreements::valid_until(tx, &member, now);
    Ok(app.hub.vault().read("web.signed_until", read).await?)
}
