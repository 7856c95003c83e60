//! A figure's reference: `{gdp.growth year-1 亿元 .1 bare}`.

use super::At;
use crate::mark::Style;
use values::Period;

/// Which part of a figure a reference prints, and with which words around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    /// Number and unit.
    Value,
    /// 增长5.8%.
    Growth,
    /// 完成全年目标任务的98.2%.
    Completion,
    /// 超额完成全年目标任务3.1个百分点.
    Surplus,
    /// 快于序时进度2.0个百分点.
    Pace,
    /// 是上年的1.5倍.
    Multiple,
    /// 预计, or nothing.
    Estimate,
    /// The metric's label.
    Label,
    /// The figure's period in words.
    Period,
    /// Its display unit.
    Unit,
}

/// Words that may end a name, and what they ask for.
const PARTS: &[(&str, Show)] = &[
    ("growth", Show::Growth),
    ("completion", Show::Completion),
    ("surplus", Show::Surplus),
    ("pace", Show::Pace),
    ("multiple", Show::Multiple),
    ("estimate", Show::Estimate),
    ("label", Show::Label),
    ("period", Show::Period),
    ("unit", Show::Unit),
];

/// Which period a reference speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum When {
    /// The report's own.
    #[default]
    Report,
    /// The whole year of the report, so many years later.
    Year(i32),
    /// The last month of the report.
    Month,
    /// January to the report's last month.
    ToDate,
    /// The report's own period, so many years later.
    Shifted(i32),
    /// As written.
    Fixed(Period),
}

impl When {
    /// Reads `year`, `year-1`, `period-1`, `month`, `ytd`, or a period.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let shift = |rest: &str| if rest.is_empty() { Some(0) } else { rest.parse::<i32>().ok().filter(|n| n.abs() <= 50) };
        if let Some(rest) = text.strip_prefix("year") {
            return shift(rest).map(Self::Year);
        }
        if let Some(rest) = text.strip_prefix("period") {
            return shift(rest).map(Self::Shifted);
        }
        match text {
            "month" => Some(Self::Month),
            "ytd" => Some(Self::ToDate),
            _ if text.starts_with(|c: char| c.is_ascii_digit()) => Period::parse(text).ok().map(Self::Fixed),
            _ => None,
        }
    }

    /// The period, for a report of this period. `None` out of the calendar.
    pub(crate) fn of(self, report: Period) -> Option<Period> {
        match self {
            Self::Report => Some(report),
            Self::Year(n) => Period::year(report.last_year() + n),
            Self::Month => Period::month(report.last_year(), report.last_month()),
            Self::ToDate => Period::year_to_date(report.last_year(), report.last_month()),
            Self::Shifted(n) => report.back(-12 * n),
            Self::Fixed(period) => Some(period),
        }
    }
}

/// One reference.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reference {
    /// As written, for findings and the list of what was left out.
    pub source: String,
    /// Name without its parts.
    pub name: String,
    /// True for `.target`.
    pub is_target: bool,
    pub show: Show,
    pub when: When,
    pub style: Style,
    pub slice: Option<String>,
    pub from: Option<String>,
    /// The number alone, without unit and words; its sign stands.
    pub bare: bool,
    pub at: At,
}

/// What is wrong with a reference.
pub(crate) enum Wrong {
    Empty,
    /// A word that is no period, unit, number of digits or option.
    Word(String),
}

impl Reference {
    /// Reads what stands between the braces.
    pub(crate) fn parse(source: &str, at: At) -> Result<Self, Wrong> {
        let mut words = source.split_whitespace();
        let full = words.next().ok_or(Wrong::Empty)?;
        let (name, is_target, show) = split_name(full);
        if name.is_empty() {
            return Err(Wrong::Word(full.to_owned()));
        }
        let mut reference = Self {
            source: source.trim().to_owned(),
            name: name.to_owned(),
            is_target,
            show,
            when: When::default(),
            style: Style::default(),
            slice: None,
            from: None,
            bare: false,
            at,
        };
        for word in words {
            reference.option(word)?;
        }
        Ok(reference)
    }

    fn option(&mut self, word: &str) -> Result<(), Wrong> {
        if let Some(digits) = word.strip_prefix('.') {
            self.style.digits = Some(digits.parse().ok().filter(|d| *d <= 8).ok_or_else(|| Wrong::Word(word.to_owned()))?);
        } else if word == "bare" {
            self.bare = true;
        } else if let Some(source) = word.strip_prefix("source=") {
            self.from = Some(source.to_owned());
        } else if word.contains('=') {
            self.slice = Some(word.to_owned());
        } else if let Some(when) = When::parse(word) {
            self.when = when;
        } else if values::unit::find(word).is_some() {
            self.style.unit = word.to_owned();
        } else {
            return Err(Wrong::Word(word.to_owned()));
        }
        Ok(())
    }
}

/// Takes `.target` and the parts off the end of a name: `gdp.target.growth` → gdp, target, growth.
pub(crate) fn split_name(full: &str) -> (&str, bool, Show) {
    let mut name = full;
    let mut show = Show::Value;
    if let Some((before, last)) = name.rsplit_once('.')
        && let Some((_, part)) = PARTS.iter().find(|(word, _)| *word == last)
    {
        (name, show) = (before, *part);
    }
    match name.strip_suffix(".target") {
        Some(before) => (before, true, show),
        None => (name, false, show),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(source: &str) -> Reference {
        Reference::parse(source, At::default()).ok().expect(source)
    }

    #[test]
    fn reads_names_parts_and_options() {
        let r = parse("gdp year-1 亿元 .1");
        assert_eq!((r.name.as_str(), r.show, r.when), ("gdp", Show::Value, When::Year(-1)));
        assert_eq!(r.style, Style { unit: "亿元".into(), digits: Some(1) });
        let r = parse("four_above.added.target.growth bare kind=industry source=statistics");
        assert_eq!((r.name.as_str(), r.is_target, r.show, r.bare), ("four_above.added", true, Show::Growth, true));
        assert_eq!((r.slice.as_deref(), r.from.as_deref()), (Some("kind=industry"), Some("statistics")));
        assert_eq!(parse("gdp 2024-01..09").when, When::Fixed(Period::parse("2024-01..09").unwrap()));
        for wrong in ["", "gdp 斗", "gdp .x", ".growth"] {
            assert!(Reference::parse(wrong, At::default()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn periods_are_reckoned_from_the_report() {
        let report = Period::parse("2025-01..09").unwrap();
        for (written, expected) in
            [("year", "2025"), ("year+1", "2026"), ("month", "2025-09"), ("ytd", "2025-01..09"), ("period-1", "2024-01..09")]
        {
            assert_eq!(When::parse(written).unwrap().of(report).unwrap().to_string(), expected, "{written}");
        }
    }
}
