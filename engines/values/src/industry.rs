//! Industry codes 国民经济行业代码, GB/T 4754-2017: section, division, group, class; and classes over them as lists of prefixes.
//!
//! Codes, kinds of enterprise and classes are data
//! (`definitions/codes/industries.csv`, `industry_classes.toml`).

use crate::Confidence;
use crate::table::{Table, TableError};
use crate::texts::Label;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// How deep a code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// 门类, a letter.
    Section,
    /// 大类, 2 digits.
    Division,
    /// 中类, 3 digits.
    Group,
    /// 小类, 4 digits.
    Class,
}

/// One code with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Industry {
    /// `C`, `38`, `384`, `3841`.
    pub code: String,
    /// Letter of its section.
    pub section: char,
    /// Name in the standard.
    pub name: String,
}

impl Industry {
    /// How deep it is.
    #[must_use]
    pub fn level(&self) -> Level {
        match self.code.len() {
            1 => Level::Section,
            2 => Level::Division,
            3 => Level::Group,
            _ => Level::Class,
        }
    }
}

/// A list of prefixes over the codes: `C`, `39`, `392`, `3841`, `33-40`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Prefixes(Vec<String>);

impl Prefixes {
    /// From texts as they stand in a definition.
    pub fn new(prefixes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self(prefixes.into_iter().map(Into::into).collect())
    }
    /// True if the code (of section `section`) begins with one of them.
    #[must_use]
    pub fn contains(&self, section: char, code: &str) -> bool {
        self.0.iter().any(|prefix| match prefix.split_once('-') {
            Some((from, to)) => code.get(..from.len()).is_some_and(|head| from <= head && head <= to),
            None if prefix.starts_with(|c: char| c.is_ascii_alphabetic()) => prefix.chars().eq([section]),
            None => code.starts_with(prefix.as_str()),
        })
    }
    /// The prefixes as written.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// A class over the codes: a kind of enterprise, a part of a kind, or a class that reports use.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassOf {
    /// Stable key.
    pub key: String,
    /// Kind that a part belongs to; empty for a kind or class.
    #[serde(default)]
    pub of: String,
    /// What it is called.
    pub label: Label,
    /// Codes that belong to it.
    pub prefixes: Prefixes,
    /// Codes of which only a part belongs: the code cannot decide.
    #[serde(default)]
    pub partial: Prefixes,
    /// Where the list comes from.
    pub source: String,
    /// How sure it is.
    pub confidence: Confidence,
}

/// Whether a code belongs to a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Belongs {
    /// Yes.
    Yes,
    /// No.
    No,
    /// Only a part of the code belongs, or the code is not deep enough to tell.
    Undecided,
}

/// All codes, kinds and classes.
#[derive(Debug, Clone, Default)]
pub struct Industries {
    by_code: BTreeMap<String, Industry>,
    /// Kinds of enterprise; each code has exactly one.
    pub kinds: Vec<ClassOf>,
    /// Parts of kinds; each code has at most one.
    pub parts: Vec<ClassOf>,
    /// Classes; they may overlap.
    pub classes: Vec<ClassOf>,
    /// Where the codes come from.
    pub source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassFile {
    #[allow(dead_code, reason = "kept with the data for whoever edits it")]
    source: String,
    #[allow(dead_code, reason = "kept with the data for whoever edits it")]
    valid_from: String,
    #[serde(default, rename = "kind")]
    kinds: Vec<ClassOf>,
    #[serde(default, rename = "part")]
    parts: Vec<ClassOf>,
    #[serde(default, rename = "class")]
    classes: Vec<ClassOf>,
}

static CHINA: LazyLock<Industries> = LazyLock::new(|| {
    Industries::parse(
        include_str!("../../../definitions/codes/industries.csv"),
        include_str!("../../../definitions/codes/industry_classes.toml"),
    )
    .expect("embedded, and read by a test")
});

impl Industries {
    /// The standard that comes with the program.
    #[must_use]
    pub fn china() -> &'static Self {
        &CHINA
    }

    /// Reads the codes (columns code, section, name) and the classes.
    ///
    /// # Errors
    /// The first line that does not fit; line 0 stands for the classes.
    pub fn parse(codes: &str, classes: &str) -> Result<Self, TableError> {
        let table = Table::parse(codes, &["code", "section", "name"])?;
        let file: ClassFile = toml::from_str(classes).map_err(|e| TableError::at(0, e.to_string()))?;
        let mut by_code = BTreeMap::new();
        for (at, row) in table.rows.iter().enumerate() {
            let section = row[1].chars().next().ok_or_else(|| TableError::at(at + 1, "没有门类"))?;
            let industry = Industry { code: row[0].into(), section, name: row[2].into() };
            if by_code.insert(row[0].to_owned(), industry).is_some() {
                return Err(TableError::at(at + 1, format!("{} 出现两次", row[0])));
            }
        }
        let source = table.note("source").to_owned();
        Ok(Self { by_code, kinds: file.kinds, parts: file.parts, classes: file.classes, source })
    }

