//! Search 求解: branch and bound over the projects, with a plan from the first relaxation on.
//!
//! Root relaxation → rounding and swaps → reduced-cost fixing → best-first
//! branching, each node solved from the root's basis. Deterministic: effort is
//! counted in relaxations.

use super::simplex::{Data, End, Tableau, lagrangian};
use super::{Answer, Effort, Plan, Problem, Side, gap};
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Steps of one relaxation before its parent's bound is taken instead.
const STEPS: usize = 20_000;

/// Finds a plan with a bound.
#[must_use]
pub fn solve(problem: &Problem, effort: &Effort) -> Answer {
    let data = data(problem, &(0..problem.limits.len()).collect::<Vec<_>>());
    let low: Vec<f64> = problem.projects.iter().map(|p| f64::from(u8::from(p.must))).collect();
    let high = vec![1.0; low.len()];
    let mut root = Tableau::new(&data, &low, &high);
    if root.solve(STEPS) == End::Infeasible {
        return Answer::Infeasible(clash(problem));
    }
    let prices = root.prices();
    let (bound, reduced) = lagrangian(&data, &prices, &low, &high);
    let mut search = Search { problem, data, root, low, high, best: None, nodes: 1, room: Room::new(problem) };
    let x = search.root.x();
    if x.iter().all(|v| (v - v.round()).abs() <= 1e-7) {
        search.offer(x.iter().map(|v| *v > 0.5).collect());
    }
    search.round(&x, &reduced);
    let bound = search.branch(bound, &reduced, effort);
    let Search { best, nodes, data, .. } = search;
    match best {
        Some((value, taken)) => {
            let used = (0..problem.limits.len()).map(|l| problem.used(l, &taken)).collect();
            let prices = prices[..problem.limits.len()].iter().zip(&data.size).map(|(p, s)| p / s).collect();
            Answer::Plan(Plan { value, bound: bound.max(value), taken, prices, used, nodes })
        }
        None if bound == f64::NEG_INFINITY => Answer::Infeasible(clash(problem)),
        None => Answer::Unknown(bound),
    }
}

/// Rows of the relaxation: the chosen limits, then groups, then needs.
fn data(problem: &Problem, limits: &[usize]) -> Data {
    let n = problem.projects.len();
    let mut data =
        Data { worth: problem.projects.iter().map(|p| p.value).collect(), rows: Vec::new(), right: Vec::new(), size: Vec::new() };
    for l in limits {
        let limit = &problem.limits[*l];
        let sign = if limit.side == Side::Cap { 1.0 } else { -1.0 };
        data.rows.push(problem.projects.iter().map(|p| sign * p.uses[limit.column]).collect());
        data.right.push(sign * limit.limit);
    }
    let mut groups: Vec<&str> = problem.projects.iter().map(|p| p.group.as_str()).filter(|g| !g.is_empty()).collect();
    groups.sort_unstable();
    groups.dedup();
    for group in groups {
        data.rows.push(problem.projects.iter().map(|p| f64::from(u8::from(p.group == group))).collect());
        data.right.push(1.0);
    }
    for (i, project) in problem.projects.iter().enumerate() {
        for need in project.needs.iter().filter(|n| **n != i) {
            let mut row = vec![0.0; n];
            row[i] = 1.0;
            row[*need] = -1.0;
            data.rows.push(row);
            data.right.push(0.0);
        }
    }
    // Rows of unlike units are brought to one size, so that one tolerance fits all.
    for (row, right) in data.rows.iter_mut().zip(&mut data.right) {
        let size = row.iter().fold(0.0f64, |a, b| a.max(b.abs()));
        let size = if size > 0.0 { size } else { 1.0 };
        data.size.push(size);
        row.iter_mut().for_each(|a| *a /= size);
        *right /= size;
    }
    data
}

