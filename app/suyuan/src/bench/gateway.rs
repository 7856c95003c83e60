//! `suyuan bench gateway`: frames received, durable, acknowledged and parsed; then a month of a thousand stations.
//!
//! Client and gateway share the machine and the process: the client has one
//! thread, the gateway its own two and the threads that commit and parse.

use super::Report;
use ::gateway::clock::instant;
use ::gateway::columns::Series;
use ::gateway::config::{Config, Station};
use ::gateway::state::State;
use ::gateway::{Handle, Running};
use anyhow::{Context, Result, ensure};
use hj212::crc;
use hj212::value::{Moment, Num};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use validity::mark::Standing;
use validity::rollup::Reading;

const STATIONS: usize = 1_000;

fn mn(n: usize) -> String {
    format!("010000A8900016F0001{n:05}")
}

fn config(dir: &Path) -> Config {
    let station = |n| Station { mn: mn(n), pw: "123456".into(), minute_interval: 1, ..Station::default() };
    Config {
        listen: "127.0.0.1:0".into(),
        data: dir.to_owned(),
        rate: 1e9,
        burst: 1e9,
        retention_segments: 8,
        stations: (0..STATIONS).map(station).collect(),
        ..Config::default()
    }
}

/// A frame of 441 bytes with the station's n-th minute, written into `out`.
fn write_frame(out: &mut Vec<u8>, station: usize, n: i64, first: Moment) {
    let time = Moment(first.0 + n * 60);
    let front = out.len();
    out.extend_from_slice(b"##0429QN=");
    let text = time.to_string();
    out.extend_from_slice(text.as_bytes());
    out.extend_from_slice(b"000;ST=32;CN=2051;PW=123456;MN=");
    out.extend_from_slice(mn(station).as_bytes());
    out.extend_from_slice(b";Flag=5;CP=&&DataTime=");
    out.extend_from_slice(text.as_bytes());
    let digit = |k: i64| b'0' + ((n + k).rem_euclid(10)) as u8;
    for (k, code) in ["w00000", "w01001", "w01018", "w21003", "w21011", "w21001", "w01010", "w01014", "w01009", "w01012"].iter().enumerate()
    {
        let k = k as i64;
        out.push(b';');
        out.extend_from_slice(code.as_bytes());
        out.extend_from_slice(b"-Avg=");
        out.extend_from_slice(&[b'1', digit(k), b'.', digit(k + 3)]);
        out.push(b',');
        out.extend_from_slice(code.as_bytes());
        out.extend_from_slice(b"-Flag=N");
    }
    // The data area is filled up to the length that all frames of the comparison have.
    let missing = (429 - 2 + 6) - (out.len() - front);
    out.extend_from_slice(b";w01003-Avg=");
    out.resize(out.len() + missing - 12, b'1');
    out.extend_from_slice(b"&&");
    let crc = crc::hj212(&out[front + 6..]);
    out.extend_from_slice(format!("{crc:04X}\r\n").as_bytes());
}

struct Load {
    frames: i64,
    window: i64,
    pause: Option<Duration>,
}

/// Sends a station's frames, `window` at a time; gives how long each window took to be acknowledged.
async fn one_station(address: std::net::SocketAddr, station: usize, first: Moment, load: Arc<Load>) -> Result<Vec<Duration>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut times = Vec::new();
    let (mut frames, mut chunk) = (Vec::new(), vec![0u8; 16 * 1024]);
    let mut n = 0;
    if load.pause.is_some() {
        tokio::time::sleep(Duration::from_micros(100 * station as u64)).await;
    }
    while n < load.frames {
        frames.clear();
        let count = load.window.min(load.frames - n);
        (0..count).for_each(|k| write_frame(&mut frames, station, n + k, first));
        let start = instant();
        stream.write_all(&frames).await?;
        // Each answer ends with LF, and nothing else in it does.
        let mut answers = 0;
        while answers < count {
            let read = stream.read(&mut chunk).await?;
            ensure!(read > 0, "the gateway closed the link");
            answers += chunk[..read].iter().filter(|b| **b == b'\n').count() as i64;
        }
        times.push(start.elapsed());
        n += count;
        if let Some(pause) = load.pause {
            tokio::time::sleep(pause.saturating_sub(start.elapsed())).await;
        }
    }
    Ok(times)
}

