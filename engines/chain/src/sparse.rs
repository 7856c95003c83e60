//! Sparse systems x = b + M·x with M ≥ 0, solved component by component.
//!
//! Recycles are solved inside their strongly connected component (dense when
//! small, Gauss–Seidel when large), everything else in one topological sweep.

/// Rows of a sparse matrix, one after the other.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// Where each row begins; one more entry than rows.
    pub start: Vec<u32>,
    /// Columns.
    pub column: Vec<u32>,
    /// Values.
    pub value: Vec<f64>,
}

impl Rows {
    /// From (row, column, value); equal positions are added up.
    #[must_use]
    pub fn new(count: usize, mut entries: Vec<(u32, u32, f64)>) -> Self {
        entries.sort_unstable_by_key(|(r, c, _)| (*r, *c));
        entries.dedup_by(|next, kept| {
            let same = (next.0, next.1) == (kept.0, kept.1);
            if same {
                kept.2 += next.2;
            }
            same
        });
        let mut rows =
            Self { start: vec![0; count + 1], column: Vec::with_capacity(entries.len()), value: Vec::with_capacity(entries.len()) };
        for (row, column, value) in entries {
            rows.start[row as usize + 1] += 1;
            rows.column.push(column);
            rows.value.push(value);
        }
        for i in 0..count {
            rows.start[i + 1] += rows.start[i];
        }
        rows
    }

    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.start.len().saturating_sub(1)
    }

    /// True without rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Positions of one row's entries.
    #[must_use]
    pub fn range(&self, row: usize) -> std::ops::Range<usize> {
        self.start[row] as usize..self.start[row + 1] as usize
    }

    /// Entries of one row.
    pub fn row(&self, row: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.range(row).map(|i| (self.column[i] as usize, self.value[i]))
    }

    /// Rows and columns exchanged.
    #[must_use]
    pub fn transposed(&self) -> Self {
        let entries = (0..self.len()).flat_map(|r| self.row(r).map(move |(c, v)| (c as u32, r as u32, v))).collect();
        Self::new(self.len(), entries)
    }
}

/// Strongly connected components; each comes after all that it points to.
///
/// Tarjan's algorithm without recursion, so that a chain of 100,000 steps does
/// not exhaust the stack.
#[must_use]
pub fn components(rows: &Rows) -> Vec<Vec<u32>> {
    const NEW: u32 = u32::MAX;
    let n = rows.len();
    let (mut index, mut low) = (vec![NEW; n], vec![0u32; n]);
    let mut on_stack = vec![false; n];
    let (mut stack, mut work): (Vec<u32>, Vec<(u32, u32)>) = (Vec::new(), Vec::new());
    let mut found = Vec::new();
    let mut next = 0u32;
    for root in 0..n as u32 {
        if index[root as usize] != NEW {
            continue;
        }
        work.push((root, rows.start[root as usize]));
        while let Some((node, edge)) = work.pop() {
            let v = node as usize;
            if index[v] == NEW {
                index[v] = next;
                low[v] = next;
                next += 1;
                stack.push(node);
                on_stack[v] = true;
            }
            if edge < rows.start[v + 1] {
                work.push((node, edge + 1));
                let w = rows.column[edge as usize] as usize;
                if index[w] == NEW {
                    work.push((w as u32, rows.start[w]));
                } else if on_stack[w] {
                    low[v] = low[v].min(index[w]);
                }
                continue;
            }
            if let Some((parent, _)) = work.last() {
                low[*parent as usize] = low[*parent as usize].min(low[v]);
            }
            if low[v] == index[v] {
                let at = stack.iter().rposition(|s| *s == node).unwrap_or(0);
                let component = stack.split_off(at);
                for w in &component {
                    on_stack[*w as usize] = false;
                }
                found.push(component);
            }
        }
    }
    found
}

/// Largest component that is solved dense; above it Gauss–Seidel sweeps.
const DENSE: usize = 400;