/// Limits that cannot be kept together: single ones first, else an irreducible set;
/// none if groups and needs clash among themselves.
fn clash(problem: &Problem) -> Vec<usize> {
    let low: Vec<f64> = problem.projects.iter().map(|p| f64::from(u8::from(p.must))).collect();
    let high = vec![1.0; low.len()];
    let fails = |limits: &[usize]| Tableau::new(&data(problem, limits), &low, &high).solve(STEPS) == End::Infeasible;
    if fails(&[]) {
        // Groups and needs alone contradict what must be taken.
        return Vec::new();
    }
    let all: Vec<usize> = (0..problem.limits.len()).collect();
    let single: Vec<usize> = all.iter().copied().filter(|l| fails(&[*l])).collect();
    if !single.is_empty() {
        return single;
    }
    let mut left = all;
    if !fails(&left) {
        // Only whole projects fail, not their shares: all limits stand accused together.
        return left;
    }
    for l in left.clone() {
        let without: Vec<usize> = left.iter().copied().filter(|x| *x != l).collect();
        if fails(&without) {
            left = without;
        }
    }
    left
}

/// How much of each cap is left while a plan is built; floors, groups and needs are checked at the end.
#[derive(Debug, Clone)]
struct Room {
    caps: Vec<(usize, f64)>,
}

impl Room {
    fn new(problem: &Problem) -> Self {
        Self {
            caps: problem
                .limits
                .iter()
                .filter(|l| l.side == Side::Cap)
                .map(|l| (l.column, l.limit + 1e-9 * l.limit.abs().max(1.0)))
                .collect(),
        }
    }
}

struct Search<'a> {
    problem: &'a Problem,
    data: Data,
    root: Tableau,
    low: Vec<f64>,
    high: Vec<f64>,
    best: Option<(f64, Vec<bool>)>,
    nodes: usize,
    room: Room,
}

/// An open node: its bound and what is fixed on the way to it.
#[derive(Debug, Clone)]
struct Node {
    bound: f64,
    fixed: Vec<(u32, bool)>,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Node {}
impl PartialOrd for Node {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Node {
    fn cmp(&self, other: &Self) -> Ordering {
        // Highest bound first; among equals the deeper one, which is nearer to a plan.
        self.bound.total_cmp(&other.bound).then(self.fixed.len().cmp(&other.fixed.len())).then(other.fixed.cmp(&self.fixed))
    }
}

impl Search<'_> {
    fn value(&self) -> f64 {
        self.best.as_ref().map_or(f64::NEG_INFINITY, |(v, _)| *v)
    }

    fn offer(&mut self, taken: Vec<bool>) {
        let value = self.problem.value(&taken);
        if value > self.value() && self.problem.is_kept(&taken) {
            self.best = Some((value, taken));
        }
    }

    /// Best-first branching; returns the proven bound.
    fn branch(&mut self, root_bound: f64, reduced: &[f64], effort: &Effort) -> f64 {
        self.fix_by_reduced_worth(root_bound, reduced);
        let mut open = BinaryHeap::from([Node { bound: root_bound, fixed: Vec::new() }]);
        let mut tableau = self.root.clone();
        while let Some(node) = open.pop() {
            if node.bound <= self.value() {
                return self.value();
            }
            if gap(self.value(), node.bound) <= effort.gap || self.nodes >= effort.nodes {
                return node.bound;
            }
            // Plunge: follow the more promising child until it is closed.
            let mut current = Some(node);
            while let Some(node) = current.take() {
                current = self.expand(&mut tableau, node, &mut open);
                if self.nodes >= effort.nodes
                    && let Some(node) = current.take()
                {
                    open.push(node);
                }
            }
        }
        self.value()
    }

    /// A variable whose reduced worth is larger than the room to the bound keeps its side for good.
    fn fix_by_reduced_worth(&mut self, bound: f64, reduced: &[f64]) {
        let room = bound - self.value();
        for (i, r) in reduced.iter().enumerate() {
            if r.abs() > room * (1.0 + 1e-9) + 1e-9 && self.low[i] < self.high[i] {
                let side = if *r > 0.0 { 1.0 } else { 0.0 };
                (self.low[i], self.high[i]) = (side, side);
                self.root.bound(i, side, side);
            }
        }
    }

