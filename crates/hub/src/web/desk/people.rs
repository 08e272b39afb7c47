//! Who did something, as the desk may see it: colleagues by name, reporters as "the reporter".

use std::collections::HashMap;

use super::texts::named;
use crate::error::HubError;
use crate::vault::audit::Entry;
use crate::vault::desk_looks;
use crate::web::visit::Visit;

/// Everybody of the desk.
pub(super) struct People(HashMap<String, String>);

impl People {
    /// Reads their names.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub(super) async fn read(visit: &Visit) -> Result<Self, HubError> {
        let names = visit.app.hub.vault().read("web.people", desk_looks::names).await?;
        Ok(Self(names.into_iter().collect()))
    }

    /// A colleague's name.
    pub(super) fn colleague(&self, account: &str) -> Option<&str> {
        self.0.get(account).map(String::as_str)
    }

    /// Who did what an entry says.
    pub(super) fn name(&self, visit: &Visit, entry: &Entry) -> String {
        if let Some(name) = self.colleague(&entry.actor) {
            return name.to_owned();
        }
        match entry.actor.as_str() {
            "hub" => visit.t("who-hub"),
            "silence" => visit.t("who-silence"),
            _ => visit.t("who-reporter"),
        }
    }

    /// What an action is called.
    pub(super) fn deed(&self, visit: &Visit, action: &str) -> String {
        named(visit, "deed", action)
    }
}