/// All stations at once on a thread of their own; gives the time until all is parsed, and the sorted waits.
fn drive(handle: &Handle, first: Moment, load: Load) -> Result<(Duration, Vec<Duration>)> {
    let client = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let before = handle.with_state(State::last_seq);
    let total = load.frames as u64 * STATIONS as u64;
    let load = Arc::new(load);
    let start = instant();
    let mut times = client.block_on(async {
        let tasks: Vec<_> = (0..STATIONS).map(|n| tokio::spawn(one_station(handle.address, n, first, load.clone()))).collect();
        let mut times = Vec::new();
        for task in tasks {
            times.extend(task.await??);
        }
        anyhow::Ok(times)
    })?;
    while handle.with_state(State::last_seq) < before + total {
        ensure!(start.elapsed() < Duration::from_secs(300), "not all frames were parsed");
        std::thread::park_timeout(Duration::from_millis(1));
    }
    let took = start.elapsed();
    times.sort_unstable();
    Ok((took, times))
}

fn at(times: &[Duration], share: f64) -> String {
    let n = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
    format!("{:.2}", times.get(n).copied().unwrap_or_default().as_secs_f64() * 1e3)
}

/// Runs it.
///
/// # Errors
/// If a result is wrong, or the disk or the network fails.
pub fn run() -> Result<Report> {
    let dir = std::env::temp_dir().join(format!("suyuan-bench-gateway-{}", std::process::id()));
    let result = measure(&dir);
    let _ = std::fs::remove_dir_all(&dir);
    result
}

fn measure(dir: &Path) -> Result<Report> {
    let mut report = Report::new("gateway", true);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let running: Running = runtime.block_on(::gateway::start(config(&dir.join("links")), None))?;
    let handle = running.handle.clone();
    let day = |d: i64| Moment::of(2026, 1, 1, 0, 0, 0).map(|m| Moment(m.0 + d * 86_400)).context("a day");
    // Checked first: a thousand frames, each parsed into its eleven readings.
    drive(&handle, day(0)?, Load { frames: 1, window: 1, pause: None })?;
    let count = handle.with_state(|s| s.store.count(|n| s.rolling(n)))?;
    ensure!(count == 11 * STATIONS as u64, "each frame becomes eleven readings: {count}");
    for (d, window, frames) in [(1, 16, 960), (2, 4, 480), (3, 1, 120)] {
        let (took, times) = drive(&handle, day(d)?, Load { frames, window, pause: None })?;
        let rate = (frames as usize * STATIONS) as f64 / took.as_secs_f64();
        report.push(format!("1000 站，每站 {window} 帧在途：收到、落盘、应答并解析"), format!("{rate:.0}"), "帧/秒");
        report.push(format!("  其中应答等待 p50 / p99（{window} 帧）"), format!("{} / {}", at(&times, 0.5), at(&times, 0.99)), "毫秒");
    }
    let pause = Some(Duration::from_millis(100));
    let (_, times) = drive(&handle, day(4)?, Load { frames: 60, window: 1, pause })?;
    report.push("十分之一负荷（1 万帧/秒）：应答 p50", at(&times, 0.5), "毫秒");
    report.push("十分之一负荷（1 万帧/秒）：应答 p99", at(&times, 0.99), "毫秒");
    runtime.block_on(running.stop())?;
    drop(handle);
    month(&dir.join("month"), &mut report)?;
    Ok(report)
}

