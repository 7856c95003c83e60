//! Stability classes 大气稳定度 after Pasquill, and the class from the weather.

use crate::facts::dispersion;

/// A class A (very unstable) … F (stable).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the letters are the classes")]
pub enum Class {
    A,
    B,
    C,
    D,
    E,
    F,
}

impl Class {
    /// All, from A to F.
    pub const ALL: [Self; 6] = [Self::A, Self::B, Self::C, Self::D, Self::E, Self::F];

    /// Position in a table's row.
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }
    /// The letter.
    #[must_use]
    pub fn letter(self) -> &'static str {
        ["A", "B", "C", "D", "E", "F"][self.index()]
    }
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        Self::ALL.into_iter().find(|c| c.letter().eq_ignore_ascii_case(text))
    }
}

/// One class, or two whose concentrations are averaged (A-B).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stability {
    /// The class, or the first of two.
    pub first: Class,
    /// The second of two.
    pub second: Option<Class>,
}

impl Stability {
    /// A single class.
    #[must_use]
    pub fn one(class: Class) -> Self {
        Self { first: class, second: None }
    }

    /// Reads `D`, `d`, `A-B`, `A–B`, `class F`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix("class").or_else(|| text.strip_prefix("Class")).unwrap_or(text);
        let mut parts = text.split(['-', '–', '—', '~', '/']).map(Class::parse);
        let first = parts.next()??;
        let second = match parts.next() {
            Some(class) => Some(class?),
            None => None,
        };
        (parts.next().is_none()).then_some(Self { first, second: second.filter(|s| *s != first) })
    }

    /// The one or two classes.
    pub fn classes(&self) -> impl Iterator<Item = Class> + use<> {
        std::iter::once(self.first).chain(self.second)
    }

    /// `D` or `A-B`.
    #[must_use]
    pub fn name(&self) -> String {
        self.classes().map(Class::letter).collect::<Vec<_>>().join("-")
    }
}

/// What the sky does, for choosing the class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sky {
    /// Day, strong sun.
    Strong,
    /// Day, moderate sun.
    Moderate,
    /// Day, slight sun.
    Slight,
    /// Night, at least 4/8 low cloud.
    NightCloudy,
    /// Night, at most 3/8 cloud.
    NightClear,
    /// Overcast, day or night: D whatever the wind.
    Overcast,
}

impl Sky {
    /// Reads `strong`, `强日照`, `night clear`, `夜间少云`, `overcast`, `阴` ….
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let word: String = text.trim().to_lowercase().chars().filter(|c| !c.is_whitespace() && *c != '_' && *c != '-').collect();
        Some(match word.as_str() {
            "strong" | "daystrong" | "强" | "强日照" => Self::Strong,
            "moderate" | "daymoderate" | "中" | "中等日照" | "中等" => Self::Moderate,
            "slight" | "dayslight" | "weak" | "弱" | "弱日照" => Self::Slight,
            "nightcloudy" | "夜间多云" | "夜多云" => Self::NightCloudy,
            "nightclear" | "night" | "夜间少云" | "夜间晴" | "夜晴" => Self::NightClear,
            "overcast" | "阴" | "阴天" => Self::Overcast,
            _ => return None,
        })
    }
}

/// The class for a wind at 10 m (m/s) and a sky; confidence C.
#[must_use]
pub fn from_weather(u10: f64, sky: Sky) -> Option<Stability> {
    if sky == Sky::Overcast {
        return Some(Stability::one(Class::D));
    }
    let row = dispersion().stability.row.iter().find(|r| u10 < r.below)?;
    Stability::parse(match sky {
        Sky::Strong => &row.strong,
        Sky::Moderate => &row.moderate,
        Sky::Slight => &row.slight,
        Sky::NightCloudy => &row.night_cloudy,
        Sky::NightClear | Sky::Overcast => &row.night_clear,
    })
}
