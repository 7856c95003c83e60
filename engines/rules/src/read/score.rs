//! `[score]`: parts, bands, ladders, linear and rank scorers, bonus, deductions, vetoes.

use super::amount::check_ranges;
use super::names::Binder;
use super::section::{Item, Reading, Section, Text};
use crate::book::{Column, Part, PartRole, Points, Range, Score, ScoreGroup, Scorer};
use crate::read::label_or;
use expr::{Expr, Measure};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use values::Confidence;

pub(crate) struct Scores<'a, 'b> {
    pub reading: &'a Reading<'a>,
    pub binder: &'b mut Binder,
    pub confidence: Confidence,
    pub clause: String,
}

const HUNDRED: Decimal = Decimal::ONE_HUNDRED;

impl<'a> Scores<'a, '_> {
    pub(crate) fn read(&mut self, section: &Section<'a>) -> Score {
        let mut score =
            Score { full: section.number("full"), digits: section.number("digits").and_then(|d| d.to_u32()), ..Score::default() };
        if let Some(columns) = section.section("columns") {
            for (key, _) in columns.keys() {
                let (share, scope) = match &columns.free(&key)[..] {
                    [Item::Text(text)] => (self.constant(text, &key), None),
                    [Item::Section(table)] => {
                        let share = table.text("share").and_then(|t| self.constant(&t, &key));
                        let scope = table.text("scope").and_then(|t| self.condition(&t));
                        table.finish();
                        (share, scope)
                    }
                    _ => (None, None),
                };
                score.columns.extend(share.map(|share| Column { key, share, scope }));
            }
            let sum: Decimal = score.columns.iter().map(|c| c.share).sum();
            if sum != Decimal::ONE {
                self.reading.error("rules.shares_sum", columns.at, "columns", &[("found", &(sum * HUNDRED).normalize().to_string())]);
            }
        }
        for group in section.sections("group") {
            score.groups.push(ScoreGroup {
                key: group.needed("key").value,
                label: group.label("label"),
                most: group.number("most"),
                weight: group.number("weight"),
            });
            group.finish();
        }
        for (key, role) in
            [("part", PartRole::Weighted), ("bonus", PartRole::Bonus), ("deduction", PartRole::Deduction), ("veto", PartRole::Veto)]
        {
            for part in section.sections(key) {
                let read = self.part(&part, role, &score);
                part.finish();
                score.parts.push(read);
            }
        }
        for grade in section.sections("grade") {
            let label = grade.needed("label").value;
            let range = Range {
                from: grade.number("from").map(|n| (n, true)).or_else(|| grade.number("over").map(|n| (n, false))),
                to: grade.number("below").map(|n| (n, false)).or_else(|| grade.number("to").map(|n| (n, true))),
            };
            score.grades.push((label, range));
            grade.finish();
        }
        if score.grades.len() > 1 {
            check_ranges(self.reading, section.at, "grade", score.grades.iter().map(|(_, r)| *r));
        }
        self.full(section, &score);
        section.finish();
        score
    }

    /// The weights of each column add up to the full marks.
    fn full(&self, section: &Section<'a>, score: &Score) {
        let Some(full) = score.full else { return };
        for column in 0..score.columns.len().max(1) {
            let weights: Vec<Option<Decimal>> =
                score.parts.iter().filter(|p| p.role == PartRole::Weighted && p.scope.is_none()).map(|p| p.weights[column]).collect();
            if weights.iter().any(Option::is_none) || weights.is_empty() || score.parts.iter().any(|p| p.scope.is_some()) {
                continue;
            }
            let sum: Decimal = weights.iter().flatten().sum();
            if sum != full {
                let (sum, full) = (sum.normalize().to_string(), full.normalize().to_string());
                self.reading.error("rules.weights_sum", section.at, "full", &[("found", &sum), ("full", &full)]);
            }
        }
    }

    fn part(&mut self, part: &Section<'a>, role: PartRole, score: &Score) -> Part {
        let id = part.needed("id").value;
        let columns = score.columns.len().max(1);
        let mut weights = vec![part.number("weight"); columns];
        if let Some(table) = part.section("weights") {
            for (i, column) in score.columns.iter().enumerate() {
                weights[i] = match &table.free(&column.key)[..] {
                    [Item::Text(text)] => text.value.parse().ok(),
                    _ => None,
                };
            }
        }
        let group = part.string("group");
        if !group.is_empty() && !score.groups.iter().any(|g| g.key == group) {
            let options = score.groups.iter().map(|g| g.key.as_str()).collect::<Vec<_>>().join("、");
            self.reading.error("rules.no_such_choice", part.at, "group", &[("key", "group"), ("found", &group), ("options", &options)]);
        }
        let mut scorers = Vec::new();
        if let Some(by) = part.section("by") {
            for column in &score.columns {
                scorers.push(match &by.free(&column.key)[..] {
                    [Item::Section(table)] => {
                        let read = self.scorer(table);
                        table.finish();
                        read
                    }
                    _ => Scorer::Unknown { why: String::new(), of: None },
                });
            }
        } else {
            let only = self.scorer(part);
            scorers = vec![only; columns];
        }
        let scope = part.text("scope").and_then(|t| self.condition(&t));
        let clause = part.string("clause");
        Part {
            label: label_or(part.label("label"), &id),
            id,
            group,
            weights,
            scorers,
            role,
            clause: if clause.is_empty() { self.clause.clone() } else { clause },
            confidence: part.confidence("confidence").unwrap_or(self.confidence),
            scope,
            line: self.reading.line(part.at),
        }
    }

    fn condition(&mut self, text: &Text) -> Option<Expr> {
        match self.binder.condition(&text.value) {
            Ok(compiled) => Some(compiled),
            Err(problems) => {
                self.reading.problems(&problems, text, "when");
                None
            }
        }
    }
    fn number(&mut self, text: &Text, unit: Option<&Measure>) -> Option<Expr> {
        match self.binder.number(&text.value, unit) {
            Ok(compiled) => Some(compiled),
            Err(problems) => {
                self.reading.problems(&problems, text, "of");
                None
            }
        }
    }
    fn constant(&mut self, text: &Text, key: &str) -> Option<Decimal> {
        let compiled = self.number(text, Some(&Measure::ratio()))?;
        let value = compiled.node().constant_number();
        if value.is_none() {
            self.reading.error("rules.not_a_number", text.at, key, &[("key", key), ("found", &text.value)]);
        }
        value
    }
    fn share(&mut self, section: &Section<'a>, key: &'a str, default: Decimal) -> Decimal {
        section.text(key).and_then(|t| self.constant(&t, key)).unwrap_or(default)
    }
    /// One number, or two that make a span.
    fn points(&mut self, section: &Section<'a>) -> Points {
        let list: Vec<Decimal> = section.texts("points").iter().filter_map(|t| self.constant(t, "points")).collect();
        match list[..] {
            [one] => (one, one),
            [low, high] if low <= high => (low, high),
            _ => {
                self.reading.error("rules.missing_key", section.at, "points", &[("key", "points")]);
                (Decimal::ZERO, Decimal::ZERO)
            }
        }
    }

    fn scorer(&mut self, section: &Section<'a>) -> Scorer {
        let up = section.choice("better", &[("up", true), ("down", false)]);
        let ways = ["bands", "ladder", "sum", "each", "linear", "rank", "against_base", "given", "expert", "best", "mix", "unknown"];
        let named = section.string("scorer");
        let way = if named.is_empty() { ways.iter().copied().find(|w| section.has(w)).unwrap_or_default() } else { named.as_str() };
        let of = |me: &mut Self| {
            let text = section.needed("of");
            me.number(&text, None)
        };
        let made = match way {
            "bands" => of(self).map(|of| self.bands(section, of, up)),
            "ladder" => Some(Scorer::Ladder(self.steps(section, "ladder"))),
            "sum" => Some(Scorer::Sum(self.steps(section, "sum"))),
            "each" => {
                let points = self.share(section, "each", Decimal::ONE);
                of(self).map(|of| Scorer::Each { of, points })
            }
            "linear" => of(self).map(|of| {
                let unit = of.measure().cloned();
                let bound = |me: &mut Self, key| section.text(key).and_then(|t| me.number(&t, unit.as_ref()));
                Scorer::Linear {
                    min: bound(self, "min"),
                    max: bound(self, "max"),
                    floor: self.share(section, "floor", Decimal::ZERO),
                    cap: self.share(section, "cap", Decimal::ONE),
                    of,
                    up,
                }
            }),
            "rank" => of(self).map(|of| Scorer::Rank {
                floor: self.share(section, "floor", Decimal::ZERO),
                cap: self.share(section, "cap", Decimal::ONE),
                of,
                up,
            }),
            "against_base" => self.against_base(section),
            "given" => {
                let key = if section.has("given") { "given" } else { "of" };
                let text = section.needed(key);
                self.number(&text, None).map(Scorer::Given)
            }
            "expert" => {
                let text = section.needed("expert");
                self.number(&text, None).map(Scorer::Expert)
            }
            "best" => Some(Scorer::Best(self.inner(section, "best").into_iter().map(|(_, s)| s).collect())),
            "mix" => {
                let list = self.inner(section, "mix");
                let sum: Decimal = list.iter().map(|(share, _)| *share).sum();
                if sum != Decimal::ONE {
                    self.reading.error("rules.shares_sum", section.at, "mix", &[("found", &(sum * HUNDRED).normalize().to_string())]);
                }
                Some(Scorer::Mix(list))
            }
            "unknown" => {
                let of = section.text("of").and_then(|t| self.number(&t, None));
                Some(Scorer::Unknown { why: section.needed("unknown").value, of })
            }
            _ => {
                self.reading.error(
                    "rules.no_such_choice",
                    section.at,
                    "scorer",
                    &[("key", "scorer"), ("found", way), ("options", &ways.join("、"))],
                );
                None
            }
        };
        made.unwrap_or(Scorer::Unknown { why: String::new(), of: None })
    }

    fn inner(&mut self, section: &Section<'a>, key: &'a str) -> Vec<(Decimal, Scorer)> {
        let mut list = Vec::new();
        for table in section.sections(key) {
            let share = self.share(&table, "share", Decimal::ONE);
            list.push((share, self.scorer(&table)));
            table.finish();
        }
        list
    }

    fn against_base(&mut self, section: &Section<'a>) -> Option<Scorer> {
        let of = section.needed("of");
        let of = self.number(&of, None)?;
        let unit = of.measure().cloned();
        let base = section.needed("base");
        Some(Scorer::AgainstBase {
            base: self.number(&base, unit.as_ref())?,
            of,
            at_base: self.share(section, "at_base", Decimal::ONE),
            step: self.share(section, "step", Decimal::ONE),
            points: self.share(section, "step_points", Decimal::ONE),
            extra: self.share(section, "extra", Decimal::ZERO),
            proportional: section.choice("below", &[("proportional", true), ("按比例", true), ("zero", false), ("不得分", false)]),
        })
    }

    /// Bands; the border goes to the better band unless `border` says otherwise.
    fn bands(&mut self, section: &Section<'a>, of: Expr, up: bool) -> Scorer {
        let lower = section.choice("border", &[("better", !up), ("upper", false), ("lower", true), ("worse", up)]);
        let unit = of.measure().cloned();
        let mut bands = Vec::new();
        for band in section.sections("bands") {
            let bound = |me: &mut Self, key: &'static str| {
                let text = band.text(key)?;
                let value = me.number(&text, unit.as_ref())?.node().constant_number();
                if value.is_none() {
                    me.reading.error("rules.not_a_number", text.at, key, &[("key", key), ("found", &text.value)]);
                }
                value
            };
            let (from, over, to, below) = (bound(self, "from"), bound(self, "over"), bound(self, "to"), bound(self, "below"));
            let range = Range {
                from: from.map(|n| (n, !lower)).or(over.map(|n| (n, false))),
                to: to.map(|n| (n, lower)).or(below.map(|n| (n, false))),
            };
            let points = self.points(&band);
            band.finish();
            bands.push((range, points));
        }
        check_ranges(self.reading, section.at, "bands", bands.iter().map(|(r, _)| *r));
        Scorer::Bands { of, bands }
    }

    fn steps(&mut self, section: &Section<'a>, key: &'a str) -> Vec<(Expr, Points)> {
        let mut steps = Vec::new();
        for step in section.sections(key) {
            let when = step.needed("when");
            let compiled = self.condition(&when);
            let points = self.points(&step);
            step.finish();
            steps.extend(compiled.map(|c| (c, points)));
        }
        steps
    }
}
