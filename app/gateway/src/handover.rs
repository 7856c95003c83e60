//! What the gateway hands over: monthly means and loads, and what broke a limit. Nothing else leaves it.

use crate::columns::{ColumnsError, Series};
use crate::config::{Limit, Station};
use crate::state::State;
use hj212::codes::Codes;
use hj212::value::Moment;
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::BTreeMap;
use validity::Settings;
use validity::limit::{self, Averaging, Comparison, Verdict};
use validity::rollup::{Agg, HOUR};
use validity::valid::{self, Day, Hour, Method, State as Known};
use values::Confidence;

/// One factor of one station in one month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Handed {
    /// Station.
    pub mn: String,
    /// Factor code.
    pub factor: String,
    /// Month, `YYYY-MM`.
    pub month: String,
    /// Mean of the valid days; empty: no valid day.
    pub mean: Option<String>,
    /// Its unit, as the station sends it.
    pub unit: String,
    /// Load of the hours that count, kg; only for water weighted by flow in mg/L or μg/L.
    pub load_kg: Option<String>,
    /// Valid days.
    pub valid_days: u32,
    /// Days of the month.
    pub days: u32,
    /// Lowest confidence of the rules used; C is provisional 待核实.
    pub confidence: String,
    /// Days and hours above a limit of the permit.
    pub exceedances: Vec<Exceedance>,
}

/// A value above a limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exceedance {
    /// Start of hour or day, `YYYYMMDDhhmmss`.
    pub start: String,
    /// `hour` or `day`.
    pub over: String,
    /// `warning` or `breach`.
    pub verdict: String,
    /// The value.
    pub value: String,
    /// The limit.
    pub limit: String,
    /// Unit of the limit.
    pub unit: String,
    /// Permit or clause.
    pub source: String,
    /// C: provisional, starts no deadline or task.
    pub confidence: String,
}

/// How a factor is put together.
#[must_use]
pub fn method(code: &str, codes: &Codes) -> Method {
    if code == "w00000" {
        return Method::WaterFlow;
    }
    let factor = codes.factor(code.trim_end_matches("-Zs").as_bytes()).and_then(|(id, _)| codes.of(id));
    match factor {
        Some(f) if f.medium == hj212::codes::Medium::Water && f.unit.ends_with("g/L") => Method::WaterWeighted,
        Some(f) if f.medium == hj212::codes::Medium::Gas => Method::Gas,
        _ => Method::WaterPlain,
    }
}

/// Unit in which a station sends a factor: its setting, else the standard's where that is not in doubt.
#[must_use]
pub fn unit_of(station: &Station, code: &str, codes: &Codes) -> String {
    let plain = code.trim_end_matches("-Zs");
    if let Some(unit) = station.units.get(plain) {
        return unit.clone();
    }
    let factor = codes.factor(plain.as_bytes()).and_then(|(id, _)| codes.of(id));
    factor.filter(|f| f.unit_doubt.is_empty()).map_or_else(String::new, |f| f.unit.clone())
}

/// Hours and days of one factor between two midnights.
#[derive(Debug, Clone)]
pub struct Course {
    /// Factor code.
    pub factor: String,
    /// How it is put together.
    pub method: Method,
    /// All hours of the span.
    pub hours: Vec<Hour>,
    /// All days of the span with their start.
    pub days: Vec<(Moment, Day)>,
}

