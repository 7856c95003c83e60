//! `suyuan bench import`: 100,000 rows × 30 columns with 1,200 planted bad cells.
//!
//! The reading part: file to validated values. Every planted cell must be
//! found at its place and no other, and the sum of a column must be the
//! generator's, before anything is timed. Memory is that of a process of its
//! own, which this command starts as itself.

use super::{Report, median_time};
use anyhow::{Context, Result, ensure};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use std::collections::BTreeSet;
use tables::parse::Value;
use tables::{ChoiceOption, FieldKind, FieldSpec, Limits};
use values::Decimal;

const ROWS: u32 = 100_000;
const COLUMNS: usize = 30;
const BAD: u64 = 1_200;
const CHILD: &str = "SUYUAN_BENCH_IMPORT_FILE";

/// Runs the benchmark.
///
/// # Errors
/// A wrong result, or whatever stopped it.
pub fn run() -> Result<Report> {
    if let Ok(path) = std::env::var(CHILD) {
        return child(&path);
    }
    let fields = fields();
    let made = make(&fields)?;
    let back = read(&made.bytes, &fields)?;
    ensure!(back.rows == ROWS as usize, "{} rows were read", back.rows);
    ensure!(back.bad == made.bad, "bad cells: {} planted, {} found", made.bad.len(), back.bad.len());
    ensure!(back.sum == made.sum, "sum {} ≠ {}", back.sum, made.sum);
    let mut report = Report::new("import", true);
    report.push("file", made.bytes.len() as u64 / 1_000_000, "MB");
    report.push("rows × columns", format!("{ROWS} × {COLUMNS}"), "");
    report.push("bad cells planted and found", made.bad.len(), "cells");
    let limits = Limits::default();
    let cells = cpu_median(5, || tables::read(&made.bytes, "b.xlsx", &limits).map(|b| b.sheets[0].read).unwrap_or(0));
    report.push("file → recognised tables", format!("{:.0}", f64::from(ROWS) / cells), "rows/CPU s");
    let all = cpu_median(5, || read(&made.bytes, &fields).map(|r| r.rows).unwrap_or(0));
    report.push("file → validated values", format!("{:.0}", f64::from(ROWS) / all), "rows/CPU s");
    let wall = median_time(3, || assert_eq!(read_again(&made.bytes, &fields), ROWS as usize));
    report.push("file → validated values, wall clock", format!("{:.2}", wall.as_secs_f64()), "s");
    let book = tables::read(&made.bytes, "b.xlsx", &limits)?;
    let findings: Vec<values::Finding> =
        made.bad.iter().map(|at| values::Finding::error("tables.not_a_number").at(at.as_str()).found("待核实")).collect();
    let say = |f: &values::Finding| tables::texts::sentence(f, values::Lang::Zh);
    let marked = cpu_median(3, || tables::write::errors(&made.bytes, &book, &findings, &say).map(|b| b.len()).unwrap_or(0));
    report.push("error workbook of it", format!("{marked:.2}"), "CPU s");
    drop(book);
    let file = std::env::temp_dir().join(format!("suyuan-bench-import-{}.xlsx", std::process::id()));
    std::fs::write(&file, &made.bytes)?;
    let peak = own_process(&file);
    std::fs::remove_file(&file)?;
    report.push("peak memory of a process that reads and validates it", peak?, "MB");
    Ok(report)
}

fn read_again(bytes: &[u8], fields: &[FieldSpec]) -> usize {
    read(bytes, fields).map_or(0, |r| r.rows)
}

/// Starts this program again with the file alone, and asks for its peak memory.
fn own_process(file: &std::path::Path) -> Result<String> {
    let output = std::process::Command::new(std::env::current_exe()?).args(["bench", "import", "--json"]).env(CHILD, file).output()?;
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).context("the reading process gave no answer")?;
    Ok(answer["results"][0]["value"].as_str().unwrap_or("?").to_owned())
}

fn child(path: &str) -> Result<Report> {
    let bytes = std::fs::read(path)?;
    let rows = read(&bytes, &fields())?.rows;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status
        .lines()
        .find_map(|l| l.strip_prefix("VmHWM:"))
        .and_then(|l| l.trim().strip_suffix(" kB"))
        .and_then(|kb| kb.trim().parse::<u64>().ok());
    let mut report = Report::new("import", rows == ROWS as usize);
    report.push("peak memory", peak.map_or_else(|| "?".to_owned(), |kb| (kb / 1024).to_string()), "MB");
    Ok(report)
}

/// Median CPU seconds of this thread's process over `runs`, after a warm-up.
fn cpu_median<T>(runs: usize, mut work: impl FnMut() -> T) -> f64 {
    drop(work());
    let mut times: Vec<f64> = (0..runs)
        .map(|_| {
            let before = cpu_seconds();
            drop(work());
            cpu_seconds() - before
        })
        .collect();
    times.sort_unstable_by(f64::total_cmp);
    times[times.len() / 2]
}

/// CPU seconds of this process: user and system, from the scheduler's nanoseconds.
fn cpu_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|n| n.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}

