//! A plume on a grid that is aligned with the wind (x downwind).
//!
//! Across the wind a Gaussian on equal steps obeys e(k+1) = e(k)·r(k),
//! r(k+1) = r(k)·q: two products a point instead of an exponential, and
//! columns stay independent, so that the compiler does several at once.

use super::grid::Grid;
use crate::air::plume::{Plume, vertical};
use crate::air::sigma::{Curves, sigma};
use crate::air::stability::Class;
use std::f64::consts::PI;

/// Writes the concentration at height `z`, kg/m³, to every point of the grid.
pub fn fill(grid: &mut Grid, plume: &Plume, z: f64) {
    grid.clear();
    let share = 1.0 / plume.stability.classes().count() as f64;
    // The row nearest to the axis; the recurrence runs outward from it, so
    // that it only ever falls and cannot start from an underflown zero.
    let middle = (-grid.y0 / grid.dy).round().clamp(0.0, (grid.ny - 1) as f64) as usize;
    for class in plume.stability.classes() {
        let columns = Columns::new(grid, plume, class, z, share);
        columns.sweep(grid, (middle..grid.ny).collect(), grid.dy);
        columns.sweep(grid, (0..middle).rev().collect(), -grid.dy);
    }
}

/// What each column needs: amplitude on the axis and 1/(2σy²).
struct Columns {
    amplitude: Vec<f64>,
    inverse: Vec<f64>,
}

impl Columns {
    fn new(grid: &Grid, plume: &Plume, class: Class, z: f64, share: f64) -> Self {
        let mut amplitude = Vec::with_capacity(grid.nx);
        let mut inverse = Vec::with_capacity(grid.nx);
        for i in 0..grid.nx {
            let x = grid.x(i);
            if x <= 0.0 {
                amplitude.push(0.0);
                inverse.push(0.0);
                continue;
            }
            let (sy, sz) = sigma(Curves::Plume(plume.terrain), class, x);
            amplitude.push(share * plume.q / (2.0 * PI * plume.u * sy * sz) * vertical(z, plume.height, sz));
            inverse.push(0.5 / (sy * sy));
        }
        Self { amplitude, inverse }
    }

    /// Adds the Gaussian to the given rows, which follow each other at step `d`.
    fn sweep(&self, grid: &mut Grid, rows: Vec<usize>, d: f64) {
        let Some(first) = rows.first() else { return };
        let y = grid.y(*first);
        let mut value: Vec<f64> = self.amplitude.iter().zip(&self.inverse).map(|(a, k)| a * (-y * y * k).exp()).collect();
        let mut ratio: Vec<f64> = self.inverse.iter().map(|k| (-(2.0 * y * d + d * d) * k).exp()).collect();
        let change: Vec<f64> = self.inverse.iter().map(|k| (-2.0 * d * d * k).exp()).collect();
        let nx = grid.nx;
        for j in rows {
            let row = &mut grid.values[j * nx..(j + 1) * nx];
            for (((out, v), r), q) in row.iter_mut().zip(&mut value).zip(&mut ratio).zip(&change) {
                *out += *v as f32;
                *v *= *r;
                *r *= *q;
            }
        }
    }
}
