//! Questions about releases: holes, flash, pools, tanks, vessels.

use super::air::{AIR_P, AIR_T, group, molar_mass, speed, stability};
use super::{place, says};
use crate::answer::{Answer, Table};
use crate::facts::{Evaporation, releases};
use crate::geo::polygon;
use crate::input::{Field, Inputs, POSITIVE, field};
use crate::physics;
use crate::source::gas::Gas;
use crate::source::liquid::Tank;
use crate::source::vessel::Vessel;
use crate::source::{Shape, flash as flashes, gas, liquid, pool};
use crate::units::Dim;
use crate::words;
use std::f64::consts::PI;
use values::{Confidence, Severity};

const CD: Field = field(&["Cd", "C_d", "cd"], Dim::None, POSITIVE, 1.0);
const PRESSURE: Field = field(&["P", "P0", "P1", "pressure"], Dim::Pressure, POSITIVE, 1e10);
const OVER: Field = field(&["dP", "deltaP", "delta_P", "overpressure"], Dim::Pressure, -1e6, 1e10);
const HEAD: Field = field(&["h", "h0", "head", "level"], Dim::Length, 0.0, 500.0);
const LIQUID: Field = field(&["rho", "rho_l", "rho_liquid", "density"], Dim::Density, POSITIVE, 20_000.0);
const T: Field = field(&["T", "T0", "temperature"], Dim::Temperature, 15.0, 3000.0);
const BOILING: Field = field(&["Tb", "T_b", "boiling_point", "Tc"], Dim::Temperature, 3.0, 3000.0);
const K: Field = field(&["k", "gamma", "kappa"], Dim::None, 1.000_001, 2.0);
const LATENT: Field = field(&["Hv", "H", "dHv", "H_v", "latent_heat"], Dim::SpecificEnergy, POSITIVE, 1e9);
const POOL: Field = field(&["A", "area", "A_pool"], Dim::Area, POSITIVE, 1e7);

/// Area of the hole: `A`, or a round hole of diameter `d`.
fn hole(inputs: &mut Inputs) -> Option<f64> {
    let area = field(&["A", "A_hole", "area"], Dim::Area, POSITIVE, 100.0);
    if inputs.has(&area) {
        return inputs.get(&area);
    }
    let d = inputs.need(&field(&["d", "d_hole", "D_hole", "diameter"], Dim::Length, POSITIVE, 10.0))?;
    Some(PI / 4.0 * d * d)
}

fn shape(inputs: &mut Inputs) -> Option<Shape> {
    let Some(word) = inputs.word(&["shape", "形状"]) else { return Some(Shape::Round) };
    let shape = Shape::parse(&word);
    if shape.is_none() {
        inputs.say(Severity::Error, "hazard.unknown_shape", "shape", &[("found", &word)]);
    }
    shape
}

/// What drives a liquid: pressure above ambient, `dP` or `P` less `Pa`.
fn over_pressure(inputs: &mut Inputs) -> Option<f64> {
    if inputs.has(&OVER) {
        return inputs.get(&OVER);
    }
    let ambient = inputs.or(&AIR_P, physics::ATMOSPHERE)?;
    Some(inputs.or(&PRESSURE, ambient)? - ambient)
}

/// Cd given, or by shape and Reynolds number.
fn liquid_cd(inputs: &mut Inputs, area: f64, density: f64, over: f64, head: f64) -> Option<f64> {
    if inputs.has(&CD) {
        return inputs.get(&CD);
    }
    let shape = shape(inputs)?;
    let viscosity = field(&["mu", "viscosity", "粘度"], Dim::Viscosity, POSITIVE, 1e6);
    let reynolds = if inputs.has(&viscosity) {
        let d = (4.0 * area / PI).sqrt();
        Some(density * liquid::speed(density, over, head) * d / inputs.get(&viscosity)?)
    } else {
        None
    };
    Some(liquid::discharge(shape, reynolds))
}

