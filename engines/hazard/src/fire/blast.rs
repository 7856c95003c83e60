//! TNT equivalence and Mills' overpressure fit.

use crate::facts::fire;

/// W = η m Hc / E, kg TNT; `hc` and `energy` in the same unit per kg.
#[must_use]
pub fn tnt(efficiency: f64, mass: f64, hc: f64, energy: f64) -> f64 {
    efficiency * mass * hc / energy
}

/// Fuel mass whose blast gives scaled distance `z` at `r` m: (r/z)³ E/(η Hc), kg.
#[must_use]
pub fn fuel_for(r: f64, z: f64, efficiency: f64, hc: f64, energy: f64) -> f64 {
    (r / z).powi(3) * energy / (efficiency * hc)
}

/// Scaled distance r/W^⅓, m/kg^⅓.
#[must_use]
pub fn scaled(r: f64, w: f64) -> f64 {
    r / w.cbrt()
}

/// Overpressure, kPa, at scaled distance `z` (Mills; valid 1 ≤ z ≤ 40).
#[must_use]
pub fn overpressure(z: f64) -> f64 {
    let [a, b, c] = fire().tnt.mills;
    a / z.powi(3) + b / (z * z) + c / z
}

/// The range of z in which [`overpressure`] holds.
#[must_use]
pub fn range() -> (f64, f64) {
    (fire().tnt.mills_from, fire().tnt.mills_to)
}

/// Scaled distance at which the overpressure falls to `kpa`; the fit falls
/// steadily, so one answer. Searched from 0.1 to 1000.
#[must_use]
pub fn scaled_for(kpa: f64) -> f64 {
    let (mut low, mut high) = (0.1_f64, 1000.0_f64);
    for _ in 0..200 {
        let mid = (low * high).sqrt();
        if overpressure(mid) >= kpa { low = mid } else { high = mid }
    }
    low
}
