//! Working days 工作日 by the State Council's yearly notice on holidays.
//!
//! The days are data (`definitions/calendar/china.csv`). The notice for a year
//! comes in November of the year before: until then "not announced" is an
//! answer, with a provisional day that counts weekends only.

use crate::Date;
use crate::table::{Table, TableError};
use jiff::civil::Weekday;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a day is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Day {
    /// A weekday without anything special.
    Working,
    /// A Saturday or Sunday that is worked, for the holiday named 调休上班.
    WorkingForHoliday(String),
    /// Saturday or Sunday.
    Weekend,
    /// Off on a weekday: the holiday's name, and whether it is off by swap 调休 only.
    Holiday {
        /// 春节, 国庆节 …
        name: String,
        /// True when the day is off by swap, not a holiday proper.
        in_lieu: bool,
    },
    /// The year's notice is not in the calendar.
    NotAnnounced,
}

impl Day {
    /// True on working days; `None` if not announced.
    #[must_use]
    pub fn is_working(&self) -> Option<bool> {
        match self {
            Self::Working | Self::WorkingForHoliday(_) => Some(true),
            Self::Weekend | Self::Holiday { .. } => Some(false),
            Self::NotAnnounced => None,
        }
    }
}

/// The answer "that year is not announced yet 未公布".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{year} 年的节假日安排尚未公布")]
pub struct NotAnnounced {
    /// First year that is needed and not there.
    pub year: i16,
}

/// When a deadline falls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Due {
    /// Known: the day, and each day that did not count with what it was.
    Known {
        /// Last day of the term.
        date: Date,
        /// Days between that do not count, in order.
        skipped: Vec<(Date, Day)>,
    },
    /// It falls into a year that is not announced.
    NotAnnounced {
        /// That year.
        year: i16,
        /// The day if only Saturdays and Sundays were off 暂定; it can only move to a later day by new holidays, or an earlier one by worked weekends.
        provisional: Date,
    },
}

impl Due {
    /// The day, known or provisional.
    #[must_use]
    pub fn date(&self) -> Date {
        match self {
            Self::Known { date, .. } => *date,
            Self::NotAnnounced { provisional, .. } => *provisional,
        }
    }
}

/// Days off and worked weekends of the announced years.
#[derive(Debug, Clone)]
pub struct Calendar {
    days: BTreeMap<Date, Day>,
    first_year: i16,
    last_year: i16,
    /// Where it comes from.
    pub source: String,
}

static CHINA: LazyLock<Calendar> =
    LazyLock::new(|| Calendar::parse(include_str!("../../../definitions/calendar/china.csv")).expect("embedded, and read by a test"));

/// Longest term that is counted, in days: 30 years.
const LONGEST: u32 = 11_000;

