//! Gas through a hole, critical or not (HJ 169-2018 F.4, F.5).

use super::Shape;
use crate::facts::releases;
use crate::physics::GAS;

/// What stands behind the hole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gas {
    /// Absolute pressure, Pa.
    pub pressure: f64,
    /// kg/m³ at that pressure and temperature.
    pub density: f64,
    /// Cp/Cv, above 1.
    pub k: f64,
}

impl Gas {
    /// An ideal gas from its molar mass (kg/mol) and temperature (K).
    #[must_use]
    pub fn ideal(pressure: f64, molar_mass: f64, temperature: f64, k: f64) -> Self {
        Self { pressure, density: pressure * molar_mass / (GAS * temperature), k }
    }

    /// Pressure ratio Pa/P at or below which the flow is critical: (2/(k+1))^(k/(k−1)).
    #[must_use]
    pub fn critical_ratio(&self) -> f64 {
        (2.0 / (self.k + 1.0)).powf(self.k / (self.k - 1.0))
    }

    /// True if the flow into ambient pressure `ambient` is critical.
    #[must_use]
    pub fn is_critical(&self, ambient: f64) -> bool {
        ambient / self.pressure <= self.critical_ratio()
    }

    /// Flow, kg/s, through `area` m² into `ambient` Pa; zero without overpressure.
    #[must_use]
    pub fn flow(&self, discharge: f64, area: f64, ambient: f64) -> f64 {
        let (k, p) = (self.k, self.pressure);
        if self.is_critical(ambient) {
            return discharge * area * (k * self.density * p * (2.0 / (k + 1.0)).powf((k + 1.0) / (k - 1.0))).sqrt();
        }
        let ratio = (ambient / p).min(1.0);
        let bracket = ratio.powf(2.0 / k) - ratio.powf((k + 1.0) / k);
        discharge * area * (2.0 * self.density * p * k / (k - 1.0) * bracket.max(0.0)).sqrt()
    }

    /// The factor Y of HJ 169-2018 F.5: 1 in critical flow, below it less.
    #[must_use]
    pub fn expansion_factor(&self, ambient: f64) -> f64 {
        let critical = Gas { pressure: self.pressure, ..*self }.flow(1.0, 1.0, 0.0);
        self.flow(1.0, 1.0, ambient) / critical
    }
}

/// Cd of a gas by shape.
#[must_use]
pub fn discharge(shape: Shape) -> f64 {
    let facts = &releases().gas;
    match shape {
        Shape::Round => facts.round,
        Shape::Triangle => facts.triangle,
        Shape::Rectangle => facts.rectangle,
    }
}
