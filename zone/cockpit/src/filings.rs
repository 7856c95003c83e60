//! Filings due and late 应报、迟报 of the last period.

use hub::{Filing, FilingDuty, Seen, View};
use record::{Filter, Op, Query, Record, Value};
use std::collections::HashMap;
use values::{Date, Period};

/// Filings of one period.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filings {
    /// How many are due.
    pub due: usize,
    /// Filed in time.
    pub filed: usize,
    /// Filed after the last day.
    pub filed_late: usize,
    /// Not filed, the last day gone: name, enterprise, days late; the latest first.
    pub missing: Vec<Missing>,
    /// Not filed, still in time.
    pub open: usize,
}

/// One enterprise that owes a filing.
#[derive(Debug, Clone, PartialEq)]
pub struct Missing {
    /// Name.
    pub name: String,
    /// Its id.
    pub enterprise: i64,
    /// Form code.
    pub form: String,
    /// Days since the last day.
    pub days: i64,
}

/// Filings of the period that ends with `period`; empty for who may not see them.
///
/// # Errors
/// The store's answer.
pub fn filings(view: &dyn View, period: Period) -> Seen<Filings> {
    let mut made = Filings::default();
    if view.ledger("filing_duty").is_none() || view.ledger("filing").is_none() {
        return Ok(made);
    }
    let filter = Filter { field: "period".into(), op: Op::Eq, value: Value::Int(period.code()) };
    let duties = view.list("filing_duty", &Query { filters: vec![filter], limit: 20_000, ..Query::default() })?;
    let mut filed: HashMap<i64, Date> = HashMap::new();
    for duty in &duties {
        let filter = Filter { field: "duty".into(), op: Op::Eq, value: Value::Int(duty.id) };
        for stored in view.list("filing", &Query { filters: vec![filter], limit: 1, ..Query::default() })? {
            if let Ok(filing) = Filing::from_row(&stored.row) {
                filed.insert(duty.id, filing.filed_on);
            }
        }
    }
    for stored in duties {
        let Ok(duty) = FilingDuty::from_row(&stored.row) else { continue };
        made.due += 1;
        match filed.get(&stored.id) {
            Some(on) if *on <= duty.due => made.filed += 1,
            Some(_) => made.filed_late += 1,
            None if view.today() <= duty.due => made.open += 1,
            None => {
                let days = i64::from(view.today().since(duty.due).map(|s| s.get_days()).unwrap_or(0));
                let name = view.get("enterprise", duty.enterprise.0)?.and_then(|s| view.ledger("enterprise").map(|l| l.name_of(&s.row)));
                made.missing.push(Missing { name: name.unwrap_or_default(), enterprise: duty.enterprise.0, form: duty.form, days });
            }
        }
    }
    made.missing.sort_by(|a, b| b.days.cmp(&a.days).then_with(|| a.name.cmp(&b.name)));
    Ok(made)
}
