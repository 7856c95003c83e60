//! People in the cloud: averaging time, sheltering indoors, toxic load.

use crate::facts::{Probit, dispersion};

/// Peak for another averaging time: C₂ = C₁ (t₁/t₂)^0.2.
#[must_use]
pub fn averaging_factor(from_min: f64, to_min: f64) -> f64 {
    (from_min / to_min).powf(dispersion().averaging.exponent)
}

/// One step of a time series: from its time on, the concentration holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Start, s.
    pub from: f64,
    /// Concentration outdoors, kg/m³.
    pub outdoors: f64,
}

/// Concentration indoors after each step, exactly integrated:
/// dC/dt = n (C_out − C), `changes` n in 1/s, zero at the first step.
#[must_use]
pub fn indoors(steps: &[Step], end: f64, changes: f64) -> Vec<(f64, f64)> {
    let mut inside = 0.0;
    let mut out = vec![(steps.first().map_or(0.0, |s| s.from), 0.0)];
    for (n, step) in steps.iter().enumerate() {
        let until = steps.get(n + 1).map_or(end, |s| s.from).min(end);
        let span = (until - step.from).max(0.0);
        inside = step.outdoors + (inside - step.outdoors) * (-changes * span).exp();
        out.push((until, inside));
    }
    out
}

/// Toxic load Σ C^n Δt in (mg/m³)^n·min of a stepwise concentration in mg/m³ and minutes.
#[must_use]
pub fn toxic_load(steps: &[(f64, f64)], n: f64) -> f64 {
    steps.iter().map(|(minutes, mg)| mg.powf(n) * minutes).sum()
}

/// Concentration that gives over `minutes` the load that `level` gives over 60 min (Haber–ten Berge).
#[must_use]
pub fn level_for(level_60: f64, minutes: f64, n: f64) -> f64 {
    level_60 * (60.0 / minutes).powf(1.0 / n)
}

/// Pr = a + b ln(load).
#[must_use]
pub fn probit(constants: Probit, load: f64) -> f64 {
    constants.a + constants.b * load.ln()
}

/// Share of people, 0–1, for a probit: Φ(Pr − 5).
#[must_use]
pub fn share(probit: f64) -> f64 {
    0.5 * (1.0 + erf((probit - 5.0) / std::f64::consts::SQRT_2))
}

/// Error function, Abramowitz & Stegun 7.1.26; absolute error below 1.5e-7.
fn erf(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.327_591_1 * x.abs());
    let poly = t * (0.254_829_592 + t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))));
    let y = 1.0 - poly * (-x * x).exp();
    if x < 0.0 { -y } else { y }
}
