//! Laws over random zones: the engine against a brute-force reading of the same rows, changes against rebuilds, snapshots against themselves.

#![allow(clippy::unwrap_used, reason = "a test stops where it is wrong")]

mod sample;

use metrics::contribution::By;
use metrics::{FactRow, FactWas, Facts, MembershipRow, Query, Sharing, Subjects};
use proptest::prelude::*;
use sample::{Zone, d, definition};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use values::{Date, Lang, Period};

/// splitmix64: one number a draw.
struct Draw(u64);

impl Draw {
    fn next(&mut self, below: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        i64::try_from((z ^ (z >> 31)) % below.unsigned_abs()).unwrap()
    }
}

const FIRST: i32 = 2024 * 12;
const FIRMS: i64 = 7;
const METRICS: [&str; 4] = ["flow", "level", "sum_merged", "sum_own"];

fn definitions() -> String {
    let more = |extra: &str| {
        format!(
            "subjects = \"enterprise\"\nwhere = \"title(big)\"\nslices = [\"chain\", \"kind\"]\ngrowth = [\"same_scope\", \"listed\"]\n{extra}"
        )
    };
    definition("flow", "flow", &more(""))
        + &definition("level", "stock", &more("quantity = \"count\"\nunit = \"人\"\n"))
        + &definition("sum_merged", "cumulative", &more("january = \"merged\"\n"))
        + &definition("sum_own", "cumulative", &more(""))
}

fn day(month: i32, draw: &mut Draw) -> Date {
    let day = i8::try_from(1 + draw.next(28)).unwrap();
    Date::new(i16::try_from(month / 12).unwrap(), i8::try_from(month % 12 + 1).unwrap(), day).unwrap()
}

fn stays_of(firm: i64, draw: &mut Draw) -> Vec<MembershipRow> {
    let mut rows = Vec::new();
    let mut push = |dimension: &str, value: &str, from: Date, until: Option<Date>, weight: Option<&str>| {
        let (dimension, value) = (dimension.to_owned(), value.to_owned());
        rows.push(MembershipRow { subject: firm, dimension, value, from, until, weight: weight.map(d) });
    };
    let start = Date::new(2020, 1, 1).unwrap();
    match draw.next(4) {
        0 => push("title", "big", day(FIRST + i32::try_from(draw.next(24)).unwrap(), draw), None, None),
        1 => push("title", "big", start, Some(day(FIRST + i32::try_from(draw.next(24)).unwrap(), draw)), None),
        _ => push("title", "big", start, None, None),
    }
    if draw.next(5) == 0 {
        push("presence", "zone", day(FIRST + i32::try_from(draw.next(20)).unwrap(), draw), None, None);
    }
    match draw.next(3) {
        0 => {
            push("chain", "a", start, None, Some("33.3"));
            push("chain", "b", start, None, Some("66.7"));
        }
        1 => {
            let moved = day(FIRST + i32::try_from(draw.next(24)).unwrap(), draw);
            push("chain", "a", start, Some(moved), None);
            push("chain", "b", moved, None, None);
        }
        _ => {}
    }
    push("kind", ["x", "y"][usize::try_from(draw.next(2)).unwrap()], start, None, None);
    rows
}

/// A zone's rows as a map, so that changes are plain.
type Rows = BTreeMap<metrics::FactKey, FactRow>;

fn some_row(zone: &Zone, draw: &mut Draw) -> FactRow {
    let metric = METRICS[usize::try_from(draw.next(4)).unwrap()];
    let month = i32::try_from(draw.next(24)).unwrap();
    let last = FIRST + month;
    let period = match metric {
        "flow" if draw.next(12) == 0 => Period::from_months(last - last % 3, last - last % 3 + 2),
        "flow" | "level" => Period::from_months(last, last),
        "sum_merged" => Period::from_months(last - last % 12, last.max(last - last % 12 + 1)),
        _ => Period::from_months(last - last % 12, last),
    };
    let value = if draw.next(15) == 0 { None } else { Some(draw.next(2_000_001) - 400_000) };
    let firm = 1 + draw.next(FIRMS);
    FactRow {
        metric: zone.numbers[metric],
        measure: i64::from(draw.next(3) == 0),
        period: period.unwrap().code(),
        subject: firm,
        value,
        status: [0, 0, 0, 0, 1, 2, 3][usize::try_from(draw.next(7)).unwrap()],
        ..FactRow::default()
    }
}

struct World {
    zone: Zone,
    rows: Rows,
}

