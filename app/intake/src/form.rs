//! Filings of a form for one period: each row is one enterprise, each item a metric.
//!
//! Entered as the enterprises filed them elsewhere (代录), or as the office's
//! own figures. What an office imports never replaces what an enterprise filed
//! itself. Whoever owes the form and has no row stays owing it.

use crate::fields::BY_CODE;
use crate::staged::{Staged, StagedFact};
use crate::who::{Known, Register};
use crate::{IntakeError, Request, ledger};
use hub::{Filing, FilingDuty, FilingState, Form};
use metrics::definition::{Metric, ReadError};
use record::{Filter, Op, Query, Record, Stored, Value};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use store::change::RecordChange;
use store::fact::pack_cell;
use tables::parse::{self, Context, Value as Read};
use tables::{FieldKind, FieldSpec as Asked, Measure, Row, Sheet, Table, Workbook};
use values::fact::{MEASURES, SCENARIOS, SOURCES, code};
use values::{Date, Finding, Period, Severity};
use view::Core;

/// For whom the figures are entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// As the enterprise filed them: source `enterprise`.
    Enterprise,
    /// The office's own: source `office`.
    Office,
}

/// Suffix of the item that holds the same period of the year before.
const BASE: &str = "#base";

struct Cx<'a> {
    core: &'a Arc<Core>,
    request: &'a Request,
    form: Form,
    period: Period,
    by: By,
    items: Vec<Arc<Metric>>,
}

pub(crate) async fn stage(
    core: &Arc<Core>,
    request: &Request,
    book: &Workbook,
    form: &str,
    period: Period,
    by: By,
    staged: &mut Staged,
) -> Result<(), IntakeError> {
    let form = find_form(core, &request.zone, form).await?;
    let items: Vec<Arc<Metric>> =
        form.items.split_whitespace().filter_map(|key| core.definitions.metrics.at(key, period.last()).cloned()).collect();
    staged.source = if by == By::Enterprise { "enterprise" } else { "office" }.into();
    let cx = Cx { core, request, form, period, by, items };
    let asked = cx.asked();
    let mut drafts = Vec::new();
    for (number, sheet) in book.sheets.iter().enumerate() {
        for table in &sheet.tables {
            cx.read_table(&asked, number, sheet, table, staged, &mut drafts);
        }
    }
    if drafts.is_empty() && !staged.has_error() {
        staged.findings.push(Finding::error("import.no_table").expected(&cx.form.name));
    }
    cx.hold_against(drafts, staged).await
}

async fn find_form(core: &Core, zone: &str, code: &str) -> Result<Form, IntakeError> {
    let missing = || IntakeError::NoForm(code.to_owned());
    let ledger = core.ledgers.get("form").ok_or_else(missing)?;
    let found = core.store.find_in(zone, ledger, "code", &[Value::Text(code.to_owned())]).await?;
    found.first().and_then(|s| Form::from_row(&s.row).ok()).ok_or_else(missing)
}

struct Draft {
    sheet: usize,
    row: u32,
    place: String,
    code: Option<String>,
    name: Option<String>,
    filed_on: Option<Date>,
    /// Item key → value at the metric's scale, column.
    values: BTreeMap<String, (i64, u32)>,
    findings: Vec<Finding>,
}

