//! `suyuan gateway`: the HJ 212 gateway alone, and questions to what it keeps.

use super::{Global, Outcome, print};
use ::gateway::columns::Series;
use ::gateway::{Config, handover};
use anyhow::{Context, Result, bail};
use hj212::codes::Codes;
use hj212::value::Moment;
use std::path::{Path, PathBuf};
use validity::Settings;

/// `suyuan gateway …`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 设置文件；不写则为数据目录下的 gateway.toml
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// 运行网关，直到被要求停下
    Run,
    /// 看网关的状态（由运行中的网关每 5 秒写出）
    Status,
    /// 核对全部分段文件：损坏之处逐一列出
    Verify,
    /// 由分段文件重算全部列与小时值，与现有的比较
    Replay,
    /// 某站某月：每个因子的有效均值、排放量、超标
    Month {
        /// 站的 MN
        mn: String,
        /// 月份，如 2026-01
        month: String,
    },
    /// 平台核查：缺数、恒值、突变、超物理范围、不可能的一对、累计不符
    Checks {
        /// 站的 MN
        mn: String,
        /// 起（YYYYMMDDhhmmss）
        from: String,
        /// 止，不含
        until: String,
    },
    /// 某站的小时值
    Hours {
        /// 站的 MN
        mn: String,
        /// 起（YYYYMMDDhhmmss）
        from: String,
        /// 止，不含
        until: String,
    },
}

/// Runs it.
///
/// # Errors
/// Settings, segments or columns that cannot be read.
pub fn run(args: &Args, global: &Global) -> Result<Outcome> {
    let path = args.config.clone().unwrap_or_else(|| Path::new(&global.data).join("gateway.toml"));
    let mut config = Config::read(&path)?;
    if config.data.is_relative() {
        config.data = Path::new(&global.data).join(&config.data);
    }
    match &args.what {
        What::Run => serve(config),
        What::Status => {
            let file = config.data.join("status.json");
            print(std::fs::read_to_string(&file).with_context(|| format!("打不开“{}”，网关没有运行过", file.display()))?.trim())?;
            Ok(Outcome::Done)
        }
        What::Verify => verify(&config, global),
        What::Replay => replay(&config, global),
        What::Month { mn, month } => of_month(&config, mn, month),
        What::Checks { mn, from, until } => checks(&config, mn, from, until),
        What::Hours { mn, from, until } => hours(&config, mn, from, until),
    }
}

fn serve(config: Config) -> Result<Outcome> {
    // Log lines go to standard error unless a log is set up already.
    let _ = tracing_subscriber::fmt().with_writer(std::io::stderr).try_init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(::gateway::run(config, stop()))?;
    Ok(Outcome::Done)
}

/// Ready on Ctrl-C or SIGTERM.
async fn stop() {
    let mut term = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(term) => term,
        Err(_) => return drop(tokio::signal::ctrl_c().await),
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = term.recv() => {}
    }
}

fn verify(config: &Config, global: &Global) -> Result<Outcome> {
    let mut records = 0u64;
    let media = Box::new(::gateway::Reading(config.data.join("segments")));
    let (_, found) = ::gateway::segment::Log::open(media, config.segment_bytes, 0, |_, _| records += 1)?;
    if global.json {
        print(
            &serde_json::json!({"records": records, "last_seq": found.last_seq, "torn": found.torn, "damage": found.damage}).to_string(),
        )?;
    } else {
        print(&format!("{records} 条记录，末号 {}", found.last_seq))?;
        for damage in &found.damage {
            print(&damage.what)?;
        }
    }
    Ok(if found.damage.is_empty() { Outcome::Done } else { Outcome::Findings })
}

fn replay(config: &Config, global: &Global) -> Result<Outcome> {
    let into = config.data.join("replay");
    if into.exists() {
        std::fs::remove_dir_all(&into)?;
    }
    // Beside a running gateway the columns stand some records behind the segments: compared up to there.
    let kept = ::gateway::state::State::open_reading(&config.data.join("columns"), &config.stations)?;
    let (replayed, damage) = ::gateway::replay(config, &into, kept.last_seq())?;
    let (fresh, seq) = (replayed.digest()?, replayed.last_seq());
    let same = kept.last_seq() == seq && kept.digest()? == fresh;
    let _ = std::fs::remove_dir_all(&into);
    let text = serde_json::json!({"last_seq": seq, "kept_seq": kept.last_seq(), "digest": fresh, "same": same, "damage": damage.len()});
    print(&if global.json {
        text.to_string()
    } else {
        format!("重放至 {seq} 号；{}", if same { "与现有的一致" } else { "与现有的不一致" })
    })?;
    Ok(if same && damage.is_empty() { Outcome::Done } else { Outcome::Findings })
}

fn open(config: &Config, mn: &str) -> Result<(::gateway::state::State, u32)> {
    let state = ::gateway::state::State::open_reading(&config.data.join("columns"), &config.stations)?;
    let station = state.number(mn).with_context(|| format!("没有 MN 为“{mn}”的站"))?;
    Ok((state, station))
}

fn of_month(config: &Config, mn: &str, month: &str) -> Result<Outcome> {
    let (state, station) = open(config, mn)?;
    let parts = month.split_once('-').and_then(|(y, m)| Some((y.parse().ok()?, m.parse().ok()?)));
    let Some((year, of)) = parts else { bail!("“{month}”应写作 2026-01") };
    let handed = handover::month(&state, station, year, of, &Codes::embedded(), &Settings::embedded())?;
    for factor in &handed {
        print(&serde_json::to_string(factor)?)?;
    }
    let out = handed.iter().any(|h| !h.exceedances.is_empty());
    Ok(if out { Outcome::Findings } else { Outcome::Done })
}

fn moment(text: &str) -> Result<Moment> {
    Moment::read(text.as_bytes()).with_context(|| format!("“{text}”不是时间"))
}

fn checks(config: &Config, mn: &str, from: &str, until: &str) -> Result<Outcome> {
    let (state, station) = open(config, mn)?;
    let noticed = handover::checks(&state, station, moment(from)?, moment(until)?, &Codes::embedded(), &Settings::embedded())?;
    for one in &noticed {
        print(&serde_json::to_string(one)?)?;
    }
    Ok(if noticed.is_empty() { Outcome::Done } else { Outcome::Findings })
}

fn hours(config: &Config, mn: &str, from: &str, until: &str) -> Result<Outcome> {
    let (state, station) = open(config, mn)?;
    let found = state.store.hours(station, Series::Minute, moment(from)?, moment(until)?, &state.rolling(station))?;
    for (factor, of) in found {
        for (start, agg) in of {
            let line = serde_json::json!({
                "factor": state.store.code(factor), "start": Moment(start).to_string(), "count": agg.count, "valid": agg.valid,
                "mean": agg.mean().map(|v| v.round_sf(12).unwrap_or(v).normalize().to_string()),
                "weighted": agg.weighted().map(|v| v.round_sf(12).unwrap_or(v).normalize().to_string()),
                "min": agg.min.map(|v| v.to_string()), "max": agg.max.map(|v| v.to_string()), "total": agg.total.to_string(),
            });
            print(&line.to_string())?;
        }
    }
    Ok(Outcome::Done)
}
