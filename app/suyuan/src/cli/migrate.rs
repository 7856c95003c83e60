//! `suyuan migrate`: brings a store to the newest schema; drafts a migration for whoever adds a ledger.

use super::{Global, Outcome, print};
use anyhow::Result;

/// `suyuan migrate`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// draft：按结构写出建表语句草稿；lock：写出 schema.lock；不写则升级数据
    #[arg(value_parser = ["draft", "lock"])]
    what: Option<String>,
    /// 只写这些台账的草稿
    ledgers: Vec<String>,
}

/// Runs it.
///
/// # Errors
/// The store's answer.
pub fn run(args: &Args, global: &Global) -> Result<Outcome> {
    match args.what.as_deref() {
        Some("draft") => {
            let all = crate::subjects::ledgers();
            let drafts = all.values().filter(|l| args.ledgers.is_empty() || args.ledgers.contains(&l.key)).map(store::sql::create);
            print(drafts.collect::<String>().trim_end())?;
        }
        Some(_) => print(crate::subjects::lock_text().trim_end())?,
        None => {
            let version = super::block_on(async {
                let store = store::Store::open(&global.data).await?;
                let version = store::migrate::version(&store).await?;
                store.close().await;
                anyhow::Ok(version)
            })?;
            print(&if global.json { format!("{{\"version\":{version}}}") } else { format!("数据结构为第 {version} 版") })?;
        }
    }
    Ok(Outcome::Done)
}