impl Cx<'_> {
    fn asked(&self) -> Vec<Asked> {
        let mut asked = vec![
            Asked::new(format!("enterprise{BY_CODE}"), "统一社会信用代码", FieldKind::CreditCode).aliases(["信用代码", "社会信用代码"]),
            Asked::new("enterprise", "企业名称", FieldKind::Text).aliases(["单位名称", "单位详细名称", "企业"]),
            Asked::new("filed_on", "报送日期", FieldKind::Date).aliases(["填报日期", "上报日期"]),
        ];
        for item in &self.items {
            let label = &item.is.label.zh;
            let short = label.trim_start_matches("规上").trim_start_matches("规模以上");
            let kind = FieldKind::Number { scale: 8 };
            let names = |suffix: &[&str]| -> Vec<String> {
                [label.as_str(), short].iter().flat_map(|l| suffix.iter().map(move |s| format!("{l}{s}"))).collect()
            };
            let value =
                Asked::new(&item.key, label, kind.clone()).unit(&item.is.unit).aliases(names(&["", "累计", "本期", "期末数", "本年累计"]));
            let base = Asked::new(format!("{}{BASE}", item.key), format!("{label}上年同期"), kind).unit(&item.is.unit).aliases(names(&[
                "上年同期",
                "去年同期",
                "同期",
                "上年同期累计",
            ]));
            asked.extend([value, base]);
        }
        asked
    }

    fn read_table(&self, asked: &[Asked], number: usize, sheet: &Sheet, table: &Table, staged: &mut Staged, drafts: &mut Vec<Draft>) {
        let columns: Vec<(usize, &Asked)> = ledger::taken(sheet, table, asked)
            .into_iter()
            // A column of last year's figures must not pass for this year's, nor a growth for a value.
            .filter(|(i, f)| {
                (table.head[*i].measure == Measure::Base) == f.key.ends_with(BASE) && table.head[*i].measure != Measure::Growth
            })
            .collect();
        let names_enterprise = columns.iter().any(|(_, f)| f.key.starts_with("enterprise"));
        let items = columns.iter().filter(|(_, f)| self.items.iter().any(|m| f.key == m.key)).count();
        if !names_enterprise && items == 0 {
            return;
        }
        let place = format!("{}!{}", sheet.name, values::place::cell_name(table.range.top, table.range.left));
        if !names_enterprise {
            staged.findings.push(Finding::error("import.missing_column").at(&place).field("统一社会信用代码"));
            return;
        }
        for metric in self.items.iter().filter(|m| !columns.iter().any(|(_, f)| f.key == m.key)) {
            staged.findings.push(Finding::error("import.missing_column").at(&place).field(&metric.is.label.zh));
        }
        if let Some(written) = table.period.filter(|p| p.last() != self.period.last()) {
            let (found, expected) = (written.chinese(), self.period.chinese());
            staged.findings.push(Finding::error("import.period_differs").at(&place).found(found).expected(expected));
            return;
        }
        for (i, column) in table.head.iter().enumerate() {
            match columns.iter().find(|(c, _)| *c == i) {
                Some((_, field)) => staged.mapped(number, &field.key, column.index),
                None => {
                    let place = format!("{}!{}", sheet.name, column.letter);
                    staged.unmapped.push(format!("{place} {}", column.heading()));
                    staged.findings.push(Finding::note("import.column_not_used").at(place).found(column.heading()));
                }
            }
        }
        if items > 0 {
            drafts.extend(table.records().map(|row| self.draft(number, sheet, table, row, &columns)));
        }
    }

    fn draft(&self, number: usize, sheet: &Sheet, table: &Table, row: &Row, columns: &[(usize, &Asked)]) -> Draft {
        let place = format!("{}!{}", sheet.name, row.number());
        let mut draft = Draft {
            sheet: number,
            row: row.index,
            place,
            code: None,
            name: None,
            filed_on: None,
            values: BTreeMap::new(),
            findings: Vec::new(),
        };
        for (i, field) in columns {
            let column = &table.head[*i];
            let cell = table.cell(sheet, row, column);
            let context = Context { sheet: &sheet.name, unit: table.unit_of(column), year: Some(self.period.first_year()) };
            let parsed = parse::parse(&cell, field, &context);
            draft.findings.extend(parsed.findings.into_iter().map(|f| f.field(&field.label)));
            match (field.key.as_str(), parsed.value) {
                ("enterprise", Some(Read::Text(t))) => draft.name = Some(t),
                ("filed_on", Some(Read::Date(d))) => draft.filed_on = Some(d),
                (key, Some(Read::Text(t))) if key.ends_with(BY_CODE) => draft.code = Some(t),
                (key, Some(Read::Number(n))) => {
                    let place = format!("{}!{}", sheet.name, cell.at());
                    self.take(&mut draft, key, n, &place, column.index);
                }
                _ => {}
            }
        }
        draft
    }

    fn take(&self, draft: &mut Draft, key: &str, value: values::Decimal, place: &str, column: u32) {
        let Some(metric) = self.items.iter().find(|m| m.key == key.trim_end_matches(BASE)) else { return };
        match metric.read(value, &metric.is.unit) {
            Ok(raw) => {
                draft.values.insert(key.to_owned(), (raw, column));
            }
            Err(e) => draft.findings.push(refused(&e, metric).at(place)),
        }
    }

    async fn hold_against(&self, drafts: Vec<Draft>, staged: &mut Staged) -> Result<(), IntakeError> {
        let (core, zone) = (self.core, self.request.zone.as_str());
        let Some(enterprises) = core.ledgers.get("enterprise") else { return Ok(()) };
        let codes: Vec<String> = drafts.iter().filter_map(|d| d.code.clone()).collect();
        let names: Vec<String> = drafts.iter().filter_map(|d| d.name.clone()).collect();
        let register = Register::read(&core.store, zone, enterprises, &codes, &names).await?;
        let mut duties = Duties::read(core, zone, &self.form.code, self.period).await?;
        let held = Held::read(core, zone, &self.items, self.period, self.by).await?;
        let mut seen: HashMap<i64, String> = HashMap::new();
        for mut draft in drafts {
            let known = register.find(draft.code.as_deref(), draft.name.as_deref()).cloned();
            let known = match known {
                Ok(known) => Some(known),
                Err(finding) => {
                    draft.findings.push(finding.at(&draft.place));
                    None
                }
            };
            if let Some(known) = &known {
                self.check_row(known, &mut draft, &mut seen);
            }
            self.one(draft, known, &mut duties, &held, staged);
        }
        if self.by == By::Enterprise {
            duties.owe_all(core, zone, &self.form, self.period, staged).await?;
        }
        Ok(())
    }

    fn check_row(&self, known: &Known, draft: &mut Draft, seen: &mut HashMap<i64, String>) {
        if let Some(left) = known.left_on.as_deref().and_then(|d| d.parse::<Date>().ok())
            && i32::from(left.year()) * 12 + i32::from(left.month()) - 1 < self.period.first()
        {
            let finding =
                Finding::error("import.enterprise_left").at(&draft.place).field("企业").found(&known.name).expected(left.to_string());
            draft.findings.push(finding);
        }
        if let Some(first) = seen.insert(known.id, draft.place.clone()) {
            draft.findings.push(Finding::error("import.duplicate_row").at(&draft.place).expected(first).found(&known.name));
        }
        if draft.values.is_empty() {
            draft.findings.push(Finding::error("import.nothing_in_row").at(&draft.place));
        }
    }

    fn one(&self, draft: Draft, known: Option<Known>, duties: &mut Duties, held: &Held, staged: &mut Staged) {
        let sheet = u32::try_from(draft.sheet).unwrap_or(u32::MAX);
        let rejected = draft.findings.iter().any(|f| f.severity == Severity::Error);
        staged.findings.0.extend(draft.findings);
        let Some(known) = known.filter(|_| !rejected) else {
            staged.counts.rejected += 1;
            staged.rejected.push((sheet, draft.row));
            return;
        };
        if self.by == By::Enterprise && duties.is_own(known.id) {
            staged.counts.conflict += 1;
            staged.findings.push(Finding::error("import.filed_already").at(&draft.place).field("企业").found(&known.name));
            return;
        }
        let mut news = Vec::new();
        let (mut changed, mut old) = (false, false);
        for (key, (raw, column)) in &draft.values {
            let metric = self.items.iter().find(|m| m.key == key.trim_end_matches(BASE));
            let Some(metric) = metric else { continue };
            let measure = if key.ends_with(BASE) { "base" } else { "value" };
            let cell = pack_cell(sheet, draft.row, *column);
            let before = held.get(&metric.key, measure, known.id);
            old |= before.is_some();
            if before == Some(*raw) {
                continue;
            }
            if let Some(before) = before {
                changed = true;
                let show = |raw: i64| metric.decimal(i128::from(raw)).map(|d| d.normalize().to_string()).unwrap_or_default();
                let place = format!("{}!{}", staged.sheets[draft.sheet], values::place::cell_name(draft.row, *column));
                staged.changed(place, &metric.is.label.zh, show(before), show(*raw));
            }
            news.push(self.fact(metric, measure, &known, *raw, cell));
        }
        match (news.is_empty(), changed || old) {
            (true, _) => staged.counts.same += 1,
            (false, true) => staged.counts.changed += 1,
            (false, false) => staged.counts.new += 1,
        }
        staged.facts.extend(news);
        if self.by == By::Enterprise {
            let source = (i64::from(sheet) << 32) | i64::from(draft.row);
            duties.file(&self.form, self.period, known.id, draft.filed_on, source, staged);
        }
    }

    fn fact(&self, metric: &Metric, measure: &str, known: &Known, raw: i64, cell: i64) -> StagedFact {
        StagedFact {
            metric: metric.key.clone(),
            kept: (metric.digits(), metric.stored_unit().to_owned()),
            subject: ("enterprise".into(), known.id.to_string()),
            label: known.name.clone(),
            class: String::new(),
            row: store::FactRow {
                metric: 0,
                scenario: code(SCENARIOS, "actual").unwrap_or(0),
                source: code(SOURCES, if self.by == By::Enterprise { "enterprise" } else { "office" }).unwrap_or(1),
                measure: code(MEASURES, measure).unwrap_or(0),
                period: kept_period(metric, self.period).code(),
                subject: 0,
                value: Some(raw),
                value_to: None,
                text: None,
                bound: 0,
                status: 0,
                batch: 0,
                cell,
                seq: 0,
            },
        }
    }
}

