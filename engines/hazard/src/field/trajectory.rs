//! A source and a wind that change with time, as a train of puffs.
//!
//! A release is cut into puffs; each travels with the wind of the moment and
//! spreads by the distance that it has travelled. With a steady wind and source
//! the sum is the plume.

use super::puffs::Blob;
use crate::air::plume::vertical;
use crate::air::sigma::{Curves, sigma};
use crate::air::stability::Stability;
use std::f64::consts::PI;

/// From `from` s on the source gives `q` kg/s.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SourceStep {
    /// s
    pub from: f64,
    /// kg/s
    pub q: f64,
}

/// From `from` s on the wind blows with `u` m/s from `direction` (degrees clockwise from north).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WindStep {
    /// s
    pub from: f64,
    /// m/s
    pub u: f64,
    /// Degrees clockwise from north, where it comes from.
    pub direction: f64,
}

/// A release that changes with time, at the origin.
#[derive(Debug, Clone, PartialEq)]
pub struct Release {
    /// Source, in order of time; the last holds until `end`.
    pub source: Vec<SourceStep>,
    /// End of the release, s.
    pub end: f64,
    /// Wind, in order of time; the last holds.
    pub wind: Vec<WindStep>,
    /// Height of the source, m.
    pub height: f64,
    /// σ curves; a plume's for a train of puffs, a puff's for a single one.
    pub curves: Curves,
    /// One class, or two to be averaged.
    pub stability: Stability,
}

/// A puff of the train before it is seen at a height.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parcel {
    /// kg
    pub mass: f64,
    /// East of the source, m.
    pub x: f64,
    /// North of the source, m.
    pub y: f64,
    /// Distance travelled, m.
    pub travelled: f64,
}

impl Release {
    /// Mass that has left the source by `t` s, kg.
    #[must_use]
    pub fn released(&self, t: f64) -> f64 {
        self.mass_between(0.0, t)
    }

    fn mass_between(&self, a: f64, b: f64) -> f64 {
        let b = b.min(self.end);
        let steps = self.source.iter().enumerate();
        steps
            .map(|(n, s)| {
                let until = self.source.get(n + 1).map_or(self.end, |next| next.from);
                s.q * (until.min(b) - s.from.max(a)).max(0.0)
            })
            .sum()
    }

    /// The puffs that are in the air at `t` s, `n` of them for the whole release.
    #[must_use]
    pub fn parcels(&self, t: f64, n: usize) -> Vec<Parcel> {
        let released = t.min(self.end);
        let step = self.end / n.max(1) as f64;
        let mut out = Vec::with_capacity(n);
        for i in 0..n {
            let (a, b) = (step * i as f64, (step * (i + 1) as f64).min(released));
            if a >= released {
                break;
            }
            let mass = self.mass_between(a, b);
            let (x, y, travelled) = self.carried(0.5 * (a + b), t);
            if mass > 0.0 {
                out.push(Parcel { mass, x, y, travelled });
            }
        }
        out
    }

    /// Where what left at `from` is at `to`, and how far it went.
    fn carried(&self, from: f64, to: f64) -> (f64, f64, f64) {
        let (mut x, mut y, mut travelled) = (0.0, 0.0, 0.0);
        for (n, w) in self.wind.iter().enumerate() {
            let start = if n == 0 { f64::MIN } else { w.from };
            let until = self.wind.get(n + 1).map_or(f64::MAX, |next| next.from);
            let way = w.u * (until.min(to) - start.max(from)).max(0.0);
            let to_where = (w.direction + 180.0).to_radians();
            x += way * to_where.sin();
            y += way * to_where.cos();
            travelled += way;
        }
        (x, y, travelled)
    }

    /// The puffs at `t` s as seen at height `z`, m.
    #[must_use]
    pub fn blobs(&self, t: f64, n: usize, z: f64) -> Vec<Blob> {
        self.parcels(t, n).iter().flat_map(|p| self.seen(p, z)).collect()
    }

    fn seen(&self, p: &Parcel, z: f64) -> Vec<Blob> {
        let share = 1.0 / self.stability.classes().count() as f64;
        let one = |class| {
            let (sy, sz) = sigma(self.curves, class, p.travelled.max(1e-3));
            let peak = share * p.mass / ((2.0 * PI).powf(1.5) * sy * sy * sz) * vertical(z, self.height, sz);
            Blob { x: p.x, y: p.y, sigma: sy, peak }
        };
        self.stability.classes().map(one).collect()
    }

    /// Concentration at a point (east, north, up; m) at `t` s, kg/m³.
    #[must_use]
    pub fn at(&self, x: f64, y: f64, z: f64, t: f64, n: usize) -> f64 {
        self.blobs(t, n, z).iter().map(|b| b.at(x, y)).sum()
    }

    /// How many puffs keep the train smooth at `t` s: neighbours no farther
    /// apart than a quarter of the shortest distance of interest's σ.
    #[must_use]
    pub fn enough(&self, shortest: f64) -> usize {
        let fastest = self.wind.iter().map(|w| w.u).fold(0.0, f64::max);
        let narrowest = self.stability.classes().map(|c| sigma(self.curves, c, shortest).0).fold(f64::MAX, f64::min);
        let n = (fastest * self.end / (0.75 * narrowest)).ceil();
        if n.is_finite() { (n as usize).clamp(1, 2000) } else { 1 }
    }
}
