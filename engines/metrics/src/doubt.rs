//! Doubts 存疑: a firm's filings that do not fit together — output against power, tax, payroll.
//!
//! For each firm the logarithm of value ÷ companion is compared with its own
//! usual level (median) and scatter (median absolute deviation). A month in
//! which the value is out of line with most companions points at the value;
//! out of line with one only points at that companion. No firm is compared
//! with another: trades differ by orders of magnitude.
//!
//! A doubt is no error: it is a question to the filer, with its evidence.

use crate::evaluate::Query;
use crate::facts::Facts;
use crate::subject::SubjectKind;
use rust_decimal::prelude::ToPrimitive;
use serde::Deserialize;
use values::{Confidence, Period};

/// What is checked against what, as data.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrossCheck {
    /// Metric that is checked.
    pub of: String,
    /// Metrics that should move with it.
    pub against: Vec<String>,
    /// Months looked back at, the checked one included.
    pub months: u32,
    /// Fewest months that make a usual level.
    pub months_min: u32,
    /// A deviation counts from so many times the usual scatter on.
    pub scatter_times: f64,
    /// The scatter is never taken smaller than this, as a share: steady firms are allowed some movement.
    pub scatter_min: f64,
    /// Where the method and its numbers come from.
    pub source: String,
    /// How sure they are.
    pub confidence: Confidence,
}

/// Several monthly series of one subject, oldest first; a month without a value, or with none above zero, is empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SeriesOf {
    /// Number of the subject.
    pub subject: i64,
    /// The checked metric.
    pub value: Vec<Option<f64>>,
    /// Its companions, in the check's order.
    pub companions: Vec<Vec<Option<f64>>>,
}

/// Evidence of a doubt: one ratio in the month, and what it usually is.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The companion metric.
    pub against: String,
    /// Value ÷ companion in the month.
    pub ratio: f64,
    /// What it usually is.
    pub usual: f64,
    /// How many scatters it is off; signed.
    pub off: f64,
}

/// One doubt.
#[derive(Debug, Clone, PartialEq)]
pub struct Doubt {
    /// Number of the subject.
    pub subject: i64,
    /// Metric that is doubted: the checked one, or one companion.
    pub metric: String,
    /// Place of the month in the series.
    pub month: usize,
    /// How far off, in scatters.
    pub score: f64,
    /// Every ratio of the month that is known.
    pub evidence: Vec<Evidence>,
}

/// Doubts about all months of all series, the most doubtful first.
#[must_use]
pub fn rank(check: &CrossCheck, all: &[SeriesOf]) -> Vec<Doubt> {
    let mut doubts: Vec<Doubt> = all.iter().flat_map(|series| of_one(check, series)).collect();
    doubts.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.subject.cmp(&b.subject)).then(a.month.cmp(&b.month)));
    doubts
}

fn of_one(check: &CrossCheck, series: &SeriesOf) -> Vec<Doubt> {
    let ratios: Vec<Vec<Option<f64>>> = series.companions.iter().map(|c| logs(&series.value, c)).collect();
    let usual: Vec<Option<(f64, f64)>> = ratios.iter().map(|r| level(r, check)).collect();
    (0..series.value.len()).filter_map(|month| of_month(check, series.subject, &ratios, &usual, month)).collect()
}

/// ln(value ÷ companion) by month.
fn logs(value: &[Option<f64>], companion: &[Option<f64>]) -> Vec<Option<f64>> {
    let positive = |v: &Option<f64>| v.filter(|v| *v > 0.0 && v.is_finite());
    value.iter().zip(companion).map(|(v, c)| Some((positive(v)? / positive(c)?).ln())).collect()
}

