//! Flow 流转: what the zone's plants make in one month, and what a shortage does downstream.
//!
//! [`Network::plan`] pulls: demands decide what is made, up to capacity, and the rest
//! is imported. [`State::settle`] pushes: where less of a product is there than was
//! planned, its users (and the demand) get the same share each, and a plant makes
//! as much as its scarcest input allows. Imports stay at what was planned: nobody
//! finds a new supplier within the month.

use crate::model::{Chain, Role};
use crate::need::Graph;
use crate::sparse::{Rows, components};
use crate::supply::recipes_of_plant;
use std::collections::HashMap;

/// All plants that make one product by one recipe.
#[derive(Debug, Clone)]
pub struct Activity {
    /// What it makes.
    pub product: u32,
    /// Recipe; None at the boundary of the chain.
    pub recipe: Option<usize>,
}

/// The local production network, fixed while capacities change.
#[derive(Debug, Clone)]
pub struct Network {
    /// Activities.
    pub activities: Vec<Activity>,
    /// Share of each plant that belongs to an activity: (plant, activity, share).
    pub plants: Vec<(usize, u32, f64)>,
    /// For each activity: inputs with amounts.
    pub inputs: Rows,
    /// For each activity: by-products with amounts.
    pub byproducts: Rows,
    /// For each product: activities that use it.
    users: Rows,
    /// For each product: activities that make it.
    makers: Rows,
    /// For each product: activities that make it along with theirs.
    by_makers: Rows,
    /// Products, users before what they use (by-products with their maker).
    pull: Vec<Vec<u32>>,
    /// Products, inputs before what is made of them.
    push: Vec<u32>,
    /// First and last position in `push` of each position's component.
    component: Vec<(u32, u32)>,
    /// Position of each product in `push`.
    position: Vec<u32>,
    /// The same of each activity's product.
    activity_at: Vec<u32>,
}

/// A month as planned.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Output of each activity.
    pub output: Vec<f64>,
    /// Imported of each product.
    pub imports: Vec<f64>,
    /// Wanted of each product by demand and activities.
    pub wanted: Vec<f64>,
    /// Made as a by-product.
    pub byproduct: Vec<f64>,
}

impl Network {
    /// Builds the network of a chain's plants.
    #[must_use]
    pub fn new(chain: &Chain, graph: &Graph) -> Self {
        let mut activities: Vec<Activity> = Vec::new();
        let mut of: HashMap<(usize, Option<usize>), u32> = HashMap::new();
        let mut plants = Vec::new();
        for (index, plant) in chain.plants.iter().enumerate() {
            let mut mix: Vec<(Option<usize>, f64)> =
                recipes_of_plant(graph, plant.product, plant.recipe).into_iter().map(|(r, s)| (Some(r), s)).collect();
            if mix.is_empty() {
                mix.push((None, 1.0));
            }
            for (recipe, share) in mix {
                let activity = *of.entry((plant.product, recipe)).or_insert_with(|| {
                    activities.push(Activity { product: plant.product as u32, recipe });
                    activities.len() as u32 - 1
                });
                plants.push((index, activity, share));
            }
        }
        let rows = |role: Role| {
            let entries = activities.iter().enumerate().flat_map(|(a, activity)| {
                let rows = activity.recipe.map(|r| chain.recipes[r].rows.as_slice()).unwrap_or_default();
                rows.iter().filter(move |r| r.role == role).map(move |r| (a as u32, r.product as u32, r.amount))
            });
            Rows::new(activities.len(), entries.collect())
        };
        let (inputs, byproducts) = (rows(Role::Input), rows(Role::Byproduct));
        Self::assemble(chain.products.len(), activities, plants, inputs, byproducts)
    }

