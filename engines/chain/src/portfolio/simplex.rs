//! Bounded dual simplex for max v·x, A·x ≤ b, low ≤ x ≤ high with every x in a box.
//!
//! Every variable has both bounds, so the basis of slacks with each x at the
//! bound that its worth prefers is dual feasible: there is no first phase, and
//! after a bound is changed the last basis is a start for the next solve.
//! Bounds that are reported do not rest on the tableau's rounding: they are
//! Lagrangian, computed from the prices and the original data.

/// The data of a relaxation; rows are dense.
#[derive(Debug, Clone)]
pub struct Data {
    /// Worth of each variable.
    pub worth: Vec<f64>,
    /// Coefficients, row by row.
    pub rows: Vec<Vec<f64>>,
    /// Right-hand sides.
    pub right: Vec<f64>,
    /// What each row was divided by; a price is divided by it too.
    pub size: Vec<f64>,
}

/// How a solve ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Primal feasible and optimal.
    Optimal,
    /// A row cannot be kept.
    Infeasible,
    /// Too many steps; prices still give a bound.
    Tired,
}

/// A tableau that can be solved again after bounds change.
#[derive(Debug, Clone)]
pub struct Tableau {
    n: usize,
    m: usize,
    /// m × n: row i says basic(i) + Σ t·nonbasic = right.
    t: Vec<f64>,
    right: Vec<f64>,
    /// Reduced worth of each nonbasic column.
    worth: Vec<f64>,
    /// Variable of each column and each row; slacks count from n.
    column: Vec<usize>,
    row: Vec<usize>,
    /// Bounds of all variables, slacks included.
    low: Vec<f64>,
    high: Vec<f64>,
    /// Column stands at its upper bound.
    at_high: Vec<bool>,
    /// Values of the basic variables.
    basic: Vec<f64>,
}

const EPS: f64 = 1e-9;

impl Tableau {
    /// The start: slacks basic, each x at the bound that its worth prefers.
    #[must_use]
    pub fn new(data: &Data, low: &[f64], high: &[f64]) -> Self {
        let (n, m) = (data.worth.len(), data.rows.len());
        let mut bounds = (low.to_vec(), high.to_vec());
        bounds.0.extend(std::iter::repeat_n(0.0, m));
        bounds.1.extend(std::iter::repeat_n(f64::INFINITY, m));
        let mut tableau = Self {
            n,
            m,
            t: data.rows.iter().flatten().copied().collect(),
            right: data.right.clone(),
            worth: data.worth.clone(),
            column: (0..n).collect(),
            row: (n..n + m).collect(),
            low: bounds.0,
            high: bounds.1,
            at_high: data.worth.iter().map(|w| *w > 0.0).collect(),
            basic: vec![0.0; m],
        };
        tableau.values();
        tableau
    }

    fn column_value(&self, j: usize) -> f64 {
        let v = self.column[j];
        if self.at_high[j] { self.high[v] } else { self.low[v] }
    }

    /// Recomputes the basic values.
    fn values(&mut self) {
        let x: Vec<f64> = (0..self.n).map(|j| self.column_value(j)).collect();
        for i in 0..self.m {
            let row = &self.t[i * self.n..(i + 1) * self.n];
            self.basic[i] = self.right[i] - row.iter().zip(&x).map(|(a, b)| a * b).sum::<f64>();
        }
    }

    /// Sets a variable's bounds; call [`Tableau::solve`] afterwards.
    pub fn bound(&mut self, variable: usize, low: f64, high: f64) {
        self.low[variable] = low;
        self.high[variable] = high;
    }

    /// Solves by the dual method from where it stands.
    pub fn solve(&mut self, most: usize) -> End {
        self.values();
        for _ in 0..most {
            let Some((r, below)) = self.leaving() else { return End::Optimal };
            let Some(j) = self.entering(r, below) else { return End::Infeasible };
            self.pivot(r, j, below);
        }
        End::Tired
    }

    /// Row whose basic variable is furthest out of its box, and whether it is below.
    fn leaving(&self) -> Option<(usize, bool)> {
        let mut worst: Option<(usize, bool, f64)> = None;
        for (i, value) in self.basic.iter().enumerate() {
            let v = self.row[i];
            let scale = 1.0 + self.right[i].abs();
            for (below, by) in [(true, self.low[v] - value), (false, value - self.high[v])] {
                if by > EPS * scale && worst.is_none_or(|(_, _, w)| by / scale > w) {
                    worst = Some((i, below, by / scale));
                }
            }
        }
        worst.map(|(i, below, _)| (i, below))
    }

