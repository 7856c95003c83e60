//! Names 名称: which names mean one product, which unit and name it is printed with.

use crate::model::{Chain, comparable};
use std::collections::HashMap;
use values::unit::{self, Quantity};

/// Names joined into groups; a group holds one product for each quantity it is measured in.
#[derive(Debug, Default)]
pub struct Names {
    group_of: HashMap<String, usize>,
    parent: Vec<usize>,
    products: Vec<Vec<usize>>,
}

impl Names {
    /// Says that two names mean one product; either may be empty. Returns the group.
    pub fn join(&mut self, one: &str, other: &str) -> usize {
        let mut groups = [one, other].into_iter().filter(|n| !n.trim().is_empty()).map(|name| {
            let name = comparable(name);
            *self.group_of.entry(name).or_insert_with(|| {
                self.parent.push(self.parent.len());
                self.products.push(Vec::new());
                self.parent.len() - 1
            })
        });
        let first = groups.next().unwrap_or(0);
        let second = groups.next().unwrap_or(first);
        if self.parent.is_empty() {
            return 0;
        }
        let (a, b) = (self.root(first), self.root(second));
        let (low, high) = (a.min(b), a.max(b));
        if low != high {
            self.parent[high] = low;
            let moved = std::mem::take(&mut self.products[high]);
            self.products[low].extend(moved);
        }
        low
    }

    fn root(&self, mut group: usize) -> usize {
        while self.parent[group] != group {
            group = self.parent[group];
        }
        group
    }

    /// Group of a name.
    #[must_use]
    pub fn group(&self, name: &str) -> Option<usize> {
        self.group_of.get(&comparable(name)).map(|g| self.root(*g))
    }

    /// Products of a group.
    #[must_use]
    pub fn products(&self, group: usize) -> &[usize] {
        self.products.get(self.root(group)).map_or(&[], Vec::as_slice)
    }

    /// Adds a product to a group.
    pub fn add_product(&mut self, group: usize, product: usize) {
        let root = self.root(group);
        self.products[root].push(product);
    }

    /// All names with their group.
    pub fn all(&self) -> impl Iterator<Item = (String, usize)> + '_ {
        self.group_of.iter().map(|(name, group)| (name.clone(), self.root(*group)))
    }

    /// Up to three names that look like `name`, for a finding.
    #[must_use]
    pub fn like(&self, name: &str) -> String {
        let name = comparable(name);
        let mut scored: Vec<(f64, &str)> = self
            .group_of
            .keys()
            .map(|known| {
                (
                    strsim::jaro_winkler(&name, known) + f64::from(u8::from(known.contains(&name) || name.contains(known.as_str()))),
                    known.as_str(),
                )
            })
            .filter(|(score, _)| *score > 0.7)
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        scored.iter().take(3).map(|(_, n)| *n).collect::<Vec<_>>().join("、")
    }
}

/// Chooses the unit in which each product is printed.
///
/// A demand's unit first, a plant's next. A mass that has neither takes the
/// mass unit of the first demand (or plant) when that is kg or g, otherwise t:
/// what a GWh of cells needs is read in tonnes although recipes say kg.
pub fn print_units(chain: &mut Chain) {
    let demanded: Vec<usize> = chain.demands.iter().map(|d| d.product).collect();
    let mut given: Vec<Option<&'static unit::Unit>> = vec![None; chain.products.len()];
    for plant in chain.plants.iter().rev() {
        given[plant.product] = Some(plant.unit);
    }
    for product in &demanded {
        given[*product] = Some(chain.products[*product].unit);
    }
    let first_mass = demanded
        .iter()
        .map(|p| chain.products[*p].unit)
        .chain(chain.plants.iter().map(|p| p.unit))
        .find(|u| u.quantity == Quantity::Mass)
        .filter(|u| matches!(u.name, "kg" | "g"))
        .or_else(|| unit::find("t"));
    let any_flow = !chain.demands.is_empty() || !chain.plants.is_empty();
    for (product, unit) in chain.products.iter_mut().zip(given) {
        match (unit, first_mass) {
            (Some(unit), _) => product.unit = unit,
            (None, Some(mass)) if product.quantity == Quantity::Mass && any_flow => product.unit = mass,
            _ => {}
        }
    }
}

/// Names a product after the recipe that makes it, and tells products of one
/// name that are measured differently apart by their unit.
pub fn print_names(chain: &mut Chain) {
    let best = crate::routes::choose(chain);
    for (product, choice) in best.iter().enumerate() {
        if let Some(recipe) = choice.mix.first() {
            chain.products[product].id = chain.recipes[recipe.0].written.clone();
        }
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    for index in 0..chain.products.len() {
        let key = comparable(chain.products[index].name(values::Lang::Zh));
        if seen.insert(key, index).is_some() {
            let unit = chain.products[index].unit.name;
            let product = &mut chain.products[index];
            if !product.zh.is_empty() {
                product.zh = format!("{}（{unit}）", product.zh);
            }
            product.id = format!("{} ({unit})", product.id);
        }
    }
}
