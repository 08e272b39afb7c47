//! The language of the terminal.

use anyhow::{Context, Result};
use noroshi_outlet::i18n::{Locale, Speech, Texts};

/// The texts of the command line, in both languages.
pub(crate) const CLI_TEXTS: &[(Locale, &str)] = &[
    (Locale::En, include_str!("../locales/en/cli.ftl")),
    (Locale::Ja, include_str!("../locales/ja/cli.ftl")),
    (Locale::En, include_str!("../locales/en/demo.ftl")),
    (Locale::Ja, include_str!("../locales/ja/demo.ftl")),
    (Locale::En, include_str!("../locales/en/mailbox.ftl")),
    (Locale::Ja, include_str!("../locales/ja/mailbox.ftl")),
    (Locale::En, include_str!("../locales/en/console.ftl")),
    (Locale::Ja, include_str!("../locales/ja/console.ftl")),
];

/// Texts in the language asked for, else of the environment (LC_ALL, LC_MESSAGES, LANG), else
/// English.
pub(crate) fn speech(wanted: Option<&str>) -> Result<Speech> {
    let texts = Texts::new(CLI_TEXTS).context("the built-in texts cannot be read")?;
    let locale = match wanted {
        Some(tag) => {
            Locale::from_tag(tag).with_context(|| format!("--lang {tag}: use en or ja"))?
        }
        None => ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()))
            .and_then(|v| Locale::from_tag(&v))
            .unwrap_or_default(),
    };
    Ok(texts.speak(locale))
}

/// Whether texts are in Japanese.
pub(crate) fn japanese(speech: &Speech) -> bool {
    speech.locale() == Locale::Ja
}
