//! Year-end estimate 全年预计: what the year will bring, with an interval and the method's own error beside it.
//!
//! Three plain methods compete; each is tried on every earlier year that has
//! the data, and the one with the smallest mean error there is used. The
//! seasonal-naive one wins ties. The interval is the largest error that the
//! method made in its backtest: no more is claimed.

use crate::definition::Time;
use crate::evaluate::Query;
use crate::facts::Facts;
use rust_decimal::Decimal;
use values::Period;

/// How a year is completed from its first months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// The remaining months bring what they brought last year 上年同期数.
    LastYear,
    /// The year so far has the share that it had last year 上年占比.
    LastShare,
    /// The year so far has the mean share of the last three years 三年平均占比.
    MeanShare,
}

impl Method {
    const ALL: [Self; 3] = [Self::LastYear, Self::LastShare, Self::MeanShare];

    /// Stable key.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::LastYear => "last_year",
            Self::LastShare => "last_share",
            Self::MeanShare => "mean_share",
        }
    }
}

/// One year of a backtest.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// The year.
    pub year: i32,
    /// What the method would have said after the same months, in the filed unit.
    pub estimate: Decimal,
    /// What the year brought.
    pub actual: Decimal,
}

impl Trial {
    /// Error in % of what the year brought; none if it brought nothing.
    #[must_use]
    pub fn error(&self) -> Option<Decimal> {
        let off = self.estimate.checked_sub(self.actual)?;
        off.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(self.actual.abs()).filter(|_| !self.actual.is_zero())
    }
}

/// An estimate of a year.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// In the metric's filed unit.
    pub value: Decimal,
    /// Interval: the largest error of the backtest to both sides; none without a backtest.
    pub interval: Option<(Decimal, Decimal)>,
    /// The method that won.
    pub method: Method,
    /// How the method did in earlier years.
    pub backtest: Vec<Trial>,
    /// Mean absolute error there, in %.
    pub mean_error: Option<Decimal>,
}

/// A year's first months, and the whole.
#[derive(Debug, Clone, Copy)]
struct Year {
    so_far: Decimal,
    whole: Option<Decimal>,
}

impl Facts {
    /// Estimates the year that a span from January on lies in; `None` for levels and rates, or where last year is not known whole.
    #[must_use]
    pub fn estimate(&self, query: &Query) -> Option<Estimate> {
        let asked = self.look_up(query)?;
        if !matches!(asked.metric.is.time, Time::Flow | Time::Cumulative) || !query.period.is_year_to_date() {
            return None;
        }
        let source = self.read(&asked, 0).source;
        let only = Query { source: Some(source), ..query.clone() };
        let value = |period: Option<Period>| self.answer(&only.over(period?)).and_then(|a| a.value);
        let year = |back: i32| {
            let so_far = query.period.back(back * 12)?;
            Some(Year { so_far: value(Some(so_far))?, whole: value(Period::year(so_far.first_year())) })
        };
        // Newest first; the series ends at the first year without its first months.
        let years: Vec<Year> = (0..12).map_while(year).collect();
        let this_year = query.period.first_year();
        let mut best: Option<Estimate> = None;
        for method in Method::ALL {
            let Some(value) = complete(method, &years) else { continue };
            let backtest: Vec<Trial> = (1..years.len()).filter_map(|back| trial(method, &years, back, this_year)).collect();
            let made = judged(value, method, backtest);
            let better = |b: &Estimate| match (made.mean_error, b.mean_error) {
                (Some(new), Some(old)) => new < old,
                (Some(_), None) => true,
                _ => false,
            };
            if best.as_ref().is_none_or(better) {
                best = Some(made);
            }
        }
        best
    }
}

fn trial(method: Method, years: &[Year], back: usize, this_year: i32) -> Option<Trial> {
    let year = this_year - i32::try_from(back).ok()?;
    Some(Trial { year, estimate: complete(method, &years[back..])?, actual: years[back].whole? })
}

/// The whole of the first year from its first months and the years before it.
fn complete(method: Method, years: &[Year]) -> Option<Decimal> {
    let (this, last) = (years.first()?, years.get(1)?);
    match method {
        Method::LastYear => this.so_far.checked_add(last.whole?.checked_sub(last.so_far)?),
        Method::LastShare => by_share(this.so_far, share(last)?),
        Method::MeanShare => {
            let shares: Vec<Decimal> = years.get(1..4)?.iter().map(share).collect::<Option<_>>()?;
            let sum = shares.iter().try_fold(Decimal::ZERO, |sum, s| sum.checked_add(*s))?;
            by_share(this.so_far, sum.checked_div(Decimal::from(shares.len()))?)
        }
    }
}

/// What the first months were of the whole; none where that says nothing.
fn share(year: &Year) -> Option<Decimal> {
    let whole = year.whole.filter(|w| *w > Decimal::ZERO)?;
    year.so_far.checked_div(whole).filter(|s| *s > Decimal::ZERO)
}

fn by_share(so_far: Decimal, share: Decimal) -> Option<Decimal> {
    so_far.checked_div(share)
}

fn judged(value: Decimal, method: Method, backtest: Vec<Trial>) -> Estimate {
    let errors: Vec<Decimal> = backtest.iter().filter_map(Trial::error).map(|e| e.abs()).collect();
    let sum = errors.iter().try_fold(Decimal::ZERO, |sum, e| sum.checked_add(*e));
    let mean_error = sum.filter(|_| !errors.is_empty()).and_then(|s| s.checked_div(Decimal::from(errors.len())));
    let most = errors.iter().max().copied();
    let half = most.and_then(|m| value.abs().checked_mul(m)?.checked_div(Decimal::ONE_HUNDRED));
    let interval = half.and_then(|h| Some((value.checked_sub(h)?, value.checked_add(h)?)));
    Estimate { value, interval, method, backtest, mean_error }
}
