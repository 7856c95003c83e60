//! Fireball 火球 of a burst vessel (CCPS).

use super::heat;
use crate::facts::fire;

/// A fireball of `mass` kg.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fireball {
    /// Fuel, kg.
    pub mass: f64,
    /// Heat of combustion, J/kg.
    pub hc: f64,
    /// Radiated fraction 0.25–0.4.
    pub radiated: f64,
    /// Transmissivity if given; else computed from `water`.
    pub transmitted: Option<f64>,
    /// Partial pressure of water, Pa.
    pub water: f64,
}

impl Fireball {
    /// 5.8 m^⅓, m.
    #[must_use]
    pub fn diameter(&self) -> f64 {
        fire().fireball.diameter * self.mass.cbrt()
    }
    /// 0.45 m^⅓ below 30 t, 2.6 m^(1/6) from there on, s.
    #[must_use]
    pub fn duration(&self) -> f64 {
        let f = &fire().fireball;
        if self.mass < f.large_from_kg { f.small_duration * self.mass.cbrt() } else { f.large_duration * self.mass.powf(1.0 / 6.0) }
    }
    /// Height of the centre 0.75 D, m.
    #[must_use]
    pub fn height(&self) -> f64 {
        fire().fireball.height * self.diameter()
    }
    /// Heat flux on the ground at `r` m from below the centre, W/m².
    #[must_use]
    pub fn flux(&self, r: f64) -> f64 {
        let l = r.hypot(self.height());
        let power = self.radiated * self.mass * self.hc / self.duration();
        let path = (l - 0.5 * self.diameter()).max(1.0);
        heat::flux(self.transmitted.unwrap_or_else(|| heat::transmissivity(self.water, path)), power, l)
    }
}