/// `liquid hole`
pub fn liquid_hole(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let area = hole(inputs);
    let density = inputs.need(&LIQUID);
    let over = over_pressure(inputs)?;
    let head = inputs.or(&HEAD, 0.0)?;
    let (area, density) = (area?, density?);
    let cd = liquid_cd(inputs, area, density, over, head)?;
    out.set("mass_flow", liquid::flow(cd, area, density, over, head), "kg/s");
    out.also("exit_speed", liquid::speed(density, over, head), "m/s");
    out.also("discharge_coefficient", cd, "-");
    out.also("hole_area", area, "m2");
    released(inputs, out)?;
    says(inputs, out, &["model.liquid_hole"], &["limit.liquid_hole"], releases().confidence);
    Some(())
}

/// Mass over a duration: given, or the default with and without shut-off.
fn released(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let Some(flow) = out.value else { return Some(()) };
    let duration = field(&["duration", "t_release"], Dim::Time, 0.0, 1e7);
    if inputs.has(&duration) {
        out.also("released", flow * inputs.get(&duration)?, "kg");
    } else if let Some(word) = inputs.word(&["shut_off"]) {
        let d = &releases().duration;
        let t = if matches!(word.as_str(), "true" | "yes" | "是" | "有") { d.with_shut_off } else { d.without };
        out.also("duration", t, "s");
        out.also("released", flow * t, "kg");
        out.rests_on(d.confidence);
    }
    Some(())
}

/// `gas hole`, critical or not.
pub fn gas_hole(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let area = hole(inputs);
    let gas = gas_state(inputs);
    let ambient = inputs.or(&AIR_P, physics::ATMOSPHERE)?;
    let cd = gas_cd(inputs)?;
    let (area, gas) = (area?, gas?);
    out.set("mass_flow", gas.flow(cd, area, ambient), "kg/s");
    out.also("critical", f64::from(u8::from(gas.is_critical(ambient))), "-");
    out.also("critical_ratio", gas.critical_ratio(), "-");
    out.also("expansion_factor", gas.expansion_factor(ambient), "-");
    out.also("density", gas.density, "kg/m3");
    out.also("discharge_coefficient", cd, "-");
    released(inputs, out)?;
    says(inputs, out, &["model.gas_hole"], &["limit.gas_hole"], releases().confidence);
    Some(())
}

fn gas_cd(inputs: &mut Inputs) -> Option<f64> {
    if inputs.has(&CD) { inputs.get(&CD) } else { Some(gas::discharge(shape(inputs)?)) }
}

/// Gas behind a hole: pressure with density, or with molar mass and temperature.
fn gas_state(inputs: &mut Inputs) -> Option<Gas> {
    let pressure = inputs.need(&PRESSURE);
    let k = inputs.need(&K);
    let density = field(&["rho", "rho_g", "density"], Dim::Density, POSITIVE, 5000.0);
    if inputs.has(&density) {
        let density = inputs.get(&density);
        inputs.get(&T);
        return Some(Gas { pressure: pressure?, density: density?, k: k? });
    }
    let (m, t) = (molar_mass(inputs), inputs.need(&T));
    Some(Gas::ideal(pressure?, m?, t?, k?))
}

/// Cp and Hv as a ratio in 1/K; both per mass or both per mole.
fn heat_ratio(inputs: &mut Inputs) -> Option<f64> {
    let per_mole = field(&["cp", "Cp", "cpl"], Dim::MolarHeat, POSITIVE, 1e7);
    let per_mass = field(&["cp", "Cp", "cpl"], Dim::SpecificHeat, POSITIVE, 1e7);
    let latent_mole = field(&["Hv", "H", "dHv", "H_v", "latent_heat"], Dim::MolarEnergy, POSITIVE, 1e9);
    let bare = |inputs: &Inputs, names: &[&str]| names.iter().any(|n| inputs.given().get(n).is_some());
    let cp_bare = bare(inputs, per_mass.names);
    let latent_bare = bare(inputs, LATENT.names);
    if !cp_bare && inputs.has(&per_mole) && inputs.has(&latent_mole) {
        return Some(inputs.need(&per_mole)? / inputs.need(&latent_mole)?);
    }
    let (mut cp, mut latent) = (inputs.need(&per_mass)?, inputs.need(&LATENT)?);
    // One bare number beside one with its unit: a kJ cannot be taken for a J,
    // the ranges of liquids lie a thousandfold apart.
    if cp_bare && !latent_bare && cp < 50.0 {
        cp *= 1e3;
    }
    if latent_bare && !cp_bare && latent < 5000.0 {
        latent *= 1e3;
    }
    Some(cp / latent)
}

