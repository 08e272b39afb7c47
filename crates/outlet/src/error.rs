//! What can go wrong in the outlet, for those who run it.

use noroshi_seal::{KeyId, SealError};
use noroshi_store::StoreError;

use crate::i18n::TextsError;

/// An error of the shelf or of starting the outlet. Never shown to a client.
#[derive(Debug, thiserror::Error)]
pub enum OutletError {
    /// The database failed.
    #[error("the shelf's database failed: {0}")]
    Store(#[from] StoreError),
    /// The batch is not signed by a key this outlet trusts.
    #[error("the batch names the key {0}, which is not among the trusted keys of this outlet")]
    UnknownKey(KeyId),
    /// Signature or root do not fit.
    #[error("the batch does not verify: {0}")]
    BadBatch(#[from] SealError),
    /// The batch names a collection that does not take releases.
    #[error("there is no collection {0:?} for releases; known are signals and context")]
    UnknownCollection(String),
    /// One object of the batch may not be served.
    #[error("object {index} of the batch cannot be released: {reason}")]
    BadObject {
        /// Which one, counted from 0.
        index: usize,
        /// Why not.
        reason: &'static str,
    },
    /// A document may not be served.
    #[error("the document {name} cannot be put on the shelf: {reason}")]
    BadDocument {
        /// Which one.
        name: String,
        /// Why not.
        reason: &'static str,
    },
    /// No trusted key signed the document.
    #[error("the document {0} is not signed by a key this outlet trusts")]
    UnsignedDocument(String),
    /// Another document has this name.
    #[error(
        "another document {0} is on the shelf; documents never change, give the new one a name of \
         its own"
    )]
    DocumentChanges(String),
    /// The database changes faster than it can be verified.
    #[error("the shelf changes while it is read; find out who else writes to its database")]
    Unsteady,
    /// The work was given up because the server stops.
    #[error("the server stops; nothing was stored")]
    Interrupted,
    /// The log is full.
    #[error("the shelf holds as many objects as it can")]
    Full,
    /// A text file is broken.
    #[error(transparent)]
    Texts(#[from] TextsError),
    /// The configuration contradicts itself.
    #[error("the outlet's configuration is not usable: {0}")]
    Config(&'static str),
}
