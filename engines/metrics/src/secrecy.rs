//! Secrecy 保密: slices that would show a single filer, and those that would give it away by subtraction.
//!
//! A slice is secret if fewer units than `secret_below` filed in it, or one
//! holds more than `secret_above_share` % of it, in any period of the year:
//! months and cumulations of one year are differences of each other, so they
//! are hidden together. Then the published slices of *all* dimensions and the
//! total are taken as linear equations over groups of units that stand in the
//! same slices; while a secret slice, or a group that is too small, still
//! follows from them, the smallest published slice that helps is hidden too.
//! The total itself is never hidden: it is no slice.
//!
//! Units of one slice that collude, and knowledge from outside, are beyond
//! this. 统计法: 能够识别单个统计调查对象的资料不得公开.

use crate::evaluate::{Asked, Query};
use crate::facts::{Facts, SeriesKey, VALUE};
use crate::frame::{Frame, Frames};
use crate::membership::WHOLE;
use std::collections::{BTreeMap, BTreeSet};
use values::Period;

/// A prime just below 2³¹: sums of products fit 64 bits.
const PRIME: u64 = 2_147_483_647;

/// Slices that are not shown, by dimension and value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Secrets {
    hidden: BTreeSet<(String, String)>,
}

impl Secrets {
    /// True if the slice is not shown.
    #[must_use]
    pub fn hides(&self, dimension: &str, value: &str) -> bool {
        self.hidden.contains(&(dimension.to_owned(), value.to_owned()))
    }
    /// All hidden slices.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.hidden.iter().map(|(d, v)| (d.as_str(), v.as_str()))
    }
}

impl Facts {
    /// The slices of a metric that are not shown in a period, to those who may not see single filers.
    #[must_use]
    pub fn secrets(&self, metric: &str, period: Period) -> Secrets {
        let mut secrets = Secrets::default();
        let Some(asked) = self.look_up(&Query::zone(metric, period)) else { return secrets };
        self.collect_secrets(&asked, &mut secrets, 0);
        secrets
    }

    /// True if the query's slice is not shown.
    #[must_use]
    pub fn is_secret(&self, query: &Query) -> bool {
        query.slice.as_ref().is_some_and(|(d, v)| self.secrets(&query.metric, query.period).hides(d, v))
    }

    fn collect_secrets(&self, asked: &Asked<'_>, secrets: &mut Secrets, depth: u8) {
        // A ratio gives its parts away to who knows one of them.
        if let Some(formula) = self.ground.metrics.formula(asked.metric).filter(|_| depth < 8) {
            for part in &formula.parts {
                let query = part.when.of(asked.period).map(|p| Query::zone(&part.metric, p));
                if let Some(asked) = query.as_ref().and_then(|q| self.look_up(q)) {
                    self.collect_secrets(&asked, secrets, depth + 1);
                }
            }
        }
        if asked.metric.is.secret_below == 0 && asked.metric.is.secret_above_share == 0 {
            return;
        }
        for source in self.sources(asked) {
            let key = SeriesKey { plan: asked.plan, scenario: 0, source, measure: VALUE, kind: asked.frames.kind };
            for group in self.groups(asked, key) {
                for place in audit(group, asked.frames) {
                    if let Some(name) = asked.frames.names.get(place) {
                        secrets.hidden.insert(name.clone());
                    }
                }
            }
        }
    }

    /// Columns of the period's years with one membership each, laid over each other.
    fn groups(&self, asked: &Asked<'_>, key: SeriesKey) -> Vec<Group> {
        let Some(series) = self.series.get(&key) else { return Vec::new() };
        let years = asked.period.first_year()..=asked.period.last_year();
        let mut groups: Vec<(Frame, Group)> = Vec::new();
        for (period, column) in series.columns.iter().filter(|(p, _)| years.contains(&p.last_year()) || years.contains(&p.first_year())) {
            let Some((_, frames)) = asked.of.at(period.last()).filter(|(_, f)| f.cuts == asked.frames.cuts) else { continue };
            let frame = frames.at(&self.ground.membership, period.last()).into_owned();
            let at = groups.iter().position(|(f, _)| *f == frame).unwrap_or_else(|| {
                groups.push((frame.clone(), Group::new(asked)));
                groups.len() - 1
            });
            let group = &mut groups[at].1;
            let mut here: BTreeMap<u32, i64> = BTreeMap::new();
            column.cells.each(|slot, cell| {
                if frame.mask.has(slot) {
                    here.insert(slot, cell.value);
                }
            });
            group.lay(&frame, frames, &here);
        }
        groups.into_iter().map(|(_, group)| group).collect()
    }
}

