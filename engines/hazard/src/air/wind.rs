//! Wind with height: u = u₁ (z/z₁)^p.

use super::sigma::Terrain;
use super::stability::{Class, Stability};
use crate::facts::dispersion;

/// The exponent p of a class and terrain.
#[must_use]
pub fn exponent(terrain: Terrain, class: Class) -> f64 {
    let wind = &dispersion().wind;
    if terrain == Terrain::Rural { wind.rural[class.index()] } else { wind.urban[class.index()] }
}

/// The mean exponent of one or two classes.
#[must_use]
pub fn mean_exponent(terrain: Terrain, stability: Stability) -> f64 {
    let all: Vec<f64> = stability.classes().map(|c| exponent(terrain, c)).collect();
    all.iter().sum::<f64>() / all.len() as f64
}

/// Wind at `z` m from the wind `u0` at `z0` m.
#[must_use]
pub fn at_height(u0: f64, z0: f64, z: f64, p: f64) -> f64 {
    u0 * (z / z0).powf(p)
}

/// Wind slower than this, m/s, is calm: no result.
#[must_use]
pub fn calm() -> f64 {
    dispersion().wind.calm_m_s
}
