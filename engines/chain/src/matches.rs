//! Matches 供需对接: who in the zone can supply whom, and whose waste is whose input.

use crate::model::{Chain, Role};
use crate::need::Graph;
use crate::supply::{Supply, recipes_of_plant};

/// Who supplies or takes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// A plant, by name.
    Plant(String),
    /// A demand at the chain's end that no plant stands for.
    Demand,
    /// A product that the demands need and no plant of the zone makes.
    Missing(usize),
}

/// What the pair exchanges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PairKind {
    /// A product.
    Product,
    /// A by-product.
    Byproduct,
    /// A waste that another recipe uses.
    Waste,
}

impl PairKind {
    /// Stable key.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Product => "supply",
            Self::Byproduct => "byproduct",
            Self::Waste => "waste",
        }
    }
}

/// One pair with the quantity that both can agree on, base units a year.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// Who has it.
    pub from: Party,
    /// Who takes it.
    pub to: Party,
    /// What.
    pub product: usize,
    /// How much.
    pub quantity: f64,
    /// Kind.
    pub kind: PairKind,
}

/// Pairs each product's suppliers with its takers, largest with largest, no unit sold twice.
///
/// A plant offers its capacity (and the by-products and wastes of it) and takes
/// what its recipe needs at capacity; what it makes itself it takes first.
/// Demands take what their product is wanted for.
#[must_use]
pub fn matches(chain: &Chain, graph: &Graph, supply: &Supply) -> Vec<Pair> {
    let count = chain.products.len();
    let mut offers: Vec<Vec<(Party, f64, PairKind)>> = vec![Vec::new(); count];
    let mut takes: Vec<Vec<(Party, f64)>> = vec![Vec::new(); count];
    for (index, plant) in chain.plants.iter().enumerate() {
        let capacity = plant.capacity * supply.month.map_or(1.0, |m| chain.plants[index].running(m));
        let party = Party::Plant(plant.name.clone());
        offers[plant.product].push((party.clone(), capacity, PairKind::Product));
        for (recipe, share) in recipes_of_plant(graph, plant.product, plant.recipe) {
            for row in &chain.recipes[recipe].rows {
                let amount = capacity * share * row.amount;
                match row.role {
                    Role::Input => takes[row.product].push((party.clone(), amount)),
                    Role::Byproduct => offers[row.product].push((party.clone(), amount, PairKind::Byproduct)),
                    Role::Waste => offers[row.product].push((party.clone(), amount, PairKind::Waste)),
                }
            }
        }
    }
    for line in &supply.lines {
        if line.demand > 0.0 && !supply.at_capacity {
            takes[line.product].push((Party::Demand, line.demand));
        }
        // What is wanted and not made here would be a customer if it came.
        let short = (line.need - line.local).max(0.0);
        for (recipe, share) in &graph.choices[line.product].mix {
            for row in chain.recipes[*recipe].rows.iter().filter(|r| short > 0.0 && r.role == Role::Input) {
                takes[row.product].push((Party::Missing(line.product), short * share * row.amount));
            }
        }
    }
    (0..count).flat_map(|p| pair_up(p, &mut offers[p], &mut takes[p])).collect()
}

fn pair_up(product: usize, offers: &mut [(Party, f64, PairKind)], takes: &mut Vec<(Party, f64)>) -> Vec<Pair> {
    merge(takes);
    for (party, offer, _) in offers.iter_mut() {
        if let Some((_, take)) = takes.iter_mut().find(|(p, _)| p == party) {
            let own = offer.min(*take);
            *offer -= own;
            *take -= own;
        }
    }
    // Real takers before those that would have to come first; then by size.
    takes.sort_by(|a, b| {
        matches!(a.0, Party::Missing(_)).cmp(&matches!(b.0, Party::Missing(_))).then(b.1.total_cmp(&a.1)).then(a.0.cmp(&b.0))
    });
    offers.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut pairs = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < offers.len() && j < takes.len() {
        let quantity = offers[i].1.min(takes[j].1);
        if quantity > 0.0 {
            pairs.push(Pair { from: offers[i].0.clone(), to: takes[j].0.clone(), product, quantity, kind: offers[i].2 });
            offers[i].1 -= quantity;
            takes[j].1 -= quantity;
        }
        if offers[i].1 <= 0.0 { i += 1 } else { j += 1 }
    }
    pairs
}

fn merge(takes: &mut Vec<(Party, f64)>) {
    let mut merged: Vec<(Party, f64)> = Vec::new();
    for (party, amount) in takes.drain(..) {
        match merged.iter_mut().find(|(p, _)| *p == party) {
            Some((_, sum)) => *sum += amount,
            None => merged.push((party, amount)),
        }
    }
    *takes = merged;
}
