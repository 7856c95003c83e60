//! Ledger metrics 台账指标: rows of a ledger, counted or added.
//!
//! A row is valid from a day until a day. A stock counts the rows that are
//! valid on the last day of the span; a flow counts those that begin within
//! it. Rows of one subject are counted once: a title renewed without a gap is
//! one stay, so a renewal is no addition.

use crate::facts::Facts;
use crate::subject::SubjectKind;
use expr::{Expr, Kind, Named, Names, Value, Values};
use std::collections::BTreeMap;
use std::sync::Arc;
use values::{Date, Finding};

/// Hands over a ledger's rows; implemented by whoever holds the ledgers.
pub trait Source {
    /// Kind of a field of a ledger; `None` if there is no such field.
    fn field(&self, ledger: &str, field: &str) -> Option<Kind>;
    /// Calls `each` for every row of a ledger, in the order of ids, with the values of `fields`.
    fn each(&self, ledger: &str, fields: &[&str], each: &mut dyn FnMut(LedgerRow<'_>));
}

/// One row of a ledger.
#[derive(Debug, Clone)]
pub struct LedgerRow<'a> {
    /// Its record id.
    pub id: i64,
    /// The subject that it belongs to, for slices and for counting once; none if it belongs to none.
    pub subject: Option<i64>,
    /// Counts from this day on; none is left out.
    pub from: Option<Date>,
    /// Counts no longer from this day on.
    pub until: Option<Date>,
    /// Values of the fields asked for, in their order.
    pub values: Vec<Value<'a>>,
}

/// One stay that is counted: in months, with a value at the metric's scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stay {
    pub id: i64,
    pub slot: Option<u32>,
    pub from: i32,
    pub until: i32,
    pub value: i64,
}

/// All stays of a ledger metric.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counted {
    pub ledger: String,
    pub stays: Vec<Stay>,
}

struct RowNames<'a> {
    source: &'a dyn Source,
    ledger: &'a str,
    fields: Vec<String>,
}

impl Names for RowNames<'_> {
    fn name(&mut self, path: &str) -> Option<Named> {
        let kind = self.source.field(self.ledger, path)?;
        let at = self.fields.iter().position(|f| f == path).unwrap_or_else(|| {
            self.fields.push(path.to_owned());
            self.fields.len() - 1
        });
        Some(Named { id: u32::try_from(at).unwrap_or(u32::MAX), kind })
    }
}

struct RowValues<'a>(&'a [Value<'a>]);

impl Values for RowValues<'_> {
    fn get(&self, id: u32) -> Value<'_> {
        self.0.get(id as usize).copied().unwrap_or(Value::NOT_FILED)
    }
}

impl Facts {
    /// The same version with its ledger metrics counted anew from `source`; filters that cannot be read are findings, and their metrics have no value.
    pub fn count(&self, source: &dyn Source, lang: values::Lang) -> (Self, Vec<Finding>) {
        let mut found = Vec::new();
        let mut next = self.clone();
        let plans = Arc::make_mut(&mut next.plans);
        // `x` and `x.added` rest on the same rows.
        let mut shared: BTreeMap<String, Option<Arc<Counted>>> = BTreeMap::new();
        for plan in plans.iter_mut() {
            let Some((metric, _)) = plan.versions.last().cloned() else { continue };
            if metric.is.ledger.is_empty() {
                continue;
            }
            let base = plan.key.strip_suffix(".added").unwrap_or(&plan.key).to_owned();
            let counted = shared.entry(base).or_insert_with(|| match count_one(self, &metric, source) {
                Ok(counted) => Some(Arc::new(counted)),
                Err(problems) => {
                    let place = format!("{}:{}", metric.file, metric.key);
                    found.extend(problems.iter().map(|p| p.finding(&metric.is.filter, &place, lang).field("where")));
                    None
                }
            });
            plan.counted.clone_from(counted);
        }
        (next, found)
    }
}

fn count_one(facts: &Facts, metric: &crate::definition::Metric, source: &dyn Source) -> Result<Counted, Vec<expr::Problem>> {
    let mut names = RowNames { source, ledger: &metric.is.ledger, fields: Vec::new() };
    let filter = match metric.is.filter.trim() {
        "" => None,
        text => Some(Expr::condition(text, &mut names)?),
    };
    let (field, unit) = match metric.origin() {
        crate::definition::Origin::Sum(_, field) => {
            let measure = match source.field(&metric.is.ledger, field) {
                Some(Kind::Number(Some(m))) => m.name().to_owned(),
                _ => metric.is.unit.clone(),
            };
            (names.name(field).map(|n| n.id), measure)
        }
        _ => (None, String::new()),
    };
    let kind = SubjectKind::parse(&metric.is.subjects).unwrap_or(SubjectKind::Zone);
    let fields: Vec<String> = names.fields;
    let asked: Vec<&str> = fields.iter().map(String::as_str).collect();
    let mut stays = Vec::new();
    source.each(&metric.is.ledger, &asked, &mut |row| {
        let passes = filter.as_ref().is_none_or(|f| f.truth(&RowValues(&row.values)) == Some(true));
        let Some(from) = row.from.filter(|_| passes).map(month_of) else { return };
        let value = match field {
            None => Some(1),
            Some(at) => row.values.get(at as usize).and_then(Value::number).and_then(|v| metric.read(v, &unit).ok()),
        };
        let slot = row.subject.and_then(|n| facts.ground.subjects.place(n)).filter(|(k, _)| *k == kind).map(|(_, s)| s);
        let until = row.until.map_or(i32::MAX, month_of);
        stays.extend(value.map(|value| Stay { id: row.id, slot, from, until, value }));
    });
    if field.is_none() {
        stays = once(stays);
    }
    Ok(Counted { ledger: metric.is.ledger.clone(), stays })
}

/// Stays of one subject that touch become one.
fn once(mut stays: Vec<Stay>) -> Vec<Stay> {
    stays.sort_by_key(|s| (s.slot, s.from, s.until));
    let mut joined: Vec<Stay> = Vec::new();
    for stay in stays {
        match joined.last_mut() {
            Some(last) if last.slot.is_some() && last.slot == stay.slot && stay.from <= last.until => {
                last.until = last.until.max(stay.until)
            }
            _ => joined.push(stay),
        }
    }
    joined
}

fn month_of(date: Date) -> i32 {
    i32::from(date.year()) * 12 + i32::from(date.month()) - 1
}
