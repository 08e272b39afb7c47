//! The keys of one report, all from its twelve words (ANONYMITY 6.5, 6.6).

use std::fmt;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::argon::{self, Cost};
use crate::text::{from_hex, hex};
use crate::{Hash, OpeningKey, SealError, SealingKey, SigningKey, VerifyingKey, Words};

/// Memory of Argon2id, in KiB: 64 MiB.
pub const WORDS_MEMORY_KIB: u32 = 64 * 1024;
/// Passes of Argon2id. With one lane, about 0.3 s on a server's core.
pub const WORDS_PASSES: u32 = 3;
/// Words are random and of one report each, so one salt for all gives nothing away.
const SALT: &[u8] = b"noroshi/1/reporter-words";

/// The private keys of one report. Wiped from memory when dropped; has no `Debug` and cannot be
/// serialised.
///
/// A hub that answers browsers without script holds them for the length of one request: use
/// [`with_words`], keep only [`ReporterKeys::public`].
pub struct ReporterKeys {
    signing: SigningKey,
    mailbox: OpeningKey,
    mailbox_id: MailboxId,
    blinding: Zeroizing<[u8; 32]>,
}

impl ReporterKeys {
    /// Derives the keys; takes about 0.3 s and [`WORDS_MEMORY_KIB`]. Limit how many run at once.
    pub fn derive(words: &Words) -> Result<Self, SealError> {
        let cost = Cost { memory_kib: WORDS_MEMORY_KIB, passes: WORDS_PASSES };
        let root = argon::derive(words.seed(), SALT, cost)?;
        let branch = |context: &str| Zeroizing::new(blake3::derive_key(context, root.as_slice()));
        let id = branch("noroshi 2026 mailbox id");
        let mut mailbox_id = [0; MailboxId::LEN];
        mailbox_id.iter_mut().zip(id.iter()).for_each(|(out, byte)| *out = *byte);
        Ok(Self {
            signing: SigningKey::from_seed(*branch("noroshi 2026 report signing key")),
            mailbox: OpeningKey::from_seed(&branch("noroshi 2026 mailbox key"))?,
            mailbox_id: MailboxId(mailbox_id),
            blinding: branch("noroshi 2026 member commitment"),
        })
    }

    /// The key that signs for this report.
    pub fn signing_key(&self) -> &SigningKey {
        &self.signing
    }

    /// The key that opens this report's mailbox.
    pub fn mailbox_key(&self) -> &OpeningKey {
        &self.mailbox
    }

    /// What the hub may keep.
    pub fn public(&self) -> ReporterPublic {
        ReporterPublic {
            report_key: self.signing.verifying_key(),
            mailbox_key: self.mailbox.sealing_key().clone(),
            mailbox_id: self.mailbox_id,
        }
    }

    /// Ties the report to a member without naming it: see [`commitment`].
    pub fn commit(&self, member_id: &str) -> Hash {
        commitment(member_id, &self.blinding)
    }

    /// The value that opens [`ReporterKeys::commit`]. Show it only to whom the reporter chooses:
    /// with it, everybody who guesses the member can confirm the guess.
    pub fn blinding(&self) -> &[u8; 32] {
        &self.blinding
    }
}

/// The public halves: what the hub stores about a report with words.
#[derive(Clone, PartialEq, Eq)]
pub struct ReporterPublic {
    /// Checks what the report key signed.
    pub report_key: VerifyingKey,
    /// Seals questions to the reporter.
    pub mailbox_key: SealingKey,
    /// Finds the mailbox again.
    pub mailbox_id: MailboxId,
}

impl fmt::Debug for ReporterPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReporterPublic(..)")
    }
}

/// Names a mailbox and nothing else: 16 bytes that look random and lead to no key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MailboxId([u8; Self::LEN]);

impl MailboxId {
    /// Bytes of an id.
    pub const LEN: usize = 16;

    /// From stored bytes.
    pub fn from_bytes(bytes: [u8; Self::LEN]) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    pub fn to_bytes(self) -> [u8; Self::LEN] {
        self.0
    }
}

impl fmt::Display for MailboxId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for MailboxId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailboxId(..)")
    }
}

impl std::str::FromStr for MailboxId {
    type Err = SealError;

    fn from_str(text: &str) -> Result<Self, SealError> {
        from_hex(text).map(Self).ok_or(SealError::BadMailboxMessage)
    }
}

/// Reads words, derives their keys, lends them to `work`, and wipes all of it before returning.
///
/// For a hub that answers browsers without script: the keys live for one call and cannot be
/// cloned, printed or serialised. `work` should return public values, plaintext or signatures, and
/// never a seed.
///
/// Errors: as [`Words::parse`] and [`ReporterKeys::derive`].
pub fn with_words<T>(
    words: Zeroizing<String>,
    work: impl FnOnce(&ReporterKeys) -> T,
) -> Result<T, SealError> {
    let parsed = Words::parse(&words)?;
    drop(words);
    let keys = ReporterKeys::derive(&parsed)?;
    drop(parsed);
    Ok(work(&keys))
}

/// `SHA-256(member id ‖ r)`: fixes the member when a report is filed, says nothing until `r` is
/// shown. `r` has a fixed length and stands last, so no two members share an opening.
pub fn commitment(member_id: &str, blinding: &[u8; 32]) -> Hash {
    Sha256::new().chain_update(member_id).chain_update(blinding).finalize().into()
}
