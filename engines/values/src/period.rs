//! Periods 报告期: a closed span of months, one sortable integer.
//!
//! `2025`, `2025H1`, `2025Q3`, `2025-07`, `2025-01..02`, `2025-01..10` within a
//! year; `2021-2025` and `2021-01..2025-09` over several. 累计 is a span from
//! January and Q1 is the span 01..03; there is no second kind.

use crate::unit::half_width;
use std::fmt;

/// A month, counted from year 0: `year * 12 + (month - 1)`.
pub type MonthIndex = i32;

/// A closed span of months. Sorts by first month, then by last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    first: MonthIndex,
    last: MonthIndex,
}

/// Why a text is no period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{text}”不是报告期；可写 2025、2025H1、2025Q3、2025-07、2025-01..10 或 2025年1-10月")]
pub struct PeriodError {
    /// The text as given.
    pub text: String,
}

impl Period {
    /// From (year, month) to (year, month), both included. `None` if reversed or out of 1900–2199.
    #[must_use]
    pub fn span(from: (i32, i32), to: (i32, i32)) -> Option<Self> {
        let ok = |(y, m): (i32, i32)| (1900..2200).contains(&y) && (1..=12).contains(&m);
        if !ok(from) || !ok(to) {
            return None;
        }
        let (first, last) = (from.0 * 12 + from.1 - 1, to.0 * 12 + to.1 - 1);
        (first <= last).then_some(Self { first, last })
    }
    /// From month index to month index, both included.
    #[must_use]
    pub fn from_months(first: MonthIndex, last: MonthIndex) -> Option<Self> {
        Self::span((first.div_euclid(12), first.rem_euclid(12) + 1), (last.div_euclid(12), last.rem_euclid(12) + 1))
    }
    /// The whole year.
    #[must_use]
    pub fn year(year: i32) -> Option<Self> {
        Self::span((year, 1), (year, 12))
    }
    /// One month.
    #[must_use]
    pub fn month(year: i32, month: i32) -> Option<Self> {
        Self::span((year, month), (year, month))
    }
    /// January to `month`: 累计.
    #[must_use]
    pub fn year_to_date(year: i32, month: i32) -> Option<Self> {
        Self::span((year, 1), (year, month))
    }
    /// First month, as index.
    #[must_use]
    pub fn first(self) -> MonthIndex {
        self.first
    }
    /// Last month, as index.
    #[must_use]
    pub fn last(self) -> MonthIndex {
        self.last
    }
    /// Year of the first month.
    #[must_use]
    pub fn first_year(self) -> i32 {
        self.first.div_euclid(12)
    }
    /// Year of the last month.
    #[must_use]
    pub fn last_year(self) -> i32 {
        self.last.div_euclid(12)
    }
    /// First month, 1–12.
    #[must_use]
    pub fn first_month(self) -> i32 {
        self.first.rem_euclid(12) + 1
    }
    /// Last month, 1–12.
    #[must_use]
    pub fn last_month(self) -> i32 {
        self.last.rem_euclid(12) + 1
    }
    /// Number of months.
    #[must_use]
    pub fn months(self) -> i32 {
        self.last - self.first + 1
    }
    /// True if it begins in January and ends in the same year (a 累计 span, or a year).
    #[must_use]
    pub fn is_year_to_date(self) -> bool {
        self.first_month() == 1 && self.first_year() == self.last_year()
    }
    /// True if it is one month.
    #[must_use]
    pub fn is_month(self) -> bool {
        self.first == self.last
    }
    /// True if it is one calendar year.
    #[must_use]
    pub fn is_year(self) -> bool {
        self.is_year_to_date() && self.last_month() == 12
    }
    /// The same span a number of months earlier (negative: later). `None` out of range.
    #[must_use]
    pub fn back(self, months: i32) -> Option<Self> {
        Self::from_months(self.first.checked_sub(months)?, self.last.checked_sub(months)?)
    }
    /// The same span of the year before 上年同期.
    #[must_use]
    pub fn year_before(self) -> Option<Self> {
        self.back(12)
    }
    /// True if `other` lies inside.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }
    /// One sortable integer: first month × 4096 + number of months − 1… kept in the database.
    #[must_use]
    pub fn code(self) -> i64 {
        i64::from(self.first) * 4096 + i64::from(self.last - self.first)
    }
    /// Reads [`Period::code`] back.
    #[must_use]
    pub fn from_code(code: i64) -> Option<Self> {
        let first = i32::try_from(code.div_euclid(4096)).ok()?;
        let more = i32::try_from(code.rem_euclid(4096)).ok()?;
        Self::from_months(first, first + more)
    }
    /// As written on a Chinese page: `2024年1—8月`, `2025年上半年`, `2025年`.
    #[must_use]
    pub fn chinese(self) -> String {
        let (y, a, b) = (self.first_year(), self.first_month(), self.last_month());
        if self.first_year() != self.last_year() {
            return if a == 1 && b == 12 {
                format!("{y}—{}年", self.last_year())
            } else {
                format!("{y}年{a}月—{}年{b}月", self.last_year())
            };
        }
        match (a, b) {
            (1, 12) => format!("{y}年"),
            (1, 6) => format!("{y}年上半年"),
            (7, 12) => format!("{y}年下半年"),
            (1, 9) => format!("{y}年前三季度"),
            (1, 3) => format!("{y}年一季度"),
            (4, 6) => format!("{y}年二季度"),
            (7, 9) => format!("{y}年三季度"),
            (10, 12) => format!("{y}年四季度"),
            (a, b) if a == b => format!("{y}年{a}月"),
            (a, b) => format!("{y}年{a}—{b}月"),
        }
    }
    /// Reads what people write; see the module header and the tests.
    ///
    /// # Errors
    /// [`PeriodError`] with the text, if it is no period or a month does not exist.
    pub fn parse(text: &str) -> Result<Self, PeriodError> {
        parse(text).ok_or_else(|| PeriodError { text: text.to_owned() })
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (y, a, b) = (self.first_year(), self.first_month(), self.last_month());
        if self.first_year() != self.last_year() {
            let z = self.last_year();
            return if a == 1 && b == 12 { write!(f, "{y}-{z}") } else { write!(f, "{y}-{a:02}..{z}-{b:02}") };
        }
        match (a, b) {
            (1, 12) => write!(f, "{y}"),
            (1, 6) => write!(f, "{y}H1"),
            (7, 12) => write!(f, "{y}H2"),
            (a, b) if a % 3 == 1 && b == a + 2 => write!(f, "{y}Q{}", b / 3),
            (a, b) if a == b => write!(f, "{y}-{a:02}"),
            (a, b) => write!(f, "{y}-{a:02}..{b:02}"),
        }
    }
}