/// Usual level and scatter.
fn level(ratio: &[Option<f64>], check: &CrossCheck) -> Option<(f64, f64)> {
    let known: Vec<f64> = ratio.iter().flatten().copied().collect();
    if known.len() < check.months_min as usize {
        return None;
    }
    let middle = median(known.clone())?;
    let scatter = median(known.iter().map(|r| (r - middle).abs()).collect())?;
    // 1.4826 makes the median deviation of a normal scatter its standard deviation.
    Some((middle, (scatter * 1.4826).max(check.scatter_min)))
}

fn median(mut all: Vec<f64>) -> Option<f64> {
    all.sort_by(f64::total_cmp);
    let middle = all.len() / 2;
    let upper = *all.get(middle)?;
    Some(if all.len() % 2 == 1 { upper } else { (upper + all[middle - 1]) / 2.0 })
}

fn of_month(check: &CrossCheck, subject: i64, ratios: &[Vec<Option<f64>>], usual: &[Option<(f64, f64)>], month: usize) -> Option<Doubt> {
    let evidence: Vec<Evidence> = ratios
        .iter()
        .zip(usual)
        .zip(&check.against)
        .filter_map(|((ratio, usual), against)| {
            let ((middle, scatter), now) = ((*usual)?, (*ratio.get(month)?)?);
            Some(Evidence { against: against.clone(), ratio: now.exp(), usual: middle.exp(), off: (now - middle) / scatter })
        })
        .collect();
    let far = |e: &&Evidence| e.off.abs() >= check.scatter_times;
    let up = evidence.iter().filter(far).filter(|e| e.off > 0.0).count();
    let down = evidence.iter().filter(far).filter(|e| e.off < 0.0).count();
    let most = up.max(down);
    // Out of line with most companions, in one direction: the value itself. With one only: that one.
    let (metric, score) = if most * 2 > evidence.len() && (most > 1 || evidence.len() == 1) {
        let mut offs: Vec<f64> = evidence.iter().map(|e| e.off.abs()).collect();
        offs.sort_by(f64::total_cmp);
        (check.of.clone(), offs[offs.len() / 2])
    } else {
        let worst = evidence.iter().filter(far).max_by(|a, b| a.off.abs().total_cmp(&b.off.abs()))?;
        (worst.against.clone(), worst.off.abs())
    };
    (score >= check.scatter_times).then_some(Doubt { subject, metric, month, score, evidence })
}

impl Facts {
    /// Doubts about the months up to `month` of every subject that filed the checked metric.
    ///
    /// Where 1—2月 is published as one, half of it stands for February and January is empty; so is a month that cannot be taken out of cumulations.
    #[must_use]
    pub fn doubts(&self, check: &CrossCheck, month: Period) -> Vec<Doubt> {
        let Some(kind) = self.look_up(&Query::zone(&check.of, month)).map(|a| a.frames.kind) else { return Vec::new() };
        if kind == SubjectKind::Zone {
            return Vec::new();
        }
        let months: Vec<Period> = (0..i32::try_from(check.months).unwrap_or(0)).rev().filter_map(|back| month.back(back)).collect();
        let numbers = (0..self.ground.subjects.count(kind)).filter_map(|slot| self.ground.subjects.at(kind, slot)).map(|s| s.number);
        let all: Vec<SeriesOf> = numbers
            .map(|subject| SeriesOf {
                subject,
                value: self.months_of(&check.of, subject, &months),
                companions: check.against.iter().map(|key| self.months_of(key, subject, &months)).collect(),
            })
            .filter(|s| s.value.iter().any(Option::is_some))
            .collect();
        rank(check, &all)
    }

    fn months_of(&self, metric: &str, subject: i64, months: &[Period]) -> Vec<Option<f64>> {
        let value = |period: Period| {
            let answer = self.answer(&Query::zone(metric, period).of(subject))?;
            answer.value?.to_f64()
        };
        let each = months.iter().map(|month| {
            value(*month).or_else(|| {
                let both = Period::from_months(month.last() - 1, month.last()).filter(|_| month.last_month() == 2)?;
                value(both).map(|v| v / 2.0)
            })
        });
        each.collect()
    }
}
