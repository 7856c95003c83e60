//! `suyuan bench NAME`: measures one piece of work after checking its result.
//!
//! One file for each name (`bench/NAME.rs`) with a `run` that returns a
//! [`Report`]. Timed in the shell only; never part of a test.

mod chain;
mod gateway;
mod hazard;
mod hj212;
mod import;
mod metrics;
mod portfolio;

use crate::cli::{Global, Outcome, print};
use anyhow::{Result, bail};
use std::time::{Duration, Instant};

/// `suyuan bench NAME`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 名称
    name: String,
}

/// What a benchmark prints.
#[derive(Debug, serde::Serialize)]
pub struct Report {
    /// Its name.
    pub name: String,
    /// True when the results were checked against an independent answer first.
    pub checked: bool,
    /// One line a piece of work.
    pub results: Vec<Line>,
}

/// One measured figure.
#[derive(Debug, serde::Serialize)]
pub struct Line {
    /// What was done.
    pub work: String,
    /// The figure, as text.
    pub value: String,
    /// Its unit.
    pub unit: String,
}

impl Report {
    /// An empty report.
    #[must_use]
    pub fn new(name: &str, checked: bool) -> Self {
        Self { name: name.into(), checked, results: Vec::new() }
    }
    /// Adds one figure.
    pub fn push(&mut self, work: impl Into<String>, value: impl ToString, unit: &str) {
        self.results.push(Line { work: work.into(), value: value.to_string(), unit: unit.into() });
    }
}

/// Runs the benchmark of that name.
///
/// # Errors
/// An unknown name, a wrong result, or whatever stopped it.
pub fn run(args: &Args, global: &Global) -> Result<Outcome> {
    let report: Report = match args.name.as_str() {
        "metrics" => metrics::run()?,
        "import" => import::run()?,
        "chain" => chain::run()?,
        "portfolio" => portfolio::run()?,
        "hazard" => hazard::run()?,
        "gateway" => gateway::run()?,
        "gateway-open" => gateway::open()?,
        "hj212" => hj212::run()?,
        other => bail!("没有名为“{other}”的测量"),
    };
    if global.json {
        print(&serde_json::to_string(&report)?)?;
    } else {
        for line in &report.results {
            print(&format!("{:<60} {:>14} {}", line.work, line.value, line.unit))?;
        }
    }
    Ok(Outcome::Done)
}

/// Median time of `runs` runs of `work`, after one warm-up run.
///
/// The clock is asked here, in the shell, because measuring time is this
/// module's purpose.
#[allow(dead_code, reason = "used by the benchmarks")]
#[allow(clippy::disallowed_methods, reason = "a benchmark measures time")]
pub fn median_time(runs: usize, mut work: impl FnMut()) -> Duration {
    work();
    let mut times: Vec<Duration> = (0..runs.max(1))
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}