/// Thirty fields as a monthly filing has them.
fn fields() -> Vec<FieldSpec> {
    let kinds = ["工业", "建筑业", "批发业", "零售业", "服务业"];
    let options = kinds.iter().enumerate().map(|(i, k)| ChoiceOption::new(format!("k{i}"), *k)).collect();
    let mut fields = vec![
        FieldSpec::new("code", "统一社会信用代码", FieldKind::CreditCode).required(),
        FieldSpec::new("name", "企业名称", FieldKind::Text).required(),
        FieldSpec::new("kind", "行业门类", FieldKind::Choice { options }),
        FieldSpec::new("opened", "成立日期", FieldKind::Date),
        FieldSpec::new("period", "报告期", FieldKind::Period),
        FieldSpec::new("employees", "从业人员", FieldKind::Count).unit("人"),
    ];
    while fields.len() < COLUMNS {
        let n = fields.len();
        let field = match n % 6 {
            5 => FieldSpec::new(format!("day{n}"), format!("第{n}项日期"), FieldKind::Date),
            _ => FieldSpec::new(format!("value{n}"), format!("第{n}项产值"), FieldKind::Money).unit("万元"),
        };
        fields.push(field);
    }
    fields
}

struct Made {
    bytes: Vec<u8>,
    bad: BTreeSet<String>,
    sum: Decimal,
}

/// SplitMix64, seeded: the same file each time.
struct Seeded(u64);

impl Seeded {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below
    }
}

fn make(fields: &[FieldSpec]) -> Result<Made> {
    let mut random = Seeded(42);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("月报")?;
    let day = Format::new().set_num_format("yyyy-mm-dd");
    for (c, field) in fields.iter().enumerate() {
        sheet.write_string(0, u16::try_from(c)?, field.heading())?;
    }
    let mut wrong: BTreeSet<(u32, u16)> = BTreeSet::new();
    while (wrong.len() as u64) < BAD {
        // Text and code columns take anything; the others do not.
        wrong.insert((1 + u32::try_from(random.next(u64::from(ROWS)))?, 3 + u16::try_from(random.next(27))?));
    }
    let mut sum = Decimal::ZERO;
    let kinds = ["工业", "建筑业", "批发业", "零售业", "服务业"];
    for row in 1..=ROWS {
        sheet.write_string(row, 0, format!("9162{:014}", random.next(99_999_999_999_999)))?;
        sheet.write_string(row, 1, format!("示例{}第{row}号制造有限公司", ["金川", "河西", "城南", "临港"][random.next(4) as usize]))?;
        sheet.write_string(row, 2, kinds[random.next(5) as usize])?;
        for (c, field) in fields.iter().enumerate().skip(3) {
            let column = u16::try_from(c)?;
            let blank = random.next(10) == 0;
            let value = random.next(100_000_000);
            if wrong.contains(&(row, column)) {
                sheet.write_string(row, column, "待核实")?;
                continue;
            }
            if blank {
                continue;
            }
            match field.kind {
                FieldKind::Date => {
                    let date = ExcelDateTime::from_ymd(
                        2000 + u16::try_from(value % 26)?,
                        1 + u8::try_from(value / 26 % 12)?,
                        1 + u8::try_from(value / 312 % 28)?,
                    )?;
                    sheet.write_datetime_with_format(row, column, date, &day)?;
                }
                FieldKind::Period => {
                    sheet.write_string(row, column, format!("2025-{:02}", 1 + value % 12))?;
                }
                FieldKind::Count => {
                    sheet.write_number(row, column, (value % 5_000) as f64)?;
                }
                _ => {
                    sheet.write_number(row, column, value as f64 / 100.0)?;
                    if c == 6 {
                        sum += Decimal::new(i64::try_from(value)?, 2);
                    }
                }
            }
        }
    }
    let bad = wrong.iter().map(|(r, c)| format!("月报!{}", values::place::cell_name(*r, u32::from(*c)))).collect();
    Ok(Made { bytes: book.save_to_buffer()?, bad, sum })
}

struct ReadBack {
    rows: usize,
    bad: BTreeSet<String>,
    sum: Decimal,
}

/// File to validated values, as the importer does it.
fn read(bytes: &[u8], fields: &[FieldSpec]) -> Result<ReadBack> {
    let book = tables::read(bytes, "bench.xlsx", &Limits::default())?;
    let (sheet, table) = book.tables().next().context("no table")?;
    let proposed = tables::mapping::propose(sheet, table, fields, &tables::mapping::Remembered::new());
    let plan = tables::parse::Plan::new(sheet, table, fields, &proposed);
    let mut back = ReadBack { rows: 0, bad: BTreeSet::new(), sum: Decimal::ZERO };
    for row in table.records() {
        let parsed = plan.row(row);
        back.bad.extend(parsed.findings.into_iter().filter(|f| f.severity == values::Severity::Error).map(|f| f.place));
        if let Some(Some(Value::Number(n))) = parsed.values.get(6) {
            back.sum += n;
        }
        back.rows += 1;
    }
    Ok(back)
}