    fn assemble(products: usize, activities: Vec<Activity>, plants: Vec<(usize, u32, f64)>, inputs: Rows, byproducts: Rows) -> Self {
        let by_product = |rows: &Rows| {
            let entries = (0..rows.len()).flat_map(|a| rows.row(a).map(move |(p, v)| (p as u32, a as u32, v))).collect();
            Rows::new(products, entries)
        };
        let users = by_product(&inputs);
        let by_makers = by_product(&byproducts);
        let makers = Rows::new(products, activities.iter().enumerate().map(|(a, x)| (x.product, a as u32, 1.0)).collect());
        let (mut pull, mut push) = (Vec::new(), Vec::new());
        for (a, activity) in activities.iter().enumerate() {
            for (p, _) in inputs.row(a) {
                pull.push((p as u32, activity.product, 1.0));
                push.push((activity.product, p as u32, 1.0));
            }
            for (p, _) in byproducts.row(a) {
                pull.push((p as u32, activity.product, 1.0));
                push.push((p as u32, activity.product, 1.0));
            }
        }
        let pull = components(&Rows::new(products, pull));
        let mut order = Vec::with_capacity(products);
        let mut component = Vec::with_capacity(products);
        for nodes in components(&Rows::new(products, push)) {
            let first = order.len() as u32;
            component.extend(std::iter::repeat_n((first, first + nodes.len() as u32), nodes.len()));
            order.extend(nodes);
        }
        let mut position = vec![0; products];
        for (at, product) in order.iter().enumerate() {
            position[*product as usize] = at as u32;
        }
        let activity_at = activities.iter().map(|a| position[a.product as usize]).collect();
        Self { activities, plants, inputs, byproducts, users, makers, by_makers, pull, push: order, component, position, activity_at }
    }

    /// How many products.
    #[must_use]
    pub fn products(&self) -> usize {
        self.position.len()
    }

    /// Capacity of each activity from a capacity for each plant.
    #[must_use]
    pub fn capacity(&self, of_plant: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut capacity = vec![0.0; self.activities.len()];
        for (plant, activity, share) in &self.plants {
            capacity[*activity as usize] += of_plant(*plant) * share;
        }
        capacity
    }

    /// What is made when demands pull: each product up to capacity, the rest imported.
    #[must_use]
    pub fn plan(&self, capacity: &[f64], demand: &[f64]) -> Plan {
        let mut plan = Plan {
            output: vec![0.0; self.activities.len()],
            imports: vec![0.0; self.products()],
            wanted: vec![0.0; self.products()],
            byproduct: vec![0.0; self.products()],
        };
        for nodes in &self.pull {
            // Inside a recycle outputs and wants depend on each other: repeat until they stand still.
            let rounds = if nodes.len() == 1 && !self.uses_itself(nodes[0] as usize) { 1 } else { 10_000 };
            for round in 0..rounds {
                let mut moved = 0.0f64;
                for product in nodes {
                    moved = moved.max(self.plan_one(*product as usize, capacity, demand, &mut plan, round > 60));
                }
                if moved < 1e-13 {
                    break;
                }
            }
        }
        plan
    }

    fn uses_itself(&self, product: usize) -> bool {
        self.makers.row(product).any(|(a, _)| self.inputs.row(a).chain(self.byproducts.row(a)).any(|(p, _)| p == product))
    }

    fn plan_one(&self, product: usize, capacity: &[f64], demand: &[f64], plan: &mut Plan, damped: bool) -> f64 {
        let mut wanted = demand[product];
        for (activity, amount) in self.users.row(product) {
            wanted += amount * plan.output[activity];
        }
        let byproduct = self.byproduct_of(product, &plan.output);
        let room: f64 = self.makers.row(product).map(|(a, _)| capacity[a]).sum();
        let left = (wanted - byproduct).max(0.0);
        let made = left.min(room);
        let mut moved = 0.0f64;
        for (a, _) in self.makers.row(product) {
            let share = if room > 0.0 { made * capacity[a] / room } else { 0.0 };
            let next = if damped { 0.5 * (share + plan.output[a]) } else { share };
            moved = moved.max((next - plan.output[a]).abs() / (next.abs() + 1e-9));
            plan.output[a] = next;
        }
        plan.imports[product] = left - made;
        plan.wanted[product] = wanted;
        plan.byproduct[product] = byproduct;
        moved
    }

