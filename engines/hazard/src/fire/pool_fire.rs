//! Pool fire 池火: Thomas' flame length and a point source.

use super::heat;
use crate::facts::fire;
use crate::physics::GRAVITY;
use std::f64::consts::PI;

/// A burning pool.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PoolFire {
    /// Diameter D, m.
    pub diameter: f64,
    /// Burning rate m″, kg/(m²·s).
    pub burning: f64,
    /// Heat of combustion, J/kg.
    pub hc: f64,
    /// Radiated fraction 0.2–0.35.
    pub radiated: f64,
    /// Transmissivity if given; else computed from `water`.
    pub transmitted: Option<f64>,
    /// Partial pressure of water, Pa.
    pub water: f64,
    /// Density of the air, kg/m³.
    pub air: f64,
}

impl PoolFire {
    /// L = 42 D (m″/(ρa √(g D)))^0.61, m (Thomas, no wind).
    #[must_use]
    pub fn length(&self) -> f64 {
        let f = &fire().pool_fire;
        f.thomas * self.diameter * (self.burning / (self.air * (GRAVITY * self.diameter).sqrt())).powf(f.thomas_exponent)
    }
    /// Pool area, m².
    #[must_use]
    pub fn area(&self) -> f64 {
        PI / 4.0 * self.diameter * self.diameter
    }
    /// Heat flux at `r` m from the pool's centre, W/m²: a point source at the
    /// centre; not to be used inside the pool.
    #[must_use]
    pub fn flux(&self, r: f64) -> f64 {
        let l = r.max(0.5 * self.diameter);
        let path = (l - 0.5 * self.diameter).max(1.0);
        let power = self.radiated * self.burning * self.area() * self.hc;
        heat::flux(self.transmitted.unwrap_or_else(|| heat::transmissivity(self.water, path)), power, l)
    }
}