/// `flash`
pub fn flash(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let ratio = heat_ratio(inputs);
    let (t, boiling) = (inputs.need(&T), inputs.need(&BOILING));
    let share = flashes::fraction(ratio?, t?, boiling?, 1.0);
    out.set("flash_fraction", share, "-");
    out.also("airborne_fraction", flashes::airborne(share), "-");
    let q = field(&["QL", "Q_L", "Q", "q"], Dim::MassFlow, 0.0, 1e6);
    if inputs.has(&q) {
        let q = inputs.get(&q)?;
        out.also("flash_rate", q * share, "kg/s");
        out.also("airborne_rate", q * flashes::airborne(share), "kg/s");
        out.also("to_pool_rate", q * (1.0 - flashes::airborne(share)), "kg/s");
    }
    says(inputs, out, &["model.flash"], &["limit.flash"], releases().confidence);
    Some(())
}

/// `two-phase hole`
pub fn two_phase(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let area = hole(inputs);
    let pressure = inputs.need(&PRESSURE);
    let gas = inputs.need(&field(&["rho1", "rho_g", "rho_v", "rho_vapour"], Dim::Density, POSITIVE, 5000.0));
    let liquid = inputs.need(&field(&["rho2", "rho_l", "rho_liquid"], Dim::Density, POSITIVE, 20_000.0));
    let facts = &releases().two_phase;
    let cd = if inputs.has(&CD) { inputs.get(&CD)? } else { facts.discharge };
    let given = field(&["Fv", "F_v", "flash_fraction"], Dim::None, -1.0, 5.0);
    let share = if inputs.has(&given) {
        inputs.get(&given)?
    } else {
        let ratio = heat_ratio(inputs)?;
        let t = inputs.need(&field(&["T_LG", "TLG", "T"], Dim::Temperature, 15.0, 3000.0));
        let tc = inputs.need(&field(&["Tc", "Tb", "T_c"], Dim::Temperature, 3.0, 3000.0));
        ratio * (t? - tc?)
    };
    let found = flashes::two_phase(cd, area?, pressure?, share, gas?, liquid?);
    out.set("mass_flow", found.flow, "kg/s");
    out.also("flash_fraction", found.fraction, "-");
    out.also("density", found.density, "kg/m3");
    out.also("critical_pressure", found.critical_pressure, "Pa");
    let extra = if found.fraction > 1.0 {
        "limit.treat_as_gas"
    } else if found.fraction <= 0.0 {
        "limit.treat_as_liquid"
    } else {
        "limit.two_phase"
    };
    says(inputs, out, &["model.two_phase"], &[extra], releases().confidence.lower(facts.discharge_confidence));
    Some(())
}

/// The dike's area: `dike` in m², or a polygon.
#[allow(clippy::option_option, reason = "the outer None has left a finding, the inner says that there is no dike")]
fn dike(inputs: &mut Inputs) -> Option<Option<f64>> {
    if let Some(value) = inputs.raw("dike_polygon") {
        let ring = place::ring(inputs, &value, "dike_polygon")?;
        return Some(Some(polygon::area(&ring).abs()));
    }
    let area = field(&["dike", "dike_area", "A_dike", "围堰面积"], Dim::Area, POSITIVE, 1e7);
    Some(if inputs.has(&area) { Some(inputs.get(&area)?) } else { None })
}

