//! Gaps 短链与断链: deficits, weak links, and which gap unlocks most downstream.

use crate::definitions::assumptions;
use crate::flow::{Closures, Network};
use crate::model::{Chain, ProductKind, Role};
use crate::need::Graph;
use crate::supply::{Balance, State, Supply, recipes_of_plant};

/// Why a link is weak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weakness {
    /// Only one plant of the zone makes it.
    SingleSupplier,
    /// One plant makes more than the assumed share of what the zone makes.
    Dominant,
    /// It all comes from outside.
    ImportOnly,
}

impl Weakness {
    /// Stable key.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::SingleSupplier => "single_supplier",
            Self::Dominant => "dominant",
            Self::ImportOnly => "import_only",
        }
    }
}

/// One weak link.
#[derive(Debug, Clone, PartialEq)]
pub struct Weak {
    /// Which product.
    pub product: usize,
    /// Why.
    pub why: Weakness,
    /// The plant, where it is one.
    pub plant: Option<usize>,
    /// Its share of local supply, 0–1.
    pub share: f64,
}

/// Suppliers of every product in the zone: plant and yearly amount, by-products included, largest first.
#[must_use]
pub fn suppliers(chain: &Chain, graph: &Graph, running: impl Fn(usize) -> f64) -> Vec<Vec<(usize, f64)>> {
    let mut lists: Vec<Vec<(usize, f64)>> = vec![Vec::new(); chain.products.len()];
    let mut add = |product: usize, plant: usize, amount: f64| {
        if amount <= 0.0 {
            return;
        }
        let list = &mut lists[product];
        match list.iter_mut().find(|(p, _)| chain.plants[*p].name == chain.plants[plant].name) {
            Some((_, sum)) => *sum += amount,
            None => list.push((plant, amount)),
        }
    };
    for (index, plant) in chain.plants.iter().enumerate() {
        let capacity = plant.capacity * running(index);
        add(plant.product, index, capacity);
        for (recipe, share) in recipes_of_plant(graph, plant.product, plant.recipe) {
            for row in chain.recipes[recipe].rows.iter().filter(|r| r.role == Role::Byproduct) {
                add(row.product, index, row.amount * share * capacity);
            }
        }
    }
    for list in &mut lists {
        list.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    }
    lists
}

/// Weak links among the materials that are needed.
#[must_use]
pub fn weak_links(chain: &Chain, graph: &Graph, supply: &Supply) -> Vec<Weak> {
    let running = |p: usize| supply.month.map_or(1.0, |m| chain.plants[p].running(m));
    let suppliers = suppliers(chain, graph, running);
    let mut weak = Vec::new();
    for line in supply
        .lines
        .iter()
        .filter(|l| l.need > 0.0 && (l.counted || l.demand > 0.0 && chain.products[l.product].kind == ProductKind::Material))
    {
        let list = &suppliers[line.product];
        let total: f64 = list.iter().map(|(_, a)| a).sum();
        let product = line.product;
        match list.as_slice() {
            [] => weak.push(Weak { product, why: Weakness::ImportOnly, plant: None, share: 0.0 }),
            [(plant, _)] => weak.push(Weak { product, why: Weakness::SingleSupplier, plant: Some(*plant), share: 1.0 }),
            [(plant, amount), ..] if amount / total > assumptions().dominant_share.value / 100.0 => {
                weak.push(Weak { product, why: Weakness::Dominant, plant: Some(*plant), share: amount / total });
            }
            _ => {}
        }
    }
    weak
}

/// What filling one gap would unlock.
#[derive(Debug, Clone, PartialEq)]
pub struct Unlock {
    /// Which product.
    pub product: usize,
    /// Its gap, base units a year.
    pub gap: f64,
    /// Share of all demands (by price, else evenly) that rests on what is missing, 0–1.
    pub share: f64,
    /// Demand that rests on what is missing, yuan a year, where the demands have prices.
    pub value: Option<f64>,
    /// Investment to fill the gap, yuan, where it is known.
    pub invest: Option<f64>,
    /// Products on the way from here to the demands.
    pub downstream: usize,
    /// Points (0–1) that the rates by kinds, quantity and value would gain.
    pub gains: [Option<f64>; 3],
}

/// What each gap holds back, most per investment first (most value, then share, where none is known).
///
/// A demand rests on a missing input as far as that input is missing: with 40 %
/// of the copper foil from outside, 40 % of every cell's value does.
#[must_use]
pub fn unlocks(chain: &Chain, graph: &Graph, supply: &Supply) -> Vec<Unlock> {
    let demands: Vec<&Balance> = supply.lines.iter().filter(|l| l.demand > 0.0).collect();
    let priced = !demands.is_empty() && demands.iter().all(|d| chain.products[d.product].price.is_some());
    let mut list = Vec::new();
    for line in supply.lines.iter().filter(|l| l.counted && l.gap > 0.0) {
        let reached = downstream(graph, line.product);
        let missing = line.gap / line.need;
        let touched = || demands.iter().filter(|d| reached[d.product]);
        let value =
            priced.then(|| touched().map(|d| d.demand * chain.products[d.product].price.unwrap_or_default()).sum::<f64>() * missing);
        let all: f64 = demands.iter().map(|d| d.demand * chain.products[d.product].price.unwrap_or_default()).sum();
        let share = match value {
            Some(v) if all > 0.0 => v / all,
            _ => missing * touched().count() as f64 / demands.len().max(1) as f64,
        };
        let steps = supply.lines.iter().filter(|l| l.need > 0.0 && reached[l.product] && l.product != line.product).count();
        list.push(Unlock {
            product: line.product,
            gap: line.gap,
            share,
            value,
            invest: chain.products[line.product].invest.map(|i| i * line.gap),
            downstream: steps,
            gains: gains(chain, supply, line),
        });
    }
    let rank = |u: &Unlock| (u.value.zip(u.invest.filter(|i| *i > 0.0)).map(|(v, i)| v / i), u.value, u.share, u.downstream);
    list.sort_by(|a, b| {
        let ((ar, av, ash, ad), (br, bv, bsh, bd)) = (rank(a), rank(b));
        let number = |a: Option<f64>, b: Option<f64>| b.unwrap_or(-1.0).total_cmp(&a.unwrap_or(-1.0));
        number(ar, br).then(number(av, bv)).then(bsh.total_cmp(&ash)).then(bd.cmp(&ad)).then(a.product.cmp(&b.product))
    });
    list
}

