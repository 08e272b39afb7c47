//! What holds a secret neither prints nor serialises nor copies itself.

use noroshi_seal::{AuthorityKey, OpeningKey, Question, ReporterKeys, Words};

#[test]
fn secrets_neither_print_nor_serialise_nor_copy() {
    // Compiles only as long as exactly one of the two blanket implementations fits.
    macro_rules! lacks {
        ($type:ty, $($trait:path),+) => {$({
            trait Ambiguous<A> {
                fn here() {}
            }
            impl<T: ?Sized> Ambiguous<()> for T {}
            struct Implements;
            impl<T: ?Sized + $trait> Ambiguous<Implements> for T {}
            <$type as Ambiguous<_>>::here();
        })+};
    }
    lacks!(Words, std::fmt::Debug, std::fmt::Display, serde::Serialize, Clone);
    lacks!(ReporterKeys, std::fmt::Debug, std::fmt::Display, serde::Serialize, Clone);
    lacks!(OpeningKey, std::fmt::Debug, std::fmt::Display, serde::Serialize, Clone);
    lacks!(AuthorityKey, std::fmt::Debug, std::fmt::Display, serde::Serialize, Clone);
    lacks!(Question, std::fmt::Display, serde::Serialize, Clone);
}