/// The period that a value is kept under: a stock is a level at the end, so it belongs to the last month.
pub(crate) fn kept_period(metric: &Metric, period: Period) -> Period {
    match metric.is.time {
        metrics::Time::Stock => Period::from_months(period.last(), period.last()).unwrap_or(period),
        _ => period,
    }
}

/// A refused value as a finding.
pub(crate) fn refused(error: &ReadError, metric: &Metric) -> Finding {
    match error {
        ReadError::Unit { expected, found, .. } => {
            Finding::error("import.unit_wrong").field(&metric.is.label.zh).found(found).expected(expected)
        }
        ReadError::TooFine { value } => {
            Finding::error("import.digits_lost").field(&metric.is.label.zh).found(value.to_string()).expected(metric.digits().to_string())
        }
        ReadError::Overflow { value } => Finding::error("import.too_large").field(&metric.is.label.zh).found(value.to_string()),
    }
}

/// Values that stand for the form's items and period: (metric, measure, enterprise id) → raw.
struct Held(HashMap<(String, String, i64), i64>);

impl Held {
    async fn read(core: &Core, zone: &str, items: &[Arc<Metric>], period: Period, by: By) -> Result<Self, IntakeError> {
        let numbers = core.store.metric_numbers(zone).await?;
        let subjects: HashMap<i64, i64> = core
            .store
            .subjects(zone)
            .await?
            .into_iter()
            .filter(|s| s.kind == "enterprise")
            .filter_map(|s| s.reference.parse().ok().map(|id| (s.subject, id)))
            .collect();
        let source = code(SOURCES, if by == By::Enterprise { "enterprise" } else { "office" });
        let mut held = HashMap::new();
        for item in items {
            let Some(number) = numbers.iter().find(|n| n.key == item.key) else { continue };
            for fact in core.store.facts_of(zone, number.metric, kept_period(item, period).code()).await? {
                if Some(fact.source) == source
                    && fact.scenario == 0
                    && let (Some(value), Some(id)) = (fact.value, subjects.get(&fact.subject))
                {
                    held.insert((item.key.clone(), values::fact::key(MEASURES, fact.measure).to_owned(), *id), value);
                }
            }
        }
        Ok(Self(held))
    }
    fn get(&self, metric: &str, measure: &str, id: i64) -> Option<i64> {
        self.0.get(&(metric.to_owned(), measure.to_owned(), id)).copied()
    }
}

