//! Opening a store for a command: the local operator, all rights, logged.

use super::{Global, block_on};
use anyhow::{Context, Result};
use hub::{Role, Visitor};
use std::sync::Arc;
use store::Store;
use view::{Clock, Core, ZoneView};

/// The clock of the machine; the only place outside benchmarks that asks it.
#[allow(clippy::disallowed_methods, reason = "the shell is where time comes from")]
#[must_use]
pub fn clock() -> Clock {
    Clock::new(jiff::Timestamp::now)
}

/// The local operator.
#[must_use]
pub fn operator() -> Visitor {
    Visitor { name: "operator".into(), label: "本机操作员".into(), role: Role::Operator, office: String::new(), enterprise: None }
}

/// Runs `work` on an opened store; `write` asks for the one writing place of a directory.
///
/// # Errors
/// The store's answer, or that of `work`.
pub fn with_core<T, F>(global: &Global, write: bool, work: impl FnOnce(Arc<Core>) -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    block_on(async {
        let store = if write { Store::open(&global.data).await } else { Store::open_reading(&global.data).await };
        let store = match store {
            // Its own sentence says what to do.
            Err(e @ store::StoreError::Locked(_)) => return Err(e.into()),
            other => other.with_context(|| format!("打不开数据“{}”；可先运行 suyuan init 或 suyuan demo", global.data))?,
        };
        let core = Arc::new(Core::new(store.clone(), crate::subjects::entries().collect(), clock())?);
        let done = work(core).await;
        store.close().await;
        done
    })
}

/// Runs `work` on a View, on a blocking thread: as the operator, or as `--as USER`.
///
/// # Errors
/// No such zone or user, the store's answer, or that of `work`.
pub async fn with_view<T: Send + 'static>(
    core: &Arc<Core>,
    global: &Global,
    work: impl FnOnce(&ZoneView) -> Result<T> + Send + 'static,
) -> Result<T> {
    let visitor = match &global.as_user {
        None => operator(),
        Some(name) => {
            let account = core.store.account(name).await?.with_context(|| format!("没有用户“{name}”"))?;
            Visitor {
                name: account.name,
                label: account.label,
                role: Role::from_key(&account.role),
                office: account.office,
                enterprise: account.enterprise,
            }
        }
    };
    let view = core.view(global.zone.as_deref(), visitor, global.lang.into()).await?;
    tokio::task::spawn_blocking(move || work(&view)).await?
}
