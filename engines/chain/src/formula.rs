//! Chemical formulas 化学式: elements and masses, for the balances of [`crate::check`].

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Atomic masses as the definitions give them.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct AtomicMasses {
    /// Who says so.
    pub source: String,
    /// A, B or C.
    pub confidence: String,
    /// From when.
    pub valid_from: String,
    /// Elements that air and water give for nothing.
    pub ambient: Vec<String>,
    /// g/mol by symbol.
    pub mass: BTreeMap<String, f64>,
}

static MASSES: LazyLock<AtomicMasses> =
    LazyLock::new(|| toml::from_str(include_str!("../../../definitions/chains/atomic_masses.toml")).unwrap_or_default());

/// The atomic masses.
#[must_use]
pub fn atomic_masses() -> &'static AtomicMasses {
    &MASSES
}

/// Atoms of each element in one formula unit; fractions are allowed (`Ni0.8`).
pub type Atoms = BTreeMap<String, f64>;

/// Reads `LiFePO4`, `Ni0.8Co0.1Mn0.1(OH)2`, `FeSO4·7H2O`.
///
/// None for an unknown element, unbalanced brackets or anything else.
#[must_use]
pub fn parse(text: &str) -> Option<Atoms> {
    let clean: String = text
        .trim()
        .chars()
        .filter_map(|c| match c {
            '₀'..='₉' => char::from_digit(c as u32 - '₀' as u32, 10),
            '（' => Some('('),
            '）' => Some(')'),
            '•' | '*' | '・' => Some('·'),
            c if c.is_whitespace() => None,
            c => Some(c),
        })
        .collect();
    if clean.is_empty() || clean.len() > 200 {
        return None;
    }
    let mut atoms = Atoms::new();
    for part in clean.split('·') {
        let digits = part.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(part.len());
        let times = if digits == 0 { 1.0 } else { part[..digits].parse().ok()? };
        let mut rest: Vec<char> = part[digits..].chars().rev().collect();
        let inner = group(&mut rest, 0)?;
        if !rest.is_empty() {
            return None;
        }
        add(&mut atoms, &inner, times);
    }
    (!atoms.is_empty()).then_some(atoms)
}

/// One level of brackets; `rest` is reversed, so that it is read from its end.
fn group(rest: &mut Vec<char>, depth: u32) -> Option<Atoms> {
    let mut atoms = Atoms::new();
    if depth > 8 {
        return None;
    }
    while let Some(c) = rest.last().copied() {
        if c == ')' {
            return (depth > 0).then_some(atoms);
        }
        rest.pop();
        if c == '(' {
            let inner = group(rest, depth + 1)?;
            if rest.pop() != Some(')') {
                return None;
            }
            let times = count(rest)?;
            add(&mut atoms, &inner, times);
        } else if c.is_ascii_uppercase() {
            let mut symbol = String::from(c);
            while let Some(small) = rest.last().copied().filter(char::is_ascii_lowercase) {
                symbol.push(small);
                rest.pop();
            }
            if !MASSES.mass.contains_key(&symbol) {
                return None;
            }
            let times = count(rest)?;
            *atoms.entry(symbol).or_default() += times;
        } else {
            return None;
        }
    }
    (depth == 0).then_some(atoms)
}

fn count(rest: &mut Vec<char>) -> Option<f64> {
    let mut digits = String::new();
    while let Some(c) = rest.last().copied().filter(|c| c.is_ascii_digit() || *c == '.') {
        digits.push(c);
        rest.pop();
    }
    if digits.is_empty() { Some(1.0) } else { digits.parse().ok() }
}

fn add(atoms: &mut Atoms, more: &Atoms, times: f64) {
    for (symbol, n) in more {
        *atoms.entry(symbol.clone()).or_default() += n * times;
    }
}

/// Molar mass, g/mol.
#[must_use]
pub fn molar_mass(atoms: &Atoms) -> f64 {
    atoms.iter().map(|(symbol, n)| n * MASSES.mass.get(symbol).copied().unwrap_or_default()).sum()
}

/// Mass share of each element, 0–1.
#[must_use]
pub fn mass_shares(atoms: &Atoms) -> Atoms {
    let whole = molar_mass(atoms);
    atoms.iter().map(|(symbol, n)| (symbol.clone(), n * MASSES.mass.get(symbol).copied().unwrap_or_default() / whole)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masses_of_known_compounds() {
        for (formula, mass) in [
            ("LiFePO4", 157.76),
            ("FeSO4·7H2O", 278.01),
            ("Ni0.8Co0.1Mn0.1(OH)2", 92.36),
            ("Al2(SO4)3", 342.15),
            ("H₂SO₄", 98.08),
            ("LiPF6", 151.90),
        ] {
            let got = molar_mass(&parse(formula).unwrap());
            assert!((got - mass).abs() < 0.05, "{formula}: {got}");
        }
    }

    #[test]
    fn what_is_no_formula_is_none() {
        for text in ["", "Xx2", "Fe(OH", "Fe)2", "电池", "2", "((((((((((H))))))))))", "fe"] {
            assert!(parse(text).is_none(), "{text}");
        }
    }
}