impl std::str::FromStr for Period {
    type Err = PeriodError;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Self::parse(s)
    }
}

/// Brings the many ways of writing to one: half-width, no blanks, one dash.
fn normalise(text: &str) -> String {
    let mut out: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(half_width)
        .map(|c| match c {
            '—' | '–' | '－' | '~' | '～' | '至' | '到' | '―' | '−' => '-',
            '/' => '.',
            other => other.to_ascii_uppercase(),
        })
        .collect();
    while out.contains("--") {
        out = out.replace("--", "-");
    }
    for (from, to) in [
        ("..", "~"),
        ("年度", "年"),
        ("全年", "年"),
        ("年年", "年"),
        ("月份", "月"),
        ("累计", ""),
        ("当月", ""),
        ("末", ""),
        ("底", ""),
        ("第", ""),
    ] {
        out = out.replace(from, to);
    }
    out
}

fn parse(text: &str) -> Option<Period> {
    let t = normalise(text);
    if let Some((from, to)) = t.split_once('~') {
        return parse_range(from, to);
    }
    // Two whole years: 2021-2025, 2021年-2025年.
    if let Some((from, to)) = t.split_once('-') {
        let year = |s: &str| s.strip_suffix('年').unwrap_or(s).parse::<i32>().ok().filter(|y| (1900..2200).contains(y));
        if let (Some(a), Some(b)) = (year(from), year(to)) {
            return Period::span((a, 1), (b, 12));
        }
        if let (true, true) = (from.contains('年') || from.contains('.'), to.contains('年')) {
            return parse_range(from, to);
        }
    }
    parse_in_year(&t)
}

/// `2025-01..10`, `2025-Q1..Q3`, `2021..2025`, `2021-01..2025-09`.
fn parse_range(from: &str, to: &str) -> Option<Period> {
    let first = parse_in_year(from)?;
    let last = parse_in_year(to).filter(|_| leading_year(to).is_some()).or_else(|| {
        let year = first.first_year();
        parse_within(year, to)
    })?;
    Period::from_months(first.first(), last.last())
}

/// The four- or two-digit year that a text begins with, and the rest.
fn leading_year(t: &str) -> Option<(i32, &str)> {
    let digits = t.bytes().take_while(u8::is_ascii_digit).count();
    if digits >= 4 {
        let year = t[..4].parse().ok().filter(|y| (1900..2200).contains(y))?;
        return Some((year, &t[4..]));
    }
    if digits == 2 && t[2..].starts_with('年') {
        let short: i32 = t[..2].parse().ok()?;
        return Some((2000 + short, &t[2..]));
    }
    None
}

fn parse_in_year(t: &str) -> Option<Period> {
    let (year, rest) = leading_year(t)?;
    let rest = rest.strip_prefix('年').unwrap_or(rest);
    let rest = rest.strip_prefix(['-', '.']).unwrap_or(rest);
    parse_within(year, rest)
}