    /// Solves a node; offers a plan; pushes one child and returns the other.
    fn expand(&mut self, tableau: &mut Tableau, node: Node, open: &mut BinaryHeap<Node>) -> Option<Node> {
        self.nodes += 1;
        let (mut low, mut high) = (self.low.clone(), self.high.clone());
        for (i, up) in &node.fixed {
            let side = f64::from(u8::from(*up));
            (low[*i as usize], high[*i as usize]) = (side, side);
        }
        tableau.clone_from(&self.root);
        for (i, (l, h)) in low.iter().zip(&high).enumerate() {
            tableau.bound(i, *l, *h);
        }
        let end = tableau.solve(STEPS);
        if end == End::Infeasible {
            return None;
        }
        let (bound, reduced) = lagrangian(&self.data, &tableau.prices(), &low, &high);
        let bound = bound.min(node.bound);
        if bound <= self.value() {
            return None;
        }
        let x = tableau.x();
        if x.iter().all(|v| (v - v.round()).abs() <= 1e-7) {
            self.offer(x.iter().map(|v| *v > 0.5).collect());
        }
        self.round(&x, &reduced);
        if bound <= self.value() {
            return None;
        }
        let split = (0..x.len())
            .filter(|i| low[*i] < high[*i] && (x[*i] - x[*i].round()).abs() > 1e-7)
            .min_by(|a, b| (x[*a] - 0.5).abs().total_cmp(&(x[*b] - 0.5).abs()))
            // A whole relaxation that keeps everything was offered; one that does not splits on anything free.
            .or_else(|| (0..x.len()).find(|i| low[*i] < high[*i]))?;
        let child = |up: bool| {
            let mut fixed = node.fixed.clone();
            fixed.push((split as u32, up));
            Node { bound, fixed }
        };
        let up = x[split] >= 0.5;
        open.push(child(!up));
        Some(child(up))
    }

    /// Builds a plan near a relaxation: whole ones first, then by closeness and reduced worth, then swaps.
    fn round(&mut self, x: &[f64], reduced: &[f64]) {
        let projects = &self.problem.projects;
        let mut order: Vec<usize> = (0..x.len()).filter(|i| projects[*i].value > 0.0 || projects[*i].must || x[*i] > 0.5).collect();
        order.sort_by(|a, b| {
            projects[*b]
                .must
                .cmp(&projects[*a].must)
                .then((x[*b] * 1e6).round().total_cmp(&(x[*a] * 1e6).round()))
                .then(reduced[*b].total_cmp(&reduced[*a]))
        });
        let mut builder = Builder::new(self.problem, &self.room);
        // Needs may come later in the order: go round until nothing is added.
        while order.iter().filter(|i| builder.take(**i)).count() > 0 {}
        builder.swap(&order);
        self.offer(builder.taken);
    }
}

/// A plan being built; caps, groups and needs hold at every step.
struct Builder<'a> {
    problem: &'a Problem,
    room: Vec<(usize, f64)>,
    taken: Vec<bool>,
    has_needs: bool,
}

impl<'a> Builder<'a> {
    fn new(problem: &'a Problem, room: &Room) -> Self {
        let has_needs = problem.projects.iter().any(|p| !p.needs.is_empty());
        Self { problem, room: room.caps.clone(), taken: vec![false; problem.projects.len()], has_needs }
    }

    fn fits(&self, i: usize, without: Option<usize>) -> bool {
        let p = &self.problem.projects[i];
        let back = |c: usize| without.map_or(0.0, |o| self.problem.projects[o].uses[c]);
        self.room.iter().all(|(c, left)| p.uses[*c] <= left + back(*c))
            && p.needs.iter().all(|n| self.taken[*n] && Some(*n) != without)
            && (p.group.is_empty()
                || !self.problem.projects.iter().enumerate().any(|(q, o)| self.taken[q] && Some(q) != without && o.group == p.group))
    }

    fn take(&mut self, i: usize) -> bool {
        if self.taken[i] || !self.fits(i, None) {
            return false;
        }
        self.taken[i] = true;
        for (c, left) in &mut self.room {
            *left -= self.problem.projects[i].uses[*c];
        }
        true
    }

    fn drop(&mut self, i: usize) {
        self.taken[i] = false;
        for (c, left) in &mut self.room {
            *left += self.problem.projects[i].uses[*c];
        }
    }

    fn is_needed(&self, i: usize) -> bool {
        self.has_needs && self.problem.projects.iter().enumerate().any(|(q, p)| self.taken[q] && p.needs.contains(&i))
    }

