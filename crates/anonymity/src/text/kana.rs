//! Kana to Latin letters, so that ミツビシ and mitsubishi are one name.

use super::plain::Plain;

/// Whether the text has hiragana or katakana.
pub(crate) fn has_kana(text: &str) -> bool {
    text.chars().any(is_kana)
}

/// Whether the character is hiragana or katakana, also of half width.
pub(crate) fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{ff66}'..='\u{ff9d}')
}

/// Each kana run in Hepburn letters with long vowels shortened (とうきょう becomes tokyo); other
/// characters stay. Words further than `reach` letters from any kana are left out.
pub(crate) fn romanise(text: &Plain, reach: usize) -> Plain {
    let mut out = Plain::with_room(text.chars.len(), text.tracks);
    // Where the letters since the last kana begin in `out`, and how many there are.
    let (mut since, mut letters) = (0, 0);
    let mut chars = text.chars.iter().enumerate();
    while let Some((i, &c)) = chars.next() {
        if is_kana(c) {
            if letters > 2 * reach {
                leave_out(&mut out, since, reach);
            }
            let used = Syllables { text, out: &mut out }.run(i);
            if let Some(more) = used.checked_sub(2) {
                chars.nth(more);
            }
            (since, letters) = (out.chars.len(), 0);
        } else {
            copy(text, i, &mut out);
            letters += usize::from(!c.is_ascii() || c.is_ascii_alphanumeric());
        }
    }
    if letters > reach {
        leave_out(&mut out, since, reach);
    }
    out
}

/// A letter that no name has (Yi).
const GAP: char = '\u{a000}';

fn copy(text: &Plain, i: usize, out: &mut Plain) {
    out.chars.extend(text.chars.get(i));
    if out.tracks {
        out.places.extend(text.places.get(i));
    }
}

/// Leaves out the words behind `since` but those within `reach` letters of it or of the end.
fn leave_out(out: &mut Plain, since: usize, reach: usize) {
    let is_word = |c: &char| c.is_alphanumeric();
    let Some(rest) = out.chars.get(since..) else { return };
    let letters = || (since..).zip(rest).filter(|(_, c)| is_word(c)).map(|(i, _)| i);
    let from = letters().nth(reach);
    let backwards = (since..out.chars.len()).rev().zip(rest.iter().rev());
    let to = backwards.filter(|(_, c)| is_word(c)).map(|(i, _)| i).nth(reach);
    let parts = |i: &usize| out.chars.get(*i).is_some_and(|c| !is_word(c));
    let first = from.and_then(|from| (from..out.chars.len()).find(parts));
    let last = to.and_then(|to| (since..to).rev().find(parts));
    if let (Some(first), Some(last)) = (first, last)
        && first + 1 < last
    {
        // What parts words stays at both ends, and no name goes across.
        out.chars.splice(first + 1..last, [GAP]);
        if out.tracks {
            out.places.splice(first + 1..last, [(0, 0)]);
        }
    }
}

/// One run of kana being romanised.
struct Syllables<'a> {
    text: &'a Plain,
    out: &'a mut Plain,
}

impl Syllables<'_> {
    /// Romanises the kana from `start` on; how many characters they are.
    fn run(&mut self, start: usize) -> usize {
        let kana = |i: usize| self.text.chars.get(i).map(|c| to_hiragana(*c));
        let mut doubled = false;
        let mut last = None;
        let mut i = start;
        while let Some(c) = kana(i).filter(|c| is_kana(*c) || *c == 'ー') {
            if c == 'っ' || c == 'ー' {
                doubled = c == 'っ';
                self.belongs_to_last(i, i > start);
                i += 1;
                continue;
            }
            let Some((head, tail, used)) = letters(c, kana(i + 1)) else {
                copy(self.text, i, self.out);
                (doubled, last) = (false, None);
                i += 1;
                continue;
            };
            let doubled_letter = head.chars().next().filter(|_| doubled);
            let doubled_letter = doubled_letter.map(|c| if head == "ch" { 't' } else { c });
            for letter in doubled_letter.into_iter().chain(head.chars()).chain(tail.chars()) {
                if !matches!((last, letter), (Some('o'), 'u' | 'o') | (Some('u'), 'u')) {
                    self.out.chars.push(letter);
                    if self.out.tracks {
                        let place = |i: usize| self.text.places.get(i).copied().unwrap_or_default();
                        self.out.places.push((place(i).0, place(i + used - 1).1));
                    }
                } else {
                    self.belongs_to_last(i + used - 1, true);
                }
                last = Some(letter);
            }
            doubled = false;
            i += used;
        }
        i - start
    }

    /// Character `i` adds no letter but lengthens the last one.
    fn belongs_to_last(&mut self, i: usize, is_in_run: bool) {
        let last = self.out.places.last_mut().filter(|_| is_in_run);
        if let (Some(last), Some(place)) = (last, self.text.places.get(i)) {
            last.1 = place.1;
        }
    }
}

