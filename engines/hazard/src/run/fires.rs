//! Questions about fire and blast, with the reach of every mark.

use super::air::{AIR_T, air_density, molar_mass};
use super::plumes::X;
use super::{place, says};
use crate::answer::{Answer, Distance, Point};
use crate::facts::{Mark, fire};
use crate::field::contour::{self, Contour};
use crate::fire::{blast, fireball as balls, heat, pool_fire as pools};
use crate::grade::lookup::plain;
use crate::input::{Field, Inputs, POSITIVE, field};
use crate::physics;
use crate::units::Dim;
use crate::words;
use std::f64::consts::PI;
use values::Severity;

const MASS: Field = field(&["m", "mass", "质量"], Dim::Mass, POSITIVE, 1e9);
const RANGE: Field = field(&["r", "R_m", "x", "distance"], Dim::Length, 0.0, 1e6);
const ETA: Field = field(&["eta", "efficiency", "yield"], Dim::None, 1e-6, 1.0);
const NAMES_HC: &[&str] = &["Hc", "dHc", "H_c", "heat_of_combustion", "燃烧热"];

/// Heat of combustion, J/kg; per mole with M, per mass otherwise. A bare
/// number is MJ/kg, kJ/kg or J/kg by its size (the ranges of fuels lie a
/// thousandfold apart), and a note says so.
fn combustion(inputs: &mut Inputs, fuel: Option<f64>) -> Option<f64> {
    let per_mole = field(NAMES_HC, Dim::MolarEnergy, POSITIVE, 1e9);
    let per_mass = field(NAMES_HC, Dim::SpecificEnergy, POSITIVE, 1e9);
    let bare = NAMES_HC.iter().find(|n| inputs.given().get(**n).is_some());
    if let Some(name) = bare {
        let value = inputs.need(&per_mass)?;
        if !inputs.given()[*name].is_number() {
            return Some(value);
        }
        let (factor, unit) = if value < 1000.0 {
            (1e6, "MJ/kg")
        } else if value < 1e6 {
            (1e3, "kJ/kg")
        } else {
            (1.0, "J/kg")
        };
        inputs.say(Severity::Note, "hazard.read_as", name, &[("found", &value.to_string()), ("unit", unit)]);
        return Some(value * factor);
    }
    if inputs.has(&per_mass) {
        return inputs.get(&per_mass);
    }
    if inputs.has(&per_mole) {
        let (h, m) = (inputs.need(&per_mole), molar_mass(inputs));
        return Some(h? / m?);
    }
    match fuel {
        Some(known) => Some(known),
        None => inputs.need(&per_mass),
    }
}

/// Energy of TNT, J/kg.
fn tnt_energy(inputs: &mut Inputs) -> Option<f64> {
    let given = field(&["E_TNT", "E_tnt", "Q_TNT", "H_TNT"], Dim::SpecificEnergy, POSITIVE, 1e8);
    let value = inputs.or(&given, fire().tnt.energy_kj_kg * 1e3)?;
    // 4520 without a unit is kJ/kg; nobody's TNT has 4520 J/kg.
    Some(if value < 1e5 { value * 1e3 } else { value })
}

/// `TNT`: equivalent mass and overpressure; or the fuel for a scaled distance.
pub fn tnt(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let energy = tnt_energy(inputs)?;
    let eta = inputs.or(&ETA, fire().tnt.efficiency)?;
    let charge = field(&["W", "W_TNT", "m_TNT", "w"], Dim::Mass, POSITIVE, 1e9);
    let scaled = field(&["ze", "z", "z_e", "Z", "scaled_distance"], Dim::None, POSITIVE, 1000.0);
    let r = if inputs.has(&RANGE) { Some(inputs.get(&RANGE)?) } else { None };
    if let (Some(r), true, false, false) = (r, inputs.has(&scaled), inputs.has(&MASS), inputs.has(&charge)) {
        let (z, hc) = (inputs.get(&scaled)?, combustion(inputs, None)?);
        let mass = blast::fuel_for(r, z, eta, hc, energy);
        out.set("fuel_mass", mass, "kg");
        out.also("tnt_mass", blast::tnt(eta, mass, hc, energy), "kg");
        mills(inputs, out, z);
        says(inputs, out, &["model.tnt"], &["limit.tnt"], values::Confidence::B);
        return Some(());
    }
    let w = if inputs.has(&charge) {
        inputs.get(&charge)?
    } else {
        let mass = inputs.need(&MASS);
        let hc = combustion(inputs, None);
        blast::tnt(eta, mass?, hc?, energy)
    };
    out.set("tnt_mass", w, "kg");
    if let Some(r) = r.filter(|r| *r > 0.0) {
        let z = blast::scaled(r, w);
        out.also("scaled_distance", z, "m/kg^(1/3)");
        mills(inputs, out, z);
    }
    place::round(inputs, out)?;
    blast_marks(inputs, out, w);
    says(inputs, out, &["model.tnt", "model.mills"], &["limit.tnt", "limit.mills"], fire().confidence);
    Some(())
}

