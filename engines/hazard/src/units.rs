//! Units of the inputs: what a suffix such as `_kg_s` or a text such as
//! `"3 t/h"` means in SI. Factors are arithmetic.

/// What an input measures; each has one SI base unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dim {
    /// Without dimension.
    None,
    /// m
    Length,
    /// m²
    Area,
    /// m³
    Volume,
    /// kg
    Mass,
    /// s
    Time,
    /// m/s
    Speed,
    /// kg/s
    MassFlow,
    /// kg/m³
    Density,
    /// Pa
    Pressure,
    /// K
    Temperature,
    /// kg/mol
    MolarMass,
    /// J/kg
    SpecificEnergy,
    /// J/mol
    MolarEnergy,
    /// J/(kg·K)
    SpecificHeat,
    /// J/(mol·K)
    MolarHeat,
    /// kg/m³ of air, given as mg/m³
    Concentration,
    /// W/(m·K)
    Conductivity,
    /// m²/s
    Diffusivity,
    /// kg/(m²·s)
    BurningRate,
    /// Pa·s
    Viscosity,
    /// 1/s
    Rate,
    /// degrees
    Angle,
    /// K/m
    Lapse,
    /// 1/s²
    StabilityParameter,
    /// m⁴/s³
    BuoyancyFlux,
    /// W/m²
    HeatFlux,
}

/// One unit: value in SI = given × factor + offset.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// Factor to SI.
    pub factor: f64,
    /// Offset after the factor (temperatures).
    pub offset: f64,
}

use Dim::*;

#[rustfmt::skip]
const UNITS: &[(Dim, &str, f64)] = &[
    (Length, "m", 1.0), (Length, "mm", 1e-3), (Length, "cm", 1e-2), (Length, "km", 1e3), (Length, "in", 0.0254), (Length, "inch", 0.0254), (Length, "ft", 0.3048), (Length, "米", 1.0),
    (Area, "m2", 1.0), (Area, "m²", 1.0), (Area, "cm2", 1e-4), (Area, "cm²", 1e-4), (Area, "mm2", 1e-6), (Area, "mm²", 1e-6), (Area, "ft2", 0.092_903_04),
    (Volume, "m3", 1.0), (Volume, "m³", 1.0), (Volume, "l", 1e-3), (Volume, "L", 1e-3),
    (Mass, "kg", 1.0), (Mass, "t", 1e3), (Mass, "g", 1e-3), (Mass, "mg", 1e-6), (Mass, "lb", 0.453_592_37), (Mass, "吨", 1e3), (Mass, "千克", 1.0), (Mass, "公斤", 1.0),
    (Time, "s", 1.0), (Time, "min", 60.0), (Time, "h", 3600.0), (Time, "秒", 1.0), (Time, "分钟", 60.0), (Time, "小时", 3600.0),
    (Speed, "m/s", 1.0), (Speed, "km/h", 1.0 / 3.6), (Speed, "mph", 0.447_04),
    (MassFlow, "kg/s", 1.0), (MassFlow, "g/s", 1e-3), (MassFlow, "kg/min", 1.0 / 60.0), (MassFlow, "kg/h", 1.0 / 3600.0), (MassFlow, "t/h", 1000.0 / 3600.0), (MassFlow, "mg/s", 1e-6), (MassFlow, "lb/min", 0.453_592_37 / 60.0),
    (Density, "kg/m3", 1.0), (Density, "kg/m³", 1.0), (Density, "g/cm3", 1e3), (Density, "g/cm³", 1e3), (Density, "g/l", 1.0),
    (Pressure, "Pa", 1.0), (Pressure, "kPa", 1e3), (Pressure, "MPa", 1e6), (Pressure, "bar", 1e5), (Pressure, "atm", 101_325.0), (Pressure, "mmHg", 133.322_387_415), (Pressure, "psi", 6_894.757_293_168), (Pressure, "hPa", 100.0),
    (Temperature, "K", 1.0), (Temperature, "C", 1.0), (Temperature, "°C", 1.0), (Temperature, "℃", 1.0), (Temperature, "degC", 1.0), (Temperature, "F", 5.0 / 9.0), (Temperature, "°F", 5.0 / 9.0),
    (MolarMass, "kg/mol", 1.0), (MolarMass, "g/mol", 1e-3), (MolarMass, "kg/kmol", 1e-3),
    (SpecificEnergy, "J/kg", 1.0), (SpecificEnergy, "kJ/kg", 1e3), (SpecificEnergy, "MJ/kg", 1e6), (SpecificEnergy, "J/g", 1e3),
    (MolarEnergy, "J/mol", 1.0), (MolarEnergy, "kJ/mol", 1e3), (MolarEnergy, "J/kmol", 1e-3), (MolarEnergy, "kJ/kmol", 1.0),
    (SpecificHeat, "J/kg/K", 1.0), (SpecificHeat, "J/kgK", 1.0), (SpecificHeat, "J/(kg·K)", 1.0), (SpecificHeat, "kJ/kg/K", 1e3), (SpecificHeat, "kJ/kgK", 1e3), (SpecificHeat, "kJ/(kg·K)", 1e3),
    (MolarHeat, "J/mol/K", 1.0), (MolarHeat, "J/molK", 1.0), (MolarHeat, "J/kmol/K", 1e-3), (MolarHeat, "J/kmolK", 1e-3), (MolarHeat, "kJ/kmol/K", 1.0), (MolarHeat, "kJ/mol/K", 1e3),
    (Concentration, "kg/m3", 1.0), (Concentration, "kg/m³", 1.0), (Concentration, "g/m3", 1e-3), (Concentration, "g/m³", 1e-3), (Concentration, "mg/m3", 1e-6), (Concentration, "mg/m³", 1e-6), (Concentration, "ug/m3", 1e-9), (Concentration, "μg/m³", 1e-9),
    (Conductivity, "W/m/K", 1.0), (Conductivity, "W/mK", 1.0), (Conductivity, "W/(m·K)", 1.0),
    (Diffusivity, "m2/s", 1.0), (Diffusivity, "m²/s", 1.0),
    (BurningRate, "kg/m2/s", 1.0), (BurningRate, "kg/m2s", 1.0), (BurningRate, "kg/(m²·s)", 1.0), (BurningRate, "g/m2/s", 1e-3),
    (Viscosity, "Pa/s", 1.0), (Viscosity, "Pas", 1.0), (Viscosity, "Pa·s", 1.0), (Viscosity, "cP", 1e-3), (Viscosity, "mPas", 1e-3), (Viscosity, "mPa·s", 1e-3),
    (Rate, "1/s", 1.0), (Rate, "1/h", 1.0 / 3600.0), (Rate, "per/h", 1.0 / 3600.0), (Rate, "h-1", 1.0 / 3600.0), (Rate, "次/h", 1.0 / 3600.0),
    (Angle, "deg", 1.0), (Angle, "°", 1.0), (Angle, "度", 1.0),
    (Lapse, "K/m", 1.0), (StabilityParameter, "1/s2", 1.0), (StabilityParameter, "s-2", 1.0), (BuoyancyFlux, "m4/s3", 1.0),
    (HeatFlux, "W/m2", 1.0), (HeatFlux, "W/m²", 1.0), (HeatFlux, "kW/m2", 1e3), (HeatFlux, "kW/m²", 1e3),
    (None, "%", 0.01), (None, "-", 1.0), (None, "pct", 0.01),
];

