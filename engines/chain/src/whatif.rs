//! What-if 试算: add, enlarge, delay or stop a plant; loss downstream and surplus upstream by month.
//!
//! Before and after are both computed as months of [`crate::flow`]. Additions are planned:
//! imports follow. Reductions are disruptions: imports stay at what was planned before them,
//! other plants of the product take over as far as their capacity goes, stocks are used up
//! first, what is short is shared out in proportion, and plants upstream keep running, so that
//! what nobody takes any more is surplus.

use crate::amount::{self, Month};
use crate::flow::{Network, State};
use crate::model::{Chain, Plant, comparable};
use crate::need::{Graph, demands, sold_at_capacity};
use crate::notes::Notes;
use crate::supply::{Given, Question, Supply, capacities_by, supply_with};

/// What is done to a plant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Stop 停产.
    Stop,
    /// Add 新增.
    Add,
    /// Another capacity 扩产 or 减产.
    Resize,
    /// Begin later 推迟.
    Delay,
}

impl Action {
    /// Stable key.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Add => "add",
            Self::Resize => "resize",
            Self::Delay => "delay",
        }
    }
}

/// What happens to one plant row.
#[derive(Debug, Clone, PartialEq)]
enum Effect {
    /// Nothing runs in this span.
    Stop(Month, Month),
    /// Not there before, there after.
    Add,
    /// Capacity after.
    Resize(f64),
    /// Months later.
    Delay(i32),
}

/// Changes to plants, ready to be tried.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// The chain with added plants.
    pub chain: Chain,
    effects: Vec<(usize, Effect)>,
    /// First and last month that is looked at.
    pub months: (Month, Month),
}

/// One product in one month.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Which product.
    pub product: usize,
    /// Month.
    pub month: Month,
    /// Base units in that month before.
    pub before: f64,
    /// Base units in that month after.
    pub after: f64,
}

/// What a scenario changes.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Local output that changed.
    pub changes: Vec<Line>,
    /// Made here and taken by nobody.
    pub surplus: Vec<Line>,
    /// Demand that is met.
    pub met: Vec<Line>,
    /// Brought in from outside.
    pub imports: Vec<Line>,
    /// Supply over the whole span, before.
    pub before: Supply,
    /// And after.
    pub after: Supply,
}

/// Reads changes such as `某厂`, `某厂=3`, `某厂:硫酸=5万吨/年`; all faults are noted.
///
/// `horizon` is the span to look at; by default the year of the latest start.
#[must_use]
pub fn scenario(chain: &Chain, changes: &[(Action, String)], horizon: Option<(Month, Month)>, notes: &mut Notes) -> Scenario {
    let start = default_start(chain);
    let mut scenario = Scenario { chain: chain.clone(), effects: Vec::new(), months: horizon.unwrap_or((start, Month(start.0 + 11))) };
    for (action, text) in changes {
        read_change(&mut scenario, *action, text, notes);
    }
    if horizon.is_none() {
        extend(&mut scenario);
    }
    scenario
}

/// January of the year of the latest start; an unnamed year where no plant has a date.
fn default_start(chain: &Chain) -> Month {
    crate::supply::as_of(chain).map_or(Month(0), |m| Month(m.0 - 11))
}

/// A delay is seen to its end: the span reaches to the December after it.
fn extend(scenario: &mut Scenario) {
    for (plant, effect) in &scenario.effects {
        let plant = &scenario.chain.plants[*plant];
        let last = match effect {
            Effect::Delay(months) => plant.from.map_or(scenario.months.0.0 + months - 1, |f| f.0 + months),
            Effect::Stop(_, last) if last.0 < i32::MAX / 2 => last.0,
            _ => continue,
        };
        let december = last.div_euclid(12) * 12 + 11;
        scenario.months.1.0 = scenario.months.1.0.max(december).min(scenario.months.0.0 + 119);
        if let (Effect::Delay(_), Some(from)) = (effect, plant.from) {
            scenario.months.0 = scenario.months.0.min(from);
        }
        if let Effect::Stop(first, _) = effect
            && first.0 > i32::MIN / 2
        {
            scenario.months.0.0 = scenario.months.0.0.min(first.0).max(scenario.months.1.0 - 119);
        }
    }
}

