//! Words that are looked for, brought into the form they are kept in.
//!
//! Both sides of a search pass [`fold`], so a value that was pasted defanged, in capitals or in
//! full-width letters finds the one that was released. There is no index of words: texts are short
//! and are scanned whole, which finds two characters of Japanese as well as the middle of a host.

use unicode_normalization::UnicodeNormalization;

/// Most words of one search that count.
pub(crate) const MAX_WORDS: usize = 8;
/// Most characters of a search that count.
pub(crate) const MAX_QUERY: usize = 400;

/// NFKC, lower case, defanged forms undone (`hxxp`, `[.]`, `(dot)`, `[at]`, `[:]`).
pub(crate) fn fold(text: &str) -> String {
    let lower: String = if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        // Letter by letter, so that no letter depends on the one behind it.
        text.nfkc().flat_map(char::to_lowercase).collect()
    };
    if lower.bytes().any(|b| matches!(b, b'[' | b'(' | b'{' | b'x')) {
        refang(&lower)
    } else {
        lower
    }
}

/// The different words of a search, the longest first: all of them have to be in a text.
pub(crate) fn words(query: &str) -> Vec<String> {
    let query: String = query.chars().take(MAX_QUERY).collect();
    let folded = fold(&query);
    let mut words: Vec<String> = Vec::new();
    for word in folded.split_whitespace() {
        if !words.iter().any(|w| w == word) && words.len() < MAX_WORDS {
            words.push(word.to_owned());
        }
    }
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
}

/// What people write so that nobody follows it, and what it stands for.
const DEFANGED: [(&str, &str); 19] = [
    ("hxxp", "http"),
    ("fxp:", "ftp:"),
    ("[.]", "."),
    ("(.)", "."),
    ("{.}", "."),
    ("[dot]", "."),
    ("(dot)", "."),
    ("{dot}", "."),
    ("[://]", "://"),
    ("(://)", "://"),
    ("[:]", ":"),
    ("(:)", ":"),
    ("{:}", ":"),
    ("[@]", "@"),
    ("(@)", "@"),
    ("{@}", "@"),
    ("[at]", "@"),
    ("(at)", "@"),
    ("{at}", "@"),
];

fn refang(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let form = match first {
            'h' | 'f' | '[' | '(' | '{' => DEFANGED.iter().find(|(d, _)| rest.starts_with(d)),
            _ => None,
        };
        let (shown, length) = match form {
            Some((defanged, plain)) => {
                out.push_str(plain);
                ("", defanged.len())
            }
            None => (rest.get(..first.len_utf8()).unwrap_or_default(), first.len_utf8()),
        };
        out.push_str(shown);
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_way_of_writing_is_one() {
        for (written, plain) in [
            ("hXXps://CDN-Teikei[.]org/a", "https://cdn-teikei.org/a"),
            ("45(.)83[dot]22{.}109", "45.83.22.109"),
            ("billing[@]kaiun-post[.]net", "billing@kaiun-post.net"),
            ("billing(at)kaiun-post.net", "billing@kaiun-post.net"),
            ("ＤＮＳ．ｅｘａｍｐｌｅ", "dns.example"),
            ("2001[:]db8::7", "2001:db8::7"),
            ("fxp[://]a.example", "fxp://a.example"),
            ("fxp://a.example", "ftp://a.example"),
            ("ﾃﾞﾝﾘｮｸ", "デンリョク"),
            ("[unknown] (x)", "[unknown] (x)"),
        ] {
            assert_eq!(fold(written), plain, "{written}");
        }
    }

    #[test]
    fn words_are_few_different_and_in_order_of_length() {
        assert_eq!(words("a 電力　Heavy a"), ["電力", "heavy", "a"]);
        assert_eq!(words(" \u{3000}\t"), Vec::<String>::new());
        let many: Vec<String> = (0..50).map(|n| n.to_string()).collect();
        assert_eq!(words(&many.join(" ")).len(), MAX_WORDS);
    }

    proptest! {
        #[test]
        fn nothing_that_is_typed_fails(text in any::<String>()) {
            prop_assert!(words(&text).iter().all(|w| !w.is_empty() && !w.contains(' ')));
        }

        #[test]
        fn capitals_and_defanging_change_nothing(host in "[a-z]{1,9}(\\.[a-z]{1,9}){1,3}") {
            prop_assert_eq!(fold(&host.to_uppercase().replace('.', "[.]")), host);
        }
    }
}