/// As [`romanise`], from text to text.
pub(crate) fn hepburn(text: &str) -> String {
    romanise(&Plain::new(text), usize::MAX / 4).chars.into_iter().collect()
}

/// A kana text in Latin letters, each long vowel in the given style.
pub(crate) fn romanise_name(text: &str, long: LongVowel) -> String {
    let chars: Vec<char> = text.chars().map(to_hiragana).collect();
    let mut out = String::with_capacity(text.len());
    let mut plain = String::new();
    let is_lengthener = |at: usize| {
        let before = at.checked_sub(1).and_then(|i| chars.get(i)).and_then(|c| vowel(*c));
        match (before, chars.get(at)) {
            (Some(v), Some('ー')) => Some(v),
            (Some('o'), Some('う' | 'お')) => Some('o'),
            (Some('u'), Some('う')) => Some('u'),
            _ => None,
        }
    };
    for (i, c) in chars.iter().enumerate() {
        match is_lengthener(i) {
            None => plain.push(*c),
            Some(v) => {
                flush(&mut plain, &mut out);
                match (long, c) {
                    (LongVowel::H, _) if v == 'o' => out.push('h'),
                    (LongVowel::Doubled, _) => out.push(v),
                    (LongVowel::AsWritten, 'う') => out.push('u'),
                    (LongVowel::AsWritten, 'お') => out.push('o'),
                    _ => {}
                }
            }
        }
    }
    flush(&mut plain, &mut out);
    out
}

/// How a long vowel is written in Latin letters: とうきょう as toukyou, tohkyoh, tookyoo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LongVowel {
    /// Letter by letter.
    AsWritten,
    /// With an h after o.
    H,
    /// Twice.
    Doubled,
}

impl LongVowel {
    pub(crate) const ALL: [Self; 3] = [Self::AsWritten, Self::H, Self::Doubled];
}

fn flush(kana: &mut String, out: &mut String) {
    out.push_str(&hepburn(&std::mem::take(kana)));
}

/// The vowel a kana ends in.
fn vowel(c: char) -> Option<char> {
    let small = match c {
        'ゃ' | 'ぁ' => Some('a'),
        'ゅ' | 'ぅ' => Some('u'),
        'ょ' | 'ぉ' => Some('o'),
        'ぃ' => Some('i'),
        'ぇ' => Some('e'),
        _ => None,
    };
    small.or_else(|| syllable(c)?.chars().next_back().filter(|v| *v != 'n'))
}

/// The government spellings of a Hepburn word (mitsubishi: mitubisi), where they differ; people mix
/// the two, so each sound by itself too.
pub(crate) fn kunrei(word: &str) -> Vec<String> {
    const SOUNDS: [&[(&str, &str)]; 5] = [
        &[("shi", "si"), ("sh", "sy")],
        &[("chi", "ti"), ("ch", "ty")],
        &[("tsu", "tu")],
        &[("ji", "zi"), ("j", "zy")],
        &[("fu", "hu")],
    ];
    let mut spellings = vec![word.to_owned()];
    for pairs in SOUNDS {
        for spelling in spellings.clone() {
            let changed = pairs.iter().fold(spelling, |text, (from, to)| text.replace(from, to));
            if !spellings.contains(&changed) {
                spellings.push(changed);
            }
        }
    }
    spellings.split_off(1)
}

fn to_hiragana(c: char) -> char {
    match c {
        '\u{30a1}'..='\u{30f6}' => char::from_u32(c as u32 - 0x60).unwrap_or(c),
        _ => c,
    }
}

/// Consonants and vowel of the syllable that begins with `c`, and how many kana it takes: two
/// where a small second kana belongs to it (きゃ, ファ, ティ).
fn letters(c: char, small: Option<char>) -> Option<(&'static str, &'static str, usize)> {
    if let Some((head, tail)) = small.and_then(|small| digraph(c, small)) {
        return Some((head, tail, 2));
    }
    let whole = syllable(c)?;
    // A vowel alone has no consonant; ん is n.
    let vowel = whole.find(['a', 'i', 'u', 'e', 'o']).unwrap_or(whole.len());
    let (head, tail) = whole.split_at(vowel);
    Some((head, tail, 1))
}