fn read_change(scenario: &mut Scenario, action: Action, text: &str, notes: &mut Notes) {
    let (name, value) = match text.split_once(['=', '＝']) {
        Some((name, value)) => (name.trim(), Some(value.trim())),
        None => (text.trim(), None),
    };
    let rows = plants_named(&scenario.chain, name);
    if rows.is_empty() {
        if action == Action::Add && add_new(scenario, name, value, notes) {
            return;
        }
        let known = like(&scenario.chain, name);
        notes.error("chain.unknown_plant", action.key(), "plant", name, &[("like", &known)]);
        return;
    }
    for row in &rows {
        let Some(effect) = effect(scenario, action, *row, rows.len(), value, notes) else { return };
        if let (Effect::Add, Some(value)) = (&effect, value) {
            match capacity(&scenario.chain.plants[*row], value).filter(|_| rows.len() == 1) {
                Some(capacity) => scenario.chain.plants[*row].capacity = capacity,
                None => return notes.error("chain.bad_change", action.key(), name, value, &[]),
            }
        }
        scenario.effects.push((*row, effect));
    }
}

/// Rows of a plant by its name, or of one of its products by `name:product`.
fn plants_named(chain: &Chain, name: &str) -> Vec<usize> {
    let rows = |name: &str| -> Vec<usize> {
        let wanted = comparable(name);
        chain.plants.iter().enumerate().filter(|(_, p)| comparable(&p.name) == wanted).map(|(i, _)| i).collect()
    };
    let found = rows(name);
    if !found.is_empty() {
        return found;
    }
    let Some((plant, product)) = name.rsplit_once([':', '：']) else { return Vec::new() };
    let products = chain.find(product);
    rows(plant).into_iter().filter(|r| products.contains(&chain.plants[*r].product)).collect()
}

fn like(chain: &Chain, name: &str) -> String {
    let mut scored: Vec<(f64, &str)> = chain.plants.iter().map(|p| (strsim::jaro_winkler(name, &p.name), p.name.as_str())).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.dedup_by(|a, b| a.1 == b.1);
    scored.iter().filter(|(s, _)| *s > 0.5).take(3).map(|(_, n)| *n).collect::<Vec<_>>().join("、")
}

/// A plant that the tables do not have: `名称:产品` with a capacity and its unit.
fn add_new(scenario: &mut Scenario, name: &str, value: Option<&str>, notes: &mut Notes) -> bool {
    let Some((plant, product)) = name.rsplit_once([':', '：']) else { return false };
    let Some((number, unit)) = value.map(split_unit) else { return false };
    let chain = &mut scenario.chain;
    let days = crate::definitions::assumptions().operating_days.value;
    let unit = if unit.is_empty() { None } else { amount::yearly_unit(unit, days) };
    let candidates = chain.find(product).to_vec();
    let found = candidates.iter().copied().find(|p| unit.is_none_or(|u| chain.products[*p].quantity == u.unit.quantity));
    let (Some(product), Some(number)) = (found, number.filter(|n| *n >= 0.0)) else {
        notes.error("chain.bad_change", "add", name, value.unwrap_or_default(), &[]);
        return true;
    };
    let (own, per_year) = unit.map_or((chain.products[product].unit, 1.0), |u| (u.unit, u.per_year));
    chain.plants.push(Plant {
        name: plant.to_owned(),
        product,
        recipe: None,
        capacity: number * amount::to_base(own) * per_year,
        unit: own,
        from: None,
        to: None,
        ramp: Vec::new(),
        outages: Vec::new(),
        confidence: values::Confidence::C,
        place: "--add".into(),
    });
    scenario.effects.push((scenario.chain.plants.len() - 1, Effect::Add));
    true
}

