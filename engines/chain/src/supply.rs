//! Local supply 本地供给: need, what the zone can make, rates by kinds, quantity and value.
//!
//! Three definitions, each named where it is shown:
//! - **by kinds** 按种类: inputs of which the zone makes any / inputs needed.
//!   This is how zones publish it ("33 kinds of basic materials, 65 % local").
//! - **by quantity** 按数量: Σ min(local, need) / Σ need, over inputs measured by mass
//!   (the commonest quantity where none is); what is measured otherwise is named as left out.
//! - **by value** 按价值: the same sum weighted by price; inputs without price are named as left out.
//!
//! An input is a material that some recipe of the chain uses to meet the
//! demands; what is only demanded, energy, water, services and wastes are not counted.

use crate::amount::Month;
use crate::model::{Chain, ProductKind, Role};
use crate::need::{Bound, Graph, demands, sold_at_capacity};
use values::Confidence;
use values::unit::Quantity;

/// State of a product 短链 / 断链.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nothing is needed.
    Idle,
    /// The zone makes as much as is needed.
    Enough,
    /// 短链: the zone makes some, not enough.
    Short,
    /// 断链: the zone makes none.
    Broken,
}

impl State {
    /// Stable key.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Enough => "enough",
            Self::Short => "short",
            Self::Broken => "broken",
        }
    }
}

/// What is needed and made of one product, base units a year.
#[derive(Debug, Clone)]
pub struct Balance {
    /// Which product.
    pub product: usize,
    /// Total need: demand and all uses on the way to the demands.
    pub need: f64,
    /// Lowest and highest need by the coefficients' ranges; None if the highest has no answer.
    pub need_range: (f64, Option<f64>),
    /// Of it wanted at the chain's end.
    pub demand: f64,
    /// What the zone's plants can make, by-products included.
    pub local: f64,
    /// Of it as a by-product.
    pub byproduct: f64,
    /// min(local, need) / need; None if nothing is needed.
    pub rate: Option<f64>,
    /// need − local where positive.
    pub gap: f64,
    /// State.
    pub state: State,
    /// Counted in the rates.
    pub counted: bool,
    /// Lowest confidence of what the line rests on.
    pub confidence: Confidence,
}

/// One rate with its parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Rate {
    /// 0–1; None with a reason.
    pub value: Option<f64>,
    /// Lowest and highest by the coefficients' ranges (outer bounds).
    pub range: Option<(f64, f64)>,
    /// Numerator.
    pub local: f64,
    /// Denominator.
    pub need: f64,
    /// Counted inputs that this definition cannot hold.
    pub left_out: Vec<usize>,
    /// Key of the reason why there is no value.
    pub reason: Option<&'static str>,
}

/// The three rates.
#[derive(Debug, Clone, PartialEq)]
pub struct Rates {
    /// By kinds.
    pub kinds: Rate,
    /// By quantity.
    pub quantity: Rate,
    /// By value.
    pub value: Rate,
}

/// Everything that `supply` finds.
#[derive(Debug, Clone)]
pub struct Supply {
    /// One line a product that is needed or made, in the order of the chain.
    pub lines: Vec<Balance>,
    /// Potential rates: by capacity.
    pub rates: Rates,
    /// Actual rates: by purchases; None where no purchase is known.
    pub actual: Option<Rates>,
    /// Demands were not given, so all plants run at capacity.
    pub at_capacity: bool,
    /// Month of which the capacities are; None if no plant has a date.
    pub month: Option<Month>,
    /// Largest share of need measured differently in the quantity rate.
    pub quantity: Option<Quantity>,
}

/// What a question about supply may fix.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// Month of which the capacities are; the last of the horizon if none.
    pub month: Option<Month>,
    /// Only these products are counted; all material inputs if none.
    pub view: Option<Vec<usize>>,
}

/// Yearly capacity of each product in a month, and what of it is by-product.
///
/// A plant without a month (no date anywhere) counts in full.
#[must_use]
pub fn capacities(chain: &Chain, graph: &Graph, month: Option<Month>) -> (Vec<f64>, Vec<f64>) {
    capacities_by(chain, graph, |plant| month.map_or(1.0, |m| chain.plants[plant].running(m)))
}

/// As [`capacities`], with the running share of each plant given.
#[must_use]
pub fn capacities_by(chain: &Chain, graph: &Graph, running: impl Fn(usize) -> f64) -> (Vec<f64>, Vec<f64>) {
    let mut own = vec![0.0; chain.products.len()];
    let mut byproduct = vec![0.0; chain.products.len()];
    for (index, plant) in chain.plants.iter().enumerate() {
        let capacity = plant.capacity * running(index);
        own[plant.product] += capacity;
        for (recipe, share) in recipes_of_plant(graph, plant.product, plant.recipe) {
            for row in chain.recipes[recipe].rows.iter().filter(|r| r.role == Role::Byproduct) {
                byproduct[row.product] += capacity * share * row.amount;
            }
        }
    }
    (own, byproduct)
}

