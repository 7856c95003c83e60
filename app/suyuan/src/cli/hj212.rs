//! `suyuan hj212 decode|encode|station`: frames of HJ 212 in and out.

use super::{Global, Outcome, print, read_input};
use anyhow::Result;
use hj212::Book;
use hj212::line::{Line, lines};

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