/// `5万吨/年` → 5 and the unit.
fn split_unit(text: &str) -> (Option<f64>, &str) {
    let split = text
        .char_indices()
        .find(|(i, c)| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '+' | '-' | ' ') || (matches!(c, 'e' | 'E') && *i > 0)))
        .map_or(text.len(), |(i, _)| i);
    (amount::number(&text[..split]), text[split..].trim())
}

/// A new capacity in base units a year: a number in the plant's unit, one with a unit, a percentage, `x1.5`.
fn capacity(plant: &Plant, value: &str) -> Option<f64> {
    if let Some(percent) = value.strip_suffix(['%', '％']) {
        return amount::number(percent).filter(|p| *p >= 0.0).map(|p| plant.capacity * p / 100.0);
    }
    if let Some(factor) = value.strip_prefix(['x', 'X', '×', '*']) {
        return amount::number(factor).filter(|f| *f >= 0.0).map(|f| plant.capacity * f);
    }
    let (number, unit) = split_unit(value);
    let number = number.filter(|n| *n >= 0.0)?;
    if unit.is_empty() {
        return Some(number * amount::to_base(plant.unit));
    }
    let unit = amount::yearly_unit(unit, crate::definitions::assumptions().operating_days.value)?;
    (unit.unit.quantity == plant.unit.quantity).then(|| number * amount::to_base(unit.unit) * unit.per_year)
}

fn effect(scenario: &Scenario, action: Action, row: usize, rows: usize, value: Option<&str>, notes: &mut Notes) -> Option<Effect> {
    let plant = &scenario.chain.plants[row];
    let found = match (action, value) {
        (Action::Stop, None) => Some(Effect::Stop(Month(i32::MIN), Month(i32::MAX))),
        (Action::Stop, Some(value)) => stop_span(scenario.months.0, value),
        (Action::Add, _) => Some(Effect::Add),
        // A bare number for a plant of several products would mean a different thing for each.
        (Action::Resize, Some(value)) if rows == 1 || value.contains(['%', '％', 'x', 'X', '×', '*']) => {
            capacity(plant, value).map(Effect::Resize)
        }
        (Action::Delay, Some(value)) => {
            value.trim_end_matches(['月', '个']).trim().parse::<i32>().ok().filter(|n| (0..=1200).contains(n)).map(Effect::Delay)
        }
        _ => None,
    };
    if found.is_none() {
        notes.error("chain.bad_change", action.key(), &plant.name, value.unwrap_or_default(), &[]);
    }
    found
}

/// `3` = the first three months, `2026-03` = from then on, `2026-03..2026-05` = that span.
fn stop_span(start: Month, value: &str) -> Option<Effect> {
    if let Some((a, b)) = value.split_once("..") {
        let (a, b) = (Month::parse(a, false)?, Month::parse(b, true)?);
        return (a <= b).then_some(Effect::Stop(a, b));
    }
    if let Ok(months) = value.trim_end_matches(['月', '个']).trim().parse::<i32>()
        && (1..=600).contains(&months)
    {
        return Some(Effect::Stop(start, Month(start.0 + months - 1)));
    }
    Month::parse(value, false).map(|m| Effect::Stop(m, Month(i32::MAX)))
}