/// How one component is solved.
#[derive(Debug, Clone)]
enum Part {
    /// One node; 1 / (1 − its own coefficient).
    Single(u32, f64),
    /// LU factors of I − M without pivoting (I − M is an M-matrix), row by row.
    Dense(Vec<u32>, Vec<f64>),
    /// Swept until it stands still.
    Large(Vec<u32>),
}

/// A system x = b + M·x ready to be solved many times.
#[derive(Debug, Clone)]
pub struct Solver {
    rows: Rows,
    parts: Vec<Part>,
    /// Components whose spectral radius is 1 or more: no b > 0 has an answer.
    pub unproductive: Vec<Vec<u32>>,
}

impl Solver {
    /// Orders and factors.
    #[must_use]
    pub fn new(rows: Rows) -> Self {
        let mut parts = Vec::new();
        let mut unproductive = Vec::new();
        for nodes in components(&rows) {
            if let [node] = nodes.as_slice() {
                let own: f64 = rows.row(*node as usize).filter(|(c, _)| *c == *node as usize).map(|(_, v)| v).sum();
                if own >= 1.0 {
                    unproductive.push(nodes);
                } else {
                    parts.push(Part::Single(*node, 1.0 / (1.0 - own)));
                }
            } else if nodes.len() <= DENSE {
                match factor(&rows, &nodes) {
                    Some(lu) => parts.push(Part::Dense(nodes, lu)),
                    None => unproductive.push(nodes),
                }
            } else if is_productive(&rows, &nodes) {
                parts.push(Part::Large(nodes));
            } else {
                unproductive.push(nodes);
            }
        }
        Self { rows, parts, unproductive }
    }

    /// Solves for one right-hand side. Nodes of an unproductive component (and
    /// what depends on them) stay at what the others give.
    #[must_use]
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        for part in &self.parts {
            match part {
                Part::Single(node, inverse) => {
                    let node = *node as usize;
                    let mut sum = b[node];
                    for (c, v) in self.rows.row(node) {
                        if c != node {
                            sum += v * x[c];
                        }
                    }
                    x[node] = sum * inverse;
                }
                Part::Dense(nodes, lu) => self.solve_dense(nodes, lu, b, &mut x),
                Part::Large(nodes) => self.sweep(nodes, b, &mut x),
            }
        }
        x
    }

    fn solve_dense(&self, nodes: &[u32], lu: &[f64], b: &[f64], x: &mut [f64]) {
        let n = nodes.len();
        let inside: std::collections::HashSet<u32> = nodes.iter().copied().collect();
        let mut y: Vec<f64> = nodes
            .iter()
            .map(|node| {
                let outer: f64 = self.rows.row(*node as usize).filter(|(c, _)| !inside.contains(&(*c as u32))).map(|(c, v)| v * x[c]).sum();
                b[*node as usize] + outer
            })
            .collect();
        for i in 0..n {
            for j in 0..i {
                y[i] -= lu[i * n + j] * y[j];
            }
        }
        for i in (0..n).rev() {
            for j in i + 1..n {
                y[i] -= lu[i * n + j] * y[j];
            }
            y[i] /= lu[i * n + i];
        }
        for (node, value) in nodes.iter().zip(y) {
            x[*node as usize] = value;
        }
    }

    fn sweep(&self, nodes: &[u32], b: &[f64], x: &mut [f64]) {
        for node in nodes {
            x[*node as usize] = b[*node as usize];
        }
        for _ in 0..100_000 {
            let mut largest = 0.0f64;
            for node in nodes {
                let node = *node as usize;
                let (mut sum, mut own) = (b[node], 0.0);
                for (c, v) in self.rows.row(node) {
                    if c == node { own += v } else { sum += v * x[c] }
                }
                let value = sum / (1.0 - own);
                largest = largest.max((value - x[node]).abs() / (value.abs() + 1e-300));
                x[node] = value;
            }
            if largest < 1e-14 {
                break;
            }
        }
    }
}

