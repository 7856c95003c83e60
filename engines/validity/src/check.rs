//! Checks of the platform 平台核查 (validity.md section 7): what makes somebody look.
//!
//! None of them changes a value. What they find stands beside the readings
//! with a stable id; thresholds are settings.

use crate::mark::Standing;
use crate::rollup::Reading;
use crate::settings::Settings;
use hj212::value::Moment;
use rust_decimal::Decimal;

/// What a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum What {
    /// Slices are missing 缺数.
    Gap,
    /// The same value to all decimals, many times 恒值.
    Frozen,
    /// The value stands still while flow moves.
    FrozenWhileFlowing,
    /// The value moves while flow is zero.
    MovesWithoutFlow,
    /// A jump between neighbours 突变.
    Jump,
    /// Physically impossible 超物理范围.
    OutOfRange,
    /// One factor is larger than the one that contains it.
    ImpossiblePair,
    /// Minimum, mean and maximum are out of order.
    MinAvgMax,
    /// The total is not mean × volume.
    LoadDiffers,
    /// The station's clock is off.
    ClockOff,
    /// DataTime is in the future.
    Future,
}

impl What {
    /// Its stable id.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Gap => "check.gap",
            Self::Frozen => "check.frozen",
            Self::FrozenWhileFlowing => "check.frozen_while_flowing",
            Self::MovesWithoutFlow => "check.moves_without_flow",
            Self::Jump => "check.jump",
            Self::OutOfRange => "check.out_of_range",
            Self::ImpossiblePair => "check.impossible_pair",
            Self::MinAvgMax => "check.min_avg_max",
            Self::LoadDiffers => "check.load_differs",
            Self::ClockOff => "check.clock_off",
            Self::Future => "check.future",
        }
    }
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Gap,
        Self::Frozen,
        Self::FrozenWhileFlowing,
        Self::MovesWithoutFlow,
        Self::Jump,
        Self::OutOfRange,
        Self::ImpossiblePair,
        Self::MinAvgMax,
        Self::LoadDiffers,
        Self::ClockOff,
        Self::Future,
    ];
}

/// One finding of a check: what, from when until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// What.
    pub what: What,
    /// First reading concerned (for a gap: the first slice missing).
    pub from: Moment,
    /// First moment no longer concerned.
    pub until: Moment,
}

/// Checks the readings of one factor, sorted by time, with the flow beside them.
#[must_use]
pub fn series(factor: &str, rows: &[Reading], flow: Option<&[Reading]>, slice_s: i64, settings: &Settings) -> Vec<Found> {
    let mut found = Vec::new();
    gaps(rows, slice_s, &mut found);
    frozen(rows, flow, slice_s, settings, &mut found);
    let jump = settings.number("check.jump_times").value;
    for pair in rows.windows(2) {
        if let (Some(a), Some(b)) = (counted(&pair[0]), counted(&pair[1])) {
            let (low, high) = (a.min(b), a.max(b));
            if factor != "w01001" && low > Decimal::ZERO && low.checked_mul(jump).is_some_and(|bound| high > bound) {
                found.push(Found { what: What::Jump, from: pair[1].time, until: Moment(pair[1].time.0 + slice_s) });
            }
        }
    }
    for row in rows {
        let mut note = |what| found.push(Found { what, from: row.time, until: Moment(row.time.0 + slice_s) });
        if counted(row).is_some_and(|v| is_impossible(factor, v, settings)) {
            note(What::OutOfRange);
        }
        let above = |a: Option<hj212::Num>, b: Option<hj212::Num>| matches!((a, b), (Some(a), Some(b)) if a > b);
        if above(row.min, row.mean) || above(row.mean, row.max) || above(row.min, row.max) {
            note(What::MinAvgMax);
        }
    }
    if let Some(flow) = flow {
        loads(rows, flow, slice_s, settings, &mut found);
    }
    found
}

fn counted(row: &Reading) -> Option<Decimal> {
    (row.standing == Standing::Valid).then_some(row.mean?.decimal())
}

fn gaps(rows: &[Reading], slice_s: i64, found: &mut Vec<Found>) {
    for pair in rows.windows(2) {
        let due = pair[0].time.0 + slice_s;
        if pair[1].time.0 > due {
            found.push(Found { what: What::Gap, from: Moment(due), until: pair[1].time });
        }
    }
}

fn flow_at(flow: &[Reading], at: Moment) -> Option<Decimal> {
    let n = flow.binary_search_by_key(&at, |f| f.time).ok()?;
    counted(&flow[n])
}