impl Scenario {
    /// Capacity of a plant in a month, base units a month: before, with the additions, after all changes.
    fn capacity(&self, plant: usize, month: Month) -> [f64; 3] {
        let row = &self.chain.plants[plant];
        let full = row.capacity / 12.0;
        let mut states = [full * row.running(month); 3];
        let mut later = row.clone();
        for (_, effect) in self.effects.iter().filter(|(p, _)| *p == plant) {
            match effect {
                Effect::Add => {
                    states[0] = 0.0;
                    // One that the tables only foresee later runs from the beginning.
                    if row.from.is_some_and(|f| f > self.months.1) {
                        states[1] = full;
                        states[2] = full;
                    }
                }
                Effect::Resize(capacity) => {
                    let factor = if row.capacity > 0.0 { capacity / row.capacity } else { 0.0 };
                    let new = if row.capacity > 0.0 { states[2] * factor } else { capacity / 12.0 * row.running(month) };
                    states[1] = states[1].max(new);
                    states[2] = new;
                    later.capacity = *capacity;
                }
                Effect::Delay(months) => {
                    later.from = Some(Month(row.from.unwrap_or(self.months.0).0 + months));
                    states[2] = later.capacity / 12.0 * later.running(month);
                }
                Effect::Stop(first, last) if (*first..=*last).contains(&month) => states[2] = 0.0,
                Effect::Stop(..) => {}
            }
        }
        states
    }

    /// Runs the scenario month by month.
    #[must_use]
    pub fn run(&self, graph: &Graph, question: &Question) -> Outcome {
        let chain = &self.chain;
        let network = Network::new(chain, graph);
        let mut run = Run::new(chain, graph, &network);
        let mut sums = [vec![0.0; chain.plants.len()], vec![0.0; chain.plants.len()], vec![0.0; chain.plants.len()]];
        let mut last: Option<(Vec<[f64; 3]>, Pair)> = None;
        let count = (self.months.1.0 - self.months.0.0 + 1).max(1);
        for month in (0..count).map(|i| Month(self.months.0.0 + i)) {
            let capacities: Vec<[f64; 3]> = (0..chain.plants.len()).map(|p| self.capacity(p, month)).collect();
            for (plant, states) in capacities.iter().enumerate() {
                for (sum, value) in sums.iter_mut().zip(states) {
                    sum[plant] += value;
                }
            }
            // Months with the same capacities and no stock left to use up are the same month.
            let pair = match last.take() {
                Some((known, pair)) if known == capacities && !run.has_stock() => pair,
                _ => run.month(&capacities),
            };
            run.write(month, &pair);
            last = Some((capacities, pair));
        }
        let years = f64::from(count) / 12.0;
        let side = |state: usize, demand_state: usize| {
            let yearly = |s: usize| capacities_by(chain, graph, |p| share(sums[s][p] / years, chain.plants[p].capacity));
            let (own, byproduct) = yearly(state);
            let demand = if chain.demands.is_empty() { sold_at_capacity(chain, graph, &yearly(demand_state).0) } else { demands(chain) };
            supply_with(chain, graph, question, None, &Given { own: &own, byproduct: &byproduct, demand: &demand })
        };
        let (before, after) = (side(0, 0), side(2, 1));
        let Run { changes, surplus, met, imports, .. } = run;
        Outcome { changes, surplus, met, imports, before, after }
    }
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// Output, surplus, met demand and imports of each product in one month.
#[derive(Debug, Clone)]
struct Side {
    made: Vec<f64>,
    surplus: Vec<f64>,
    met: Vec<f64>,
    imports: Vec<f64>,
}

type Pair = (Side, Side);

struct Run<'a> {
    chain: &'a Chain,
    graph: &'a Graph,
    network: &'a Network,
    limits: Vec<f64>,
    stock: [Vec<f64>; 2],
    changes: Vec<Line>,
    surplus: Vec<Line>,
    met: Vec<Line>,
    imports: Vec<Line>,
}

impl<'a> Run<'a> {
    fn new(chain: &'a Chain, graph: &'a Graph, network: &'a Network) -> Self {
        let limits = crate::flow::import_limits(chain).into_iter().map(|l| l / 12.0).collect();
        let mut stock = vec![0.0; chain.products.len()];
        for s in &chain.stocks {
            stock[s.product] += s.amount;
        }
        Self {
            chain,
            graph,
            network,
            limits,
            stock: [stock.clone(), stock],
            changes: Vec::new(),
            surplus: Vec::new(),
            met: Vec::new(),
            imports: Vec::new(),
        }
    }

