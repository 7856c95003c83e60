//! σy and σz of plumes (Briggs) and puffs (CCPS), metres from metres.

use super::stability::Class;
use crate::facts::dispersion;

/// Open country or built-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terrain {
    /// Open country 开阔地.
    Rural,
    /// Built-up 城市.
    Urban,
}

impl Terrain {
    /// Reads `rural`, `open`, `urban`, `开阔`, `城市` ….
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().to_lowercase().as_str() {
            "rural" | "open" | "open country" | "country" | "开阔" | "开阔地" | "农村" | "乡村" => Some(Self::Rural),
            "urban" | "city" | "built-up" | "城市" | "市区" | "建成区" => Some(Self::Urban),
            _ => None,
        }
    }
}

/// Which σ curves are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Curves {
    /// Steady plume over a terrain.
    Plume(Terrain),
    /// Single puff.
    Puff,
}

/// σy and σz, m, at `x` m travelled.
#[must_use]
pub fn sigma(curves: Curves, class: Class, x: f64) -> (f64, f64) {
    let facts = dispersion();
    let n = class.index();
    match curves {
        Curves::Plume(terrain) => {
            let table = if terrain == Terrain::Rural { &facts.rural } else { &facts.urban };
            (plume_curve(table.y[n], x), plume_curve(table.z[n], x))
        }
        Curves::Puff => (facts.puff.y[n][0] * x.powf(facts.puff.y[n][1]), facts.puff.z[n][0] * x.powf(facts.puff.z[n][1])),
    }
}

/// a x (1 + b x)^c; the exponents that occur are taken without `powf`.
fn plume_curve([a, b, c]: [f64; 3], x: f64) -> f64 {
    let base = 1.0 + b * x;
    let factor = if c == 0.0 {
        1.0
    } else if c == -0.5 {
        1.0 / base.sqrt()
    } else if c == 0.5 {
        base.sqrt()
    } else if c == -1.0 {
        1.0 / base
    } else {
        base.powf(c)
    };
    a * x * factor
}
