//! A document that is served beside releases: a certificate, a register, parameters, a record.
//!
//! The hub signs it with its name and with whether anybody may read it, so that neither a database
//! nor a mirror can serve one under another name or to more people.

use data_encoding::BASE64;
use noroshi_seal::{Domain, Hash, Signature, SigningKey, VerifyingKey, leaf_hash};
use serde::de::IgnoredAny;

/// A document with the hub's signature over its name, its openness and its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedDocument {
    /// `kind/name`, both of lower-case ASCII letters, digits, hyphens and, not at an end, dots, such
    /// as `certificates/report--…-v2` or `records/7`. What is called `latest` may be replaced;
    /// everything else never changes.
    pub name: String,
    /// Whether anybody may read it where the public part is on; else only whoever reads releases.
    pub clear: bool,
    /// JSON, served byte for byte.
    pub body: Vec<u8>,
    /// Ed25519 signature, 64 bytes.
    pub signature: Vec<u8>,
}

impl SignedDocument {
    /// Signs a document ([`Domain::Document`]).
    pub fn sign(
        name: impl Into<String>,
        clear: bool,
        body: impl Into<Vec<u8>>,
        key: &SigningKey,
    ) -> Self {
        let mut document =
            Self { name: name.into(), clear, body: body.into(), signature: Vec::new() };
        let signature = key.sign(Domain::Document, &document.message());
        document.signature = signature.to_bytes().to_vec();
        document
    }

    /// Whether one of these keys signed it.
    pub fn verify(&self, keys: &[VerifyingKey]) -> bool {
        let Ok(signature) = Signature::from_slice(&self.signature) else { return false };
        let message = self.message();
        keys.iter().any(|key| key.verify(Domain::Document, &message, &signature).is_ok())
    }

    /// The value of [`SIGNATURE_HEADER`]: a dictionary of structured fields (RFC 9651, section
    /// 3.2) such as `clear=?1, sig=:…:`.
    pub fn header(&self) -> String {
        format!("clear=?{}, sig=:{}:", u8::from(self.clear), BASE64.encode(&self.signature))
    }

    /// The document of an answer, from the name that was asked for, the body, and the value of
    /// [`SIGNATURE_HEADER`]. Nothing is checked yet; `None` where the header is no such value.
    pub fn from_answer(name: &str, body: Vec<u8>, header: &str) -> Option<Self> {
        let (mut clear, mut signature) = (None, None);
        for member in header.split(',') {
            match member.trim().split_once('=')? {
                ("clear", "?0") => clear = Some(false),
                ("clear", "?1") => clear = Some(true),
                ("sig", value) => {
                    let inner = value.strip_prefix(':')?.strip_suffix(':')?;
                    signature = Some(BASE64.decode(inner.as_bytes()).ok()?);
                }
                _ => {}
            }
        }
        Some(Self { name: name.to_owned(), clear: clear?, body, signature: signature? })
    }

    /// Whether a name is one a document can have. It is then also safe as a path of a URL or of a
    /// file: neither absolute nor leading out of a folder.
    pub fn is_name(name: &str) -> bool {
        let part = |part: &str| {
            let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b);
            let plain = (1..=MAX_PART).contains(&part.len()) && part.bytes().all(letter);
            plain && !part.starts_with('.') && !part.ends_with('.') && !part.contains("..")
        };
        name.split_once('/').is_some_and(|(kind, name)| part(kind) && part(name))
    }

    /// Why it cannot be put on a shelf, its signature aside.
    pub(crate) fn flaw(&self) -> Option<&'static str> {
        if !Self::is_name(&self.name) {
            return Some("its name is not kind/name of lower-case letters, digits, '-' and '.'");
        }
        if self.body.len() > MAX_BODY {
            return Some("it is larger than 16 MiB");
        }
        serde_json::from_slice::<IgnoredAny>(&self.body).err().map(|_| "its body is no JSON")
    }

    /// Whether another body may take its place under this name.
    pub(crate) fn may_change(&self) -> bool {
        self.name.ends_with("/latest")
    }

    /// A hash of everything but the signature.
    pub(crate) fn hash(&self) -> Hash {
        leaf_hash(&self.message())
    }

    /// What is signed: name and body with their lengths (big-endian) before them, and one byte for
    /// the openness. Two different documents never have the same bytes.
    fn message(&self) -> Vec<u8> {
        let length = |bytes: &[u8]| u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes();
        let mut out = Vec::with_capacity(self.name.len() + self.body.len() + 17);
        out.extend_from_slice(&length(self.name.as_bytes()));
        out.extend_from_slice(self.name.as_bytes());
        out.push(u8::from(self.clear));
        out.extend_from_slice(&length(&self.body));
        out.extend_from_slice(&self.body);
        out
    }
}

/// The response header with the signature of a document.
pub const SIGNATURE_HEADER: &str = "noroshi-signature";

/// Longest part of a name, in bytes.
const MAX_PART: usize = 100;
/// Largest body: a register of a hundred thousand members has room.
const MAX_BODY: usize = 16 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_part_is_signed() {
        let key = SigningKey::from_seed([1; 32]);
        let keys = [SigningKey::from_seed([2; 32]).verifying_key(), key.verifying_key()];
        let good = SignedDocument::sign("records/1", false, b"{}", &key);
        assert!(good.verify(&keys) && !good.verify(&keys[..1]) && !good.verify(&[]));
        let changes: [fn(&mut SignedDocument); 5] = [
            |d| d.name = "records/2".into(),
            |d| d.clear = true,
            |d| d.body.push(b' '),
            |d| d.signature.truncate(63),
            // The border between name and body is signed too.
            |d| {
                d.name.pop();
                d.body.insert(0, b'1');
            },
        ];
        for (i, change) in changes.into_iter().enumerate() {
            let mut bad = good.clone();
            change(&mut bad);
            assert!(!bad.verify(&keys), "{i}");
        }
    }

    #[test]
    fn names_are_two_plain_parts() {
        let key = SigningKey::from_seed([1; 32]);
        let flaw = |name: &str, body: &str| SignedDocument::sign(name, true, body, &key).flaw();
        for good in ["records/1", "direct/latest", "certificates/report--0a-b.v2", "registers/00ff"]
        {
            assert_eq!(flaw(good, "{}"), None, "{good}");
        }
        for bad in [
            "",
            "records",
            "records/",
            "/1",
            "a/b/c",
            "records/A",
            "a/..",
            "a/.b",
            "a/b.",
            "a/b..c",
            "a/ä",
            "a b/c",
        ] {
            assert!(flaw(bad, "{}").is_some(), "{bad}");
        }
        assert!(flaw("records/1", "{").is_some() && flaw("records/1", "").is_some());
    }

    proptest! {
        #[test]
        fn a_header_is_read_back(clear: bool, body: Vec<u8>, seed: [u8; 32]) {
            let document = SignedDocument::sign("a/b", clear, body, &SigningKey::from_seed(seed));
            let read =
                SignedDocument::from_answer("a/b", document.body.clone(), &document.header());
            prop_assert_eq!(read, Some(document));
        }

        #[test]
        fn any_header_is_an_answer(header in ".{0,80}") {
            let _ = SignedDocument::from_answer("a/b", Vec::new(), &header);
        }
    }
}
