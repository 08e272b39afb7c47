//! Looking texts up.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use super::Locale;

/// An argument of a text: `"..."`, a number or an owned string.
pub type Value<'a> = FluentValue<'a>;

/// A file of texts that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TextsError {
    /// The file does not parse.
    #[error("a text file in {0} does not parse: {1}")]
    Syntax(&'static str, String),
    /// Two files, or one file twice, define the same text.
    #[error("the text {1:?} is defined twice in {0}")]
    Twice(&'static str, String),
}

/// All texts in all languages. Cheap to clone.
#[derive(Clone)]
pub struct Texts {
    en: Arc<FluentBundle<FluentResource>>,
    ja: Arc<FluentBundle<FluentResource>>,
}

impl Texts {
    /// Loads the given files; several files of one language are read as one.
    pub fn new(files: &[(Locale, &str)]) -> Result<Self, TextsError> {
        Ok(Self { en: bundle(Locale::En, files)?, ja: bundle(Locale::Ja, files)? })
    }

    /// The text with this key. Falls back to English, then to the key itself.
    pub fn get(&self, locale: Locale, key: &str) -> String {
        self.with(locale, key, &[])
    }

    /// The text with this key, its variables filled in. A variable that is not given shows as
    /// `{$name}`.
    pub fn with(&self, locale: Locale, key: &str, arguments: &[(&str, Value<'_>)]) -> String {
        let mut args = FluentArgs::with_capacity(arguments.len());
        for (name, value) in arguments {
            args.set(Cow::Borrowed(*name), value.clone());
        }
        let args = (!arguments.is_empty()).then_some(&args);
        self.lookup(locale, key, args)
            .or_else(|| self.lookup(Locale::En, key, args))
            .unwrap_or_else(|| key.to_owned())
    }

    /// Whether this language has the text.
    pub fn has(&self, locale: Locale, key: &str) -> bool {
        self.bundle(locale).has_message(key)
    }

    /// These texts in one language, which is what a page template takes.
    pub fn speak(&self, locale: Locale) -> Speech {
        Speech { texts: self.clone(), locale }
    }

    fn lookup(&self, locale: Locale, key: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
        let bundle = self.bundle(locale);
        let pattern = bundle.get_message(key)?.value()?;
        // Missing variables are reported here; the result shows them, and `audit` finds them.
        let mut errors = Vec::new();
        Some(bundle.format_pattern(pattern, args, &mut errors).into_owned())
    }

    fn bundle(&self, locale: Locale) -> &FluentBundle<FluentResource> {
        match locale {
            Locale::En => &self.en,
            Locale::Ja => &self.ja,
        }
    }
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Texts").finish_non_exhaustive()
    }
}

/// [`Texts`] in one language.
#[derive(Clone, Debug)]
pub struct Speech {
    texts: Texts,
    locale: Locale,
}

impl Speech {
    /// The text with this key.
    pub fn t(&self, key: &str) -> String {
        self.texts.get(self.locale, key)
    }

    /// The text with this key, its variables filled in.
    pub fn with(&self, key: &str, arguments: &[(&str, Value<'_>)]) -> String {
        self.texts.with(self.locale, key, arguments)
    }

    /// The language.
    pub fn locale(&self) -> Locale {
        self.locale
    }

    /// The language's tag, for `<html lang>`.
    pub fn lang(&self) -> &'static str {
        self.locale.tag()
    }
}

fn bundle(
    locale: Locale,
    files: &[(Locale, &str)],
) -> Result<Arc<FluentBundle<FluentResource>>, TextsError> {
    let language: LanguageIdentifier = locale.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Without this every variable is wrapped in invisible direction marks, which end up in what
    // people copy from the page.
    bundle.set_use_isolating(false);
    for (_, text) in files.iter().filter(|(l, _)| *l == locale) {
        let resource = FluentResource::try_new((*text).to_owned()).map_err(|(_, errors)| {
            let first = errors.first().map(ToString::to_string).unwrap_or_default();
            TextsError::Syntax(locale.tag(), first)
        })?;
        bundle.add_resource(resource).map_err(|errors| {
            let first = errors.first().map(ToString::to_string).unwrap_or_default();
            TextsError::Twice(locale.tag(), first)
        })?;
    }
    Ok(Arc::new(bundle))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_up_falls_back_and_never_fails() {
        let texts = Texts::new(&[
            (Locale::En, "both = Hello { $name }\nenglish = Only English\n"),
            (Locale::Ja, "both = こんにちは { $name }\n"),
            (Locale::Ja, "other = 別の\n"),
        ])
        .unwrap();
        let name = [("name", Value::from("火"))];
        assert_eq!(texts.with(Locale::Ja, "both", &name), "こんにちは 火");
        assert_eq!(texts.get(Locale::Ja, "english"), "Only English");
        assert_eq!(texts.get(Locale::Ja, "other"), "別の");
        assert_eq!(texts.get(Locale::En, "nowhere"), "nowhere");
        assert_eq!(texts.get(Locale::En, ""), "");
        assert_eq!(texts.get(Locale::En, "both"), "Hello {$name}");
    }

    #[test]
    fn refuses_what_does_not_parse_and_what_is_there_twice() {
        assert!(matches!(Texts::new(&[(Locale::En, "a = { $")]), Err(TextsError::Syntax("en", _))));
        assert!(matches!(
            Texts::new(&[(Locale::Ja, "a = 1\n"), (Locale::Ja, "a = 2\n")]),
            Err(TextsError::Twice("ja", _))
        ));
    }
}
