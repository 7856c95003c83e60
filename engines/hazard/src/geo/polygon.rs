//! Polygons in local metres: area, inside, crossing itself.

type P = (f64, f64);

/// Signed area, m²; positive counter-clockwise.
#[must_use]
pub fn area(ring: &[P]) -> f64 {
    let next = ring.iter().cycle().skip(1);
    0.5 * ring.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f64>()
}

/// True if the point lies inside (even–odd rule).
#[must_use]
pub fn contains(ring: &[P], (x, y): P) -> bool {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).filter(|(a, b)| (a.1 > y) != (b.1 > y) && x < (b.0 - a.0) * (y - a.1) / (b.1 - a.1) + a.0).count() % 2 == 1
}

/// The first two sides (by number, from 0) that cross or touch each other
/// without being neighbours; none for a simple ring. At most a few hundred
/// points are expected: every pair is looked at.
#[must_use]
pub fn crossing(ring: &[P]) -> Option<(usize, usize)> {
    let n = ring.len();
    let side = |i: usize| (ring[i], ring[(i + 1) % n]);
    for i in 0..n {
        for j in i + 1..n {
            let neighbours = j == i + 1 || (i == 0 && j == n - 1);
            let ((a, b), (c, d)) = (side(i), side(j));
            if neighbours {
                // Neighbours share a point; they must not fold back on each other.
                let (from, mid, to) = if j == i + 1 { (a, b, d) } else { (c, d, b) };
                if n > 2 && turn(from, mid, to) == 0.0 && dot(from, mid, to) > 0.0 {
                    return Some((i, j));
                }
            } else if meet(a, b, c, d) {
                return Some((i, j));
            }
        }
    }
    None
}

fn turn(a: P, b: P, c: P) -> f64 {
    (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0)
}

/// Above zero if the way from `mid` to `to` goes back toward `from`.
fn dot(from: P, mid: P, to: P) -> f64 {
    (from.0 - mid.0) * (to.0 - mid.0) + (from.1 - mid.1) * (to.1 - mid.1)
}

fn meet(a: P, b: P, c: P, d: P) -> bool {
    let (s1, s2, s3, s4) = (turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b));
    if s1 * s2 < 0.0 && s3 * s4 < 0.0 {
        return true;
    }
    let on =
        |p: P, q: P, r: P, s: f64| s == 0.0 && r.0 >= p.0.min(q.0) && r.0 <= p.0.max(q.0) && r.1 >= p.1.min(q.1) && r.1 <= p.1.max(q.1);
    on(a, b, c, s1) || on(a, b, d, s2) || on(c, d, a, s3) || on(c, d, b, s4)
}
