//! One wrong letter.

/// How many letters of the text, counted from its beginning, make up the word with exactly one
/// insertion, substitution, deletion or swap of neighbours: one length for each way that fits.
///
/// Word and text are given letter by letter, so that the same code reads them backwards.
pub(super) fn lengths(
    word: impl Fn(usize) -> Option<u8>,
    word_length: usize,
    text: impl Fn(usize) -> Option<u8>,
) -> impl Iterator<Item = usize> {
    let same = (0..word_length).take_while(|&i| word(i) == text(i)).count();
    let left = word_length - same;
    let goes_on = |w: usize, t: usize| (w..word_length).all(|i| word(i) == text(t + i - w));
    let next = text(same).is_some();
    let inserted = next && goes_on(same, same + 1);
    let substituted = next && left >= 1 && goes_on(same + 1, same + 1);
    let deleted = left >= 1 && goes_on(same + 1, same);
    let swapped = left >= 2
        && word(same) == text(same + 1)
        && word(same + 1) == text(same)
        && goes_on(same + 2, same + 2);
    [
        inserted.then_some(word_length + 1),
        (substituted || swapped).then_some(word_length),
        deleted.then(|| word_length.saturating_sub(1)),
    ]
    .into_iter()
    .flatten()
}

/// Whether a text that goes on with `text` can still be the word that goes on with `word`, one
/// letter wrong: quick to ask, and never no where [`lengths`] finds one.
pub(super) fn is_plausible(word: [u8; 3], text: [u8; 3]) -> bool {
    let ([w0, w1, w2], [t0, t1, t2]) = (word, text);
    let wrong_later = w0 == t0 && (w1 == t1 || w2 == t2 || w1 == t2 || w2 == t1);
    let substituted_first = w1 == t1 && w2 == t2;
    let inserted_or_swapped_first = w0 == t1 && (w1 == t2 || w1 == t0);
    let deleted_first = w1 == t0 && w2 == t1;
    wrong_later || substituted_first || inserted_or_swapped_first || deleted_first
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(word: &str, text: &str) -> Vec<usize> {
        let (word, text) = (word.as_bytes(), text.as_bytes());
        lengths(|i| word.get(i).copied(), word.len(), |i| text.get(i).copied()).collect()
    }

    #[test]
    fn one_wrong_letter_of_each_kind() {
        assert_eq!(of("tachi", "taxchi"), [6]);
        assert_eq!(of("tachi", "tachii"), [6]);
        assert_eq!(of("tachi", "taxhi"), [5]);
        assert_eq!(of("tachi", "tahci-more"), [5]);
        assert_eq!(of("tachi", "tahi"), [4]);
        assert_eq!(of("tachi", "tach"), [4]);
    }

    #[test]
    fn plausibility_never_loses_one() {
        let letters = b"abc";
        let words = |n: usize| {
            (0..3_usize.pow(u32::try_from(n).unwrap())).map(move |x| {
                (0..n)
                    .map(|i| letters[x / 3_usize.pow(u32::try_from(i).unwrap()) % 3])
                    .collect::<Vec<u8>>()
            })
        };
        let first = |w: &[u8]| [0, 1, 2].map(|i| w.get(i).copied().unwrap_or(0));
        for word in words(3).chain(words(4)) {
            for text in (0..=5).flat_map(words) {
                let get = |i: usize| text.get(i).copied();
                if lengths(|i| word.get(i).copied(), word.len(), get).next().is_some() {
                    assert!(is_plausible(first(&word), first(&text)), "{word:?} {text:?}");
                }
            }
        }
    }

    #[test]
    fn none_or_two_is_not_one() {
        assert_eq!(of("tachi", "tachi"), [] as [usize; 0]);
        assert_eq!(of("tachi", "toxhi"), [] as [usize; 0]);
        assert_eq!(of("tachi", ""), [] as [usize; 0]);
    }
}
