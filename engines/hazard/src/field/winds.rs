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

/// Entries of the table over distance.
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
    let classes = plume.stability.classes().count() as f32;
    let tables: Vec<Table> = plume.stability.classes().map(|c| Table::new(plume, c, z, farthest)).collect();
    for wind in winds {
        let to = (wind.direction + 180.0).to_radians();
        let scale = (1.0 / wind.u) as f32 / classes;
        one(mean, share, &tables, Turn { sin: to.sin(), cos: to.cos(), scale }, weight, level as f32);
    }
}

/// A wind's direction and its scale of the unit-wind table.
struct Turn {
    sin: f64,
    cos: f64,
    scale: f32,
}

/// Amplitude on the axis at 1 m/s and 1/(2σy²) over distance.
struct Table {
    step: f64,
    rows: Vec<(f32, f32)>,
    widest_slope: f64,
}

impl Table {
    fn new(plume: &Plume, class: Class, z: f64, farthest: f64) -> Self {
        let step = farthest / (ENTRIES - 2) as f64;
        let mut widest_slope = 0.0_f64;
        let rows = (0..ENTRIES)
            .map(|n| {
                let x = step * (n as f64).max(0.25);
                let (sy, sz) = sigma(Curves::Plume(plume.terrain), class, x);
                widest_slope = widest_slope.max(sy / x);
                let axis = plume.q / (2.0 * PI * sy * sz) * vertical(z, plume.height, sz);
                // Logarithm of the amplitude: close to straight between entries.
                (axis.max(1e-37).ln() as f32, (0.5 / (sy * sy)) as f32)
            })
            .collect();
        Self { step, rows, widest_slope }
    }
}

fn one(mean: &mut Grid, share: &mut Grid, tables: &[Table], turn: Turn, weight: f32, level: f32) {
    let slope = SIGMAS * tables.iter().map(|t| t.widest_slope).fold(0.0, f64::max);
    let inverse = (1.0 / tables[0].step) as f32;
    let nx = mean.nx;
    for j in 0..mean.ny {
        let y = mean.y(j);
        let Some((from, to)) = columns(mean, y, &turn, slope) else { continue };
        let row = &mut mean.values[j * nx + from..j * nx + to];
        let shares = &mut share.values[j * nx + from..j * nx + to];
        let x0 = mean.x0 + mean.dx * from as f64;
        let mut along = (x0 * turn.sin + y * turn.cos) as f32;
        let mut across = (-x0 * turn.cos + y * turn.sin) as f32;
        let (da, dc) = ((mean.dx * turn.sin) as f32, (-mean.dx * turn.cos) as f32);
        for (out, hit) in row.iter_mut().zip(shares) {
            if along > 0.0 {
                let at = along * inverse;
                let n = (at as usize).min(ENTRIES - 2);
                let f = at - n as f32;
                let mut c = 0.0;
                for table in tables {
                    let (a, b) = (table.rows[n], table.rows[n + 1]);
                    // Near the source σ ~ x: the inverse square is far from straight there.
                    c += fast_exp(a.0 + (b.0 - a.0) * f - across * across * (a.1 + (b.1 - a.1) * f));
                }
                c *= turn.scale;
                *out += weight * c;
                *hit += if c >= level { weight } else { 0.0 };
            }
            along += da;
            across += dc;
        }
    }
}

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

/// e^x within 3e-7 relative for −87 < x < 88, zero below; without a call, so
/// that the loop above stays short.
fn fast_exp(x: f32) -> f32 {
    if x < -87.0 {
        return 0.0;
    }
    let t = x.min(88.0) * std::f32::consts::LOG2_E;
    let whole = t.round_ties_even();
    let f = (t - whole) * std::f32::consts::LN_2;
    let p = 1.0 + f * (1.0 + f * (0.5 + f * (1.666_666_7e-1 + f * (4.166_666_6e-2 + f * (8.333_334e-3 + f * 1.388_889e-3)))));
    f32::from_bits(((whole as i32 + 127) as u32) << 23) * p
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
