//! `suyuan init`: an empty store with one zone and its first administrator.

use super::{Global, Outcome, open, print};
use anyhow::{Result, bail};
use store::published::Zone;

/// `suyuan init`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 园区名称
    #[arg(long)]
    name: String,
    /// 园区标识，小写字母和数字
    #[arg(long, default_value = "zone1")]
    key: String,
}

/// Runs it.
///
/// # Errors
/// The zone is there already, or the store's answer.
pub fn run(args: &Args, global: &Global) -> Result<Outcome> {
    if args.key.is_empty() || !args.key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
        bail!("园区标识“{}”只能用小写字母、数字和下划线", args.key);
    }
    open::with_core(global, true, async |core| {
        if core.store.zones().await?.iter().any(|z| z.zone == args.key) {
            bail!("园区“{}”已经有了；数据没有改动", args.key);
        }
        let mut tx = core.store.begin().await?;
        let zone = Zone { zone: args.key.clone(), label: args.name.clone(), synthetic: false, today: None, kind: "zone".into() };
        tx.put_zone(&zone).await?;
        tx.number_subject(&args.key, "zone", "zone", &args.name, "").await?;
        tx.commit().await?;
        let password = super::user::add(&core, "admin", "系统管理员", "operator", "", "*", None).await?;
        print(&format!("已建立园区“{}”。管理员 admin，一次性口令 {password}（首次登录须更换）", args.name))
    })?;
    Ok(Outcome::Done)
}