fn digraph(c: char, small: char) -> Option<(&'static str, &'static str)> {
    let is_y = matches!(small, 'ゃ' | 'ゅ' | 'ょ');
    let tail = match small {
        'ゃ' | 'ぁ' => "a",
        'ゅ' | 'ぅ' => "u",
        'ょ' | 'ぉ' => "o",
        'ぃ' => "i",
        'ぇ' => "e",
        _ => return None,
    };
    let head = match c {
        'し' => "sh",
        'ち' => "ch",
        'じ' | 'ぢ' => "j",
        'ふ' => "f",
        'ゔ' => "v",
        'う' => "w",
        'つ' => "ts",
        'て' => "t",
        'で' => "d",
        'き' if is_y => "ky",
        'ぎ' if is_y => "gy",
        'に' if is_y => "ny",
        'ひ' if is_y => "hy",
        'び' if is_y => "by",
        'ぴ' if is_y => "py",
        'み' if is_y => "my",
        'り' if is_y => "ry",
        'い' if is_y => "y",
        _ => return None,
    };
    Some((head, tail))
}

fn syllable(c: char) -> Option<&'static str> {
    Some(match c {
        'あ' | 'ぁ' => "a",
        'い' | 'ぃ' => "i",
        'う' | 'ぅ' => "u",
        'え' | 'ぇ' => "e",
        'お' | 'ぉ' | 'を' => "o",
        'か' => "ka",
        'き' => "ki",
        'く' => "ku",
        'け' => "ke",
        'こ' => "ko",
        'が' => "ga",
        'ぎ' => "gi",
        'ぐ' => "gu",
        'げ' => "ge",
        'ご' => "go",
        'さ' => "sa",
        'し' => "shi",
        'す' => "su",
        'せ' => "se",
        'そ' => "so",
        'ざ' => "za",
        'じ' | 'ぢ' => "ji",
        'ず' | 'づ' => "zu",
        'ぜ' => "ze",
        'ぞ' => "zo",
        'た' => "ta",
        'ち' => "chi",
        'つ' => "tsu",
        'て' => "te",
        'と' => "to",
        'だ' => "da",
        'で' => "de",
        'ど' => "do",
        'な' => "na",
        'に' => "ni",
        'ぬ' => "nu",
        'ね' => "ne",
        'の' => "no",
        'は' => "ha",
        'ひ' => "hi",
        'ふ' => "fu",
        'へ' => "he",
        'ほ' => "ho",
        'ば' => "ba",
        'び' => "bi",
        'ぶ' => "bu",
        'べ' => "be",
        'ぼ' => "bo",
        'ぱ' => "pa",
        'ぴ' => "pi",
        'ぷ' => "pu",
        'ぺ' => "pe",
        'ぽ' => "po",
        'ま' => "ma",
        'み' => "mi",
        'む' => "mu",
        'め' => "me",
        'も' => "mo",
        'や' | 'ゃ' => "ya",
        'ゆ' | 'ゅ' => "yu",
        'よ' | 'ょ' => "yo",
        'ら' => "ra",
        'り' => "ri",
        'る' => "ru",
        'れ' => "re",
        'ろ' => "ro",
        'わ' => "wa",
        'ん' => "n",
        'ゔ' => "vu",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kana_becomes_hepburn() {
        for (kana, latin) in [
            ("ミツビシ", "mitsubishi"),
            ("とうきょう", "tokyo"),
            ("トヨタ", "toyota"),
            ("ニッサン", "nissan"),
            ("フジツー", "fujitsu"),
            ("マッチャ", "matcha"),
            ("ファナック", "fanakku"),
            ("ｷｬﾉﾝ", "kyanon"),
            ("日立ヒタチ!", "日立hitachi!"),
            ("goう", "gou"),
            ("ー東", "ー東"),
        ] {
            assert_eq!(hepburn(kana), latin, "{kana}");
        }
    }

    #[test]
    fn places_are_those_of_the_kana() {
        let text = "xニッサンyキョー";
        let plain = romanise(&Plain::tracked(text), 9);
        assert_eq!(plain.chars.iter().collect::<String>(), "xnissanykyo");
        assert_eq!(text.get(plain.origin(1..7)), Some("ニッサン"));
        assert_eq!(text.get(plain.origin(8..11)), Some("キョー"));
    }

    #[test]
    fn long_vowels_have_styles() {
        for (kana, written, h, doubled) in [
            ("とうきょう", "toukyou", "tohkyoh", "tookyoo"),
            ("おおさか", "oosaka", "ohsaka", "oosaka"),
            ("フジツー", "fujitsu", "fujitsu", "fujitsuu"),
            ("ひたち", "hitachi", "hitachi", "hitachi"),
        ] {
            for (style, expected) in LongVowel::ALL.into_iter().zip([written, h, doubled]) {
                assert_eq!(romanise_name(kana, style), expected);
            }
        }
    }

    #[test]
    fn government_spelling() {
        assert_eq!(kunrei("mitsubishi"), ["mitsubisi", "mitubishi", "mitubisi"]);
        assert_eq!(kunrei("hitachi"), ["hitati"]);
        assert!(kunrei("fujitsu").contains(&"huzitu".to_owned()));
        assert_eq!(kunrei("toyota"), [] as [&str; 0]);
    }
}
