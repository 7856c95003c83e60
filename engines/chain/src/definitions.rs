//! Definitions 内置数据: assumptions, products, chains and maps from `definitions/chains/`.

use serde::Deserialize;
use std::collections::HashMap;
use std::sync::LazyLock;
use values::texts::Label;

/// One assumed value with its source.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Assumption {
    /// The value.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// What it is.
    pub label: Label,
    /// Who says so.
    pub source: String,
    /// A, B or C.
    pub confidence: String,
    /// From when.
    pub valid_from: String,
}

/// All assumptions of the engine.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Assumptions {
    /// Operating days a year, for daily capacities.
    pub operating_days: Assumption,
    /// Share of one supplier, in %, above which a link is weak.
    pub dominant_share: Assumption,
    /// Mass difference allowed to stoichiometric recipes, %.
    pub mass_tolerance_stoichiometric: Assumption,
    /// Mass difference allowed to other recipes, %.
    pub mass_tolerance_reported: Assumption,
    /// Difference allowed to an element's balance, %.
    pub element_tolerance: Assumption,
}

static ASSUMPTIONS: LazyLock<Assumptions> =
    LazyLock::new(|| toml::from_str(include_str!("../../../definitions/chains/assumptions.toml")).unwrap_or_default());

/// The assumptions.
#[must_use]
pub fn assumptions() -> &'static Assumptions {
    &ASSUMPTIONS
}

/// What is known of a product whatever the chain: formula, stage, kind.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// Stable key, the code of the product.
    pub key: String,
    /// Names.
    pub label: Label,
    /// Other names.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Unit.
    pub unit: String,
    /// Kind, as in a table.
    #[serde(default)]
    pub kind: String,
    /// Chemical formula.
    #[serde(default)]
    pub formula: String,
    /// Stage of the chain.
    #[serde(default)]
    pub stage: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Products {
    #[serde(default)]
    product: Vec<Known>,
}

static PRODUCTS: LazyLock<Vec<Known>> = LazyLock::new(|| {
    toml::from_str::<Products>(include_str!("../../../definitions/chains/products.toml")).map(|p| p.product).unwrap_or_default()
});

static BY_NAME: LazyLock<HashMap<String, usize>> = LazyLock::new(|| {
    let mut names = HashMap::new();
    for (index, known) in PRODUCTS.iter().enumerate() {
        for name in [&known.key, &known.label.zh, &known.label.en].into_iter().chain(&known.aliases).filter(|n| !n.is_empty()) {
            names.entry(crate::model::comparable(name)).or_insert(index);
        }
    }
    names
});

/// Products of the definitions.
#[must_use]
pub fn products() -> &'static [Known] {
    &PRODUCTS
}

/// The known product of a name, in any way of writing it.
#[must_use]
pub fn known(name: &str) -> Option<&'static Known> {
    BY_NAME.get(&crate::model::comparable(name)).map(|i| &PRODUCTS[*i])
}
