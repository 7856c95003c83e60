//! The chain as read: products, recipes, plants, demands, imports, stocks, purchases.
//!
//! Every amount is in the base unit of its quantity (t, kWh, m², 个 …, see
//! [`crate::amount::base_unit`]); the unit of a product is for printing only.

use crate::amount::{self, Month};
use std::collections::HashMap;
use values::unit::{Quantity, Unit, half_width};
use values::{Confidence, Lang};

/// What kind of thing a product is; only materials are counted in a supply rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProductKind {
    /// Waste 废物.
    Waste,
    /// What nature gives: ore in the ground.
    Resource,
    /// A count that only explains another amount (cells in a kWh).
    Count,
    /// A service 加工服务, such as rolling.
    Service,
    /// Process water 水.
    Water,
    /// Energy 能源.
    Energy,
    /// A step without product 活动, in chains that make no goods.
    Activity,
    /// Material 物料.
    Material,
}

impl ProductKind {
    /// Reads the `kind` of a table. None if unknown.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text.trim().to_lowercase().as_str() {
            "material" | "byproduct" | "物料" | "材料" | "原料" | "副产" | "副产品" => Self::Material,
            "energy" | "能源" | "能耗" => Self::Energy,
            "water" | "水" => Self::Water,
            "service" | "服务" | "加工" => Self::Service,
            "waste" | "废物" | "三废" => Self::Waste,
            "resource" | "自然资源" => Self::Resource,
            "count" | "计数" => Self::Count,
            "activity" | "活动" => Self::Activity,
            _ => return None,
        })
    }

    /// Stable key.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Waste => "waste",
            Self::Resource => "resource",
            Self::Count => "count",
            Self::Service => "service",
            Self::Water => "water",
            Self::Energy => "energy",
            Self::Activity => "activity",
            Self::Material => "material",
        }
    }
}

/// One product 产品, a node of the graph.
#[derive(Debug, Clone)]
pub struct Product {
    /// Name as the recipes write it: what results call it.
    pub id: String,
    /// Chinese name; empty if none is known.
    pub zh: String,
    /// Its code, where a products table gives one.
    pub code: String,
    /// Kind.
    pub kind: ProductKind,
    /// What it is measured in.
    pub quantity: Quantity,
    /// Unit for printing.
    pub unit: &'static Unit,
    /// Chemical formula, where known.
    pub formula: String,
    /// Counted by what it contains (金属量): its carrier's mass is not in the amounts.
    pub content: bool,
    /// Price in yuan for one base unit, where given.
    pub price: Option<f64>,
    /// Investment in yuan for one base unit of yearly capacity, where given.
    pub invest: Option<f64>,
    /// Stage 环节 of the chain, for drawing.
    pub stage: String,
    /// First place that named it.
    pub place: String,
}

impl Product {
    /// The name to show: Chinese where there is one and it is wanted.
    #[must_use]
    pub fn name(&self, lang: Lang) -> &str {
        if lang == Lang::Zh && !self.zh.is_empty() { &self.zh } else { &self.id }
    }

    /// A base amount as text in the product's unit.
    #[must_use]
    pub fn show(&self, base: f64) -> String {
        amount::decimal(base / amount::to_base(self.unit))
    }
}

/// What a row of a recipe says of its product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Used up.
    Input,
    /// Made along with the product, and useful.
    Byproduct,
    /// Made along with the product, to be treated.
    Waste,
}

/// One row of a recipe 系数: how much of a product goes in, or comes out, with one unit made.
#[derive(Debug, Clone)]
pub struct Row {
    /// Which product.
    pub product: usize,
    /// In or out.
    pub role: Role,
    /// Unit it was written in.
    pub unit: &'static Unit,
    /// Base units for one base unit made; never negative. Losses are in it.
    pub amount: f64,
    /// Lowest plausible.
    pub low: Option<f64>,
    /// Highest plausible.
    pub high: Option<f64>,
    /// How sure it is.
    pub confidence: Confidence,
    /// Why it is believed: reported, stoichiometric, expert.
    pub basis: String,
    /// Name as written in this row.
    pub written: String,
    /// Who says so.
    pub source: String,
    /// Where it was read.
    pub place: String,
}

