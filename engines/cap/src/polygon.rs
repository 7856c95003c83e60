//! Polygons and circles of an area: `lat,lon lat,lon …` and `lat,lon radius`.

/// What is wrong with a polygon or circle.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// A piece that is no pair of numbers.
    Unreadable(String),
    /// Latitude beyond ±90 or longitude beyond ±180.
    OutOfRange(String),
    /// Fewer than four points.
    TooFew(usize),
    /// The last point is not the first.
    Open,
    /// Two sides cross, by number from 1.
    Crosses(usize, usize),
    /// A radius below zero or none.
    Radius(String),
}

/// Points (latitude, longitude) of a polygon.
///
/// # Errors
/// The first [`Fault`].
pub fn read(text: &str) -> Result<Vec<(f64, f64)>, Fault> {
    let points = text.split_whitespace().map(pair).collect::<Result<Vec<_>, _>>()?;
    if points.len() < 4 {
        return Err(Fault::TooFew(points.len()));
    }
    if points.first() != points.last() {
        return Err(Fault::Open);
    }
    match crossing(&points) {
        Some((a, b)) => Err(Fault::Crosses(a, b)),
        None => Ok(points),
    }
}

/// Centre (latitude, longitude) and radius in km of a circle.
///
/// # Errors
/// The first [`Fault`].
pub fn read_circle(text: &str) -> Result<((f64, f64), f64), Fault> {
    let mut pieces = text.split_whitespace();
    let centre = pair(pieces.next().unwrap_or_default())?;
    let radius = pieces.next().and_then(|r| r.parse::<f64>().ok()).filter(|r| r.is_finite() && *r >= 0.0);
    match (radius, pieces.next()) {
        (Some(radius), None) => Ok((centre, radius)),
        _ => Err(Fault::Radius(text.to_owned())),
    }
}

fn pair(text: &str) -> Result<(f64, f64), Fault> {
    let number = |t: &str| t.trim().parse::<f64>().ok().filter(|x| x.is_finite());
    let read = text.split_once(',').and_then(|(a, b)| Some((number(a)?, number(b)?)));
    let (lat, lon) = read.ok_or_else(|| Fault::Unreadable(text.to_owned()))?;
    if lat.abs() > 90.0 || lon.abs() > 180.0 {
        return Err(Fault::OutOfRange(text.to_owned()));
    }
    Ok((lat, lon))
}

/// The first two sides that properly cross. Polygons with thousands of points
/// (weather services draw them) are looked at side by side through a sweep
/// along latitude, so that only neighbours are compared.
fn crossing(points: &[(f64, f64)]) -> Option<(usize, usize)> {
    let sides: Vec<((f64, f64), (f64, f64))> = points.windows(2).map(|w| (w[0], w[1])).collect();
    let mut order: Vec<usize> = (0..sides.len()).collect();
    let low = |n: usize| sides[n].0.0.min(sides[n].1.0);
    let high = |n: usize| sides[n].0.0.max(sides[n].1.0);
    order.sort_by(|a, b| low(*a).total_cmp(&low(*b)));
    let mut open: Vec<usize> = Vec::new();
    for n in order {
        open.retain(|m| high(*m) >= low(n));
        for m in &open {
            let (a, b) = (sides[n], sides[*m]);
            if proper(a.0, a.1, b.0, b.1) {
                return Some((n.min(*m) + 1, n.max(*m) + 1));
            }
        }
        open.push(n);
    }
    None
}

fn proper(a: (f64, f64), b: (f64, f64), c: (f64, f64), d: (f64, f64)) -> bool {
    let turn = |p: (f64, f64), q: (f64, f64), r: (f64, f64)| (q.0 - p.0) * (r.1 - p.1) - (q.1 - p.1) * (r.0 - p.0);
    turn(a, b, c) * turn(a, b, d) < 0.0 && turn(c, d, a) * turn(c, d, b) < 0.0
}
