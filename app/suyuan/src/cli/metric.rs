//! `suyuan metric KEY`: one figure, its slices, its lineage down to the cell.

use super::{Global, Outcome, open, print};
use anyhow::{Context, Result, bail};
use hub::{Ask, Origin, View};
use serde_json::{Value, json};
use values::{Date, Figure, Period};

/// `suyuan metric`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 指标代码或名称，如 gdp、规上工业总产值；新增数写 four_above.added
    key: String,
    /// 报告期
    #[arg(long)]
    period: String,
    /// 主体：zone、enterprise:12、peer:金昌经济技术开发区
    #[arg(long, default_value = "zone")]
    subject: String,
    /// 只看一个来源：enterprise statistics office …
    #[arg(long)]
    source: Option<String>,
    /// actual、target、forecast
    #[arg(long, default_value = "actual")]
    scenario: String,
    /// 按维度分项：chain industry kind …
    #[arg(long)]
    by: Option<String>,
    /// 列出来源单元格
    #[arg(long)]
    lineage: bool,
    /// 按某日当时已知的数
    #[arg(long)]
    as_known: Option<String>,
}

/// Runs it.
///
/// # Errors
/// An unknown metric, period, subject, or the store's answer.
pub fn run(args: &Args, global: &Global) -> Result<Outcome> {
    let period = Period::parse(&args.period)?;
    let as_known =
        args.as_known.as_deref().map(|d| d.parse::<Date>().with_context(|| format!("“{d}”不是日期，应如 2025-10-01"))).transpose()?;
    open::with_core(global, false, async |core| {
        let Some(key) = core.definitions.metrics.find(&args.key).or_else(|| core.definitions.synonym(&args.key, "")).map(str::to_owned)
        else {
            bail!("没有指标“{}”", args.key);
        };
        for (what, list, given) in
            [("来源", values::fact::SOURCES, args.source.as_deref()), ("口径", values::fact::SCENARIOS, Some(args.scenario.as_str()))]
        {
            if given.is_some_and(|g| !list.contains(&g)) {
                bail!("没有{what}“{}”；可用 {}", given.unwrap_or_default(), list.join("、"));
            }
        }
        let ask = Ask {
            metric: key,
            period,
            subject: args.subject.clone(),
            slice: None,
            source: args.source.clone(),
            scenario: args.scenario.clone(),
            as_known,
        };
        let (by, lineage, global) = (args.by.clone(), args.lineage, global.clone());
        open::with_view(&core, &global.clone(), move |view| show(view, &ask, by.as_deref(), lineage, &global)).await
    })
}

fn show(view: &view::ZoneView, ask: &Ask, by: Option<&str>, lineage: bool, global: &Global) -> Result<Outcome> {
    if ask.subject != "zone" && view.resident().facts.subject_number(&ask.subject).is_err() {
        bail!("没有主体“{}”", ask.subject);
    }
    let asks: Vec<Ask> = match by {
        None => vec![ask.clone()],
        Some(dimension) => view.slices(&ask.metric, dimension).iter().map(|(value, _)| ask.clone().slice(dimension, value)).collect(),
    };
    let mut all = Vec::new();
    for ask in &asks {
        let figure = view.figure(ask);
        let cells = if lineage && !figure.handle.is_empty() { view.origins(&figure.handle, 100_000)?.0 } else { Vec::new() };
        all.push((figure, cells));
    }
    if global.json {
        let values: Vec<Value> = all.iter().map(|(f, cells)| figure_json(f, lineage.then_some(cells.as_slice()))).collect();
        let value = if by.is_some() { Value::Array(values) } else { values.into_iter().next().unwrap_or_default() };
        print(&value.to_string())?;
    } else {
        for (figure, cells) in &all {
            print_figure(figure)?;
            for o in cells {
                let value = o.value.map(|v| v.to_string()).unwrap_or_default();
                print(&format!("  {} {} {} {} {} › {}!{} “{}”", o.subject, o.period, value, o.unit, o.file, o.sheet, o.cell, o.raw))?;
            }
        }
    }
    let known = all.iter().any(|(f, _)| f.value.is_some() || f.target.is_some() || f.growth.is_some());
    Ok(if known { Outcome::Done } else { Outcome::Findings })
}

fn print_figure(f: &Figure) -> Result<()> {
    let slice = f.slice.as_ref().map(|s| format!(" [{s}]")).unwrap_or_default();
    let mut line = format!("{}{slice} {} {} {}", f.label, f.period.chinese(), f.display, f.display_unit);
    if let Some(g) = &f.growth {
        line.push_str(&format!("，同比 {} {}（{}）", values::fixed::round(g.value, 1), g.unit, g.how.key()));
    }
    if let Some(t) = &f.target {
        let completion = t.completion.map(|c| format!("，完成 {} %", values::fixed::round(c, 1))).unwrap_or_default();
        line.push_str(&format!("，目标 {} {}{completion}", t.value.map(|v| v.to_string()).unwrap_or_else(|| t.text.clone()), t.unit));
    }
    if let Some((filed, of)) = f.filed {
        line.push_str(&format!("，报来 {filed}/{of}"));
    }
    print(line.trim_end())
}

/// A Figure as JSON, after the contracts: numbers as strings, `cells` only when asked for.
#[must_use]
pub fn figure_json(f: &Figure, cells: Option<&[Origin]>) -> Value {
    let growth = f.growth.as_ref().map(|g| json!({"how": g.how.key(), "value": one(g.value), "unit": g.unit}));
    let target = f.target.as_ref().map(|t| {
        json!({
            "value": t.value.map(|v| v.to_string()), "unit": t.unit, "bound": t.bound, "text": t.text,
            "completion": t.completion.map(one), "pace": t.pace.map(one), "unit_pace": "百分点",
        })
    });
    let mut value = json!({
        "metric": f.metric, "label": f.label, "zone": f.zone, "subject": f.subject, "slice": f.slice, "period": f.period.to_string(),
        "scenario": f.scenario, "source": f.source, "value": f.value.map(|v| v.to_string()), "unit": f.unit,
        "display": format!("{} {}", f.display, f.display_unit).trim(), "bound": f.bound, "status": f.status, "growth": growth, "target": target,
        "filed": f.filed.map(|(a, b)| [a, b]), "estimated": f.estimated.map(|v| v.to_string()), "as_of": f.as_of.map(|d| d.to_string()),
        "seq": f.seq, "handle": f.handle, "confidence": f.confidence.key(), "reason": f.reason.map(values::Reason::key),
    });
    if let (Some(cells), Value::Object(map)) = (cells, &mut value) {
        map.insert("cells".into(), Value::Array(cells.iter().map(cell_json).collect()));
    }
    value
}

fn cell_json(o: &Origin) -> Value {
    json!({
        "subject": o.subject, "metric": o.metric, "period": o.period.to_string(), "file": o.file, "sha256": o.sha256, "sheet": o.sheet, "cell": o.cell,
        "raw": o.raw, "value": o.value.map(|v| v.to_string()), "unit": o.unit, "place": o.place, "status": o.status,
    })
}

fn one(value: values::Decimal) -> String {
    let mut shown = values::fixed::round(value, 1);
    shown.rescale(1);
    shown.to_string()
}
