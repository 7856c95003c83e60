//! Sensitivity 敏感性: how much the rate by quantity moves with each coefficient.

use crate::model::{Chain, Role};
use crate::need::Graph;
use crate::supply::Supply;

/// Effect of one coefficient on the rate by quantity.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// Recipe and row.
    pub recipe: usize,
    /// Row within the recipe.
    pub row: usize,
    /// Change of the rate (0–1) for a coefficient 1 % higher, to first order.
    pub per_percent: f64,
    /// Change of the rate when the coefficient goes to its low, and to its high, to first order.
    pub swing: (f64, f64),
}

/// Effects of all coefficients, strongest first.
///
/// One adjoint solve gives them all: f = N/D with N = Σ min(L, n), D = Σ n
/// over the weighed inputs; ∂f/∂n is 1/D·(1 − f) below L and −f/D above, and
/// ∂f/∂c(p←q) = λ(p)·n(q) with (I − Aᵀ)λ = ∂f/∂n.
#[must_use]
pub fn effects(chain: &Chain, graph: &Graph, supply: &Supply) -> Vec<Effect> {
    let rate = &supply.rates.quantity;
    let Some(f) = rate.value else { return Vec::new() };
    let mut gradient = vec![0.0; chain.products.len()];
    let mut need = vec![0.0; chain.products.len()];
    for line in &supply.lines {
        need[line.product] = line.need;
        if line.counted && !rate.left_out.contains(&line.product) {
            gradient[line.product] = (f64::from(u8::from(line.need <= line.local)) - f) / rate.need;
        }
    }
    let worth = graph.adjoint(&gradient);
    let mut effects = Vec::new();
    for choice in &graph.choices {
        for (recipe, share) in &choice.mix {
            let made = need[chain.recipes[*recipe].product] * share;
            for (at, row) in chain.recipes[*recipe].rows.iter().enumerate().filter(|(_, r)| r.role == Role::Input) {
                let slope = worth[row.product] * made;
                let swing = |end: Option<f64>| end.map_or(0.0, |e| slope * (e - row.amount));
                effects.push(Effect {
                    recipe: *recipe,
                    row: at,
                    per_percent: slope * row.amount * 0.01,
                    swing: (swing(row.low), swing(row.high)),
                });
            }
        }
    }
    effects.retain(|e| e.per_percent != 0.0);
    effects.sort_by(|a, b| b.per_percent.abs().total_cmp(&a.per_percent.abs()));
    effects
}
