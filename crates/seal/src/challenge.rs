//! A challenge and its answer: whoever shows a receipt also holds its words.
//!
//! A receipt is a piece of text that can be copied or sold. The answer to a fresh challenge is
//! signed with the report's own key, for this receipt and this challenge only.

use std::fmt;
use std::str::FromStr;

use crate::text::{checked_base32, from_checked_base32};
use crate::{Domain, Entropy, Receipt, ReporterKeys, SealError, Signature, random_bytes};

/// What a challenge's text starts with.
pub const CHALLENGE_PREFIX: &str = "nrsq_";
/// What an answer's text starts with.
pub const ANSWER_PREFIX: &str = "nrsa_";

/// Random bytes that a verifier makes for one occasion.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Challenge([u8; 32]);

impl Challenge {
    /// A fresh challenge.
    pub fn generate(entropy: &(impl Entropy + ?Sized)) -> Self {
        Self(random_bytes(entropy))
    }

    /// The answer of the reporter who holds these keys.
    ///
    /// Errors: [`SealError::NoReportKey`] for a receipt without one, [`SealError::OtherReporter`]
    /// for the words of another report.
    pub fn answer(
        &self,
        receipt: &Receipt,
        keys: &ReporterKeys,
    ) -> Result<ChallengeAnswer, SealError> {
        let key = keys.signing_key();
        let report = receipt.report_key().ok_or(SealError::NoReportKey)?;
        if report.key != key.verifying_key() {
            return Err(SealError::OtherReporter);
        }
        Ok(ChallengeAnswer(key.sign(Domain::Possession, &self.signed_bytes(receipt))))
    }

    /// Checks that the holder of the receipt's report key answered this challenge. Check the
    /// receipt too: this says nothing about the hub.
    pub fn verify(&self, receipt: &Receipt, answer: &ChallengeAnswer) -> Result<(), SealError> {
        let report = receipt.report_key().ok_or(SealError::NoReportKey)?;
        report.key.verify(Domain::Possession, &self.signed_bytes(receipt), &answer.0)
    }

    fn signed_bytes(&self, receipt: &Receipt) -> [u8; 64] {
        let mut out = [0; 64];
        let bytes = self.0.into_iter().chain(receipt.leaf());
        out.iter_mut().zip(bytes).for_each(|(out, byte)| *out = byte);
        out
    }
}

impl fmt::Display for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&checked_base32(CHALLENGE_PREFIX, &self.0))
    }
}

impl fmt::Debug for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Challenge(..)")
    }
}

impl FromStr for Challenge {
    type Err = SealError;

    fn from_str(text: &str) -> Result<Self, SealError> {
        let bytes =
            from_checked_base32(CHALLENGE_PREFIX, text, 32).ok_or(SealError::BadChallenge)?;
        bytes.as_slice().try_into().map(Self).map_err(|_| SealError::BadChallenge)
    }
}

/// The answer to a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChallengeAnswer(Signature);

impl fmt::Display for ChallengeAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&checked_base32(ANSWER_PREFIX, &self.0.to_bytes()))
    }
}

impl FromStr for ChallengeAnswer {
    type Err = SealError;

    fn from_str(text: &str) -> Result<Self, SealError> {
        let bytes = from_checked_base32(ANSWER_PREFIX, text, 64).ok_or(SealError::BadChallenge)?;
        Signature::from_slice(&bytes).map(Self).map_err(|_| SealError::BadChallenge)
    }
}
