//! Steady Gaussian plume, reflected at the ground.

use super::sigma::{Curves, Terrain, sigma};
use super::stability::{Class, Stability};
use std::f64::consts::PI;

/// A steady source and the air it goes into.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plume {
    /// Source, kg/s.
    pub q: f64,
    /// Wind, m/s, along x.
    pub u: f64,
    /// Effective height of the source H, m.
    pub height: f64,
    /// Open country or built-up.
    pub terrain: Terrain,
    /// One class, or two to be averaged.
    pub stability: Stability,
}

impl Plume {
    /// Concentration, kg/m³, at x downwind, y across, z above ground (m).
    /// Zero at and upwind of the source; a mean over two classes.
    #[must_use]
    pub fn at(&self, x: f64, y: f64, z: f64) -> f64 {
        let mut sum = 0.0;
        let mut n = 0.0;
        for class in self.stability.classes() {
            sum += self.of_class(class, x, y, z);
            n += 1.0;
        }
        sum / n
    }

    /// Concentration for one class.
    #[must_use]
    pub fn of_class(&self, class: Class, x: f64, y: f64, z: f64) -> f64 {
        if x <= 0.0 {
            return 0.0;
        }
        let (sy, sz) = sigma(Curves::Plume(self.terrain), class, x);
        let across = (-y * y / (2.0 * sy * sy)).exp();
        self.q / (2.0 * PI * self.u * sy * sz) * across * vertical(z, self.height, sz)
    }

    /// Half-width at `x`, m, of the region where the concentration at height
    /// `z` is at least `level`; none where even the axis is below it.
    #[must_use]
    pub fn half_width(&self, x: f64, z: f64, level: f64) -> Option<f64> {
        let axis = self.at(x, 0.0, z);
        if axis < level || level <= 0.0 || x <= 0.0 {
            return None;
        }
        let width = |class| {
            let (sy, _) = sigma(Curves::Plume(self.terrain), class, x);
            let c = self.of_class(class, x, 0.0, z);
            if c > level { sy * (2.0 * (c / level).ln()).sqrt() } else { 0.0 }
        };
        match self.stability.second {
            None => Some(width(self.stability.first)),
            Some(_) => {
                // The mean of two Gaussians falls with |y|: bisect up to a wide enough y.
                let mut high = self.stability.classes().map(|c| sigma(Curves::Plume(self.terrain), c, x).0).fold(0.0, f64::max) * 12.0;
                let mut low = 0.0;
                for _ in 0..60 {
                    let mid = 0.5 * (low + high);
                    if self.at(x, mid, z) >= level { low = mid } else { high = mid }
                }
                Some(low)
            }
        }
    }
}

/// exp(−(z−H)²/2σz²) + exp(−(z+H)²/2σz²): the source and its mirror below ground.
#[must_use]
pub fn vertical(z: f64, height: f64, sz: f64) -> f64 {
    let term = |d: f64| (-d * d / (2.0 * sz * sz)).exp();
    term(z - height) + term(z + height)
}