/// Hours and days of all factors of a station, from its minute data.
///
/// # Errors
/// The columns.
pub fn courses(
    state: &State,
    station: u32,
    from: Moment,
    until: Moment,
    codes: &Codes,
    settings: &Settings,
) -> Result<Vec<Course>, ColumnsError> {
    let rolling = state.rolling(station);
    let found = state.store.hours(station, Series::Minute, from, until, &rolling)?;
    let empty = BTreeMap::new();
    let flow = rolling.flow.and_then(|f| found.get(&f)).unwrap_or(&empty);
    let mut courses = Vec::new();
    for (factor, aggs) in &found {
        let code = state.store.code(*factor).to_owned();
        let method = method(&code, codes);
        let none = Agg::default();
        let hours: Vec<Hour> = (from.0..until.0)
            .step_by(HOUR as usize)
            .map(|at| valid::hour(Moment(at), method, aggs.get(&at).unwrap_or(&none), flow.get(&at), rolling.slice_s, settings))
            .collect();
        let days = hours.chunks(24).map(|h| (h[0].start, valid::day(method, h, settings))).collect();
        courses.push(Course { factor: code, method, hours, days });
    }
    Ok(courses)
}

/// What a check of the platform found in a station's minute data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Noticed {
    /// Factor code; two, joined by `>`, for a pair that cannot be.
    pub factor: String,
    /// Stable id of the check.
    pub check: String,
    /// From, `YYYYMMDDhhmmss`.
    pub from: String,
    /// Until, not included.
    pub until: String,
}

/// The checks of validity.md section 7 over a station's minute data. They change nothing.
///
/// # Errors
/// The columns.
pub fn checks(
    state: &State,
    station: u32,
    from: Moment,
    until: Moment,
    codes: &Codes,
    settings: &Settings,
) -> Result<Vec<Noticed>, ColumnsError> {
    let rolling = state.rolling(station);
    let columns = state.store.readings(station, Series::Minute, from, until, &rolling)?;
    let flow = rolling.flow.and_then(|f| columns.get(&f));
    let mut noticed = Vec::new();
    let mut note = |factor: String, check: &str, from: Moment, until: Moment| {
        noticed.push(Noticed { factor, check: check.to_owned(), from: from.to_string(), until: until.to_string() });
    };
    for (factor, rows) in &columns {
        let code = state.store.code(*factor);
        let beside = flow.filter(|_| rolling.flow != Some(*factor) && method(code, codes) == Method::WaterWeighted);
        for found in validity::check::series(code, rows, beside.map(Vec::as_slice), rolling.slice_s, settings) {
            note(code.to_owned(), found.what.id(), found.from, found.until);
        }
    }
    let hours = state.store.hours(station, Series::Minute, from, until, &rolling)?;
    for at in (from.0..until.0).step_by(HOUR as usize) {
        let mean = |(factor, of): (&u16, &BTreeMap<i64, Agg>)| Some((state.store.code(*factor), of.get(&at)?.mean()?));
        let means: Vec<(&str, Decimal)> = hours.iter().filter_map(mean).collect();
        for pair in validity::check::impossible_pairs(&means, settings) {
            let id = validity::check::What::ImpossiblePair.id();
            note(format!("{}>{}", pair.less, pair.more), id, Moment(at), Moment(at + HOUR));
        }
    }
    Ok(noticed)
}

