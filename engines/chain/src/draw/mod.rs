//! Drawing 产业链图谱: a layered drawing, left to right, as one SVG.
//!
//! [`layout`] places nodes and bends edges (layers, crossings, positions);
//! [`svg`] paints: a node is a supply bar with a tick at the need, its frame
//! and its edges say enough, short or broken in colour, shape and word.

pub mod layout;
pub mod svg;

use crate::definitions::Map;
use crate::model::{Chain, ProductKind};
use crate::need::Graph;
use crate::supply::{State, Supply};
use std::collections::{HashMap, HashSet};

/// Most nodes that one sheet holds readably; above it a list is the better answer.
pub const MOST_NODES: usize = 200;

/// One node.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Which product.
    pub product: usize,
    /// Column of the map, where a map gives it.
    pub column: Option<usize>,
}

/// What is drawn.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Picture {
    /// Nodes.
    pub nodes: Vec<Node>,
    /// Edges between nodes, from the input to what is made of it.
    pub edges: Vec<(usize, usize)>,
    /// Headings of the map's columns.
    pub headings: Vec<String>,
}

/// Chooses nodes and edges: a map's nodes, or every material that is needed.
///
/// Products between two nodes that are not shown themselves become a direct edge.
#[must_use]
pub fn picture(chain: &Chain, graph: &Graph, supply: &Supply, map: Option<&Map>) -> Picture {
    let mut picture = Picture::default();
    let mut at: HashMap<usize, usize> = HashMap::new();
    let mut show = |picture: &mut Picture, product: usize, column: Option<usize>| {
        at.entry(product).or_insert_with(|| {
            picture.nodes.push(Node { product, column });
            picture.nodes.len() - 1
        });
    };
    if let Some(map) = map {
        for (column, layer) in map.layers.iter().enumerate() {
            picture.headings.push(layer.label.clone());
            for product in layer.nodes.iter().filter_map(|n| chain.find(n).first()) {
                show(&mut picture, *product, Some(column));
            }
        }
    } else {
        for line in supply.lines.iter().filter(|l| l.need > 0.0) {
            if matches!(chain.products[line.product].kind, ProductKind::Material | ProductKind::Activity) {
                show(&mut picture, line.product, None);
            }
        }
    }
    // More nodes than are drawn anyway need no edges.
    if picture.nodes.len() > MOST_NODES {
        return picture;
    }
    for (node, from) in picture.nodes.iter().enumerate() {
        for product in shown_users(graph, from.product, &at) {
            if at[&product] != node {
                picture.edges.push((node, at[&product]));
            }
        }
    }
    picture.edges.sort_unstable();
    picture.edges.dedup();
    picture
}

/// Shown products that use `product`, directly or through products that are not shown.
fn shown_users(graph: &Graph, product: usize, at: &HashMap<usize, usize>) -> Vec<usize> {
    let mut found = Vec::new();
    let mut seen = HashSet::from([product]);
    let mut work: Vec<usize> = graph.uses.row(product).map(|(q, _)| q).collect();
    while let Some(user) = work.pop() {
        if !seen.insert(user) {
            continue;
        }
        if at.contains_key(&user) {
            found.push(user);
        } else {
            work.extend(graph.uses.row(user).map(|(q, _)| q));
        }
    }
    found
}

/// State of a product in a supply; idle where it is not in it.
#[must_use]
pub fn state_of(supply: &Supply, product: usize) -> State {
    supply.lines.iter().find(|l| l.product == product).map_or(State::Idle, |l| l.state)
}