/// Overpressure at a scaled distance, with a word where the fit does not hold.
fn mills(inputs: &Inputs, out: &mut Answer, z: f64) {
    out.also("overpressure", blast::overpressure(z), "kPa");
    let (low, high) = blast::range();
    if !(low..=high).contains(&z) {
        out.limits.push(words::text(inputs.lang, "limit.mills_range", &[("z", &crate::answer::text(z))]));
    }
}

/// `overpressure`: by Mills at a scaled distance, or at r of a TNT mass.
pub fn overpressure(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let scaled = field(&["z", "ze", "z_e", "Z", "scaled_distance"], Dim::None, POSITIVE, 1000.0);
    let charge = field(&["W", "W_TNT", "m_TNT", "w"], Dim::Mass, POSITIVE, 1e9);
    let (z, w) = if inputs.has(&scaled) {
        (inputs.get(&scaled)?, None)
    } else {
        let w = if inputs.has(&charge) {
            inputs.get(&charge)?
        } else {
            let (mass, energy, eta) = (inputs.need(&MASS), tnt_energy(inputs)?, inputs.or(&ETA, fire().tnt.efficiency)?);
            blast::tnt(eta, mass?, combustion(inputs, None)?, energy)
        };
        (blast::scaled(inputs.need(&RANGE)?.max(1e-3), w), Some(w))
    };
    out.set("overpressure", blast::overpressure(z), "kPa");
    out.also("scaled_distance", z, "m/kg^(1/3)");
    mills(inputs, out, z);
    if let Some(w) = w {
        out.also("tnt_mass", w, "kg");
        place::round(inputs, out)?;
        blast_marks(inputs, out, w);
    }
    says(inputs, out, &["model.mills"], &["limit.mills"], fire().confidence);
    Some(())
}

/// Reach of every overpressure mark for `w` kg of TNT; beyond the fit's range it says so.
fn blast_marks(inputs: &mut Inputs, out: &mut Answer, w: f64) {
    let (low, high) = blast::range();
    for mark in &fire().overpressure {
        let z = blast::scaled_for(mark.level);
        let note = if (low..=high).contains(&z) {
            String::new()
        } else {
            words::text(inputs.lang, "limit.mills_range", &[("z", &format!("{z:.2}"))])
        };
        push_mark(inputs, out, mark, "kPa", Some(z * w.cbrt()), note);
    }
    out.point_unit = "kPa";
    out.points = [1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0, 40.0]
        .map(|z| Point { x: z * w.cbrt(), y: 0.0, z: 0.0, value: blast::overpressure(z) })
        .into();
}

fn push_mark(inputs: &Inputs, out: &mut Answer, mark: &Mark, unit: &'static str, distance: Option<f64>, note: String) {
    let name = mark.label.get(inputs.lang).to_owned();
    out.distances.push(Distance {
        mark: name.clone(),
        level: mark.level,
        unit,
        distance,
        from: distance.map(|_| 0.0),
        half_width: distance,
        note,
        confidence: fire().confidence,
    });
    if let Some(r) = distance.filter(|r| *r > 0.0) {
        out.contours.push(Contour { mark: name, level: mark.level, unit, rings: vec![contour::circle(r)] });
    }
}

/// τ given (`tau`), or the partial pressure of water from T and humidity.
#[allow(clippy::option_option, reason = "the inner None says that τ is computed")]
fn air_between(inputs: &mut Inputs) -> Option<(Option<f64>, f64)> {
    let tau = field(&["tau", "τ", "transmissivity"], Dim::None, 0.01, 1.0);
    let water = field(&["pw", "p_w"], Dim::Pressure, POSITIVE, 20_000.0);
    let t = inputs.or(&AIR_T, physics::ROOM)?;
    let humidity = inputs.or(&field(&["RH", "humidity", "rh", "湿度"], Dim::None, 0.01, 100.0), 0.5)?;
    let humidity = if humidity > 1.0 { humidity / 100.0 } else { humidity };
    let water = inputs.or(&water, heat::water_pressure(t, humidity))?;
    Some((if inputs.has(&tau) { Some(inputs.get(&tau)?) } else { None }, water))
}

