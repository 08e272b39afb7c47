//! How much was hit, as one of three classes, where it may be said at all.
//!
//! "80 servers infected" can only be said by a firm that has 80 servers, so a number moves the
//! belief of whoever reads it towards large firms. Two things prevent this:
//!
//! 1. A [`Quantity`] is relative to the firm's own size: `Many` is a tenth of what a firm of its
//!    public size class has, so a small firm says it as easily as a large one.
//! 2. Whether a cell shows quantities at all ([`may_show`]) depends on the public size classes of
//!    its members alone, never on the report: only where every member could show every class. A
//!    weaker rule, "this class, if everybody could show it", would tell by the class's absence that
//!    it was one that not everybody can show (as a missing product does).
//!
//! [`Quantities::Withheld`] is the default: nothing of this is released until a deployment decides
//! so and its context release carries the field. Everything here is a function of its arguments.

use crate::{AnonymityError, Words};

/// How much was hit, relative to the firm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quantity {
    /// A single one.
    One,
    /// More than one, less than a tenth of what a firm of this size has.
    Several,
    /// A tenth of what a firm of this size has, or more.
    Many,
}

/// Whether quantities are released where the cell allows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quantities {
    /// Never.
    #[default]
    Withheld,
    /// As a class, in cells that may show them.
    Classes,
}

/// How many machines, accounts or files a firm has, as outsiders know it: between two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    least: u64,
    most: u64,
}

/// `Many` is this part of what the firm may have at most.
const MANY_IS_ONE_IN: u64 = 10;

impl Quantity {
    /// All, from small to large.
    pub const ALL: [Self; 3] = [Self::One, Self::Several, Self::Many];

    /// The stable machine name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::Several => "several",
            Self::Many => "many",
        }
    }

    /// What people read.
    pub fn words(self) -> Words {
        let (ja, en) = match self {
            Self::One => ("1件", "one"),
            Self::Several => (
                "数件(組織の規模に対して1割未満)",
                "several (less than a tenth of the organisation's)",
            ),
            Self::Many => {
                ("多数(組織の規模に対して1割以上)", "many (a tenth of the organisation's, or more)")
            }
        };
        Words { ja: ja.into(), en: en.into() }
    }

    /// The class of a number at a firm of this size; `None` for nothing. A number above what a
    /// firm of this size can have is `Many`.
    pub fn of(count: u64, size: Size) -> Option<Self> {
        match count {
            0 => None,
            1 => Some(Self::One),
            n if n < size.many_from() => Some(Self::Several),
            _ => Some(Self::Many),
        }
    }
}

impl Size {
    /// Between `least` and `most`, both included.
    ///
    /// # Errors
    /// [`AnonymityError::BadSize`] where nothing lies between them.
    pub fn new(least: u64, most: u64) -> Result<Self, AnonymityError> {
        if least == 0 || least > most {
            return Err(AnonymityError::BadSize { least, most });
        }
        Ok(Self { least, most })
    }

    /// The size class behind a weight of the register (1 small, 2 middle, 4 and more large), in
    /// machines. Ranges are ten to one, so that the smallest firm of a class can show `Many`.
    pub const fn of_weight(weight: u32) -> Self {
        match weight {
            0 | 1 => Self { least: 25, most: 250 },
            2 | 3 => Self { least: 250, most: 2_500 },
            _ => Self { least: 2_500, most: 25_000 },
        }
    }

    /// Whether even the smallest firm of this size could show the class.
    pub fn could_show(self, quantity: Quantity) -> bool {
        match quantity {
            Quantity::One => self.least >= 1,
            Quantity::Several => self.least >= 2 && self.many_from() > 2,
            Quantity::Many => self.least >= self.many_from(),
        }
    }

    /// The smallest number that is `Many`.
    fn many_from(self) -> u64 {
        self.most.div_ceil(MANY_IS_ONE_IN).max(2)
    }
}

/// Whether a cell shows quantities: every member could show every class. An empty cell shows none.
pub fn may_show(cell: impl IntoIterator<Item = Size>) -> bool {
    let mut some = false;
    let all = cell.into_iter().all(|size| {
        some = true;
        Quantity::ALL.into_iter().all(|quantity| size.could_show(quantity))
    });
    all && some
}

/// What may be said of `count` at a firm of `size` whose candidates have the sizes `cell`.
pub fn released(
    count: Option<u64>,
    size: Size,
    cell: impl IntoIterator<Item = Size>,
    rule: Quantities,
) -> Option<Quantity> {
    match rule {
        Quantities::Withheld => None,
        Quantities::Classes if may_show(cell) => Quantity::of(count?, size),
        Quantities::Classes => None,
    }
}
