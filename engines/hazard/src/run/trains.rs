//! Questions whose wind or source changes with time, and sets of winds.

use super::plumes::{HEIGHT, Level, SOURCE, X, Y, Z, class_of, levels, molar, substance, warn_if_heavy};
use super::{air, place, says};
use crate::air::exposure::{self, Step};
use crate::air::heavy;
use crate::air::plume::Plume;
use crate::air::reach::reach;
use crate::air::sigma::Curves;
use crate::answer::{Answer, Table};
use crate::facts::{dispersion, endpoints};
use crate::field::contour::{self, Contour};
use crate::field::grid::Grid;
use crate::field::puffs as sum;
use crate::field::trajectory::{Release, SourceStep, WindStep};
use crate::field::winds as sets;
use crate::input::{Inputs, POSITIVE, field};
use crate::units::Dim;
use values::{Confidence, Severity};

/// Side of the square grid that contours are drawn from.
const GRID: usize = 301;

/// Winds: a list `{t, u, from}`, or one wind for all the time.
fn winds_of(inputs: &mut Inputs) -> Option<Vec<WindStep>> {
    let from = field(&["from", "wind_from", "direction", "风向"], Dim::Angle, 0.0, 360.0);
    let speed = field(&["u", "wind", "u10"], Dim::Speed, 0.0, 100.0);
    let start = field(&["t", "t0"], Dim::Time, 0.0, 1e7);
    let Some(list) = inputs.raw("winds") else {
        let one = field(&["wind_from", "direction", "wind_direction", "风向"], Dim::Angle, 0.0, 360.0);
        // Without a direction the frame is the wind's own: x is downwind.
        let direction = inputs.or(&one, 270.0)?;
        return Some(vec![WindStep { from: 0.0, u: air::speed(inputs, &speed)?, direction }]);
    };
    let mut out = Vec::new();
    for (n, item) in list.as_array().cloned().unwrap_or_default().iter().enumerate() {
        let mut row = inputs.item("winds", n, &item.as_object().cloned().unwrap_or_default());
        let (t, u, d) = (row.or(&start, 0.0), air::speed(&mut row, &speed), row.need(&from));
        inputs.findings.0.append(&mut row.findings.0);
        if let (Some(from), Some(u), Some(direction)) = (t, u, d) {
            out.push(WindStep { from, u, direction });
        }
    }
    ordered(inputs, "winds", &out.iter().map(|w| w.from).collect::<Vec<_>>())?;
    (!inputs.findings.has_error()).then_some(out)
}

/// Source: a list `{t, Q}`, or one rate, until the end of the release.
fn source_of(inputs: &mut Inputs) -> Option<(Vec<SourceStep>, f64)> {
    let end = inputs.need(&field(&["duration", "end", "t_release"], Dim::Time, POSITIVE, 1e6));
    let Some(list) = inputs.raw("sources") else {
        let q = inputs.need(&SOURCE)?;
        return Some((vec![SourceStep { from: 0.0, q }], end?));
    };
    let mut out = Vec::new();
    for (n, item) in list.as_array().cloned().unwrap_or_default().iter().enumerate() {
        let mut row = inputs.item("sources", n, &item.as_object().cloned().unwrap_or_default());
        let (t, q) = (row.or(&field(&["t", "t0"], Dim::Time, 0.0, 1e7), 0.0), row.need(&SOURCE));
        inputs.findings.0.append(&mut row.findings.0);
        if let (Some(from), Some(q)) = (t, q) {
            out.push(SourceStep { from, q });
        }
    }
    ordered(inputs, "sources", &out.iter().map(|s| s.from).collect::<Vec<_>>())?;
    (!inputs.findings.has_error()).then_some((out, end?))
}

/// A series must not be empty and must rise in time.
fn ordered(inputs: &mut Inputs, key: &str, times: &[f64]) -> Option<()> {
    if times.is_empty() || times.windows(2).any(|w| w[1] <= w[0]) {
        inputs.say(Severity::Error, "hazard.series_order", key, &[]);
        return None;
    }
    Some(())
}