/// LU of I − M on a component; None if a pivot is not positive (spectral radius ≥ 1).
fn factor(rows: &Rows, nodes: &[u32]) -> Option<Vec<f64>> {
    let n = nodes.len();
    let position: std::collections::HashMap<u32, usize> = nodes.iter().enumerate().map(|(i, v)| (*v, i)).collect();
    let mut a = vec![0.0; n * n];
    for (i, node) in nodes.iter().enumerate() {
        a[i * n + i] = 1.0;
        for (c, v) in rows.row(*node as usize) {
            if let Some(j) = position.get(&(c as u32)) {
                a[i * n + j] -= v;
            }
        }
    }
    for k in 0..n {
        let pivot = a[k * n + k];
        // Rounding of twelve digits decides nothing: a radius that close to 1 multiplies need a billionfold.
        if pivot <= 1e-12 {
            return None;
        }
        for i in k + 1..n {
            let f = a[i * n + k] / pivot;
            if f == 0.0 {
                continue;
            }
            a[i * n + k] = f;
            for j in k + 1..n {
                a[i * n + j] -= f * a[k * n + j];
            }
        }
    }
    Some(a)
}

/// Collatz–Wielandt: a positive v with M·v < v proves the radius below 1, M·v ≥ v the contrary.
fn is_productive(rows: &Rows, nodes: &[u32]) -> bool {
    let (_, low, high) = perron(rows, nodes, 2_000);
    if high < 1.0 {
        return true;
    }
    low < 1.0 && (low + high) / 2.0 < 1.0
}

/// Power iteration on (M + I) / 2 inside a component: vector, lower and upper bound of M's radius.
#[must_use]
pub fn perron(rows: &Rows, nodes: &[u32], rounds: usize) -> (Vec<f64>, f64, f64) {
    let position: std::collections::HashMap<u32, usize> = nodes.iter().enumerate().map(|(i, v)| (*v, i)).collect();
    let inner: Vec<Vec<(usize, f64)>> = nodes
        .iter()
        .map(|node| rows.row(*node as usize).filter_map(|(c, v)| position.get(&(c as u32)).map(|j| (*j, v))).collect())
        .collect();
    let mut vector = vec![1.0; nodes.len()];
    let (mut low, mut high) = (0.0, f64::INFINITY);
    for _ in 0..rounds {
        let next: Vec<f64> = inner.iter().map(|row| row.iter().map(|(j, v)| v * vector[*j]).sum()).collect();
        low = next.iter().zip(&vector).map(|(a, b)| a / b).fold(f64::INFINITY, f64::min);
        high = next.iter().zip(&vector).map(|(a, b)| a / b).fold(0.0, f64::max);
        if high - low < 1e-12 * high.max(1.0) {
            break;
        }
        let mixed: Vec<f64> = next.iter().zip(&vector).map(|(a, b)| 0.5 * (a + b)).collect();
        let top = mixed.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        vector = mixed.into_iter().map(|v| (v / top).max(1e-200)).collect();
    }
    (vector, low, high)
}

