//! `suyuan export`: a whole ledger as a workbook, in the layout of its template.

use super::{Global, Outcome, open, print};
use anyhow::{Context, Result, bail};
use hub::{Act, View};
use std::path::PathBuf;

/// `suyuan export`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 台账标识
    #[arg(long)]
    ledger: String,
    /// 存到（.xlsx）
    #[arg(long)]
    out: PathBuf,
}

/// Runs it.
///
/// # Errors
/// No such ledger, no right, or the file cannot be written.
pub fn run(args: &Args, global: &Global) -> Result<Outcome> {
    open::with_core(global, false, async |core| {
        let key = args.ledger.clone();
        let (bytes, rows) = open::with_view(&core, global, move |view| {
            let Some(ledger) = view.ledger(&key) else { bail!("没有台账“{key}”，或没有权限") };
            if !view.may(Act::Export, &key) {
                bail!("没有导出“{}”的权限", ledger.label);
            }
            let rows = view.count(&key, &[])?;
            Ok((web::record::workbook(view, ledger)?, rows))
        })
        .await?;
        std::fs::write(&args.out, bytes).with_context(|| format!("写不了文件“{}”", args.out.display()))?;
        if global.json {
            return print(&serde_json::json!({"file": args.out, "rows": rows}).to_string());
        }
        print(&format!("已导出 {rows} 行到 {}", args.out.display()))
    })?;
    Ok(Outcome::Done)
}
