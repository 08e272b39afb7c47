//! The texts of `noroshi stix`, in one language.

use anyhow::{Context, Result};
use noroshi_outlet::i18n::{Locale, Texts, Value};
use noroshi_stix::{Change, DocumentError, Finding, PatternError, Severity};

use super::plain;

/// The texts; a test compares the two languages.
pub(super) const TEXTS: &[(Locale, &str)] = &[
    (Locale::En, include_str!("../../locales/en/stix.ftl")),
    (Locale::En, include_str!("../../locales/en/stix-codes.ftl")),
    (Locale::En, include_str!("../../locales/en/stix-types.ftl")),
    (Locale::En, include_str!("../../locales/en/stix-properties.ftl")),
    (Locale::Ja, include_str!("../../locales/ja/stix.ftl")),
    (Locale::Ja, include_str!("../../locales/ja/stix-codes.ftl")),
    (Locale::Ja, include_str!("../../locales/ja/stix-types.ftl")),
    (Locale::Ja, include_str!("../../locales/ja/stix-properties.ftl")),
];

/// Texts in the language of the reader.
pub(super) struct Wording {
    texts: Texts,
    locale: Locale,
}

impl Wording {
    pub(super) fn new(locale: Locale) -> Result<Self> {
        let texts = Texts::new(TEXTS).context("the built-in texts cannot be read")?;
        Ok(Self { texts, locale })
    }

    /// The text with this key.
    pub(super) fn t(&self, key: &str) -> String {
        self.texts.get(self.locale, key)
    }

    /// The text with this key, its variables filled in with texts.
    pub(super) fn with(&self, key: &str, named: &[(&str, &str)]) -> String {
        let named: Vec<(&str, Value<'_>)> =
            named.iter().map(|(name, value)| (*name, Value::from(*value))).collect();
        self.texts.with(self.locale, key, &named)
    }

    /// The text with this key, where there is one.
    pub(super) fn find(&self, key: &str) -> Option<String> {
        self.texts.has(self.locale, key).then(|| self.t(key))
    }

    /// What a type is called.
    pub(super) fn kind(&self, object_type: &str) -> String {
        let unknown =
            || self.with("stix-unknown-kind", &[("type", &plain::clipped(object_type, 60))]);
        self.find(&format!("type-{object_type}")).unwrap_or_else(unknown)
    }

    /// What a property is for. `owner` is a type of object, or of a part of objects.
    pub(super) fn property(&self, owner: &str, name: &str) -> Option<String> {
        self.find(&format!("property-{owner}-{name}"))
            .or_else(|| self.find(&format!("part-{owner}")))
            .or_else(|| self.find(&format!("property-{name}")))
    }

    /// What a code means, and what to do.
    pub(super) fn code(&self, code: &str) -> Option<String> {
        self.find(&format!("code-{}", code.replace('.', "-")))
    }

    pub(super) fn severity(&self, severity: Severity) -> String {
        self.t(match severity {
            Severity::Error => "stix-error",
            Severity::Warning => "stix-warning",
        })
    }

    /// One sentence for a finding. In English the library's own, which is the more exact one.
    pub(super) fn finding(&self, finding: &Finding) -> String {
        self.sentence(finding.code, &finding.detail, || finding.message.clone())
    }

    /// One sentence for a change.
    pub(super) fn change(&self, change: &Change) -> String {
        self.sentence(change.code, &change.detail, || change.to_string())
    }

    /// One sentence for a document that cannot be read.
    pub(super) fn document_error(&self, error: &DocumentError) -> String {
        let place = match error {
            DocumentError::TooDeep { line, column } | DocumentError::NotJson { line, column } => {
                format!("{line}:{column}")
            }
            DocumentError::TooLong { .. } | DocumentError::NotStix => String::new(),
        };
        self.sentence(error.code(), &place, || error.to_string())
    }

    /// One sentence for a pattern that cannot be read.
    pub(super) fn pattern_error(&self, error: &PatternError) -> String {
        let place = error.at().map(|at| at.to_string()).unwrap_or_default();
        self.sentence(error.code(), &place, || error.to_string())
    }

    fn sentence(&self, code: &str, detail: &str, english: impl Fn() -> String) -> String {
        let text = self.code(code).filter(|_| self.locale != Locale::En);
        let Some(text) = text else { return english() };
        let first = text.split('。').next().unwrap_or_default();
        if detail.is_empty() {
            return first.to_owned();
        }
        self.with("stix-named", &[("sentence", first), ("detail", &plain::clipped(detail, 300))])
    }
}

#[cfg(test)]
mod tests {
    use noroshi_outlet::i18n::audit;
    use noroshi_stix::specification::ObjectDefinition;
    use noroshi_stix::validate::CODES;

    use super::*;

    /// Every type, property and code has its texts in both languages; no other text is there.
    #[test]
    fn nothing_is_left_unsaid() {
        for locale in [Locale::En, Locale::Ja] {
            let wording = Wording::new(locale).unwrap();
            let has = |key: &str| assert!(wording.texts.has(locale, key), "{locale:?} {key}");
            for definition in ObjectDefinition::all().chain(ObjectDefinition::parts()) {
                let name = definition.name();
                if !definition.class().is_empty() {
                    has(&format!("type-{name}"));
                    has(&format!("about-{name}"));
                }
                for property in definition.properties() {
                    let text = wording.property(name, property.name);
                    assert!(text.is_some(), "{locale:?} {name} {}", property.name);
                }
            }
            let documents = ["document-too-long", "document-too-deep", "not-json", "not-stix"];
            for code in CODES.iter().chain(&Change::CODES).chain(&documents) {
                assert!(wording.code(code).is_some(), "{locale:?} {code}");
            }
        }
    }

    #[test]
    fn both_languages_say_the_same() {
        let sources: Vec<String> = [
            include_str!("wording.rs"),
            include_str!("validate.rs"),
            include_str!("fmt.rs"),
            include_str!("explain.rs"),
            include_str!("explain/definition.rs"),
            include_str!("explain/document.rs"),
            include_str!("explain/marking.rs"),
            include_str!("explain/object.rs"),
            include_str!("explain/pattern.rs"),
        ]
        .map(str::to_owned)
        .to_vec();
        // Those of types, properties and codes are composed; the test above asks for each.
        let composed = ["type-", "about-", "property-", "part-", "code-", "stix-class-"];
        let complaints: Vec<String> = audit(TEXTS, &sources)
            .into_iter()
            .filter(|c| {
                !composed
                    .iter()
                    .any(|p| c.starts_with(&format!("\"{p}")) && c.ends_with("not used"))
            })
            .collect();
        assert_eq!(complaints, Vec::<String>::new());
    }
}
