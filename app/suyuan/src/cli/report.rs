//! `suyuan report`: builds, verifies and refreshes reports.

use super::{Global, Outcome, open, print};
use anyhow::{Context, Result, anyhow, bail};
use gongwen::FrozenReport;
use gongwen::read::ReadDocument;
use gongwen::verify::{State, Verdict};
use hub::View;
use serde_json::json;
use std::path::PathBuf;
use std::sync::Arc;
use store::published::Published;
use values::{Findings, Period};
use view::Core;

/// `suyuan report`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 做什么
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// 生成报告（Word）
    Build {
        /// 报告种类
        #[arg(value_parser = ["annual"])]
        kind: String,
        /// 年度
        #[arg(long)]
        year: i32,
        /// 主体：zone，或 peer:苏州工业园区
        #[arg(long, default_value = "zone")]
        subject: String,
        /// 存到
        #[arg(long)]
        out: PathBuf,
    },
    /// 核验报告：每个数是否与数据一致
    Verify {
        /// Word 文件
        file: String,
    },
    /// 把今天的数填回改过的报告
    Refresh {
        /// Word 文件
        file: String,
        /// 存到
        #[arg(long)]
        out: PathBuf,
    },
}

/// Runs it.
///
/// # Errors
/// An unreadable file, a faulty template, or the store's answer.
pub fn run(args: &Args, global: &Global) -> Result<Outcome> {
    match &args.what {
        What::Build { kind, year, subject, out } => build(kind, *year, subject, out, global),
        What::Verify { file } => verify(file, global),
        What::Refresh { file, out } => refresh(file, out, global),
    }
}

fn build(kind: &str, year: i32, subject: &str, out: &PathBuf, global: &Global) -> Result<Outcome> {
    open::with_core(global, true, async |core| {
        let (asked, own) = (subject.to_owned(), global.clone());
        let (zone, seq, anchor, built) = open::with_view(&core, &own, move |view| {
            if asked != "zone" && view.resident().facts.subject_number(&asked).is_err() {
                bail!("没有主体“{asked}”");
            }
            let built = report::annual(view, &asked, year).map_err(|f| told(&f))?;
            Ok((view.zone().key.clone(), view.seq(), view.anchor().to_owned(), built))
        })
        .await?;
        std::fs::write(out, &built.docx).with_context(|| format!("写不了文件“{}”", out.display()))?;
        let published = Published {
            report: built.id.clone(),
            at: core.clock.stamp(),
            who: "operator".into(),
            kind: kind.to_owned(),
            subject: subject.to_owned(),
            period: Period::year(year).map_or(0, Period::code),
            seq,
            anchor,
            frozen: built.frozen.to_json(),
        };
        core.store.publish(&zone, &published).await?;
        if global.json {
            let left: Vec<_> = built.left_out.iter().map(left_json).collect();
            return print(&json!({"file": out, "report": built.id, "figures": built.figures, "left_out": left}).to_string());
        }
        print(&format!("已生成 {}：{} 个数，报告号 {}", out.display(), built.figures, built.id))?;
        for l in &built.left_out {
            let why = l.reason.map_or("整节没有数据", values::Reason::word);
            print(&format!("  略去 {}（{}）{}：{why}", l.label, l.period, l.section))?;
        }
        Ok(())
    })?;
    Ok(Outcome::Done)
}

fn left_json(l: &gongwen::LeftOut) -> serde_json::Value {
    json!({"section": l.section, "line": l.line, "reference": l.reference, "label": l.label, "period": l.period, "reason": l.reason.map(values::Reason::key)})
}

fn told(findings: &Findings) -> anyhow::Error {
    let lines: Vec<String> = findings.iter().map(|f| format!("{} {} {} {}", f.place, f.found, f.expected, f.remedy)).collect();
    anyhow!("没有生成文件：\n{}", lines.join("\n"))
}

/// The document, its zone, subject and frozen report.
async fn frozen_of(core: &Arc<Core>, file: &str, global: &Global) -> Result<(ReadDocument, String, String, FrozenReport)> {
    let bytes = super::read_input(file)?;
    let document = ReadDocument::read(bytes).map_err(|e| {
        let f = e.finding(global.lang.into());
        anyhow!("文件“{file}”：{} {}", f.expected, f.remedy)
    })?;
    let known = core.store.zones().await?;
    let zone = match (&document.manifest, &global.zone) {
        (_, Some(zone)) => zone.clone(),
        (Some(m), None) if known.iter().any(|z| z.zone == m.zone) => m.zone.clone(),
        _ => core.zone(None).await?.zone,
    };
    let published = match &document.manifest {
        Some(m) => core.store.published(&zone, &m.report).await?,
        None => closest(core, &zone, &document).await?,
    };
    let subject = published.as_ref().map_or_else(|| "zone".to_owned(), |p| p.subject.clone());
    let frozen = published.and_then(|p| FrozenReport::from_json(&p.frozen).ok()).unwrap_or_default();
    Ok((document, zone, subject, frozen))
}