/// One way to make a product 工艺路线.
#[derive(Debug, Clone)]
pub struct Recipe {
    /// What it makes.
    pub product: usize,
    /// Product's name as written in this recipe.
    pub written: String,
    /// Unit of the product that the amounts are for.
    pub unit: &'static Unit,
    /// Route, empty if there is only one.
    pub route: String,
    /// Rows in the order read.
    pub rows: Vec<Row>,
    /// Share of the need that goes this route, where given; 0–1.
    pub share: Option<f64>,
    /// Taken where nothing else decides.
    pub default: bool,
    /// Lowest of its rows.
    pub confidence: Confidence,
    /// Where it begins.
    pub place: String,
}

/// Capacity of one plant for one product.
#[derive(Debug, Clone)]
pub struct Plant {
    /// Name of the plant.
    pub name: String,
    /// What it makes.
    pub product: usize,
    /// Recipe, where the plant says which.
    pub recipe: Option<usize>,
    /// Base units a year at full load.
    pub capacity: f64,
    /// Unit it was given in.
    pub unit: &'static Unit,
    /// First month of production; none = always.
    pub from: Option<Month>,
    /// Last month of production; none = no end.
    pub to: Option<Month>,
    /// Share of capacity from the n-th month of production on, ascending; empty = full at once.
    pub ramp: Vec<(i32, f64)>,
    /// Months with less: first, last, share that still runs.
    pub outages: Vec<(Month, Month, f64)>,
    /// How sure the capacity is.
    pub confidence: Confidence,
    /// Where it was read.
    pub place: String,
}

impl Plant {
    /// Share of the capacity that runs in a month, 0–1.
    #[must_use]
    pub fn running(&self, month: Month) -> f64 {
        if self.from.is_some_and(|f| month < f) || self.to.is_some_and(|t| month > t) {
            return 0.0;
        }
        let age = self.from.map_or(i32::MAX, |f| month.0 - f.0 + 1);
        let ramp = if self.ramp.is_empty() { 1.0 } else { self.ramp.iter().rev().find(|(n, _)| *n <= age).map_or(0.0, |(_, s)| *s) };
        let outage = self.outages.iter().filter(|(a, b, _)| (*a..=*b).contains(&month)).map(|(_, _, left)| *left).fold(1.0, f64::min);
        ramp * outage
    }
}

/// An amount of one product, with its place.
#[derive(Debug, Clone)]
pub struct Quantum {
    /// Which product.
    pub product: usize,
    /// Base units (a year, for flows).
    pub amount: f64,
    /// Where it was read.
    pub place: String,
}

/// What was really bought of one product 实际采购.
#[derive(Debug, Clone)]
pub struct Purchase {
    /// Which product.
    pub product: usize,
    /// All purchases, base units a year.
    pub total: f64,
    /// Of them from plants of the zone.
    pub local: f64,
    /// Where it was read.
    pub place: String,
}

/// A whole chain 产业链 with what the zone has and wants.
#[derive(Debug, Clone, Default)]
pub struct Chain {
    /// Products; other tables point here by position.
    pub products: Vec<Product>,
    /// Recipes.
    pub recipes: Vec<Recipe>,
    /// Capacities.
    pub plants: Vec<Plant>,
    /// Wanted at the chain's end, a year.
    pub demands: Vec<Quantum>,
    /// Most that can be brought in, a year; a product without a row has no limit.
    pub imports: Vec<Quantum>,
    /// In store at the beginning.
    pub stocks: Vec<Quantum>,
    /// Purchases.
    pub purchases: Vec<Purchase>,
    /// Every name of a product, made comparable → positions (one for each quantity).
    pub names: HashMap<String, Vec<usize>>,
}

impl Chain {
    /// Products of that name, in any way of writing it.
    #[must_use]
    pub fn find(&self, name: &str) -> &[usize] {
        self.names.get(&comparable(name)).map_or(&[], Vec::as_slice)
    }

    /// Recipes that make a product.
    pub fn recipes_of(&self, product: usize) -> impl Iterator<Item = usize> + '_ {
        self.recipes.iter().enumerate().filter(move |(_, r)| r.product == product).map(|(i, _)| i)
    }

    /// First and last month that plants name in their `from`; None if no plant has a date.
    #[must_use]
    pub fn latest_start(&self) -> Option<Month> {
        self.plants.iter().filter_map(|p| p.from).max()
    }
}

/// A name made comparable: half width, lower case, single blanks.
#[must_use]
pub fn comparable(name: &str) -> String {
    let half: String = name.chars().map(half_width).collect();
    half.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
