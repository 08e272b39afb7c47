//! Known answers and properties of everything that is signed, hashed or issued.
#![cfg(test)]

mod api_key;
mod authority;
mod batch;
mod envelope;
mod fuzzed;
mod merkle;
mod receipt;
mod report_proof;
mod reporter;
mod secrets;
mod signing;
mod words;

use noroshi_seal::{SeededEntropy, SigningKey};

fn entropy() -> SeededEntropy {
    SeededEntropy::new(7)
}

fn key() -> SigningKey {
    SigningKey::from_seed([3; 32])
}

fn unhex<const N: usize>(text: &str) -> [u8; N] {
    data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap().try_into().unwrap()
}
