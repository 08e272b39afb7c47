//! From tokens to the tree, by recursive descent.
//!
//! Only parentheses recurse, and they are counted against [`MAX_PATTERN_DEPTH`].

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};

use super::PatternError;
use super::ast::{Comparison, Literal, ObjectPath, Observation, Operator, Qualifier, Step, Test};
use super::lexer::{Spanned, Token, character, tokens};
use crate::Timestamp;

/// Longest pattern read, in bytes.
pub const MAX_PATTERN_LEN: usize = 256 * 1024;

/// Deepest nesting of parentheses and brackets read.
pub const MAX_PATTERN_DEPTH: usize = 64;

impl Observation {
    /// Parses a whole pattern.
    ///
    /// # Errors
    /// [`PatternError`] with the place where `text` leaves the grammar, or the limit it exceeds.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        if text.len() > MAX_PATTERN_LEN {
            return Err(PatternError::TooLong { len: text.len(), max: MAX_PATTERN_LEN });
        }
        let mut parser = Parser { text, tokens: tokens(text)?, next: 0, depth: 0 };
        let tree = parser.observations()?;
        match parser.peek() {
            Token::End => Ok(tree),
            _ => Err(parser.expected("AND, OR, FOLLOWEDBY, a qualifier or the end")),
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Spanned>,
    next: usize,
    depth: usize,
}

