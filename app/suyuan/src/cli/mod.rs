//! The command line: one file for each noun (`cli/NOUN.rs`) with its `Args` and `run`.
//!
//! Exit codes: 0 done and true · 1 done, but findings or false · 2 wrong usage
//! · 3 failed. With `--json` standard output holds one object (or one a line
//! where `docs/cli.md` says so), decimals as strings.

pub mod audit;
pub mod cap;
pub mod chain;
pub mod demo;
pub mod doctor;
pub mod export;
pub mod gateway;
mod hazard;
pub mod hj212;
pub mod import;
pub mod init;
pub mod metric;
pub mod migrate;
pub mod open;
pub mod report;
mod rules;
pub mod serve;
mod tables;
pub mod user;

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};
use std::io::Write;
use std::process::ExitCode;

/// 溯园：开发区的台账、指标与报告。
#[derive(Debug, Parser)]
#[command(name = "suyuan", version)]
pub struct Cli {
    /// What every command shares.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options that every command takes.
#[derive(Debug, Clone, clap::Args)]
pub struct Global {
    /// 数据目录，或 postgres:// 地址
    #[arg(long, env = "SUYUAN_DATA", default_value = "./data", global = true)]
    pub data: String,
    /// 园区标识；不写则用数据里自己的园区
    #[arg(long, global = true)]
    pub zone: Option<String>,
    /// 以 JSON 输出
    #[arg(long, global = true)]
    pub json: bool,
    /// 语言
    #[arg(long, value_enum, default_value = "zh", global = true)]
    pub lang: LangArg,
    /// 以某用户的权限执行
    #[arg(long = "as", value_name = "USER", global = true)]
    pub as_user: Option<String>,
}

/// Language option.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum LangArg {
    /// 中文
    Zh,
    /// English
    En,
}

impl From<LangArg> for values::Lang {
    fn from(lang: LangArg) -> Self {
        match lang {
            LangArg::Zh => Self::Zh,
            LangArg::En => Self::En,
        }
    }
}

/// Commands; each stands in a file of its own.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// 性能测量：先核对结果，再计时
    Bench(crate::bench::Args),
    /// 升级数据结构；draft 写出新台账的建表草稿
    Migrate(migrate::Args),
    /// 新建一个空的园区数据，并给出管理员的一次性口令
    Init(init::Args),
    /// 建立示例数据
    Demo(demo::Args),
    /// 启动网页服务
    Serve(serve::Args),
    /// 导入工作簿，或撤销一批
    Import(import::Args),
    /// 把一个台账导出为工作簿
    Export(export::Args),
    /// 查一个指标：数值、增长、目标、来源单元格
    Metric(metric::Args),
    /// 报告：生成、核验、刷新
    Report(report::Args),
    /// 核对日志的哈希链
    Audit(audit::Args),
    /// 用户
    User(user::Args),
    /// 体检：定义、结构、日志
    Doctor(doctor::Args),
    /// 产业链：供给率、缺口、试算、对接、组合、图谱
    Chain(chain::Args),
    /// 危险源：辨识分级、泄漏、扩散、火灾爆炸
    Hazard(hazard::Args),
    /// 预警消息：核对、写出（CAP 1.2）
    Cap(cap::Args),
    /// 规则书：检查、判定、差距、评分
    Rules(rules::Args),
    /// 识读表格文件
    Tables(tables::Args),
    /// HJ 212 网关：运行、状态、核对、月值
    Gateway(gateway::Args),
    /// HJ 212 报文：解析、编码、模拟站
    Hj212(hj212::Args),
}

/// How a command that ran to its end ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done, and nothing to complain of.
    Done,
    /// Done, but there are findings, or the answer is no.
    Findings,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::SUCCESS,
            Outcome::Findings => Self::from(1),
        }
    }
}

/// Runs one command.
///
/// # Errors
/// What stopped it, to be printed; exit code 3.
pub fn run(cli: Cli) -> Result<Outcome> {
    let global = cli.global;
    match cli.command {
        Command::Bench(args) => crate::bench::run(&args, &global),
        Command::Migrate(args) => migrate::run(&args, &global),
        Command::Init(args) => init::run(&args, &global),
        Command::Demo(args) => demo::run(&args, &global),
        Command::Serve(args) => serve::run(&args, &global),
        Command::Import(args) => import::run(&args, &global),
        Command::Export(args) => export::run(&args, &global),
        Command::Metric(args) => metric::run(&args, &global),
        Command::Report(args) => report::run(&args, &global),
        Command::Audit(args) => audit::run(&args, &global),
        Command::User(args) => user::run(&args, &global),
        Command::Doctor(args) => doctor::run(&args, &global),
        Command::Chain(args) => chain::run(&args, &global),
        Command::Hazard(args) => hazard::run(&args, &global),
        Command::Cap(args) => cap::run(&args, &global),
        Command::Rules(args) => rules::run(&args, &global),
        Command::Tables(args) => tables::run(&args, &global),
        Command::Gateway(args) => gateway::run(&args, &global),
        Command::Hj212(args) => hj212::run(&args, &global),
    }
}

/// Writes to standard output; a closed pipe ends quietly instead of panicking.
///
/// # Errors
/// Any other write error.
pub fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush()) {
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => std::process::exit(0),
        other => Ok(other?),
    }
}

/// Reads a file, or standard input for `-`.
///
/// # Errors
/// With the file's name in the sentence.
pub fn read_input(path: &str) -> Result<Vec<u8>> {
    use anyhow::Context;
    if path == "-" {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes).context("读不了标准输入")?;
        return Ok(bytes);
    }
    std::fs::read(path).with_context(|| format!("打不开文件“{path}”"))
}

/// Runs an asynchronous piece of work to its end.
///
/// # Errors
/// Its own.
pub fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}
