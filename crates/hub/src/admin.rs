//! The operator's work: members, agreements, partners, keys, accounts, backups. Used by `noroshi admin` and
//! by the demo; every change is in the audit trail and reaches a running hub with its next tick.

mod accounts;
mod agreements;
mod authorities;
mod certificates;
mod credentials;
mod keys;
mod labels;
mod members;
mod partners;
mod upkeep;

use std::path::Path;
use std::sync::Arc;

pub use accounts::{
    NewAccount, accounts_page, add_account, disable_account, enable_account, list_accounts,
    reset_account, revoke_session, revoke_sessions, set_login, sign_in_link,
};
pub use agreements::{
    list_agreements, publish_agreement, sign_agreement, signatures_page, withdraw_agreement,
};
pub use authorities::{
    AuthorityKind, add_authority, add_authority_account, list_authorities, remove_authority,
};
pub use certificates::{CertificateFile, Registered, fingerprint_text, read_certificate};
pub use keys::{
    KeyWish, create_key, keys_page, list_keys, register_certificate, revoke_key, rotate_key,
};
pub use labels::{
    LabelNode, LabelTree, label_tree, list_label_words, release_truth, set_label_words,
};
pub use members::{
    MemberChange, NewMember, WholeMember, add_member, change_member, declare_asset, list_members,
    member_leaves, members_page, one_member, undeclare_asset,
};
pub use partners::{
    NewPartner, add_partner, create_partner_key, list_partner_keys, list_partners,
    register_partner_certificate, remove_partner,
};
pub use upkeep::{
    Attention, Feeds, Storage, TrailWanted, attention, backup_in_background, export_trail, feeds,
    storage, trail,
};

use noroshi_seal::Entropy;
use noroshi_stix::Timestamp;
use noroshi_store::{StoreError, Tx};

use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::vault::{audit, secrets};

/// Writes consistent copies of both databases into `folder`: `vault.db` and `shelf.db`, or
/// PostgreSQL dumps of the same names. They hold everything, also the signing key: keep them as
/// safe as the databases.
///
/// # Errors
/// When a file of that name exists or a database cannot be read.
pub async fn backup(hub: &Hub, folder: &Path) -> Result<(), HubError> {
    // The shelf first: what a tick adds in between is then in the vault, and a hub that starts on
    // the restored files puts it on the shelf again. The other order would release it twice.
    hub.shelf().store().backup(&folder.join("shelf.db")).await?;
    hub.vault().backup(&folder.join("vault.db")).await?;
    let (now, scribe) = (hub.now(), Scribe::of(hub));
    hub.vault()
        .write("admin.backed_up", move |tx| {
            secrets::raise(tx, secrets::LAST_BACKUP, now.as_micros())?;
            note(tx, &scribe, now, "backup.make", "hub")
        })
        .await?;
    Ok(())
}

/// Who administers, and where ids of lines of the trail come from.
struct Scribe {
    actor: String,
    entropy: Arc<dyn Entropy>,
}

impl Scribe {
    fn of(hub: &Hub) -> Self {
        Self { actor: hub.acting().to_owned(), entropy: hub.entropy_arc() }
    }
}

/// Appends to the audit trail and tells running hubs that the register moved.
fn record(
    tx: &mut Tx<'_>,
    scribe: &Scribe,
    at: Timestamp,
    action: &str,
    subject: &str,
) -> Result<(), StoreError> {
    note(tx, scribe, at, action, subject)?;
    secrets::bump(tx, secrets::REGISTER_VERSION)
}

/// Appends to the audit trail what changes nothing of the register.
fn note(
    tx: &mut Tx<'_>,
    scribe: &Scribe,
    at: Timestamp,
    action: &str,
    subject: &str,
) -> Result<(), StoreError> {
    let entry = audit::Entry::new(at, &scribe.actor, action, subject);
    audit::append(tx, &ids::fresh("a", scribe.entropy.as_ref()), &entry)
}

/// Until when what ends needs the operator now: 30 days.
fn soon(now: Timestamp) -> Timestamp {
    now.plus_days(30)
}

/// A refusal about something that does not exist.
fn unknown(what: &str, list: &str) -> HubError {
    HubError::bad("unknown", format!("There is no such {what}. `noroshi admin {list}` lists them."))
}