fn world(seed: u64) -> (World, Draw) {
    let mut draw = Draw(seed);
    let mut zone = Zone::new(&definitions()).enterprises("A B C D E F G");
    zone.sharings.insert("chain".into(), Sharing::Shared);
    zone.months = (FIRST - 14, FIRST + 30);
    for firm in 1..=FIRMS {
        zone.stays.extend(stays_of(firm, &mut draw));
    }
    let mut rows = Rows::new();
    for _ in 0..draw.next(900) {
        let row = some_row(&zone, &mut draw);
        rows.insert(row.key(), row);
    }
    rows.retain(|_, r| r.value.is_some());
    (World { zone, rows }, draw)
}

fn build(world: &World) -> Facts {
    let (facts, found) = Facts::build(world.zone.ground(), 7, world.rows.values().cloned(), Lang::Zh);
    assert!(found.is_empty());
    facts
}

// ---- the brute-force reading ----

struct Oracle<'a> {
    world: &'a World,
    metric: &'a str,
}

impl Oracle<'_> {
    fn month_end(stay: &MembershipRow, month: i32) -> bool {
        let index = |date: Date| i32::from(date.year()) * 12 + i32::from(date.month()) - 1;
        index(stay.from) <= month && stay.until.is_none_or(|u| index(u) > month)
    }
    fn stays(&self, firm: i64, dimension: &str, month: i32) -> Vec<&MembershipRow> {
        let all = self.world.zone.stays.iter();
        all.filter(|s| s.subject == firm && s.dimension == dimension && Self::month_end(s, month)).collect()
    }
    fn present(&self, firm: i64, month: i32) -> bool {
        let has = self.world.zone.stays.iter().any(|s| s.subject == firm && s.dimension == "presence");
        !has || !self.stays(firm, "presence", month).is_empty()
    }
    fn not_yet_there(&self, firm: i64, month: i32) -> bool {
        let has = self.world.zone.stays.iter().any(|s| s.subject == firm && s.dimension == "presence");
        has && !self.present(firm, month) // in these zones nobody leaves again
    }
    fn counts(&self, firm: i64, month: i32) -> bool {
        self.present(firm, month) && !self.stays(firm, "title", month).is_empty()
    }
    /// Weights in millionths of the slice's values, in the order of the ledger.
    fn part(&self, firm: i64, month: i32, slice: Option<(&str, &str)>, amount: i128) -> Option<i128> {
        let Some((dimension, value)) = slice else { return Some(amount) };
        let mut before = 0i128;
        let mut part = None;
        let mut stays = self.stays(firm, dimension, month);
        stays.sort_by_key(|s| (s.from, s.value.clone()));
        for stay in stays {
            let weight = stay.weight.map_or(1_000_000, |w| i128::from((w * d("10000")).to_string().parse::<f64>().unwrap() as i64));
            let mark = |at: i128| (amount * at).div_euclid(1_000_000);
            if stay.value == value {
                part = Some(part.unwrap_or(0) + mark(before + weight) - mark(before));
            }
            before += weight;
        }
        part
    }
    fn filed(&self, measure: i64, firm: i64, first: i32, last: i32) -> Option<i128> {
        let key = (self.world.zone.numbers[self.metric], 0, 0, measure, Period::from_months(first, last)?.code(), firm);
        self.world.rows.get(&key).and_then(|r| r.value).map(i128::from)
    }
    fn periods(&self, measure: i64) -> Vec<Period> {
        let number = self.world.zone.numbers[self.metric];
        let own = self.world.rows.values().filter(|r| r.metric == number && r.measure == measure);
        own.map(|r| Period::from_code(r.period).unwrap()).collect::<BTreeSet<_>>().into_iter().collect()
    }
    /// Every way to cover the span with periods that satisfy `has`; the first in the order "longest first".
    fn cover(periods: &[Period], month: i32, last: i32, has: &dyn Fn(Period) -> bool) -> Option<Vec<Period>> {
        if month > last {
            return Some(Vec::new());
        }
        let mut fits: Vec<Period> = periods.iter().copied().filter(|p| p.first() == month && p.last() <= last && has(*p)).collect();
        fits.sort_by_key(|p| -p.months());
        fits.into_iter().find_map(|p| {
            let mut rest = Self::cover(periods, p.last() + 1, last, has)?;
            rest.insert(0, p);
            Some(rest)
        })
    }
    /// Pieces of a span: (later, earlier) periods.
    fn pieces(&self, span: Period, has: &dyn Fn(Period) -> bool) -> Option<Vec<(Period, Option<Period>)>> {
        let periods = self.periods(0);
        let known = |p: Option<Period>| p.filter(|p| periods.contains(p) && has(*p));
        if self.metric == "level" {
            let ends = periods.iter().copied().filter(|p| span.first() <= p.last() && p.last() <= span.last() && has(*p));
            return ends.max_by_key(|p| p.last()).map(|p| vec![(p, None)]);
        }
        if let Some(exact) = known(Some(span)) {
            return Some(vec![(exact, None)]);
        }
        if self.metric.starts_with("sum") {
            let mut all = Vec::new();
            let mut month = span.first();
            let mut whole = true;
            while month <= span.last() {
                let january = month - month % 12;
                let last = span.last().min(january + 11);
                let direct = known(Period::from_months(month, last));
                let less = known(Period::from_months(january, last)).zip(known(Period::from_months(january, month - 1)));
                match (direct, less) {
                    (Some(p), _) => all.push((p, None)),
                    (None, Some((hi, lo))) => all.push((hi, Some(lo))),
                    _ => whole = false,
                }
                month = last + 1;
            }
            if whole {
                return Some(all);
            }
        }
        Self::cover(&periods, span.first(), span.last(), has).map(|list| list.into_iter().map(|p| (p, None)).collect())
    }
    fn piece(&self, measure: i64, firm: i64, piece: (Period, Option<Period>)) -> Option<i128> {
        let hi = self.filed(measure, firm, piece.0.first(), piece.0.last())?;
        let Some(lo) = piece.1 else { return Some(hi) };
        let low = self.filed(measure, firm, lo.first(), lo.last());
        Some(hi - low.or_else(|| self.not_yet_there(firm, lo.last()).then_some(0))?)
    }
    /// Value and number of values of a span for a slice.
    fn total(&self, span: Period, slice: Option<(&str, &str)>) -> Option<(i128, u32)> {
        let periods = self.periods(0);
        let apart = periods.windows(2).all(|w| w[0].last() < w[1].first());
        let from_january = self.metric.starts_with("sum") && periods.iter().all(|p| p.is_year_to_date());
        let pieces = self.pieces(span, &|_| true)?;
        let (mut sum, mut cells) = (0i128, 0u32);
        if self.metric == "level" || apart || from_january {
            for piece in pieces {
                for firm in (1..=FIRMS).filter(|f| self.counts(*f, piece.0.last())) {
                    let value = self.piece(0, firm, piece);
                    if let Some(part) = value.and_then(|v| self.part(firm, piece.0.last(), slice, v)) {
                        sum += part;
                        cells += 1;
                    }
                }
            }
        } else {
            for firm in (1..=FIRMS).filter(|f| self.counts(*f, span.last())) {
                let own = self.pieces(span, &|p| self.filed(0, firm, p.first(), p.last()).is_some());
                let values: Option<Vec<i128>> = own.and_then(|all| all.into_iter().map(|p| self.piece(0, firm, p)).collect());
                let parts = values.and_then(|v| v.into_iter().map(|v| self.part(firm, span.last(), slice, v)).sum::<Option<i128>>());
                if let Some(part) = parts {
                    sum += part;
                    cells += 1;
                }
            }
        }
        (cells > 0).then_some((sum, cells))
    }
}

