//! `suyuan bench chain`: 10,000 products with 100,000 uses.
//!
//! Checked first: the need against its own equation, closures against a plain
//! repeat-until-still computation of the same rules.

use super::portfolio::random;
use super::{Report, median_time};
use anyhow::{Result, ensure};
use chain::Graph;
use chain::flow::{Closures, Network, import_limits};
use chain::model::{Chain, Plant, Product, ProductKind, Recipe, Role, Row};
use values::Confidence;
use values::unit::{self, Quantity};

/// A layered chain with a few recycles; every product has a plant of about four fifths of what is wanted.
fn random_chain(products: usize, uses: usize, recycles: usize) -> Result<Chain> {
    let mut state = 10_000;
    let tonne = unit::find("t").ok_or_else(|| anyhow::anyhow!("t"))?;
    let product = |i: usize| Product {
        id: format!("P{i}"),
        zh: String::new(),
        code: String::new(),
        kind: ProductKind::Material,
        quantity: Quantity::Mass,
        unit: tonne,
        formula: String::new(),
        content: false,
        price: None,
        invest: None,
        stage: String::new(),
        place: String::new(),
    };
    let mut chain = Chain { products: (0..products).map(product).collect(), ..Chain::default() };
    let each = uses / products;
    for q in 0..products {
        let mut recipe = Recipe {
            product: q,
            written: String::new(),
            unit: tonne,
            route: String::new(),
            rows: Vec::new(),
            share: None,
            default: false,
            confidence: Confidence::A,
            place: String::new(),
        };
        for _ in 0..each + usize::from(q < products - 1) {
            let p = q + 1 + (random(&mut state) * (products - q) as f64) as usize;
            if p < products {
                recipe.rows.push(row(p, random(&mut state) * 1.6 / each as f64, tonne));
            }
        }
        if q % (products / recycles) == 7 && q > 50 {
            recipe.rows.push(row(q - 1 - (random(&mut state) * 20.0) as usize, 0.1, tonne));
        }
        chain.recipes.push(recipe);
    }
    for d in 0..50 {
        chain.demands.push(chain::model::Quantum { product: d, amount: 1000.0, place: String::new() });
    }
    let graph = Graph::new(&chain, &[]);
    let need = graph.need(&chain::need::demands(&chain));
    for (product, need) in need.iter().enumerate() {
        chain.plants.push(Plant {
            name: format!("W{product}"),
            product,
            recipe: None,
            capacity: need * (0.6 + 0.4 * random(&mut state)),
            unit: tonne,
            from: None,
            to: None,
            ramp: Vec::new(),
            outages: Vec::new(),
            confidence: Confidence::A,
            place: String::new(),
        });
    }
    Ok(chain)
}

fn row(product: usize, amount: f64, unit: &'static unit::Unit) -> Row {
    Row {
        product,
        role: Role::Input,
        unit,
        amount,
        low: None,
        high: None,
        confidence: Confidence::A,
        basis: String::new(),
        written: String::new(),
        source: String::new(),
        place: String::new(),
    }
}

/// The rules of a shortage, repeated over all products until nothing moves.
fn plainly(chain: &Chain, demand: &[f64], wish: &[f64], imports: &[f64], stopped: usize) -> Vec<f64> {
    let mut wanted = demand.to_vec();
    for (q, recipe) in chain.recipes.iter().enumerate() {
        recipe.rows.iter().for_each(|r| wanted[r.product] += r.amount * wish[q]);
    }
    let mut output = wish.to_vec();
    output[stopped] = 0.0;
    loop {
        let ratio: Vec<f64> =
            (0..wish.len()).map(|p| if wanted[p] <= 0.0 { 1.0 } else { ((output[p] + imports[p]) / wanted[p]).min(1.0) }).collect();
        let mut moved = 0.0f64;
        for (q, recipe) in chain.recipes.iter().enumerate() {
            let limit = recipe.rows.iter().map(|r| ratio[r.product]).fold(1.0, f64::min);
            let next = if q == stopped { 0.0 } else { wish[q] * limit };
            moved = moved.max((next - output[q]).abs() / (wish[q] + 1e-9));
            output[q] = next;
        }
        if moved < 1e-13 {
            return output;
        }
    }
}

/// Runs it.
pub fn run() -> Result<Report> {
    let chain = random_chain(10_000, 100_000, 100)?;
    let uses: usize = chain.recipes.iter().map(|r| r.rows.len()).sum();
    let graph = Graph::new(&chain, &[]);
    let demand = chain::need::demands(&chain);
    let need = graph.need(&demand);
    for product in 0..need.len() {
        let used: f64 = graph.uses.row(product).map(|(q, c)| c * need[q]).sum();
        ensure!((need[product] - demand[product] - used).abs() <= 1e-9 * need[product].abs().max(1.0), "需要量不满足自身方程");
    }
    let network = Network::new(&chain, &graph);
    let capacity = network.capacity(|p| chain.plants[p].capacity);
    let plan = network.plan(&capacity, &demand);
    let imports: Vec<f64> = plan.imports.iter().zip(import_limits(&chain)).map(|(i, l)| i.min(l)).collect();
    let base = network.month(&plan.output, &demand, &imports);
    let mut closures = Closures::new(&network, &demand, &capacity, base);
    // Activities stand in the order of the products here: one plant, one recipe each.
    for stopped in [0, 7, 4_321, 9_000, 9_999] {
        let got = closures.stop(stopped, chain.plants[stopped].capacity, |state| state.output.clone());
        let expected = plainly(&chain, &demand, &plan.output, &imports, stopped);
        for (g, e) in got.iter().zip(&expected) {
            ensure!((g - e).abs() <= 1e-9 * (e.abs() + 1.0), "停产 {stopped} 与逐步重算的不同：{g} {e}");
        }
    }
    let mut report = Report::new("chain", true);
    let mut time = |work: &str, runs: usize, unit: &str, run: &mut dyn FnMut()| {
        let took = median_time(runs, run).as_secs_f64();
        report.push(work, format!("{:.3}", if unit == "ms" { took * 1e3 } else { took }), unit);
    };
    let size = format!("10000 products, {uses} uses");
    time(&format!("need of all products once, {size}"), 51, "ms", &mut || {
        std::hint::black_box(graph.need(&demand));
    });
    let mut at = 0;
    time("one what-if: a plant stops, loss downstream and of the demand (median of 2001 plants)", 2001, "ms", &mut || {
        at = (at + 4_999) % 10_000;
        std::hint::black_box(closures.stop(at, chain.plants[at].capacity, |s| s.output[0]));
    });
    let mut total = 0.0;
    time("all 10000 single closures", 5, "s", &mut || {
        total = 0.0;
        for plant in 0..10_000 {
            total += closures.stop(plant, chain.plants[plant].capacity, |state| state.ratio[0]);
        }
    });
    std::hint::black_box(total);
    time("plan of one month from nothing", 21, "ms", &mut || {
        std::hint::black_box(network.plan(&capacity, &demand));
    });
    let changes = [(chain::whatif::Action::Stop, "W4321".to_owned())];
    time("whole what-if report: both sides, twelve months, imports, surplus, rates with interval", 5, "ms", &mut || {
        let mut notes = chain::Notes::default();
        let scenario = chain::whatif::scenario(&chain, &changes, None, &mut notes);
        std::hint::black_box(scenario.run(&graph, &chain::supply::Question::default()));
    });
    time("graph, order and factors from the chain", 5, "ms", &mut || {
        std::hint::black_box(Graph::new(&chain, &[]));
    });
    Ok(report)
}
