//! Keep and prove: signatures, keys, tokens, receipts and the release log.
//!
//! Nothing here opens a socket, reads a file, a clock or the operating system's randomness. No type
//! that holds a secret can be serialised, and none of them prints it.

mod api_key;
mod batch;
mod certificate;
mod day;
mod entropy;
mod error;
mod merkle;
mod receipt;
mod signing;
mod text;
mod token;

pub use api_key::{API_KEY_PREFIX, ApiKey, KeyDigest, key_pepper};
pub use batch::{BatchHead, MAX_COLLECTION_LEN, SignedBatchHead};
pub use certificate::ClientCertificate;
pub use entropy::{Entropy, SeededEntropy, random_bytes};
pub use error::SealError;
pub use merkle::{Hash, Proof, leaf_hash, proof, root, verify_proof};
pub use receipt::{MAX_REPORT_ID_LEN, Receipt, ReceiptFacts};
pub use signing::{Domain, KeyId, Signature, SigningKey, VerifyingKey};
pub use token::{TOKEN_LEN, Token};