/// The published report that shares most ids with a document whose manifest is gone.
async fn closest(core: &Arc<Core>, zone: &str, document: &ReadDocument) -> Result<Option<Published>> {
    let shared = |p: &Published| {
        let frozen = FrozenReport::from_json(&p.frozen).unwrap_or_default();
        document.marks.iter().filter(|m| frozen.figure(&m.id).is_some()).count()
    };
    let all = core.store.published_all(zone, 100).await?;
    Ok(all.into_iter().map(|p| (shared(&p), p)).filter(|(n, _)| *n > 0).max_by_key(|(n, p)| (*n, p.at.clone())).map(|(_, p)| p))
}

fn verify(file: &str, global: &Global) -> Result<Outcome> {
    open::with_core(global, false, async |core| {
        let (document, zone, subject, frozen) = frozen_of(&core, file, global).await?;
        let own = Global { zone: Some(zone), ..global.clone() };
        let result = open::with_view(&core, &own, move |view| Ok(report::verify::verify(view, &subject, &document, &frozen))).await?;
        if global.json {
            print(&serde_json::to_string(&result)?)?;
        } else {
            let count = |state: State| result.figures.iter().filter(|f| f.state == state).count();
            let all = [
                State::True,
                State::Restated,
                State::Altered,
                State::Moved,
                State::Removed,
                State::TypedMatches,
                State::TypedContradicts,
                State::Unknown,
            ];
            let counted = all.iter().map(|s| (*s, count(*s))).filter(|(s, n)| *n > 0 || *s == State::True);
            let told: Vec<String> = counted.map(|(s, n)| format!("{} {n}", word(s))).collect();
            print(&format!("{} 个数：{}", result.figures.len(), told.join("，")))?;
            for f in result.figures.iter().filter(|f| f.state != State::True) {
                print(&format!(
                    "  {} {} {} {}：文中 {}，数据 {}。{}",
                    word(f.state),
                    f.place,
                    f.label,
                    f.period,
                    f.printed,
                    f.expected,
                    f.why
                ))?;
            }
        }
        Ok(if result.verdict == Verdict::True { Outcome::Done } else { Outcome::Findings })
    })
}

/// A state in words.
fn word(state: State) -> &'static str {
    match state {
        State::True => "一致",
        State::Restated => "之后有更正",
        State::Altered => "被改动",
        State::Moved => "移了位置",
        State::Removed => "被删去",
        State::TypedMatches => "手填相符",
        State::TypedContradicts => "手填不符",
        State::Unknown => "查不到",
    }
}

fn refresh(file: &str, out: &PathBuf, global: &Global) -> Result<Outcome> {
    open::with_core(global, true, async |core| {
        let (document, zone, subject, frozen) = frozen_of(&core, file, global).await?;
        if frozen.figures.is_empty() {
            bail!("库里没有这份报告的底稿，不能刷新；可先核验它出自哪个园区");
        }
        let own = Global { zone: Some(zone.clone()), ..global.clone() };
        let manifest = document.manifest.clone();
        let about = subject.clone();
        let (refreshed, seq, anchor) = open::with_view(&core, &own, move |view| {
            let fresh = manifest.map(|m| gongwen::docx::Manifest {
                report: format!("{}r{}", m.report.split('r').next().unwrap_or_default(), view.seq()),
                seq: view.seq(),
                anchor: view.anchor().to_owned(),
                ..m
            });
            let done = report::verify::refresh(view, &about, &document, &frozen, fresh.as_ref())?;
            Ok(((done, fresh), view.seq(), view.anchor().to_owned()))
        })
        .await?;
        let (done, manifest) = refreshed;
        std::fs::write(out, &done.bytes).with_context(|| format!("写不了文件“{}”", out.display()))?;
        if let Some(m) = &manifest {
            let published = Published {
                report: m.report.clone(),
                at: core.clock.stamp(),
                who: "operator".into(),
                kind: "annual".into(),
                subject,
                period: Period::parse(&m.period).map_or(0, Period::code),
                seq,
                anchor,
                frozen: done.frozen.to_json(),
            };
            core.store.publish(&zone, &published).await?;
        }
        if global.json {
            print(&json!({"file": out, "changed": done.changed, "look": done.look, "left": done.left}).to_string())?;
        } else {
            print(&format!("已刷新 {}：改了 {} 个数", out.display(), done.changed.len()))?;
            for c in &done.changed {
                print(&format!("  {} {} {}：{} → {}", c.place, c.label, c.period, c.was, c.now))?;
            }
            for l in &done.look {
                print(&format!("  请看 {}：{}（{}）", l.place, l.sentence, l.why))?;
            }
        }
        Ok(())
    })?;
    Ok(Outcome::Done)
}