    /// Finds a code as people write it: blanks dropped, full-width made half-width, with or without its section letter (`C3841`).
    ///
    /// `None` if it is not in the standard; a lost leading zero is not guessed.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<&Industry> {
        let clean: String =
            text.chars().filter(|c| !c.is_whitespace()).map(crate::unit::half_width).map(|c| c.to_ascii_uppercase()).collect();
        if let Some(found) = self.by_code.get(&clean) {
            return Some(found);
        }
        let mut rest = clean.chars();
        let letter = rest.next().filter(char::is_ascii_alphabetic)?;
        self.by_code.get(rest.as_str()).filter(|i| i.section == letter)
    }

    /// The level above; `None` for a section.
    #[must_use]
    pub fn parent(&self, industry: &Industry) -> Option<&Industry> {
        match industry.level() {
            Level::Section => None,
            Level::Division => self.by_code.get(&industry.section.to_string()),
            Level::Group | Level::Class => self.by_code.get(&industry.code[..industry.code.len() - 1]),
        }
    }

    /// The kind or part of that key, for its label.
    #[must_use]
    pub fn class(&self, key: &str) -> Option<&ClassOf> {
        self.kinds.iter().chain(&self.parts).find(|c| c.key == key)
    }

    /// Kind of enterprise 企业类别, e.g. `industry`; every code of division depth or deeper has one.
    #[must_use]
    pub fn kind(&self, code: &str) -> Option<&ClassOf> {
        self.first_of(&self.kinds, code)
    }

    /// Part of the kind, e.g. `transport_storage`; `None` where the kind has no parts.
    #[must_use]
    pub fn part(&self, code: &str) -> Option<&ClassOf> {
        self.first_of(&self.parts, code)
    }

    fn first_of<'a>(&self, list: &'a [ClassOf], code: &str) -> Option<&'a ClassOf> {
        let industry = self.find(code)?;
        list.iter().find(|c| c.prefixes.contains(industry.section, &industry.code))
    }

    /// Whether a code belongs to the class of that key; `None` for an unknown class or code.
    #[must_use]
    pub fn belongs(&self, code: &str, class: &str) -> Option<Belongs> {
        let industry = self.find(code)?;
        let class = self.kinds.iter().chain(&self.parts).chain(&self.classes).find(|c| c.key == class)?;
        let (section, code) = (industry.section, industry.code.as_str());
        // A longer partial prefix takes a part out of a shorter whole one, so it is asked first.
        if class.partial.contains(section, code) {
            return Some(Belongs::Undecided);
        }
        if class.prefixes.contains(section, code) {
            return Some(Belongs::Yes);
        }
        let deeper = |p: &str| p.len() > code.len() && p.starts_with(code) || code.chars().eq([section]) && self.is_under(p, section);
        let below = class.prefixes.iter().chain(class.partial.iter()).any(deeper);
        Some(if below { Belongs::Undecided } else { Belongs::No })
    }

    fn is_under(&self, prefix: &str, section: char) -> bool {
        let head = prefix.split('-').next().unwrap_or_default();
        self.by_code.get(head).is_some_and(|i| i.section == section)
    }

    /// All codes in order.
    pub fn iter(&self) -> impl Iterator<Item = &Industry> {
        self.by_code.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_those_of_the_standard() {
        let all = Industries::china();
        let count = |level| all.iter().filter(|i| i.level() == level).count();
        assert_eq!((count(Level::Section), count(Level::Division), count(Level::Group), count(Level::Class)), (20, 97, 473, 1_380));
        for industry in all.iter().filter(|i| i.level() != Level::Section) {
            let parent = all.parent(industry).unwrap_or_else(|| panic!("{industry:?}"));
            assert_eq!(parent.section, industry.section);
        }
    }

    #[test]
    fn every_code_has_one_kind_and_services_have_one_part() {
        let all = Industries::china();
        for industry in all.iter() {
            let within = |c: &&ClassOf| c.prefixes.contains(industry.section, &industry.code);
            assert_eq!(all.kinds.iter().filter(within).count(), 1, "{industry:?}");
            let parts = all.parts.iter().filter(within).count();
            let service = all.kind(&industry.code).is_some_and(|k| k.key == "service");
            let deep = industry.level() != Level::Section;
            assert_eq!(parts == 1, service && (deep || parts == 1), "{industry:?}");
            assert!(parts <= 1, "{industry:?}");
        }
    }

    #[test]
    fn kinds_follow_from_the_code() {
        let all = Industries::china();
        let check = |code: &str, kind: &str, part: &str| {
            let part_of = all.part(code).map_or("", |p| p.key.as_str());
            assert_eq!((all.kind(code).map_or("", |k| k.key.as_str()), part_of), (kind, part), "{code}");
        };
        check("3841", "industry", "");
        check("C3841", "industry", "");
        check("4790", "construction", "");
        check("5431", "service", "transport_storage");
        check("6010", "service", "other_services");
        check("51", "service", "wholesale_retail");
        check("6513", "service", "software_information");
        check("7111", "service", "leasing");
        check("7520", "service", "technical_services");
        check("0111", "agriculture", "");
        check("D3841", "", "");
        check("9999", "", "");
        check("", "", "");
    }

    #[test]
    fn classes_say_when_the_code_cannot_decide() {
        let all = Industries::china();
        assert_eq!(all.belongs("3841", "high_tech_manufacturing"), Some(Belongs::Yes));
        assert_eq!(all.belongs("3240", "high_tech_manufacturing"), Some(Belongs::No));
        assert_eq!(all.belongs("38", "high_tech_manufacturing"), Some(Belongs::Undecided));
        assert_eq!(all.belongs("C", "high_tech_manufacturing"), Some(Belongs::Undecided));
        assert_eq!(all.belongs("2911", "raw_material_manufacturing"), Some(Belongs::Undecided));
        assert_eq!(all.belongs("3411", "equipment_manufacturing"), Some(Belongs::Yes));
        assert_eq!(all.belongs("3841", "no_such_class"), None);
        // The three sectors share out every division.
        for industry in all.iter().filter(|i| i.level() == Level::Division) {
            let sectors = ["primary_sector", "secondary_sector", "tertiary_sector"];
            assert_eq!(sectors.iter().filter(|s| all.belongs(&industry.code, s) == Some(Belongs::Yes)).count(), 1, "{industry:?}");
        }
    }
}
