//! Codes of the standard as data: factors, fields, systems, marks, return codes.
//!
//! All of it stands in `definitions/hj212/` with source and confidence and is
//! embedded when the program is built; [`Codes::read`] takes other texts.

use serde::Deserialize;
use std::collections::BTreeMap;
use values::{Confidence, texts::Label};

/// Where a factor is measured, or what a code describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Medium {
    /// Water 水.
    Water,
    /// Gas 气.
    Gas,
    /// Noise 声.
    Noise,
    /// Waste-water process 污水工况.
    WaterProcess,
    /// Flue-gas process 烟气工况.
    GasProcess,
    /// Site information 现场端信息.
    Site,
}

/// One factor 监测因子 or information item.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    /// Code of the 2017 list; `xx` and `x` stand for running numbers.
    pub code: String,
    /// Code of the 2005 list, empty without one.
    pub code_2005: String,
    /// Medium.
    pub medium: Medium,
    /// Chinese name.
    pub zh: String,
    /// Unit **as the standard prints it**; the station's unit is a setting.
    pub unit: String,
    /// Unit of `-Cou`.
    pub total_unit: String,
    /// Most digits before the point.
    pub digits: Option<u8>,
    /// Most digits after the point.
    pub decimals: Option<u8>,
    /// `field_differs` or `misprint` where the printed unit must not be relied on.
    pub unit_doubt: String,
    /// Where it was read.
    pub source: String,
    /// How sure.
    pub confidence: Confidence,
    /// Remark.
    pub note: String,
}

/// Number of a factor in [`Codes::factors`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FactorId(pub u16);

/// How a code on the wire led to its factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeForm {
    /// The 2017 code.
    Current,
    /// The 2005 code.
    Old,
    /// The 2017 code without its letter (`01018`), as annex C misprints it once.
    NoLetter,
}

/// A field of the data area that is no factor.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Name.
    pub name: String,
    /// What its value is.
    pub kind: FieldKind,
    /// Most digits.
    pub digits: Option<u8>,
    /// Smallest value, or nothing.
    pub min: Option<i64>,
    /// Largest value; for a text its most bytes.
    pub max: Option<i64>,
    /// The only values allowed.
    #[serde(default)]
    pub one_of: Vec<i64>,
    /// Other spellings found in the standard.
    #[serde(default)]
    pub also: Vec<String>,
}

/// What the value of a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// `YYYYMMDDhhmmss`.
    Time14,
    /// A whole number.
    Number,
    /// A text.
    Text,
}

/// What follows a factor's code behind the dash.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suffix {
    /// As written.
    pub name: String,
    /// What the value is.
    #[serde(rename = "use")]
    pub usage: SuffixUse,
    /// Smallest value.
    pub min: Option<i64>,
    /// Largest value; for a text its most bytes.
    pub max: Option<i64>,
}

/// What the value behind a suffix is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuffixUse {
    /// A measured value.
    Value,
    /// A total over the period.
    Total,
    /// A data mark.
    Mark,
    /// A time.
    Time,
    /// How many.
    Count,
    /// A text.
    Text,
    /// State of equipment.
    State,
    /// Hours run.
    Hours,
}

/// A system code ST 系统编码.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct System {
    /// Two characters.
    pub code: String,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
    /// Media whose factors belong there; empty: no statement.
    pub media: Vec<Medium>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct SystemRange {
    first: String,
    last: String,
    #[allow(dead_code, reason = "says in the definition what the range is for")]
    zh: String,
}

/// What a data mark says of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
pub enum MarkMeaning {
    /// Measured, usable.
    Normal,
    /// Measured, but only bounded below.
    AboveRange,
    /// Instrument stopped.
    Stopped,
    /// Maintenance.
    Maintenance,
    /// Put in by hand.
    SetByHand,
    /// Instrument fault.
    Fault,
    /// Calibration.
    Calibration,
    /// No link to the instrument.
    NoLink,
    /// No power.
    PowerFailure,
}

/// A data mark 数据标记.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// One character.
    pub code: String,
    /// What it says.
    pub meaning: MarkMeaning,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
    /// Dialects that know it.
    pub dialects: Vec<String>,
    /// Where it was read.
    pub source: String,
    /// How sure.
    pub confidence: Confidence,
}

