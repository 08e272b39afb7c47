//! File hashes, told apart by their length.

use super::Kind;

/// A hash algorithm STIX 2.1 names (section 10.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each variant is named after its algorithm")]
pub enum HashAlgorithm {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

impl HashAlgorithm {
    /// Every algorithm.
    pub const ALL: [Self; 6] =
        [Self::Md5, Self::Sha1, Self::Sha224, Self::Sha256, Self::Sha384, Self::Sha512];

    /// Length of the digest in hexadecimal digits.
    pub const fn digits(self) -> usize {
        match self {
            Self::Md5 => 32,
            Self::Sha1 => 40,
            Self::Sha224 => 56,
            Self::Sha256 => 64,
            Self::Sha384 => 96,
            Self::Sha512 => 128,
        }
    }

    /// The name in STIX hash dictionaries, such as `SHA-256`.
    pub const fn stix_name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha224 => "SHA-224",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }

    /// The algorithm of this name, whatever its case and hyphens: `SHA256`, `sha-256`.
    pub fn from_name(name: &str) -> Option<Self> {
        let squeezed: String = name
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_uppercase())
            .collect();
        Self::ALL.into_iter().find(|a| a.stix_name().replace('-', "") == squeezed)
    }

    /// The kind of observable a hash of this algorithm is.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Md5 => Kind::Md5,
            Self::Sha1 => Kind::Sha1,
            Self::Sha224 => Kind::Sha224,
            Self::Sha256 => Kind::Sha256,
            Self::Sha384 => Kind::Sha384,
            Self::Sha512 => Kind::Sha512,
        }
    }
}

/// A file hash: lower-case hexadecimal of its algorithm's length.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileHash {
    algorithm: HashAlgorithm,
    digest: String,
}

impl FileHash {
    /// Reads hexadecimal in either case. `None` for another length or another character, and for
    /// fillers (`0000...`, `deadbeefdeadbeef...`), which documents hold and files never have.
    pub fn parse(text: &str) -> Option<Self> {
        let algorithm = HashAlgorithm::ALL.into_iter().find(|a| a.digits() == text.len())?;
        if !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let digest = text.to_ascii_lowercase();
        (!is_filler(digest.as_bytes())).then_some(Self { algorithm, digest })
    }

    /// Which algorithm, known from the length.
    pub fn algorithm(&self) -> HashAlgorithm {
        self.algorithm
    }

    /// The digest in lower-case hexadecimal.
    pub fn as_str(&self) -> &str {
        &self.digest
    }
}

/// Whether the digits repeat with a period of at most 16. A real digest does so once in 2^64 files.
fn is_filler(digits: &[u8]) -> bool {
    [1, 2, 4, 8, 16]
        .into_iter()
        .any(|period| digits.iter().zip(digits.iter().skip(period)).all(|(a, b)| a == b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_tells_the_algorithm() {
        for algorithm in HashAlgorithm::ALL {
            let digest: String = "0123456789abcdeffedcba9876543210a"
                .chars()
                .cycle()
                .take(algorithm.digits())
                .collect();
            let hash = FileHash::parse(&digest.to_ascii_uppercase()).unwrap();
            assert_eq!((hash.algorithm(), hash.as_str()), (algorithm, digest.as_str()));
            assert_eq!(HashAlgorithm::from_name(algorithm.stix_name()), Some(algorithm));
        }
        assert_eq!(HashAlgorithm::from_name("sha256"), Some(HashAlgorithm::Sha256));
        assert_eq!(HashAlgorithm::from_name("SHA3-256"), None);
    }

    #[test]
    fn fillers_are_no_hashes() {
        for block in ["0", "f", "ab", "1234", "deadbeef", "0123456789abcdef"] {
            let text = block.repeat(64 / block.len());
            assert_eq!(FileHash::parse(&text), None, "{block}");
        }
        for text in ["", "d41d8cd98f00b204e9800998ecf8427", "g41d8cd98f00b204e9800998ecf8427e"] {
            assert_eq!(FileHash::parse(text), None, "{text}");
        }
    }
}
