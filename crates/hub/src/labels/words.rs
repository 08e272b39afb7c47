//! Words for the steps of label paths: those of the product, and the operator's own.

use std::collections::BTreeMap;

use noroshi_anonymity::Words;
use serde::Deserialize;

use crate::error::HubError;

/// The product's words: sectors of the reference data and a few steps above and below them.
const BUILT_IN: &str = include_str!("../../../../reference/label-words.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    label: BTreeMap<String, Words>,
}

/// The words of the steps that are used. Only those: what the published register says must not
/// depend on what else the product knows.
///
/// # Errors
/// When the built-in file cannot be read.
pub(crate) fn of_steps<'a>(
    used: impl IntoIterator<Item = &'a str>,
    own: Vec<(String, Words)>,
) -> Result<BTreeMap<String, Words>, HubError> {
    let mut all = built_in()?;
    all.extend(own);
    let mut words = BTreeMap::new();
    for step in used {
        if let Some(found) = all.get(step) {
            words.entry(step.to_owned()).or_insert_with(|| found.clone());
        }
    }
    Ok(words)
}

/// The product's words.
///
/// # Errors
/// When the built-in file cannot be read.
fn built_in() -> Result<BTreeMap<String, Words>, HubError> {
    let file: File = toml::from_str(BUILT_IN)
        .map_err(|e| HubError::Register(format!("reference/label-words.toml: {e}")))?;
    Ok(file.label)
}
