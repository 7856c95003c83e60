//! Texts by key, in Chinese and English, from a crate's `texts.toml`.
//!
//! ```toml
//! [import.not_a_number]
//! zh = "应为数字，读到“{found}”"
//! en = "expected a number, found “{found}”"
//! ```

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Language of a text. Chinese comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// 中文
    #[default]
    Zh,
    /// English
    En,
}

/// A label in both languages, as definitions carry it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Chinese.
    pub zh: String,
    /// English; empty where none is known yet.
    #[serde(default)]
    pub en: String,
}

impl Label {
    /// The text in `lang`; Chinese where English is missing.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En if !self.en.is_empty() => &self.en,
            _ => &self.zh,
        }
    }
}

/// All texts of one crate.
#[derive(Debug, Clone, Default)]
pub struct Texts(BTreeMap<String, Label>);

impl Texts {
    /// Reads a `texts.toml`: nested tables whose leaves have `zh` and `en`.
    ///
    /// # Errors
    /// The TOML error, or the first key whose leaf is no text.
    pub fn parse(source: &str) -> Result<Self, String> {
        let table: toml::Table = source.parse().map_err(|e: toml::de::Error| e.to_string())?;
        let mut texts = BTreeMap::new();
        flatten("", &table, &mut texts)?;
        Ok(Self(texts))
    }

    /// The text of `key` with `{name}` replaced from `args`; the key itself if
    /// there is none (a test finds those).
    #[must_use]
    pub fn get(&self, lang: Lang, key: &str, args: &[(&str, &str)]) -> String {
        let Some(label) = self.0.get(key) else { return key.to_owned() };
        fill(label.get(lang), args)
    }

    /// True if `key` has a text.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// Keys without an English text.
    pub fn untranslated(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter(|(_, l)| l.en.is_empty() || l.zh.is_empty()).map(|(k, _)| k.as_str())
    }

    /// All keys.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// Replaces each `{name}` in one pass, so that a value may itself hold braces.
fn fill(template: &str, args: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let after = &rest[open..];
        let known = after.find('}').and_then(|close| {
            let (_, value) = args.iter().find(|(n, _)| *n == &after[1..close])?;
            Some((close, *value))
        });
        match known {
            Some((close, value)) => {
                out.push_str(value);
                rest = &after[close + 1..];
            }
            None => {
                out.push('{');
                rest = &after[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn flatten(prefix: &str, table: &toml::Table, into: &mut BTreeMap<String, Label>) -> Result<(), String> {
    for (key, value) in table {
        let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        let toml::Value::Table(inner) = value else { return Err(format!("{path}: 应为 {{ zh, en }}")) };
        if let Some(toml::Value::String(zh)) = inner.get("zh") {
            let en = inner.get("en").and_then(toml::Value::as_str).unwrap_or_default();
            into.insert(path, Label { zh: zh.clone(), en: en.to_owned() });
        } else {
            flatten(&path, inner, into)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_in_and_falls_back() {
        let texts = Texts::parse("[a.b]\nzh = \"读到“{found}”{x}\"\n").unwrap();
        assert_eq!(texts.get(Lang::En, "a.b", &[("found", "{x}")]), "读到“{x}”{x}");
        assert_eq!(texts.get(Lang::Zh, "a.c", &[]), "a.c");
        assert_eq!(texts.untranslated().collect::<Vec<_>>(), ["a.b"]);
        assert!(Texts::parse("a = 1").is_err());
    }
}
