//! Routes 工艺选择: which of the alternative recipes a product's need goes through.

use crate::model::{Chain, comparable};
use crate::notes::Notes;

/// Why a mix of recipes was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// There is no recipe: the product is a boundary of the chain.
    None,
    /// There is only one.
    Only,
    /// The tables give shares.
    Shares,
    /// The zone's plants say which route they run.
    Plants,
    /// The tables say which one comes first.
    Default,
    /// The surest coefficients; the first read among equals.
    Surest,
    /// The person asked for it.
    Asked,
}

impl Why {
    /// Key of its text.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Only => "only",
            Self::Shares => "shares",
            Self::Plants => "plants",
            Self::Default => "default",
            Self::Surest => "surest",
            Self::Asked => "asked",
        }
    }
}

/// Recipes of one product with their shares (sum 1; empty without recipe).
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// Recipe and share.
    pub mix: Vec<(usize, f64)>,
    /// Why.
    pub why: Why,
}

/// Chooses for each product: given shares, else the routes its plants name, else the table's default, else the surest recipe.
#[must_use]
pub fn choose(chain: &Chain) -> Vec<Choice> {
    choose_with(chain, &[])
}

/// As [`choose`], with recipes that the person asked for.
#[must_use]
pub fn choose_with(chain: &Chain, asked: &[usize]) -> Vec<Choice> {
    let mut of: Vec<Vec<usize>> = vec![Vec::new(); chain.products.len()];
    for (index, recipe) in chain.recipes.iter().enumerate() {
        of[recipe.product].push(index);
    }
    let mut named: Vec<Vec<(usize, f64)>> = vec![Vec::new(); chain.products.len()];
    for plant in &chain.plants {
        if let Some(recipe) = plant.recipe {
            named[plant.product].push((recipe, plant.capacity));
        }
    }
    (0..chain.products.len())
        .map(|product| {
            let recipes = &of[product];
            if let Some(recipe) = asked.iter().find(|r| recipes.contains(r)) {
                return Choice { mix: vec![(*recipe, 1.0)], why: Why::Asked };
            }
            match recipes.as_slice() {
                [] => return Choice { mix: Vec::new(), why: Why::None },
                [only] => return Choice { mix: vec![(*only, 1.0)], why: Why::Only },
                _ => {}
            }
            let shares: Vec<(usize, f64)> =
                recipes.iter().filter_map(|r| Some((*r, chain.recipes[*r].share.filter(|s| *s > 0.0)?))).collect();
            let plants = &named[product];
            if !shares.is_empty() {
                return Choice { mix: normalised(&shares), why: Why::Shares };
            }
            if plants.iter().any(|(_, c)| *c > 0.0) {
                return Choice { mix: normalised(plants), why: Why::Plants };
            }
            if let Some(first) = recipes.iter().find(|r| chain.recipes[**r].default) {
                return Choice { mix: vec![(*first, 1.0)], why: Why::Default };
            }
            let mut best = recipes[0];
            for recipe in recipes {
                if chain.recipes[*recipe].confidence > chain.recipes[best].confidence {
                    best = *recipe;
                }
            }
            Choice { mix: vec![(best, 1.0)], why: Why::Surest }
        })
        .collect()
}

/// Recipes that a person asks for as `product=route`; faults are noted.
#[must_use]
pub fn asked(chain: &Chain, texts: &[String], notes: &mut Notes) -> Vec<usize> {
    let mut asked = Vec::new();
    for text in texts {
        let (product, route) = text.split_once(['=', '＝']).unwrap_or((text, ""));
        let products = chain.find(product);
        let recipes: Vec<usize> = products.iter().flat_map(|p| chain.recipes_of(*p)).collect();
        let wanted = comparable(route);
        match recipes.iter().find(|r| comparable(&chain.recipes[**r].route) == wanted || comparable(&chain.recipes[**r].written) == wanted)
        {
            Some(recipe) => asked.push(*recipe),
            None => {
                let known: Vec<&str> = recipes.iter().map(|r| chain.recipes[*r].route.as_str()).collect();
                notes.error("chain.unknown_route", "--route", "route", text, &[("known", &known.join("、"))]);
            }
        }
    }
    asked
}

/// Shares that sum to 1, one entry a recipe, in the order of the recipes.
fn normalised(parts: &[(usize, f64)]) -> Vec<(usize, f64)> {
    let sum: f64 = parts.iter().map(|(_, s)| s).sum();
    let mut mix: Vec<(usize, f64)> = Vec::new();
    for (recipe, share) in parts {
        match mix.iter_mut().find(|(r, _)| r == recipe) {
            Some((_, s)) => *s += share / sum,
            None => mix.push((*recipe, share / sum)),
        }
    }
    mix.sort_by_key(|(r, _)| *r);
    mix
}
