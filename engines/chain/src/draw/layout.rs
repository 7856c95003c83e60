//! Layout 布局: columns, order within a column, heights, and the bends of long edges.
//!
//! The four steps of layered drawing: columns by longest path (or from the map),
//! bends where an edge passes a column, order by medians and exchanges, heights
//! by least squares with a least distance (pooling of adjacent violators).

use super::Picture;
use std::collections::HashMap;

/// Where everything stands, in columns and rows of one node's height.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Column of each node.
    pub column: Vec<usize>,
    /// Height of each node's middle, in rows.
    pub row: Vec<f64>,
    /// Edges: from, to, heights of the bends in the columns between, drawn backwards.
    pub edges: Vec<Routed>,
    /// How many columns.
    pub columns: usize,
    /// Heading of each column group: text, first and last column.
    pub headings: Vec<(String, usize, usize)>,
    /// Height needed, in rows.
    pub height: f64,
}

/// One edge with its bends.
#[derive(Debug, Clone, PartialEq)]
pub struct Routed {
    /// From this node.
    pub from: usize,
    /// To this node.
    pub to: usize,
    /// Heights in the columns between, left to right.
    pub bends: Vec<f64>,
    /// It runs against the columns: a recycle.
    pub backwards: bool,
}

/// Height that a passing edge takes, in rows.
const BEND: f64 = 0.34;

/// Places a picture.
#[must_use]
pub fn place(picture: &Picture) -> Layout {
    let forward = forward_edges(picture);
    let (column, headings) = columns(picture, &forward);
    let columns = column.iter().max().map_or(0, |c| c + 1);
    let mut grid = Grid::new(picture, &column, columns);
    grid.order();
    grid.heights();
    let row: Vec<f64> = (0..picture.nodes.len()).map(|n| grid.height[n]).collect();
    let height = (0..grid.height.len()).map(|v| grid.height[v] + grid.size[v] / 2.0).fold(0.0, f64::max);
    let edges = grid.routed(picture, &column);
    Layout { column, row, edges, columns, headings, height }
}

/// Edges without those that close a cycle, found in depth-first order.
fn forward_edges(picture: &Picture) -> Vec<bool> {
    let n = picture.nodes.len();
    let mut out: Vec<Vec<(usize, usize)>> = vec![Vec::new(); n];
    for (e, (a, b)) in picture.edges.iter().enumerate() {
        out[*a].push((*b, e));
    }
    let mut forward = vec![true; picture.edges.len()];
    // 0 new, 1 open, 2 closed.
    let mut state = vec![0u8; n];
    for root in 0..n {
        if state[root] != 0 {
            continue;
        }
        let mut work = vec![(root, 0)];
        state[root] = 1;
        while let Some((v, at)) = work.pop() {
            if let Some((w, e)) = out[v].get(at) {
                work.push((v, at + 1));
                match state[*w] {
                    0 => {
                        state[*w] = 1;
                        work.push((*w, 0));
                    }
                    1 => forward[*e] = false,
                    _ => {}
                }
            } else {
                state[v] = 2;
            }
        }
    }
    forward
}

/// Column of each node and the headings over them.
fn columns(picture: &Picture, forward: &[bool]) -> (Vec<usize>, Vec<(String, usize, usize)>) {
    let n = picture.nodes.len();
    let group = |v: usize| picture.nodes[v].column;
    let mapped = picture.nodes.iter().any(|v| v.column.is_some());
    let depth = |same: &dyn Fn(usize, usize) -> bool| {
        let mut depth = vec![0usize; n];
        // Longest paths: at most n rounds, each pushes depth along one more edge.
        for _ in 0..n {
            let mut moved = false;
            for ((a, b), _) in picture.edges.iter().zip(forward).filter(|((a, b), f)| **f && same(*a, *b)) {
                if depth[*b] < depth[*a] + 1 {
                    depth[*b] = depth[*a] + 1;
                    moved = true;
                }
            }
            if !moved {
                break;
            }
        }
        depth
    };
    if !mapped {
        let mut column = depth(&|_, _| true);
        // Raw materials move next to their first user, so that edges stay short.
        for v in 0..n {
            let users = picture.edges.iter().zip(forward).filter(|((a, _), f)| **f && *a == v).map(|((_, b), _)| column[*b]);
            if !picture.edges.iter().any(|(_, b)| *b == v)
                && let Some(first) = users.min()
            {
                column[v] = first.saturating_sub(1);
            }
        }
        return (column, Vec::new());
    }
    let inner = depth(&|a, b| group(a) == group(b));
    let mut headings = Vec::new();
    let mut first = 0;
    let mut start = vec![0; picture.headings.len()];
    for (g, heading) in picture.headings.iter().enumerate() {
        let width = (0..n).filter(|v| group(*v) == Some(g)).map(|v| inner[v] + 1).max().unwrap_or(0);
        if width == 0 {
            continue;
        }
        start[g] = first;
        headings.push((heading.clone(), first, first + width - 1));
        first += width;
    }
    let column = (0..n)
        .map(|v| {
            let g = group(v).unwrap_or(0);
            let width = headings.iter().find(|(_, a, _)| *a == start[g]).map_or(1, |(_, a, b)| b - a + 1);
            // Nodes without a follower in their group stand at its right edge, near their users.
            let follows = picture.edges.iter().zip(forward).any(|((a, b), f)| *f && *a == v && group(*b) == group(v));
            let leads = picture.edges.iter().zip(forward).any(|((a, b), f)| *f && *b == v && group(*a) == group(v));
            start[g] + if !follows && !leads { width / 2 } else { inner[v] }
        })
        .collect();
    (column, headings)
}