impl Parser<'_> {
    fn observations(&mut self) -> Result<Observation, PatternError> {
        self.chain("FOLLOWEDBY", Self::observations_or, Observation::FollowedBy)
    }

    fn observations_or(&mut self) -> Result<Observation, PatternError> {
        self.chain("OR", Self::observations_and, Observation::Or)
    }

    fn observations_and(&mut self) -> Result<Observation, PatternError> {
        self.chain("AND", Self::observation, Observation::And)
    }

    fn observation(&mut self) -> Result<Observation, PatternError> {
        let inner = if self.take_sign("[") {
            let inner = self.nested(Self::comparison)?;
            self.need_sign("]", "] or another comparison")?;
            Observation::Single(inner)
        } else if self.take_sign("(") {
            let inner = self.nested(Self::observations)?;
            self.need_sign(")", ")")?;
            inner
        } else {
            return Err(self.expected("[ or ("));
        };
        let mut qualifiers = Vec::new();
        while let Some(qualifier) = self.qualifier()? {
            qualifiers.push(qualifier);
        }
        Ok(match qualifiers.is_empty() {
            true => inner,
            false => Observation::Qualified(Box::new(inner), qualifiers),
        })
    }

    fn qualifier(&mut self) -> Result<Option<Qualifier>, PatternError> {
        if self.take_word("WITHIN") {
            let seconds = match self.literal("a number of seconds")? {
                Literal::Integer(n) if n > 0 => n as f64,
                Literal::Float(x) if x > 0.0 => x,
                _ => return Err(self.expected_before("a number of seconds")),
            };
            self.need_word("SECONDS", "SECONDS")?;
            Ok(Some(Qualifier::Within(seconds)))
        } else if self.take_word("REPEATS") {
            let times = match self.literal("a number of times")? {
                Literal::Integer(n) if n > 0 => n.unsigned_abs(),
                _ => return Err(self.expected_before("a number of times")),
            };
            self.need_word("TIMES", "TIMES")?;
            Ok(Some(Qualifier::Repeats(times)))
        } else if self.take_word("START") {
            let start = self.time()?;
            self.need_word("STOP", "STOP")?;
            Ok(Some(Qualifier::StartStop(start, self.time()?)))
        } else {
            Ok(None)
        }
    }

    /// A time literal, or the plain string STIX 2.0 wrote.
    fn time(&mut self) -> Result<Timestamp, PatternError> {
        match self.literal("a time")? {
            Literal::Time(time) => Ok(time),
            Literal::String(text) => text.parse().map_err(|_| self.expected_before("a time")),
            _ => Err(self.expected_before("a time")),
        }
    }

    fn comparison(&mut self) -> Result<Comparison, PatternError> {
        self.chain("OR", Self::comparison_and, Comparison::Or)
    }

    fn comparison_and(&mut self) -> Result<Comparison, PatternError> {
        self.chain("AND", Self::test, Comparison::And)
    }

    fn test(&mut self) -> Result<Comparison, PatternError> {
        if self.take_sign("(") {
            let inner = self.nested(Self::comparison)?;
            self.need_sign(")", ") or another comparison")?;
            return Ok(inner);
        }
        let not_before = self.take_word("NOT");
        if self.take_word("EXISTS") {
            return Ok(Comparison::Exists { negated: not_before, path: self.path()? });
        }
        let path = self.path()?;
        let negated = self.take_word("NOT") || not_before;
        let operator = self.operator()?;
        let operands = match operator {
            Operator::In => self.set()?,
            Operator::Like | Operator::Matches | Operator::IsSubset | Operator::IsSuperset => {
                match self.literal("a string")? {
                    text @ Literal::String(_) => vec![text],
                    _ => return Err(self.expected_before("a string")),
                }
            }
            _ => vec![self.literal("a value")?],
        };
        Ok(Comparison::Test(Test { path, negated, operator, operands }))
    }

    fn path(&mut self) -> Result<ObjectPath, PatternError> {
        const WHAT: &str = "an object path such as ipv4-addr:value";
        // `and:` can only be an object type here, so keywords are not reserved.
        let Token::Word(object_type) = self.peek() else { return Err(self.expected(WHAT)) };
        let object_type = object_type.clone();
        self.next += 1;
        self.need_sign(":", "a colon after the object type")?;
        let mut steps = vec![self.key()?];
        loop {
            if self.take_sign(".") {
                steps.push(self.key()?);
            } else if self.take_sign("[") {
                steps.push(self.index()?);
                self.need_sign("]", "]")?;
            } else {
                return Ok(ObjectPath { object_type, steps });
            }
        }
    }

    fn key(&mut self) -> Result<Step, PatternError> {
        match self.peek() {
            Token::Word(name) | Token::Text(name) => {
                let step = Step::Key(name.clone());
                self.next += 1;
                Ok(step)
            }
            _ => Err(self.expected("the name of a property")),
        }
    }

    fn index(&mut self) -> Result<Step, PatternError> {
        if self.take_sign("*") {
            return Ok(Step::AnyIndex);
        }
        match self.literal("a list position or *")? {
            Literal::Integer(n) => Ok(Step::Index(n)),
            _ => Err(self.expected_before("a list position or *")),
        }
    }

    fn operator(&mut self) -> Result<Operator, PatternError> {
        const OPERATORS: [(&str, Operator); 11] = [
            ("=", Operator::Equal),
            ("!=", Operator::NotEqual),
            ("<", Operator::Less),
            ("<=", Operator::LessOrEqual),
            (">", Operator::Greater),
            (">=", Operator::GreaterOrEqual),
            ("IN", Operator::In),
            ("LIKE", Operator::Like),
            ("MATCHES", Operator::Matches),
            ("ISSUBSET", Operator::IsSubset),
            ("ISSUPERSET", Operator::IsSuperset),
        ];
        let found = match self.peek() {
            Token::Sign(text) => OPERATORS.iter().find(|(name, _)| name == text),
            Token::Word(text) => OPERATORS.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)),
            _ => None,
        };
        let (_, operator) = found.ok_or_else(|| self.expected("a comparison operator"))?;
        self.next += 1;
        Ok(*operator)
    }

    fn set(&mut self) -> Result<Vec<Literal>, PatternError> {
        self.need_sign("(", "( after IN")?;
        let mut items = Vec::new();
        if self.take_sign(")") {
            return Ok(items);
        }
        loop {
            items.push(self.literal("a value")?);
            if self.take_sign(")") {
                return Ok(items);
            }
            self.need_sign(",", ", or )")?;
        }
    }

    fn literal(&mut self, expected: &'static str) -> Result<Literal, PatternError> {
        let bad = |what| PatternError::BadLiteral { at: self.position(self.next), what };
        let literal = match self.peek() {
            Token::Text(text) => Literal::String(text.clone()),
            Token::Integer(text) => {
                Literal::Integer(text.parse().map_err(|_| bad("64-bit integer"))?)
            }
            Token::Float(text) => {
                let number = text.parse::<f64>().map_err(|_| bad("number"))?;
                Literal::Float(Some(number).filter(|x| x.is_finite()).ok_or(bad("number"))?)
            }
            Token::Word(w) if w.eq_ignore_ascii_case("true") => Literal::Bool(true),
            Token::Word(w) if w.eq_ignore_ascii_case("false") => Literal::Bool(false),
            Token::Hex(text) => Literal::Bytes(
                HEXLOWER_PERMISSIVE.decode(text.as_bytes()).map_err(|_| bad("hexadecimal"))?,
            ),
            Token::Base64(text) => {
                Literal::Bytes(BASE64.decode(text.as_bytes()).map_err(|_| bad("base64"))?)
            }
            Token::Time(text) => Literal::Time(text.parse().map_err(|_| bad("time"))?),
            Token::Word(_) | Token::Sign(_) | Token::End => return Err(self.expected(expected)),
        };
        self.next += 1;
        Ok(literal)
    }

    /// `part (keyword part)*`; one part alone stays itself.
    fn chain<T>(
        &mut self,
        keyword: &str,
        part: fn(&mut Self) -> Result<T, PatternError>,
        join: fn(Vec<T>) -> T,
    ) -> Result<T, PatternError> {
        let first = part(self)?;
        if !self.at_word(keyword) {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.take_word(keyword) {
            parts.push(part(self)?);
        }
        Ok(join(parts))
    }

    fn nested<T>(
        &mut self,
        inner: fn(&mut Self) -> Result<T, PatternError>,
    ) -> Result<T, PatternError> {
        if self.depth == MAX_PATTERN_DEPTH {
            return Err(PatternError::TooDeep {
                at: self.position(self.next),
                max: MAX_PATTERN_DEPTH,
            });
        }
        self.depth += 1;
        let tree = inner(self)?;
        self.depth -= 1;
        Ok(tree)
    }

    fn peek(&self) -> &Token {
        self.tokens.get(self.next).map_or(&Token::End, |s| &s.token)
    }

    fn at_word(&self, word: &str) -> bool {
        matches!(self.peek(), Token::Word(w) if w.eq_ignore_ascii_case(word))
    }

    fn take_word(&mut self, word: &str) -> bool {
        let here = self.at_word(word);
        self.next += usize::from(here);
        here
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let here = matches!(self.peek(), Token::Sign(s) if *s == sign);
        self.next += usize::from(here);
        here
    }

    fn need_word(&mut self, word: &str, expected: &'static str) -> Result<(), PatternError> {
        if self.take_word(word) { Ok(()) } else { Err(self.expected(expected)) }
    }

    fn need_sign(&mut self, sign: &str, expected: &'static str) -> Result<(), PatternError> {
        if self.take_sign(sign) { Ok(()) } else { Err(self.expected(expected)) }
    }

    fn expected(&self, expected: &'static str) -> PatternError {
        PatternError::Expected { at: self.position(self.next), expected }
    }

    /// The same, about the token just taken.
    fn expected_before(&self, expected: &'static str) -> PatternError {
        PatternError::Expected { at: self.position(self.next.saturating_sub(1)), expected }
    }

    fn position(&self, token: usize) -> usize {
        character(self.text, self.tokens.get(token).map_or(self.text.len(), |s| s.at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn and_binds_before_or_before_followedby() {
        let tree = Observation::parse(
            "[a:b = 1] AND [a:b = 2] OR [a:b = 3] FOLLOWEDBY [a:b = 4] WITHIN 5 SECONDS",
        )
        .unwrap();
        let Observation::FollowedBy(parts) = tree else { panic!("{tree:?}") };
        assert!(matches!(&parts[0], Observation::Or(or) if matches!(or[0], Observation::And(_))));
        assert!(
            matches!(&parts[1], Observation::Qualified(_, q) if q == &[Qualifier::Within(5.0)])
        );
    }

    #[test]
    fn reads_the_examples_of_the_grammar() {
        for text in [
            "[file:hashes.'SHA-256' = 'aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f']",
            "[email-message:from_ref.value MATCHES '.+\\\\@example\\\\.com$' AND email-message:body_multipart[*].body_raw_ref.name MATCHES '^Final Report.+\\\\.exe$']",
            "([file:hashes.MD5 = '79054025255fb1a26e4bc422aef54eb4'] FOLLOWEDBY [windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\\\foo\\\\bar']) WITHIN 300 SECONDS",
            "[user-account:account_type = 'unix' AND user-account:user_id = '1007' AND user-account:account_login = 'Peter']",
            "[artifact:mime_type = 'application/vnd.tcpdump.pcap' AND artifact:payload_bin MATCHES '\\\\xd4\\\\xc3']",
            "[file:extensions.'windows-pebinary-ext'.sections[*].entropy > 7.0]",
            "[process:arguments[0] NOT IN ('a', 'b') OR EXISTS process:pid]",
            "[network-traffic:dst_ref.type = 'domain-name'] REPEATS 5 TIMES WITHIN 1800 SECONDS",
            "[domain-name:value = 'x'] START t'2026-11-23T03:00:00Z' STOP t'2026-11-24T03:00:00Z'",
            "[x-usb-device:usbdrive.serial_number = '575833314133343231313937' and file:is_hidden = true]",
            "[a:b = h'ffAB' or a:b = b'//8=']",
        ] {
            Observation::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"));
        }
    }

    #[test]
    fn says_where_and_what() {
        for (text, at, expected) in [
            ("", 1, "[ or ("),
            ("ipv4-addr:value = '1.2.3.4'", 1, "[ or ("),
            ("[ipv4-addr = 'x']", 12, "a colon after the object type"),
            ("[a:b 'x']", 6, "a comparison operator"),
            ("[a:b = x]", 8, "a value"),
            ("[a:b LIKE 5]", 11, "a string"),
            ("[a:b = 'x'", 11, "] or another comparison"),
            ("[a:b = 'x'] [", 13, "AND, OR, FOLLOWEDBY, a qualifier or the end"),
            ("[a:b = 'x'] REPEATS 0 TIMES", 21, "a number of times"),
        ] {
            assert_eq!(Observation::parse(text), Err(PatternError::Expected { at, expected }));
        }
    }

    #[test]
    fn nesting_and_length_are_bounded() {
        let deep = |n: usize| format!("{}[a:b = 1]{}", "(".repeat(n), ")".repeat(n));
        assert!(Observation::parse(&deep(MAX_PATTERN_DEPTH - 1)).is_ok());
        let error = Observation::parse(&deep(MAX_PATTERN_DEPTH)).unwrap_err();
        assert_eq!(error.code(), "pattern-too-deep");
        assert!(Observation::parse(&"(".repeat(MAX_PATTERN_LEN)).is_err());
        let error = Observation::parse(&" ".repeat(MAX_PATTERN_LEN + 1)).unwrap_err();
        assert_eq!(error.code(), "pattern-too-long");
        let long = vec!["[a:b = 1]"; 5_000].join(" OR ");
        assert!(Observation::parse(&long).is_ok());
    }
}
