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

use std::path::Path;

pub use accounts::{NewAccount, add_account, disable_account, list_accounts, sign_in_link};
pub use agreements::{list_agreements, publish_agreement, sign_agreement, withdraw_agreement};
pub use authorities::{
    AuthorityKind, add_authority, add_authority_account, list_authorities, remove_authority,
};
pub use certificates::{CertificateFile, Registered, fingerprint_text, read_certificate};
pub use keys::{KeyWish, create_key, list_keys, register_certificate, revoke_key, rotate_key};
pub use labels::{
    LabelNode, LabelTree, label_tree, list_label_words, release_truth, set_label_words,
};
pub use members::{
    NewMember, add_member, declare_asset, list_members, member_leaves, undeclare_asset,
};
pub use partners::{
    NewPartner, add_partner, create_partner_key, list_partner_keys, list_partners,
    register_partner_certificate, remove_partner,
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
    Ok(())
}

/// Appends to the audit trail and, where the register moved, tells running hubs.
fn record(
    tx: &mut Tx<'_>,
    entropy: &dyn Entropy,
    at: Timestamp,
    action: &str,
    subject: &str,
) -> Result<(), StoreError> {
    let entry = audit::Entry::new(at, "operator", action, subject);
    audit::append(tx, &ids::fresh("a", entropy), &entry)?;
    secrets::bump(tx, secrets::REGISTER_VERSION)
}

/// A refusal about something that does not exist.
fn unknown(what: &str, list: &str) -> HubError {
    HubError::bad("unknown", format!("There is no such {what}. `noroshi admin {list}` lists them."))
}