/// What stands after the year.
fn parse_within(year: i32, rest: &str) -> Option<Period> {
    if rest.is_empty() {
        return Period::year(year);
    }
    let words = [
        ("H1", 1, 6),
        ("上半年", 1, 6),
        ("1H", 1, 6),
        ("H2", 7, 12),
        ("下半年", 7, 12),
        ("2H", 7, 12),
        ("前三季度", 1, 9),
        ("前3季度", 1, 9),
        ("Q1-Q3", 1, 9),
        ("1-3季度", 1, 9),
        ("一至三季度", 1, 9),
        ("一-三季度", 1, 9),
        ("一季度", 1, 3),
        ("二季度", 4, 6),
        ("三季度", 7, 9),
        ("四季度", 10, 12),
        ("1季度", 1, 3),
        ("2季度", 4, 6),
        ("3季度", 7, 9),
        ("4季度", 10, 12),
        ("前两个月", 1, 2),
        ("前二个月", 1, 2),
    ];
    if let Some((_, a, b)) = words.iter().find(|(w, ..)| *w == rest) {
        return Period::span((year, *a), (year, *b));
    }
    if let Some(quarter) = rest.strip_prefix('Q') {
        return parse_quarters(year, quarter);
    }
    let rest = rest.strip_suffix('月').unwrap_or(rest);
    if rest.is_empty() {
        return None;
    }
    if let Some((a, b)) = rest.split_once('-') {
        let a = a.strip_suffix('月').unwrap_or(a);
        return Period::span((year, month_number(a)?), (year, month_number(b)?));
    }
    let month = month_number(rest)?;
    Period::month(year, month)
}

fn parse_quarters(year: i32, text: &str) -> Option<Period> {
    let quarter = |s: &str| s.trim_start_matches('Q').parse::<i32>().ok().filter(|q| (1..=4).contains(q));
    let (a, b) = match text.split_once('-') {
        Some((a, b)) => (quarter(a)?, quarter(b)?),
        None => (quarter(text)?, quarter(text)?),
    };
    Period::span((year, a * 3 - 2), (year, b * 3))
}

/// A month in digits or Chinese numerals. `None` above 12.
fn month_number(text: &str) -> Option<i32> {
    const WORDS: [&str; 12] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"];
    if let Some(i) = WORDS.iter().position(|w| *w == text) {
        return i32::try_from(i).ok().map(|i| i + 1);
    }
    if text.is_empty() || text.len() > 2 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|m| (1..=12).contains(m))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(written: &str, printed: &str) {
        assert_eq!(Period::parse(written).map(|p| p.to_string()).as_deref(), Ok(printed), "{written}");
    }

    #[test]
    fn reads_what_people_write() {
        for (written, printed) in [
            ("2025", "2025"),
            ("2025年", "2025"),
            ("2025年度", "2025"),
            ("2025年全年", "2025"),
            ("2025-07", "2025-07"),
            ("2025.10", "2025-10"),
            ("2025年7月", "2025-07"),
            ("2025年1-10月", "2025-01..10"),
            ("2025年1—10月", "2025-01..10"),
            ("2025年1月-10月", "2025-01..10"),
            ("2025年1至10月累计", "2025-01..10"),
            ("25年前三季度", "2025-01..09"),
            ("2025Q3", "2025Q3"),
            ("2025年三季度", "2025Q3"),
            ("2025年第三季度", "2025Q3"),
            ("2025年1—2月", "2025-01..02"),
            ("２０２５年１－２月", "2025-01..02"),
            ("2023Q1-Q3", "2023-01..09"),
            ("2025-Q1..Q3", "2025-01..09"),
            ("2021..2025", "2021-2025"),
            ("2020-01..05", "2020-01..05"),
            ("2021-2025", "2021-2025"),
            ("2021-01..2025-09", "2021-01..2025-09"),
            ("2025H1", "2025H1"),
            ("2025年上半年", "2025H1"),
            ("2025年6月末", "2025-06"),
            ("2025年十二月", "2025-12"),
            ("2025/3", "2025-03"),
            ("2024年11月至2025年2月", "2024-11..2025-02"),
            ("202511", "2025-11"),
        ] {
            check(written, printed);
        }
    }

    #[test]
    fn refuses_what_is_no_period() {
        for text in
            ["", "2025-13", "2025年0月", "13月", "2025-10..02", "unknown-Q1", "2025年1-13月", "2025Q5", "二〇二五", "2025月", "99999"]
        {
            assert!(Period::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn chinese_uses_the_words_of_reports() {
        for (p, zh) in [
            ("2024-01..08", "2024年1—8月"),
            ("2025H1", "2025年上半年"),
            ("2025-01..09", "2025年前三季度"),
            ("2025-01..02", "2025年1—2月"),
            ("2021-2025", "2021—2025年"),
        ] {
            assert_eq!(Period::parse(p).unwrap().chinese(), zh);
        }
    }

    proptest! {
        #[test]
        fn prints_and_reads_back(first in 1900*12..2199*12i32, months in 0..120i32) {
            if let Some(p) = Period::from_months(first, first + months) {
                prop_assert_eq!(Period::parse(&p.to_string()), Ok(p));
                prop_assert_eq!(Period::parse(&p.chinese()), Ok(p));
                prop_assert_eq!(Period::from_code(p.code()), Some(p));
            }
        }
        #[test]
        fn no_text_panics(text in "\\PC{0,20}") { let _ = Period::parse(&text); }
    }
}
