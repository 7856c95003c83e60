//! Physical constants and air, as the standards' worked formulas take them.

/// Acceleration of gravity, m/s² (HJ 169-2018 annex F prints 9.81).
pub const GRAVITY: f64 = 9.81;
/// Gas constant, J/(mol·K) (HJ 169-2018 annex F prints 8.314).
pub const GAS: f64 = 8.314;
/// Standard atmosphere, Pa.
pub const ATMOSPHERE: f64 = 101_325.0;
/// 0 °C, K.
pub const ZERO_C: f64 = 273.15;
/// Molar mass of dry air, kg/mol.
pub const AIR: f64 = 0.028_97;
/// 25 °C, K: the temperature where none is given.
pub const ROOM: f64 = 298.15;
/// Molar volume at 25 °C and 1 atm, L/mol: ppm = mg/m³ × 24.45 / M.
pub const MOLAR_VOLUME: f64 = 24.45;

/// Density of an ideal gas, kg/m³; pressure Pa, molar mass kg/mol, temperature K.
#[must_use]
pub fn gas_density(pressure: f64, molar_mass: f64, temperature: f64) -> f64 {
    pressure * molar_mass / (GAS * temperature)
}

/// ppm of a concentration in mg/m³ at 25 °C and 1 atm; molar mass in g/mol.
#[must_use]
pub fn ppm(mg_m3: f64, molar_mass_g: f64) -> f64 {
    mg_m3 * MOLAR_VOLUME / molar_mass_g
}

/// mg/m³ of a concentration in ppm at 25 °C and 1 atm; molar mass in g/mol.
#[must_use]
pub fn mg_m3(ppm: f64, molar_mass_g: f64) -> f64 {
    ppm * molar_mass_g / MOLAR_VOLUME
}
