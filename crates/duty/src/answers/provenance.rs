//! Where an answer came from.

use serde::{Deserialize, Serialize};

use crate::Text;

/// Where an answer came from; every field of a filing shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Provenance {
    /// A person typed it.
    Typed {
        /// Who, as the hub knows them.
        by: String,
        /// When, RFC 3339, where known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<String>,
    },
    /// Computed from other answers.
    Derived {
        /// From which fields or clocks.
        fields: Vec<String>,
        /// How.
        rule: Text,
    },
    /// Read from a document that was handed in.
    Document {
        /// Which.
        name: String,
    },
    /// Nobody said otherwise.
    Default {
        /// Why this value.
        why: Text,
    },
}

impl Provenance {
    /// The same as a phrase.
    pub fn text(&self) -> Text {
        match self {
            Self::Typed { by, at } => {
                let at = at.as_ref().map(|t| format!(", {t}")).unwrap_or_default();
                Text::new(format!("typed by {by}{at}"), format!("{by}が入力{at}"))
            }
            Self::Derived { rule, .. } => {
                Text::new(format!("derived: {}", rule.en), format!("導出: {}", rule.ja))
            }
            Self::Document { name } => {
                Text::new(format!("read from {name}"), format!("{name}から読取り"))
            }
            Self::Default { why } => {
                Text::new(format!("default: {}", why.en), format!("既定値: {}", why.ja))
            }
        }
    }
}
