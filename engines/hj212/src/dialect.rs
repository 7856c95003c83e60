//! Versions and dialects 版本与方言, as data.

use crate::codes::DefinitionError;
use serde::Deserialize;
use values::Confidence;

/// Which moment of the period DataTime names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataTime {
    /// Its start, as HJ 212-2017 has it for minute, hour and day data.
    Start,
    /// Its end, as many 2005 stations send it.
    End,
}

/// One version or dialect.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dialect {
    /// Stable key: `2005`, `2017`, `2025`, `surface_water`.
    pub key: String,
    /// Chinese name.
    pub zh: String,
    /// English name.
    pub en: String,
    /// Version bits of Flag.
    pub version: u8,
    /// Longest data segment, bytes.
    pub segment_max: usize,
    /// Longest data area, bytes.
    pub data_max: usize,
    /// Length of PW; 0: no statement.
    pub pw_length: usize,
    /// Length of MN; 0: no statement.
    pub mn_length: usize,
    /// MN consists of 0-9 A-F.
    pub mn_hex: bool,
    /// QN must be there.
    pub qn_required: bool,
    /// What DataTime names unless the station's setting says otherwise.
    pub data_time: DataTime,
    /// First day, ISO 8601.
    pub valid_from: String,
    /// Last day, empty while in force.
    pub valid_to: String,
    /// Where it was read.
    pub source: String,
    /// How sure.
    pub confidence: Confidence,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DialectsFile {
    dialect: Vec<Dialect>,
}

/// The dialects known.
#[derive(Debug, Clone)]
pub struct Dialects(pub Vec<Dialect>);

impl Dialects {
    /// The dialects that the program carries.
    ///
    /// # Panics
    /// Never: a test reads them.
    #[must_use]
    pub fn embedded() -> Self {
        Self::read(include_str!("../../../definitions/hj212/dialects.toml")).expect("the embedded definitions are read by a test")
    }

    /// Reads a definition.
    ///
    /// # Errors
    /// If it does not fit its shape.
    pub fn read(text: &str) -> Result<Self, DefinitionError> {
        let file: DialectsFile = toml::from_str(text).map_err(|cause| DefinitionError::Toml { file: "dialects.toml", cause })?;
        Ok(Self(file.dialect))
    }

    /// The dialect of that key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Dialect> {
        self.0.iter().find(|d| d.key == key)
    }

    /// The dialect that a station without a setting probably speaks.
    ///
    /// A guess for reading a file, no rule for a link: Flag alone cannot tell
    /// 2025 from the surface-water dialect, which took version 2 first, so ST
    /// 21 decides between these two.
    #[must_use]
    pub fn guess(&self, flag: Option<crate::message::Flag>, st: Option<&[u8]>) -> &Dialect {
        let key = match flag.map(crate::message::Flag::version) {
            Some(2) if st == Some(b"21") => "surface_water",
            Some(2) => "2025",
            Some(1) => "2017",
            _ => "2005",
        };
        self.get(key).unwrap_or(&self.0[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Flag;

    #[test]
    fn flag_alone_does_not_decide() {
        let dialects = Dialects::embedded();
        assert_eq!(dialects.guess(Some(Flag(9)), Some(b"21")).key, "surface_water");
        assert_eq!(dialects.guess(Some(Flag(9)), Some(b"32")).key, "2025");
        assert_eq!(dialects.guess(Some(Flag(5)), Some(b"32")).key, "2017");
        assert_eq!(dialects.guess(None, Some(b"32")).key, "2005");
    }
}