    /// Takes a better project for a worse one as long as that helps, refilling after each swap.
    fn swap(&mut self, order: &[usize]) {
        for _ in 0..20 {
            let mut moved = false;
            for &i in order {
                let worth = self.problem.projects[i].value;
                if self.taken[i] {
                    continue;
                }
                let out = (0..self.taken.len())
                    .filter(|o| self.taken[*o] && !self.problem.projects[*o].must && self.problem.projects[*o].value < worth)
                    .filter(|o| self.fits(i, Some(*o)) && !self.is_needed(*o))
                    .min_by(|a, b| self.problem.projects[*a].value.total_cmp(&self.problem.projects[*b].value));
                if let Some(out) = out {
                    self.drop(out);
                    self.take(i);
                    for &k in order {
                        self.take(k);
                    }
                    moved = true;
                }
            }
            if !moved {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portfolio::{Limit, Project, Why};
    use proptest::prelude::*;

    pub(crate) fn problem(values: &[f64], uses: &[Vec<f64>], caps: &[f64]) -> Problem {
        let projects = values
            .iter()
            .zip(uses)
            .enumerate()
            .map(|(i, (value, uses))| Project {
                name: format!("P{i}"),
                value: *value,
                uses: uses.clone(),
                must: false,
                group: String::new(),
                needs: Vec::new(),
                place: String::new(),
            })
            .collect();
        let limits = caps
            .iter()
            .enumerate()
            .map(|(i, cap)| Limit { name: format!("C{i}"), side: Side::Cap, limit: *cap, column: i, place: String::new() })
            .collect();
        Problem { projects, limits }
    }

    fn by_trying_all(problem: &Problem) -> Option<f64> {
        let n = problem.projects.len();
        (0..1u32 << n)
            .map(|bits| (0..n).map(|i| bits >> i & 1 == 1).collect::<Vec<_>>())
            .filter(|taken| problem.is_kept(taken))
            .map(|taken| problem.value(&taken))
            .max_by(f64::total_cmp)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(150))]
        #[test]
        fn equals_trying_all(
            values in proptest::collection::vec(-2.0f64..20.0, 1..11),
            uses in proptest::collection::vec(proptest::collection::vec(0.0f64..10.0, 3), 11),
            caps in proptest::collection::vec(1.0f64..40.0, 3),
            must in 0usize..24, pair in 0usize..24, need in 0usize..24, floor in 0.0f64..30.0,
        ) {
            let mut p = problem(&values, &uses, &caps);
            let n = p.projects.len();
            if must < n { p.projects[must].must = true; }
            if pair + 1 < n { p.projects[pair].group = "g".into(); p.projects[pair + 1].group = "g".into(); }
            if need + 2 < n { p.projects[need].needs.push(need + 2); }
            if floor > 20.0 { p.limits.push(Limit { name: "F".into(), side: Side::Floor, limit: floor - 15.0, column: 0, place: String::new() }); }
            match (solve(&p, &Effort::default()), by_trying_all(&p)) {
                (Answer::Plan(plan), Some(best)) => {
                    prop_assert!(p.is_kept(&plan.taken));
                    prop_assert!((plan.value - best).abs() < 1e-6, "{} {best}", plan.value);
                    prop_assert!(plan.bound >= best - 1e-9 && plan.gap() < 1e-5);
                }
                (Answer::Infeasible(_), None) => {}
                (got, best) => prop_assert!(false, "{got:?} {best:?}"),
            }
        }
    }

    #[test]
    fn infeasible_names_the_cap() {
        let mut p = problem(&[5.0, 4.0], &[vec![3.0, 1.0], vec![4.0, 1.0]], &[5.0, 9.0]);
        p.projects.iter_mut().for_each(|x| x.must = true);
        assert_eq!(solve(&p, &Effort::default()), Answer::Infeasible(vec![0]));
    }

    #[test]
    fn what_is_left_out_says_why() {
        let mut p = problem(&[5.0, 4.0, 9.0, -1.0], &[vec![3.0], vec![3.0], vec![11.0], vec![0.0]], &[5.0]);
        p.projects[3].needs = Vec::new();
        let Answer::Plan(plan) = solve(&p, &Effort::default()) else { panic!("a plan exists") };
        assert_eq!(plan.taken, [true, false, false, false]);
        assert_eq!(p.why_not(&plan, 1), Why::Full(vec![(0, 3.0, 2.0)]));
        assert_eq!(p.why_not(&plan, 2), Why::Alone(0));
        assert_eq!(p.why_not(&plan, 3), Why::Worthless);
    }
}
