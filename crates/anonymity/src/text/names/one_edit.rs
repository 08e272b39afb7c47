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
    fn none_or_two_is_not_one() {
        assert_eq!(of("tachi", "tachi"), [] as [usize; 0]);
        assert_eq!(of("tachi", "toxhi"), [] as [usize; 0]);
        assert_eq!(of("tachi", ""), [] as [usize; 0]);
    }
}
