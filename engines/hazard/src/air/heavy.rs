//! Is a gas too heavy for a Gaussian model, and Britter & McQuaid's near field.

use crate::facts::dispersion;
use crate::physics::GRAVITY;

/// The tests for a heavy gas and what they came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heavy {
    /// (g₀ q₀/(U³ D))^⅓ of a continuous release, else none.
    pub britter_mcquaid: Option<f64>,
    /// Richardson number of HJ 169-2018 annex G.
    pub richardson: f64,
    /// True if either test says heavy.
    pub is_heavy: bool,
}

/// g (ρ₀ − ρa)/ρa, m/s².
#[must_use]
pub fn reduced_gravity(density: f64, air: f64) -> f64 {
    GRAVITY * (density - air) / air
}

/// A continuous release of `q` kg/s with density `density` into wind `u` (10 m).
///
/// D = √(q₀/u). `diameter` is the initial width of the plume for Ri.
#[must_use]
pub fn continuous(q: f64, density: f64, air: f64, u: f64, diameter: Option<f64>) -> Heavy {
    let g0 = reduced_gravity(density, air);
    let flow = q / density;
    let d = (flow / u).sqrt();
    let facts = &dispersion().heavy;
    let bm = (g0.max(0.0) * flow / (u.powi(3) * d)).cbrt();
    let ri = (g0.max(0.0) * flow / diameter.unwrap_or(d)).cbrt() / u;
    Heavy {
        britter_mcquaid: Some(bm),
        richardson: ri,
        is_heavy: g0 > 0.0 && (bm >= facts.britter_mcquaid || ri >= facts.richardson_continuous),
    }
}

/// An instantaneous release of `mass` kg.
#[must_use]
pub fn instantaneous(mass: f64, density: f64, air: f64, u: f64) -> Heavy {
    let g0 = reduced_gravity(density, air);
    let ri = g0.max(0.0) * (mass / density).cbrt() / (u * u);
    Heavy { britter_mcquaid: None, richardson: ri, is_heavy: g0 > 0.0 && ri > dispersion().heavy.richardson_instantaneous }
}

/// Near-field volume fraction 306 (x/D)⁻²/(1 + 306 (x/D)⁻²) (Britter & McQuaid).
#[must_use]
pub fn near_field(x_over_d: f64) -> f64 {
    let k = dispersion().heavy.near_field / (x_over_d * x_over_d);
    k / (1.0 + k)
}
