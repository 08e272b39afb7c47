//! The register's public columns and the parameters: what labels are computed from.

use data_encoding::BASE32_NOPAD;
use noroshi_anonymity::MemberId;
use noroshi_anonymity::policy::{Parameters, Roster, RosterRow};
use noroshi_seal::SigningKey;
use noroshi_stix::Timestamp;
use sha2::{Digest, Sha256};

use super::words;
use crate::error::HubError;
use crate::vault::members::Member;

/// Microseconds of a day: the published register says no finer when somebody joined.
const DAY_MICROS: i64 = 86_400_000_000;

/// What labels are computed from at one moment.
pub struct Standing {
    /// The published register.
    pub roster: Roster,
    /// Its hash in hexadecimal.
    pub register: String,
    /// The promise.
    pub parameters: Parameters,
    /// Their hash in hexadecimal.
    pub parameters_hash: String,
    names: PublicNames,
}

/// Makes the ids under which the published register lists members: keyed hashes of the vault's ids,
/// which only the hub can compute. A member is told its own.
#[derive(Clone)]
pub struct PublicNames([u8; 32]);

impl PublicNames {
    /// Those of the hub with this signing key.
    pub fn of(key: &SigningKey) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"noroshi/1/public-member-id-key\0");
        hash.update(key.seed().as_slice());
        Self(hash.finalize().into())
    }

    /// The public id of a member.
    pub fn name(&self, member: &str) -> MemberId {
        let mut hash = Sha256::new();
        hash.update(b"noroshi/1/public-member-id\0");
        hash.update(self.0);
        hash.update(member.as_bytes());
        let digest = hash.finalize();
        let bytes = digest.get(..10).unwrap_or_default();
        MemberId::new(format!("p-{}", BASE32_NOPAD.encode(bytes).to_ascii_lowercase()))
    }
}

impl Standing {
    /// Reads the register's rows; `words` are the operator's own for steps of label paths.
    ///
    /// # Errors
    /// When a row cannot stand in a published register.
    pub fn of(
        members: &[Member],
        own: Vec<(String, noroshi_anonymity::Words)>,
        parameters: Parameters,
        names: PublicNames,
    ) -> Result<Self, HubError> {
        let rows = members.iter().map(|m| RosterRow {
            id: names.name(&m.id).expose().to_owned(),
            path: m.label_path.clone(),
            weight: m.weight,
            joined: m.joined.floor_to(DAY_MICROS),
            left: m.left.map(|left: Timestamp| left.floor_to(DAY_MICROS)),
        });
        let used = members.iter().flat_map(|m| m.label_path.iter().map(String::as_str));
        let words = words::of_steps(used, own)?;
        let roster =
            Roster::from_rows(rows, words).map_err(|e| HubError::Register(e.to_string()))?;
        let hex = |hash: &[u8]| data_encoding::HEXLOWER.encode(hash);
        let (register, parameters_hash) = (hex(roster.hash()), hex(&parameters.hash()));
        Ok(Self { roster, register, parameters, parameters_hash, names })
    }

    /// Where a member stands in the published register.
    pub fn position(&self, member: &str) -> Option<usize> {
        self.roster.position(&self.public_id(member))
    }

    /// The id under which the published register lists a member.
    pub fn public_id(&self, member: &str) -> MemberId {
        self.names.name(member)
    }
}
