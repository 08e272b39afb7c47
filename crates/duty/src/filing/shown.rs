//! Values as people read them, in both languages.

use std::collections::BTreeMap;

use crate::{Field, Lang, Reference, Scalar, Text, Value, ValueType};

impl Reference {
    /// A value as people read it: words of a list, yes and no, sectors, obligations and the parts of
    /// records by their names.
    pub fn shown(&self, field: &str, value: &Value) -> Text {
        let Some(field) = self.field(field) else {
            return Text::new(value.plain(), value.plain());
        };
        let words = |lang| match value {
            Value::Flag(_) | Value::Text(_) => self.word(field, &value.plain(), lang),
            Value::List(words) => {
                let words = words.iter().map(|w| self.word(field, w, lang));
                words.collect::<Vec<_>>().join("\n")
            }
            Value::Record(record) if matches!(field.kind, ValueType::Map(..)) => {
                self.map(field, record, lang)
            }
            Value::Record(record) => self.record(record, lang),
            Value::Records(records) => {
                records.iter().map(|r| self.record(r, lang)).collect::<Vec<_>>().join("\n")
            }
            Value::Moment(at) if lang == Lang::Ja => {
                let zone = at.time_zone().iana_name().map(|n| format!(" {n}")).unwrap_or_default();
                format!(
                    "{}({}{zone})",
                    at.strftime("%Y年%m月%d日 %H時%M分%S秒"),
                    at.strftime("%:z")
                )
            }
            Value::Integer(_) | Value::Moment(_) => value.plain(),
        };
        Text::new(words(Lang::En), words(Lang::Ja))
    }

    fn word(&self, field: &Field, word: &str, lang: Lang) -> String {
        let kind = match field.kind {
            ValueType::One(kind) | ValueType::List(kind) => kind,
            ValueType::Record | ValueType::Records | ValueType::Map(..) => Scalar::Text,
        };
        let found = match (kind, lang) {
            (Scalar::Enum, Lang::Ja) => self.of_list(field.enumeration.as_deref(), word),
            (Scalar::Bool | Scalar::Tristate, lang) => match (word, lang) {
                ("true", Lang::En) => Some("yes".to_owned()),
                ("false", Lang::En) => Some("no".to_owned()),
                ("true", Lang::Ja) => Some("はい".to_owned()),
                ("false", Lang::Ja) => Some("いいえ".to_owned()),
                ("yes", Lang::Ja) => Some("あり".to_owned()),
                ("no", Lang::Ja) => Some("なし".to_owned()),
                ("unknown", Lang::Ja) => Some("不明".to_owned()),
                _ => None,
            },
            (Scalar::Sector, _) => {
                self.sectors().iter().find(|s| s.id == word).map(|s| match (lang, &s.ja) {
                    (Lang::Ja, Some(ja)) => format!("{ja} ({word})"),
                    _ => format!("{} ({word})", s.en),
                })
            }
            (Scalar::Obligation, _) => {
                self.obligation(word).map(|o| format!("{} ({word})", o.name.lang(lang)))
            }
            _ => None,
        };
        found.unwrap_or_else(|| word.to_owned())
    }

    /// The Japanese word for a word of a list.
    fn of_list(&self, list: Option<&str>, word: &str) -> Option<String> {
        let list = self.enumerations().iter().find(|k| Some(k.id.as_str()) == list)?;
        let place = list.values.iter().position(|v| v == word)?;
        list.values_ja.get(place).cloned()
    }

    /// Values by key, both words of lists where the field says so.
    fn map(&self, field: &Field, map: &BTreeMap<String, String>, lang: Lang) -> String {
        let word = |list: &Option<String>, word: &String| {
            let found = self.of_list(list.as_deref(), word).filter(|_| lang == Lang::Ja);
            found.unwrap_or_else(|| word.clone())
        };
        let pairs = map.iter().map(|(k, v)| {
            format!("{}: {}", word(&field.key_enumeration, k), word(&field.enumeration, v))
        });
        pairs.collect::<Vec<_>>().join("; ")
    }

    /// The parts of a record in their usual order, then the others.
    fn record(&self, record: &BTreeMap<String, String>, lang: Lang) -> String {
        let usual = self.record_keys().iter();
        let usual = usual.filter_map(|(id, name)| Some((name.lang(lang), record.get(id)?)));
        let others =
            record.iter().filter(|(k, _)| !self.record_keys().iter().any(|(id, _)| id == *k));
        let others = others.map(|(k, v)| (k.as_str(), v));
        usual.chain(others).map(|(k, v)| format!("{k}: {v}")).collect::<Vec<_>>().join("; ")
    }
}
