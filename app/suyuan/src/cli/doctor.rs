//! `suyuan doctor`: definitions, schema, columns, log — whatever can be checked without asking anybody.

use super::{Global, Outcome, open, print};
use anyhow::Result;
use serde_json::json;
use values::Finding;

/// `suyuan doctor`
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs it.
///
/// # Errors
/// The store's answer; findings are exit code 1.
pub fn run(_args: &Args, global: &Global) -> Result<Outcome> {
    open::with_core(global, false, async |core| {
        let mut findings: Vec<Finding> = core.definitions.findings.clone();
        let version = store::migrate::version(&core.store).await?;
        for zone in core.store.zones().await? {
            let report = core.store.audit(&zone.zone, None).await?;
            findings.extend(report.broken.map(|b| Finding::error("doctor.chain_broken").at(&zone.zone).found(b)));
            let one = Global { zone: Some(zone.zone.clone()), as_user: None, ..global.clone() };
            findings.extend(open::with_view(&core, &one, |v| Ok(v.resident().findings.clone())).await?);
        }
        if global.json {
            print(&json!({"schema": version, "findings": findings}).to_string())?;
        } else {
            print(&format!("数据结构第 {version} 版；{} 个问题", findings.len()))?;
            for f in &findings {
                print(&format!("  {} {} {} {} {}", f.rule, f.place, f.field, f.found, f.remedy))?;
            }
        }
        Ok(if findings.is_empty() { Outcome::Done } else { Outcome::Findings })
    })
}