/// `puffs`: concentration at a place and time, its course there, contours.
pub fn puffs(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let open = place::in_the_open(inputs);
    let (terrain, stability) = class_of(inputs, out)?;
    let wind = winds_of(inputs);
    let source = source_of(inputs);
    let height = inputs.or(&HEIGHT, 0.0)?;
    let z = inputs.or(&Z, 0.0)?;
    let levels = levels(inputs)?;
    place::on_map(inputs, out)?;
    // x is east: the wind may turn.
    (out.heading, out.on_map) = (90.0, true);
    let known = substance(inputs)?;
    let molar = molar(inputs, known)?;
    let (wind, (source, end), ()) = (wind?, source?, open?);
    let release = Release { source, end, wind, height, curves: Curves::Plume(terrain), stability };
    let time = field(&["t", "time"], Dim::Time, POSITIVE, 1e6);
    let t = inputs.or(&time, end)?;
    let n = inputs.or(&field(&["puffs", "n_puffs"], Dim::None, 1.0, 5000.0), 0.0)? as usize;
    out.also("released", release.released(t), "kg");
    if inputs.has(&X) {
        let (x, y) = (inputs.get(&X)?, inputs.or(&Y, 0.0)?);
        at_a_place(inputs, out, &release, (x, y, z), t, n)?;
    }
    let n = if n > 0 { n } else { release.enough(200.0) };
    out.also("puffs", n as f64, "-");
    contours(out, &release, &levels, t, n, z);
    if out.value.is_none() {
        out.select("released");
    }
    let q = release.source.iter().map(|s| s.q).fold(0.0, f64::max);
    let u = release.wind.iter().map(|w| w.u).fold(f64::MAX, f64::min);
    warn_if_heavy(inputs, out, |density, air| heavy::continuous(q.max(POSITIVE), density, air, u, None), molar)?;
    says(inputs, out, &["model.puffs"], &["limit.gaussian", "limit.screening"], dispersion().confidence);
    Some(())
}

/// Concentration at one place at `t`, its course, indoors if air changes are given, and the load.
fn at_a_place(inputs: &mut Inputs, out: &mut Answer, release: &Release, (x, y, z): (f64, f64, f64), t: f64, n: usize) -> Option<()> {
    let n = if n > 0 { n } else { release.enough(x.hypot(y).max(50.0)) };
    out.set("concentration", release.at(x, y, z, t, n), "kg/m3");
    out.also("concentration_mg_m3", release.at(x, y, z, t, n) * 1e6, "mg/m3");
    let slowest = release.wind.iter().map(|w| w.u).fold(f64::MAX, f64::min);
    let over = (release.end + 1.5 * x.hypot(y) / slowest).max(t);
    let rows: Vec<(f64, f64)> = (0..=60).map(|k| over * f64::from(k) / 60.0).map(|t| (t, release.at(x, y, z, t, n))).collect();
    let changes = field(&["air_changes", "ach", "换气次数"], Dim::Rate, 0.0, 1.0);
    let steps: Vec<Step> = rows.windows(2).map(|w| Step { from: w[0].0, outdoors: 0.5 * (w[0].1 + w[1].1) }).collect();
    let mut table = Table { head: vec!["t", "outdoors"], units: vec!["s", "kg/m3"], rows: rows.iter().map(|r| vec![r.0, r.1]).collect() };
    let highest = rows.iter().fold((0.0, 0.0), |a, r| if r.1 > a.1 { *r } else { a });
    out.also("highest", highest.1, "kg/m3");
    out.also("time_of_highest", highest.0, "s");
    if inputs.has(&changes) {
        let inside = exposure::indoors(&steps, over, inputs.get(&changes)?);
        table.head.push("indoors");
        table.units.push("kg/m3");
        for (row, (_, c)) in table.rows.iter_mut().zip(&inside) {
            row.push(*c);
        }
        out.also("highest_indoors", inside.iter().map(|r| r.1).fold(0.0, f64::max), "kg/m3");
    }
    out.table = Some(table);
    if let Some(p) = substance(inputs)?.and_then(|s| s.probit) {
        let span = over / 60.0 / 60.0;
        let load = exposure::toxic_load(&steps.iter().map(|s| (span, s.outdoors * 1e6)).collect::<Vec<_>>(), p.n);
        out.also("toxic_load", load, "(mg/m3)^n min");
        if load > 0.0 {
            out.also("deaths_share", exposure::share(exposure::probit(p, load)), "-");
            out.rests_on(endpoints().probit.confidence);
        }
    }
    Some(())
}

