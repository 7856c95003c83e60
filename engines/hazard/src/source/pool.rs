//! Pools 液池: spreading, evaporation by wind and by heat of the ground.

use crate::facts::{Evaporation, releases};
use crate::physics::GAS;
use std::f64::consts::PI;

/// Area of a pool, m²: volume over least depth, capped by the dike.
#[must_use]
pub fn area(volume: f64, depth: f64, dike: Option<f64>) -> f64 {
    let free = volume / depth;
    dike.map_or(free, |d| free.min(d))
}

/// Free gravity spreading of a continuous spill: (π/4) √(2048/81 · (Q/ρ) · t³), m².
#[must_use]
pub fn spreading_area(flow: f64, density: f64, t: f64) -> f64 {
    PI / 4.0 * (2048.0 / 81.0 * flow / density * t.powi(3)).sqrt()
}

/// Evaporation by wind, kg/s (HJ 169-2018 F.12):
/// α p M/(R T₀) · u^((2−n)/(2+n)) · r^((4+n)/(2+n)).
///
/// `vapour_pressure` Pa, `molar_mass` kg/mol, `air` K, `u` m/s, `radius` m.
#[must_use]
pub fn by_wind(e: Evaporation, vapour_pressure: f64, molar_mass: f64, air: f64, u: f64, radius: f64) -> f64 {
    let n = e.n;
    e.alpha * vapour_pressure * molar_mass / (GAS * air) * u.powf((2.0 - n) / (2.0 + n)) * radius.powf((4.0 + n) / (2.0 + n))
}

/// EPA's form, kg/s: QR(lb/min) = 0.284 U^0.78 M^⅔ A VP/(82.05 T).
///
/// `area` m², the other units as in [`by_wind`].
#[must_use]
pub fn by_wind_epa(vapour_pressure: f64, molar_mass: f64, pool: f64, u: f64, area: f64) -> f64 {
    let facts = &releases().epa;
    let (mm_hg, square_feet) = (vapour_pressure / 133.322_387_415, area / 0.092_903_04);
    let pounds =
        facts.coefficient * u.powf(0.78) * (molar_mass * 1000.0).powf(2.0 / 3.0) * square_feet * mm_hg / (facts.gas_constant * pool);
    pounds * 0.453_592_37 / 60.0
}

/// Evaporation by heat of the ground, kg/s (HJ 169-2018 F.11):
/// λ A (T₀ − Tb)/(H √(π α t)).
///
/// λ W/(m·K), α m²/s, `latent` J/kg, temperatures K, `t` s. Zero below the boiling point.
#[must_use]
pub fn by_heat(conductivity: f64, diffusivity: f64, area: f64, ground: f64, boiling: f64, latent: f64, t: f64) -> f64 {
    (conductivity * area * (ground - boiling) / (latent * (PI * diffusivity * t).sqrt())).max(0.0)
}

/// Mass that [`by_heat`] takes away from 0 to `t` s, kg: twice the rate at `t` times `t`.
#[must_use]
pub fn mass_by_heat(conductivity: f64, diffusivity: f64, area: f64, ground: f64, boiling: f64, latent: f64, t: f64) -> f64 {
    2.0 * t * by_heat(conductivity, diffusivity, area, ground, boiling, latent, t)
}

/// Total evaporated Wp = Q₁t₁ + Q₂t₂ + Q₃t₃, capped at what leaked (HJ 169-2018 F.13;
/// the sum as printed can pass the mass that leaked).
#[must_use]
pub fn total(parts: [(f64, f64); 3], leaked: Option<f64>) -> (f64, bool) {
    let sum: f64 = parts.iter().map(|(q, t)| q * t).sum();
    match leaked {
        Some(mass) if sum > mass => (mass, true),
        _ => (sum, false),
    }
}
