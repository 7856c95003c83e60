//! Gaussian puffs, reflected at the ground; σx = σy.

use super::plume::vertical;
use super::sigma::{Curves, sigma};
use super::stability::Stability;
use std::f64::consts::PI;

/// A puff let go at the origin at t = 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Puff {
    /// Mass, kg.
    pub mass: f64,
    /// Wind, m/s, along x.
    pub u: f64,
    /// Height of the source, m.
    pub height: f64,
    /// Which σ curves.
    pub curves: Curves,
    /// One class, or two to be averaged.
    pub stability: Stability,
}

impl Puff {
    /// Concentration, kg/m³, at (x, y, z) m after `t` s; σ at the distance u·t
    /// that the puff's centre has travelled.
    #[must_use]
    pub fn at(&self, x: f64, y: f64, z: f64, t: f64) -> f64 {
        let travelled = self.u * t;
        if travelled <= 0.0 {
            return 0.0;
        }
        let mut sum = 0.0;
        let mut n = 0.0;
        for class in self.stability.classes() {
            let (sy, sz) = sigma(self.curves, class, travelled);
            sum += spread(self.mass, sy, sz, (x - travelled).powi(2) + y * y) * vertical(z, self.height, sz);
            n += 1.0;
        }
        sum / n
    }

    /// Largest concentration that ever passes over (x, y, z).
    ///
    /// Searched over the time of passage: σ grows while the puff passes, so
    /// the peak comes a little before the centre does.
    #[must_use]
    pub fn peak(&self, x: f64, y: f64, z: f64) -> (f64, f64) {
        if x <= 0.0 || self.u <= 0.0 {
            return (0.0, 0.0);
        }
        let passage = x / self.u;
        let best = (1..=400).map(|n| passage * 2.0 * f64::from(n) / 400.0).map(|t| (t, self.at(x, y, z, t)));
        let (t, _) = best.fold((passage, 0.0), |a, b| if b.1 > a.1 { b } else { a });
        let step = passage / 200.0;
        let (mut low, mut high) = ((t - step).max(0.0), t + step);
        for _ in 0..60 {
            let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
            if self.at(x, y, z, a) < self.at(x, y, z, b) { low = a } else { high = b }
        }
        let t = 0.5 * (low + high);
        (self.at(x, y, z, t), t)
    }
}

/// m/((2π)^1.5 σy² σz) · exp(−d²/2σy²), the part without the vertical terms.
fn spread(mass: f64, sy: f64, sz: f64, d2: f64) -> f64 {
    mass / ((2.0 * PI).powf(1.5) * sy * sy * sz) * (-d2 / (2.0 * sy * sy)).exp()
}
