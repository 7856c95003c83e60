//! Region codes 行政区划代码, GB/T 2260: six digits, two each for province, prefecture and county.
//!
//! The list is data (`definitions/codes/regions.csv`) and holds withdrawn
//! codes too, for records made before. A development zone has no code of its
//! own: to which zone a firm belongs is never read from a region code.

use crate::table::{Table, TableError};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// One region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Six digits.
    pub code: String,
    /// Name at its own level, e.g. 金川区.
    pub name: String,
    /// Code of the level above; empty for a province.
    pub parent: String,
    /// False once withdrawn.
    pub is_current: bool,
}

/// How a code stands in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// In today's list.
    Current,
    /// Withdrawn, but once issued.
    Withdrawn,
    /// Its prefecture is known, the county part is not: an older code, or one that a statistics office gave a zone.
    ParentKnown,
    /// In no list.
    Unknown,
}

/// All regions.
#[derive(Debug, Clone, Default)]
pub struct Regions {
    by_code: BTreeMap<String, Region>,
    /// Where the list comes from.
    pub source: String,
}

static CHINA: LazyLock<Regions> =
    LazyLock::new(|| Regions::parse(include_str!("../../../definitions/codes/regions.csv")).expect("embedded, and read by a test"));

impl Regions {
    /// The list that comes with the program.
    #[must_use]
    pub fn china() -> &'static Self {
        &CHINA
    }

    /// Reads a list: columns code, name, parent, state (current · withdrawn).
    ///
    /// # Errors
    /// The first line that does not fit.
    pub fn parse(text: &str) -> Result<Self, TableError> {
        let table = Table::parse(text, &["code", "name", "parent", "state"])?;
        let mut by_code = BTreeMap::new();
        for (at, row) in table.rows.iter().enumerate() {
            let [code, name, parent, state, ..] = row[..] else { continue };
            if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
                return Err(TableError::at(at + 1, format!("{code} 不是六位数字")));
            }
            let region = Region { code: code.into(), name: name.into(), parent: parent.into(), is_current: state == "current" };
            if by_code.insert(code.to_owned(), region).is_some() {
                return Err(TableError::at(at + 1, format!("{code} 出现两次")));
            }
        }
        Ok(Self { by_code, source: table.note("source").to_owned() })
    }

    /// The region of a code.
    #[must_use]
    pub fn find(&self, code: &str) -> Option<&Region> {
        self.by_code.get(code)
    }

    /// How a code stands in the list.
    #[must_use]
    pub fn standing(&self, code: &str) -> Standing {
        if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
            return Standing::Unknown;
        }
        match self.find(code) {
            Some(region) if region.is_current => Standing::Current,
            Some(_) => Standing::Withdrawn,
            None if self.by_code.contains_key(&format!("{}00", &code[..4])) => Standing::ParentKnown,
            None => Standing::Unknown,
        }
    }

    /// Full name from the province down, e.g. 甘肃省金昌市金川区; `None` for an unknown code.
    #[must_use]
    pub fn full_name(&self, code: &str) -> Option<String> {
        let region = self.find(code)?;
        let above = if region.parent.is_empty() { String::new() } else { self.full_name(&region.parent).unwrap_or_default() };
        // 市辖区 and the like are headings of the standard, not part of a name.
        let own =
            if matches!(region.name.as_str(), "市辖区" | "县") || region.name.contains("直辖县级") { "" } else { &region.name };
        Some(above + own)
    }

    /// All regions, by code.
    pub fn iter(&self) -> impl Iterator<Item = &Region> {
        self.by_code.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_standings() {
        let china = Regions::china();
        assert_eq!(china.full_name("620302").as_deref(), Some("甘肃省金昌市金川区"));
        assert_eq!(china.full_name("110101").as_deref(), Some("北京市东城区"));
        assert_eq!(china.standing("620321"), Standing::Current);
        assert_eq!(china.standing("370684"), Standing::Withdrawn); // 蓬莱市, now a district
        assert_eq!(china.standing("620371"), Standing::ParentKnown);
        for code in ["990000", "62030", "6203AB", "", "6203021", "六二"] {
            assert_eq!(china.standing(code), Standing::Unknown, "{code}");
        }
    }

    #[test]
    fn every_parent_is_there() {
        let china = Regions::china();
        assert!(china.iter().count() > 3_200);
        assert_eq!(china.iter().filter(|r| r.parent.is_empty()).count(), 35); // 34 provinces, and 100000 for the central registers
        for region in china.iter().filter(|r| !r.parent.is_empty()) {
            assert!(china.find(&region.parent).is_some(), "{region:?}");
        }
    }
}
