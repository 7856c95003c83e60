//! 从高不重复: the best set of payments of which no two exclude each other, proven best, explained.

use rust_decimal::Decimal;

/// One payment that may be chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// Its name, `clause` or `book.clause`.
    pub id: String,
    /// What it is worth: low end of its amount, then high end.
    pub worth: (Decimal, Decimal),
}

/// The best set.
#[derive(Debug, Clone, PartialEq)]
pub struct Best {
    /// For each choice, whether it is in the set.
    pub chosen: Vec<bool>,
    /// For each choice that is not, the chosen ones that exclude it.
    pub because: Vec<Vec<usize>>,
    /// False if there were too many to prove it; then it is at least as good as taking the highest first.
    pub proven: bool,
}

/// Steps of the search after which it stops proving.
const STEPS_MAX: u64 = 2_000_000;

/// Finds the set with the greatest sum (by low ends, then by high ends) without an excluded pair.
///
/// Parts that do not touch each other are searched apart, so that many
/// groups of a few clauses each cost nothing.
#[must_use]
pub fn best(choices: &[Choice], excluded: &[(usize, usize)]) -> Best {
    let n = choices.len();
    let mut near: Vec<Vec<usize>> = vec![Vec::new(); n];
    for (a, b) in excluded {
        if a != b && *a < n && *b < n && !near[*a].contains(b) {
            near[*a].push(*b);
            near[*b].push(*a);
        }
    }
    let mut chosen = vec![false; n];
    let mut proven = true;
    let mut seen = vec![false; n];
    for start in 0..n {
        if seen[start] {
            continue;
        }
        let mut part = vec![start];
        seen[start] = true;
        let mut at = 0;
        while at < part.len() {
            for next in &near[part[at]] {
                if !seen[*next] {
                    seen[*next] = true;
                    part.push(*next);
                }
            }
            at += 1;
        }
        part.sort_by(|a, b| choices[*b].worth.cmp(&choices[*a].worth).then(a.cmp(b)));
        let mut search = Search { choices, near: &near, part: &part, taken: Vec::new(), best: Vec::new(), top: zero(), steps: 0 };
        search.run(0, zero());
        proven &= search.steps < STEPS_MAX;
        for i in search.best {
            chosen[i] = true;
        }
    }
    // What is worth nothing excludes nothing: it stays where nobody objects.
    for i in 0..n {
        chosen[i] = chosen[i] || !near[i].iter().any(|j| chosen[*j]);
    }
    let because = (0..n).map(|i| if chosen[i] { Vec::new() } else { near[i].iter().copied().filter(|j| chosen[*j]).collect() }).collect();
    Best { chosen, because, proven }
}

type Worth = (Decimal, Decimal);

fn zero() -> Worth {
    (Decimal::ZERO, Decimal::ZERO)
}

fn plus(a: Worth, b: Worth) -> Worth {
    (a.0.saturating_add(b.0), a.1.saturating_add(b.1))
}

struct Search<'a> {
    choices: &'a [Choice],
    near: &'a [Vec<usize>],
    part: &'a [usize],
    taken: Vec<usize>,
    best: Vec<usize>,
    top: Worth,
    steps: u64,
}

impl Search<'_> {
    /// Takes or leaves `part[at]`, highest first, so that the first set found is the greedy one.
    fn run(&mut self, at: usize, sum: Worth) {
        self.steps += 1;
        if self.steps >= STEPS_MAX && !self.best.is_empty() {
            return;
        }
        if sum > self.top {
            self.top = sum;
            self.best.clone_from(&self.taken);
        }
        let Some(i) = self.part.get(at).copied() else { return };
        let rest = self.part[at..].iter().filter(|j| self.free(**j)).fold(zero(), |s, j| plus(s, self.choices[*j].worth));
        if plus(sum, rest) <= self.top {
            return;
        }
        if self.free(i) {
            self.taken.push(i);
            self.run(at + 1, plus(sum, self.choices[i].worth));
            self.taken.pop();
        }
        if !self.near[i].is_empty() || !self.free(i) {
            self.run(at + 1, sum);
        }
    }
    fn free(&self, i: usize) -> bool {
        !self.near[i].iter().any(|j| self.taken.contains(j))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn brute(worth: &[u32], excluded: &[(usize, usize)]) -> u32 {
        (0u32..1 << worth.len())
            .filter(|set| excluded.iter().all(|(a, b)| a == b || set >> a & set >> b & 1 == 0))
            .map(|set| worth.iter().enumerate().filter(|(i, _)| set >> i & 1 == 1).map(|(_, w)| w).sum())
            .max()
            .unwrap_or(0)
    }

    proptest! {
        #[test]
        fn is_the_best_of_all_sets(
            worth in prop::collection::vec(0u32..1000, 1..11),
            pairs in prop::collection::vec((0usize..11, 0usize..11), 0..20),
        ) {
            let pairs: Vec<(usize, usize)> = pairs.into_iter().filter(|(a, b)| *a < worth.len() && *b < worth.len()).collect();
            let choices: Vec<Choice> =
                worth.iter().enumerate().map(|(i, w)| Choice { id: i.to_string(), worth: ((*w).into(), (*w).into()) }).collect();
            let found = best(&choices, &pairs);
            let sum: u32 = worth.iter().zip(&found.chosen).filter(|(_, c)| **c).map(|(w, _)| w).sum();
            prop_assert!(found.proven);
            prop_assert_eq!(sum, brute(&worth, &pairs));
            for (a, b) in pairs {
                prop_assert!(a == b || !(found.chosen[a] && found.chosen[b]));
            }
        }
    }
}
