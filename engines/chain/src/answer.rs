//! Answers 结果: what the commands print and pages show, as values ready for JSON.
//!
//! Decimals are strings; a missing value is null beside a reason, never 0. The
//! shapes are documented in `docs/cli.md`.

use crate::amount::decimal;
use crate::draw::svg::Caption;
use crate::gaps::{self, Dependence, Unlock, Weak};
use crate::matches::{Pair, Party};
use crate::model::Chain;
use crate::need::Graph;
use crate::notes::text;
use crate::routes;
use crate::sensitivity::Effect;
use crate::supply::{Balance, Rate, Rates, Supply};
use crate::whatif::{Line, Outcome};
use serde::Serialize;
use values::{Finding, Lang};

/// One product's line.
#[derive(Debug, Clone, Serialize)]
pub struct ProductLine {
    /// Name as the recipes write it.
    pub product: String,
    /// Total need a year.
    pub need: String,
    /// What the zone's plants can make a year.
    pub local: String,
    /// min(local, need) / need, 0–1; null if nothing is needed.
    pub rate: Option<String>,
    /// Unit of need, local and gap.
    pub unit: &'static str,
    /// need − local where positive.
    pub gap: String,
    /// Chinese name.
    pub name: String,
    /// material, energy, water …
    pub kind: &'static str,
    /// enough, short, broken, idle.
    pub state: &'static str,
    /// Counted as an input in the rates.
    pub counted: bool,
    /// Of the need, wanted at the chain's end.
    pub demand: String,
    /// Of local, made as a by-product.
    pub byproduct: String,
    /// Lowest need by the coefficients' ranges.
    pub need_low: String,
    /// Highest; null if the ranges' upper ends cannot be met at all.
    pub need_high: Option<String>,
    /// Lowest confidence of what the line rests on.
    pub confidence: &'static str,
    /// How the need is made, who makes it, who uses it.
    pub because: Because,
}

/// Where a line comes from.
#[derive(Debug, Clone, Serialize)]
pub struct Because {
    /// Recipes of the need.
    pub recipes: Vec<RecipeLine>,
    /// Plants with their yearly amounts.
    pub plants: Vec<PlantLine>,
    /// What uses it: product and yearly amount, largest first.
    pub used_by: Vec<UseLine>,
}

/// One recipe of a need.
#[derive(Debug, Clone, Serialize)]
pub struct RecipeLine {
    /// Route.
    pub route: String,
    /// Share of the need.
    pub share: String,
    /// Why this route: only, shares, plants, default, surest, asked.
    pub why: &'static str,
    /// Other routes that were not taken.
    pub instead_of: Vec<String>,
    /// Lowest confidence of its rows.
    pub confidence: &'static str,
    /// Who says so.
    pub source: String,
    /// Where it was read.
    pub place: String,
}

/// One plant.
#[derive(Debug, Clone, Serialize)]
pub struct PlantLine {
    /// Name.
    pub plant: String,
    /// Yearly amount.
    pub amount: String,
    /// Confidence of its capacity.
    pub confidence: &'static str,
    /// Where it was read.
    pub place: String,
}

/// One use.
#[derive(Debug, Clone, Serialize)]
pub struct UseLine {
    /// What uses it.
    pub product: String,
    /// Yearly amount.
    pub amount: String,
}

/// The three rates and how they come about.
#[derive(Debug, Clone, Serialize)]
pub struct RateLine {
    /// By kinds, 0–1.
    pub kinds: Option<String>,
    /// By quantity, 0–1.
    pub quantity: Option<String>,
    /// By value, 0–1; null without prices.
    pub value: Option<String>,
    /// Definition, parts, interval of each.
    pub detail: Vec<RateDetail>,
}

/// One rate with its definition and parts.
#[derive(Debug, Clone, Serialize)]
pub struct RateDetail {
    /// kinds, quantity or value.
    pub by: &'static str,
    /// The definition in words.
    pub definition: String,
    /// In per cent, one digit, for reading.
    pub percent: Option<String>,
    /// Lowest by the coefficients' ranges.
    pub low: Option<String>,
    /// Highest.
    pub high: Option<String>,
    /// Numerator.
    pub local: String,
    /// Denominator.
    pub need: String,
    /// Inputs that this definition cannot hold.
    pub left_out: Vec<String>,
    /// Why there is no value.
    pub reason: Option<String>,
}

