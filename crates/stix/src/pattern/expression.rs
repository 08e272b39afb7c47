//! The expressions after `MATCHES`, compiled with limits.
//!
//! The engine works in time linear in the text, so that an expression can be large but never slow;
//! in exchange it has no look-around and no back-references. `$` stands for the very end of the
//! text (PCRE also takes the place before a final line break).

use regex_automata::meta::{Config, Regex};
use regex_automata::util::syntax;
use unicode_normalization::UnicodeNormalization;

use super::EvaluationError;
use super::ast::ObjectPath;

/// Largest automaton of one expression, in bytes.
const MAX_AUTOMATON: usize = 4 << 20;

/// Deepest nesting of groups in one expression.
const MAX_NESTING: u32 = 64;

/// A compiled expression.
pub(super) struct Expression {
    text: Regex,
    /// For binary properties; `None` where the expression names characters no byte is.
    bytes: Option<Regex>,
}

impl Expression {
    /// Compiles `expression`, which is compared with `path`.
    pub(super) fn new(expression: &str, path: &ObjectPath) -> Result<Self, EvaluationError> {
        let normal: String = expression.nfc().collect();
        let text = compile(&normal, true, path)?;
        let last = path.keys().last().copied().unwrap_or_default();
        let binary = last.ends_with("_bin") || last.ends_with("_hex");
        let bytes = match bytewise(&normal) {
            Some(bytewise) if binary => Some(compile(&bytewise, false, path)?),
            _ => None,
        };
        Ok(Self { text, bytes })
    }

    /// Steps of work its compilation took, estimated by its size.
    pub(super) fn cost(&self) -> u64 {
        let sizes = [Some(&self.text), self.bytes.as_ref()].into_iter().flatten();
        1_000 + sizes.map(Regex::memory_usage).sum::<usize>() as u64 / 16
    }

    pub(super) fn matches_text(&self, text: &str) -> bool {
        let normal: String = text.nfc().collect();
        self.text.is_match(normal.as_str())
    }

    pub(super) fn matches_bytes(&self, bytes: &[u8]) -> bool {
        self.bytes.as_ref().is_some_and(|regex| regex.is_match(bytes))
    }
}

fn compile(expression: &str, unicode: bool, path: &ObjectPath) -> Result<Regex, EvaluationError> {
    Regex::builder()
        .configure(
            Config::new()
                .utf8_empty(unicode)
                .nfa_size_limit(Some(MAX_AUTOMATON))
                .onepass_size_limit(Some(MAX_AUTOMATON))
                .hybrid_cache_capacity(MAX_AUTOMATON)
                .dfa(false),
        )
        .syntax(syntax::Config::new().unicode(unicode).utf8(unicode).nest_limit(MAX_NESTING))
        .build(expression)
        .map_err(|error| match error.size_limit() {
            Some(_) => EvaluationError::ExpressionTooLarge { path: path.to_string() },
            None => EvaluationError::BadExpression { path: path.to_string() },
        })
}

/// The expression over bytes: a character below 256 is the byte of that number.
fn bytewise(expression: &str) -> Option<String> {
    let mut out = String::with_capacity(expression.len());
    for c in expression.chars() {
        match u32::from(c) {
            0..128 => out.push(c),
            n @ 128..256 => out.push_str(&format!("\\x{n:02x}")),
            _ => return None,
        }
    }
    Some(out)
}

/// Whether `text` has the form `like`: `%` stands for any characters, `_` for one.
pub(super) fn like(like: &[char], text: &[char]) -> bool {
    let (mut at, mut place) = (0, 0);
    // The last `%` seen, and how much of the text it swallows so far.
    let mut star: Option<(usize, usize)> = None;
    while place < text.len() {
        match like.get(at) {
            Some('%') => {
                star = Some((at, place));
                at += 1;
            }
            Some(c) if *c == '_' || text.get(place) == Some(c) => {
                at += 1;
                place += 1;
            }
            _ => match star {
                Some((percent, swallowed)) => {
                    star = Some((percent, swallowed + 1));
                    at = percent + 1;
                    place = swallowed + 1;
                }
                None => return false,
            },
        }
    }
    like.iter().skip(at).all(|c| *c == '%')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_has_two_wildcards() {
        for (pattern, text, want) in [
            ("%", "", true),
            ("_", "", false),
            ("a%c", "abbc", true),
            ("a%c", "abcb", false),
            ("%b%b%", "abab", true),
            ("%.exe", "x.exe.exe", true),
            ("a_c", "aéc", true),
            ("a_c", "ac", false),
            ("A", "a", false),
            ("%%a%%", "a", true),
            ("a.c", "abc", false),
        ] {
            let chars = |s: &str| s.chars().collect::<Vec<_>>();
            assert_eq!(like(&chars(pattern), &chars(text)), want, "{pattern} {text}");
        }
    }
}
