//! A gas vessel that blows down 泄压: pressure and flow over time.

use super::gas::Gas;

/// A vessel of gas with a hole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Vessel {
    /// What stands in it at the start.
    pub gas: Gas,
    /// m³
    pub volume: f64,
    /// Cd, without dimension.
    pub discharge: f64,
    /// Hole, m².
    pub hole: f64,
    /// Ambient, Pa.
    pub ambient: f64,
}

/// One moment of a blow-down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment {
    /// s
    pub t: f64,
    /// Absolute pressure, Pa.
    pub pressure: f64,
    /// kg/s
    pub flow: f64,
    /// Mass that has left, kg.
    pub released: f64,
}

/// Steps of the density between start and end.
const STEPS: u32 = 2000;

impl Vessel {
    /// The blow-down until the pressure is within 0.1 % of the overpressure
    /// of ambient, adiabatic: p ∝ ρ^k. `rows` moments evenly spread over time.
    ///
    /// Integrated over density, where dt = V dρ/Q stays smooth while the flow
    /// turns from critical to not.
    #[must_use]
    pub fn blow_down(&self, rows: usize) -> Vec<Moment> {
        let k = self.gas.k;
        if self.gas.pressure <= self.ambient {
            return vec![Moment { t: 0.0, pressure: self.gas.pressure, flow: 0.0, released: 0.0 }];
        }
        let end_pressure = self.ambient + 0.001 * (self.gas.pressure - self.ambient);
        let end = (end_pressure / self.gas.pressure).powf(1.0 / k);
        let state = |share: f64| Gas { pressure: self.gas.pressure * share.powf(k), density: self.gas.density * share, k };
        let flow = |share: f64| state(share).flow(self.discharge, self.hole, self.ambient);
        let mut t = 0.0;
        let mut all = Vec::with_capacity(STEPS as usize + 1);
        // Geometric steps in density: each takes away the same share.
        let ratio = end.powf(1.0 / f64::from(STEPS));
        let mut share = 1.0;
        for n in 0..=STEPS {
            all.push(Moment {
                t,
                pressure: state(share).pressure,
                flow: flow(share),
                released: self.volume * self.gas.density * (1.0 - share),
            });
            if n < STEPS {
                let next = share * ratio;
                let mid = 0.5 * (share + next);
                // Simpson's rule for ∫ V ρ₀ d(share) / Q.
                let inverse = (1.0 / flow(share) + 4.0 / flow(mid) + 1.0 / flow(next)) / 6.0;
                t += self.volume * self.gas.density * (share - next) * inverse;
                share = next;
            }
        }
        thin(&all, rows.max(2))
    }
}

/// `rows` moments evenly spread over time, linearly between the computed ones.
fn thin(all: &[Moment], rows: usize) -> Vec<Moment> {
    let Some(last) = all.last() else { return Vec::new() };
    let mut at = 0;
    (0..rows)
        .map(|n| {
            let t = last.t * n as f64 / (rows - 1) as f64;
            while at + 2 < all.len() && all[at + 1].t < t {
                at += 1;
            }
            let (a, b) = (all[at], all[(at + 1).min(all.len() - 1)]);
            let w = if b.t > a.t { ((t - a.t) / (b.t - a.t)).clamp(0.0, 1.0) } else { 0.0 };
            let mix = |x: f64, y: f64| x + (y - x) * w;
            Moment { t, pressure: mix(a.pressure, b.pressure), flow: mix(a.flow, b.flow), released: mix(a.released, b.released) }
        })
        .collect()
}
