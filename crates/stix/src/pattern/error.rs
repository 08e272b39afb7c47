//! Why a text is not a STIX pattern, and why one cannot be evaluated.

/// Not a STIX pattern. Positions count characters from 1; the pattern's own text is never repeated,
/// so that the message can be logged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// Longer than [`super::MAX_PATTERN_LEN`].
    #[error("the pattern has {len} bytes; split it into patterns of at most {max}")]
    TooLong {
        /// Length of the text, in bytes.
        len: usize,
        /// Longest length read, in bytes.
        max: usize,
    },
    /// Parentheses nested deeper than [`super::MAX_PATTERN_DEPTH`].
    #[error("the pattern nests deeper than {max} levels at character {at}; flatten it")]
    TooDeep {
        /// Where.
        at: usize,
        /// Deepest nesting read.
        max: usize,
    },
    /// Something else stands where the grammar wants `expected`.
    #[error("expected {expected} at character {at} of the pattern")]
    Expected {
        /// Where.
        at: usize,
        /// What the grammar allows there.
        expected: &'static str,
    },
    /// A quote that is never closed.
    #[error("the string that begins at character {at} of the pattern is never closed; add a quote")]
    OpenString {
        /// Where the string begins.
        at: usize,
    },
    /// A comment that is never closed.
    #[error("the comment that begins at character {at} of the pattern is never closed; add */")]
    OpenComment {
        /// Where the comment begins.
        at: usize,
    },
    /// A character no token begins with.
    #[error("character {at} of the pattern has no meaning there; remove it or quote it")]
    StrayCharacter {
        /// Where.
        at: usize,
    },
    /// A literal whose content is not of its type.
    #[error("the literal at character {at} of the pattern is not a valid {what}")]
    BadLiteral {
        /// Where.
        at: usize,
        /// Which type of literal.
        what: &'static str,
    },
}

impl PatternError {
    /// A stable code, the same in every language.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "pattern-too-long",
            Self::TooDeep { .. } => "pattern-too-deep",
            Self::Expected { .. } => "pattern-syntax",
            Self::OpenString { .. } => "pattern-open-string",
            Self::OpenComment { .. } => "pattern-open-comment",
            Self::StrayCharacter { .. } => "pattern-stray-character",
            Self::BadLiteral { .. } => "pattern-bad-literal",
        }
    }

    /// The character where it goes wrong, from 1; `None` where the whole is too long.
    pub const fn at(&self) -> Option<usize> {
        match self {
            Self::TooLong { .. } => None,
            Self::TooDeep { at, .. }
            | Self::Expected { at, .. }
            | Self::OpenString { at }
            | Self::OpenComment { at }
            | Self::StrayCharacter { at }
            | Self::BadLiteral { at, .. } => Some(*at),
        }
    }
}

/// The pattern cannot be evaluated. Neither the pattern's nor the data's text is repeated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvaluationError {
    /// The work would exceed [`super::EvaluationLimits::steps`].
    #[error("the pattern needs more than {max} steps on this data; make it or the data smaller")]
    TooMuchWork {
        /// Most steps allowed.
        max: u64,
    },
    /// `REPEATS` multiplies the pattern beyond [`super::EvaluationLimits::places`].
    #[error("the pattern asks for more than {max} observations at once; lower its REPEATS")]
    TooManyPlaces {
        /// Most observations one match may consist of.
        max: usize,
    },
    /// An expression after `MATCHES` that is malformed, or uses what only backtracking engines have.
    #[error(
        "the expression after MATCHES for {path} cannot be read: it is malformed, or uses \
         look-around, back-references or other features of PCRE that are not supported"
    )]
    BadExpression {
        /// The property it is compared with.
        path: String,
    },
    /// An expression after `MATCHES` whose automaton would be too large.
    #[error("the expression after MATCHES for {path} is too large; lower its repetition counts")]
    ExpressionTooLarge {
        /// The property it is compared with.
        path: String,
    },
}

impl EvaluationError {
    /// A stable code, the same in every language.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooMuchWork { .. } => "pattern-too-much-work",
            Self::TooManyPlaces { .. } => "pattern-too-many-places",
            Self::BadExpression { .. } => "pattern-bad-expression",
            Self::ExpressionTooLarge { .. } => "pattern-expression-too-large",
        }
    }
}
