//! Definitions 内置数据: assumptions, products, chains and maps from `definitions/chains/`.

use crate::table::Table;
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
    /// Counted by what it contains.
    #[serde(default)]
    pub content: bool,
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

/// One row of a recipe as defined.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowDefinition {
    /// Key of the product.
    pub product: String,
    /// byproduct or waste; an input if empty.
    #[serde(default)]
    pub role: String,
    /// How much for one unit made.
    pub amount: f64,
    /// Its unit.
    pub unit: String,
    /// Lowest plausible.
    pub low: Option<f64>,
    /// Highest plausible.
    pub high: Option<f64>,
    /// A, B or C.
    pub confidence: String,
    /// Another basis than the recipe's.
    pub basis: Option<String>,
    /// Another source than the recipe's.
    pub source: Option<String>,
    /// Remark.
    #[serde(default)]
    pub note: String,
}

/// One recipe as defined.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecipeDefinition {
    /// Key of the product.
    pub product: String,
    /// Key of the route.
    pub route: String,
    /// Its name.
    pub label: Label,
    /// Unit made.
    pub unit: String,
    /// Taken where nothing else decides.
    #[serde(default)]
    pub default: bool,
    /// reported, stoichiometric, expert, outline.
    pub basis: String,
    /// Who says so.
    pub source: String,
    /// Lowest of the rows.
    pub confidence: String,
    /// Where it holds.
    #[serde(default)]
    pub location: String,
    /// From when.
    pub valid_from: String,
    /// What goes in and out.
    pub rows: Vec<RowDefinition>,
}

/// Head of a chain definition.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainHead {
    /// Stable key.
    pub key: String,
    /// Name.
    pub label: Label,
    /// From when.
    pub valid_from: String,
}

/// One chain as defined.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainDefinition {
    /// Key and name.
    pub chain: ChainHead,
    /// Recipes.
    pub recipe: Vec<RecipeDefinition>,
}

const CHAIN_FILES: &[&str] = &[
    include_str!("../../../definitions/chains/battery.toml"),
    include_str!("../../../definitions/chains/nonferrous.toml"),
    include_str!("../../../definitions/chains/silicon.toml"),
    include_str!("../../../definitions/chains/chlor_alkali.toml"),
    include_str!("../../../definitions/chains/titanium.toml"),
    include_str!("../../../definitions/chains/peroxide.toml"),
    include_str!("../../../definitions/chains/smart_manufacturing.toml"),
    include_str!("../../../definitions/chains/data_information.toml"),
    include_str!("../../../definitions/chains/resource_recycling.toml"),
];

static CHAINS: LazyLock<Vec<ChainDefinition>> = LazyLock::new(|| CHAIN_FILES.iter().filter_map(|text| toml::from_str(text).ok()).collect());

/// All chains of the definitions.
#[must_use]
pub fn chains() -> &'static [ChainDefinition] {
    &CHAINS
}

/// One layer of a map.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// Heading.
    pub label: String,
    /// Keys of the products in it.
    pub nodes: Vec<String>,
}

/// One map 招商图谱: a view over the graph.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// Stable key.
    pub key: String,
    /// Name.
    pub label: Label,
    /// Chains whose recipes it stands on.
    pub chains: Vec<String>,
    /// Layers, left to right; the last holds what the chain is for.
    pub layers: Vec<Layer>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Maps {
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "confidence")]
    _confidence: String,
    #[serde(rename = "valid_from")]
    _valid_from: String,
    map: Vec<Map>,
}

static MAPS: LazyLock<Vec<Map>> =
    LazyLock::new(|| toml::from_str::<Maps>(include_str!("../../../definitions/chains/maps.toml")).map(|m| m.map).unwrap_or_default());

/// All maps.
#[must_use]
pub fn maps() -> &'static [Map] {
    &MAPS
}

/// The tables (products and recipes) of some chains; `all` stands for every chain.
///
/// They are read like any other table, so that a definition and a workbook
/// mean the same. Keys that are no chain come back second.
#[must_use]
pub fn tables(keys: &[&str]) -> (Vec<Table>, Vec<String>) {
    let wanted: Vec<&ChainDefinition> = CHAINS.iter().filter(|c| keys.iter().any(|k| *k == "all" || *k == c.chain.key)).collect();
    let unknown = keys.iter().filter(|k| **k != "all" && !CHAINS.iter().any(|c| c.chain.key == **k)).map(|k| (*k).to_owned()).collect();
    if wanted.is_empty() {
        return (Vec::new(), unknown);
    }
    let mut tables: Vec<Table> = wanted.iter().map(|c| recipe_table(c)).collect();
    tables.push(product_table(&tables));
    (tables, unknown)
}