/// `pool area`: volume over least depth, or free spreading over time; capped by the dike.
pub fn pool_area(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let dike = dike(inputs)?;
    let time = field(&["t", "time"], Dim::Time, POSITIVE, 1e7);
    let flow = field(&["Q", "q"], Dim::MassFlow, POSITIVE, 1e6);
    let area = if inputs.has(&flow) && inputs.has(&time) {
        let (q, t, rho) = (inputs.need(&flow)?, inputs.need(&time)?, inputs.need(&LIQUID)?);
        let free = pool::spreading_area(q, rho, t);
        out.also("free_area", free, "m2");
        dike.map_or(free, |d| d.min(free))
    } else {
        let volume = pool_volume(inputs)?;
        let depth = field(&["depth", "thickness"], Dim::Length, 1e-4, 10.0);
        let soil = inputs.word(&["ground", "surface", "地面"]).is_some_and(|w| w.contains("soil") || w.contains('土'));
        let least = if soil { releases().pool.depth_soil } else { releases().pool.depth_concrete };
        let depth = inputs.or(&depth, least)?;
        out.rests_on(releases().pool.confidence);
        out.also("free_area", pool::area(volume, depth, None), "m2");
        pool::area(volume, depth, dike)
    };
    out.set("pool_area", area, "m2");
    out.also("radius", (area / PI).sqrt(), "m");
    says(inputs, out, &["model.pool_area"], &["limit.pool_area"], Confidence::B);
    Some(())
}

fn pool_volume(inputs: &mut Inputs) -> Option<f64> {
    let volume = field(&["V", "volume"], Dim::Volume, POSITIVE, 1e7);
    if inputs.has(&volume) {
        return inputs.get(&volume);
    }
    let (m, rho) = (inputs.need(&field(&["m", "mass"], Dim::Mass, POSITIVE, 1e10)), inputs.need(&LIQUID));
    Some(m? / rho?)
}

/// Vapour pressure, molar mass, temperature and wind, in this order.
fn evaporation(inputs: &mut Inputs) -> Option<(f64, f64, f64, f64)> {
    let p = inputs.need(&field(&["p", "P_v", "p_v", "VP", "P", "vapour_pressure"], Dim::Pressure, POSITIVE, 1e7));
    let m = molar_mass(inputs);
    let t = inputs.need(&field(&["T", "T0", "Ta"], Dim::Temperature, 203.15, 500.0));
    let u = speed(inputs, &field(&["u", "U", "u10"], Dim::Speed, 0.0, 100.0));
    Some((p?, m?, t?, u?))
}

/// Pool radius, or that of a round pool of area `A`.
fn radius(inputs: &mut Inputs) -> Option<f64> {
    if inputs.has(&POOL) {
        return Some((inputs.get(&POOL)? / PI).sqrt());
    }
    let r = field(&["r", "radius"], Dim::Length, POSITIVE, 2000.0);
    if inputs.has(&r) {
        return inputs.get(&r);
    }
    let dike = dike(inputs)?;
    match dike {
        Some(area) => Some((area / PI).sqrt()),
        None => inputs.need(&r),
    }
}

/// `pool evaporation` (HJ 169 F.12)
pub fn pool_wind(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let open = place::in_the_open(inputs);
    let basic = evaporation(inputs);
    let radius = radius(inputs);
    let (alpha, n) = (field(&["alpha"], Dim::None, POSITIVE, 1.0), field(&["n"], Dim::None, 0.0, 1.0));
    let e = if inputs.has(&alpha) || inputs.has(&n) {
        let (alpha, n) = (inputs.need(&alpha), inputs.need(&n));
        Evaporation { alpha: alpha?, n: n? }
    } else {
        let table = &releases().wind_evaporation;
        [table.unstable, table.neutral, table.stable][group(stability(inputs, out)?)]
    };
    let ((p, m, t, u), r, ()) = (basic?, radius?, open?);
    out.set("evaporation", pool::by_wind(e, p, m, t, u, r), "kg/s");
    out.also("evaporation_epa", pool::by_wind_epa(p, m, t, u, PI * r * r), "kg/s");
    says(inputs, out, &["model.pool_wind"], &["limit.pool_wind"], releases().confidence);
    Some(())
}