/// `fireball`
pub fn fireball(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let mass = inputs.need(&MASS);
    let r = if inputs.has(&RANGE) { Some(inputs.get(&RANGE)?) } else { None };
    let known_hc = NAMES_HC.iter().any(|n| inputs.given().as_object().is_some_and(|o| o.keys().any(|k| k.starts_with(n))));
    let known = fuel(inputs)?.map(|f| f.1);
    let hc = if known_hc || known.is_some() || r.is_some() { Some(combustion(inputs, known)?) } else { None };
    let radiated = inputs.or(&field(&["R", "Rf", "radiated_fraction", "fraction"], Dim::None, 0.01, 0.6), fire().fireball.radiated)?;
    let (transmitted, water) = air_between(inputs)?;
    let ball = balls::Fireball { mass: mass?, hc: hc.unwrap_or(0.0), radiated, transmitted, water };
    out.set("diameter", ball.diameter(), "m");
    out.also("duration", ball.duration(), "s");
    out.also("height", ball.height(), "m");
    place::round(inputs, out)?;
    if hc.is_some() {
        if let Some(r) = r {
            out.set("heat_flux", ball.flux(r) / 1e3, "kW/m2");
            out.also("heat_flux_w_m2", ball.flux(r), "W/m2");
            out.also("dose", ball.duration() * ball.flux(r).powf(4.0 / 3.0), "(W/m2)^(4/3) s");
        }
        heat_marks(inputs, out, 0.0, |x| ball.flux(x));
    }
    says(inputs, out, &["model.fireball"], &["limit.fireball", "limit.heat"], fire().fireball.confidence);
    Some(())
}

/// Burning rate and heat of combustion (J/kg) of a named fuel.
#[allow(clippy::option_option, reason = "the outer None has left a finding")]
fn fuel(inputs: &mut Inputs) -> Option<Option<(f64, f64)>> {
    let Some(word) = inputs.word(&["fuel", "燃料", "substance"]) else { return Some(None) };
    let found = fire().fuel.iter().find(|f| f.key == plain(&word) || f.names.iter().any(|n| plain(n) == plain(&word)));
    if found.is_none() {
        let known: Vec<&str> = fire().fuel.iter().map(|f| f.key.as_str()).collect();
        inputs.say(Severity::Error, "hazard.unknown_fuel", "fuel", &[("found", &word), ("known", &known.join("、"))]);
        return None;
    }
    Some(found.map(|f| (f.burning_kg_m2_s, f.combustion_kj_kg * 1e3)))
}

/// `pool fire`
pub fn pool_fire(inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    let fuel = fuel(inputs)?;
    let area = field(&["A", "area", "A_pool"], Dim::Area, POSITIVE, 1e6);
    let diameter = if inputs.has(&area) {
        inputs.get(&area).map(|a| (4.0 * a / PI).sqrt())
    } else {
        inputs.need(&field(&["D", "d", "diameter"], Dim::Length, POSITIVE, 1000.0))
    };
    let rate = field(&["m_dot", "mdot", "burning_rate", "m2", "m"], Dim::BurningRate, POSITIVE, 1.0);
    let burning = match fuel {
        Some((known, _)) if !inputs.has(&rate) => Some(known),
        _ => inputs.need(&rate),
    };
    let hc = combustion(inputs, fuel.map(|f| f.1));
    let radiated = inputs.or(&field(&["R", "Rf", "radiated_fraction", "fraction"], Dim::None, 0.01, 0.6), fire().pool_fire.radiated)?;
    let (transmitted, water) = air_between(inputs)?;
    let air = air_density(inputs)?;
    let range = field(&["r", "R_m", "distance", "l"], Dim::Length, 0.0, 1e6);
    let r = if inputs.has(&range) {
        Some(inputs.get(&range)?)
    } else if inputs.has(&X) {
        Some(inputs.get(&X)?)
    } else {
        None
    };
    let pool = pools::PoolFire { diameter: diameter?, burning: burning?, hc: hc?, radiated, transmitted, water, air };
    out.set("flame_length", pool.length(), "m");
    out.also("length_over_diameter", pool.length() / pool.diameter, "-");
    out.also("burning", pool.burning * pool.area(), "kg/s");
    if let Some(r) = r {
        out.set("heat_flux", pool.flux(r) / 1e3, "kW/m2");
    }
    place::round(inputs, out)?;
    heat_marks(inputs, out, 0.5 * pool.diameter, |x| pool.flux(x));
    says(inputs, out, &["model.pool_fire"], &["limit.pool_fire", "limit.heat"], fire().confidence);
    Some(())
}

/// Reach of every heat mark; `within` m is the fire itself.
fn heat_marks(inputs: &mut Inputs, out: &mut Answer, within: f64, flux: impl Fn(f64) -> f64) {
    for mark in &fire().heat {
        let found = heat::distance(&flux, mark.level * 1e3).filter(|r| *r > within);
        let note = if found.is_none() { words::text(inputs.lang, "limit.nowhere", &[]) } else { String::new() };
        push_mark(inputs, out, mark, "kW/m2", found, note);
    }
    out.rests_on(fire().confidence);
    out.point_unit = "kW/m2";
    out.points = [10.0, 20.0, 50.0, 100.0, 150.0, 200.0, 300.0, 500.0, 700.0, 1000.0]
        .map(|x| Point { x, y: 0.0, z: 0.0, value: flux(x) / 1e3 })
        .into();
}
