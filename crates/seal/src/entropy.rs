//! Randomness as an argument.

use std::sync::Mutex;

/// A source of random bytes. The binary gives the operating system's; tests give [`SeededEntropy`].
pub trait Entropy: Send + Sync {
    /// Fills `out` with random bytes.
    ///
    /// An implementation that cannot deliver must not return: weak randomness would silently break
    /// every promise built on it.
    fn fill(&self, out: &mut [u8]);

    /// `N` random bytes.
    fn bytes<const N: usize>(&self) -> [u8; N]
    where
        Self: Sized,
    {
        random_bytes(self)
    }
}

/// `N` random bytes from any source, also from `&dyn Entropy`.
pub fn random_bytes<const N: usize>(entropy: &(impl Entropy + ?Sized)) -> [u8; N] {
    let mut out = [0; N];
    entropy.fill(&mut out);
    out
}

/// Reproducible bytes from a seed: BLAKE3 in extendable-output mode. For tests and simulations,
/// never for a running hub.
pub struct SeededEntropy(Mutex<blake3::OutputReader>);

impl SeededEntropy {
    /// The stream of this seed.
    pub fn new(seed: u64) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&seed.to_le_bytes());
        Self(Mutex::new(hasher.finalize_xof()))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, out: &mut [u8]) {
        // A poisoned lock still holds a valid stream position.
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill(out);
    }
}
