//! Keep and prove: signatures, keys, tokens, receipts and the release log.
//!
//! Nothing here opens a socket, reads a file, a clock or the operating system's randomness.

mod entropy;

pub use entropy::{Entropy, SeededEntropy, random_bytes};