/// Runs of one value to all decimals; told apart by what flow does meanwhile.
fn frozen(rows: &[Reading], flow: Option<&[Reading]>, slice_s: i64, settings: &Settings, found: &mut Vec<Found>) {
    let repeats = usize::try_from(settings.number("check.frozen_repeats").value.trunc().mantissa()).unwrap_or(usize::MAX).max(2);
    let mut start = 0;
    for end in 1..=rows.len() {
        // As written: 7.10 and 7.1 are not the same display.
        let same = end < rows.len() && rows[end].mean.is_some() && rows[end].mean == rows[start].mean && counted(&rows[end]).is_some();
        if same {
            continue;
        }
        let run = &rows[start..end];
        if run.len() >= repeats && counted(&run[0]).is_some() {
            let flows: Vec<Decimal> = run.iter().filter_map(|r| flow_at(flow?, r.time)).collect();
            let moving = flows.windows(2).any(|w| w[0] != w[1]);
            let what = if moving { What::FrozenWhileFlowing } else { What::Frozen };
            found.push(Found { what, from: run[0].time, until: Moment(run[run.len() - 1].time.0 + slice_s) });
        }
        start = end;
    }
    let Some(flow) = flow else { return };
    for pair in rows.windows(2) {
        let still = |r: &Reading| flow_at(flow, r.time).is_some_and(|f| f.is_zero());
        let moves = matches!((counted(&pair[0]), counted(&pair[1])), (Some(a), Some(b)) if a != b);
        if moves && still(&pair[0]) && still(&pair[1]) {
            found.push(Found { what: What::MovesWithoutFlow, from: pair[1].time, until: Moment(pair[1].time.0 + slice_s) });
        }
    }
}

/// True if the value cannot be (pH 15, a negative concentration).
#[must_use]
pub fn is_impossible(factor: &str, value: Decimal, settings: &Settings) -> bool {
    let named = settings.physical.iter().find(|p| p.factor == factor);
    let Some(range) = named.or_else(|| settings.physical.iter().find(|p| p.factor == "*")) else { return false };
    let bound = |text: &str| text.parse::<Decimal>().ok();
    bound(&range.low).is_some_and(|low| value < low) || bound(&range.high).is_some_and(|high| value > high)
}

/// Load in kg = mean (mg/L) × volume (m³) / 1000; a total that is far from it is noted.
fn loads(rows: &[Reading], flow: &[Reading], slice_s: i64, settings: &Settings, found: &mut Vec<Found>) {
    let tolerance = settings.number("check.load_tolerance").value;
    for row in rows.iter().filter(|r| r.standing == Standing::Valid) {
        let (Some(mean), Some(total)) = (row.mean, row.total) else { continue };
        let Ok(n) = flow.binary_search_by_key(&row.time, |f| f.time) else { continue };
        let Some(volume) = crate::rollup::volume_m3(&flow[n], slice_s) else { continue };
        let Some(load) = mean.decimal().checked_mul(volume).and_then(|l| l.checked_div(Decimal::from(1000))) else { continue };
        // The last decimal sent is rounded: half of it is no difference.
        let last = Decimal::new(1, u32::from(total.scale.min(28)));
        let off = (load - total.decimal()).abs();
        if load.checked_mul(tolerance).is_some_and(|t| off > t + last) {
            found.push(Found { what: What::LoadDiffers, from: row.time, until: Moment(row.time.0 + slice_s) });
        }
    }
}

/// True if a pair of factors of one time cannot be: the less is larger than the more.
#[must_use]
pub fn impossible_pairs<'a>(values: &[(&str, Decimal)], settings: &'a Settings) -> Vec<&'a crate::settings::Pair> {
    let value = |code: &str| values.iter().find(|(c, _)| *c == code).map(|(_, v)| *v);
    let wrong = |p: &&crate::settings::Pair| matches!((value(&p.less), value(&p.more)), (Some(less), Some(more)) if less > more);
    settings.pairs.iter().filter(wrong).collect()
}

/// Compares the moment of collection of realtime data with its arrival.
#[must_use]
pub fn clock(data_time: Moment, arrived: Moment, settings: &Settings) -> Option<What> {
    let off = data_time.0 - arrived.0;
    let bound = i64::try_from((settings.number("check.clock_off_minutes").value * Decimal::from(60)).trunc().mantissa()).unwrap_or(300);
    if off > bound {
        Some(What::Future)
    } else if off < -bound {
        Some(What::ClockOff)
    } else {
        None
    }
}
