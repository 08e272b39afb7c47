//! Argon2id (RFC 9106): keys from what people can write down.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use zeroize::Zeroizing;

use crate::SealError;

/// How much work a guess costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cost {
    /// Memory in KiB.
    pub(crate) memory_kib: u32,
    /// Passes over the memory.
    pub(crate) passes: u32,
}

/// 32 bytes from a secret, on one lane.
pub(crate) fn derive(
    secret: &[u8],
    salt: &[u8],
    cost: Cost,
) -> Result<Zeroizing<[u8; 32]>, SealError> {
    let too_much = SealError::NotEnoughMemory(cost.memory_kib / 1024);
    let params =
        Params::new(cost.memory_kib, cost.passes, 1, Some(32)).map_err(|_| too_much.clone())?;
    // The library's own memory is not wiped; this is.
    let mut memory = Zeroizing::new(Vec::<Block>::new());
    memory.try_reserve_exact(params.block_count()).map_err(|_| too_much.clone())?;
    memory.resize(params.block_count(), Block::new());
    let mut out = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(secret, salt, out.as_mut_slice(), memory.as_mut_slice())
        .map_err(|_| too_much)?;
    Ok(out)
}
