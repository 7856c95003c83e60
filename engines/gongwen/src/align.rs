//! Aligning a returned text with the frozen one, for figures that lost tag and bookmark.

use crate::frozen::FrozenReport;
use crate::read::ReadDocument;
use std::collections::HashMap;

/// Stands for a figure in the frozen text: equal to no letter of the returned one, so that only the words around a
/// figure are matched and never digits with digits.
const FIGURE: char = '\u{f8ff}';

/// Largest table that two paragraphs are compared in, in cells; longer ones are compared at their ends only.
const CELLS_MAX: usize = 4_000_000;

/// For each frozen paragraph, the returned paragraph that it became.
///
/// First by the ids that still stand in it, then by equal text in order, then by likeness.
pub(crate) fn paragraphs(frozen: &FrozenReport, document: &ReadDocument, located: &HashMap<&str, usize>) -> Vec<Option<usize>> {
    let mut map: Vec<Option<usize>> = frozen.paragraphs.iter().map(|p| by_ids(frozen, p, located)).collect();
    let mut used: Vec<bool> = vec![false; document.paragraphs.len()];
    for at in map.iter().flatten() {
        used[*at] = true;
    }
    // Cells that are nothing but a number say nothing of their own: their neighbours place them.
    by_equal_text(frozen, document, &mut map, &mut used, &|text| text.chars().any(char::is_alphabetic));
    by_neighbours(frozen, document, &mut map, &mut used);
    by_likeness(frozen, document, &mut map, &mut used);
    by_neighbours(frozen, document, &mut map, &mut used);
    by_equal_text(frozen, document, &mut map, &mut used, &|_| true);
    map
}

/// Paragraphs between two that are placed, where as many stand in the one text as in the other.
fn by_neighbours(frozen: &FrozenReport, document: &ReadDocument, map: &mut [Option<usize>], used: &mut [bool]) {
    let mut n = 0;
    while n < map.len() {
        if map[n].is_some() {
            n += 1;
            continue;
        }
        let end = map[n..].iter().position(Option::is_some).map_or(map.len(), |i| n + i);
        let first = if n == 0 { 0 } else { map[n - 1].map_or(0, |at| at + 1) };
        let last = map.get(end).copied().flatten().unwrap_or(document.paragraphs.len());
        let free: Vec<usize> = (first..last).filter(|at| !used[*at] && !document.paragraphs[*at].text.trim().is_empty()).collect();
        let wanted: Vec<usize> = (n..end).filter(|i| !frozen.paragraphs[*i].text.trim().is_empty()).collect();
        if free.len() == wanted.len() {
            for (i, at) in wanted.into_iter().zip(free) {
                map[i] = Some(at);
                used[at] = true;
            }
        }
        n = end;
    }
}

fn by_ids(frozen: &FrozenReport, paragraph: &crate::frozen::FrozenParagraph, located: &HashMap<&str, usize>) -> Option<usize> {
    let mut votes: HashMap<usize, usize> = HashMap::new();
    for spot in &paragraph.spots {
        if let Some(at) = frozen.figures.get(spot.figure).and_then(|f| located.get(f.id.as_str())) {
            *votes.entry(*at).or_default() += 1;
        }
    }
    votes.into_iter().max_by_key(|(at, votes)| (*votes, usize::MAX - at)).map(|(at, _)| at)
}

fn by_equal_text(
    frozen: &FrozenReport,
    document: &ReadDocument,
    map: &mut [Option<usize>],
    used: &mut [bool],
    speaks: &dyn Fn(&str) -> bool,
) {
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, paragraph) in document.paragraphs.iter().enumerate() {
        if !used[at] && !paragraph.text.trim().is_empty() {
            places.entry(squeezed(&paragraph.text)).or_default().push(at);
        }
    }
    let mut last = 0;
    for (n, paragraph) in frozen.paragraphs.iter().enumerate() {
        if let Some(at) = map[n] {
            last = last.max(at);
            continue;
        }
        if !speaks(&paragraph.text) {
            continue;
        }
        let Some(list) = places.get_mut(&squeezed(&paragraph.text)) else { continue };
        let pick = list.iter().position(|at| *at >= last).or(if list.is_empty() { None } else { Some(0) });
        if let Some(pick) = pick {
            let at = list.remove(pick);
            map[n] = Some(at);
            used[at] = true;
            last = at;
        }
    }
}

/// Likeness by pairs of letters; a paragraph keeps its figures' words even when all its numbers were changed.
fn by_likeness(frozen: &FrozenReport, document: &ReadDocument, map: &mut [Option<usize>], used: &mut [bool]) {
    let free: Vec<(usize, Vec<u64>)> = document
        .paragraphs
        .iter()
        .enumerate()
        .filter(|(at, p)| !used[*at] && !p.text.trim().is_empty())
        .map(|(at, p)| (at, pairs(&p.text)))
        .collect();
    for (n, paragraph) in frozen.paragraphs.iter().enumerate() {
        if map[n].is_some() || paragraph.spots.is_empty() {
            continue;
        }
        let own = pairs(&paragraph.text);
        let near = map[..n].iter().rev().flatten().next().copied().unwrap_or(0);
        let best = free
            .iter()
            .filter(|(at, _)| !used[*at])
            .map(|(at, other)| (dice(&own, other), usize::MAX - at.abs_diff(near), *at))
            .filter(|(likeness, ..)| *likeness >= 0.4)
            .max_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        if let Some((_, _, at)) = best {
            map[n] = Some(at);
            used[at] = true;
        }
    }
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).map(values::unit::half_width).collect()
}

