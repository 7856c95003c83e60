//! `suyuan hj212 decode|encode|station`: frames of HJ 212 in and out.

mod signal;
mod station;

use super::{Global, Outcome, print, read_input};
use anyhow::{Context, Result};
use hj212::Book;
use hj212::line::{Line, Pairs, lines};

/// `suyuan hj212 …`
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// 解析报文：每帧一行
    Decode(Decode),
    /// 编码：每行一个 decode 输出的对象，写出报文
    Encode(Encode),
    /// 模拟站：实时、分钟、小时、日数据，应答请求，按要求出故障
    Station(Box<station::Args>),
}

#[derive(Debug, clap::Args)]
struct Encode {
    /// 文件；- 为标准输入
    file: String,
}

#[derive(Debug, clap::Args)]
struct Decode {
    /// 文件；- 为标准输入
    file: String,
    /// 按此版本判定（2005、2017、2025、surface_water）；不写则按每帧的样子
    #[arg(long)]
    dialect: Option<String>,
}

/// Runs it.
///
/// # Errors
/// If the input cannot be read or the dialect is unknown.
pub fn run(args: &Args, global: &Global) -> Result<Outcome> {
    match &args.what {
        What::Decode(args) => decode(args, global),
        What::Encode(args) => encode(args),
        What::Station(args) => station::run(args, global),
    }
}

fn decode(args: &Decode, global: &Global) -> Result<Outcome> {
    let bytes = read_input(&args.file)?;
    let book = Book::embedded();
    if let Some(key) = &args.dialect
        && book.dialects.get(key).is_none()
    {
        anyhow::bail!("没有名为“{key}”的版本");
    }
    let mut outcome = Outcome::Done;
    for line in lines(&bytes, &book, args.dialect.as_deref()) {
        if !line.verdicts.is_empty() {
            outcome = Outcome::Findings;
        }
        print(&if global.json { serde_json::to_string(&line)? } else { plain(&line, global) })?;
    }
    Ok(outcome)
}

/// One frame as people read it: fields, items, and each verdict in words.
fn plain(line: &Line, global: &Global) -> String {
    let texts = hj212::texts();
    let word = |id: &&str| format!("  ! {id} {}\n", texts.get(global.lang.into(), &format!("verdict.{id}.what"), &[]));
    let fields: Vec<String> = line.fields.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let items: Vec<String> = line.items.iter().map(|item| format!("{}={}", item.key, item.value)).collect();
    let found: String = line.verdicts.iter().chain(&line.remarks).map(word).collect();
    format!("@{} [{}] {}\n  {}\n{found}", line.at, line.bytes, fields.join(" "), items.join(" ")).trim_end().to_owned()
}

#[derive(serde::Deserialize)]
struct Written {
    fields: Pairs,
    #[serde(default)]
    items: Vec<WrittenItem>,
}

#[derive(serde::Deserialize)]
struct WrittenItem {
    key: String,
    value: String,
}

/// Writes a frame for each line `{fields, items}`: length and check value are computed, the order is kept.
fn encode(args: &Encode) -> Result<Outcome> {
    use std::io::Write;
    let text = String::from_utf8(read_input(&args.file)?).context("应为 UTF-8 文本")?;
    let mut out = std::io::stdout().lock();
    for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let written: Written = serde_json::from_str(line).with_context(|| format!("第 {} 行不是 {{fields, items}}", n + 1))?;
        let frame = hj212::encode::frame_of(segment(&written).as_bytes()).with_context(|| format!("第 {} 行", n + 1))?;
        out.write_all(&frame)?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// Header fields in their order, then the data area; values of one factor joined by commas, items by semicolons.
fn segment(written: &Written) -> String {
    let head: String = written.fields.0.iter().filter(|(name, _)| name != "CP").map(|(name, value)| format!("{name}={value};")).collect();
    let mut area = String::new();
    let mut last: Option<&str> = None;
    for item in &written.items {
        let code = item.key.rsplit_once('-').map(|(code, _)| code);
        let separator = if area.is_empty() {
            ""
        } else if code.is_some() && code == last {
            ","
        } else {
            ";"
        };
        area.push_str(&format!("{separator}{}={}", item.key, item.value));
        last = code;
    }
    format!("{head}CP=&&{area}&&")
}
