//! The only place that reads the machine's clock and its randomness.

use std::sync::Arc;

use noroshi_outlet::Clock;
use noroshi_seal::Entropy;
use noroshi_stix::Timestamp;

/// The machine's clock.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where time enters")]
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(jiff::Timestamp::now().as_microsecond())
    }
}

/// The operating system's random bytes.
pub(crate) struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "the one place where randomness enters")]
    fn fill(&self, out: &mut [u8]) {
        if getrandom::fill(out).is_err() {
            // Weak keys and linkable ids would break every promise in silence.
            eprintln!("noroshi: the operating system gives no random bytes; stopping");
            std::process::abort();
        }
    }
}

/// The clock, shared.
pub(crate) fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

/// The randomness, shared.
pub(crate) fn entropy() -> Arc<dyn Entropy> {
    Arc::new(SystemEntropy)
}
