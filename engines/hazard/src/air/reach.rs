//! How far a level reaches along the axis.

/// Nearest and farthest distance at which `f` is at least `level`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reach {
    /// Nearest, m.
    pub from: f64,
    /// Farthest, m.
    pub to: f64,
}

/// Shortest and longest distance that is searched, m.
pub const SEARCHED: (f64, f64) = (1.0, 100_000.0);

/// Distances looked at in each factor of ten before bisecting.
const PER_DECADE: i32 = 60;

/// Searches [`SEARCHED`] for the region where `f` (a function of distance)
/// stays at or above `level`; none if it never does.
#[must_use]
pub fn reach(f: impl Fn(f64) -> f64, level: f64) -> Option<Reach> {
    let decades = (SEARCHED.1 / SEARCHED.0).log10();
    let n = (decades * f64::from(PER_DECADE)).round() as i32;
    let at = |i: i32| SEARCHED.0 * 10_f64.powf(f64::from(i) / f64::from(PER_DECADE));
    let inside: Vec<bool> = (0..=n).map(|i| f(at(i)) >= level).collect();
    let first = inside.iter().position(|x| *x)?;
    let last = inside.iter().rposition(|x| *x)?;
    let (first, last) = (i32::try_from(first).ok()?, i32::try_from(last).ok()?);
    let from = if first == 0 { SEARCHED.0 } else { bisect(&f, level, at(first), at(first - 1)) };
    let to = if last == n { SEARCHED.1 } else { bisect(&f, level, at(last), at(last + 1)) };
    Some(Reach { from, to })
}

/// The distance between `inside` (at or above) and `outside` (below) where `f` meets `level`.
fn bisect(f: &impl Fn(f64) -> f64, level: f64, mut inside: f64, mut outside: f64) -> f64 {
    for _ in 0..80 {
        let mid = 0.5 * (inside + outside);
        if f(mid) >= level { inside = mid } else { outside = mid }
    }
    inside
}