/// `pool evaporation epa`
pub fn pool_epa(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let open = place::in_the_open(inputs);
    let basic = evaporation(inputs);
    let r = radius(inputs)?;
    let ((p, m, t, u), ()) = (basic?, open?);
    out.set("evaporation", pool::by_wind_epa(p, m, t, u, PI * r * r), "kg/s");
    says(inputs, out, &["model.pool_epa"], &["limit.pool_wind"], releases().confidence);
    Some(())
}

/// λ and α of the ground: given, or by its name.
fn ground(inputs: &mut Inputs) -> Option<(f64, f64)> {
    let conductivity = field(&["lambda", "lam", "k_s", "ks"], Dim::Conductivity, POSITIVE, 100.0);
    let diffusivity = field(&["alpha", "alpha_s", "a_s"], Dim::Diffusivity, POSITIVE, 1.0);
    if inputs.has(&conductivity) || inputs.has(&diffusivity) {
        let (l, a) = (inputs.need(&conductivity), inputs.need(&diffusivity));
        return Some((l?, a?));
    }
    let word = inputs.word(&["ground", "surface", "地面"]).unwrap_or_default();
    let found = releases().ground.iter().find(|g| {
        g.key == word.replace(' ', "_") || g.label.zh == word || g.label.en == word || g.label.zh.starts_with(&word) && !word.is_empty()
    });
    if found.is_none() {
        let known: Vec<&str> = releases().ground.iter().map(|g| g.key.as_str()).collect();
        inputs.say(Severity::Error, "hazard.unknown_ground", "ground", &[("found", &word), ("known", &known.join("、"))]);
    }
    found.map(|g| (g.conductivity, g.diffusivity))
}

/// `heat evaporation` (HJ 169 F.11)
pub fn pool_heat(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let ground = ground(inputs);
    let r = radius(inputs);
    let t0 = inputs.need(&field(&["T0", "T", "Ts", "Ta"], Dim::Temperature, 203.15, 400.0));
    let boiling = inputs.need(&BOILING);
    let latent = latent(inputs);
    let t = inputs.need(&field(&["t", "time"], Dim::Time, POSITIVE, 1e7));
    let ((l, a), r, t0, boiling, latent, t) = (ground?, r?, t0?, boiling?, latent?, t?);
    let area = PI * r * r;
    out.set("evaporation", pool::by_heat(l, a, area, t0, boiling, latent, t), "kg/s");
    out.also("evaporated", pool::mass_by_heat(l, a, area, t0, boiling, latent, t), "kg");
    says(inputs, out, &["model.pool_heat"], &["limit.pool_heat"], releases().confidence);
    Some(())
}

/// Heat of vaporization in J/kg; a bare number below 5000 is read as kJ/kg and said so.
fn latent(inputs: &mut Inputs) -> Option<f64> {
    let per_mole = field(&["Hv", "H", "dHv", "H_v", "latent_heat"], Dim::MolarEnergy, POSITIVE, 1e9);
    let bare = LATENT.names.iter().any(|n| inputs.given().get(n).is_some());
    if !bare && !inputs.has(&LATENT) && inputs.has(&per_mole) {
        let h = inputs.need(&per_mole);
        return Some(h? / molar_mass(inputs)?);
    }
    let value = inputs.need(&LATENT)?;
    if bare && value < 5000.0 {
        inputs.say(Severity::Note, "hazard.read_as", "Hv", &[("found", &value.to_string()), ("unit", "kJ/kg")]);
        return Some(value * 1e3);
    }
    Some(value)
}

