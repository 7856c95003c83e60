//! `suyuan audit verify`: proves the log, or names the first thing that was changed.

use super::{Global, Outcome, open, print};
use anyhow::Result;
use serde_json::json;

/// `suyuan audit`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 做什么
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// 核对日志的哈希链
    Verify {
        /// 报告上印的锚值；给出时还核对其后的记录没有被截去
        #[arg(long)]
        anchor: Option<String>,
    },
}

/// Runs it.
///
/// # Errors
/// The store's answer; a broken chain is exit code 1.
pub fn run(args: &Args, global: &Global) -> Result<Outcome> {
    let What::Verify { anchor } = &args.what;
    open::with_core(global, false, async |core| {
        let zone = core.zone(global.zone.as_deref()).await?.zone;
        let report = core.store.audit(&zone, anchor.as_deref()).await?;
        if global.json {
            let value = json!({"zone": zone, "commits": report.commits, "changes": report.changes, "anchor": report.anchor, "broken": report.broken});
            print(&value.to_string())?;
        } else if let Some(broken) = &report.broken {
            print(&format!("不符：{broken}"))?;
        } else {
            print(&format!("相符：{} 次提交，{} 条变更；锚值 {}", report.commits, report.changes, report.anchor))?;
        }
        Ok(if report.broken.is_some() { Outcome::Findings } else { Outcome::Done })
    })
}
