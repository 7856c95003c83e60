//! `suyuan serve`: the pages, on loopback unless told otherwise; stops gracefully.

use super::{Global, Outcome, open, print};
use anyhow::{Context, Result};

/// `suyuan serve`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 监听地址；端口 0 由系统选
    #[arg(long, default_value = "127.0.0.1:8080", env = "SUYUAN_LISTEN")]
    listen: String,
    /// 由反向代理提供 TLS：会话 Cookie 只经 TLS 传送
    #[arg(long)]
    behind_tls: bool,
}

/// Runs it until it is told to stop.
///
/// # Errors
/// The address is taken, or the store's answer.
pub fn run(args: &Args, global: &Global) -> Result<Outcome> {
    tracing_subscriber::fmt().with_env_filter(filter()).with_writer(std::io::stderr).init();
    open::with_core(global, true, async |core| {
        let listener =
            tokio::net::TcpListener::bind(&args.listen).await.with_context(|| format!("地址 {} 用不了，可能已被占用", args.listen))?;
        let address = listener.local_addr()?;
        let app = web::App { core, secure: args.behind_tls };
        print(&format!("溯园已启动：http://{address}/"))?;
        axum::serve(listener, web::router(app)).with_graceful_shutdown(stopped()).await?;
        print("溯园已停止")
    })?;
    Ok(Outcome::Done)
}

fn filter() -> tracing_subscriber::EnvFilter {
    tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"))
}

async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
            let _ = interrupt.await;
            return;
        };
        tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
    }
    #[cfg(not(unix))]
    let _ = interrupt.await;
}
