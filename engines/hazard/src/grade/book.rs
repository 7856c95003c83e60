//! The standard's tables 标准附表: critical quantities, β, α, grade limits.

use serde::Deserialize;
use std::sync::LazyLock;
use values::{Confidence, Decimal, texts::Label};

/// GB 18218-2018 as data, from `definitions/hazard/gb18218.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Book {
    /// Number, year and title of the standard.
    pub standard: String,
    /// Day from which it is in force.
    pub valid_from: String,
    /// Where the tables were read.
    pub source: String,
    /// How sure the critical quantities are.
    pub confidence: Confidence,
    /// Table 5, from the most residents down.
    pub alpha: Vec<Alpha>,
    /// Table 6, from the highest grade down.
    pub grade: Vec<GradeLimit>,
    /// Table 2.
    pub class: Vec<Class>,
    /// Table 1.
    pub substance: Vec<Named>,
}

/// One line of table 5: factor for people exposed 暴露人员校正系数 α.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alpha {
    /// Fewest residents within 500 m that take this factor.
    pub residents_from: u32,
    /// α, without dimension.
    #[serde(deserialize_with = "exact")]
    pub value: Decimal,
}

/// One line of table 6.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GradeLimit {
    /// Stable key: `first` … `fourth`.
    pub key: String,
    /// 一级 … 四级.
    pub label: Label,
    /// Lowest R of this grade, itself included.
    #[serde(deserialize_with = "exact")]
    pub r_from: Decimal,
}

/// One class of table 2 with β of table 4.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Symbol: `J1`, `W5.3`.
    pub key: String,
    /// What the class holds.
    pub label: Label,
    /// Critical quantity Q, t.
    #[serde(deserialize_with = "exact")]
    pub critical_t: Decimal,
    /// β, without dimension.
    #[serde(deserialize_with = "exact")]
    pub beta: Decimal,
}

/// One named substance of table 1 with its β.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Number in table 1.
    pub no: u32,
    /// Name without the qualifier in brackets.
    pub name: String,
    /// Condition in brackets: `含硝酸>70%`; empty where there is none.
    #[serde(default)]
    pub qualifier: String,
    /// Other names.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// CAS numbers; one number may stand in several lines.
    #[serde(default)]
    pub cas: Vec<String>,
    /// Critical quantity Q, t.
    #[serde(deserialize_with = "exact")]
    pub critical_t: Decimal,
    /// β, without dimension.
    #[serde(deserialize_with = "exact")]
    pub beta: Decimal,
    /// Class that decides β; empty for the gases of table 3.
    #[serde(default)]
    pub class: String,
    /// 3: named among the toxic gases; 4: by class.
    pub beta_table: u8,
    /// How sure β is.
    pub beta_confidence: Confidence,
    /// A remark on the line.
    #[serde(default)]
    pub note: String,
}

impl Named {
    /// Name as the standard prints it, qualifier in brackets.
    #[must_use]
    pub fn full_name(&self) -> String {
        if self.qualifier.is_empty() { self.name.clone() } else { format!("{}（{}）", self.name, self.qualifier) }
    }
}

/// Reads a decimal that stands as text, digit by digit.
fn exact<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Decimal, D::Error> {
    let text = String::deserialize(from)?;
    Decimal::from_str_exact(&text).map_err(serde::de::Error::custom)
}

/// The tables in force.
#[must_use]
pub fn book() -> &'static Book {
    static BOOK: LazyLock<Book> =
        LazyLock::new(|| toml::from_str(include_str!("../../../../definitions/hazard/gb18218.toml")).expect("a test reads gb18218.toml"));
    &BOOK
}

impl Book {
    /// The class with that symbol, upper or lower case.
    #[must_use]
    pub fn class(&self, key: &str) -> Option<&Class> {
        let key = key.trim();
        self.class.iter().find(|c| c.key.eq_ignore_ascii_case(key))
    }

    /// α for so many residents within 500 m.
    #[must_use]
    pub fn alpha(&self, residents: u32) -> Decimal {
        self.alpha.iter().find(|a| residents >= a.residents_from).map_or(Decimal::ONE, |a| a.value)
    }

    /// The grade of R; boundary values belong to the higher grade.
    #[must_use]
    pub fn grade(&self, r: Decimal) -> Option<(usize, &GradeLimit)> {
        self.grade.iter().enumerate().find(|(_, g)| r >= g.r_from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_whole_and_ordered() {
        let book = book();
        assert_eq!((book.substance.len(), book.class.len(), book.alpha.len(), book.grade.len()), (85, 24, 5, 4));
        assert!(book.alpha.windows(2).all(|w| w[0].residents_from > w[1].residents_from));
        assert!(book.grade.windows(2).all(|w| w[0].r_from > w[1].r_from));
        for (n, named) in (1_u32..).zip(&book.substance) {
            assert_eq!(named.no, n);
            assert!(named.critical_t > Decimal::ZERO && named.beta >= Decimal::ONE);
            // β of table 4 follows from the class that the line names.
            match named.beta_table {
                3 => assert!(named.class.is_empty()),
                _ => assert_eq!(book.class(&named.class).map(|c| c.beta), Some(named.beta), "{}", named.name),
            }
        }
    }

    /// The definition holds what the reference table holds, line by line.
    #[test]
    fn agrees_with_the_reference_table() {
        let Some(text) = testing::shared_text("reference/emergency/gb18218.csv") else { return };
        let mut rows = 0;
        for row in csv::Reader::from_reader(text.as_bytes()).records() {
            let row = row.unwrap();
            let dec = |i: usize| row[i].parse::<Decimal>().ok();
            if &row[0] == "1" {
                let named = book().substance.iter().find(|s| s.no.to_string() == row[1]).unwrap();
                assert_eq!(Some(named.critical_t), dec(5), "{}", &row[2]);
                assert!(dec(6).is_none_or(|b| b == named.beta), "{}", &row[2]);
                assert_eq!(named.cas.join(";"), row[4]);
            } else {
                let class = book().class(&row[1]).unwrap();
                assert_eq!((Some(class.critical_t), Some(class.beta)), (dec(5), dec(6)));
            }
            rows += 1;
        }
        assert_eq!(rows, 109);
    }
}