/// Recipes that a plant runs, with shares: the one it names, else the product's mix.
#[must_use]
pub fn recipes_of_plant(graph: &Graph, product: usize, named: Option<usize>) -> Vec<(usize, f64)> {
    named.map_or_else(|| graph.choices[product].mix.clone(), |recipe| vec![(recipe, 1.0)])
}

/// Month whose capacities are taken when none is asked for: December of the year of the latest start.
#[must_use]
pub fn as_of(chain: &Chain) -> Option<Month> {
    let latest = chain.latest_start().or_else(|| chain.plants.iter().filter_map(|p| p.to).min());
    latest.and_then(|m| Month::of(m.year(), 12))
}

/// Capacities and demands given by the caller, base units a year.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// Capacity by product.
    pub own: &'a [f64],
    /// By-products by product.
    pub byproduct: &'a [f64],
    /// Demand by product.
    pub demand: &'a [f64],
}

/// Computes need, local supply and the rates.
#[must_use]
pub fn supply(chain: &Chain, graph: &Graph, question: &Question) -> Supply {
    let month = question.month.or_else(|| as_of(chain));
    let (own, byproduct) = capacities(chain, graph, month);
    let demand = if chain.demands.is_empty() { sold_at_capacity(chain, graph, &own) } else { demands(chain) };
    supply_with(chain, graph, question, month, &Given { own: &own, byproduct: &byproduct, demand: &demand })
}

/// As [`supply`], for capacities and demands given by the caller.
#[must_use]
pub fn supply_with(chain: &Chain, graph: &Graph, question: &Question, month: Option<Month>, given: &Given) -> Supply {
    let Given { own, byproduct, demand } = given;
    let at_capacity = chain.demands.is_empty();
    let need = graph.need(demand);
    let low = Graph::with(chain, graph.choices.clone(), Bound::Low).need(demand);
    let high_graph = Graph::with(chain, graph.choices.clone(), Bound::High);
    let high = high_graph.unproductive().is_empty().then(|| high_graph.need(demand));
    let sure = graph.confidence(chain, &need);
    let plant_sure = plant_confidence(chain, graph);
    let mut lines = Vec::new();
    for product in 0..chain.products.len() {
        let local = own[product] + byproduct[product];
        let tiny = 1e-12 * need[product].abs();
        if need[product] <= 0.0 && local <= 0.0 {
            continue;
        }
        let used = need[product] - demand[product] > tiny;
        let (mut product_need, mut range) = (need[product], (low[product], high.as_ref().map(|h| h[product])));
        if chain.products[product].kind == ProductKind::Activity && product_need > 0.0 {
            // An activity is there or not: needed once, however many others lean on it.
            (product_need, range) = (1.0, (1.0, Some(1.0)));
        }
        let in_view = question.view.as_ref().is_none_or(|v| v.contains(&product));
        let counted = used && in_view && matches!(chain.products[product].kind, ProductKind::Material | ProductKind::Activity);
        lines.push(Balance {
            product,
            need: product_need,
            need_range: range,
            demand: demand[product],
            local,
            byproduct: byproduct[product],
            rate: (product_need > 0.0).then(|| (local / product_need).min(1.0)),
            gap: (product_need - local).max(0.0),
            state: state(product_need, local),
            counted,
            confidence: sure[product].lower(plant_sure[product]),
        });
    }
    let quantity = common_quantity(chain, &lines);
    let rates = rates(chain, &lines, quantity);
    let actual = actual(chain, &lines, quantity);
    Supply { lines, rates, actual, at_capacity, month, quantity }
}

fn state(need: f64, local: f64) -> State {
    // Twelve digits are kept; a difference beyond them is rounding, not a shortage.
    match () {
        () if need <= 0.0 => State::Idle,
        () if local >= need * (1.0 - 1e-12) => State::Enough,
        () if local > 0.0 => State::Short,
        () => State::Broken,
    }
}

/// Lowest confidence of what makes each product here: capacities, and yields of by-products.
fn plant_confidence(chain: &Chain, graph: &Graph) -> Vec<Confidence> {
    let mut sure = vec![Confidence::A; chain.products.len()];
    for plant in &chain.plants {
        sure[plant.product] = sure[plant.product].lower(plant.confidence);
        for (recipe, _) in recipes_of_plant(graph, plant.product, plant.recipe) {
            for row in chain.recipes[recipe].rows.iter().filter(|r| r.role == Role::Byproduct) {
                sure[row.product] = sure[row.product].lower(plant.confidence).lower(row.confidence);
            }
        }
    }
    sure
}

