//! What may be said about a victim: the anonymity policy over the vault's data.
//!
//! Everything a decision sees but the candidates of its case is public and published with the
//! release ([`publish`]), so that anybody can make the decision again.

pub mod flags;
pub mod outlook;
pub(crate) mod publish;
mod standing;
mod state;
mod trees;
pub(crate) mod words;

pub use standing::{PublicNames, Standing};
pub(crate) use state::{PublicReader, PublicState};
pub(crate) use trees::Trees;