    /// Column with the smallest ratio of reduced worth; ties by the larger pivot.
    fn entering(&self, r: usize, below: bool) -> Option<usize> {
        let row = &self.t[r * self.n..(r + 1) * self.n];
        let mut best: Option<(usize, f64, f64)> = None;
        for (j, a) in row.iter().enumerate() {
            let v = self.column[j];
            // Fixed variables cannot move.
            if a.abs() < 1e-10 || self.high[v] - self.low[v] <= 0.0 {
                continue;
            }
            // Raising the row's variable needs Σ a·x to fall: a > 0 from its high, a < 0 from its low.
            if (below == (*a > 0.0)) != self.at_high[j] {
                continue;
            }
            let ratio = self.worth[j].abs() / a.abs();
            let better = best.is_none_or(|(_, r, size)| ratio < r - 1e-12 || (ratio <= r + 1e-12 && a.abs() > size));
            if better {
                best = Some((j, ratio, a.abs()));
            }
        }
        best.map(|(j, _, _)| j)
    }

    fn pivot(&mut self, r: usize, j: usize, below: bool) {
        let (n, leaving, entering) = (self.n, self.row[r], self.column[j]);
        let inverse = 1.0 / self.t[r * n + j];
        let target = if below { self.low[leaving] } else { self.high[leaving] };
        let step = (self.basic[r] - target) * inverse;
        let start = self.column_value(j);
        for i in 0..self.m {
            if i != r {
                self.basic[i] -= self.t[i * n + j] * step;
            }
        }
        let mut row: Vec<f64> = self.t[r * n..(r + 1) * n].to_vec();
        row.iter_mut().for_each(|a| *a *= inverse);
        row[j] = inverse;
        let right = self.right[r] * inverse;
        for i in 0..self.m {
            let f = self.t[i * n + j];
            if i == r || f == 0.0 {
                continue;
            }
            let target = &mut self.t[i * n..(i + 1) * n];
            target[j] = 0.0;
            target.iter_mut().zip(&row).for_each(|(a, p)| *a -= f * p);
            self.right[i] -= f * right;
        }
        let f = self.worth[j];
        self.worth[j] = 0.0;
        self.worth.iter_mut().zip(&row).for_each(|(a, p)| *a -= f * p);
        self.t[r * n..(r + 1) * n].copy_from_slice(&row);
        self.right[r] = right;
        self.basic[r] = start + step;
        self.row[r] = entering;
        self.column[j] = leaving;
        self.at_high[j] = !below;
    }

    /// Values of the variables (without slacks).
    #[must_use]
    pub fn x(&self) -> Vec<f64> {
        let mut x = vec![0.0; self.n];
        for j in 0..self.n {
            if self.column[j] < self.n {
                x[self.column[j]] = self.column_value(j);
            }
        }
        for i in 0..self.m {
            if self.row[i] < self.n {
                x[self.row[i]] = self.basic[i];
            }
        }
        x
    }

    /// Price of each row, not negative.
    #[must_use]
    pub fn prices(&self) -> Vec<f64> {
        let mut prices = vec![0.0; self.m];
        for j in 0..self.n {
            if self.column[j] >= self.n {
                prices[self.column[j] - self.n] = (-self.worth[j]).max(0.0);
            }
        }
        prices
    }
}

/// Lagrangian bound of a box by any prices: Σ y·b + Σ max over the box of (v − y·a)·x.
///
/// Valid whatever the prices are, so no rounding of the tableau can spoil it.
/// The second answer is the reduced worth of each variable.
#[must_use]
pub fn lagrangian(data: &Data, prices: &[f64], low: &[f64], high: &[f64]) -> (f64, Vec<f64>) {
    let mut reduced = data.worth.clone();
    let mut bound = 0.0;
    for ((row, right), price) in data.rows.iter().zip(&data.right).zip(prices) {
        if *price > 0.0 {
            bound += price * right;
            reduced.iter_mut().zip(row).for_each(|(r, a)| *r -= price * a);
        }
    }
    for ((r, l), h) in reduced.iter().zip(low).zip(high) {
        bound += (r * l).max(r * h);
    }
    (bound, reduced)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_variables_by_hand() {
        // max 3x + 2y, x + y ≤ 1.5, 2x + y ≤ 2, both in 0..1: x = 0.5, y = 1, worth 3.5.
        let data = Data { worth: vec![3.0, 2.0], rows: vec![vec![1.0, 1.0], vec![2.0, 1.0]], right: vec![1.5, 2.0], size: vec![1.0; 2] };
        let mut t = Tableau::new(&data, &[0.0; 2], &[1.0; 2]);
        assert_eq!(t.solve(100), End::Optimal);
        let x = t.x();
        assert!((x[0] - 0.5).abs() < 1e-9 && (x[1] - 1.0).abs() < 1e-9, "{x:?}");
        let (bound, _) = lagrangian(&data, &t.prices(), &[0.0; 2], &[1.0; 2]);
        assert!((bound - 3.5).abs() < 1e-9);
        // Fix x at 1: then y = 0.
        t.bound(0, 1.0, 1.0);
        assert_eq!(t.solve(100), End::Optimal);
        assert!((t.x()[1]).abs() < 1e-9);
        // Both at 1 break the first row.
        t.bound(1, 1.0, 1.0);
        assert_eq!(t.solve(100), End::Infeasible);
    }
}