/// The scale of a unit written as text (`kg/s`) or as a key's suffix (`kg_s`).
#[must_use]
pub fn scale(dim: Dim, unit: &str) -> Option<Scale> {
    let unit = unit.trim();
    let same = |name: &str| name == unit || name.replace('/', "_") == unit || name.replace('/', "_").replace("_K", "K") == unit;
    let (_, name, factor) = UNITS.iter().find(|(d, name, _)| *d == dim && same(name))?;
    let offset = match (dim, *name) {
        (Temperature, "C" | "°C" | "℃" | "degC") => crate::physics::ZERO_C,
        (Temperature, "F" | "°F") => crate::physics::ZERO_C - 32.0 * 5.0 / 9.0,
        _ => 0.0,
    };
    Some(Scale { factor: *factor, offset })
}

/// Name of the SI unit, for a person to read.
#[must_use]
pub fn base(dim: Dim) -> &'static str {
    match dim {
        None => "-",
        Length => "m",
        Area => "m²",
        Volume => "m³",
        Mass => "kg",
        Time => "s",
        Speed => "m/s",
        MassFlow => "kg/s",
        Density | Concentration => "kg/m³",
        Pressure => "Pa",
        Temperature => "K",
        MolarMass => "kg/mol",
        SpecificEnergy => "J/kg",
        MolarEnergy => "J/mol",
        SpecificHeat => "J/(kg·K)",
        MolarHeat => "J/(mol·K)",
        Conductivity => "W/(m·K)",
        Diffusivity => "m²/s",
        BurningRate => "kg/(m²·s)",
        Viscosity => "Pa·s",
        Rate => "1/s",
        Angle => "°",
        Lapse => "K/m",
        StabilityParameter => "1/s²",
        BuoyancyFlux => "m⁴/s³",
        HeatFlux => "W/m²",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffix_and_text_are_one() {
        let si = |dim, unit, x: f64| scale(dim, unit).map(|s| x * s.factor + s.offset);
        assert_eq!(si(MassFlow, "kg_s", 2.0), si(MassFlow, "kg/s", 2.0));
        assert_eq!(si(Temperature, "C", 25.0), Some(298.15));
        assert!((si(Temperature, "F", 212.0).unwrap() - 373.15).abs() < 1e-9);
        assert_eq!(si(SpecificEnergy, "kJ_kg", 1.0), Some(1000.0));
        assert_eq!(si(SpecificHeat, "kJ_kgK", 2.0), Some(2000.0));
        assert_eq!(scale(Length, "kg"), Option::None);
    }
}
