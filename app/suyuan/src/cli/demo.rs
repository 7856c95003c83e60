//! `suyuan demo`: builds the sample store by the ordinary import, and ends.

use super::{Global, Outcome, open, print};
use anyhow::{Context, Result, bail};
use intake::{Request, Target};
use std::sync::Arc;
use store::published::Zone;
use view::Core;

/// `suyuan demo`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 把示例工作簿另存到此目录
    #[arg(long)]
    workbooks: Option<std::path::PathBuf>,
}

const PUBLISHED: &[u8] = include_bytes!("../../../../demo/public/figures.csv");

/// Runs it.
///
/// # Errors
/// The directory holds data already, or an import that should be clean is not.
pub fn run(args: &Args, global: &Global) -> Result<Outcome> {
    let books = demo::workbooks().context("示例工作簿写不出来")?;
    if let Some(folder) = &args.workbooks {
        std::fs::create_dir_all(folder)?;
        for book in &books {
            std::fs::write(folder.join(&book.name), &book.bytes)?;
        }
    }
    open::with_core(global, true, async |core| {
        if !core.store.zones().await?.is_empty() {
            bail!("数据目录“{}”里已有数据，没有改动；请换一个空目录", global.data);
        }
        zones(&core).await?;
        for book in books {
            let target = match &book.import {
                demo::Import::Ledger(key) => Target::Ledger((*key).to_owned()),
                demo::Import::AsFiled(form, period) => Target::AsFiled((*form).to_owned(), *period),
                demo::Import::Figures => Target::Figures,
            };
            import(&core, "demo", &book.name, book.bytes, target).await?;
        }
        import(&core, "public", "公开数据.csv", PUBLISHED.to_vec(), Target::Figures).await?;
        accounts(&core).await
    })?;
    Ok(Outcome::Done)
}

async fn zones(core: &Arc<Core>) -> Result<()> {
    let mut tx = core.store.begin().await?;
    for (zone, label, synthetic, today, kind) in
        [("demo", "示范经开区", true, Some(demo::TODAY), "zone"), ("public", "公开数据", false, None, "public")]
    {
        let zone = Zone { zone: zone.into(), label: label.into(), synthetic, today: today.map(str::to_owned), kind: kind.into() };
        tx.put_zone(&zone).await?;
        tx.number_subject(&zone.zone, "zone", "zone", label, "").await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn import(core: &Arc<Core>, zone: &str, file: &str, bytes: Vec<u8>, target: Target) -> Result<()> {
    let request = Request { zone: zone.into(), file: file.into(), bytes, target, lang: values::Lang::Zh };
    let staged = intake::stage(core, &request).await.with_context(|| format!("示例文件“{file}”"))?;
    let done = intake::apply(core, zone, "demo", &staged).await?;
    let c = done.counts;
    print(&format!("第 {} 批 {file}：新增 {} 行，变化 {}，不变 {}，拒绝 {}", done.batch, c.new, c.changed, c.same, c.rejected))
}

/// Sample accounts, each with a one-time password that is printed once.
async fn accounts(core: &Arc<Core>) -> Result<()> {
    for (name, label, role, office) in
        [("admin", "系统管理员", "operator", ""), ("leader", "领导 · 示例", "leader", ""), ("economy", "经发 · 示例", "officer", "economy")]
    {
        let home = if role == "operator" { "*" } else { "demo" };
        let password = super::user::add(core, name, label, role, office, home, None).await?;
        print(&format!("用户 {name}（{label}），一次性口令 {password}"))?;
    }
    Ok(())
}