    fn byproduct_of(&self, product: usize, output: &[f64]) -> f64 {
        self.by_makers.row(product).map(|(a, y)| y * output[a]).sum()
    }

    /// The month in which each activity would like to make `wish`, with these demands and imports.
    ///
    /// Shortages have travelled downstream; what a plant cannot use for want of
    /// another input goes to the other users.
    #[must_use]
    pub fn month(&self, wish: &[f64], demand: &[f64], imports: &[f64]) -> State {
        let mut wanted = demand.to_vec();
        let mut there = imports.to_vec();
        for (a, activity) in self.activities.iter().enumerate() {
            there[activity.product as usize] += wish[a];
            for (p, amount) in self.byproducts.row(a) {
                there[p] += amount * wish[a];
            }
            for (p, amount) in self.inputs.row(a) {
                wanted[p] += amount * wish[a];
            }
        }
        let mut state = self.settled(wish, &there, wanted);
        for _ in 0..8 {
            let Some(wanted) = self.fairer(&state, demand) else { break };
            let next = self.settled(wish, &there, wanted);
            if self.overused(&next, demand) {
                break;
            }
            state = next;
        }
        state
    }

    fn settled(&self, wish: &[f64], there: &[f64], wanted: Vec<f64>) -> State {
        let mut state = State {
            limit: vec![1.0; self.activities.len()],
            wish: wish.to_vec(),
            output: wish.to_vec(),
            ratio: vec![1.0; self.products()],
            dirty: vec![false; self.products()],
            there: there.to_vec(),
            wanted,
            first: 0,
            undo: None,
        };
        for product in 0..self.products() {
            state.dirty[self.position[product] as usize] = ratio(state.there[product], state.wanted[product]) < 1.0;
        }
        state.settle(self);
        state
    }

    /// What is used of each product: by the demand as far as it is met, and by the activities.
    #[must_use]
    pub fn used(&self, state: &State, demand: &[f64]) -> Vec<f64> {
        let mut used: Vec<f64> = demand.iter().zip(&state.ratio).map(|(d, r)| d * r).collect();
        for (a, output) in state.output.iter().enumerate() {
            for (p, amount) in self.inputs.row(a) {
                used[p] += amount * output;
            }
        }
        used
    }

    fn overused(&self, state: &State, demand: &[f64]) -> bool {
        self.used(state, demand).iter().zip(&state.there).any(|(used, there)| *used > there * (1.0 + 1e-9) + 1e-12)
    }

    /// Wants without what other inputs forbid anyway; None if no scarce product is left over.
    fn fairer(&self, state: &State, demand: &[f64]) -> Option<Vec<f64>> {
        let used = self.used(state, demand);
        let scarce = |p: usize| state.ratio[p] < 1.0;
        if !(0..self.products()).any(|p| scarce(p) && used[p] < state.there[p] * (1.0 - 1e-9)) {
            return None;
        }
        let mut wanted = demand.to_vec();
        for (a, wish) in state.wish.iter().enumerate() {
            let (mut lowest, mut second, mut scarcest) = (1.0f64, 1.0f64, usize::MAX);
            for (p, _) in self.inputs.row(a) {
                if state.ratio[p] < lowest {
                    (second, lowest, scarcest) = (lowest, state.ratio[p], p);
                } else {
                    second = second.min(state.ratio[p]);
                }
            }
            for (p, amount) in self.inputs.row(a) {
                wanted[p] += amount * wish * if p == scarcest { second } else { lowest };
            }
        }
        Some(wanted)
    }
}

fn ratio(there: f64, wanted: f64) -> f64 {
    // A want of nothing is always met; twelve digits decide.
    if there >= wanted * (1.0 - 1e-12) { 1.0 } else { (there / wanted).max(0.0) }
}