/// Nodes and bends in their columns.
struct Grid {
    /// Vertices of each column in order; nodes first by number, bends after them.
    column: Vec<Vec<usize>>,
    /// Neighbours in the column before and after.
    before: Vec<Vec<usize>>,
    after: Vec<Vec<usize>>,
    size: Vec<f64>,
    height: Vec<f64>,
    /// Bends of each edge, left to right.
    bends: Vec<Vec<usize>>,
}

impl Grid {
    fn new(picture: &Picture, column: &[usize], columns: usize) -> Self {
        let n = picture.nodes.len();
        let mut grid = Self {
            column: vec![Vec::new(); columns],
            before: vec![Vec::new(); n],
            after: vec![Vec::new(); n],
            size: vec![1.0; n],
            height: vec![0.0; n],
            bends: vec![Vec::new(); picture.edges.len()],
        };
        for (v, c) in column.iter().enumerate() {
            grid.column[*c].push(v);
        }
        // Edges of one source share their bends: they leave as one line and part where they must.
        let mut shared: HashMap<(usize, usize), usize> = HashMap::new();
        for (e, (a, b)) in picture.edges.iter().enumerate() {
            if column[*a] >= column[*b] {
                continue;
            }
            let mut last = *a;
            for c in column[*a] + 1..column[*b] {
                let bend = *shared.entry((*a, c)).or_insert_with(|| {
                    grid.size.push(BEND);
                    grid.height.push(0.0);
                    grid.before.push(Vec::new());
                    grid.after.push(Vec::new());
                    grid.column[c].push(grid.size.len() - 1);
                    grid.size.len() - 1
                });
                grid.link(last, bend);
                grid.bends[e].push(bend);
                last = bend;
            }
            grid.link(last, *b);
        }
        grid
    }

    fn link(&mut self, a: usize, b: usize) {
        if !self.after[a].contains(&b) {
            self.after[a].push(b);
            self.before[b].push(a);
        }
    }

    /// Orders the columns: medians from both sides, then exchanges of neighbours; the best is kept.
    fn order(&mut self) {
        let mut best = (self.crossings(), self.column.clone());
        for round in 0..24 {
            let forth = round % 2 == 0;
            let columns: Vec<usize> =
                if forth { (1..self.column.len()).collect() } else { (0..self.column.len().saturating_sub(1)).rev().collect() };
            for c in columns {
                self.sort_by_neighbours(c, forth);
            }
            self.exchange();
            let now = self.crossings();
            if now < best.0 {
                best = (now, self.column.clone());
            }
        }
        self.column = best.1;
    }

    fn positions(&self) -> Vec<f64> {
        let mut position = vec![0.0; self.size.len()];
        for column in &self.column {
            for (i, v) in column.iter().enumerate() {
                position[*v] = (i as f64 + 0.5) / column.len() as f64;
            }
        }
        position
    }

    fn sort_by_neighbours(&mut self, c: usize, forth: bool) {
        let position = self.positions();
        let side = if forth { &self.before } else { &self.after };
        let key = |v: &usize| {
            let near = &side[*v];
            if near.is_empty() { position[*v] } else { near.iter().map(|w| position[*w]).sum::<f64>() / near.len() as f64 }
        };
        let mut keyed: Vec<(f64, usize)> = self.column[c].iter().map(|v| (key(v), *v)).collect();
        keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
        self.column[c] = keyed.into_iter().map(|(_, v)| v).collect();
    }

    fn exchange(&mut self) {
        for c in 0..self.column.len() {
            for i in 0..self.column[c].len().saturating_sub(1) {
                let position = self.positions();
                let (v, w) = (self.column[c][i], self.column[c][i + 1]);
                let cross = |a: usize, b: usize| -> usize {
                    [&self.before, &self.after]
                        .iter()
                        .map(|side| side[a].iter().map(|x| side[b].iter().filter(|y| position[**y] < position[*x]).count()).sum::<usize>())
                        .sum()
                };
                if cross(w, v) < cross(v, w) {
                    self.column[c].swap(i, i + 1);
                }
            }
        }
    }

    /// Crossings between all neighbouring columns.
    fn crossings(&self) -> usize {
        let position = self.positions();
        let mut sum = 0;
        for column in &self.column {
            let lines: Vec<(f64, f64)> = column.iter().flat_map(|v| self.after[*v].iter().map(|w| (position[*v], position[*w]))).collect();
            for (i, (a, b)) in lines.iter().enumerate() {
                sum += lines[i + 1..].iter().filter(|(c, d)| (a - c) * (b - d) < 0.0).count();
            }
        }
        sum
    }