/// A return code QnRtn or ExeRtn.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnCode {
    /// Its number.
    pub code: u16,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl ReturnCode {
    /// Both languages.
    #[must_use]
    pub fn label(&self) -> Label {
        Label { zh: self.zh.clone(), en: self.en.clone() }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CodesFile {
    system: Vec<System>,
    system_range: Vec<SystemRange>,
    mark: Vec<Mark>,
    request_result: Vec<ReturnCode>,
    result: Vec<ReturnCode>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldsFile {
    field: Vec<Field>,
    suffix: Vec<Suffix>,
}

/// Why a definition could not be read.
#[derive(Debug, thiserror::Error)]
pub enum DefinitionError {
    /// A TOML definition.
    #[error("定义文件 {file} 有误")]
    Toml {
        /// Which.
        file: &'static str,
        /// Why.
        #[source]
        cause: toml::de::Error,
    },
    /// The table of factors.
    #[error("因子表有误")]
    Factors(#[source] csv::Error),
    /// A code twice.
    #[error("编码 {0} 重复")]
    Twice(String),
}

/// All codes, with look-up tables that need no allocation when asked.
#[derive(Debug, Clone)]
pub struct Codes {
    /// Factors, in the order of the definition.
    pub factors: Vec<Factor>,
    /// Fields of the data area.
    pub fields: Vec<Field>,
    /// Suffixes of factors.
    pub suffixes: Vec<Suffix>,
    /// System codes.
    pub systems: Vec<System>,
    /// Data marks.
    pub marks: Vec<Mark>,
    /// QnRtn.
    pub request_results: Vec<ReturnCode>,
    /// ExeRtn.
    pub results: Vec<ReturnCode>,
    /// By the two characters of ST: 0 no system, 1 in a range, else 2 + its place in `systems`.
    by_st: Vec<u8>,
    exact: KeyTable,
    patterns: Vec<(Vec<u8>, usize, u16)>,
    field_names: KeyTable,
    suffix_names: KeyTable,
}

const FACTORS: &str = include_str!("../../../definitions/hj212/factors.csv");
const CODES: &str = include_str!("../../../definitions/hj212/codes.toml");
const FIELDS: &str = include_str!("../../../definitions/hj212/fields.toml");

impl Codes {
    /// The codes that the program carries.
    ///
    /// # Panics
    /// Never: a test reads them.
    #[must_use]
    pub fn embedded() -> Self {
        Self::read(FACTORS, CODES, FIELDS).expect("the embedded definitions are read by a test")
    }

    /// Reads the three definitions.
    ///
    /// # Errors
    /// The first that does not fit its shape, or a code that stands twice.
    pub fn read(factors: &str, codes: &str, fields: &str) -> Result<Self, DefinitionError> {
        let rows: Result<Vec<Factor>, _> = csv::Reader::from_reader(factors.as_bytes()).deserialize().collect();
        let factors = rows.map_err(DefinitionError::Factors)?;
        let codes: CodesFile = toml::from_str(codes).map_err(|cause| DefinitionError::Toml { file: "codes.toml", cause })?;
        let fields: FieldsFile = toml::from_str(fields).map_err(|cause| DefinitionError::Toml { file: "fields.toml", cause })?;
        let mut exact = BTreeMap::new();
        let mut patterns = Vec::new();
        for (n, factor) in factors.iter().enumerate() {
            let id = n as u16;
            let plain = factor.code.trim_end_matches('x');
            if plain.len() < factor.code.len() {
                patterns.push((plain.as_bytes().to_vec(), factor.code.len(), id));
            } else if exact.insert(factor.code.clone(), id).is_some() {
                return Err(DefinitionError::Twice(factor.code.clone()));
            }
        }
        for (n, factor) in factors.iter().enumerate().filter(|(_, f)| !f.code_2005.is_empty()) {
            if exact.insert(factor.code_2005.clone(), n as u16 | OLD).is_some() {
                return Err(DefinitionError::Twice(factor.code_2005.clone()));
            }
        }
        let field_names = fields
            .field
            .iter()
            .enumerate()
            .flat_map(|(n, f)| std::iter::once(&f.name).chain(&f.also).map(move |name| (name.clone(), n as u16)));
        Ok(Self {
            by_st: systems_by_code(&codes.system, &codes.system_range),
            exact: KeyTable::of(exact),
            patterns,
            field_names: KeyTable::of(field_names),
            suffix_names: KeyTable::of(fields.suffix.iter().enumerate().map(|(n, s)| (s.name.clone(), n as u16))),
            factors,
            fields: fields.field,
            suffixes: fields.suffix,
            systems: codes.system,
            marks: codes.mark,
            request_results: codes.request_result,
            results: codes.result,
        })
    }

    /// The factor that a code on the wire names: a 2017 code, a running number
    /// of a process code, a 2005 code, or a 2017 code without its letter.
    #[must_use]
    pub fn factor(&self, code: &[u8]) -> Option<(FactorId, CodeForm)> {
        if let Some(found) = self.exact.get(code) {
            let form = if found & OLD == 0 { CodeForm::Current } else { CodeForm::Old };
            return Some((FactorId(found & !OLD), form));
        }
        if code.len() == 5 && code.iter().all(u8::is_ascii_digit) {
            let mut whole = [b'w'; 6];
            whole[1..].copy_from_slice(code);
            return self.exact.get(&whole).map(|id| (FactorId(id), CodeForm::NoLetter));
        }
        let running = |(prefix, length, _): &&(Vec<u8>, usize, u16)| {
            code.len() == *length && code.starts_with(prefix) && code[prefix.len()..].iter().all(u8::is_ascii_digit)
        };
        self.patterns.iter().find(running).map(|(_, _, id)| (FactorId(*id), CodeForm::Current))
    }

    /// The factor itself.
    #[must_use]
    pub fn of(&self, id: FactorId) -> Option<&Factor> {
        self.factors.get(usize::from(id.0))
    }

    /// The 2017 code that a code on the wire stands for; None if it is unknown.
    #[must_use]
    pub fn current_code(&self, code: &[u8]) -> Option<&str> {
        let (id, _) = self.factor(code)?;
        self.of(id).map(|f| f.code.as_str())
    }

    /// The field of that name.
    #[must_use]
    pub fn field(&self, name: &[u8]) -> Option<&Field> {
        self.fields.get(usize::from(self.field_names.get(name)?))
    }

    /// The suffix of that name.
    #[must_use]
    pub fn suffix(&self, name: &[u8]) -> Option<&Suffix> {
        self.suffixes.get(usize::from(self.suffix_names.get(name)?))
    }

    /// The system of that code.
    #[must_use]
    pub fn system(&self, code: &[u8]) -> Option<&System> {
        let place = *self.by_st.get(st_place(code)?)?;
        self.systems.get(usize::from(place.checked_sub(2)?))
    }

    /// True if the code stands in one of the standard's ranges, named or not.
    #[must_use]
    pub fn is_system(&self, code: &[u8]) -> bool {
        st_place(code).and_then(|at| self.by_st.get(at)).is_some_and(|n| *n > 0)
    }

    /// What a mark says in a dialect; None if the dialect does not know it.
    #[must_use]
    pub fn mark(&self, code: &[u8], dialect: &str) -> Option<MarkMeaning> {
        if code == b"N" {
            return Some(MarkMeaning::Normal);
        }
        let knows = |m: &&Mark| m.code.as_bytes() == code && m.dialects.iter().any(|d| d == dialect);
        self.marks.iter().find(knows).map(|m| m.meaning)
    }
}

const OLD: u16 = 1 << 15;

/// Place of an ST in the table: first a letter or digit, then a digit.
fn st_place(code: &[u8]) -> Option<usize> {
    let [first, second] = code else { return None };
    let first = match first {
        b'0'..=b'9' => first - b'0',
        b'A'..=b'Z' => first - b'A' + 10,
        _ => return None,
    };
    second.is_ascii_digit().then(|| usize::from(first) * 10 + usize::from(second - b'0'))
}

fn systems_by_code(systems: &[System], ranges: &[SystemRange]) -> Vec<u8> {
    let mut table = vec![0u8; 360];
    for range in ranges {
        if let (Some(first), Some(last)) = (st_place(range.first.as_bytes()), st_place(range.last.as_bytes())) {
            table[first..=last.max(first)].fill(1);
        }
    }
    for (n, system) in (2u8..).zip(systems) {
        if let Some(at) = st_place(system.code.as_bytes()) {
            table[at] = n;
        }
    }
    table
}

/// Short names to small numbers: open addressing on the packed name.
#[derive(Debug, Clone, Default)]
struct KeyTable {
    slots: Vec<(u128, u16)>,
}

impl KeyTable {
    fn of(entries: impl IntoIterator<Item = (String, u16)>) -> Self {
        let entries: Vec<(u128, u16)> = entries.into_iter().filter_map(|(name, n)| Some((pack(name.as_bytes())?, n))).collect();
        let size = (entries.len() * 4).next_power_of_two().max(8);
        let mut slots = vec![(0, 0); size];
        for (key, n) in entries {
            let mut at = hash(key) & (size - 1);
            while slots[at].0 != 0 && slots[at].0 != key {
                at = (at + 1) & (size - 1);
            }
            slots[at] = (key, n);
        }
        Self { slots }
    }

    fn get(&self, name: &[u8]) -> Option<u16> {
        let key = pack(name)?;
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = hash(key) & mask;
        loop {
            let (found, n) = self.slots[at];
            if found == key {
                return Some(n);
            }
            if found == 0 {
                return None;
            }
            at = (at + 1) & mask;
        }
    }
}

/// A name of at most 16 bytes as one number; no name packs to 0, which marks an empty slot.
fn pack(name: &[u8]) -> Option<u128> {
    if name.is_empty() || name.len() > 16 {
        return None;
    }
    let short = |bytes: &[u8]| bytes.iter().fold(0u64, |packed, byte| packed << 8 | u64::from(*byte));
    let packed = match name.split_at_checked(8) {
        Some((front, back)) => u128::from(short(front)) << 64 | u128::from(short(back)) << 1 | 1,
        None => u128::from(short(name)),
    };
    (packed != 0).then_some(packed)
}

fn hash(key: u128) -> usize {
    let folded = (key as u64) ^ ((key >> 64) as u64).rotate_left(29);
    (folded.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_lists_lead_to_one_factor() {
        let codes = Codes::embedded();
        for (new, old, zh) in [
            ("w01018", "011", "化学需氧量"),
            ("w21003", "060", "氨氮"),
            ("w01001", "001", "pH"),
            ("a21026", "02", "二氧化硫"),
            ("w00000", "B01", "污水"),
        ] {
            let (a, form_a) = codes.factor(new.as_bytes()).unwrap();
            let (b, form_b) = codes.factor(old.as_bytes()).unwrap();
            assert_eq!((a, form_a, form_b), (b, CodeForm::Current, CodeForm::Old));
            assert!(codes.of(a).unwrap().zh.contains(zh), "{}", codes.of(a).unwrap().zh);
        }
        assert_eq!(codes.factor(b"01018").unwrap().1, CodeForm::NoLetter);
        assert_eq!(codes.current_code(b"g30401"), Some("g304xx"));
        assert_eq!(codes.current_code(b"i33311"), Some("i3331x"));
        assert_eq!(codes.factor(b"w99999"), None);
        assert_eq!(codes.factors.len(), 380);
    }

    #[test]
    fn systems_and_marks() {
        let codes = Codes::embedded();
        assert!(codes.is_system(b"44") && codes.is_system(b"A1") && !codes.is_system(b"00") && !codes.is_system(b"101"));
        assert_eq!(codes.mark(b"P", "2017"), None);
        assert_eq!(codes.mark(b"P", "2005"), Some(MarkMeaning::PowerFailure));
        assert_eq!(codes.field(b"CTime").map(|f| f.name.as_str()), Some("Ctime"));
        assert_eq!(codes.suffix(b"ZsAvg").map(|s| s.usage), Some(SuffixUse::Value));
    }
}
