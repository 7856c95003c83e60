//! Checks 校核: mass and element balance of each recipe, ranges, missing routes, loose ends, cycles.

use crate::amount::decimal;
use crate::definitions::assumptions;
use crate::formula::{self, Atoms};
use crate::model::{Chain, ProductKind, Recipe, Role};
use crate::need::{Graph, demands};
use crate::notes::Notes;
use values::unit::Quantity;

/// Tonnes of one cubic metre of water and waste water, by definition of the tonne within a per cent.
const WATER_T_M3: f64 = 1.0;

/// Checks a chain; all findings carry the row and the source.
pub fn check(chain: &Chain, graph: &Graph, notes: &mut Notes) {
    for recipe in &chain.recipes {
        ranges(chain, recipe, notes);
        balance(chain, recipe, notes);
    }
    graph.note_unproductive(chain, notes);
    loose_ends(chain, graph, notes);
}

fn ranges(chain: &Chain, recipe: &Recipe, notes: &mut Notes) {
    for row in &recipe.rows {
        let name = chain.products[row.product].name(notes.lang).to_owned();
        let (low, high) = (row.low.unwrap_or(0.0), row.high.unwrap_or(f64::INFINITY));
        // A range that was rounded to the coefficient's own digits is not left by the last digit.
        let slack = 1e-6 * row.amount;
        if low > high + slack {
            let found = format!("{}–{}", decimal(low), decimal(high));
            notes.error("chain.range_reversed", &row.place, "low", &found, &[("product", &name)]);
        } else if row.amount < low - slack || row.amount > high + slack {
            let range = format!("{}–{}", decimal(low), if high.is_finite() { decimal(high) } else { "…".into() });
            notes.error(
                "chain.out_of_range",
                &row.place,
                "amount",
                &decimal(row.amount),
                &[("range", &range), ("product", &name), ("source", &row.source)],
            );
        }
    }
}

/// Mass and elements of one recipe, for one tonne made.
struct Sums {
    mass_in: f64,
    mass_out: f64,
    /// An input or output has no mass that is known.
    unknown_in: bool,
    elements_in: Atoms,
    elements_out: Atoms,
    /// Names of weighed inputs without a formula.
    plain_in: bool,
    plain_out: bool,
}

fn sums(chain: &Chain, recipe: &Recipe) -> Sums {
    let mut s = Sums {
        mass_in: 0.0,
        mass_out: 1.0,
        unknown_in: false,
        elements_in: Atoms::new(),
        elements_out: Atoms::new(),
        plain_in: false,
        plain_out: false,
    };
    for row in &recipe.rows {
        let product = &chain.products[row.product];
        if matches!(product.kind, ProductKind::Service | ProductKind::Count | ProductKind::Activity) {
            continue;
        }
        let mass = match product.quantity {
            Quantity::Mass => row.amount,
            Quantity::Volume if matches!(product.kind, ProductKind::Water | ProductKind::Waste) => row.amount * WATER_T_M3,
            // Energy has no mass; a gas by volume or a piece has one that is not known here.
            Quantity::Energy => continue,
            _ => {
                s.unknown_in |= row.role == Role::Input;
                continue;
            }
        };
        if product.content && row.role == Role::Input {
            // Its carrier brings mass and elements that the row does not show.
            s.unknown_in = true;
            s.plain_in = true;
        }
        let shares = formula::parse(&product.formula).map(|a| formula::mass_shares(&a));
        let water = product.kind == ProductKind::Water;
        let (total, elements, plain) = if row.role == Role::Input {
            (&mut s.mass_in, &mut s.elements_in, &mut s.plain_in)
        } else {
            (&mut s.mass_out, &mut s.elements_out, &mut s.plain_out)
        };
        *total += mass;
        match shares {
            Some(shares) => shares.iter().for_each(|(e, share)| *elements.entry(e.clone()).or_default() += share * mass),
            None => *plain |= !water,
        }
    }
    s
}