/// `total evaporation` (HJ 169 F.13), capped at what leaked.
pub fn pool_total(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let rate = |names| field(names, Dim::MassFlow, 0.0, 1e6);
    let span = |names| field(names, Dim::Time, 0.0, 1e7);
    let parts = [
        (inputs.or(&rate(&["Q1"]), 0.0)?, inputs.or(&span(&["t1"]), 0.0)?),
        (inputs.or(&rate(&["Q2"]), 0.0)?, inputs.or(&span(&["t2"]), 0.0)?),
        (inputs.or(&rate(&["Q3"]), 0.0)?, inputs.or(&span(&["t3"]), 0.0)?),
    ];
    let mass = field(&["m", "leaked", "mass", "W"], Dim::Mass, 0.0, 1e10);
    let leaked = if inputs.has(&mass) { Some(inputs.get(&mass)?) } else { None };
    let (total, capped) = pool::total(parts, leaked);
    out.set("evaporated", total, "kg");
    out.also("capped", f64::from(u8::from(capped)), "-");
    if leaked.is_none() {
        inputs.say(Severity::Note, "hazard.leaked_unknown", "leaked", &[]);
    }
    says(inputs, out, &["model.pool_total"], &["limit.pool_total"], releases().confidence);
    Some(())
}

/// `tank`: outflow while the level falls.
pub fn tank(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let area = hole(inputs);
    let density = inputs.need(&LIQUID);
    let over = over_pressure(inputs)?;
    let head = inputs.need(&HEAD);
    let section = field(&["A_tank", "tank_area", "section"], Dim::Area, POSITIVE, 1e6);
    let diameter = field(&["d_tank", "D_tank", "tank_diameter"], Dim::Length, POSITIVE, 500.0);
    let section = if inputs.has(&section) { inputs.get(&section) } else { inputs.need(&diameter).map(|d| PI / 4.0 * d * d) };
    let (area, density, head, section) = (area?, density?, head?, section?);
    let discharge = liquid_cd(inputs, area, density, over, head)?;
    let tank = Tank { discharge, hole: area, section, density, over, head };
    let end = tank.empties_after();
    if !(end.is_finite() && end > 0.0) {
        inputs.say(Severity::Error, "hazard.nothing_flows", "h", &[]);
        return None;
    }
    let time = field(&["t", "time", "duration"], Dim::Time, 0.0, 1e8);
    let at = inputs.or(&time, 0.0)?;
    out.set("mass_flow", tank.flow(at), "kg/s");
    out.also("initial_mass_flow", tank.flow(0.0), "kg/s");
    out.also("level", tank.level(at), "m");
    out.also("released", tank.left_out(at), "kg");
    out.also("time_to_empty", end, "s");
    out.also("mass_above_hole", tank.left_out(end), "kg");
    let rows = (0..=20).map(|n| end * f64::from(n) / 20.0).map(|t| vec![t, tank.level(t), tank.flow(t), tank.left_out(t)]).collect();
    out.table = Some(Table { head: vec!["t", "level", "mass_flow", "released"], units: vec!["s", "m", "kg/s", "kg"], rows });
    says(inputs, out, &["model.tank"], &["limit.tank"], releases().confidence);
    Some(())
}

/// `blowdown`: pressure and flow of a gas vessel over time.
pub fn blow_down(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let hole = hole(inputs);
    let gas = gas_state(inputs);
    let ambient = inputs.or(&AIR_P, physics::ATMOSPHERE)?;
    inputs.get(&AIR_T);
    let volume = inputs.need(&field(&["V", "volume"], Dim::Volume, POSITIVE, 1e6));
    let discharge = gas_cd(inputs)?;
    let vessel = Vessel { gas: gas?, volume: volume?, discharge, hole: hole?, ambient };
    let rows = vessel.blow_down(21);
    let last = rows[rows.len() - 1];
    out.set("time_to_relieve", last.t, "s");
    out.also("initial_mass_flow", rows[0].flow, "kg/s");
    out.also("released", last.released, "kg");
    out.also("contents", vessel.volume * vessel.gas.density, "kg");
    out.table = Some(Table {
        head: vec!["t", "pressure", "mass_flow", "released"],
        units: vec!["s", "Pa", "kg/s", "kg"],
        rows: rows.iter().map(|m| vec![m.t, m.pressure, m.flow, m.released]).collect(),
    });
    if vessel.gas.pressure <= ambient {
        out.limits.push(words::text(inputs.lang, "limit.no_overpressure", &[]));
    }
    says(inputs, out, &["model.blow_down"], &["limit.blow_down"], releases().confidence);
    Some(())
}
