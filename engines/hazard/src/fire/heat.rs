//! Heat through the air: point source and transmissivity.

use crate::facts::fire;
use std::f64::consts::PI;

/// τ = 2.02 (p_w X)^−0.09, at most 1; `water` partial pressure Pa, `path` m.
#[must_use]
pub fn transmissivity(water: f64, path: f64) -> f64 {
    let t = &fire().transmissivity;
    (t.factor * (water * path).powf(t.exponent)).min(1.0)
}

/// Partial pressure of water, Pa, at `air` K and relative humidity 0–1 (Magnus form).
#[must_use]
pub fn water_pressure(air: f64, humidity: f64) -> f64 {
    let c = air - crate::physics::ZERO_C;
    humidity * 610.94 * (17.625 * c / (c + 243.04)).exp()
}

/// q = τ P/(4π l²), W/m², from a radiating power in W and a distance l in m.
#[must_use]
pub fn flux(transmitted: f64, power: f64, l: f64) -> f64 {
    transmitted * power / (4.0 * PI * l * l)
}

/// The ground distance at which `f` falls to `level`; none where it never reaches it.
/// `f` must fall with distance; searched to 100 km.
#[must_use]
pub fn distance(f: impl Fn(f64) -> f64, level: f64) -> Option<f64> {
    let (mut low, mut high) = (0.0_f64, 100_000.0_f64);
    if f(low) < level {
        return None;
    }
    for _ in 0..80 {
        let mid = 0.5 * (low + high);
        if f(mid) >= level { low = mid } else { high = mid }
    }
    Some(low)
}