/// Duties and filings of the form and period, as they stand and as staged.
struct Duties {
    /// Enterprise → duty id (negative for a new one).
    duties: HashMap<i64, i64>,
    /// Duty → its filing.
    filings: HashMap<i64, Stored>,
    filed_now: Vec<i64>,
}

impl Duties {
    async fn read(core: &Core, zone: &str, form: &str, period: Period) -> Result<Self, IntakeError> {
        let mut made = Self { duties: HashMap::new(), filings: HashMap::new(), filed_now: Vec::new() };
        let (Some(duty), Some(filing)) = (core.ledgers.get("filing_duty"), core.ledgers.get("filing")) else { return Ok(made) };
        let filters = vec![
            Filter { field: "form".into(), op: Op::Eq, value: Value::Text(form.to_owned()) },
            Filter { field: "period".into(), op: Op::Eq, value: Value::Int(period.code()) },
        ];
        let query = Query { filters, limit: 100_000, ..Query::default() };
        for stored in core.store.list(zone, duty, &query).await? {
            if let Ok(d) = FilingDuty::from_row(&stored.row) {
                made.duties.insert(d.enterprise.0, stored.id);
            }
        }
        let ids: Vec<Value> = made.duties.values().map(|id| Value::Int(*id)).collect();
        for stored in core.store.find_in(zone, filing, "duty", &ids).await? {
            if let Ok(f) = Filing::from_row(&stored.row) {
                made.filings.insert(f.duty.0, stored);
            }
        }
        Ok(made)
    }