/// Units that stand in the same slices with the same weights.
#[derive(Debug, Clone, Default)]
struct Atom {
    /// Least number of units that filed in one period.
    units: u32,
    /// Sum over all periods, to order slices by size.
    size: i128,
}

/// Slices over one membership.
struct Group {
    secret_below: u32,
    secret_above_share: u32,
    /// Slices with their weights (place, weight) → the units.
    atoms: BTreeMap<Vec<(usize, u32)>, Atom>,
    /// Slices that are secret by themselves.
    primary: BTreeSet<usize>,
}

impl Group {
    fn new(asked: &Asked<'_>) -> Self {
        let is = &asked.metric.is;
        Self { secret_below: is.secret_below, secret_above_share: is.secret_above_share, atoms: BTreeMap::new(), primary: BTreeSet::new() }
    }

    /// Adds one period.
    fn lay(&mut self, frame: &Frame, frames: &Frames, here: &BTreeMap<u32, i64>) {
        let mut counts: BTreeMap<Vec<(usize, u32)>, (u32, i128)> = BTreeMap::new();
        let mut slices: BTreeMap<usize, (u32, i128, i128)> = BTreeMap::new();
        for (slot, value) in here {
            let size = i128::from(*value).abs();
            let mut signature = Vec::new();
            for (cut, codes) in frames.cuts.iter().zip(&frame.codes) {
                codes.each(*slot, |value, weight| signature.push((cut.offset + usize::from(value), weight)));
            }
            for (place, weight) in &signature {
                let part = size * i128::from(*weight) / i128::from(WHOLE);
                let slice = slices.entry(*place).or_default();
                slice.0 += 1;
                slice.1 += part;
                slice.2 = slice.2.max(part);
            }
            let atom = counts.entry(signature).or_default();
            atom.0 += 1;
            atom.1 += size;
        }
        for (place, (units, all, most)) in slices {
            let few = units < self.secret_below;
            let dominated = self.secret_above_share > 0 && most * 100 > all * i128::from(self.secret_above_share);
            if few || dominated {
                self.primary.insert(place);
            }
        }
        for (signature, (units, size)) in counts {
            let atom = self.atoms.entry(signature).or_insert(Atom { units, size: 0 });
            atom.units = atom.units.min(units);
            atom.size += size;
        }
    }
}

/// Places that are not shown: secret by themselves, or hidden so that those do not follow.
fn audit(group: Group, frames: &Frames) -> BTreeSet<usize> {
    let mut hidden = group.primary.clone();
    let atoms: Vec<(&Vec<(usize, u32)>, &Atom)> = group.atoms.iter().collect();
    let rows: Vec<Vec<u64>> = (0..frames.places).map(|place| row(place, &atoms)).collect();
    let sizes: Vec<i128> = (0..frames.places).map(|place| size(place, &atoms)).collect();
    // Each round hides at least one more slice, so it ends.
    loop {
        let shown: Vec<usize> = (0..frames.places).filter(|p| !hidden.contains(p) && rows[*p].iter().any(|c| *c != 0)).collect();
        let span = Span::of(shown.iter().map(|p| &rows[*p]));
        let exposed = exposed(&group, &atoms, &rows, &span);
        if exposed.is_empty() {
            return hidden;
        }
        // One after the other: the first slice hidden often protects the rest.
        match exposed.iter().find_map(|target| helper(target, &shown, &rows, &sizes)) {
            Some(place) => hidden.insert(place),
            // Nothing but the total is left to take away.
            None => return hidden,
        };
    }
}

/// A slice's equation: its weight of each atom; place 0 is the total.
fn row(place: usize, atoms: &[(&Vec<(usize, u32)>, &Atom)]) -> Vec<u64> {
    let weight = |signature: &[(usize, u32)]| {
        if place == 0 {
            return u64::from(WHOLE);
        }
        signature.iter().filter(|(p, _)| *p == place).map(|(_, w)| u64::from(*w)).sum()
    };
    atoms.iter().map(|(signature, _)| weight(signature)).collect()
}

fn size(place: usize, atoms: &[(&Vec<(usize, u32)>, &Atom)]) -> i128 {
    row(place, atoms).iter().zip(atoms).map(|(w, (_, atom))| atom.size * i128::from(*w)).sum()
}

