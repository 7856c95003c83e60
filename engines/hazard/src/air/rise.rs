//! Plume rise 烟气抬升 of hot stacks after Briggs, as in ISC3.

use super::stability::Class;
use crate::facts::dispersion;
use crate::physics::GRAVITY;

/// Buoyancy flux F = g v d² (Ts − Ta) / (4 Ts), m⁴/s³.
#[must_use]
pub fn buoyancy_flux(speed: f64, diameter: f64, stack: f64, air: f64) -> f64 {
    GRAVITY * speed * diameter * diameter * (stack - air) / (4.0 * stack)
}

/// Stability parameter s = g/Ta · ∂θ/∂z, 1/s².
#[must_use]
pub fn stability_parameter(air: f64, lapse: f64) -> f64 {
    GRAVITY / air * lapse
}

/// The default lapse of potential temperature, K/m; none for A–D.
#[must_use]
pub fn default_lapse(class: Class) -> Option<f64> {
    match class {
        Class::E => Some(dispersion().rise.lapse_e),
        Class::F => Some(dispersion().rise.lapse_f),
        _ => None,
    }
}

/// Distance to the final rise in stable air: 2.0715 u/√s, m (ISC3 eq. 1-19).
#[must_use]
pub fn stable_distance(u: f64, s: f64) -> f64 {
    2.0715 * u / s.sqrt()
}

/// Final rise in stable air: 2.6 (F/(u s))^⅓, m (ISC3 eq. 1-18).
#[must_use]
pub fn stable_rise(flux: f64, u: f64, s: f64) -> f64 {
    2.6 * (flux / (u * s)).cbrt()
}

/// Rise before the final one: 1.60 (F x²)^⅓ / u, m (ISC3 eq. 1-22).
#[must_use]
pub fn gradual_rise(flux: f64, u: f64, x: f64) -> f64 {
    1.60 * (flux * x * x).cbrt() / u
}

/// Distance and height of the final rise in neutral or unstable air, m (ISC3 eq. 1-6 to 1-9).
#[must_use]
pub fn unstable_rise(flux: f64, u: f64) -> (f64, f64) {
    if flux < 55.0 { (49.0 * flux.powf(0.625), 21.425 * flux.powf(0.75) / u) } else { (119.0 * flux.powf(0.4), 38.71 * flux.powf(0.6) / u) }
}
