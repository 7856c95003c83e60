//! What the names in a book's expressions stand for.

use crate::book::{Fact, FactKind, Parameter, Slot, Take};
use crate::say;
use expr::{Arg, Called, Expr, Kind, Measure, Named, Names, Problem};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use values::Lang;

/// A function's name and what it takes, by years.
type YearWord = (&'static str, fn(u32) -> Take);

/// Functions that take a fact and a number of years.
const YEARS: &[YearWord] = &[
    ("prior", Take::Back),
    ("sum", Take::Sum),
    ("mean", Take::Mean),
    ("lowest", Take::Lowest),
    ("highest", Take::Highest),
    ("growth", Take::Growth),
    ("known_years", Take::Known),
];

/// Facts and parameters of one book, while it is read.
#[derive(Debug)]
pub(crate) struct Binder {
    pub facts: Vec<Fact>,
    pub parameters: Vec<Parameter>,
    pub slots: Vec<Slot>,
    /// How often each fact is read.
    pub used: Vec<bool>,
    pub lang: Lang,
}

impl Binder {
    pub(crate) fn condition(&mut self, source: &str) -> Result<Expr, Vec<Problem>> {
        Expr::condition(source, self)
    }
    pub(crate) fn number(&mut self, source: &str, unit: Option<&Measure>) -> Result<Expr, Vec<Problem>> {
        Expr::number(source, unit, self)
    }

    fn slot(&mut self, slot: Slot, kind: Kind) -> Named {
        if let Slot::Fact { fact, .. } = slot
            && let Some(used) = self.used.get_mut(fact)
        {
            *used = true;
        }
        let index = self.slots.iter().position(|s| *s == slot).unwrap_or_else(|| {
            self.slots.push(slot);
            self.slots.len() - 1
        });
        Named { id: u32::try_from(index).unwrap_or(u32::MAX), kind }
    }

    fn over_years(&mut self, make: fn(u32) -> Take, fact: usize, function: &str, rest: &[Arg<'_>]) -> Called {
        let years = match rest {
            [] if function == "growth" || function == "prior" => Some(1),
            [Arg::Number(n, unit)] if unit.is_none_or(|u| u.name() == "年") => n.to_u32().filter(|y| Decimal::from(*y) == *n),
            _ => None,
        };
        let Some(years) = years.filter(|y| (1..=20).contains(y)) else {
            return Called::Wrong(say::word(self.lang, "call.years"));
        };
        if !self.facts[fact].yearly {
            return Called::Wrong(say::sentence(self.lang, "call.not_yearly", &[("fact", &self.facts[fact].key)]));
        }
        let kind = match (function, &self.facts[fact].kind) {
            ("known_years", _) => Kind::Number(Measure::parse("年")),
            ("growth", FactKind::Value(Kind::Number(_))) => Kind::Number(Measure::parse("%")),
            ("prior", FactKind::Value(kind)) => kind.clone(),
            (_, FactKind::Value(kind @ Kind::Number(_))) => kind.clone(),
            _ => return Called::Wrong(say::word(self.lang, "call.number_fact")),
        };
        Called::Is(self.slot(Slot::Fact { fact, take: make(years) }, kind))
    }
}

impl Names for Binder {
    fn name(&mut self, path: &str) -> Option<Named> {
        if path == "today" {
            return Some(self.slot(Slot::Today, Kind::Date));
        }
        if let Some(i) = self.parameters.iter().position(|p| p.key == path) {
            let kind = Kind::Number(self.parameters[i].measure.clone());
            return Some(self.slot(Slot::Parameter(i), kind));
        }
        let fact = self.facts.iter().position(|f| f.key == path)?;
        match self.facts[fact].kind.clone() {
            FactKind::Value(kind) => Some(self.slot(Slot::Fact { fact, take: Take::Back(0) }, kind)),
            FactKind::Links => Some(self.slot(Slot::Fact { fact, take: Take::Valid }, Kind::Number(Measure::parse("项")))),
        }
    }

    fn call(&mut self, function: &str, args: &[Arg<'_>]) -> Called {
        let years = YEARS.iter().find(|(name, _)| *name == function).map(|(_, make)| *make);
        let links = matches!(function, "has" | "valid" | "within");
        if years.is_none() && !links {
            return Called::Unknown;
        }
        let Some(Arg::Word(key)) = args.first() else { return Called::Wrong(say::word(self.lang, "call.fact_first")) };
        let Some(fact) = self.facts.iter().position(|f| f.key == *key) else {
            let near = say::nearest(key, self.facts.iter().map(|f| f.key.as_str())).unwrap_or_default();
            return Called::Wrong(say::sentence(self.lang, "call.no_such_fact", &[("fact", key), ("near", near)]));
        };
        if let Some(make) = years {
            return self.over_years(make, fact, function, &args[1..]);
        }
        if self.facts[fact].kind != FactKind::Links {
            return Called::Wrong(say::sentence(self.lang, "call.not_links", &[("fact", key)]));
        }
        let count = Kind::Number(Measure::parse("项"));
        match (function, &args[1..]) {
            ("has", []) => Called::Is(self.slot(Slot::Fact { fact, take: Take::Has }, Kind::Bool)),
            ("valid", []) => Called::Is(self.slot(Slot::Fact { fact, take: Take::Valid }, count)),
            ("within", [Arg::Number(n, Some(unit))]) if unit.is_months() => {
                let months = Measure::parse("个月").and_then(|m| unit.factor_to(&m)).and_then(|(a, b)| (*n * a / b).to_u32());
                match months {
                    Some(months) => Called::Is(self.slot(Slot::Fact { fact, take: Take::Within(months) }, count)),
                    None => Called::Wrong(say::word(self.lang, "call.span")),
                }
            }
            _ => Called::Wrong(say::word(self.lang, "call.span")),
        }
    }

    fn known(&self) -> Vec<String> {
        self.facts.iter().map(|f| f.key.clone()).chain(self.parameters.iter().map(|p| p.key.clone())).chain(["today".to_owned()]).collect()
    }
}
