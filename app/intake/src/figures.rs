//! Periodic figures in rows: indicator, period, number, unit, growth, target, source.
//!
//! Bureaus' totals and published figures of other zones come this way. A row
//! may hold a value, only a growth, or only a target; each stays what it is.

use crate::staged::{Staged, StagedFact};
use crate::{IntakeError, Request, form, ledger};
use metrics::definition::Metric;
use std::collections::HashMap;
use std::sync::Arc;
use store::fact::pack_cell;
use tables::parse::{self, Context, Value as Read};
use tables::{FieldKind, FieldSpec as Asked, Row, Sheet, Table, Workbook};
use values::fact::{BOUNDS, MEASURES, SCENARIOS, SOURCES, STATUSES, code};
use values::{Decimal, Finding, Period, Severity};
use view::Core;

fn asked() -> Vec<Asked> {
    let number = FieldKind::Number { scale: 8 };
    vec![
        Asked::new("subject", "主体", FieldKind::Text).aliases(["园区", "地区", "开发区", "zone"]),
        Asked::new("class", "主体类别", FieldKind::Text).aliases(["类别"]),
        Asked::new("metric", "指标", FieldKind::Text).aliases(["指标名称", "indicator"]).required(),
        Asked::new("period", "报告期", FieldKind::Text).aliases(["时期", "period"]).required(),
        Asked::new("value", "数值", number.clone()).aliases(["本期", "累计", "完成", "value"]),
        Asked::new("unit", "计量单位", FieldKind::Text).aliases(["单位", "unit"]).required(),
        Asked::new("growth", "同比增长", number.clone()).unit("%").aliases(["同比", "增长", "增速", "growth_pct"]),
        Asked::new("target", "目标", number).aliases(["目标值", "年度目标", "target"]),
        Asked::new("bound", "口径", FieldKind::Text).aliases(["目标口径"]),
        Asked::new("source", "数据来源", FieldKind::Text).aliases(["来源", "source"]),
        Asked::new("confidence", "可信度", FieldKind::Text).aliases(["confidence"]),
        Asked::new("note", "备注", FieldKind::Text).aliases(["说明", "note"]),
    ]
}

/// Words for a source in such sheets.
const SOURCE_WORDS: &[(&str, &str)] = &[
    ("统计", "statistics"),
    ("海关", "customs"),
    ("财政", "finance"),
    ("商务", "commerce"),
    ("税务", "tax"),
    ("电力", "power"),
    ("市场监管", "regulator"),
    ("部门", "office"),
];

struct Item {
    value: Decimal,
    column: u32,
    place: String,
}

struct Draft<'a> {
    sheet: usize,
    row: u32,
    place: String,
    texts: HashMap<&'a str, String>,
    numbers: HashMap<&'a str, Item>,
    findings: Vec<Finding>,
}

pub(crate) async fn stage(core: &Arc<Core>, request: &Request, book: &Workbook, staged: &mut Staged) -> Result<(), IntakeError> {
    let asked = asked();
    let held = Held::read(core, &request.zone).await?;
    let mut any = false;
    for (number, sheet) in book.sheets.iter().enumerate() {
        for table in &sheet.tables {
            let columns = ledger::taken(sheet, table, &asked);
            let has = |key: &str| columns.iter().any(|(_, f)| f.key == key);
            if columns.len() < 3 {
                continue;
            }
            any = true;
            let place = format!("{}!{}", sheet.name, values::place::cell_name(table.range.top, table.range.left));
            let missing: Vec<_> = asked.iter().filter(|f| f.required && !has(&f.key)).collect();
            for field in &missing {
                staged.findings.push(Finding::error("import.missing_column").at(&place).field(&field.label));
            }
            for (i, field) in &columns {
                staged.mapped(number, &field.key, table.head[*i].index);
            }
            if missing.is_empty() {
                // A row of an aggregate (国家级经开区合计) is a figure here, not the sum of the rows above.
                for row in table.rows.iter().filter(|r| r.kind != tables::RowKind::Section) {
                    let draft = draft(number, sheet, table, row, &columns);
                    one(core, draft, &held, staged);
                }
            }
        }
    }
    if !any {
        staged.findings.push(Finding::error("import.no_table").expected("指标、报告期、数值、计量单位"));
    }
    Ok(())
}

