//! `amount`: fixed, rate, price for a unit, range, tiers, instalments, unknown; caps and floors.

use super::names::Binder;
use super::section::{Item, Reading, Section, Text};
use crate::book::{Amount, Means, Pays, Range, Tier};
use expr::{Expr, Measure};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use values::Confidence;

/// What stands behind the slash of 200 万元/品种 without being a unit of the amount.
const PER: &[&str] = &["年", "户", "家", "人", "品种", "项", "个", "次", "件", "企业", "项目", "月", "套", "台"];

pub(crate) struct Amounts<'a, 'b> {
    pub reading: &'a Reading<'a>,
    pub binder: &'b mut Binder,
    pub money: &'b Measure,
    pub confidence: Confidence,
}

impl<'a> Amounts<'a, '_> {
    /// The amount of a clause, if it has one.
    pub(crate) fn of(&mut self, clause: &Section<'a>) -> Option<Amount> {
        match clause.items("amount").into_iter().next()? {
            Item::Text(text) => {
                let (text, per) = strip_per(text);
                let fixed = self.money(&text)?;
                Some(Amount { per, ..self.plain(Pays::Between(fixed.clone(), fixed)) })
            }
            Item::Section(table) => {
                let amount = self.table(&table);
                table.finish();
                amount
            }
        }
    }

    fn plain(&self, pays: Pays) -> Amount {
        Amount {
            pays,
            means: Means::Payout,
            least: None,
            most: None,
            per: String::new(),
            years: None,
            stages: Vec::new(),
            confidence: self.confidence,
        }
    }

    fn table(&mut self, table: &Section<'a>) -> Option<Amount> {
        let ways = ["fixed", "rate", "per", "range", "tiers", "instalments", "formula", "unknown"];
        let given: Vec<&str> = ways.iter().copied().filter(|w| table.has(w)).collect();
        if given.len() != 1 {
            let found = given.join("、");
            self.reading.error("rules.amount_ways", table.at, "amount", &[("found", &found), ("options", &ways.join("、"))]);
        }
        let mut per = String::new();
        let pays = match *given.first()? {
            "rate" | "per" => self.times(table, &mut per),
            "range" => {
                let list = table.texts("range");
                let [low, high] = &list[..] else {
                    self.reading.error("rules.two_numbers", table.at, "range", &[("key", "range")]);
                    return None;
                };
                self.money(low).zip(self.money(high)).map(|(low, high)| Pays::Between(low, high))
            }
            "tiers" => self.tiers(table),
            "instalments" => self.instalments(table),
            "unknown" => Some(Pays::Unknown(table.needed("unknown").value)),
            one => {
                let (text, stripped) = strip_per(table.needed(if one == "fixed" { "fixed" } else { "formula" }));
                per = stripped;
                self.money(&text).map(|e| Pays::Between(e.clone(), e))
            }
        };
        let mut amount = self.plain(pays.unwrap_or(Pays::Unknown(String::new())));
        amount.means = table.choice("means", &[("payout", Means::Payout), ("relief", Means::Relief), ("due", Means::Due)]);
        for (key, most) in [("cap", true), ("floor", false)] {
            let Some(text) = table.text(key) else { continue };
            let (text, stripped) = strip_per(text);
            if per.is_empty() {
                per = stripped;
            }
            let bound = self.money(&text);
            if most { amount.most = bound } else { amount.least = bound }
        }
        let words = table.string("cap_per");
        amount.per = if words.is_empty() { per } else { words };
        amount.years = table.number("years").and_then(|n| n.to_u32());
        amount.stages = self.stages(table);
        if let Some(own) = table.confidence("confidence") {
            amount.confidence = own;
        }
        Some(amount)
    }

    /// An expression in the book's money; a bare number is in that unit.
    fn money(&mut self, text: &Text) -> Option<Expr> {
        self.expression(text, Some(&self.money.clone()), "amount")
    }
    fn expression(&mut self, text: &Text, unit: Option<&Measure>, field: &str) -> Option<Expr> {
        match self.binder.number(&text.value, unit) {
            Ok(compiled) => Some(compiled),
            Err(problems) => {
                self.reading.problems(&problems, text, field);
                None
            }
        }
    }

    /// `rate` (or `per`, a price for one unit) times `of`; two rates make a range.
    fn times(&mut self, table: &Section<'a>, per: &mut String) -> Option<Pays> {
        let key = if table.has("rate") { "rate" } else { "per" };
        let rates: Vec<Text> = table.texts(key);
        let of = table.text("of");
        let Some(of) = of else {
            if key == "rate" {
                self.reading.error("rules.missing_key", table.at, "of", &[("key", "of")]);
                return None;
            }
            let (text, stripped) = strip_per(rates.into_iter().next()?);
            *per = stripped;
            return self.money(&text).map(|e| Pays::Between(e.clone(), e));
        };
        self.expression(&of, None, "of")?;
        let mut both = Vec::new();
        for rate in &rates {
            self.expression(rate, None, key)?;
            // 200 万元/品种 of a count is money as it stands.
            let (stripped, _) = strip_per(rate.clone());
            let source = Text { value: format!("({}) * ({})", stripped.value, of.value), at: rate.at };
            both.push(self.money(&source)?);
        }
        match both.len() {
            1 | 2 => {
                let high = both.pop()?;
                Some(Pays::Between(both.pop().unwrap_or_else(|| high.clone()), high))
            }
            _ => {
                self.reading.error("rules.two_numbers", table.at, key, &[("key", key)]);
                None
            }
        }
    }

    fn tiers(&mut self, table: &Section<'a>) -> Option<Pays> {
        let of = self.expression(&table.needed("of"), None, "of")?;
        let marginal = table.choice("mode", &[("whole", false), ("全额", false), ("marginal", true), ("超额", true)]);
        let lower = table.choice("border", &[("upper", false), ("归上档", false), ("lower", true), ("归下档", true)]);
        let unit = of.measure().cloned();
        let mut tiers = Vec::new();
        for tier in table.sections("tiers") {
            let bound = |me: &mut Self, key: &'static str| tier.text(key).and_then(|t| me.constant(&t, unit.as_ref(), key));
            let (from, over, to, below) = (bound(self, "from"), bound(self, "over"), bound(self, "to"), bound(self, "below"));
            let first = tiers.is_empty();
            let range = Range {
                from: from.map(|n| (n, !lower || first)).or(over.map(|n| (n, false))),
                to: to.map(|n| (n, lower)).or(below.map(|n| (n, false))),
            };
            let rate = self.pair(&tier, "rate", None);
            let amount = self.pair(&tier, "amount", Some(&self.money.clone()));
            if rate.is_none() && amount.is_none() {
                self.reading.error("rules.missing_key", tier.at, "rate", &[("key", "rate")]);
            }
            tier.finish();
            tiers.push(Tier { range, rate, amount });
        }
        check_ranges(self.reading, table.at, "tiers", tiers.iter().map(|t| t.range));
        Some(Pays::Tiers { of, tiers, marginal })
    }

    /// One or two constants under a key.
    fn pair(&mut self, section: &Section<'a>, key: &'static str, unit: Option<&Measure>) -> Option<(Decimal, Decimal)> {
        let ratio = Measure::ratio();
        let list: Vec<Decimal> = section.texts(key).iter().filter_map(|t| self.constant(t, Some(unit.unwrap_or(&ratio)), key)).collect();
        match list[..] {
            [one] => Some((one, one)),
            [low, high] => Some((low, high)),
            _ => None,
        }
    }
    fn constant(&mut self, text: &Text, unit: Option<&Measure>, key: &str) -> Option<Decimal> {
        let compiled = self.expression(text, unit, key)?;
        let value = compiled.node().constant_number();
        if value.is_none() {
            self.reading.error("rules.not_a_number", text.at, key, &[("key", key), ("found", &text.value)]);
        }
        value
    }

    fn instalments(&mut self, table: &Section<'a>) -> Option<Pays> {
        let year = self.expression(&table.needed("year"), None, "year")?;
        let money = self.money.clone();
        let amounts =
            table.texts("instalments").iter().map(|t| self.constant(t, Some(&money), "instalments")).collect::<Option<Vec<_>>>()?;
        Some(Pays::Instalments { year, amounts })
    }

    fn stages(&mut self, table: &Section<'a>) -> Vec<(String, Decimal)> {
        let mut stages = Vec::new();
        for stage in table.sections("stages") {
            let share = stage.text("share").and_then(|t| self.constant(&t, Some(&Measure::ratio()), "share")).unwrap_or_default();
            stages.push((stage.needed("label").value, share));
            stage.finish();
        }
        let sum: Decimal = stages.iter().map(|(_, share)| *share).sum();
        if !stages.is_empty() && sum != Decimal::ONE {
            let found = (sum * Decimal::from(100)).normalize().to_string();
            self.reading.error("rules.stages_sum", table.at, "stages", &[("found", &found)]);
        }
        stages
    }
}