    /// Heights: each vertex near the mean of its neighbours, none nearer than half of both sizes.
    fn heights(&mut self) {
        let tallest = self.column.iter().map(|c| c.iter().map(|v| self.size[*v]).sum::<f64>()).fold(0.0, f64::max);
        for c in 0..self.column.len() {
            let own: f64 = self.column[c].iter().map(|v| self.size[*v]).sum();
            let mut at = (tallest - own) / 2.0;
            for v in self.column[c].clone() {
                self.height[v] = at + self.size[v] / 2.0;
                at += self.size[v];
            }
        }
        for round in 0..40 {
            let columns: Vec<usize> =
                if round % 2 == 0 { (0..self.column.len()).collect() } else { (0..self.column.len()).rev().collect() };
            for c in columns {
                self.settle(c, tallest);
            }
        }
        let top = (0..self.size.len()).map(|v| self.height[v] - self.size[v] / 2.0).fold(f64::INFINITY, f64::min);
        if top.is_finite() {
            self.height.iter_mut().for_each(|h| *h -= top);
        }
    }

    fn settle(&mut self, c: usize, tallest: f64) {
        let column = self.column[c].clone();
        let mut offset = 0.0;
        let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
        let mut offsets = Vec::with_capacity(column.len());
        for v in &column {
            let near: Vec<f64> = self.before[*v].iter().chain(&self.after[*v]).map(|w| self.height[*w]).collect();
            let wish = if near.is_empty() { self.height[*v] } else { near.iter().sum::<f64>() / near.len() as f64 };
            // Bends are pulled harder, so that long edges run straight.
            let weight = if self.size[*v] < 1.0 { 2.0 } else { 1.0 };
            offset += self.size[*v] / 2.0;
            offsets.push(offset);
            blocks.push((wish - offset, weight, 1));
            offset += self.size[*v] / 2.0;
            // Blocks in the wrong order become one at their weighted mean.
            while blocks.len() > 1 && blocks[blocks.len() - 2].0 > blocks[blocks.len() - 1].0 {
                let (b, wb, nb) = blocks.pop().unwrap_or_default();
                let (a, wa, na) = blocks.pop().unwrap_or_default();
                blocks.push(((a * wa + b * wb) / (wa + wb), wa + wb, na + nb));
            }
        }
        let mut at = 0;
        for (shift, _, count) in blocks {
            for i in at..at + count {
                // Nothing leaves the height that the fullest column needs.
                self.height[column[i]] = shift.clamp(0.0, (tallest - offset).max(0.0)) + offsets[i];
            }
            at += count;
        }
    }

    fn routed(&self, picture: &Picture, column: &[usize]) -> Vec<Routed> {
        let edge = |(e, (a, b)): (usize, &(usize, usize))| Routed {
            from: *a,
            to: *b,
            bends: self.bends[e].iter().map(|v| self.height[*v]).collect(),
            backwards: column[*a] >= column[*b],
        };
        picture.edges.iter().enumerate().map(edge).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::Node;
    use proptest::prelude::*;

    fn free(nodes: usize, edges: Vec<(usize, usize)>) -> Picture {
        Picture { nodes: (0..nodes).map(|product| Node { product, column: None }).collect(), edges, headings: Vec::new() }
    }

    #[test]
    fn a_long_edge_bends_in_every_column_between() {
        let layout = place(&free(4, vec![(0, 1), (1, 2), (2, 3), (0, 3)]));
        assert_eq!(layout.column, [0, 1, 2, 3]);
        assert_eq!(layout.edges[3].bends.len(), 2);
    }

    #[test]
    fn crossings_are_undone() {
        // Two edges that cross in reading order need not.
        let layout = place(&free(4, vec![(0, 3), (1, 2)]));
        assert_eq!((layout.row[0] < layout.row[1]), (layout.row[3] < layout.row[2]));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(80))]
        #[test]
        fn nodes_never_overlap_and_edges_run_forward(n in 1usize..25, raw in proptest::collection::vec((any::<usize>(), any::<usize>()), 0..50)) {
            let mut edges: Vec<(usize, usize)> = raw.into_iter().map(|(a, b)| (a % n, b % n)).filter(|(a, b)| a != b).collect();
            edges.sort_unstable();
            edges.dedup();
            let layout = place(&free(n, edges));
            for a in 0..n {
                for b in a + 1..n {
                    if layout.column[a] == layout.column[b] {
                        prop_assert!((layout.row[a] - layout.row[b]).abs() > 1.0 - 1e-6);
                    }
                }
                prop_assert!(layout.row[a] >= 0.5 - 1e-6 && layout.row[a] <= layout.height);
            }
            for edge in layout.edges.iter().filter(|e| !e.backwards) {
                prop_assert_eq!(edge.bends.len() + 1, layout.column[edge.to] - layout.column[edge.from]);
            }
        }
    }
}
