//! From the text of a pattern to its tokens.

use super::PatternError;

/// A token and the byte it begins at.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Spanned {
    pub(super) token: Token,
    pub(super) at: usize,
}

/// A word or sign of the pattern language.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A keyword, object type or path step; which of them, its place decides.
    Word(String),
    /// `'...'`, escapes resolved.
    Text(String),
    /// `h'...'`
    Hex(String),
    /// `b'...'`
    Base64(String),
    /// `t'...'`
    Time(String),
    /// Digits with an optional sign.
    Integer(String),
    /// Digits with a decimal point.
    Float(String),
    /// `[ ] ( ) : . , *` and the comparison signs, as written; `==` and `<>` as `=` and `!=`.
    Sign(&'static str),
    /// After the last token.
    End,
}

/// Every token of `text`, the last one [`Token::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<Spanned>, PatternError> {
    let mut lexer = Lexer { text, at: 0 };
    let mut out = Vec::new();
    loop {
        lexer.skip_blank()?;
        let at = lexer.at;
        let token = lexer.next()?;
        let end = token == Token::End;
        out.push(Spanned { token, at });
        if end {
            return Ok(out);
        }
    }
}

/// The number of the character that begins at byte `at`, from 1.
pub(super) fn character(text: &str, at: usize) -> usize {
    text.get(..at).map_or(0, |before| before.chars().count()) + 1
}

/// The longest signs first, so that `<=` is not read as `<`.
const SIGNS: [(&str, &str); 16] = [
    ("==", "="),
    ("!=", "!="),
    ("<>", "!="),
    ("<=", "<="),
    (">=", ">="),
    ("=", "="),
    ("<", "<"),
    (">", ">"),
    ("[", "["),
    ("]", "]"),
    ("(", "("),
    (")", ")"),
    (":", ":"),
    (".", "."),
    (",", ","),
    ("*", "*"),
];

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_blank(&mut self) -> Result<(), PatternError> {
        loop {
            let rest = self.rest();
            let begin = self.at;
            if rest.starts_with("/*") {
                let end = rest
                    .find("*/")
                    .ok_or_else(|| PatternError::OpenComment { at: character(self.text, begin) })?;
                self.at += end + 2;
            } else if rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else {
                self.at += rest.len() - rest.trim_start().len();
            }
            if self.at == begin {
                return Ok(());
            }
        }
    }

    fn next(&mut self) -> Result<Token, PatternError> {
        let rest = self.rest();
        let mut chars = rest.chars();
        let Some(first) = chars.next() else { return Ok(Token::End) };
        let second = chars.next();
        match (first, second) {
            ('\'', _) => self.quoted().map(Token::Text),
            ('h', Some('\'')) => self.prefixed().map(Token::Hex),
            ('b', Some('\'')) => self.prefixed().map(Token::Base64),
            ('t', Some('\'')) => self.prefixed().map(Token::Time),
            ('0'..='9', _) | ('+' | '-' | '.', Some('0'..='9')) => Ok(self.number()),
            ('+' | '-', Some('.')) if chars.next().is_some_and(|c| c.is_ascii_digit()) => {
                Ok(self.number())
            }
            (c, _) if c.is_ascii_alphabetic() || c == '_' => Ok(self.word()),
            _ => self.sign(),
        }
    }

    fn prefixed(&mut self) -> Result<String, PatternError> {
        self.at += 1;
        self.quoted()
    }

    fn quoted(&mut self) -> Result<String, PatternError> {
        let begin = self.at;
        let mut out = String::new();
        let mut chars = self.rest().char_indices().skip(1).peekable();
        while let Some((i, c)) = chars.next() {
            match c {
                '\'' => {
                    self.at += i + 1;
                    return Ok(out);
                }
                // A backslash before anything else stands for itself: published patterns carry
                // Windows paths that nobody escaped.
                '\\' => match chars.next_if(|(_, next)| matches!(next, '\'' | '\\')) {
                    Some((_, escaped)) => out.push(escaped),
                    None => out.push('\\'),
                },
                c => out.push(c),
            }
        }
        Err(PatternError::OpenString { at: character(self.text, begin) })
    }

    fn number(&mut self) -> Token {
        let rest = self.rest();
        let sign = usize::from(rest.starts_with(['+', '-']));
        let digits = |from: usize| {
            let tail = rest.get(from..).unwrap_or_default();
            from + tail.bytes().take_while(u8::is_ascii_digit).count()
        };
        let whole = digits(sign);
        let point = rest.get(whole..).is_some_and(|tail| tail.starts_with('.'));
        let end = if point { digits(whole + 1) } else { whole };
        // `1.` is an integer and a sign: no number ends in a point.
        let (end, float) = if end == whole + 1 { (whole, false) } else { (end, point) };
        self.at += end;
        let text = rest.get(..end).unwrap_or_default().trim_start_matches('+').to_owned();
        if float { Token::Float(text) } else { Token::Integer(text) }
    }

    fn word(&mut self) -> Token {
        let rest = self.rest();
        let len = rest
            .bytes()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
            .count();
        self.at += len;
        Token::Word(rest.get(..len).unwrap_or_default().to_owned())
    }

    fn sign(&mut self) -> Result<Token, PatternError> {
        let rest = self.rest();
        let (written, meant) = SIGNS
            .iter()
            .find(|(written, _)| rest.starts_with(written))
            .ok_or_else(|| PatternError::StrayCharacter { at: character(self.text, self.at) })?;
        self.at += written.len();
        Ok(Token::Sign(meant))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lex(text: &str) -> Vec<Token> {
        tokens(text).unwrap().into_iter().map(|s| s.token).collect()
    }

    #[test]
    fn tells_words_numbers_and_strings_apart() {
        let word = |s: &str| Token::Word(s.into());
        assert_eq!(
            lex(r"ipv4-addr:value<>'a\'b\\c\d' -5 1.5 .5 -.5 h'ff' /* x */ t'y' // end"),
            [
                word("ipv4-addr"),
                Token::Sign(":"),
                word("value"),
                Token::Sign("!="),
                Token::Text(r"a'b\c\d".into()),
                Token::Integer("-5".into()),
                Token::Float("1.5".into()),
                Token::Float(".5".into()),
                Token::Float("-.5".into()),
                Token::Hex("ff".into()),
                Token::Time("y".into()),
                Token::End,
            ]
        );
    }

    #[test]
    fn says_where_a_string_is_left_open() {
        assert_eq!(tokens("'é' 'abc"), Err(PatternError::OpenString { at: 5 }));
        assert_eq!(tokens("'é' /*"), Err(PatternError::OpenComment { at: 5 }));
        assert_eq!(tokens("'é' $"), Err(PatternError::StrayCharacter { at: 5 }));
    }
}
