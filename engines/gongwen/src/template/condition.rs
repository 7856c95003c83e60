//! Conditions of `{if …}` in the one expression language, over figures and rows.

use super::At;
use super::check::{Asker, Meaning, Scope, meaning};
use super::names::{Field, FieldKind};
use super::reference::{Reference, Show, When, split_name};
use crate::mark::Style;
use expr::{Held, Kind, Named, Value};
use values::{Figure, Reason};

/// Names of one condition where it stands, and their values once asked.
pub(super) struct Condition<'s, 'a> {
    asker: &'s Asker<'s>,
    scope: Scope<'s, 'a>,
    values: Vec<Result<Held, Reason>>,
}

impl<'s, 'a> Condition<'s, 'a> {
    pub(super) fn new(asker: &'s Asker<'s>, scope: Scope<'s, 'a>) -> Self {
        Self { asker, scope, values: Vec::new() }
    }

    fn hold(&mut self, kind: Kind, value: Result<Held, Reason>) -> Option<Named> {
        let id = u32::try_from(self.values.len()).ok()?;
        self.values.push(value);
        Some(Named { id, kind })
    }

    fn figure(&mut self, figure: &Figure, reference: &Reference) -> Option<Named> {
        let (kind, value) = part(figure, reference.show)?;
        self.hold(kind, value)
    }
}

/// What a part of a figure is to a condition. `None` for words.
fn part(figure: &Figure, show: Show) -> Option<(Kind, Result<Held, Reason>)> {
    let missing = figure.reason.unwrap_or(Reason::NotFiled);
    let percent = || Kind::number_in("%").unwrap_or(Kind::Number(None));
    let points = || Kind::number_in("百分点").unwrap_or(Kind::Number(None));
    let target = figure.target.as_ref();
    Some(match show {
        Show::Value | Show::Multiple => {
            (Kind::number_in(&figure.unit).unwrap_or(Kind::Number(None)), figure.value.map(Held::Number).ok_or(missing))
        }
        Show::Growth => {
            let growth = figure.growth.as_ref();
            let kind = if growth.is_some_and(|g| g.unit == "百分点") { points() } else { percent() };
            (kind, growth.map(|g| Held::Number(g.value)).ok_or(Reason::NoBase))
        }
        Show::Completion => (percent(), target.and_then(|t| t.completion).map(Held::Number).ok_or(Reason::NoTarget)),
        Show::Surplus => {
            let over = target.and_then(|t| t.completion).map(|c| c - rust_decimal::Decimal::ONE_HUNDRED);
            (points(), over.map(Held::Number).ok_or(Reason::NoTarget))
        }
        Show::Pace => (points(), target.and_then(|t| t.pace).map(Held::Number).ok_or(Reason::NoTarget)),
        Show::Estimate => (Kind::Bool, Ok(Held::Bool(figure.status == "estimate"))),
        Show::Label => (Kind::Text, Ok(Held::Text(figure.label.clone()))),
        Show::Period => (Kind::Period, Ok(Held::Period(figure.period))),
        Show::Unit => (Kind::Text, Ok(Held::Text(figure.display_unit.clone()))),
    })
}

impl expr::Names for Condition<'_, '_> {
    fn name(&mut self, path: &str) -> Option<Named> {
        let (name, is_target, show) = split_name(path);
        let reference = Reference {
            source: path.to_owned(),
            name: name.to_owned(),
            is_target,
            show,
            when: When::Report,
            style: Style::default(),
            slice: None,
            from: None,
            bare: true,
            at: At::default(),
        };
        match meaning(&reference, self.scope, self.asker)? {
            Meaning::Text(text) => {
                let number = text.parse().ok().map(Held::Number);
                let kind = if number.is_some() { Kind::Number(None) } else { Kind::Text };
                self.hold(kind, Ok(number.unwrap_or(Held::Text(text))))
            }
            Meaning::Figure(ask) => {
                let figure = self.asker.figure(&ask).ok()?;
                self.figure(&figure, &reference)
            }
            Meaning::Field(variable, field) => {
                if field == "no" {
                    return self.hold(Kind::Number(None), Ok(Held::Number(variable.turn.into())));
                }
                if let Some(row) = variable.row() {
                    return match row.get(&field)? {
                        Field::Text(text) => self.hold(Kind::Text, Ok(Held::Text(text.clone()))),
                        Field::Figure(figure) => self.figure(figure, &reference),
                    };
                }
                let (_, kind) = variable.fields.iter().find(|(name, _)| *name == field)?;
                let kind = match (kind, show) {
                    (FieldKind::Text, _) => Kind::Text,
                    (FieldKind::Figure(unit), Show::Value) => Kind::number_in(unit).unwrap_or(Kind::Number(None)),
                    (FieldKind::Figure(_), Show::Surplus | Show::Pace) => Kind::number_in("百分点")?,
                    (FieldKind::Figure(_), Show::Estimate) => Kind::Bool,
                    (FieldKind::Figure(_), _) => Kind::number_in("%")?,
                };
                self.hold(kind, Err(Reason::NotFiled))
            }
        }
    }

    fn known(&self) -> Vec<String> {
        let mut known = self.asker.names.known();
        for variable in self.scope {
            known.extend(variable.fields.iter().map(|(field, _)| format!("{}.{field}", variable.name)));
        }
        known
    }
}

impl expr::Values for Condition<'_, '_> {
    fn get(&self, id: u32) -> Value<'_> {
        match self.values.get(id as usize) {
            Some(Ok(held)) => held.value(),
            Some(Err(reason)) => Value::Missing(*reason),
            None => Value::NOT_FILED,
        }
    }
}