/// One pair.
#[derive(Debug, Clone, Serialize)]
pub struct PairLine {
    /// Who has it.
    pub from: String,
    /// Who takes it.
    pub to: String,
    /// What.
    pub product: String,
    /// How much a year.
    pub quantity: String,
    /// Unit.
    pub unit: &'static str,
    /// supply, byproduct or waste.
    pub kind: &'static str,
}

/// One weak link.
#[derive(Debug, Clone, Serialize)]
pub struct WeakLine {
    /// Product.
    pub product: String,
    /// single_supplier, dominant or import_only.
    pub why: &'static str,
    /// Plant.
    pub plant: Option<String>,
    /// Its share of local supply, 0–1.
    pub share: String,
}

/// What filling a gap unlocks.
#[derive(Debug, Clone, Serialize)]
pub struct UnlockLine {
    /// Product.
    pub product: String,
    /// Gap a year.
    pub gap: String,
    /// Unit of the gap.
    pub unit: &'static str,
    /// Share of the demands that rests on what is missing, 0–1.
    pub share: String,
    /// The same in yuan a year; null without prices.
    pub value: Option<String>,
    /// Investment in yuan; null where not known.
    pub invest: Option<String>,
    /// Products downstream.
    pub downstream: usize,
    /// Points (0–1) that each rate gains.
    pub gain_kinds: Option<String>,
    /// By quantity.
    pub gain_quantity: Option<String>,
    /// By value.
    pub gain_value: Option<String>,
}

/// What the stop of one plant costs.
#[derive(Debug, Clone, Serialize)]
pub struct DependenceLine {
    /// Plant.
    pub plant: String,
    /// Share of the demands lost, 0–1.
    pub lost: String,
    /// Products whose output falls.
    pub products: usize,
}

/// One coefficient's effect on the rate by quantity.
#[derive(Debug, Clone, Serialize)]
pub struct EffectLine {
    /// Made.
    pub product: String,
    /// Route.
    pub route: String,
    /// Used.
    pub input: String,
    /// Change of the rate for 1 % more.
    pub per_percent: String,
    /// Change when it goes to its lowest.
    pub at_low: String,
    /// Change when it goes to its highest.
    pub at_high: String,
    /// Confidence of the coefficient.
    pub confidence: &'static str,
    /// Where it was read.
    pub place: String,
}

/// Answer of `supply`, `gaps` and `matches`.
#[derive(Debug, Clone, Serialize)]
pub struct SupplyAnswer {
    /// One line a product.
    pub products: Vec<ProductLine>,
    /// Potential rates, by capacity.
    pub rate: RateLine,
    /// Pairs.
    pub pairs: Vec<PairLine>,
    /// Actual rates, by purchases; null where none is known.
    pub actual: Option<RateLine>,
    /// Weak links.
    pub weak: Vec<WeakLine>,
    /// Gaps, those that unlock most first.
    pub unlocks: Vec<UnlockLine>,
    /// Plants by what their stop costs.
    pub dependence: Vec<DependenceLine>,
    /// Coefficients that move the rate most.
    pub sensitivity: Vec<EffectLine>,
    /// What was assumed.
    pub assumptions: Vec<String>,
    /// Month of which the capacities are.
    pub month: Option<String>,
    /// What was wrong in the tables.
    pub findings: Vec<Finding>,
}

/// One product in one month.
#[derive(Debug, Clone, Serialize)]
pub struct MonthLine {
    /// Product.
    pub product: String,
    /// Month.
    pub month: String,
    /// In that month before.
    pub before: String,
    /// In that month after.
    pub after: String,
    /// Unit.
    pub unit: &'static str,
}