    fn has_stock(&self) -> bool {
        self.stock.iter().flatten().any(|s| *s > 0.0)
    }

    fn demand(&self, capacities: &[[f64; 3]], state: usize) -> Vec<f64> {
        if !self.chain.demands.is_empty() {
            return demands(self.chain).into_iter().map(|d| d / 12.0).collect();
        }
        let mut own = vec![0.0; self.chain.products.len()];
        for (plant, states) in self.chain.plants.iter().zip(capacities) {
            own[plant.product] += states[state];
        }
        sold_at_capacity(self.chain, self.graph, &own)
    }

    fn month(&mut self, capacities: &[[f64; 3]]) -> Pair {
        let activity = |state: usize| self.network.capacity(|p| capacities[p][state]);
        let (before, planned, after) = (activity(0), activity(1), activity(2));
        let demand = [self.demand(capacities, 0), self.demand(capacities, 1)];
        let plan = self.network.plan(&before, &demand[0]);
        let first = self.side(0, &plan.output, &demand[0], &plan.imports);
        let plan = if planned == before && demand[0] == demand[1] { plan } else { self.network.plan(&planned, &demand[1]) };
        let mut wish = plan.output;
        if planned != after {
            // Upstream plants keep running; others of the product step in where they have room.
            let stepped_in = self.network.plan(&after, &demand[1]).output;
            for ((w, cap), other) in wish.iter_mut().zip(&after).zip(stepped_in) {
                *w = w.min(*cap).max(other);
            }
        }
        let second = self.side(1, &wish, &demand[1], &plan.imports);
        (first, second)
    }

    fn side(&mut self, which: usize, wish: &[f64], demand: &[f64], planned: &[f64]) -> Side {
        let imports: Vec<f64> = planned.iter().zip(&self.limits).map(|(p, l)| p.min(*l)).collect();
        let there: Vec<f64> = imports.iter().zip(&self.stock[which]).map(|(i, s)| i + s).collect();
        let state = self.network.month(wish, demand, &there);
        let used = self.network.used(&state, demand);
        let made = made(self.network, &state, demand.len());
        for product in 0..demand.len() {
            let from_stock = (used[product] - made[product] - imports[product]).clamp(0.0, self.stock[which][product]);
            let left = self.stock[which][product] - from_stock;
            self.stock[which][product] = if left < 1e-9 * used[product] { 0.0 } else { left };
        }
        Side {
            surplus: made.iter().zip(&used).map(|(m, u)| if m - u > 1e-9 * m { m - u } else { 0.0 }).collect(),
            met: demand.iter().zip(&state.ratio).map(|(d, r)| d * r).collect(),
            imports: imports.iter().zip(&made).zip(&used).map(|((i, m), u)| (u - m).clamp(0.0, *i)).collect(),
            made,
        }
    }

    fn write(&mut self, month: Month, (before, after): &Pair) {
        let lists = [
            (&mut self.changes, &before.made, &after.made),
            (&mut self.surplus, &before.surplus, &after.surplus),
            (&mut self.met, &before.met, &after.met),
            (&mut self.imports, &before.imports, &after.imports),
        ];
        for (list, before, after) in lists {
            for (product, (b, a)) in before.iter().zip(after).enumerate() {
                if (b - a).abs() > 1e-9 * b.abs().max(a.abs()) {
                    list.push(Line { product, month, before: *b, after: *a });
                }
            }
        }
    }
}

fn made(network: &Network, state: &State, products: usize) -> Vec<f64> {
    let mut made = vec![0.0; products];
    for (a, activity) in network.activities.iter().enumerate() {
        made[activity.product as usize] += state.output[a];
        for (p, amount) in network.byproducts.row(a) {
            made[p] += amount * state.output[a];
        }
    }
    made
}
