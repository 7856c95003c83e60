//! Many winds on one grid: mean concentration and the share of winds in which
//! a level is reached.

use super::grid::Grid;
use crate::air::plume::{Plume, vertical};
use crate::air::sigma::{Curves, sigma};
use crate::air::stability::Class;
use std::f64::consts::PI;

/// One wind of a set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wind {
    /// m/s
    pub u: f64,
    /// Degrees clockwise from north, where it comes from.
    pub direction: f64,
}

/// Entries of the table over distance; a power of two, so that a masked index is within it.
const ENTRIES: usize = 2048;
/// Points farther than this many σy off the axis count as clean: exp(−½·5²) = 4e-6.
const SIGMAS: f64 = 5.0;

/// Adds each wind's plume on an east–north grid around the source.
///
/// `mean` becomes the mean concentration, kg/m³; `share` the share 0–1 of the
/// winds in which `level` is reached. Both grids must be alike; the wind of
/// `plume` is replaced by each of `winds`.
pub fn fill(mean: &mut Grid, share: &mut Grid, plume: &Plume, winds: &[Wind], z: f64, level: f64) {
    mean.clear();
    share.clear();
    let weight = 1.0 / winds.len().max(1) as f32;
    let corners = [(0, 0), (mean.nx - 1, 0), (0, mean.ny - 1), (mean.nx - 1, mean.ny - 1)];
    let farthest = corners.iter().map(|(i, j)| mean.x(*i).hypot(mean.y(*j))).fold(1.0, f64::max);
    let classes = plume.stability.classes().count() as f64;
    let tables: Vec<Table> = plume.stability.classes().map(|c| Table::new(plume, c, z, farthest)).collect();
    let mut line = Line { exponent: vec![0.0; mean.nx], sum: vec![0.0; mean.nx] };
    for wind in winds {
        let to = (wind.direction + 180.0).to_radians();
        let turn = Turn { sin: to.sin(), cos: to.cos(), log_scale: (1.0 / (wind.u * classes)).ln() as f32 };
        one(mean, share, &tables, &turn, &mut line, weight, level as f32);
    }
}

/// A wind's direction and the logarithm of its scale of the unit-wind table.
struct Turn {
    sin: f64,
    cos: f64,
    log_scale: f32,
}

/// Over distance: ln of the amplitude on the axis at 1 m/s, its change to the
/// next entry, 1/(2σy²) and its change; centred on each entry.
struct Table {
    step: f64,
    rows: Box<[[f32; 4]; ENTRIES]>,
    widest_slope: f64,
}

impl Table {
    fn new(plume: &Plume, class: Class, z: f64, farthest: f64) -> Self {
        let step = farthest / (ENTRIES - 2) as f64;
        let mut widest_slope = 0.0_f64;
        let mut entry = |n: f64| {
            let x = step * n.max(0.25);
            let (sy, sz) = sigma(Curves::Plume(plume.terrain), class, x);
            widest_slope = widest_slope.max(sy / x);
            let axis = plume.q / (2.0 * PI * sy * sz) * vertical(z, plume.height, sz);
            (axis.max(1e-37).ln(), 0.5 / (sy * sy))
        };
        let mut rows = Box::new([[0.0; 4]; ENTRIES]);
        for (n, row) in rows.iter_mut().enumerate() {
            let n = n as f64;
            let (here, low, high) = (entry(n), entry(n - 0.5), entry(n + 0.5));
            *row = [here.0 as f32, (high.0 - low.0) as f32, here.1 as f32, (high.1 - low.1) as f32];
        }
        Self { step, rows, widest_slope }
    }
}

/// Working memory for one row of the grid.
struct Line {
    exponent: Vec<f32>,
    sum: Vec<f32>,
}

/// Three short loops: the look-up is scalar, the exponentials and the sums run
/// several at once.
fn one(mean: &mut Grid, share: &mut Grid, tables: &[Table], turn: &Turn, line: &mut Line, weight: f32, level: f32) {
    let slope = SIGMAS * tables.iter().map(|t| t.widest_slope).fold(0.0, f64::max);
    let inverse = (1.0 / tables[0].step) as f32;
    let nx = mean.nx;
    for j in 0..mean.ny {
        let y = mean.y(j);
        let Some((from, to)) = columns(mean, y, turn, slope) else { continue };
        let x0 = mean.x0 + mean.dx * from as f64;
        let start = ((x0 * turn.sin + y * turn.cos) as f32, (-x0 * turn.cos + y * turn.sin) as f32);
        let step = ((mean.dx * turn.sin) as f32, (-mean.dx * turn.cos) as f32);
        let exponent = &mut line.exponent[..to - from];
        let sum = &mut line.sum[..to - from];
        sum.fill(0.0);
        for table in tables {
            look_up(exponent, table, start, step, inverse, turn.log_scale);
            for (s, e) in sum.iter_mut().zip(exponent.iter()) {
                *s += fast_exp(*e);
            }
        }
        let row = &mut mean.values[j * nx + from..j * nx + to];
        let shares = &mut share.values[j * nx + from..j * nx + to];
        for ((out, hit), c) in row.iter_mut().zip(shares).zip(sum.iter()) {
            *out += weight * c;
            *hit += if *c >= level { weight } else { 0.0 };
        }
    }
}