/// Quantity in which the counted inputs are added up: mass, or the commonest where nothing is weighed.
fn common_quantity(chain: &Chain, lines: &[Balance]) -> Option<Quantity> {
    let counted = || lines.iter().filter(|l| l.counted).map(|l| chain.products[l.product].quantity);
    if counted().any(|q| q == Quantity::Mass) {
        return Some(Quantity::Mass);
    }
    counted().max_by_key(|q| (counted().filter(|other| other == q).count(), std::cmp::Reverse(*q)))
}

/// The three rates over the counted lines.
#[must_use]
pub fn rates(chain: &Chain, lines: &[Balance], quantity: Option<Quantity>) -> Rates {
    let counted: Vec<&Balance> = lines.iter().filter(|l| l.counted).collect();
    let made = counted.iter().filter(|l| l.local > 0.0).count() as f64;
    let all = counted.len() as f64;
    let kinds = Rate {
        value: (all > 0.0).then(|| made / all),
        range: (all > 0.0).then(|| (made / all, made / all)),
        local: made,
        need: all,
        left_out: Vec::new(),
        reason: (all == 0.0).then_some("no_inputs"),
    };
    let weight = |l: &Balance| (Some(chain.products[l.product].quantity) == quantity).then_some(1.0);
    let price = |l: &Balance| chain.products[l.product].price;
    Rates { kinds, quantity: weighted(&counted, weight, "no_inputs"), value: weighted(&counted, price, "no_prices") }
}

fn weighted(counted: &[&Balance], weight: impl Fn(&Balance) -> Option<f64>, reason: &'static str) -> Rate {
    let (mut local, mut need) = (0.0, 0.0);
    let (mut left_out, mut boxes) = (Vec::new(), Vec::new());
    for line in counted {
        let Some(weight) = weight(line) else {
            left_out.push(line.product);
            continue;
        };
        local += weight * line.local.min(line.need);
        need += weight * line.need;
        boxes.push((weight, line.local, line.need_range.0.min(line.need), line.need_range.1.map(|h| h.max(line.need))));
    }
    let value = (need > 0.0).then(|| local / need);
    let range = value.and_then(|v| rate_range(v, &boxes));
    let why = if counted.is_empty() { "no_inputs" } else { reason };
    Rate { value, range, local, need, left_out, reason: value.is_none().then_some(why) }
}

/// Outer bounds of Σ w·min(L, n) / Σ w·n when each need n moves freely within its range.
///
/// A need below L raises the rate as it grows and one above lowers it, so the
/// highest rate has every n at L clamped into its range; the lowest has every n
/// at an end, found by Dinkelbach's iteration.
fn rate_range(start: f64, boxes: &[(f64, f64, f64, Option<f64>)]) -> Option<(f64, f64)> {
    let boxes: Vec<(f64, f64, f64, f64)> = boxes.iter().map(|(w, l, a, b)| Some((*w, *l, *a, (*b)?))).collect::<Option<_>>()?;
    let ratio = |pick: &dyn Fn(f64, f64, f64) -> f64| {
        let (mut up, mut down) = (0.0, 0.0);
        for (w, l, a, b) in &boxes {
            let n = pick(*l, *a, *b);
            up += w * l.min(n);
            down += w * n;
        }
        if down > 0.0 { up / down } else { 1.0 }
    };
    let highest = ratio(&|l, a, b| l.clamp(a, b));
    let mut lowest = start;
    for _ in 0..60 {
        let next = ratio(&|l, a, b| if l.min(a) - lowest * a <= l.min(b) - lowest * b { a } else { b });
        if next >= lowest - 1e-15 {
            break;
        }
        lowest = next;
    }
    Some((lowest, highest.max(start)))
}

/// Actual rates: local purchases / purchases, over the counted inputs with a purchase.
fn actual(chain: &Chain, lines: &[Balance], quantity: Option<Quantity>) -> Option<Rates> {
    if chain.purchases.is_empty() {
        return None;
    }
    let bought: Vec<Balance> = chain
        .purchases
        .iter()
        .filter(|p| p.total > 0.0)
        .map(|p| {
            let counted = lines.iter().find(|l| l.product == p.product).is_none_or(|l| l.counted);
            Balance {
                product: p.product,
                need: p.total,
                need_range: (p.total, Some(p.total)),
                demand: 0.0,
                local: p.local,
                byproduct: 0.0,
                rate: Some(p.local / p.total),
                gap: p.total - p.local,
                state: state(p.total, p.local),
                counted,
                confidence: Confidence::A,
            }
        })
        .collect();
    Some(rates(chain, &bought, quantity))
}