/// Sorted pairs of neighbouring letters, digits left out.
fn pairs(text: &str) -> Vec<u64> {
    let letters: Vec<u64> =
        text.chars().filter(|c| !c.is_whitespace() && !c.is_ascii_digit() && *c != '.').map(|c| u64::from(u32::from(c))).collect();
    let mut pairs: Vec<u64> = letters.windows(2).map(|w| w[0] << 32 | w[1]).collect();
    pairs.sort_unstable();
    pairs
}

fn dice(a: &[u64], b: &[u64]) -> f64 {
    let (mut i, mut j, mut both) = (0, 0, 0usize);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                both += 1;
                i += 1;
                j += 1;
            }
        }
    }
    if a.is_empty() || b.is_empty() { 0.0 } else { 2.0 * both as f64 / (a.len() + b.len()) as f64 }
}

/// Letters of one paragraph matched with those of another, in order.
pub(crate) struct Letters {
    /// For each letter of the frozen text, its place in the other.
    map: Vec<Option<usize>>,
    length: usize,
}

impl Letters {
    /// Matches a frozen paragraph, in which these spots are figures, with a returned text.
    pub(crate) fn new(frozen: &str, spots: &[crate::frozen::Spot], returned: &str) -> Self {
        let mut a: Vec<char> = frozen.chars().map(values::unit::half_width).collect();
        for spot in spots {
            let end = spot.end.min(a.len());
            if let Some(part) = a.get_mut(spot.start..end) {
                part.fill(FIGURE);
            }
        }
        let b: Vec<char> = returned.chars().map(values::unit::half_width).collect();
        Self { map: common(&a, &b), length: b.len() }
    }

    /// Where the letters `start..end` of the frozen text stand now: what lies between their matched neighbours.
    ///
    /// `None` if neither neighbour is near: then nobody can say that this is the place.
    pub(crate) fn between(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        const NEAR: usize = 6;
        if start == 0 && end >= self.map.len() {
            // A cell that is nothing but the figure.
            return Some((0, self.length));
        }
        let before = (0..start.min(self.map.len())).rev().find_map(|i| self.map[i].map(|at| (start - i, at + 1)));
        let after = (end..self.map.len()).find_map(|i| self.map[i].map(|at| (i - end + 1, at)));
        let near_before = before.is_some_and(|(distance, _)| distance <= NEAR) || start == 0;
        let near_after = after.is_some_and(|(distance, _)| distance <= NEAR) || end >= self.map.len();
        if !near_before && !near_after || before.is_none() && after.is_none() {
            return None;
        }
        let from = before.map_or(0, |(_, at)| at);
        let to = after.map_or(self.length, |(_, at)| at);
        (from <= to).then_some((from, to))
    }
}

/// Longest common subsequence: for each letter of `a` its place in `b`.
fn common(a: &[char], b: &[char]) -> Vec<Option<usize>> {
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(x, y)| x == y).count();
    let mut map = vec![None; a.len()];
    for (i, place) in map.iter_mut().enumerate().take(head) {
        *place = Some(i);
    }
    for i in 0..tail {
        map[a.len() - 1 - i] = Some(b.len() - 1 - i);
    }
    let (n, m) = (a.len() - head - tail, b.len() - head - tail);
    if n == 0 || m == 0 || (n + 1).saturating_mul(m + 1) > CELLS_MAX {
        return map;
    }
    let (x, y) = (&a[head..head + n], &b[head..head + m]);
    // lengths[i][j]: longest common subsequence of x[i..] and y[j..].
    let width = m + 1;
    let mut lengths = vec![0u32; (n + 1) * width];
    for i in (0..n).rev() {
        for j in (0..m).rev() {
            lengths[i * width + j] = if x[i] == y[j] {
                lengths[(i + 1) * width + j + 1] + 1
            } else {
                lengths[(i + 1) * width + j].max(lengths[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < n && j < m {
        if x[i] == y[j] {
            map[head + i] = Some(head + j);
            i += 1;
            j += 1;
        } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frozen::Spot;

    #[track_caller]
    fn check(frozen: &str, returned: &str, expected: Option<&str>) {
        let start = frozen.chars().position(|c| c == '_').unwrap();
        let text = frozen.replace('_', "138.6");
        let spots = [Spot { start, end: start + 5, figure: 0 }];
        let got = Letters::new(&text, &spots, returned).between(start, start + 5);
        let got = got.map(|(from, to)| returned.chars().skip(from).take(to - from).collect::<String>());
        assert_eq!(got.as_deref(), expected);
    }

    #[test]
    fn a_figure_stands_between_its_neighbours() {
        check("生产总值_亿元，增长", "生产总值138.6亿元，增长", Some("138.6"));
        check("生产总值_亿元，增长", "全区生产总值达163.8亿元，同比增长", Some("达163.8"));
        check("生产总值_亿元", "生产总值亿元", Some(""));
        check("_", "138.9", Some("138.9"));
        check("生产总值_亿元", "完全不同", None);
    }
}