/// Logarithm of the concentration at each point of a row.
fn look_up(exponent: &mut [f32], table: &Table, start: (f32, f32), step: (f32, f32), inverse: f32, log_scale: f32) {
    /// Adding 2^23 leaves the nearest whole number in the low bits.
    const WHOLE: f32 = 8_388_608.0;
    for (n, out) in exponent.iter_mut().enumerate() {
        let along = start.0 + step.0 * n as f32;
        let across = start.1 + step.1 * n as f32;
        let at = along.max(0.0) * inverse;
        let shifted = at + WHOLE;
        let [axis, axis_change, spread, spread_change] = table.rows[shifted.to_bits() as usize & (ENTRIES - 1)];
        let f = at - (shifted - WHOLE);
        let value = axis + axis_change * f - across * across * (spread + spread_change * f) + log_scale;
        *out = if along > 0.0 { value } else { LEAST };
    }
}

/// Exponents below this count as zero: e^−60 = 9e-27 kg/m³.
const LEAST: f32 = -60.0;

/// Columns [from, to) of a row that lie downwind within ± slope·x of the axis.
fn columns(grid: &Grid, y: f64, turn: &Turn, slope: f64) -> Option<(usize, usize)> {
    // |−x cos + y sin| ≤ slope (x sin + y cos): two half-planes in x.
    let (mut low, mut high) = (f64::MIN, f64::MAX);
    for sign in [1.0, -1.0] {
        // sign·(−x cos + y sin) ≤ slope (x sin + y cos)  ⇔  a x ≥ b
        let a = slope * turn.sin + sign * turn.cos;
        let b = sign * y * turn.sin - slope * y * turn.cos;
        if a > 1e-12 {
            low = low.max(b / a);
        } else if a < -1e-12 {
            high = high.min(b / a);
        } else if b > 0.0 {
            return None;
        }
    }
    let from = ((low - grid.x0) / grid.dx).ceil().max(0.0);
    let to = ((high - grid.x0) / grid.dx).floor().min(grid.nx as f64 - 1.0);
    (from <= to).then_some((from as usize, to as usize + 1))
}

/// e^x within 3e-7 relative for [`LEAST`] ≤ x ≤ 60, clamped outside; no
/// branch and no call, so that several run at once.
pub(super) fn fast_exp(x: f32) -> f32 {
    /// 1.5 · 2^23: adding it rounds to a whole number, also below zero.
    const ROUND: f32 = 12_582_912.0;
    let x = x.clamp(LEAST, -LEAST);
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    // ln 2 in two parts keeps the remainder's digits.
    let whole = shifted - ROUND;
    let f = x - whole * 0.693_359_4 + whole * 2.121_944_4e-4;
    let p = 1.0 + f * (1.0 + f * (0.5 + f * (1.666_666_7e-1 + f * (4.166_666_6e-2 + f * (8.333_334e-3 + f * 1.388_889e-3)))));
    f32::from_bits(shifted.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127) << 23) * p
}

/// `n` winds around a mean: direction and speed spread evenly by a
/// low-discrepancy sequence, the same every time. `direction_sd` in degrees,
/// `speed_sd` as a share of the mean; never below the calm limit.
#[must_use]
pub fn spread(u: f64, direction: f64, direction_sd: f64, speed_sd: f64, n: usize) -> Vec<Wind> {
    let calm = crate::air::wind::calm();
    (1..=n)
        .map(|k| {
            let (a, b) = (normal(halton(k, 2)), normal(halton(k, 3)));
            Wind { u: (u * (1.0 + speed_sd * b)).max(calm), direction: (direction + direction_sd * a).rem_euclid(360.0) }
        })
        .collect()
}

/// Radical inverse of `n` in a base, in (0, 1).
fn halton(mut n: usize, base: usize) -> f64 {
    let (mut f, mut out) = (1.0, 0.0);
    while n > 0 {
        f /= base as f64;
        out += f * (n % base) as f64;
        n /= base;
    }
    out
}

/// Quantile of the standard normal, by bisecting the error integral; |error| < 1e-6.
fn normal(p: f64) -> f64 {
    let (mut low, mut high) = (-6.0, 6.0);
    for _ in 0..40 {
        let mid = 0.5 * (low + high);
        if crate::air::exposure::share(mid + 5.0) < p { low = mid } else { high = mid }
    }
    0.5 * (low + high)
}
