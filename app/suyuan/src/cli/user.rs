//! `suyuan user`: accounts. A new or reset account gets a one-time password, printed once.

use super::{Global, Outcome, open, print};
use anyhow::{Context, Result, anyhow, bail};
use hub::Role;
use std::sync::Arc;
use store::account::Account;
use view::Core;

/// `suyuan user`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 做什么
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// 列出用户
    List,
    /// 新增用户，打印一次性口令
    Add {
        /// 用户名
        name: String,
        /// 姓名
        #[arg(long)]
        label: String,
        /// 角色：operator leader officer enterprise overseer
        #[arg(long)]
        role: String,
        /// 科室标识（经办用）
        #[arg(long, default_value = "")]
        office: String,
        /// 企业编号（企业账号用）
        #[arg(long)]
        enterprise: Option<i64>,
    },
    /// 重置口令并解锁，打印一次性口令
    Reset {
        /// 用户名
        name: String,
    },
}

/// Runs it.
///
/// # Errors
/// A wrong role, no such user, or the store's answer.
pub fn run(args: &Args, global: &Global) -> Result<Outcome> {
    open::with_core(global, true, async |core| {
        match &args.what {
            What::List => {
                for a in core.store.accounts().await? {
                    print(&format!("{}\t{}\t{}\t{}\t{}", a.name, a.label, a.role, a.office, a.home))?;
                }
            }
            What::Add { name, label, role, office, enterprise } => {
                if Role::from_key(role) == Role::Anonymous {
                    bail!("没有角色“{role}”；可用 operator、leader、officer、enterprise、overseer");
                }
                let zone = core.zone(global.zone.as_deref()).await?.zone;
                let password = add(&core, name, label, role, office, &zone, *enterprise).await?;
                print(&format!("用户 {name}，一次性口令 {password}（首次登录须更换）"))?;
            }
            What::Reset { name } => {
                let account = core.store.account(name).await?.with_context(|| format!("没有用户“{name}”"))?;
                let password = web::account::one_time_password().map_err(|e| anyhow!(e))?;
                let hash = web::account::hash(&password).map_err(|e| anyhow!(e))?;
                let fresh = Account { hash, one_time: true, failures: 0, locked_until: None, ..account };
                core.store.put_account(&fresh, &core.clock.stamp()).await?;
                core.store.end_sessions(None, name).await?;
                print(&format!("用户 {name}，一次性口令 {password}（首次登录须更换）"))?;
            }
        }
        Ok(())
    })?;
    Ok(Outcome::Done)
}

/// Adds an account with a one-time password and returns the password.
///
/// # Errors
/// The name is taken, or the store's answer.
pub async fn add(
    core: &Arc<Core>,
    name: &str,
    label: &str,
    role: &str,
    office: &str,
    home: &str,
    enterprise: Option<i64>,
) -> Result<String> {
    if core.store.account(name).await?.is_some() {
        bail!("用户名“{name}”已被使用");
    }
    let password = web::account::one_time_password().map_err(|e| anyhow!(e))?;
    let account = Account {
        name: name.into(),
        label: label.into(),
        hash: web::account::hash(&password).map_err(|e| anyhow!(e))?,
        role: role.into(),
        office: office.into(),
        home: home.into(),
        enterprise,
        one_time: true,
        failures: 0,
        locked_until: None,
    };
    core.store.put_account(&account, &core.clock.stamp()).await?;
    Ok(password)
}
