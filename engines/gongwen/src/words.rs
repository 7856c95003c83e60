//! Words that follow from numbers 数字用语: 增长/下降/持平, 提高/降低, 完成…的, 超额/还差.
//!
//! The words are data (`words.toml`); this module only chooses among them.

use serde::Deserialize;

/// Three words for up, down and unchanged, and what stands after the number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turn {
    /// Above zero.
    pub up: String,
    /// Below zero; the number then stands without its sign.
    pub down: String,
    /// Zero at the printed digits; no number follows.
    pub flat: String,
    /// After the number.
    pub after: String,
}

/// What stands before and after a number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Around {
    /// Before it.
    pub before: String,
    /// After it.
    pub after: String,
}

/// Words for a status that is not final.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusWords {
    /// 快报、预计数.
    pub estimate: String,
    /// A late filer's value carried forward.
    pub carried: String,
}

/// Words around a value that is a bound: before and after.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoundWords {
    /// More than.
    pub gt: [String; 2],
    /// At least.
    pub ge: [String; 2],
    /// Less than.
    pub lt: [String; 2],
    /// At most.
    pub le: [String; 2],
    /// About.
    pub about: [String; 2],
}

impl BoundWords {
    /// Words for a figure's bound (`eq ge gt le lt about …`); empty for the rest.
    #[must_use]
    pub fn of(&self, bound: &str) -> (&str, &str) {
        let pair = match bound {
            "gt" => &self.gt,
            "ge" => &self.ge,
            "lt" => &self.lt,
            "le" => &self.le,
            "about" => &self.about,
            _ => return ("", ""),
        };
        (&pair[0], &pair[1])
    }
}

/// What a table prints where there is nothing to print.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MissingWords {
    /// In a table's cell.
    pub cell: String,
}

/// Words that a changed figure may make untrue.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookWords {
    /// Words that judge a figure: 突破, 近, 超额.
    pub words: Vec<String>,
}

/// All words.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Growth in %.
    pub growth: Turn,
    /// Difference of rates in 百分点.
    pub growth_points: Turn,
    /// Completion of a target.
    pub completion: Around,
    /// Completion minus 100 %.
    pub surplus: Turn,
    /// Completion minus 序时进度.
    pub pace: Turn,
    /// Multiple of last year's.
    pub multiple: Around,
    /// Status that is not final.
    pub status: StatusWords,
    /// Bounds.
    pub bound: BoundWords,
    /// Nothing to print.
    pub missing: MissingWords,
    /// Words that need a look after a refresh.
    pub look: LookWords,
}

impl Words {
    /// Reads a file of words.
    ///
    /// # Errors
    /// What is wrong with it, by line.
    pub fn parse(source: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(source)
    }

    /// The project's own words.
    #[must_use]
    pub fn standard() -> Self {
        Self::parse(include_str!("../words.toml")).expect("the crate's own words.toml is read by a test")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_words_are_whole() {
        let words = Words::standard();
        assert_eq!(words.growth.down, "下降");
        assert_eq!(words.bound.of("ge"), ("", "以上"));
        assert_eq!(words.bound.of("eq"), ("", ""));
        assert!(Words::parse("[growth]\nup = 1").is_err());
    }
}
