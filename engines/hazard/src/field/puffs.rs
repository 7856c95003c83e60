//! A sum of round puffs on a grid.
//!
//! A puff with σx = σy is a product of a function of x and one of y, so the
//! sum is a product of two thin matrices; each puff is clipped where it can
//! no longer matter, and four puffs share one pass over a row.

use super::grid::Grid;

/// One puff seen at one height at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Blob {
    /// Centre, m.
    pub x: f64,
    /// Centre, m.
    pub y: f64,
    /// σx = σy, m.
    pub sigma: f64,
    /// Concentration at the centre, kg/m³.
    pub peak: f64,
}

impl Blob {
    /// Concentration at a point, plainly.
    #[must_use]
    pub fn at(&self, x: f64, y: f64) -> f64 {
        let d2 = (x - self.x).powi(2) + (y - self.y).powi(2);
        self.peak * (-d2 / (2.0 * self.sigma * self.sigma)).exp()
    }
}

/// What is left out may sum to this share of the lowest level of interest.
const LEFT_OUT: f64 = 1e-3;

/// A puff's two profiles within its clip box.
struct Profile {
    columns: (usize, usize),
    rows: (usize, usize),
    along: Vec<f32>,
    across: Vec<f32>,
}

/// Writes the sum of the puffs to every point of the grid.
///
/// `lowest` is the lowest level that matters, kg/m³: what is clipped sums to
/// less than 0.1 % of it anywhere. With 0 a puff is clipped at 8 σ.
pub fn fill(grid: &mut Grid, blobs: &[Blob], lowest: f64) {
    grid.clear();
    let floor = lowest * LEFT_OUT / blobs.len().max(1) as f64;
    let profiles: Vec<Profile> = blobs.iter().filter_map(|b| profile(grid, b, floor)).collect();
    let nx = grid.nx;
    for four in profiles.chunks(4) {
        let rows = four.iter().fold((usize::MAX, 0), |r, p| (r.0.min(p.rows.0), r.1.max(p.rows.1)));
        let columns = four.iter().fold((usize::MAX, 0), |c, p| (c.0.min(p.columns.0), c.1.max(p.columns.1)));
        let width = columns.1 - columns.0;
        let mut along = [const { Vec::new() }; 4];
        for (n, lane) in along.iter_mut().enumerate() {
            *lane = vec![0.0_f32; width];
            if let Some(p) = four.get(n) {
                lane[p.columns.0 - columns.0..p.columns.1 - columns.0].copy_from_slice(&p.along);
            }
        }
        for j in rows.0..rows.1 {
            let weight = |n: usize| four.get(n).filter(|p| (p.rows.0..p.rows.1).contains(&j)).map_or(0.0, |p| p.across[j - p.rows.0]);
            let row = &mut grid.values[j * nx + columns.0..j * nx + columns.1];
            add_four(row, [weight(0), weight(1), weight(2), weight(3)], &along);
        }
    }
}

fn add_four(row: &mut [f32], w: [f32; 4], along: &[Vec<f32>; 4]) {
    let [a, b, c, d] = along;
    let lanes = row.iter_mut().zip(a).zip(b).zip(c).zip(d);
    for ((((out, a), b), c), d) in lanes {
        *out += (w[0] * a + w[1] * b) + (w[2] * c + w[3] * d);
    }
}

fn profile(grid: &Grid, blob: &Blob, floor: f64) -> Option<Profile> {
    if !(blob.sigma > 0.0 && blob.peak > floor) {
        return None;
    }
    let reach = if floor > 0.0 { (2.0 * (blob.peak / floor).ln()).sqrt().min(8.0) } else { 8.0 } * blob.sigma;
    let columns = span(grid.x0, grid.dx, grid.nx, blob.x, reach)?;
    let rows = span(grid.y0, grid.dy, grid.ny, blob.y, reach)?;
    let k = 0.5 / (blob.sigma * blob.sigma);
    let along = gaussian(grid.x0 + grid.dx * columns.0 as f64 - blob.x, grid.dx, columns.1 - columns.0, k, 1.0);
    let across = gaussian(grid.y0 + grid.dy * rows.0 as f64 - blob.y, grid.dy, rows.1 - rows.0, k, blob.peak);
    Some(Profile { columns, rows, along, across })
}

/// Indices [from, to) of the points within `reach` of `centre`.
fn span(start: f64, step: f64, n: usize, centre: f64, reach: f64) -> Option<(usize, usize)> {
    let from = ((centre - reach - start) / step).ceil().max(0.0);
    let to = ((centre + reach - start) / step).floor().min(n as f64 - 1.0);
    (from <= to).then_some((from as usize, to as usize + 1))
}

/// scale · exp(−k d²) on equal steps, by recurrence from the point nearest the centre.
fn gaussian(first: f64, step: f64, n: usize, k: f64, scale: f64) -> Vec<f32> {
    let mut out = vec![0.0_f32; n];
    let middle = (-first / step).round().clamp(0.0, n as f64 - 1.0) as usize;
    let start = first + step * middle as f64;
    let mut run = |indices: &mut dyn Iterator<Item = usize>, d: f64| {
        let mut value = scale * (-start * start * k).exp();
        let mut ratio = (-(2.0 * start * d + d * d) * k).exp();
        let change = (-2.0 * d * d * k).exp();
        for i in indices {
            out[i] = value as f32;
            value *= ratio;
            ratio *= change;
        }
    };
    run(&mut (middle..n), step);
    run(&mut (0..=middle).rev(), -step);
    out
}
