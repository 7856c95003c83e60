//! A question `{kind, inputs}` read, handed to its model, and answered.
//!
//! `release`, `disperse` and `fire` are one interpreter: the kind decides.

pub mod air;
pub mod fires;
pub mod kinds;
pub mod people;
pub mod place;
pub mod plumes;
pub mod releases;
pub mod trains;

#[cfg(test)]
mod tests;

use crate::answer::Answer;
use crate::input::Inputs;
use crate::located::Located;
use crate::words;
use kinds::Kind;
use values::{Confidence, Lang, Severity};

/// Answers one question; what is wrong with it stands in the answer's findings.
#[must_use]
pub fn answer(file: &str, doc: &Located, lang: Lang) -> Answer {
    let mut inputs = Inputs::open(file, doc, lang);
    let mut out = Answer { inputs: inputs.given(), heading: 90.0, confidence: Confidence::A, ..Answer::default() };
    if !doc.root.is_object() {
        inputs.say(Severity::Error, "hazard.not_an_object", "", &[]);
        out.findings = inputs.findings;
        return out;
    }
    let told = doc.root.get("kind").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    match Kind::parse(&told) {
        Some(kind) => {
            compute(kind, &mut inputs, &mut out);
            asked(doc, kind, &mut inputs, &mut out);
            // After an error much was not read that is not therefore unused.
            if !inputs.findings.has_error() {
                inputs.mention_unused();
            }
        }
        None => inputs.say(Severity::Error, "hazard.unknown_kind", "kind", &[("found", &told), ("kinds", &kinds::listed())]),
    }
    let broken = out.value.is_some_and(|v| !v.is_finite()) || out.values.iter().any(|v| !v.value.is_finite());
    if broken && !inputs.findings.has_error() {
        inputs.say(Severity::Error, "hazard.no_number", "kind", &[("found", &told)]);
    }
    let own = std::mem::take(&mut out.findings.0);
    out.findings = inputs.findings;
    out.findings.0.extend(own);
    out
}

fn compute(kind: Kind, inputs: &mut Inputs, out: &mut Answer) -> Option<()> {
    match kind {
        Kind::LiquidHole => releases::liquid_hole(inputs, out),
        Kind::GasHole => releases::gas_hole(inputs, out),
        Kind::TwoPhase => releases::two_phase(inputs, out),
        Kind::Flash => releases::flash(inputs, out),
        Kind::PoolArea => releases::pool_area(inputs, out),
        Kind::PoolWind => releases::pool_wind(inputs, out),
        Kind::PoolEpa => releases::pool_epa(inputs, out),
        Kind::PoolHeat => releases::pool_heat(inputs, out),
        Kind::PoolTotal => releases::pool_total(inputs, out),
        Kind::Tank => releases::tank(inputs, out),
        Kind::BlowDown => releases::blow_down(inputs, out),
        Kind::Stability => air::stability_class(inputs, out),
        Kind::Sigma => air::sigmas(inputs, out),
        Kind::WindProfile => air::wind_profile(inputs, out),
        Kind::PlumeRise => air::plume_rise(inputs, out),
        Kind::DenseGas => air::dense_gas(inputs, out),
        Kind::Plume => plumes::plume(inputs, out),
        Kind::Puff => plumes::puff(inputs, out),
        Kind::Puffs => trains::puffs(inputs, out),
        Kind::Winds => trains::winds(inputs, out),
        Kind::Averaging => people::averaging(inputs, out),
        Kind::Shelter => people::shelter(inputs, out),
        Kind::ToxicLoad => people::toxic_load(inputs, out),
        Kind::Ppm => people::ppm(inputs, out),
        Kind::Coordinates => place::coordinates(inputs, out),
        Kind::Tnt => fires::tnt(inputs, out),
        Kind::Overpressure => fires::overpressure(inputs, out),
        Kind::Fireball => fires::fireball(inputs, out),
        Kind::PoolFire => fires::pool_fire(inputs, out),
    }
}

/// Which of several results is meant may be said by `quantity`, else by the
/// words of `title` (σ of a plume or a puff, y or z).
fn asked(doc: &Located, kind: Kind, inputs: &mut Inputs, out: &mut Answer) {
    let word = |key: &str| {
        let inner = doc.root.get("inputs").and_then(|i| i.get(key));
        inner.or_else(|| doc.root.get(key)).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
    };
    let quantity = word("quantity");
    if !quantity.is_empty() && out.select(quantity.trim()) {
        return;
    }
    if kind == Kind::Sigma {
        let title = word("title").to_lowercase();
        let puff = title.contains("puff") || title.contains("烟团");
        let up = title.contains("σz") || title.contains("sigma_z") || title.contains("sigma z");
        let key = match (puff, up) {
            (true, true) => "puff_sigma_z",
            (true, false) => "puff_sigma_y",
            (false, true) => "sigma_z",
            (false, false) => "sigma_y",
        };
        out.select(key);
        if title.is_empty() {
            inputs.say(Severity::Note, "hazard.several_results", "kind", &[("found", "sigma_y, sigma_z, puff_sigma_y, puff_sigma_z")]);
        }
    }
}

/// Names the model and its limits in the answer.
pub(crate) fn says(inputs: &Inputs, out: &mut Answer, models: &[&str], limits: &[&str], confidence: Confidence) {
    out.model.extend(models.iter().map(|k| words::text(inputs.lang, k, &[])));
    out.limits.extend(limits.iter().map(|k| words::text(inputs.lang, k, &[])));
    out.rests_on(confidence);
}
