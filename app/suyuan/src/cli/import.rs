//! `suyuan import`: a workbook into a ledger, as filings of a form, or as figures; and its undo.

use super::{Global, Outcome, open, print};
use anyhow::{Result, bail};
use intake::{Applied, IntakeError, Request, Staged, Target};
use serde_json::json;
use std::sync::Arc;
use values::{Findings, Lang, Period, Severity};
use view::Core;

/// `suyuan import`
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    /// 撤销一批
    #[command(subcommand)]
    what: Option<What>,
    /// 工作簿，- 为标准输入
    file: Option<String>,
    /// 导入到台账
    #[arg(long, conflicts_with_all = ["form", "figures"])]
    ledger: Option<String>,
    /// 作为报表的数据
    #[arg(long, requires = "period")]
    form: Option<String>,
    /// 报告期，如 2025-01..09、2025年1-9月
    #[arg(long)]
    period: Option<String>,
    /// 按企业已在别处报送的数代录（来源记为企业）
    #[arg(long, requires = "form")]
    as_filed: bool,
    /// 逐行的指标数（指标、报告期、数值、计量单位）
    #[arg(long, conflicts_with = "form")]
    figures: bool,
    /// 只检查，不写入
    #[arg(long)]
    dry_run: bool,
    /// 把错误写回工作簿另存
    #[arg(long)]
    errors_to: Option<std::path::PathBuf>,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// 撤销第 N 批导入
    Undo {
        /// 批号
        batch: i64,
    },
}

/// Runs it.
///
/// # Errors
/// An unreadable file, wrong options, or the store's answer.
pub fn run(args: &Args, global: &Global) -> Result<Outcome> {
    if let Some(What::Undo { batch }) = &args.what {
        return undo(*batch, global);
    }
    let Some(file) = &args.file else { bail!("请给出要导入的文件") };
    let target = target(args)?;
    let bytes = super::read_input(file)?;
    let name = std::path::Path::new(file).file_name().map_or_else(|| file.clone(), |n| n.to_string_lossy().into_owned());
    open::with_core(global, !args.dry_run, async |core| {
        let zone = core.zone(global.zone.as_deref()).await?.zone;
        let request = Request { zone: zone.clone(), file: name, bytes, target, lang: global.lang.into() };
        let staged = intake::stage(&core, &request).await?;
        if let Some(path) = &args.errors_to {
            std::fs::write(path, intake::error_workbook(&staged, request.lang)?)?;
        }
        let nothing = args.dry_run || (staged.is_empty() && staged.has_error());
        let applied = if nothing { None } else { Some(apply(&core, &request, staged.clone()).await?) };
        report(&staged, applied.as_ref(), global)?;
        Ok(if staged.has_error() { Outcome::Findings } else { Outcome::Done })
    })
}

fn target(args: &Args) -> Result<Target> {
    if let Some(ledger) = &args.ledger {
        return Ok(Target::Ledger(ledger.clone()));
    }
    if args.figures {
        return Ok(Target::Figures);
    }
    let (Some(form), Some(period)) = (&args.form, &args.period) else {
        bail!("请指明 --ledger 台账，或 --form 报表 --period 报告期，或 --figures")
    };
    let period = Period::parse(period)?;
    Ok(if args.as_filed { Target::AsFiled(form.clone(), period) } else { Target::Office(form.clone(), period) })
}

/// Applies; if somebody was quicker, stages once more against what stands now.
async fn apply(core: &Arc<Core>, request: &Request, staged: Staged) -> Result<Applied> {
    match intake::apply(core, &request.zone, "operator", &staged).await {
        Err(IntakeError::Overtaken) => {
            let again = intake::stage(core, request).await?;
            Ok(intake::apply(core, &request.zone, "operator", &again).await?)
        }
        other => Ok(other?),
    }
}

fn undo(batch: i64, global: &Global) -> Result<Outcome> {
    open::with_core(global, true, async |core| {
        let zone = core.zone(global.zone.as_deref()).await?.zone;
        let (applied, conflicts) = intake::undo(&core, &zone, "operator", batch).await?;
        if global.json {
            let c = applied.counts;
            print(
                &json!({"batch": applied.batch, "undone": batch, "changed": c.changed, "conflict": c.conflict, "findings": conflicts})
                    .to_string(),
            )?;
        } else {
            print(&format!(
                "已撤销第 {batch} 批（记为第 {} 批）：改回 {} 项，冲突 {} 项",
                applied.batch,
                applied.counts.changed,
                conflicts.len()
            ))?;
            for finding in &conflicts {
                print(&format!("  {} {}", finding.place, intake::texts::sentence(finding, global.lang.into())))?;
            }
        }
        Ok(if conflicts.is_empty() { Outcome::Done } else { Outcome::Findings })
    })
}

fn report(staged: &Staged, applied: Option<&Applied>, global: &Global) -> Result<()> {
    let c = staged.counts;
    let lang: Lang = global.lang.into();
    let findings: Findings = Findings(staged.findings.iter().map(|f| told(f, lang)).collect());
    if global.json {
        let changes: Vec<_> =
            staged.changes.iter().map(|[place, field, was, now]| json!({"place": place, "field": field, "was": was, "now": now})).collect();
        let value = json!({
            "batch": applied.map(|a| a.batch), "new": c.new, "changed": c.changed, "same": c.same, "conflict": c.conflict,
            "rejected": c.rejected, "ignored": c.ignored, "changes": changes, "unmapped": staged.unmapped, "findings": findings,
        });
        return print(&value.to_string());
    }
    let head = applied.map_or_else(|| "未写入".to_owned(), |a| format!("第 {} 批", a.batch));
    print(&format!(
        "{head}：新增 {}，变化 {}，不变 {}，冲突 {}，拒绝 {}；未采用的单元格 {}",
        c.new, c.changed, c.same, c.conflict, c.rejected, c.ignored
    ))?;
    for [place, field, was, now] in staged.changes.iter().take(20) {
        print(&format!("  改 {place} {field}：{was} → {now}"))?;
    }
    for finding in findings.iter() {
        let mark = match finding.severity {
            Severity::Error => "错",
            Severity::Warning => "疑",
            Severity::Note => "注",
        };
        print(&format!("  {mark} {}：{}。{}", finding.place, intake::texts::sentence(finding, lang), finding.remedy))?;
    }
    Ok(())
}

fn told(finding: &values::Finding, lang: Lang) -> values::Finding {
    intake::texts::filled(finding.clone(), lang)
}