/// Thirty days of minute data of ten factors from a thousand stations; then one outlet's month of hours.
fn month(dir: &Path, report: &mut Report) -> Result<()> {
    let settings = config(dir);
    let columns = dir.join("columns");
    let first = Moment::of(2026, 1, 1, 0, 0, 0).context("a day")?;
    let start = instant();
    let mut state = State::open(&columns, &settings.stations)?;
    let factors: Vec<u16> = ["w00000", "w01001", "w01018", "w21003", "w21011", "w21001", "w01010", "w01014", "w01009", "w01012"]
        .map(|c| state.store.factor(c))
        .to_vec();
    for day in 0..30 {
        for station in 0..STATIONS as u32 {
            for minute in 0..1_440 {
                let time = Moment(first.0 + day * 86_400 + minute * 60);
                for (k, factor) in factors.iter().enumerate() {
                    let mantissa = 2_000 + (minute * 7 + k as i64 * 131 + i64::from(station)) % 400;
                    let mean = Some(Num { mantissa, scale: 2 });
                    state.store.put(
                        station,
                        Series::Minute,
                        *factor,
                        &Reading { time, mean, min: None, max: None, total: None, standing: Standing::Valid },
                    );
                }
            }
            if state.store.hot_bytes() > settings.hot_bytes {
                state.flush()?;
            }
        }
    }
    state.flush()?;
    let took = start.elapsed().as_secs_f64();
    let readings = 30.0 * 1_440.0 * factors.len() as f64 * STATIONS as f64;
    report.push("装入 1000 站 × 30 天 × 10 因子分钟值并滚算", format!("{:.2}", readings / took / 1e6), "百万值/秒");
    report.push("  占盘", format!("{:.2}", state.store.disk_bytes().0 as f64 / readings), "字节/值");
    drop(state);
    // A process of its own says how much memory that takes.
    let output = std::process::Command::new(std::env::current_exe()?)
        .args(["bench", "gateway-open", "--json"])
        .env("SUYUAN_BENCH_DIR", &columns)
        .output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let inner: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    for line in inner["results"].as_array().into_iter().flatten() {
        report.push(
            line["work"].as_str().unwrap_or_default(),
            line["value"].as_str().unwrap_or_default(),
            line["unit"].as_str().unwrap_or_default(),
        );
    }
    Ok(())
}

/// Opens the columns of [`month`] in a fresh process and asks for months of hours.
///
/// # Errors
/// If the answer is wrong.
pub fn open() -> Result<Report> {
    let columns = PathBuf::from(std::env::var_os("SUYUAN_BENCH_DIR").context("部分测量，由 bench gateway 调用")?);
    let settings = config(Path::new(""));
    let state = State::open(&columns, &settings.stations)?;
    let first = Moment::of(2026, 1, 1, 0, 0, 0).context("a day")?;
    let mut times = Vec::new();
    for n in 0..200u32 {
        let station = n * 37 % STATIONS as u32;
        let start = instant();
        let hours = state.store.hours(station, Series::Minute, first, Moment(first.0 + 30 * 86_400), &state.rolling(station))?;
        times.push(start.elapsed());
        ensure!(hours.len() == 10 && hours.values().all(|h| h.len() == 720 && h.values().all(|a| a.valid == 60)), "a month of hours");
    }
    times.sort_unstable();
    let mut report = Report::new("gateway-open", true);
    report.push("一个排放口一个月的小时值（10 因子 × 720）p50", at(&times, 0.5), "毫秒");
    report.push("  p99", at(&times, 0.99), "毫秒");
    let status = std::fs::read_to_string("/proc/self/status")?;
    let of =
        |name: &str| status.lines().find_map(|l| l.strip_prefix(name)).and_then(|l| l.trim().trim_end_matches(" kB").parse::<f64>().ok());
    report.push("  此时内存（峰值）", format!("{:.0}", of("VmHWM:").unwrap_or_default() / 1024.0), "MB");
    Ok(report)
}