/// The month of a station, factor by factor.
///
/// # Errors
/// The columns.
pub fn month(state: &State, station: u32, year: i64, month: i64, codes: &Codes, settings: &Settings) -> Result<Vec<Handed>, ColumnsError> {
    let (Some(from), Some(until)) = (Moment::of(year, month, 1, 0, 0, 0), Moment::of(year + month / 12, month % 12 + 1, 1, 0, 0, 0)) else {
        return Ok(Vec::new());
    };
    let Some(seat) = state.seats.get(station as usize) else { return Ok(Vec::new()) };
    let courses = courses(state, station, from, until, codes, settings)?;
    let hand = |course: &Course| {
        let unit = unit_of(&seat.config, &course.factor, codes);
        let valid: Vec<&Day> = course.days.iter().map(|(_, d)| d).filter(|d| d.state == Known::Valid).collect();
        let (load, volume) = valid
            .iter()
            .fold((Decimal::ZERO, Decimal::ZERO), |(l, v), d| (l.saturating_add(d.load.unwrap_or_default()), v.saturating_add(d.volume)));
        let weighted = course.method == Method::WaterWeighted && !volume.is_zero();
        let sum = valid.iter().filter_map(|d| d.value).fold(Decimal::ZERO, Decimal::saturating_add);
        let mean = if weighted { load.checked_div(volume) } else { sum.checked_div(Decimal::from(valid.len())) };
        let grams = match unit.as_str() {
            "mg/L" => Some(Decimal::ONE),
            "μg/L" => Some(Decimal::new(1, 3)),
            _ => None,
        };
        let kg = grams.filter(|_| weighted).and_then(|g| load.checked_mul(g)).and_then(|l| l.checked_div(Decimal::from(1000)));
        let confidence = course.days.iter().map(|(_, d)| d.confidence).min().unwrap_or(Confidence::A);
        Handed {
            mn: seat.config.mn.clone(),
            factor: course.factor.clone(),
            month: format!("{year:04}-{month:02}"),
            mean: mean.map(print),
            load_kg: kg.map(print),
            valid_days: u32::try_from(valid.len()).unwrap_or(0),
            days: u32::try_from(course.days.len()).unwrap_or(0),
            confidence: confidence.key().to_owned(),
            exceedances: exceedances(seat.config.limits.iter().filter(|l| l.factor == course.factor), course, &unit),
            unit,
        }
    };
    Ok(courses.iter().map(hand).collect())
}

/// Twelve significant digits: a quotient has no more meaning than that.
fn print(value: Decimal) -> String {
    value.round_sf(12).unwrap_or(value).normalize().to_string()
}

fn exceedances<'a>(limits: impl Iterator<Item = &'a Limit>, course: &Course, unit: &str) -> Vec<Exceedance> {
    let mut found = Vec::new();
    for configured in limits {
        let Some(row) = row(configured) else { continue };
        let mut judge = |start: Moment, over: Averaging, value: Option<Decimal>, confidence: Confidence| {
            let day = start.parts();
            if format!("{:04}-{:02}-{:02}", day[0], day[1], day[2]) < row.valid_from {
                return;
            }
            let judged = limit::judge(value, unit, over, &row, Comparison::Full, confidence);
            let verdict = match judged.verdict {
                Verdict::Warning => "warning",
                Verdict::Breach => "breach",
                _ => return,
            };
            found.push(Exceedance {
                start: start.to_string(),
                over: if over == Averaging::Hour { "hour" } else { "day" }.to_owned(),
                verdict: verdict.to_owned(),
                value: value.map(print).unwrap_or_default(),
                limit: [&configured.low, &configured.high].into_iter().flatten().cloned().collect::<Vec<_>>().join("-"),
                unit: row.unit.clone(),
                source: row.source.clone(),
                confidence: judged.confidence.key().to_owned(),
            });
        };
        for hour in &course.hours {
            judge(hour.start, Averaging::Hour, hour.value, hour.confidence);
        }
        for (start, day) in course.days.iter().filter(|_| row.averaging == Some(Averaging::Day)) {
            judge(*start, Averaging::Day, day.value, day.confidence);
        }
    }
    found
}

/// A limit of a permit as a row; it is complete by its shape and was entered by the zone itself.
fn row(limit: &Limit) -> Option<limit::Limit> {
    let number = |text: &Option<String>| text.as_ref().map(|t| t.parse::<Decimal>()).transpose();
    Some(limit::Limit {
        key: format!("permit/{}", limit.factor),
        standard: limit.source.clone(),
        class: String::new(),
        factor: limit.factor.clone(),
        zh: String::new(),
        kind: String::new(),
        low: number(&limit.low).ok()?,
        high: number(&limit.high).ok()?,
        unit: limit.unit.clone(),
        point: "outlet".into(),
        receiver: "water_body|park_works|town_works".into(),
        averaging: Some(limit.averaging),
        valid_from: limit.valid_from.clone(),
        valid_to: String::new(),
        source: limit.source.clone(),
        confidence: Confidence::A,
        note: String::new(),
    })
}
