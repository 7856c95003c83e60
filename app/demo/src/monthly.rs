//! Filings of the sample: the monthly industry form (1—2月 as one period) and the yearly form.

use crate::people::Firm;
use crate::sheet::{Cell, Sheet, write};
use crate::{Import, Workbook, series};
use rust_xlsxwriter::XlsxError;
use values::Period;

/// Firms that have not filed December 2025 by the sample's today.
pub const MISSING: [usize; 7] = [9, 17, 23, 31, 36, 47, 55];

/// All filings, oldest first.
///
/// # Errors
/// If a workbook cannot be written.
pub fn workbooks(firms: &[Firm]) -> Result<Vec<Workbook>, XlsxError> {
    let mut all = Vec::new();
    for year in series::YEARS {
        for month in 2..=12 {
            let Some(period) = Period::year_to_date(year, month) else { continue };
            let sheet = month_sheet(firms, year, month);
            let name = if month == 2 {
                format!("{year}年1-2月规上工业月报.xlsx")
            } else {
                format!("{year}年{month}月规上工业月报.xlsx")
            };
            all.push(Workbook { name, bytes: write(&[sheet])?, import: Import::AsFiled("industry_monthly", period) });
        }
        if let Some(period) = Period::year(year) {
            let name = format!("{year}年规上工业企业年报.xlsx");
            all.push(Workbook { name, bytes: write(&[year_sheet(firms, year)])?, import: Import::AsFiled("enterprise_yearly", period) });
        }
    }
    Ok(all)
}

fn month_sheet(firms: &[Firm], year: i32, month: i32) -> Sheet {
    let m = usize::try_from(month).unwrap_or(12);
    let mut rows = Vec::new();
    for firm in firms.iter().filter(|f| series::files(f, year, month)) {
        if year == 2025 && month == 12 && MISSING.contains(&firm.number) {
            continue;
        }
        let output = series::output_to(firm, year, m);
        // A sixth of the firms file a day or two late in some months.
        let late = (firm.number + m) % 23 == 0;
        let (due_year, due_month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        let day = if late { 12 } else { 4 + firm.number % 6 };
        rows.push(vec![
            Cell::from(&firm.code),
            Cell::from(&firm.name),
            Cell::Hundredths(output),
            Cell::Hundredths(series::output_to(firm, year - 1, m)),
            Cell::Hundredths(output / 100 * 97),
            Cell::Hundredths(series::value_added_to(firm, year, m)),
            Cell::Hundredths(series::energy_to(firm, year, m)),
            Cell::Int(series::employees(firm, year, m)),
            Cell::from(&format!("{due_year}-{due_month:02}-{day:02}")),
        ]);
    }
    // Two of them come as offices make them: a merged title, a unit remark, a totals row, a note.
    let dressed = year == 2025 && matches!(month, 6 | 9);
    Sheet {
        name: format!("{month}月"),
        title: dressed.then(|| format!("示范经开区{year}年1—{month}月规模以上工业企业生产情况表（示例数据）")),
        remark: dressed.then(|| "单位：万元".into()),
        head: [
            "统一社会信用代码",
            "企业名称",
            if dressed { "工业总产值累计" } else { "工业总产值累计（万元）" },
            if dressed { "工业总产值上年同期" } else { "工业总产值上年同期（万元）" },
            if dressed { "营业收入累计" } else { "营业收入累计（万元）" },
            if dressed { "企业工业增加值（测算）累计" } else { "企业工业增加值（测算）累计（万元）" },
            "综合能源消费量累计（吨标准煤）",
            "从业人员期末人数（人）",
            "报送日期",
        ]
        .map(str::to_owned)
        .to_vec(),
        rows,
        totals: dressed,
        note: dressed.then(|| "注：本表为示例数据，由生成程序写出。".into()),
    }
}

fn year_sheet(firms: &[Firm], year: i32) -> Sheet {
    let rows = firms
        .iter()
        .filter(|f| series::files(f, year, 12))
        .map(|f| {
            vec![
                Cell::from(&f.code),
                Cell::from(&f.name),
                Cell::Hundredths(series::tax(f, year)),
                Cell::Hundredths(series::rd(f, year)),
                Cell::Hundredths(f.land / 100),
                Cell::from(&format!("{}-01-{:02}", year + 1, 6 + f.number % 9)),
            ]
        })
        .collect();
    Sheet {
        name: format!("{year}年报"),
        head: ["统一社会信用代码", "企业名称", "实缴税金（万元）", "研发费用（万元）", "实际占用土地（亩）", "报送日期"]
            .map(str::to_owned)
            .to_vec(),
        rows,
        ..Sheet::default()
    }
}
