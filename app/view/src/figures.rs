//! What a zone keeps in memory at one commit: columns of facts, targets, who belongs where.

use crate::core::{Core, CoreError};
use expr::{Kind as ExprKind, Value as ExprValue};
use metrics::membership::{MembershipRow, Sharing, Sharings};
use metrics::target::{Aim, TargetVersion};
use metrics::{FactRow, Facts, Ground, LedgerRow, Membership, Source, Subject, SubjectKind, Subjects, Targets};
use record::{Kind, Ledger, Query, Record, Stored, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use store::published::Zone;
use values::industry::Industries;
use values::{Date, Decimal, Finding, Lang, Period};

/// The resident data of a zone at one commit.
#[derive(Debug)]
pub struct Resident {
    /// The commit.
    pub seq: i64,
    /// Its anchor: the hash of its link.
    pub anchor: String,
    /// Facts in columns.
    pub facts: Facts,
    /// Targets in all versions.
    pub targets: Targets,
    /// Classes of peers: subject reference → zone, city, aggregate.
    pub classes: BTreeMap<String, String>,
    /// Ledgers without a single row: what counts them is not 0 but not filed.
    pub empty: BTreeSet<String>,
    /// Facts that could not be placed, and why.
    pub findings: Vec<Finding>,
}

/// The resident data of a zone at its newest commit; loaded when the commit moved on.
pub(crate) async fn resident(core: &Arc<Core>, zone: &Zone) -> Result<Arc<Resident>, CoreError> {
    let (seq, anchor) = core.store.head(&zone.zone).await?;
    if let Some(held) = core.resident.lock().ok().and_then(|map| map.get(&zone.zone).cloned())
        && held.seq == seq
    {
        return Ok(held);
    }
    let fresh = Arc::new(load(core, zone, seq, anchor).await?);
    if let Ok(mut map) = core.resident.lock() {
        map.insert(zone.zone.clone(), Arc::clone(&fresh));
    }
    Ok(fresh)
}

async fn load(core: &Core, zone: &Zone, seq: i64, anchor: String) -> Result<Resident, CoreError> {
    let key = zone.zone.as_str();
    let rows = core.store.facts(key).await?;
    build(core, key, seq, anchor, rows.into_iter()).await
}

/// The zone as it was known at an earlier commit: facts of then, over today's ledgers.
///
/// # Errors
/// The store's answer.
pub async fn as_known(core: &Core, zone: &str, seq: i64) -> Result<Resident, CoreError> {
    let mut rows: Vec<store::FactRow> = core.store.facts(zone).await?.into_iter().filter(|f| f.seq <= seq).collect();
    rows.extend(core.store.facts_ended_since(zone, seq).await?.into_iter().filter(|(f, _)| f.seq <= seq).map(|(f, _)| f));
    build(core, zone, seq, String::new(), rows.into_iter()).await
}

async fn build(
    core: &Core,
    zone: &str,
    seq: i64,
    anchor: String,
    rows: impl Iterator<Item = store::FactRow>,
) -> Result<Resident, CoreError> {
    let subjects = core.store.subjects(zone).await?;
    let numbers: BTreeMap<String, i64> = core.store.metric_numbers(zone).await?.into_iter().map(|m| (m.key, m.metric)).collect();
    let classes = subjects.iter().filter(|s| s.kind == "peer").map(|s| (s.reference.clone(), s.class.clone())).collect();
    let known: Arc<Subjects> = Arc::new(Subjects::new(subjects.into_iter().filter_map(|s| {
        let kind = SubjectKind::parse(&s.kind)?;
        Some(Subject { number: s.subject, kind, reference: s.reference, name: s.label })
    })));
    let ledgers = Tables::read(core, zone, &known).await?;
    let rows: Vec<FactRow> = rows.map(fact).collect();
    let months = rows.iter().filter_map(|r| Period::from_code(r.period)).map(|p| (p.first(), p.last()));
    let (first, last) = months.fold((i32::MAX, i32::MIN), |(a, b), (c, d)| (a.min(c), b.max(d)));
    let (first, last) = if first > last { (24_300, 24_300) } else { (first, last) };
    let membership = Arc::new(Membership::new(&known, ledgers.membership(&known), &sharings(), first, last));
    let ground =
        Ground { zone: zone.to_owned(), metrics: Arc::clone(&core.definitions.metrics), numbers, subjects: Arc::clone(&known), membership };
    let (facts, mut findings) = Facts::build(ground, seq, rows, Lang::Zh);
    let (facts, more) = facts.count(&ledgers, Lang::Zh);
    findings.0.extend(more);
    let targets = Targets::new(ledgers.targets());
    let empty = ledgers.rows.iter().filter(|(_, (_, rows))| rows.is_empty()).map(|(key, _)| key.clone()).collect();
    Ok(Resident { seq, anchor, facts, targets, classes, empty, findings: findings.0 })
}

fn fact(f: store::FactRow) -> FactRow {
    FactRow {
        metric: f.metric,
        scenario: f.scenario,
        source: f.source,
        measure: f.measure,
        period: f.period,
        subject: f.subject,
        value: f.value,
        value_to: f.value_to,
        text: f.text,
        bound: f.bound,
        status: f.status,
    }
}

fn sharings() -> Sharings {
    Sharings::from([("chain".to_owned(), Sharing::Shared), ("title".to_owned(), Sharing::Overlapping)])
}

/// Ledger rows that metrics stand on.
struct Tables {
    rows: BTreeMap<String, (Ledger, Vec<Stored>)>,
    /// Enterprise id → subject number.
    enterprises: HashMap<i64, i64>,
}

/// Ledgers that membership and targets come from, beside those that metrics count.
const STANDING: &[&str] = &["enterprise", "title_link", "chain_link", "target"];

impl Tables {
    async fn read(core: &Core, zone: &str, subjects: &Subjects) -> Result<Self, CoreError> {
        let counted: BTreeSet<String> = core
            .definitions
            .metrics
            .iter()
            .map(|m| m.is.ledger.clone())
            .filter(|l| !l.is_empty())
            .chain(STANDING.iter().map(|s| (*s).to_owned()))
            .collect();
        let mut rows = BTreeMap::new();
        for key in counted {
            let Some(ledger) = core.ledgers.get(&key) else { continue };
            let mut all = Vec::new();
            let mut query = Query { limit: 5_000, ..Query::default() };
            loop {
                let page = core.store.list(zone, ledger, &query).await?;
                let more = page.len() == 5_000;
                query.after = page.last().map(|s| (Value::Null, s.id));
                all.extend(page);
                if !more {
                    break;
                }
            }
            rows.insert(key, (ledger.clone(), all));
        }
        let enterprises = subjects
            .iter()
            .filter(|s| s.kind == SubjectKind::Enterprise)
            .filter_map(|s| s.reference.parse().ok().map(|id| (id, s.number)))
            .collect();
        Ok(Self { rows, enterprises })
    }

    fn each_row<T: Record>(&self, mut each: impl FnMut(&Stored, T)) {
        for stored in self.rows.get(T::SCHEMA.key).map(|(_, rows)| rows.as_slice()).unwrap_or_default() {
            if let Ok(record) = T::from_row(&stored.row) {
                each(stored, record);
            }
        }
    }

    fn membership(&self, subjects: &Subjects) -> Vec<MembershipRow> {
        let mut rows = Vec::new();
        let number = |id: i64| self.enterprises.get(&id).copied();
        let mut add = |subject: i64, dimension: &str, value: &str, from: Date, until: Option<Date>, weight: Option<Decimal>| {
            rows.push(MembershipRow { subject, dimension: dimension.to_owned(), value: value.to_owned(), from, until, weight });
        };
        self.each_row(|stored, e: hub::Enterprise| {
            let Some(subject) = number(stored.id) else { return };
            let from = e.joined_on.or(e.registered_on).unwrap_or(Date::MIN);
            add(subject, "presence", "in", from, e.left_on, None);
            let industries = Industries::china();
            let code = e.industry.0.as_str();
            if let Some(kind) = industries.kind(code) {
                add(subject, "kind", &kind.key, from, None, None);
            }
            if let Some(part) = industries.part(code) {
                add(subject, "part", &part.key, from, None, None);
            }
            let division: String = code.chars().filter(char::is_ascii_digit).take(2).collect();
            add(subject, "industry", &division, from, None, None);
        });
        self.each_row(|_, t: hub::TitleLink| {
            if let Some(subject) = number(t.enterprise.0) {
                add(subject, "title", t.title.key(), t.valid_from, t.valid_until, None);
            }
        });
        self.each_row(|_, c: hub::ChainLink| {
            if let Some(subject) = number(c.enterprise.0) {
                add(subject, "chain", c.chain.key(), c.valid_from, c.valid_until, c.weight.map(record::Number::decimal));
            }
        });
        let _ = subjects;
        rows
    }

    fn targets(&self) -> Vec<TargetVersion> {
        let mut all = Vec::new();
        self.each_row(|_, t: hub::Target| {
            let (metric, aim) = match t.kind {
                hub::target::TargetKind::Added => (format!("{}.added", t.metric), Aim::Value),
                hub::target::TargetKind::Growth => (t.metric.clone(), Aim::Growth),
                _ => (t.metric.clone(), Aim::Value),
            };
            let bound = t.bound.as_ref().map_or("eq", |b| b.key());
            all.push(TargetVersion {
                metric,
                subject: None,
                under: None,
                span: t.year,
                aim,
                version: t.edition.unwrap_or(1),
                announced_on: t.announced_on,
                value: t.value.map(record::Number::decimal),
                value_to: None,
                unit: t.unit.clone().unwrap_or_default(),
                bound: values::fact::code(values::fact::BOUNDS, bound).and_then(|c| u8::try_from(c).ok()).unwrap_or(0),
                words: t.words.clone().unwrap_or_default(),
                split: t.split.as_deref().and_then(hub::target::parse_split).unwrap_or_default(),
            });
        });
        all
    }
}

/// Field from which and until which a row counts, by ledger.
fn span_fields(ledger: &Ledger) -> (Option<usize>, Option<usize>) {
    let find = |names: &[&str]| names.iter().find_map(|n| ledger.field(n).map(|(i, _)| i));
    (find(&["valid_from", "joined_on", "recognised_on", "registered_on"]), find(&["valid_until", "left_on"]))
}

impl Source for Tables {
    fn field(&self, ledger: &str, field: &str) -> Option<ExprKind> {
        let (ledger, _) = self.rows.get(ledger)?;
        let (_, spec) = ledger.field(field)?;
        Some(match spec.kind {
            Kind::Int | Kind::Number(_) | Kind::Money | Kind::Usd => ExprKind::number_in(&spec.unit).unwrap_or(ExprKind::Number(None)),
            Kind::Date => ExprKind::Date,
            Kind::Period => ExprKind::Period,
            Kind::Choice => ExprKind::Choice(spec.options.iter().map(|(k, _)| k.clone()).collect()),
            Kind::Industry => ExprKind::Code,
            Kind::Bool => ExprKind::Bool,
            Kind::Ref(_) => ExprKind::Number(None),
            Kind::Text | Kind::Code | Kind::CreditCode => ExprKind::Text,
        })
    }

    fn each(&self, ledger: &str, fields: &[&str], each: &mut dyn FnMut(LedgerRow<'_>)) {
        let Some((ledger, rows)) = self.rows.get(ledger) else { return };
        let (from, until) = span_fields(ledger);
        let owner = ledger.fields.iter().position(|f| f.kind == Kind::Ref("enterprise"));
        for stored in rows {
            let date = |i: Option<usize>| i.and_then(|i| stored.row[i].text()).and_then(|t| t.parse::<Date>().ok());
            let enterprise = if ledger.key == "enterprise" { Some(stored.id) } else { owner.and_then(|i| stored.row[i].int()) };
            let values = fields.iter().map(|f| value(ledger, stored, f)).collect();
            each(LedgerRow {
                id: stored.id,
                subject: enterprise.and_then(|id| self.enterprises.get(&id).copied()),
                from: date(from).or_else(|| (ledger.key == "enterprise").then_some(Date::MIN)),
                until: date(until),
                values,
            });
        }
    }
}

fn value<'a>(ledger: &Ledger, stored: &'a Stored, field: &str) -> ExprValue<'a> {
    let Some((i, spec)) = ledger.field(field) else { return ExprValue::NOT_FILED };
    match (&stored.row[i], spec.kind) {
        (Value::Null, _) => ExprValue::NOT_FILED,
        (Value::Int(v), Kind::Bool) => ExprValue::Bool(*v != 0),
        (Value::Int(v), Kind::Period) => Period::from_code(*v).map_or(ExprValue::NOT_FILED, ExprValue::Period),
        (Value::Int(v), Kind::Int | Kind::Ref(_)) => ExprValue::Number(Decimal::from(*v)),
        (value @ Value::Int(_), _) => spec.show(value).parse().map_or(ExprValue::NOT_FILED, ExprValue::Number),
        (Value::Text(t), Kind::Date) => t.parse().map_or(ExprValue::NOT_FILED, ExprValue::Date),
        (Value::Text(t), _) => ExprValue::Text(t),
    }
}
