//! Envelopes: what only the addressee opens.
//!
//! ```text
//! magic "NRSE" | version 1 | suite | purpose | key id, 8 bytes | encapsulation, 1120 | ciphertext
//! ```
//!
//! The header is bound into HPKE's `info`: an envelope for one purpose opens for no other. The
//! plaintext is a length of four bytes, the payload, and zeros up to a size class, so that the
//! length of an envelope tells only the class.

use std::fmt;

use crate::suite::{self, ENCAPSULATION_LEN, SUITE, TAG_LEN};
use crate::{Entropy, KeyId, OpeningKey, SealError, SealingKey};
use zeroize::Zeroizing;

const MAGIC: &[u8; 4] = b"NRSE";
const VERSION: u8 = 1;
const HEADER_LEN: usize = 4 + 3 + 8;
/// Bytes of the length in front of the payload.
const LENGTH_LEN: usize = 4;
const INFO: &[u8] = b"noroshi/1/envelope\0";

/// Bytes of the padded plaintext: each class is four times the one before, 1 KiB to 16 MiB.
pub const SIZE_CLASSES: [usize; 8] =
    [1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20, 1 << 22, 1 << 24];

/// What an envelope is for. An envelope for one purpose opens for no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// A filing to an authority: padded to the smallest class that holds it.
    Filing,
    /// Who a reporter is, for an authority alone: always 1 KiB, so that equal envelopes can go to
    /// every authority that might be competent. An empty payload says: not for you.
    Identity,
    /// The desk asks a reporter: always 4 KiB, and without the name of the key, so that nobody sees
    /// which questions go to the same mailbox.
    MailboxQuestion,
    /// A reporter answers the desk: always 4 KiB.
    MailboxAnswer,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 4] =
        [Self::Filing, Self::Identity, Self::MailboxQuestion, Self::MailboxAnswer];

    /// The word for it in messages and options.
    pub fn name(self) -> &'static str {
        match self {
            Self::Filing => "filing",
            Self::Identity => "identity",
            Self::MailboxQuestion => "mailbox question",
            Self::MailboxAnswer => "mailbox answer",
        }
    }

    /// The most bytes a payload may have.
    pub fn limit(self) -> usize {
        let largest = match self {
            Self::Filing => 1 << 24,
            Self::Identity => 1 << 10,
            Self::MailboxQuestion | Self::MailboxAnswer => 1 << 12,
        };
        largest - LENGTH_LEN
    }

    fn classes(self) -> &'static [usize] {
        match (self, &SIZE_CLASSES) {
            (Self::Filing, all) => all,
            (Self::Identity, [one, ..]) => std::slice::from_ref(one),
            (_, [_, four, ..]) => std::slice::from_ref(four),
        }
    }

    fn code(self) -> u8 {
        match self {
            Self::Filing => 1,
            Self::Identity => 2,
            Self::MailboxQuestion => 3,
            Self::MailboxAnswer => 4,
        }
    }

    fn names_recipient(self) -> bool {
        self != Self::MailboxQuestion
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A sealed payload.
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope {
    purpose: Purpose,
    recipient: KeyId,
    encapsulation: Vec<u8>,
    ciphertext: Vec<u8>,
}

/// Seals `payload` so that only `recipient` opens it, for this purpose and with the same
/// `associated` data (which is not in the envelope: what both sides know, such as a report's
/// number).
///
/// Errors: [`SealError::PayloadTooLong`] above [`Purpose::limit`].
pub fn seal(
    recipient: &SealingKey,
    purpose: Purpose,
    associated: &[u8],
    payload: &[u8],
    entropy: &(impl Entropy + ?Sized),
) -> Result<Envelope, SealError> {
    let too_long = SealError::PayloadTooLong { purpose, limit: purpose.limit() };
    let needed = payload.len().saturating_add(LENGTH_LEN);
    let class = purpose.classes().iter().find(|class| **class >= needed).ok_or(too_long.clone())?;
    let length = u32::try_from(payload.len()).map_err(|_| too_long)?;
    // In one go: growing would leave copies of the plaintext behind.
    let mut text = Zeroizing::new(Vec::with_capacity(*class + TAG_LEN));
    text.extend_from_slice(&length.to_be_bytes());
    text.extend_from_slice(payload);
    text.resize(*class, 0);
    let named = if purpose.names_recipient() { recipient.key_id() } else { KeyId::NOBODY };
    let header = header(purpose, named);
    let info = [INFO, &header].concat();
    let (encapsulation, tag) =
        suite::seal_in_place(recipient.public(), &info, associated, &mut text, entropy)
            .ok_or(SealError::Cipher)?;
    text.extend_from_slice(&tag);
    let ciphertext = std::mem::take(&mut *text);
    Ok(Envelope { purpose, recipient: named, encapsulation, ciphertext })
}

/// Opens an envelope; the payload is wiped from memory when dropped.
///
/// Errors: [`SealError::OtherPurpose`], [`SealError::NotForThisKey`] where the envelope names
/// another key, [`SealError::NotForThisMailbox`] where it names none and does not open, and
/// [`SealError::Altered`].
pub fn open(
    key: &OpeningKey,
    purpose: Purpose,
    associated: &[u8],
    envelope: &Envelope,
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    if envelope.purpose != purpose {
        return Err(SealError::OtherPurpose { sealed_for: envelope.purpose, opened_for: purpose });
    }
    let ours = key.sealing_key().key_id();
    if purpose.names_recipient() && envelope.recipient != ours {
        return Err(SealError::NotForThisKey { sealed_for: envelope.recipient, opened_with: ours });
    }
    let info = [INFO, &envelope.header()].concat();
    let text =
        suite::open(key.seed(), &info, associated, &envelope.encapsulation, &envelope.ciphertext)
            .ok_or(if purpose.names_recipient() {
            SealError::Altered
        } else {
            SealError::NotForThisMailbox
        })?;
    unpad(&text).map(|payload| Zeroizing::new(payload.to_vec())).ok_or(SealError::Altered)
}

impl Envelope {
    /// What it is for, as the envelope says; [`open`] makes sure.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// The key it is for; `None` for a mailbox question, which names nobody.
    pub fn recipient(&self) -> Option<KeyId> {
        self.purpose.names_recipient().then_some(self.recipient)
    }

    /// The bytes to store or send.
    pub fn to_bytes(&self) -> Vec<u8> {
        [&self.header(), self.encapsulation.as_slice(), self.ciphertext.as_slice()].concat()
    }

    /// Reads [`Envelope::to_bytes`]: checks the form, which anybody could have made.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SealError> {
        let bad = SealError::BadEnvelope;
        let rest = bytes.strip_prefix(MAGIC).ok_or(bad("it does not start with NRSE"))?;
        let ([version, suite, code], rest) =
            rest.split_first_chunk::<3>().ok_or(bad("it is cut short"))?;
        if *version != VERSION || *suite != SUITE {
            return Err(bad("it was made by a newer noroshi"));
        }
        let purpose = Purpose::ALL
            .into_iter()
            .find(|purpose| purpose.code() == *code)
            .ok_or(bad("it was made by a newer noroshi"))?;
        let (recipient, rest) = rest.split_first_chunk::<8>().ok_or(bad("it is cut short"))?;
        let recipient = KeyId::from_bytes(*recipient);
        if !purpose.names_recipient() && recipient != KeyId::NOBODY {
            return Err(bad("a mailbox question must not name a key"));
        }
        let (encapsulation, ciphertext) =
            rest.split_at_checked(ENCAPSULATION_LEN).ok_or(bad("it is cut short"))?;
        let padded = ciphertext.len().checked_sub(TAG_LEN);
        if !purpose.classes().iter().any(|class| Some(*class) == padded) {
            return Err(bad("its length is none that an envelope has"));
        }
        Ok(Self {
            purpose,
            recipient,
            encapsulation: encapsulation.to_vec(),
            ciphertext: ciphertext.to_vec(),
        })
    }

    fn header(&self) -> [u8; HEADER_LEN] {
        header(self.purpose, self.recipient)
    }
}

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Envelope({}, ..)", self.purpose)
    }
}

fn header(purpose: Purpose, recipient: KeyId) -> [u8; HEADER_LEN] {
    let mut out = [0; HEADER_LEN];
    let fields = MAGIC.iter().copied().chain([VERSION, SUITE, purpose.code()]);
    out.iter_mut().zip(fields.chain(recipient.to_bytes())).for_each(|(out, byte)| *out = byte);
    out
}

fn unpad(text: &[u8]) -> Option<&[u8]> {
    let (length, rest) = text.split_first_chunk::<LENGTH_LEN>()?;
    let (payload, zeros) =
        rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
    zeros.iter().all(|byte| *byte == 0).then_some(payload)
}
