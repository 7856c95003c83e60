//! Zone totals as the bureaus give them: one row an indicator and period, growth given.

use crate::people::Firm;
use crate::sheet::{Cell, Sheet, write};
use crate::{Import, Workbook, series};
use rust_xlsxwriter::XlsxError;

/// One indicator of the bureaus.
struct Indicator {
    label: &'static str,
    unit: &'static str,
    source: &'static str,
    /// Whole year 2022 in hundredths of the unit.
    base: i64,
    /// Growth of 2023, 2024, 2025 in per mille of the base.
    growth: [i64; 3],
    /// Months that are published: every month, or quarters only.
    quarterly: bool,
    /// January is published alone.
    january: bool,
    /// Growth is given at constant price and does not follow from the levels.
    constant: bool,
}

const fn monthly(label: &'static str, unit: &'static str, source: &'static str, base: i64, growth: [i64; 3]) -> Indicator {
    Indicator { label, unit, source, base, growth, quarterly: false, january: false, constant: false }
}

const INDICATORS: &[Indicator] = &[
    Indicator { quarterly: true, constant: true, ..monthly("地区生产总值", "亿元", "统计", 36_120, [1_088, 1_081, 1_079]) },
    Indicator { constant: true, ..monthly("工业增加值", "亿元", "统计", 22_150, [1_102, 1_094, 1_097]) },
    monthly("固定资产投资", "亿元", "统计", 7_140, [1_096, 1_132, 1_123]),
    Indicator { january: true, ..monthly("进出口总额", "亿元", "海关", 12_180, [1_020, 1_034, 969]) },
    Indicator { january: true, ..monthly("一般公共预算收入", "亿元", "财政", 762, [1_071, 1_068, 1_074]) },
    Indicator { january: true, ..monthly("向上争取资金", "万元", "财政", 4_120_000, [1_060, 1_090, 1_104]) },
    Indicator { january: true, ..monthly("招商引资到位资金", "亿元", "部门", 3_960, [1_105, 1_090, 862]) },
    Indicator { january: true, ..monthly("实际使用外资", "万美元", "商务", 218_000, [1_080, 1_120, 1_185]) },
    Indicator { january: true, ..monthly("外商再投资", "万美元", "商务", 42_000, [1_050, 1_100, 1_090]) },
    Indicator { january: true, ..monthly("网络货运交易规模", "亿元", "部门", 5_830, [1_210, 1_180, 1_140]) },
];

const SEASON: [i64; 12] = [60, 58, 84, 83, 86, 88, 84, 85, 90, 92, 93, 97];

/// The bureaus' workbook: a sheet a year.
///
/// # Errors
/// If it cannot be written.
pub fn workbook(firms: &[Firm]) -> Result<Workbook, XlsxError> {
    let sheets: Vec<Sheet> = series::YEARS.map(|year| sheet(firms, year)).collect();
    Ok(Workbook { name: "综合指标（部门反馈）.xlsx".into(), bytes: write(&sheets)?, import: Import::Figures })
}

fn sheet(firms: &[Firm], year: i32) -> Sheet {
    let mut rows = Vec::new();
    for indicator in INDICATORS {
        for month in months(indicator) {
            rows.push(row(indicator, year, month));
        }
    }
    for month in 2..=12 {
        rows.push(industry_row(firms, year, month));
    }
    rows.extend(entities(year));
    Sheet {
        name: format!("{year}年"),
        head: ["指标", "报告期", "数值", "计量单位", "同比增长（%）", "数据来源", "备注"].map(str::to_owned).to_vec(),
        rows,
        ..Sheet::default()
    }
}

fn months(indicator: &Indicator) -> Vec<usize> {
    match (indicator.quarterly, indicator.january) {
        (true, _) => vec![3, 6, 9, 12],
        (false, true) => (1..=12).collect(),
        (false, false) => (2..=12).collect(),
    }
}

fn value(indicator: &Indicator, year: i32, month: usize) -> i64 {
    let mut whole = i128::from(indicator.base);
    for (i, growth) in indicator.growth.iter().enumerate() {
        if 2023 + i32::try_from(i).unwrap_or(0) <= year {
            whole = whole * i128::from(*growth) / 1_000;
        }
    }
    let part: i64 = SEASON[..month].iter().sum();
    i64::try_from(whole * i128::from(part) / 1_000).unwrap_or(0)
}

fn row(indicator: &Indicator, year: i32, month: usize) -> Vec<Cell> {
    let (now, before) = (value(indicator, year, month), value(indicator, year - 1, month));
    let nominal = (now - before) * 10_000 / before.max(1);
    // Growth at constant price stands about two points below the nominal one.
    let growth = if indicator.constant { nominal - 190 } else { nominal };
    let note = if month == 12 && year == 2025 { "快报" } else { "" };
    vec![
        Cell::from(indicator.label),
        Cell::from(&period(year, month)),
        Cell::Hundredths(now),
        Cell::from(indicator.unit),
        Cell::Hundredths(growth),
        Cell::from(indicator.source),
        Cell::from(note),
    ]
}

fn period(year: i32, month: usize) -> String {
    match month {
        1 => format!("{year}年1月"),
        m => format!("{year}年1-{m}月"),
    }
}

/// The bureau's figure of 规上工业总产值: a little above the sum of the filings.
fn industry_row(firms: &[Firm], year: i32, month: i32) -> Vec<Cell> {
    let m = usize::try_from(month).unwrap_or(12);
    let sum = |year: i32| -> i64 {
        firms.iter().filter(|f| series::files(f, 2025, 1) || series::files(f, 2023, 1)).map(|f| series::output_to(f, year, m)).sum()
    };
    // 万元 in hundredths to 亿元 in hundredths.
    let level = |year: i32| sum(year) / 10_000 * 1_006 / 1_000;
    let growth = (level(year) - level(year - 1)) * 10_000 / level(year - 1).max(1);
    vec![
        Cell::from("规上工业总产值"),
        Cell::from(&period(year, m)),
        Cell::Hundredths(level(year)),
        Cell::from("亿元"),
        Cell::Hundredths(growth),
        Cell::from("统计"),
        Cell::Blank,
    ]
}

/// Registered entities at the year's end, the regulator's count.
fn entities(year: i32) -> Vec<Vec<Cell>> {
    // A little above the ledger's own count: the difference is shown, not hidden.
    const KINDS: &[(&str, i64)] = &[("注册市场主体", 318)];
    let on = format!("{year}年12月");
    KINDS
        .iter()
        .map(|(label, base)| {
            let value = base + i64::from(year - 2023) * 7;
            vec![Cell::from(*label), Cell::from(&on), Cell::Int(value), Cell::from("户"), Cell::Blank, Cell::from("市场监管"), Cell::Blank]
        })
        .collect()
}