/// What still follows from the shown slices: secret slices, and sets of too few units.
///
/// A set of fewer than three units is one group, or two groups of one unit
/// each; both are searched completely, with any factors. For a larger
/// `secret_below`, sets over three groups and more are found only as far as
/// elimination brings them out.
fn exposed(group: &Group, atoms: &[(&Vec<(usize, u32)>, &Atom)], rows: &[Vec<u64>], span: &Span) -> Vec<Vec<u64>> {
    if let Some(secret) = group.primary.iter().map(|p| &rows[*p]).find(|r| span.holds(r)) {
        return vec![secret.clone()];
    }
    let few = |units: u32| units < group.secret_below;
    let pick = |places: &[usize]| {
        let mut alone = vec![0; atoms.len()];
        places.iter().for_each(|at| alone[*at] = 1);
        alone
    };
    // What is left of a group after all that is shown: nothing left, and it follows; the same left
    // of two groups, and a combination of the two follows.
    let mut left: BTreeMap<Vec<u64>, (usize, u32)> = BTreeMap::new();
    for (at, (_, atom)) in atoms.iter().enumerate().filter(|(_, (_, a))| few(a.units)) {
        let mut rest = span.reduce(&pick(&[at]));
        let Some(first) = rest.iter().position(|c| *c != 0) else { return vec![pick(&[at])] };
        let scale = inverse(rest[first]);
        rest.iter_mut().for_each(|c| *c = *c * scale % PRIME);
        match left.get(&rest) {
            Some((other, units)) if few(units + atom.units) => return vec![pick(&[*other, at])],
            Some((_, units)) if *units <= atom.units => {}
            _ => {
                left.insert(rest, (at, atom.units));
            }
        }
    }
    let units = |row: &[u64]| row.iter().zip(atoms).filter(|(c, _)| **c != 0).map(|(_, (_, a))| a.units).sum();
    span.rows.iter().find(|r| few(units(r))).cloned().into_iter().collect()
}

/// The smallest shown slice, never the total, that shares units with the target.
fn helper(target: &[u64], shown: &[usize], rows: &[Vec<u64>], sizes: &[i128]) -> Option<usize> {
    let overlaps = |p: usize| rows[p].iter().zip(target).any(|(a, b)| *a != 0 && *b != 0);
    let free = || shown.iter().copied().filter(|p| *p != 0);
    let nearest = free().filter(|p| overlaps(*p)).min_by_key(|p| (sizes[*p], *p));
    // A secret slice may follow from the total less its neighbours, which share no unit with it.
    nearest.or_else(|| free().min_by_key(|p| (sizes[*p], *p)))
}

/// The linear span of rows, reduced, over a prime field: what follows from them by adding and subtracting.
struct Span {
    rows: Vec<Vec<u64>>,
    pivots: Vec<usize>,
}

impl Span {
    fn of<'a>(rows: impl Iterator<Item = &'a Vec<u64>>) -> Self {
        let mut span = Self { rows: Vec::new(), pivots: Vec::new() };
        for row in rows {
            let mut rest = span.reduce(row);
            let Some(pivot) = rest.iter().position(|c| *c != 0) else { continue };
            let scale = inverse(rest[pivot]);
            rest.iter_mut().for_each(|c| *c = *c * scale % PRIME);
            for other in &mut span.rows {
                take_away(other, &rest, pivot);
            }
            span.rows.push(rest);
            span.pivots.push(pivot);
        }
        span
    }
    fn reduce(&self, row: &[u64]) -> Vec<u64> {
        let mut rest: Vec<u64> = row.iter().map(|c| c % PRIME).collect();
        for (basis, pivot) in self.rows.iter().zip(&self.pivots) {
            take_away(&mut rest, basis, *pivot);
        }
        rest
    }
    fn holds(&self, row: &[u64]) -> bool {
        self.reduce(row).iter().all(|c| *c == 0)
    }
}

/// Takes from `row` the multiple of `basis` that clears the pivot.
fn take_away(row: &mut [u64], basis: &[u64], pivot: usize) {
    let factor = row[pivot];
    if factor == 0 {
        return;
    }
    let minus = PRIME - factor;
    for (into, from) in row.iter_mut().zip(basis).filter(|(_, from)| **from != 0) {
        *into = (*into + minus * from) % PRIME;
    }
}

/// By Fermat's little theorem.
fn inverse(value: u64) -> u64 {
    let (mut base, mut left, mut made) = (value % PRIME, PRIME - 2, 1);
    while left > 0 {
        if left & 1 == 1 {
            made = made * base % PRIME;
        }
        base = base * base % PRIME;
        left >>= 1;
    }
    made
}