fn spans(draw: &mut Draw) -> Period {
    let first = FIRST - 2 + i32::try_from(draw.next(26)).unwrap();
    let months = [0, 0, 1, 2, 5, 11, 12, 14][usize::try_from(draw.next(8)).unwrap()];
    match draw.next(3) {
        0 => Period::from_months(first - first % 12, first).unwrap(),
        _ => Period::from_months(first, first + months).unwrap(),
    }
}

const SLICES: [Option<(&str, &str)>; 5] = [None, Some(("chain", "a")), Some(("chain", "b")), Some(("kind", "x")), Some(("kind", "y"))];

fn query(metric: &str, span: Period, slice: Option<(&str, &str)>) -> Query {
    let query = Query::zone(metric, span).from_source(0);
    slice.map_or(query.clone(), |(dimension, value)| query.slice(dimension, value))
}

/// Everything that two versions say, for every metric, month and slice.
fn same(a: &Facts, b: &Facts) -> Result<(), TestCaseError> {
    prop_assert_eq!(a.rows(), b.rows());
    for metric in METRICS {
        for month in FIRST - 1..FIRST + 26 {
            let month = Period::from_months(month, month).unwrap();
            let (one, two) = (a.panel(metric, month), b.panel(metric, month));
            prop_assert_eq!(one.is_some(), two.is_some());
            if let (Some(one), Some(two)) = (one, two) {
                prop_assert_eq!(&one.places, &two.places);
                prop_assert_eq!(&one.month, &two.month, "{} {}", metric, month);
                prop_assert_eq!(&one.year_to_date, &two.year_to_date, "{} {}", metric, month);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn answers_agree_with_a_brute_force_reading(seed in any::<u64>()) {
        let (world, mut draw) = world(seed);
        let facts = build(&world);
        for _ in 0..30 {
            let span = spans(&mut draw);
            for metric in METRICS {
                let oracle = Oracle { world: &world, metric };
                for slice in SLICES {
                    let answer = facts.answer(&query(metric, span, slice)).unwrap();
                    let got = answer.raw.map(|raw| (raw, answer.sum.cells));
                    prop_assert_eq!(got, oracle.total(span, slice), "{} {} {:?}", metric, span, slice);
                }
            }
        }
    }

    #[test]
    fn a_panel_says_what_each_answer_says(seed in any::<u64>()) {
        let (world, mut draw) = world(seed);
        let facts = build(&world);
        for _ in 0..8 {
            let month = FIRST + i32::try_from(draw.next(24)).unwrap();
            let month = Period::from_months(month, month).unwrap();
            let year_to_date = Period::from_months(month.last() - month.last() % 12, month.last()).unwrap();
            for metric in METRICS {
                let Some(panel) = facts.panel(metric, month) else { continue };
                for slice in SLICES {
                    let Some(place) = slice.map_or(Some(0), |(k, v)| panel.place(k, v)) else { continue };
                    for (span, spread) in [(month, &panel.month), (year_to_date, &panel.year_to_date)] {
                        let answer = facts.answer(&query(metric, span, slice)).unwrap();
                        let kept = spread.sums.get(place).filter(|s| s.cells > 0);
                        prop_assert_eq!(kept.copied(), answer.raw.map(|_| answer.sum), "{} {} {:?}", metric, span, slice);
                        let growths = facts.growths(&query(metric, span, slice));
                        let pair = spread.pairs.get(place).filter(|p| p.both > 0 && kept.is_some());
                        prop_assert_eq!(pair.copied(), growths.pair, "{} {} {:?}", metric, span, slice);
                    }
                }
            }
        }
    }

    #[test]
    fn a_change_equals_a_rebuild(seed in any::<u64>()) {
        let (mut world, mut draw) = world(seed);
        let mut facts = build(&world);
        for seq in 8..14 {
            let mut rows: Vec<FactRow> = Vec::new();
            for _ in 0..1 + draw.next(12) {
                let row = some_row(&world.zone, &mut draw);
                world.rows.insert(row.key(), row.clone());
                rows.push(row);
            }
            let mut withdrawn = Vec::new();
            let some: Vec<_> = world.rows.keys().copied().collect();
            if !some.is_empty() {
                let key = some[usize::try_from(draw.next(i64::try_from(some.len()).unwrap())).unwrap()];
                world.rows.remove(&key);
                withdrawn.push(key);
            }
            world.rows.retain(|_, r| r.value.is_some());
            let before = facts.clone();
            let (next, found) = facts.changed(seq, &rows, &withdrawn, Lang::Zh);
            prop_assert!(found.is_empty());
            facts = next;
            // As known before this commit: what it replaced, and what it added, taken back.
            let old: BTreeMap<_, _> = before.rows().into_iter().map(|r| (r.key(), r)).collect();
            let touched: BTreeSet<_> = rows.iter().map(FactRow::key).chain(withdrawn.iter().copied()).collect();
            let was: Vec<FactWas> =
                touched.iter().filter_map(|k| old.get(k)).map(|row| FactWas { row: row.clone(), seq: 7, seq_until: seq }).collect();
            let newer: Vec<_> = touched.into_iter().collect();
            same(&facts.as_known(seq - 1, &was, &newer, Lang::Zh), &before)?;
            prop_assert_eq!(facts.seq(), seq);
        }
        same(&facts, &build(&world))?;
    }

    #[test]
    fn a_move_equals_a_rebuild(seed in any::<u64>()) {
        let (mut world, mut draw) = world(seed);
        let mut facts = build(&world);
        for seq in 8..12 {
            let firm = 1 + draw.next(FIRMS);
            let stays = stays_of(firm, &mut draw);
            world.zone.stays.retain(|s| s.subject != firm);
            world.zone.stays.extend(stays.iter().cloned());
            let subjects = Subjects::new(world.zone.subjects.iter().cloned());
            let moved = facts.ground().membership.with(&subjects, firm, &stays, &world.zone.sharings);
            facts = facts.moved(seq, Arc::new(moved), firm);
        }
        // Values of a dimension keep the order in which they were first seen, so compare by name.
        let rebuilt = build(&world);
        for metric in METRICS {
            for month in FIRST..FIRST + 24 {
                for span in [Period::from_months(month, month), Period::from_months(month - month % 12, month)] {
                    for slice in SLICES {
                        let ask = query(metric, span.unwrap(), slice);
                        let (a, b) = (facts.answer(&ask).unwrap(), rebuilt.answer(&ask).unwrap());
                        // A value of a dimension that nobody holds any more is still known after a move: only the reason differs.
                        prop_assert_eq!((a.raw, a.sum, a.filed), (b.raw, b.sum, b.filed), "{:?}", ask);
                    }
                }
            }
        }
    }

    #[test]
    fn contributions_and_lineage_add_up_exactly(seed in any::<u64>()) {
        let (world, mut draw) = world(seed);
        let facts = build(&world);
        for _ in 0..8 {
            let span = spans(&mut draw);
            for metric in METRICS {
                for slice in SLICES {
                    let ask = query(metric, span, slice);
                    let answer = facts.answer(&ask).unwrap();
                    let lines = facts.lineage(&ask);
                    prop_assert_eq!(lines.iter().map(|l| l.adds).sum::<i128>(), answer.raw.unwrap_or(0));
                    let Some(now) = answer.raw else { continue };
                    let r = facts.reconcile(&ask).unwrap();
                    prop_assert_eq!(r.base, r.last_year + r.entered - r.left + r.restated, "{:?}", ask);
                    let pair = facts.growths(&ask).pair.unwrap_or_default();
                    prop_assert_eq!((r.value, r.value_with_base, r.base), (now, pair.value, pair.base), "{:?}", ask);
                    let before = facts.growths(&ask).last_year.and_then(|a| a.raw).unwrap_or(0);
                    for by in [By::Subject, By::Dimension("chain"), By::Dimension("kind")] {
                        let c = facts.contributions(&ask, by).unwrap();
                        prop_assert_eq!((c.now, c.before), (now, before), "{:?} {:?}", by, ask);
                        prop_assert_eq!(c.parts.iter().map(|p| p.change).sum::<i128>(), now - before);
                        prop_assert_eq!(c.stayed + c.entered - c.left, now - before);
                    }
                }
            }
        }
    }

    #[test]
    fn a_snapshot_reads_back_and_a_flipped_byte_shows(seed in any::<u64>(), at in any::<prop::sample::Index>(), bit in 0u8..8) {
        let (world, _) = world(seed);
        let facts = build(&world);
        let mut bytes = facts.snapshot();
        let again = Facts::from_snapshot(world.zone.ground(), &bytes).unwrap();
        same(&facts, &again)?;
        prop_assert_eq!(again.seq(), 7);
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert!(Facts::from_snapshot(world.zone.ground(), &bytes).is_err());
        prop_assert!(Facts::from_snapshot(world.zone.ground(), &bytes[..at]).is_err());
    }
}

/// Contributions + entries − exits = change, to the last 分, on 10,000 random panels of two years.
#[test]
fn ten_thousand_panels_of_contributions_add_up() {
    let mut draw = Draw(20_251_123);
    let mut zone = Zone::new(&definition("x", "flow", "subjects = \"enterprise\"\n")).enterprises("A B C D E F G H I J");
    zone.months = (2024 * 12, 2025 * 12 + 11);
    let base = Facts::build(zone.ground(), 0, [], Lang::Zh).0;
    for panel in 0..10_000 {
        let mut rows = Vec::new();
        let (mut now, mut before) = (0i128, 0i128);
        for subject in 1..=1 + draw.next(10) {
            for (year, total) in [(2024, &mut before), (2025, &mut now)] {
                if draw.next(4) == 0 {
                    continue;
                }
                let value = draw.next(2_000_000_001) - 300_000_000;
                *total += i128::from(value);
                let period = Period::month(year, 6).unwrap().code();
                rows.push(FactRow {
                    metric: zone.numbers["x"],
                    period,
                    subject: subject.min(10),
                    value: Some(value),
                    ..FactRow::default()
                });
            }
        }
        let facts = base.changed(panel, &rows, &[], Lang::Zh).0;
        let query = Query::zone("x", Period::month(2025, 6).unwrap()).from_source(0);
        let Some(c) = facts.contributions(&query, By::Subject) else {
            assert!(!rows.iter().any(|r| r.period == Period::month(2025, 6).unwrap().code()));
            continue;
        };
        assert_eq!((c.now, c.before), (now, before));
        assert_eq!(c.stayed + c.entered - c.left, now - before);
        assert_eq!(c.parts.iter().map(|p| p.change).sum::<i128>(), now - before);
    }
}
