//! Kana to Latin letters, so that ミツビシ and mitsubishi are one name.

/// Whether the text has hiragana or katakana.
pub(crate) fn has_kana(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{ff66}'..='\u{ff9d}'))
}

/// Each kana run in Hepburn letters with long vowels shortened (とうきょう becomes tokyo); other
/// characters stay. Expects NFKC text.
pub(crate) fn romanise(text: &str) -> String {
    let chars: Vec<char> = text.chars().map(to_hiragana).collect();
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    let mut i = 0;
    let mut double = false;
    while let Some(&c) = chars.get(i) {
        let next = chars.get(i + 1).copied();
        let (letters, used) = match (c, next) {
            ('っ', _) => {
                double = true;
                i += 1;
                continue;
            }
            ('ー', _) if !run.is_empty() => ("".into(), 1),
            (_, Some(small)) if digraph(c, small).is_some() => {
                (digraph(c, small).unwrap_or_default(), 2)
            }
            _ => (syllable(c).map(str::to_owned).unwrap_or_default(), 1),
        };
        if letters.is_empty() && c != 'ー' {
            out.push_str(&shorten(&std::mem::take(&mut run)));
            double = false;
            out.push(c);
        } else {
            if double && let Some(first) = letters.chars().next() {
                run.push(if letters.starts_with("ch") { 't' } else { first });
            }
            double = false;
            run.push_str(&letters);
        }
        i += used;
    }
    out.push_str(&shorten(&run));
    out
}

/// The government spelling of a Hepburn word (mitsubishi: mitubisi), where it differs.
pub(crate) fn kunrei(word: &str) -> Option<String> {
    const PAIRS: [(&str, &str); 8] = [
        ("shi", "si"),
        ("sh", "sy"),
        ("chi", "ti"),
        ("ch", "ty"),
        ("tsu", "tu"),
        ("ji", "zi"),
        ("j", "zy"),
        ("fu", "hu"),
    ];
    let mut text = word.to_owned();
    for (from, to) in PAIRS {
        text = text.replace(from, to);
    }
    (text != word).then_some(text)
}

fn to_hiragana(c: char) -> char {
    match c {
        '\u{30a1}'..='\u{30f6}' => char::from_u32(c as u32 - 0x60).unwrap_or(c),
        _ => c,
    }
}

fn shorten(run: &str) -> String {
    run.replace("ou", "o").replace("oo", "o").replace("uu", "u")
}

/// Syllables written with a small second kana: きゃ, ファ, ティ.
fn digraph(c: char, small: char) -> Option<String> {
    let vowel = match small {
        'ゃ' | 'ぁ' => "a",
        'ゅ' | 'ぅ' => "u",
        'ょ' | 'ぉ' => "o",
        'ぃ' => "i",
        'ぇ' => "e",
        _ => return None,
    };
    let y = matches!(small, 'ゃ' | 'ゅ' | 'ょ');
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
        _ if y => return syllable(c)?.strip_suffix('i').map(|h| format!("{h}y{vowel}")),
        _ => return None,
    };
    Some(format!("{head}{vowel}"))
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
            ("日立ヒタチ!", "日立hitachi!"),
        ] {
            assert_eq!(romanise(kana), latin, "{kana}");
        }
    }

    #[test]
    fn government_spelling() {
        assert_eq!(kunrei("mitsubishi").as_deref(), Some("mitubisi"));
        assert_eq!(kunrei("hitachi").as_deref(), Some("hitati"));
        assert_eq!(kunrei("fujitsu").as_deref(), Some("huzitu"));
        assert_eq!(kunrei("toyota"), None);
    }
}