/// Production of one month while shortages travel downstream.
#[derive(Debug, Clone)]
pub struct State {
    /// Scarcest input of each activity, 0–1.
    limit: Vec<f64>,
    /// Output that each activity would make with all inputs.
    wish: Vec<f64>,
    /// Output.
    pub output: Vec<f64>,
    /// There of each product: made, by-product, imported, from stock.
    pub there: Vec<f64>,
    /// Wanted of each product.
    pub wanted: Vec<f64>,
    /// Share of the want that is met, 0–1.
    pub ratio: Vec<f64>,
    /// By position in the push order.
    dirty: Vec<bool>,
    /// Nothing before this position is dirty.
    first: usize,
    undo: Option<Undo>,
}

/// What a closure changed, each thing once with its value before, so that it can be taken back.
#[derive(Debug, Clone, Default)]
struct Undo {
    epoch: u32,
    activity_seen: Vec<u32>,
    product_seen: Vec<u32>,
    /// Activity: limit, wish, output.
    activities: Vec<(u32, f64, f64, f64)>,
    /// Product: there, ratio.
    products: Vec<(u32, f64, f64)>,
}

impl State {
    /// Lowers what an activity can make; call [`State::settle`] afterwards.
    fn lower(&mut self, network: &Network, activity: usize, wish: f64) {
        self.remember_activity(activity);
        self.wish[activity] = wish;
        self.mark(network.activity_at[activity] as usize);
    }

    fn mark(&mut self, position: usize) {
        self.dirty[position] = true;
        self.first = self.first.min(position);
    }

    fn remember_activity(&mut self, a: usize) {
        if let Some(undo) = &mut self.undo
            && undo.activity_seen[a] != undo.epoch
        {
            undo.activity_seen[a] = undo.epoch;
            undo.activities.push((a as u32, self.limit[a], self.wish[a], self.output[a]));
        }
    }

    fn remember_product(&mut self, p: usize) {
        if let Some(undo) = &mut self.undo
            && undo.product_seen[p] != undo.epoch
        {
            undo.product_seen[p] = undo.epoch;
            undo.products.push((p as u32, self.there[p], self.ratio[p]));
        }
    }

    /// Recomputes an activity's output and what is there of its products.
    fn apply(&mut self, network: &Network, a: usize) {
        let next = self.wish[a] * self.limit[a];
        let lost = next - self.output[a];
        if lost == 0.0 {
            return;
        }
        self.remember_activity(a);
        self.output[a] = next;
        let product = network.activities[a].product as usize;
        self.remember_product(product);
        self.there[product] += lost;
        for i in network.byproducts.range(a) {
            let by = network.byproducts.column[i] as usize;
            self.remember_product(by);
            self.there[by] += lost * network.byproducts.value[i];
            self.mark(network.position[by] as usize);
        }
    }

    /// Lets shortages travel downstream until nothing moves, from the first dirty product on.
    ///
    /// An input that becomes scarcer only lowers its user's limit; the user is
    /// recomputed once, when its own product's turn comes.
    fn settle(&mut self, network: &Network) {
        let mut at = std::mem::replace(&mut self.first, usize::MAX);
        while at < self.dirty.len() {
            if self.dirty[at] {
                self.dirty[at] = false;
                self.visit(network, at);
            }
            at += 1;
            // At the end of a recycle: again from the first of it that has become dirty.
            if self.first < at {
                let (begin, end) = network.component[at - 1];
                if at == end as usize {
                    self.first = usize::MAX;
                    if let Some(again) = (begin as usize..end as usize).find(|i| self.dirty[*i]) {
                        at = again;
                    }
                }
            }
        }
        self.first = usize::MAX;
    }

    fn visit(&mut self, network: &Network, at: usize) {
        let product = network.push[at] as usize;
        for i in network.makers.range(product) {
            self.apply(network, network.makers.column[i] as usize);
        }
        let next = ratio(self.there[product], self.wanted[product]);
        // Changes beyond the twelfth digit end a recycle's endless halving.
        if next >= self.ratio[product] - 1e-13 {
            return;
        }
        self.remember_product(product);
        self.ratio[product] = next;
        for i in network.users.range(product) {
            let a = network.users.column[i] as usize;
            if next < self.limit[a] {
                self.remember_activity(a);
                self.limit[a] = next;
                self.mark(network.activity_at[a] as usize);
            }
        }
    }