fn balance(chain: &Chain, recipe: &Recipe, notes: &mut Notes) {
    let product = &chain.products[recipe.product];
    if product.quantity != Quantity::Mass || product.kind == ProductKind::Activity || recipe.rows.is_empty() {
        return;
    }
    let mut s = sums(chain, recipe);
    let name = product.name(notes.lang).to_owned();
    let source = recipe.rows[0].source.clone();
    let name = if recipe.route.is_empty() { name } else { format!("{name}（{}）", recipe.route) };
    let args: &[(&str, &str)] = &[("product", &name), ("source", &source)];
    let own = formula::parse(&product.formula).map(|a| formula::mass_shares(&a));
    let stoichiometric = recipe.rows.iter().any(|r| r.basis == "stoichiometric");
    if let Some(own) = &own {
        own.iter().for_each(|(e, share)| *s.elements_out.entry(e.clone()).or_default() += share);
        elements(recipe, &s, args, notes);
    }
    let tolerance =
        if stoichiometric { assumptions().mass_tolerance_stoichiometric.value } else { assumptions().mass_tolerance_reported.value }
            / 100.0;
    let excess = s.mass_out - s.mass_in;
    if s.mass_in <= 0.0 || s.unknown_in || excess <= 1e-9 * s.mass_out {
        return;
    }
    // What air and water give for nothing may be missing from the rows.
    let ambient = ambient_deficit(&s);
    if excess > ambient + tolerance * s.mass_out {
        let found = format!("{} → {}", decimal(s.mass_in), decimal(s.mass_out));
        notes.error("chain.makes_mass", &recipe.place, "amount", &found, args);
    } else if excess > ambient + 1e-3 * s.mass_out {
        let found = format!("{} → {}", decimal(s.mass_in), decimal(s.mass_out));
        notes.warn("chain.makes_little_mass", &recipe.place, "amount", &found, args);
    }
}

fn ambient_deficit(s: &Sums) -> f64 {
    formula::atomic_masses()
        .ambient
        .iter()
        .map(|e| (s.elements_out.get(e).unwrap_or(&0.0) - s.elements_in.get(e).unwrap_or(&0.0)).max(0.0))
        .sum()
}

/// Compares what goes in and comes out of each element that is not had for nothing.
fn elements(recipe: &Recipe, s: &Sums, args: &[(&str, &str)], notes: &mut Notes) {
    let tolerance = assumptions().element_tolerance.value / 100.0;
    let ambient = &formula::atomic_masses().ambient;
    let mut missing = Vec::new();
    let mut left = Vec::new();
    for element in s.elements_in.keys().chain(s.elements_out.keys().filter(|e| !s.elements_in.contains_key(*e))) {
        if ambient.contains(element) {
            continue;
        }
        let (put, got) =
            (s.elements_in.get(element).copied().unwrap_or_default(), s.elements_out.get(element).copied().unwrap_or_default());
        let text = format!("{element} {} → {}", decimal((put * 1e4).round() / 1e4), decimal((got * 1e4).round() / 1e4));
        if got > put * (1.0 + tolerance) && !s.plain_in {
            missing.push(text);
        } else if put > got * (1.0 + tolerance) && !s.plain_out {
            left.push(text);
        }
    }
    if !missing.is_empty() {
        notes.error("chain.element_missing", &recipe.place, "formula", &missing.join("；"), args);
    }
    if !left.is_empty() {
        notes.note("chain.element_unaccounted", &recipe.place, "formula", &left.join("；"), args);
    }
}

/// Products that nothing makes, and products that nothing takes.
fn loose_ends(chain: &Chain, graph: &Graph, notes: &mut Notes) {
    let demand = demands(chain);
    let mut made = vec![false; chain.products.len()];
    let (mut used, mut imported, mut own) = (made.clone(), made.clone(), made.clone());
    for recipe in &chain.recipes {
        made[recipe.product] = true;
        own[recipe.product] = true;
        for row in &recipe.rows {
            match row.role {
                Role::Input => used[row.product] = true,
                Role::Byproduct => made[row.product] = true,
                Role::Waste => {}
            }
        }
    }
    for plant in &chain.plants {
        made[plant.product] = true;
        own[plant.product] = true;
    }
    for import in &chain.imports {
        imported[import.product] = true;
    }
    let productive = graph.unproductive().is_empty();
    let need = if productive { graph.need(&demand) } else { Vec::new() };
    for (index, product) in chain.products.iter().enumerate() {
        let name = product.name(notes.lang).to_owned();
        if demand[index] > 0.0 && !made[index] && !imported[index] {
            notes.warn("chain.missing_route", &product.place, "product", &name, &[]);
        } else if need.get(index).is_some_and(|n| *n > 0.0) && !made[index] && !imported[index] && product.kind == ProductKind::Material {
            notes.note("chain.boundary", &product.place, "product", &name, &[]);
        }
        if !used[index] && demand[index] <= 0.0 && own[index] {
            if chain.demands.is_empty() {
                notes.note("chain.dangling", &product.place, "product", &name, &[]);
            } else {
                notes.warn("chain.dangling", &product.place, "product", &name, &[]);
            }
        }
    }
}