/// Cuts 万元/品种 to 万元, and gives back the 品种.
fn strip_per(text: Text) -> (Text, String) {
    match text.value.rsplit_once('/') {
        Some((money, word)) if PER.contains(&word.trim()) => {
            (Text { value: money.trim_end().to_owned(), at: text.at }, word.trim().to_owned())
        }
        _ => (text, String::new()),
    }
}

/// Notes gaps and overlaps between neighbouring ranges.
pub(crate) fn check_ranges(reading: &Reading<'_>, at: usize, field: &str, ranges: impl Iterator<Item = Range>) {
    let mut list: Vec<Range> = ranges.collect();
    list.sort_by_key(|r| (r.from.is_some(), r.from.map(|(n, with)| (n, !with))));
    for pair in list.windows(2) {
        let (low, high) = (pair[0], pair[1]);
        let (Some((end, with_end)), Some((start, with_start))) = (low.to, high.from) else {
            let found = format!("{} / {}", show(&low), show(&high));
            reading.error("rules.band_overlap", at, field, &[("found", &found), ("at", "")]);
            continue;
        };
        let found = format!("{} / {}", show(&low), show(&high));
        if end < start || end == start && !with_end && !with_start {
            reading.error("rules.band_gap", at, field, &[("found", &found), ("at", &end.normalize().to_string())]);
        } else if end > start || with_end && with_start {
            reading.error("rules.band_overlap", at, field, &[("found", &found), ("at", &start.normalize().to_string())]);
        }
    }
    for range in &list {
        if let (Some((from, a)), Some((to, b))) = (range.from, range.to)
            && (from > to || from == to && !(a && b))
        {
            reading.error("rules.band_empty", at, field, &[("found", &show(range))]);
        }
    }
}

/// `[10, 20)`.
pub(crate) fn show(range: &Range) -> String {
    let end = |e: Option<(Decimal, bool)>| e.map_or_else(|| "∞".to_owned(), |(n, _)| n.normalize().to_string());
    let open = if range.from.is_some_and(|(_, with)| with) { '[' } else { '(' };
    let close = if range.to.is_some_and(|(_, with)| with) { ']' } else { ')' };
    format!("{open}{}, {}{close}", if range.from.is_none() { "-∞".to_owned() } else { end(range.from) }, end(range.to))
}