fn draft<'a>(number: usize, sheet: &Sheet, table: &Table, row: &Row, columns: &[(usize, &'a Asked)]) -> Draft<'a> {
    let mut draft = Draft {
        sheet: number,
        row: row.index,
        place: format!("{}!{}", sheet.name, row.number()),
        texts: HashMap::new(),
        numbers: HashMap::new(),
        findings: Vec::new(),
    };
    for (i, field) in columns {
        let column = &table.head[*i];
        let cell = table.cell(sheet, row, column);
        // The unit of a row stands in its own column and is converted by the metric.
        let unit = if field.unit.is_empty() { None } else { column.unit.as_ref() };
        let parsed = parse::parse(&cell, field, &Context { sheet: &sheet.name, unit, year: None });
        draft.findings.extend(parsed.findings.into_iter().map(|f| {
            // 九亿 in a row of 亿元: nobody can say whether the unit is meant once or twice.
            let factor = f.found.contains(['万', '亿']) && matches!(f.rule.as_str(), "tables.unit_in_cell" | "tables.chinese_number");
            let twice = field.key == "value" && factor;
            let f = if twice { Finding::error("import.unit_twice").at(&f.place).found(&f.found) } else { f };
            f.field(&field.label)
        }));
        match parsed.value {
            Some(Read::Text(t)) => {
                draft.texts.insert(&field.key, t);
            }
            Some(Read::Number(value)) => {
                let place = format!("{}!{}", sheet.name, cell.at());
                draft.numbers.insert(&field.key, Item { value, column: column.index, place });
            }
            _ => {}
        }
    }
    draft
}

fn one(core: &Core, mut draft: Draft<'_>, held: &Held, staged: &mut Staged) {
    let facts = if draft.findings.iter().any(|f| f.severity == Severity::Error) { Vec::new() } else { read(core, &mut draft) };
    let slips: Vec<Finding> = facts.iter().filter_map(|f| held.slip(f)).map(|f| f.at(&draft.place)).collect();
    draft.findings.extend(slips);
    let sheet = u32::try_from(draft.sheet).unwrap_or(u32::MAX);
    let rejected = draft.findings.iter().any(|f| f.severity == Severity::Error);
    staged.findings.0.append(&mut draft.findings);
    if rejected {
        staged.counts.rejected += 1;
        staged.rejected.push((sheet, draft.row));
        return;
    }
    let (mut old, mut news) = (false, Vec::new());
    for mut fact in facts {
        fact.row.cell = pack_cell(sheet, draft.row, u32::try_from(fact.row.cell).unwrap_or(0));
        match held.get(&fact) {
            Some(before) if before == (fact.row.value, fact.row.bound, fact.row.status) => old = true,
            before => {
                old |= before.is_some();
                news.push(fact);
            }
        }
    }
    match (news.is_empty(), old) {
        (true, _) => staged.counts.same += 1,
        (false, true) => staged.counts.changed += 1,
        (false, false) => staged.counts.new += 1,
    }
    staged.facts.extend(news);
}

fn read(core: &Core, draft: &mut Draft<'_>) -> Vec<StagedFact> {
    let text = |key: &str| draft.texts.get(key).map(String::as_str).unwrap_or_default();
    let error = |rule: &str, field: &str, found: &str| Finding::error(rule).at(&draft.place).field(field).found(found);
    let Ok(period) = Period::parse(text("period")) else {
        let finding = error("import.period_unknown", "报告期", text("period"));
        draft.findings.push(finding);
        return Vec::new();
    };
    let unit = text("unit").to_owned();
    let Some(metric) = metric_of(core, text("metric"), &unit, period) else {
        let finding = error("import.metric_unknown", "指标", text("metric"));
        draft.findings.push(finding);
        return Vec::new();
    };
    let subject = text("subject").to_owned();
    let (source, known) = source_of(text("source"), !subject.is_empty());
    if !known {
        let finding = Finding::warning("import.source_unknown").at(&draft.place).field("数据来源").found(text("source"));
        draft.findings.push(finding);
    }
    let status = if text("note").contains("快报") || text("note").contains("预计") { "estimate" } else { "final" };
    let cx = Row1 { metric: &metric, period, source, subject: &subject, class: text("class"), status, bound: text("bound") };
    let mut facts = Vec::new();
    let mut findings = Vec::new();
    for (key, scenario, measure) in [("value", "actual", "value"), ("growth", "actual", "growth"), ("target", "target", "value")] {
        let Some(item) = draft.numbers.get(key) else { continue };
        let raw = if measure == "growth" {
            growth_raw(item.value)
        } else {
            metric.read(item.value, &unit).map_err(|e| Box::new(form::refused(&e, &metric)))
        };
        match raw {
            Ok(raw) => facts.push(cx.fact(scenario, measure, raw, item.column)),
            Err(finding) => findings.push(finding.at(&item.place)),
        }
    }
    if facts.is_empty() && findings.is_empty() {
        findings.push(Finding::error("import.nothing_in_row").at(&draft.place));
    }
    draft.findings.append(&mut findings);
    facts
}

/// The metric of a label; where one label is published in several units, the one whose unit fits.
fn metric_of(core: &Core, label: &str, unit: &str, period: Period) -> Option<Arc<Metric>> {
    let metrics = &core.definitions.metrics;
    let fits = |m: &Arc<Metric>| metrics::definition::convert_named(Decimal::ONE, unit, &m.is.unit).is_some();
    let key = metrics.find(label).or_else(|| core.definitions.synonym(label, unit));
    let found = key.and_then(|k| metrics.at(k, period.last())).cloned();
    if found.as_ref().is_none_or(|m| !fits(m))
        && let Some(other) = core.definitions.synonym(label, unit).and_then(|k| metrics.at(k, period.last()))
    {
        return Some(Arc::clone(other));
    }
    found
}