/// The heaviest cycle of a component: its nodes in order and the product of its coefficients.
#[must_use]
pub fn heaviest_cycle(rows: &Rows, nodes: &[u32]) -> (Vec<u32>, f64) {
    let (vector, _, _) = perron(rows, nodes, 500);
    let weight: std::collections::HashMap<u32, f64> = nodes.iter().copied().zip(vector).collect();
    let mut seen: std::collections::HashMap<u32, usize> = std::collections::HashMap::new();
    let mut path: Vec<(u32, f64)> = Vec::new();
    let Some(mut node) = nodes.first().copied() else { return (Vec::new(), 0.0) };
    loop {
        if let Some(begin) = seen.get(&node) {
            let cycle = &path[*begin..];
            return (cycle.iter().map(|(v, _)| *v).collect(), cycle.iter().map(|(_, c)| c).product());
        }
        seen.insert(node, path.len());
        let best = rows
            .row(node as usize)
            .filter_map(|(c, v)| Some((c as u32, v, v * weight.get(&(c as u32))?)))
            .max_by(|a, b| a.2.total_cmp(&b.2).then(b.0.cmp(&a.0)));
        let Some((next, coefficient, _)) = best else { return (Vec::new(), 0.0) };
        path.push((node, coefficient));
        node = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[allow(clippy::needless_range_loop, reason = "two rows of one matrix at a time")]
    fn dense_solve(n: usize, entries: &[(u32, u32, f64)], b: &[f64]) -> Vec<f64> {
        let mut a = vec![vec![0.0; n + 1]; n];
        for i in 0..n {
            a[i][i] = 1.0;
            a[i][n] = b[i];
        }
        for (r, c, v) in entries {
            a[*r as usize][*c as usize] -= v;
        }
        for k in 0..n {
            let p = (k..n).max_by(|i, j| a[*i][k].abs().total_cmp(&a[*j][k].abs())).unwrap();
            a.swap(k, p);
            for i in 0..n {
                if i != k {
                    let f = a[i][k] / a[k][k];
                    for j in k..=n {
                        let pivot = a[k][j];
                        a[i][j] -= f * pivot;
                    }
                }
            }
        }
        (0..n).map(|i| a[i][n] / a[i][i]).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]
        #[test]
        fn equals_a_dense_solve(n in 2usize..40, raw in proptest::collection::vec((any::<u32>(), any::<u32>(), 0.0f64..1.0), 1..160), b in proptest::collection::vec(0.0f64..10.0, 40)) {
            // Rows are scaled to a sum of 0.9 at most, so every component is productive.
            let mut entries: Vec<(u32, u32, f64)> = raw.into_iter().map(|(r, c, v)| (r % n as u32, c % n as u32, v)).collect();
            let mut sums = vec![0.0; n];
            for (r, _, v) in &entries { sums[*r as usize] += v; }
            for (r, _, v) in &mut entries { *v *= 0.9 / sums[*r as usize].max(1.0); }
            let solver = Solver::new(Rows::new(n, entries.clone()));
            prop_assert!(solver.unproductive.is_empty());
            let got = solver.solve(&b[..n]);
            for (g, e) in got.iter().zip(dense_solve(n, &entries, &b[..n])) {
                prop_assert!((g - e).abs() <= 1e-9 * (1.0 + e.abs()), "{g} {e}");
            }
        }
    }

    #[test]
    fn a_large_component_is_swept_to_the_same_answer() {
        let n = 600u32;
        let entries: Vec<(u32, u32, f64)> = (0..n).flat_map(|i| [(i, (i + 1) % n, 0.5), (i, (i * 7 + 3) % n, 0.4)]).collect();
        let solver = Solver::new(Rows::new(n as usize, entries.clone()));
        let b: Vec<f64> = (0..n).map(|i| f64::from(i % 5)).collect();
        let x = solver.solve(&b);
        for i in 0..n as usize {
            let right: f64 = b[i] + entries.iter().filter(|(r, _, _)| *r as usize == i).map(|(_, c, v)| v * x[*c as usize]).sum::<f64>();
            assert!((x[i] - right).abs() < 1e-9 * x[i].abs().max(1.0));
        }
    }

    #[test]
    fn names_the_unproductive_cycle() {
        let rows = Rows::new(4, vec![(0, 1, 2.0), (1, 2, 0.6), (2, 0, 1.0), (3, 0, 5.0), (0, 0, 0.1)]);
        let solver = Solver::new(rows.clone());
        assert_eq!(solver.unproductive.len(), 1);
        let (mut cycle, gain) = heaviest_cycle(&rows, &solver.unproductive[0]);
        cycle.sort_unstable();
        assert_eq!(cycle, [0, 1, 2]);
        assert!((gain - 1.2).abs() < 1e-12);
    }

    #[test]
    fn a_long_chain_does_not_exhaust_the_stack() {
        let n = 200_000u32;
        let rows = Rows::new(n as usize, (1..n).map(|i| (i, i - 1, 1.0)).collect());
        let solver = Solver::new(rows);
        let mut b = vec![0.0; n as usize];
        b[0] = 3.0;
        assert_eq!(solver.solve(&b)[n as usize - 1], 3.0);
    }
}
