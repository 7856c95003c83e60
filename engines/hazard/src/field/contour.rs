//! Lines of equal value, closed rings with the higher side on the left.

use super::grid::Grid;
use crate::air::plume::Plume;
use crate::air::reach::{SEARCHED, reach};
use std::collections::HashMap;
use std::f64::consts::PI;

/// Closed rings of one level: outer rings run counter-clockwise, holes clockwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Contour {
    /// What the level means.
    pub mark: String,
    /// The level, in `unit`.
    pub level: f64,
    /// Unit of the level.
    pub unit: &'static str,
    /// Rings in local metres; the first point is not repeated.
    pub rings: Vec<Vec<(f64, f64)>>,
}

/// Points along each side of a plume's contour.
const SIDE: usize = 96;

/// The ring of a plume's level at height `z`, exactly on the level; none if it
/// is nowhere reached.
#[must_use]
pub fn of_plume(plume: &Plume, z: f64, level: f64) -> Option<Vec<(f64, f64)>> {
    let axis = reach(|x| plume.at(x, 0.0, z), level)?;
    let from = if axis.from <= SEARCHED.0 { 0.0 } else { axis.from };
    // Cosine spacing: the ends are round, there points must lie close.
    let xs: Vec<f64> = (0..=SIDE).map(|n| from + (axis.to - from) * 0.5 * (1.0 - (PI * n as f64 / SIDE as f64).cos())).collect();
    let half = |x: f64| plume.half_width(x, z, level).unwrap_or(0.0);
    let mut ring: Vec<(f64, f64)> = xs.iter().map(|x| (*x, -half(*x))).collect();
    ring.extend(xs.iter().rev().skip(1).take(SIDE - 1).map(|x| (*x, half(*x))));
    Some(ring)
}

/// A circle of radius `r` around the origin.
#[must_use]
pub fn circle(r: f64) -> Vec<(f64, f64)> {
    (0..128).map(|n| 2.0 * PI * f64::from(n) / 128.0).map(|a| (r * a.cos(), r * a.sin())).collect()
}

/// Rings of `level` in a field by marching squares, logarithmic between points
/// (a Gaussian's logarithm is smooth where the field itself is steep). A ring
/// that meets the border runs along it.
#[must_use]
pub fn of_field(grid: &Grid, level: f64) -> Vec<Vec<(f64, f64)>> {
    let field = Padded { grid, level: level as f32 };
    let mut next: HashMap<usize, usize> = HashMap::new();
    for j in 0..=grid.ny {
        for i in 0..=grid.nx {
            field.cell(i, j, &mut next);
        }
    }
    let mut rings = Vec::new();
    let mut starts: Vec<usize> = next.keys().copied().collect();
    starts.sort_unstable();
    for start in starts {
        let mut ring = Vec::new();
        let mut edge = start;
        while let Some(follow) = next.remove(&edge) {
            ring.push(field.crossing(edge));
            edge = follow;
        }
        ring.dedup_by(|a, b| (a.0 - b.0).abs() + (a.1 - b.1).abs() < 1e-9);
        if ring.len() >= 3 {
            rings.push(ring);
        }
    }
    rings
}

/// The grid with a border of "below everything" around it, so that rings close.
struct Padded<'a> {
    grid: &'a Grid,
    level: f32,
}

impl Padded<'_> {
    /// Value of padded column and row; −∞ on the border.
    fn value(&self, i: usize, j: usize) -> f32 {
        if i == 0 || j == 0 || i > self.grid.nx || j > self.grid.ny { f32::NEG_INFINITY } else { self.grid.at(i - 1, j - 1) }
    }
    fn width(&self) -> usize {
        self.grid.nx + 2
    }
    /// Edge from padded point (i, j) to the right (0) or upward (1).
    fn edge(&self, i: usize, j: usize, up: usize) -> usize {
        2 * (j * self.width() + i) + up
    }

    /// Links the edges that the level crosses in the cell right and above of (i, j).
    fn cell(&self, i: usize, j: usize, next: &mut HashMap<usize, usize>) {
        let inside = |i, j| self.value(i, j) >= self.level;
        let case = usize::from(inside(i, j))
            | usize::from(inside(i + 1, j)) << 1
            | usize::from(inside(i + 1, j + 1)) << 2
            | usize::from(inside(i, j + 1)) << 3;
        let (bottom, right, top, left) = (self.edge(i, j, 0), self.edge(i + 1, j, 1), self.edge(i, j + 1, 0), self.edge(i, j, 1));
        let mut link = |a, b| {
            next.insert(a, b);
        };
        // Inside lies to the left of each link.
        match case {
            1 => link(bottom, left),
            2 => link(right, bottom),
            3 => link(right, left),
            4 => link(top, right),
            6 => link(top, bottom),
            7 => link(top, left),
            8 => link(left, top),
            9 => link(bottom, top),
            11 => link(right, top),
            12 => link(left, right),
            13 => link(bottom, right),
            14 => link(left, bottom),
            5 | 10 => {
                let middle =
                    0.25 * (self.value(i, j) + self.value(i + 1, j) + self.value(i, j + 1) + self.value(i + 1, j + 1)) >= self.level;
                match (case, middle) {
                    (5, true) => {
                        link(bottom, right);
                        link(top, left);
                    }
                    (5, false) => {
                        link(bottom, left);
                        link(top, right);
                    }
                    (_, true) => {
                        link(left, bottom);
                        link(right, top);
                    }
                    (_, false) => {
                        link(right, bottom);
                        link(left, top);
                    }
                }
            }
            _ => {}
        }
    }

    /// Where the level crosses an edge, in local metres.
    fn crossing(&self, edge: usize) -> (f64, f64) {
        let (point, up) = (edge / 2, edge % 2);
        let (i, j) = (point % self.width(), point / self.width());
        let (k, l) = if up == 1 { (i, j + 1) } else { (i + 1, j) };
        let (a, b) = (self.value(i, j), self.value(k, l));
        let share = if a == f32::NEG_INFINITY {
            1.0
        } else if b == f32::NEG_INFINITY {
            0.0
        } else {
            between(f64::from(a), f64::from(b), f64::from(self.level))
        };
        let x = |i: usize| self.grid.x0 + self.grid.dx * (i as f64 - 1.0);
        let y = |j: usize| self.grid.y0 + self.grid.dy * (j as f64 - 1.0);
        (x(i) + (x(k) - x(i)) * share, y(j) + (y(l) - y(j)) * share)
    }
}

/// Share of the way from a to b at which the level lies.
fn between(a: f64, b: f64, level: f64) -> f64 {
    let share = if a > 0.0 && b > 0.0 && level > 0.0 { (level.ln() - a.ln()) / (b.ln() - a.ln()) } else { (level - a) / (b - a) };
    if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.5 }
}