    /// From here on changes are remembered and can be taken back.
    fn record(&mut self) {
        self.undo =
            Some(Undo { epoch: 1, activity_seen: vec![0; self.output.len()], product_seen: vec![0; self.there.len()], ..Undo::default() });
    }

    /// Takes back everything since recording began or was last taken back.
    fn take_back(&mut self) {
        let Some(undo) = &mut self.undo else { return };
        for (a, limit, wish, output) in undo.activities.drain(..) {
            (self.limit[a as usize], self.wish[a as usize], self.output[a as usize]) = (limit, wish, output);
        }
        for (p, there, ratio) in undo.products.drain(..) {
            (self.there[p as usize], self.ratio[p as usize]) = (there, ratio);
        }
        undo.epoch = undo.epoch.wrapping_add(1);
        if undo.epoch == 0 {
            undo.activity_seen.fill(0);
            undo.product_seen.fill(0);
            undo.epoch = 1;
        }
    }
}

/// Most that can be brought in of each product, a year; no limit where the chain gives none.
#[must_use]
pub fn import_limits(chain: &Chain) -> Vec<f64> {
    let mut limits = vec![f64::INFINITY; chain.products.len()];
    for import in &chain.imports {
        limits[import.product] = import.amount;
    }
    limits
}

/// Single closures 单点停产: one plant after the other stopped, each undone before the next.
#[derive(Debug, Clone)]
pub struct Closures<'a> {
    network: &'a Network,
    demand: &'a [f64],
    base: State,
    plants: Vec<Vec<(u32, f64)>>,
    spare: Vec<f64>,
}

impl<'a> Closures<'a> {
    /// Prepares from a month as it runs; `capacity` is each activity's.
    #[must_use]
    pub fn new(network: &'a Network, demand: &'a [f64], capacity: &[f64], mut base: State) -> Self {
        let count = network.plants.iter().map(|(p, _, _)| p + 1).max().unwrap_or(0);
        let mut plants = vec![Vec::new(); count];
        for (plant, activity, share) in &network.plants {
            plants[*plant].push((*activity, *share));
        }
        base.record();
        Self { network, demand, base, plants, spare: capacity.to_vec() }
    }

    /// Stops a plant of this capacity and hands the month to `look`; afterwards all is as before.
    ///
    /// Other plants of the same product and recipe take over as far as their
    /// capacity goes.
    pub fn stop<T>(&mut self, plant: usize, capacity: f64, look: impl FnOnce(&State) -> T) -> T {
        self.stop_all(&[(plant, capacity)], look)
    }

    /// As [`Closures::stop`], for several rows of one plant at once.
    pub fn stop_all<T>(&mut self, plants: &[(usize, f64)], look: impl FnOnce(&State) -> T) -> T {
        for (plant, capacity) in plants {
            for at in 0..self.plants.get(*plant).map_or(0, Vec::len) {
                let (activity, share) = self.plants[*plant][at];
                let a = activity as usize;
                let left = (self.spare[a] - capacity * share).max(0.0);
                if left < self.base.wish[a] {
                    self.base.lower(self.network, a, left);
                }
            }
        }
        self.base.settle(self.network);
        let answer = look(&self.base);
        self.base.take_back();
        answer
    }

    /// Share of the demand that is lost in a state, weighted (by price, or 1).
    #[must_use]
    pub fn lost(&self, state: &State, weight: &[f64]) -> f64 {
        let (mut lost, mut all) = (0.0, 0.0);
        for (product, demand) in self.demand.iter().enumerate().filter(|(_, d)| **d > 0.0) {
            lost += weight[product] * demand * (1.0 - state.ratio[product]);
            all += weight[product] * demand;
        }
        if all > 0.0 { lost / all } else { 0.0 }
    }
}