/// Contours of the levels at `t` on a grid that holds all puffs to 4 σ.
fn contours(out: &mut Answer, release: &Release, levels: &[Level], t: f64, n: usize, z: f64) {
    let blobs = release.blobs(t, n, z);
    let Some(lowest) = levels.iter().map(|l| l.level).min_by(f64::total_cmp) else { return };
    let reach = |b: &sum::Blob| 4.0 * b.sigma + 10.0;
    let fold = |pick: fn(&sum::Blob) -> f64, sign: f64| blobs.iter().map(|b| sign * (pick(b) + sign * reach(b))).fold(0.0, f64::max) * sign;
    let (x, y) = ((fold(|b| b.x, -1.0), fold(|b| b.x, 1.0)), (fold(|b| b.y, -1.0), fold(|b| b.y, 1.0)));
    let side = (x.1 - x.0).max(y.1 - y.0).max(100.0);
    let middle = (0.5 * (x.0 + x.1), 0.5 * (y.0 + y.1));
    let half = 0.5 * side;
    let mut grid = Grid::over((middle.0 - half, middle.0 + half), (middle.1 - half, middle.1 + half), GRID, GRID);
    sum::fill(&mut grid, &blobs, lowest);
    for level in levels {
        let rings = contour::of_field(&grid, level.level);
        out.rests_on(level.confidence);
        let farthest = rings.iter().flatten().map(|p| p.0.hypot(p.1)).fold(0.0, f64::max);
        out.distances.push(crate::answer::Distance {
            mark: level.mark.clone(),
            level: level.level * 1e6,
            unit: "mg/m3",
            distance: (!rings.is_empty()).then_some(farthest),
            from: None,
            half_width: None,
            note: String::new(),
            confidence: level.confidence,
        });
        if !rings.is_empty() {
            out.contours.push(Contour { mark: level.mark.clone(), level: level.level * 1e6, unit: "mg/m3", rings });
        }
    }
}

/// `winds`: the share of winds around a mean in which a level is reached.
pub fn winds(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let open = place::in_the_open(inputs);
    let (terrain, stability) = class_of(inputs, out)?;
    let height = inputs.or(&HEIGHT, 0.0)?;
    let q = inputs.need(&SOURCE);
    let u = air::wind_at(inputs, terrain, stability, height);
    let z = inputs.or(&Z, 0.0)?;
    let from = field(&["wind_from", "direction", "wind_direction", "风向"], Dim::Angle, 0.0, 360.0);
    let direction = inputs.or(&from, 270.0)?;
    let turn = inputs.or(&field(&["direction_sd"], Dim::Angle, 0.0, 180.0), 15.0)?;
    let gust = inputs.or(&field(&["speed_sd"], Dim::None, 0.0, 1.0), 0.2)?;
    let n = inputs.or(&field(&["n", "winds"], Dim::None, 1.0, 10_000.0), 400.0)? as usize;
    let levels = levels(inputs)?;
    place::on_map(inputs, out)?;
    (out.heading, out.on_map) = (90.0, true);
    let Some(level) = levels.iter().min_by(|a, b| a.level.total_cmp(&b.level)) else {
        inputs.say(Severity::Error, "hazard.missing_input", "level_mg_m3", &[("name", "level_mg_m3"), ("unit", "mg/m3")]);
        return None;
    };
    open?;
    let plume = Plume { q: q?, u: u?, height, terrain, stability };
    let set = sets::spread(plume.u, direction, turn, gust, n);
    let slow = set.iter().map(|w| w.u).fold(plume.u, f64::min);
    let Some(far) = reach(|x| Plume { u: slow, ..plume }.at(x, 0.0, z), level.level) else {
        out.set("distance", 0.0, "m");
        return Some(());
    };
    let r = far.to.min(farthest_grid()) * 1.05;
    let mut mean = Grid::over((-r, r), (-r, r), GRID, GRID);
    let mut share = mean.clone();
    sets::fill(&mut mean, &mut share, &plume, &set, z, level.level);
    out.rests_on(level.confidence);
    for part in [0.9, 0.5, 0.1, 0.05] {
        // Half a wind below: shares are whole multiples of one wind, no line should run along a step.
        let rings = contour::of_field(&share, part - 0.5 / set.len() as f64);
        let farthest = rings.iter().flatten().map(|p| p.0.hypot(p.1)).fold(0.0, f64::max);
        let mark = format!("{} ≥ {}%", level.mark, part * 100.0);
        out.distances.push(crate::answer::Distance {
            mark: mark.clone(),
            level: part * 100.0,
            unit: "%",
            distance: (!rings.is_empty()).then_some(farthest),
            from: None,
            half_width: None,
            note: String::new(),
            confidence: Confidence::C,
        });
        if !rings.is_empty() {
            out.contours.push(Contour { mark, level: part * 100.0, unit: "%", rings });
        }
    }
    let highest = out.distances.iter().filter_map(|d| d.distance).fold(0.0, f64::max);
    out.set("distance", highest, "m");
    out.also("winds", set.len() as f64, "-");
    says(inputs, out, &["model.winds"], &["limit.gaussian", "limit.screening"], Confidence::C);
    Some(())
}

/// Grids reach no farther than the models are trusted, twice over.
fn farthest_grid() -> f64 {
    2.0 * dispersion().range.to_m
}