impl Calendar {
    /// The calendar that comes with the program.
    #[must_use]
    pub fn china() -> &'static Self {
        &CHINA
    }

    /// Reads a calendar: head `announced: 2019..2026`, columns date, kind (off · work), holiday, in_lieu.
    ///
    /// # Errors
    /// The first row that does not fit: no date, a year outside the announced ones, `off` on a weekend, `work` on a weekday, a day twice.
    pub fn parse(text: &str) -> Result<Self, TableError> {
        let table = Table::parse(text, &["date", "kind", "holiday", "in_lieu"])?;
        let (first_year, last_year) = table
            .note("announced")
            .split_once("..")
            .and_then(|(a, b)| Some((a.trim().parse().ok()?, b.trim().parse().ok()?)))
            .filter(|(a, b): &(i16, i16)| a <= b)
            .ok_or_else(|| TableError::at(0, "缺少 announced: 起年..止年"))?;
        let mut days = BTreeMap::new();
        for (at, row) in table.rows.iter().enumerate() {
            let wrong = |why: &str| TableError::at(at + 1, format!("{} {why}", row[0]));
            let date: Date = row[0].parse().map_err(|_| wrong("不是日期"))?;
            if !(first_year..=last_year).contains(&date.year()) {
                return Err(wrong("不在已公布的年份内"));
            }
            let day = match (row[1], is_weekend(date)) {
                ("off", false) => Day::Holiday { name: row[2].into(), in_lieu: row[3] == "1" },
                ("work", true) => Day::WorkingForHoliday(row[2].into()),
                _ => return Err(wrong("应为工作日放假（off）或周末上班（work）")),
            };
            if days.insert(date, day).is_some() {
                return Err(wrong("出现两次"));
            }
        }
        Ok(Self { days, first_year, last_year, source: table.note("source").to_owned() })
    }

    /// First and last announced year.
    #[must_use]
    pub fn announced(&self) -> (i16, i16) {
        (self.first_year, self.last_year)
    }

    /// What a day is.
    #[must_use]
    pub fn day(&self, date: Date) -> Day {
        if !(self.first_year..=self.last_year).contains(&date.year()) {
            return Day::NotAnnounced;
        }
        match self.days.get(&date) {
            Some(day) => day.clone(),
            None if is_weekend(date) => Day::Weekend,
            None => Day::Working,
        }
    }

    /// True on a working day.
    ///
    /// # Errors
    /// [`NotAnnounced`] outside the announced years.
    pub fn is_working(&self, date: Date) -> Result<bool, NotAnnounced> {
        self.day(date).is_working().ok_or(NotAnnounced { year: date.year() })
    }

    /// The last day of a term of `working_days` from the day of acceptance 受理, which is day 0 and does not count (民法典 第二百零一条; 行政许可法 第八十二条: 期限以工作日计算).
    ///
    /// A term of 0 ends on the day itself, or on the first working day after. `None` beyond some 30 years or the calendar's last date.
    #[must_use]
    pub fn due(&self, accepted: Date, working_days: u32) -> Option<Due> {
        let (mut date, mut left, mut skipped, mut open) = (accepted, working_days, Vec::new(), None);
        if left == 0 && self.counts(date, &mut skipped, &mut open) {
            return Some(Due::Known { date, skipped });
        }
        left = left.max(1);
        for _ in 0..LONGEST {
            date = date.tomorrow().ok()?;
            if self.counts(date, &mut skipped, &mut open) {
                left -= 1;
            }
            if left == 0 {
                return Some(match open {
                    None => Due::Known { date, skipped },
                    Some(year) => Due::NotAnnounced { year, provisional: date },
                });
            }
        }
        None
    }

    /// True if the day counts; outside the announced years weekdays count for the provisional day.
    fn counts(&self, date: Date, skipped: &mut Vec<(Date, Day)>, open: &mut Option<i16>) -> bool {
        let day = self.day(date);
        match day.is_working() {
            Some(true) => true,
            Some(false) => {
                skipped.push((date, day));
                false
            }
            None => {
                open.get_or_insert(date.year());
                !is_weekend(date)
            }
        }
    }

    /// Working days after `from` up to and with `to`; 0 if `to` is not later.
    ///
    /// # Errors
    /// [`NotAnnounced`] with the first year that is missing.
    pub fn working_days(&self, from: Date, to: Date) -> Result<u32, NotAnnounced> {
        let mut count = 0;
        let mut date = from;
        while date < to {
            let Ok(next) = date.tomorrow() else { break };
            date = next;
            count += u32::from(self.is_working(date)?);
        }
        Ok(count)
    }

    /// The day itself, or the first working day after: where a term in calendar days ends on a day off (民法典 第二百零三条).
    ///
    /// # Errors
    /// [`NotAnnounced`] if that lies in a year that is not announced.
    pub fn on_or_after(&self, date: Date) -> Result<Date, NotAnnounced> {
        let mut day = date;
        while !self.is_working(day)? {
            let Ok(next) = day.tomorrow() else { return Err(NotAnnounced { year: day.year() }) };
            day = next;
        }
        Ok(day)
    }
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}
