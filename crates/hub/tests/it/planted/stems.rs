//! Made-up names, each once: the same for the same seed.

use std::collections::BTreeSet;

/// A name nobody has, in Latin letters and in kana.
#[derive(Clone, Debug)]
pub(super) struct Stem {
    pub(super) latin: String,
    pub(super) kana: String,
    /// Which one it is.
    pub(super) number: usize,
}

/// Syllables that are written one way only.
const SYLLABLES: [(&str, &str); 34] = [
    ("ka", "カ"),
    ("ki", "キ"),
    ("ku", "ク"),
    ("ke", "ケ"),
    ("ko", "コ"),
    ("ga", "ガ"),
    ("gi", "ギ"),
    ("gu", "グ"),
    ("ge", "ゲ"),
    ("go", "ゴ"),
    ("sa", "サ"),
    ("su", "ス"),
    ("se", "セ"),
    ("so", "ソ"),
    ("ta", "タ"),
    ("te", "テ"),
    ("to", "ト"),
    ("na", "ナ"),
    ("ni", "ニ"),
    ("ne", "ネ"),
    ("no", "ノ"),
    ("ha", "ハ"),
    ("hi", "ヒ"),
    ("ma", "マ"),
    ("mi", "ミ"),
    ("mu", "ム"),
    ("mo", "モ"),
    ("ra", "ラ"),
    ("ri", "リ"),
    ("ru", "ル"),
    ("re", "レ"),
    ("ba", "バ"),
    ("bi", "ビ"),
    ("bo", "ボ"),
];

/// How many syllables a name has.
const LENGTH: usize = 5;

/// Makes names (SplitMix64, Steele, Lea and Flood 2014).
pub(super) struct Stems {
    state: u64,
    made: BTreeSet<String>,
}

impl Stems {
    pub(super) fn new(seed: u64) -> Self {
        Self { state: seed, made: BTreeSet::new() }
    }

    /// A number below `n`.
    pub(super) fn below(&mut self, n: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % n as u64).unwrap()
    }

    /// A name that was not made before.
    pub(super) fn next(&mut self) -> Stem {
        loop {
            let (mut latin, mut kana) = (String::new(), String::new());
            for _ in 0..LENGTH {
                let (l, k) = SYLLABLES[self.below(SYLLABLES.len())];
                latin.push_str(l);
                kana.push_str(k);
            }
            if self.made.insert(latin.clone()) {
                return Stem { latin, kana, number: self.made.len() };
            }
        }
    }
}

/// Katakana with full width as half width.
pub(super) fn half_width(kana: &str) -> String {
    const PLAIN: &str = "カキクケコサスセソタテトナニネノハヒマミムモラリルレ";
    const HALF: &str = "ｶｷｸｹｺｻｽｾｿﾀﾃﾄﾅﾆﾈﾉﾊﾋﾏﾐﾑﾓﾗﾘﾙﾚ";
    const VOICED: &str = "ガギグゲゴバビボ";
    const BARE: &str = "ｶｷｸｹｺﾊﾋﾎ";
    let at =
        |c, from: &str, to: &str| from.chars().position(|p| p == c).and_then(|i| to.chars().nth(i));
    kana.chars()
        .flat_map(|c| match (at(c, PLAIN, HALF), at(c, VOICED, BARE)) {
            (Some(half), _) => vec![half],
            (None, Some(bare)) => vec![bare, 'ﾞ'],
            (None, None) => vec![c],
        })
        .collect()
}

/// Katakana as hiragana.
pub(super) fn hiragana(kana: &str) -> String {
    let small = |c: char| match c {
        'ァ'..='ヶ' => char::from_u32(c as u32 - 0x60).unwrap(),
        _ => c,
    };
    kana.chars().map(small).collect()
}