/// Answer of `whatif`.
#[derive(Debug, Clone, Serialize)]
pub struct WhatIfAnswer {
    /// Local output that changed.
    pub changes: Vec<MonthLine>,
    /// Rates over the span, after the changes.
    pub rate: RateLine,
    /// Rates over the span, before.
    pub rate_before: RateLine,
    /// Made here and taken by nobody.
    pub surplus: Vec<MonthLine>,
    /// Demand that is met.
    pub demand_met: Vec<MonthLine>,
    /// Brought in from outside.
    pub imports: Vec<MonthLine>,
    /// What was assumed.
    pub assumptions: Vec<String>,
    /// What was wrong.
    pub findings: Vec<Finding>,
}

/// What every line looks up, computed once.
struct Index {
    need: Vec<f64>,
    recipes: Vec<Vec<usize>>,
    suppliers: Vec<Vec<(usize, f64)>>,
}

/// Turns results into answers in one language.
#[derive(Debug, Clone, Copy)]
pub struct Teller<'a> {
    /// The chain.
    pub chain: &'a Chain,
    /// Its graph.
    pub graph: &'a Graph,
    /// Language of the words.
    pub lang: Lang,
}

impl Teller<'_> {
    /// All product lines.
    #[must_use]
    pub fn products(&self, supply: &Supply) -> Vec<ProductLine> {
        let running = |p: usize| supply.month.map_or(1.0, |m| self.chain.plants[p].running(m));
        let mut index = Index {
            need: vec![0.0; self.chain.products.len()],
            recipes: vec![Vec::new(); self.chain.products.len()],
            suppliers: gaps::suppliers(self.chain, self.graph, running),
        };
        supply.lines.iter().for_each(|l| index.need[l.product] = l.need);
        self.chain.recipes.iter().enumerate().for_each(|(r, recipe)| index.recipes[recipe.product].push(r));
        supply.lines.iter().map(|l| self.product(&index, l)).collect()
    }

    fn id(&self, product: usize) -> String {
        self.chain.products[product].id.clone()
    }

    fn product(&self, index: &Index, line: &Balance) -> ProductLine {
        let product = &self.chain.products[line.product];
        ProductLine {
            product: product.id.clone(),
            need: product.show(line.need),
            local: product.show(line.local),
            rate: line.rate.map(decimal),
            unit: product.unit.name,
            gap: product.show(line.gap),
            name: product.zh.clone(),
            kind: product.kind.key(),
            state: line.state.key(),
            counted: line.counted,
            demand: product.show(line.demand),
            byproduct: product.show(line.byproduct),
            need_low: product.show(line.need_range.0.min(line.need)),
            need_high: line.need_range.1.map(|h| product.show(h.max(line.need))),
            confidence: line.confidence.key(),
            because: self.because(index, line),
        }
    }

    fn because(&self, index: &Index, line: &Balance) -> Because {
        let chain = self.chain;
        let product = &chain.products[line.product];
        let choice = &self.graph.choices[line.product];
        let taken: Vec<usize> = choice.mix.iter().map(|(r, _)| *r).collect();
        let others: Vec<String> = if choice.why == routes::Why::Only {
            Vec::new()
        } else {
            index.recipes[line.product].iter().filter(|r| !taken.contains(r)).map(|r| chain.recipes[*r].route.clone()).collect()
        };
        let recipes = choice.mix.iter().map(|(r, share)| {
            let recipe = &chain.recipes[*r];
            RecipeLine {
                route: recipe.route.clone(),
                share: decimal(*share),
                why: choice.why.key(),
                instead_of: others.clone(),
                confidence: recipe.confidence.key(),
                source: recipe.rows.first().map(|row| row.source.clone()).unwrap_or_default(),
                place: recipe.place.clone(),
            }
        });
        let plants = index.suppliers[line.product].iter().map(|(p, amount)| PlantLine {
            plant: chain.plants[*p].name.clone(),
            amount: product.show(*amount),
            confidence: chain.plants[*p].confidence.key(),
            place: chain.plants[*p].place.clone(),
        });
        let need = |p: usize| index.need[p];
        let mut uses: Vec<(usize, f64)> =
            self.graph.uses.row(line.product).map(|(q, c)| (q, c * need(q))).filter(|(_, a)| *a > 0.0).collect();
        uses.sort_by(|a, b| b.1.total_cmp(&a.1));
        let used_by = uses.into_iter().map(|(q, amount)| UseLine { product: self.id(q), amount: product.show(amount) }).collect();
        Because { recipes: recipes.collect(), plants: plants.collect(), used_by }
    }

    /// The three rates with definitions.
    #[must_use]
    pub fn rate(&self, rates: &Rates) -> RateLine {
        let parts = [("kinds", &rates.kinds), ("quantity", &rates.quantity), ("value", &rates.value)];
        let value = |r: &Rate| r.value.map(decimal);
        RateLine {
            kinds: value(&rates.kinds),
            quantity: value(&rates.quantity),
            value: value(&rates.value),
            detail: parts.into_iter().map(|(by, rate)| self.detail(by, rate)).collect(),
        }
    }

    fn detail(&self, by: &'static str, rate: &Rate) -> RateDetail {
        RateDetail {
            by,
            definition: text(self.lang, &format!("rate.{by}"), &[]),
            percent: rate.value.map(|v| format!("{:.1}", v * 100.0)),
            low: rate.range.map(|(l, _)| decimal(l)),
            high: rate.range.map(|(_, h)| decimal(h)),
            local: decimal(rate.local),
            need: decimal(rate.need),
            left_out: rate.left_out.iter().map(|p| self.id(*p)).collect(),
            reason: rate.reason.map(|r| text(self.lang, &format!("reason.{r}"), &[])),
        }
    }

    /// Pairs in words.
    #[must_use]
    pub fn pairs(&self, pairs: &[Pair]) -> Vec<PairLine> {
        let party = |p: &Party| match p {
            Party::Plant(name) => name.clone(),
            Party::Demand => text(self.lang, "party.demand", &[]),
            Party::Missing(product) => text(self.lang, "party.missing", &[("product", self.chain.products[*product].name(self.lang))]),
        };
        let line = |p: &Pair| PairLine {
            from: party(&p.from),
            to: party(&p.to),
            product: self.id(p.product),
            quantity: self.chain.products[p.product].show(p.quantity),
            unit: self.chain.products[p.product].unit.name,
            kind: p.kind.key(),
        };
        pairs.iter().map(line).collect()
    }

    /// Weak links in words.
    #[must_use]
    pub fn weak(&self, weak: &[Weak]) -> Vec<WeakLine> {
        let line = |w: &Weak| WeakLine {
            product: self.id(w.product),
            why: w.why.key(),
            plant: w.plant.map(|p| self.chain.plants[p].name.clone()),
            share: decimal(w.share),
        };
        weak.iter().map(line).collect()
    }

    /// Unlocked by each gap.
    #[must_use]
    pub fn unlocks(&self, unlocks: &[Unlock]) -> Vec<UnlockLine> {
        let line = |u: &Unlock| UnlockLine {
            product: self.id(u.product),
            gap: self.chain.products[u.product].show(u.gap),
            unit: self.chain.products[u.product].unit.name,
            share: decimal(u.share),
            value: u.value.map(decimal),
            invest: u.invest.map(decimal),
            downstream: u.downstream,
            gain_kinds: u.gains[0].map(decimal),
            gain_quantity: u.gains[1].map(decimal),
            gain_value: u.gains[2].map(decimal),
        };
        unlocks.iter().map(line).collect()
    }

    /// Dependence on each plant.
    #[must_use]
    pub fn dependence(&self, list: &[Dependence]) -> Vec<DependenceLine> {
        list.iter().map(|d| DependenceLine { plant: d.plant.clone(), lost: decimal(d.lost), products: d.products }).collect()
    }

    /// The strongest effects of coefficients.
    #[must_use]
    pub fn effects(&self, effects: &[Effect], most: usize) -> Vec<EffectLine> {
        let line = |e: &Effect| {
            let recipe = &self.chain.recipes[e.recipe];
            let row = &recipe.rows[e.row];
            EffectLine {
                product: self.id(recipe.product),
                route: recipe.route.clone(),
                input: self.id(row.product),
                per_percent: decimal(e.per_percent),
                at_low: decimal(e.swing.0),
                at_high: decimal(e.swing.1),
                confidence: row.confidence.key(),
                place: row.place.clone(),
            }
        };
        effects.iter().take(most).map(line).collect()
    }

    /// Title, rates and foot of a drawing.
    #[must_use]
    pub fn caption(&self, supply: &Supply, title: String) -> Caption {
        let none = text(self.lang, "draw.none", &[]);
        let percent = |r: &Rate| r.value.map_or_else(|| none.clone(), |v| format!("{:.1}%", v * 100.0));
        let rates = &supply.rates;
        let (kinds, quantity, value) = (percent(&rates.kinds), percent(&rates.quantity), percent(&rates.value));
        let kinds = format!("{kinds}（{} / {}）", decimal(rates.kinds.local), decimal(rates.kinds.need));
        let line = text(self.lang, "draw.rate_line", &[("kinds", &kinds), ("quantity", &quantity), ("value", &value)]);
        Caption { title, lines: vec![line], foot: self.assumptions(supply).into_iter().take(1).collect() }
    }

    /// The products as a list of tab-separated lines, for a graph too large to draw.
    #[must_use]
    pub fn list(&self, supply: &Supply) -> String {
        let mut text = String::from("product\tstate\tneed\tlocal\tgap\tunit\n");
        for line in &supply.lines {
            let product = &self.chain.products[line.product];
            let cells = [
                product.name(self.lang).replace(['\t', '\n', '\r'], " "),
                line.state.key().to_owned(),
                product.show(line.need),
                product.show(line.local),
                product.show(line.gap),
                product.unit.name.to_owned(),
            ];
            text += &cells.join("\t");
            text.push('\n');
        }
        text
    }

    /// What was assumed on the way to a supply.
    #[must_use]
    pub fn assumptions(&self, supply: &Supply) -> Vec<String> {
        let mut list = Vec::new();
        if supply.at_capacity {
            list.push(text(self.lang, "assumed.at_capacity", &[]));
        }
        match supply.month {
            Some(month) => list.push(text(self.lang, "assumed.month", &[("month", &month.to_string())])),
            None => list.push(text(self.lang, "assumed.no_month", &[])),
        }
        for line in supply.lines.iter().filter(|l| l.need > 0.0) {
            let choice = &self.graph.choices[line.product];
            if !matches!(choice.why, routes::Why::Only | routes::Why::None) {
                let routes: Vec<&str> = choice.mix.iter().map(|(r, _)| self.chain.recipes[*r].route.as_str()).collect();
                let name = self.chain.products[line.product].name(self.lang);
                let why = text(self.lang, &format!("why.{}", choice.why.key()), &[]);
                list.push(text(self.lang, "assumed.route", &[("product", name), ("route", &routes.join("、")), ("why", &why)]));
            }
        }
        list
    }

    /// A what-if in words.
    #[must_use]
    pub fn what_if(&self, outcome: &Outcome, findings: Vec<Finding>) -> WhatIfAnswer {
        let lines = |list: &[Line]| -> Vec<MonthLine> {
            list.iter()
                .map(|l| {
                    let product = &self.chain.products[l.product];
                    MonthLine {
                        product: product.id.clone(),
                        month: l.month.to_string(),
                        before: product.show(l.before),
                        after: product.show(l.after),
                        unit: product.unit.name,
                    }
                })
                .collect()
        };
        let mut assumptions = self.assumptions(&outcome.after);
        assumptions.retain(|a| *a != text(self.lang, "assumed.no_month", &[]));
        for key in ["assumed.imports_held", "assumed.shared_out", "assumed.upstream_runs"] {
            assumptions.push(text(self.lang, key, &[]));
        }
        WhatIfAnswer {
            changes: lines(&outcome.changes),
            rate: self.rate(&outcome.after.rates),
            rate_before: self.rate(&outcome.before.rates),
            surplus: lines(&outcome.surplus),
            demand_met: lines(&outcome.met),
            imports: lines(&outcome.imports),
            assumptions,
            findings,
        }
    }
}