fn source_of(word: &str, is_peer: bool) -> (&'static str, bool) {
    if is_peer {
        return ("published", true);
    }
    match SOURCE_WORDS.iter().find(|(w, _)| word.contains(w)) {
        Some((_, key)) => (key, true),
        None => ("office", word.is_empty()),
    }
}

/// Growth at 0.0001 %.
fn growth_raw(value: Decimal) -> Result<i64, Box<Finding>> {
    values::Fixed::rounded(value, 4).map(|f| f.raw).map_err(|_| Box::new(Finding::error("import.too_large").found(value.to_string())))
}

struct Row1<'a> {
    metric: &'a Metric,
    period: Period,
    source: &'static str,
    subject: &'a str,
    class: &'a str,
    status: &'static str,
    bound: &'a str,
}

impl Row1<'_> {
    /// The fact; its column stands in `cell` until the sheet and row are known.
    fn fact(&self, scenario: &str, measure: &str, raw: i64, column: u32) -> StagedFact {
        let subject = if self.subject.is_empty() { ("zone", "zone") } else { ("peer", self.subject) };
        let bound = match self.bound {
            "以上" | "不低于" => "ge",
            "突破" | "超过" => "gt",
            "以内" | "不超过" => "le",
            "左右" | "约" => "about",
            _ => "eq",
        };
        StagedFact {
            metric: self.metric.key.clone(),
            kept: (self.metric.digits(), self.metric.stored_unit().to_owned()),
            subject: (subject.0.into(), subject.1.into()),
            label: subject.1.into(),
            class: self.class.into(),
            row: store::FactRow {
                metric: 0,
                scenario: code(SCENARIOS, scenario).unwrap_or(0),
                source: code(SOURCES, self.source).unwrap_or(1),
                measure: code(MEASURES, measure).unwrap_or(0),
                period: if scenario == "actual" { form::kept_period(self.metric, self.period) } else { self.period }.code(),
                subject: 0,
                value: Some(raw),
                value_to: None,
                text: None,
                bound: code(BOUNDS, bound).unwrap_or(0),
                status: code(STATUSES, self.status).unwrap_or(0),
                batch: 0,
                cell: i64::from(column),
                seq: 0,
            },
        }
    }
}

/// What stands already: metric, subject and the fact's own key → value, bound, status.
struct Held {
    metrics: HashMap<String, i64>,
    subjects: HashMap<(String, String), i64>,
    facts: HashMap<store::fact::FactKey, (Option<i64>, i64, i64)>,
}

impl Held {
    async fn read(core: &Core, zone: &str) -> Result<Self, IntakeError> {
        let metrics = core.store.metric_numbers(zone).await?.into_iter().map(|m| (m.key, m.metric)).collect();
        let subjects: HashMap<_, _> = core.store.subjects(zone).await?.into_iter().map(|s| ((s.kind, s.reference), s.subject)).collect();
        // Zone totals and peers only: filings of enterprises never come this way.
        let kept: Vec<i64> = subjects.iter().filter(|((kind, _), _)| kind != "enterprise").map(|(_, n)| *n).collect();
        let facts = core.store.facts_of_subjects(zone, &kept).await?;
        Ok(Self { metrics, subjects, facts: facts.into_iter().map(|f| (f.key(), (f.value, f.bound, f.status))).collect() })
    }
    /// A value that is about a thousand or ten thousand times what stands for the period or the year before, whatever its source: a slip of units.
    fn slip(&self, fact: &StagedFact) -> Option<Finding> {
        let (metric, subject) = (*self.metrics.get(&fact.metric)?, *self.subjects.get(&fact.subject)?);
        let r = &fact.row;
        let value = r.value.filter(|v| *v != 0 && r.measure == 0)?;
        let before = Period::from_code(r.period)?.year_before()?.code();
        let known = self.facts.iter().filter(|(k, _)| k.0 == metric && k.1 == r.scenario && k.3 == 0 && k.5 == subject);
        let near = known.filter(|(k, _)| k.4 == r.period || k.4 == before).filter_map(|(_, v)| v.0).find(|v| *v != 0)?;
        let times = |a: i64, b: i64, factor: i128| {
            let (a, b) = (i128::from(a).abs(), i128::from(b).abs() * factor);
            a >= b / 2 && a <= b * 2
        };
        let factor = [1_000, 10_000, 100_000_000].into_iter().find(|f| times(value, near, *f) || times(near, value, *f))?;
        Some(Finding::error("import.unit_slip").field("数值").found(factor.to_string()))
    }
    fn get(&self, fact: &StagedFact) -> Option<(Option<i64>, i64, i64)> {
        let metric = *self.metrics.get(&fact.metric)?;
        let subject = *self.subjects.get(&fact.subject)?;
        let r = &fact.row;
        self.facts.get(&(metric, r.scenario, r.source, r.measure, r.period, subject)).copied()
    }
}
