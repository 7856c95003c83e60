//! Flash 闪蒸 and two-phase discharge 两相流.

use crate::facts::releases;

/// Fv = Cp (T − Tb)/Hv, limited to 0…1 (HJ 169-2018 F.9).
///
/// Cp and Hv per the same mass or mole; temperatures in K.
#[must_use]
pub fn fraction(cp: f64, temperature: f64, boiling: f64, latent: f64) -> f64 {
    (cp * (temperature - boiling) / latent).clamp(0.0, 1.0)
}

/// Share of the release that goes airborne, aerosol included: all of it
/// above the limit, else about twice the flash (C).
#[must_use]
pub fn airborne(fraction: f64) -> f64 {
    let facts = &releases().flash;
    if fraction > facts.all_airborne_above { 1.0 } else { (facts.factor * fraction).min(1.0) }
}

/// A two-phase discharge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoPhase {
    /// Flash fraction at the critical pressure; above 1 all gas, at or below 0 all liquid.
    pub fraction: f64,
    /// Mean density ρm, kg/m³.
    pub density: f64,
    /// Critical pressure Pc = 0.55 P, Pa.
    pub critical_pressure: f64,
    /// kg/s
    pub flow: f64,
}

/// Q = Cd A √(2 ρm (P − Pc)) with ρm = 1/(Fv/ρg + (1−Fv)/ρl) (HJ 169-2018 F.6 to F.8).
///
/// `fraction` is Cp (T_LG − Tc)/H. The standard prints Pc = 0.55 Pa, a slip for 0.55 P.
#[must_use]
pub fn two_phase(discharge: f64, area: f64, pressure: f64, fraction: f64, gas: f64, liquid: f64) -> TwoPhase {
    let within = fraction.clamp(0.0, 1.0);
    let density = 1.0 / (within / gas + (1.0 - within) / liquid);
    let critical_pressure = releases().two_phase.critical_pressure * pressure;
    let flow = discharge * area * (2.0 * density * (pressure - critical_pressure)).max(0.0).sqrt();
    TwoPhase { fraction, density, critical_pressure, flow }
}
