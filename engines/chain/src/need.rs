//! Need 需求展开: what the demands take of every product, down to the raw materials.

use crate::amount::decimal;
use crate::model::{Chain, Role};
use crate::notes::Notes;
use crate::routes::{Choice, choose_with};
use crate::sparse::{Rows, Solver, heaviest_cycle};
use values::Confidence;

/// Which end of the coefficients' ranges to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// As given.
    Given,
    /// All at their lowest.
    Low,
    /// All at their highest.
    High,
}

/// The graph for one choice of routes: row p, column q = p used for one q.
#[derive(Debug, Clone)]
pub struct Graph {
    /// How the need of each product is made.
    pub choices: Vec<Choice>,
    /// Use of p by q.
    pub uses: Rows,
    solver: Solver,
}

/// A cycle that uses up more than it makes.
#[derive(Debug, Clone, PartialEq)]
pub struct Cycle {
    /// Products in order of use.
    pub products: Vec<usize>,
    /// Units used up for one unit made, around the cycle.
    pub gain: f64,
}

impl Graph {
    /// Builds the graph with the chosen routes; `asked` are recipes that the person asked for.
    #[must_use]
    pub fn new(chain: &Chain, asked: &[usize]) -> Self {
        let choices = choose_with(chain, asked);
        Self::with(chain, choices, Bound::Given)
    }

    /// Builds the graph for choices made before, at one end of the ranges.
    #[must_use]
    pub fn with(chain: &Chain, choices: Vec<Choice>, bound: Bound) -> Self {
        let mut entries = Vec::new();
        for choice in &choices {
            for (recipe, share) in &choice.mix {
                let recipe = &chain.recipes[*recipe];
                for row in recipe.rows.iter().filter(|r| r.role == Role::Input) {
                    let amount = match bound {
                        Bound::Given => row.amount,
                        Bound::Low => row.low.unwrap_or(row.amount).min(row.amount),
                        Bound::High => row.high.unwrap_or(row.amount).max(row.amount),
                    };
                    entries.push((row.product as u32, recipe.product as u32, amount * share));
                }
            }
        }
        let uses = Rows::new(chain.products.len(), entries);
        let solver = Solver::new(uses.clone());
        Self { choices, uses, solver }
    }

    /// Cycles that can never meet a demand.
    #[must_use]
    pub fn unproductive(&self) -> Vec<Cycle> {
        self.solver
            .unproductive
            .iter()
            .map(|nodes| {
                let (cycle, gain) = heaviest_cycle(&self.uses, nodes);
                Cycle { products: cycle.into_iter().map(|v| v as usize).collect(), gain }
            })
            .collect()
    }

    /// Notes every unproductive cycle as an error, named.
    pub fn note_unproductive(&self, chain: &Chain, notes: &mut Notes) {
        for cycle in self.unproductive() {
            let names: Vec<&str> = cycle.products.iter().map(|p| chain.products[*p].name(notes.lang)).collect();
            let place = cycle.products.first().and_then(|p| self.choices[*p].mix.first()).map(|(r, _)| chain.recipes[*r].place.clone());
            let (path, gain) = (names.join(" ← "), decimal(cycle.gain));
            notes.error("chain.unproductive", &place.unwrap_or_default(), "amount", &path, &[("cycle", &path), ("gain", &gain)]);
        }
    }

    /// Total need of every product for these demands: n = d + A·n.
    #[must_use]
    pub fn need(&self, demand: &[f64]) -> Vec<f64> {
        self.solver.solve(demand)
    }

    /// Solves the transposed system: what one unit more at each product is worth, given `weight` on needs.
    #[must_use]
    pub fn adjoint(&self, weight: &[f64]) -> Vec<f64> {
        Solver::new(self.uses.transposed()).solve(weight)
    }

    /// Lowest confidence of the coefficients that each product's need rests on.
    #[must_use]
    pub fn confidence(&self, chain: &Chain, need: &[f64]) -> Vec<Confidence> {
        let mut sure = vec![Confidence::A; chain.products.len()];
        // A product whose confidence fell hands it on; each falls twice at most.
        let mut work: Vec<usize> = (0..chain.products.len()).collect();
        while let Some(product) = work.pop() {
            if need[product] <= 0.0 {
                continue;
            }
            for (recipe, _) in &self.choices[product].mix {
                for row in chain.recipes[*recipe].rows.iter().filter(|r| r.role == Role::Input) {
                    let lower = sure[row.product].lower(row.confidence).lower(sure[product]);
                    if lower != sure[row.product] {
                        sure[row.product] = lower;
                        work.push(row.product);
                    }
                }
            }
        }
        sure
    }
}

/// Demands of a chain by product.
#[must_use]
pub fn demands(chain: &Chain) -> Vec<f64> {
    let mut demand = vec![0.0; chain.products.len()];
    for d in &chain.demands {
        demand[d.product] += d.amount;
    }
    demand
}

/// Where no demand is given: all plants run, and what they do not use of each other's is sold.
#[must_use]
pub fn sold_at_capacity(chain: &Chain, graph: &Graph, capacity: &[f64]) -> Vec<f64> {
    let used = |product: usize| graph.uses.row(product).map(|(user, amount)| amount * capacity[user]).sum::<f64>();
    (0..chain.products.len()).map(|product| (capacity[product] - used(product)).max(0.0)).collect()
}