    /// True if the enterprise filed it itself: nobody may enter it for it.
    fn is_own(&self, enterprise: i64) -> bool {
        let filing = self.duties.get(&enterprise).and_then(|d| self.filings.get(d));
        filing.and_then(|f| Filing::from_row(&f.row).ok()).is_some_and(|f| !f.as_filed && f.state != FilingState::Draft)
    }

    fn owe(&mut self, form: &Form, period: Period, enterprise: i64, staged: &mut Staged) -> i64 {
        if let Some(id) = self.duties.get(&enterprise) {
            return *id;
        }
        let id = -i64::try_from(staged.records.len()).unwrap_or(0) - 1;
        let duty = FilingDuty { form: form.code.clone(), enterprise: hub::EnterpriseId(enterprise), period, due: due(form, period) };
        staged.records.push(RecordChange { ledger: "filing_duty".into(), id, seen: 0, after: Some(duty.to_row()), source: -1 });
        self.duties.insert(enterprise, id);
        id
    }

    fn file(&mut self, form: &Form, period: Period, enterprise: i64, on: Option<Date>, source: i64, staged: &mut Staged) {
        let duty = self.owe(form, period, enterprise, staged);
        if self.filings.contains_key(&duty) || self.filed_now.contains(&duty) {
            return;
        }
        self.filed_now.push(duty);
        let filing = Filing {
            duty: hub::DutyId(duty),
            enterprise: hub::EnterpriseId(enterprise),
            state: FilingState::Accepted,
            filed_by: "as_filed".into(),
            filed_on: on.unwrap_or_else(|| due(form, period)),
            as_filed: true,
            reason: None,
        };
        let id = -i64::try_from(staged.records.len()).unwrap_or(0) - 1;
        staged.records.push(RecordChange { ledger: "filing".into(), id, seen: 0, after: Some(filing.to_row()), source });
    }

    /// Everybody who holds the form's title in the period owes it, filed or not.
    async fn owe_all(&mut self, core: &Core, zone: &str, form: &Form, period: Period, staged: &mut Staged) -> Result<(), IntakeError> {
        let Some(titles) = core.ledgers.get("title_link") else { return Ok(()) };
        let holders = core.store.find_in(zone, titles, "title", &[Value::Text(form.filers.clone())]).await?;
        for stored in holders {
            let Ok(link) = hub::TitleLink::from_row(&stored.row) else { continue };
            let month = |d: Date| i32::from(d.year()) * 12 + i32::from(d.month()) - 1;
            let holds = month(link.valid_from) <= period.last() && link.valid_until.is_none_or(|until| month(until) > period.last());
            if holds {
                self.owe(form, period, link.enterprise.0, staged);
            }
        }
        Ok(())
    }
}

/// Last day to file: the form's day of the month after the period.
fn due(form: &Form, period: Period) -> Date {
    let next = period.last() + 1;
    let (year, month) = (next.div_euclid(12), next.rem_euclid(12) + 1);
    let day = i8::try_from(form.due_day.clamp(1, 28)).unwrap_or(28);
    Date::new(i16::try_from(year).unwrap_or(2000), i8::try_from(month).unwrap_or(1), day).unwrap_or_default()
}