const RECIPE_HEAD: &[&str] = &[
    "chain",
    "product",
    "product_zh",
    "route",
    "input",
    "input_zh",
    "kind",
    "amount",
    "unit_in",
    "unit_out",
    "low",
    "high",
    "basis",
    "location",
    "source",
    "confidence",
    "note",
    "default",
];

fn recipe_table(definition: &ChainDefinition) -> Table {
    let name = |key: &str| known(key).map(|k| k.label.zh.clone()).unwrap_or_default();
    let kind = |row: &RowDefinition| {
        if row.role.is_empty() { known(&row.product).map(|k| k.kind.clone()).unwrap_or_default() } else { row.role.clone() }
    };
    let number = |n: Option<f64>| n.map(crate::amount::decimal).unwrap_or_default();
    let mut rows = Vec::new();
    for recipe in &definition.recipe {
        for row in &recipe.rows {
            let cells = [
                definition.chain.key.clone(),
                recipe.product.clone(),
                name(&recipe.product),
                recipe.route.clone(),
                row.product.clone(),
                name(&row.product),
                kind(row),
                number(Some(row.amount)),
                row.unit.clone(),
                recipe.unit.clone(),
                number(row.low),
                number(row.high),
                row.basis.clone().unwrap_or_else(|| recipe.basis.clone()),
                recipe.location.clone(),
                row.source.clone().unwrap_or_else(|| recipe.source.clone()),
                row.confidence.clone(),
                row.note.clone(),
                if recipe.default { "1".into() } else { String::new() },
            ];
            rows.push((rows.len() as u32 + 2, cells.to_vec()));
        }
    }
    let head = RECIPE_HEAD.iter().map(|h| (*h).to_owned()).collect();
    Table { name: format!("definitions/chains/{}.toml", definition.chain.key), is_sheet: false, head, rows }
}

/// The products that some recipe tables name.
fn product_table(recipes: &[Table]) -> Table {
    let named: std::collections::HashSet<&str> =
        recipes.iter().flat_map(|t| t.rows.iter()).flat_map(|(_, cells)| [cells[1].as_str(), cells[4].as_str()]).collect();
    let rows = PRODUCTS.iter().enumerate().filter(|(_, p)| named.contains(p.key.as_str())).map(|(i, p)| {
        let cells = [&p.key, &p.label.zh, &p.label.en, &p.aliases.join("|"), &p.unit, &p.kind, &p.formula, &p.stage];
        (i as u32 + 2, cells.into_iter().cloned().collect())
    });
    let head = ["code", "name", "name_en", "aliases", "unit", "kind", "formula", "stage"];
    Table { name: "definitions/chains/products.toml".into(), is_sheet: false, head: head.map(str::to_owned).to_vec(), rows: rows.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_file_can_be_read() {
        assert_eq!(CHAINS.len(), CHAIN_FILES.len());
        for text in CHAIN_FILES {
            toml::from_str::<ChainDefinition>(text).unwrap();
        }
        toml::from_str::<Products>(include_str!("../../../definitions/chains/products.toml")).unwrap();
        toml::from_str::<Maps>(include_str!("../../../definitions/chains/maps.toml")).unwrap();
        assert_eq!(assumptions().operating_days.value, 330.0);
        assert_eq!(maps().len(), 7);
    }

    #[test]
    fn keys_are_unique_and_every_row_names_a_product() {
        let mut keys = HashSet::new();
        for product in products() {
            assert!(keys.insert(&product.key), "{}", product.key);
            assert!(!product.label.zh.is_empty() && !product.label.en.is_empty(), "{}", product.key);
            assert!(product.formula.is_empty() || crate::formula::parse(&product.formula).is_some(), "{}", product.formula);
        }
        for recipe in chains().iter().flat_map(|c| &c.recipe) {
            assert!(keys.contains(&recipe.product), "{}", recipe.product);
            assert!(!recipe.source.is_empty() && matches!(recipe.confidence.as_str(), "A" | "B" | "C"), "{}", recipe.product);
            for row in &recipe.rows {
                assert!(keys.contains(&row.product), "{}", row.product);
                // A rule of thumb says so in the row itself.
                if row.basis.as_ref().unwrap_or(&recipe.basis) == "expert" {
                    assert_eq!(row.confidence, "C", "{} in {}", row.product, recipe.product);
                }
            }
        }
        for map in maps() {
            for node in map.layers.iter().flat_map(|l| &l.nodes) {
                assert!(keys.contains(node), "{node} in {}", map.key);
            }
            assert!(map.chains.iter().all(|c| chains().iter().any(|d| d.chain.key == *c)), "{}", map.key);
        }
    }
}