/// Points that the three rates gain when one gap is filled.
fn gains(chain: &Chain, supply: &Supply, line: &Balance) -> [Option<f64>; 3] {
    let rates = &supply.rates;
    let per = |need: f64, part: f64| (need > 0.0).then(|| part / need);
    let kinds = per(rates.kinds.need, f64::from(u8::from(line.state == State::Broken)));
    let quantity = if rates.quantity.left_out.contains(&line.product) { None } else { per(rates.quantity.need, line.gap) };
    let value = chain.products[line.product].price.and_then(|p| per(rates.value.need, p * line.gap));
    [kinds, quantity, value]
}

/// Products that use `product` directly or on the way (itself included).
fn downstream(graph: &Graph, product: usize) -> Vec<bool> {
    let mut reached = vec![false; graph.uses.len()];
    let mut work = vec![product];
    while let Some(p) = work.pop() {
        if !std::mem::replace(&mut reached[p], true) {
            work.extend(graph.uses.row(p).map(|(user, _)| user));
        }
    }
    reached
}

/// What the stop of one plant costs: dependence on the chain leader 链主依赖.
#[derive(Debug, Clone, PartialEq)]
pub struct Dependence {
    /// Name of the plant (all its products stop).
    pub plant: String,
    /// Share of the demands (by price, else by amount or evenly) that is lost, 0–1.
    pub lost: f64,
    /// Products whose local output falls.
    pub products: usize,
}

/// Stops each plant in turn, worst first.
#[must_use]
pub fn dependence(chain: &Chain, graph: &Graph, supply: &Supply) -> Vec<Dependence> {
    let mut demand = vec![0.0; chain.products.len()];
    for line in &supply.lines {
        demand[line.product] = line.demand;
    }
    let demand = demand.as_slice();
    let network = Network::new(chain, graph);
    let running = |p: usize| supply.month.map_or(1.0, |m| chain.plants[p].running(m)) * chain.plants[p].capacity;
    let capacity = network.capacity(running);
    let plan = network.plan(&capacity, demand);
    let limits = crate::flow::import_limits(chain);
    let imports: Vec<f64> = plan.imports.iter().zip(&limits).map(|(i, l)| i.min(*l)).collect();
    let base = network.month(&plan.output, demand, &imports);
    let outputs = base.output.clone();
    let weight = demand_weights(chain, demand);
    let mut closures = Closures::new(&network, demand, &capacity, base.clone());
    let already = closures.lost(&base, &weight);
    let mut names: std::collections::BTreeMap<&str, Vec<(usize, f64)>> = std::collections::BTreeMap::new();
    for (index, plant) in chain.plants.iter().enumerate() {
        names.entry(&plant.name).or_default().push((index, running(index)));
    }
    let mut list: Vec<Dependence> = names
        .into_iter()
        .map(|(name, rows)| {
            let state = closures.stop_all(&rows, Clone::clone);
            let fallen = |a: &usize| state.output[*a] < outputs[*a] * (1.0 - 1e-9);
            let mut products: Vec<u32> = (0..outputs.len()).filter(fallen).map(|a| network.activities[a].product).collect();
            products.sort_unstable();
            products.dedup();
            Dependence { plant: name.to_owned(), lost: (closures.lost(&state, &weight) - already).max(0.0), products: products.len() }
        })
        .collect();
    list.sort_by(|a, b| b.lost.total_cmp(&a.lost).then(b.products.cmp(&a.products)).then(a.plant.cmp(&b.plant)));
    list
}

/// Weights of the demands: price where all have one, 1 where all are measured alike, else each demand counts evenly.
fn demand_weights(chain: &Chain, demand: &[f64]) -> Vec<f64> {
    let wanted: Vec<usize> = (0..demand.len()).filter(|p| demand[*p] > 0.0).collect();
    let alike = wanted.windows(2).all(|w| chain.products[w[0]].quantity == chain.products[w[1]].quantity);
    let priced = wanted.iter().all(|p| chain.products[*p].price.is_some());
    (0..demand.len())
        .map(|p| match () {
            () if demand[p] <= 0.0 => 0.0,
            () if priced => chain.products[p].price.unwrap_or_default(),
            () if alike => 1.0,
            () => 1.0 / demand[p],
        })
        .collect()
}
