//! API keys of members: made once, shown once.

use noroshi_seal::ApiKey;
use noroshi_stix::Timestamp;

use super::{record, unknown};
use crate::error::HubError;
use crate::hub::Hub;
use crate::vault::keys::{self, KeyRow};
use crate::vault::members;

/// What a new key may do and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyWish {
    /// What the member calls it.
    pub label: String,
    /// May read releases.
    pub may_read: bool,
    /// May file reports.
    pub may_report: bool,
    /// Days it holds, at least 1.
    pub days: u32,
}

/// Microseconds the old key of a rotation still holds: one day, to change it everywhere.
const ROTATION_MICROS: i64 = 86_400_000_000;

/// Makes a key for a member. This is the only moment the key can be seen.
///
/// # Errors
/// When there is no such member or the key could do nothing.
pub async fn create_key(hub: &Hub, member: &str, wish: &KeyWish) -> Result<ApiKey, HubError> {
    if !(wish.may_read || wish.may_report) || wish.days == 0 {
        return Err(HubError::bad("bad-key", "A key must read or report, for at least one day."));
    }
    let key = ApiKey::generate(hub.entropy());
    let row = row_of(hub, &key, member, wish);
    insert(hub, row, "key.create").await?;
    Ok(key)
}

/// Replaces a key: the new one does the same, the old one holds for one more day.
///
/// # Errors
/// When there is no such key or it holds no more.
pub async fn rotate_key(hub: &Hub, id: &str, days: u32) -> Result<ApiKey, HubError> {
    let key = id.to_owned();
    let old = hub.vault().read("admin.key", move |tx| keys::one(tx, &key)).await?;
    let now = hub.now();
    let old = old.filter(|k| k.holds(now)).ok_or_else(|| unknown("key", "key list"))?;
    let wish = KeyWish {
        label: old.label.clone(),
        may_read: old.may_read,
        may_report: old.may_report,
        days,
    };
    let key = ApiKey::generate(hub.entropy());
    let fresh = row_of(hub, &key, &old.member, &wish);
    let until = now.plus_micros(ROTATION_MICROS);
    let entropy = hub.entropy_arc();
    // In one step: whatever happens, there are never two keys for the whole time, or none.
    hub.vault()
        .write("admin.rotate_key", move |tx| {
            keys::insert(tx, &fresh)?;
            keys::expire_by(tx, &old.id, until)?;
            record(tx, entropy.as_ref(), now, "key.rotate", &fresh.id)
        })
        .await?;
    Ok(key)
}

/// Takes a key back at once.
///
/// # Errors
/// When there is no such key or it was taken back before.
pub async fn revoke_key(hub: &Hub, id: &str) -> Result<(), HubError> {
    let (id, now, entropy) = (id.to_owned(), hub.now(), hub.entropy_arc());
    let done = hub
        .vault()
        .write("admin.revoke_key", move |tx| {
            let done = keys::revoke(tx, &id, now)?;
            if done {
                record(tx, entropy.as_ref(), now, "key.revoke", &id)?;
            }
            Ok(done)
        })
        .await?;
    if done { Ok(()) } else { Err(unknown("key", "key list")) }
}

/// Every key ever made.
///
/// # Errors
/// When the vault does not answer.
pub async fn list_keys(hub: &Hub) -> Result<Vec<KeyRow>, HubError> {
    Ok(hub.vault().read("admin.keys", keys::list).await?)
}

fn row_of(hub: &Hub, key: &ApiKey, member: &str, wish: &KeyWish) -> KeyRow {
    let now = hub.now();
    let end = now.plus_days(i64::from(wish.days));
    KeyRow {
        id: key.id().to_owned(),
        member: member.to_owned(),
        label: wish.label.clone(),
        digest: key.digest(&hub.key_pepper()).as_bytes().to_vec(),
        may_read: wish.may_read,
        may_report: wish.may_report,
        created: now,
        expires: if end > now { end } else { Timestamp::from_micros(i64::MAX) },
        revoked: None,
    }
}

async fn insert(hub: &Hub, row: KeyRow, action: &'static str) -> Result<(), HubError> {
    let (now, entropy) = (hub.now(), hub.entropy_arc());
    let done = hub
        .vault()
        .write("admin.insert_key", move |tx| {
            if members::one(tx, &row.member)?.is_none() {
                return Ok(false);
            }
            keys::insert(tx, &row)?;
            record(tx, entropy.as_ref(), now, action, &row.id)?;
            Ok(true)
        })
        .await?;
    if done { Ok(()) } else { Err(unknown("member", "member list")) }
}
