//! Units, periods and measures of a table and its columns, and what contradicts among them.

use crate::grid::{CellValue, Grid};
use crate::looks;
use crate::table::{Column, DeclaredUnit, Measure, Table, place};
use values::place::cell_name;
use values::unit::half_width;
use values::{Finding, Period};

/// Takes units out of a column's head texts and mends the texts.
///
/// The innermost unit wins; a head text that is nothing but a unit is no label.
pub(crate) fn column_unit(column: &mut Column, place_of: impl Fn(usize) -> Option<(u32, u32)>) {
    let mut mended = Vec::new();
    let many = column.path.len() > 1;
    for (depth, text) in column.path.iter().enumerate() {
        let place = place_of(depth).map_or_else(String::new, |(r, c)| cell_name(r, c));
        let declare = |(text, unit)| DeclaredUnit { text, unit, place };
        if let Some((rest, found)) = looks::head_unit(text) {
            column.unit = Some(declare(found));
            let rest = looks::clean(&rest);
            if !rest.is_empty() {
                mended.push(rest);
            }
        } else if let Some(found) = looks::unit_text(text).filter(|_| many && depth > 0 && is_unit_row(text)) {
            column.unit = Some(declare(found));
        } else {
            let clean = looks::clean(text);
            if !clean.is_empty() && mended.last() != Some(&clean) {
                mended.push(clean);
            }
        }
    }
    column.path = mended;
}

/// 年, 月, 日 under a head are parts of a date, not units.
fn is_unit_row(text: &str) -> bool {
    !matches!(looks::clean(text).as_str(), "年" | "月" | "日" | "时" | "分" | "名" | "次" | "个" | "人")
}

/// Fills in unit, period, measures of a table from what stands around it.
pub(crate) fn measure(grid: &Grid, sheet: &str, file_name: &str, table: &mut Table) {
    let traditional =
        looks::is_traditional(sheet) || table.head.iter().any(|c| looks::is_traditional(&c.label)) || looks::is_traditional(&table.title);
    table_unit(sheet, table);
    table_period(sheet, table, traditional);
    for i in 0..table.head.len() {
        column_period(&mut table.head[i], table.period, traditional);
    }
    name_twins(grid, sheet, table);
    unit_column(grid, sheet, table);
    report(grid, sheet, file_name, table);
    if traditional && table.period.is_some_and(|p| p.first_year() < 2100) && sheet.contains('年') {
        table.findings.push(
            Finding::note("tables.roc_year").at(sheet).found(sheet).expected(table.period.map(|p| p.to_string()).unwrap_or_default()),
        );
    }
}

/// From the lines above, then from the sheet's name.
fn table_unit(sheet: &str, table: &mut Table) {
    let from_lines = table.lines.iter().rev().find_map(|l| looks::declared_unit(&l.text).map(|u| (u, l.cell.clone())));
    let found = from_lines.or_else(|| looks::declared_unit(sheet).map(|u| (u, "sheet".to_owned())));
    table.unit = found.map(|((text, unit), place)| DeclaredUnit { text, unit, place });
}

fn table_period(sheet: &str, table: &mut Table, traditional: bool) {
    let texts = || table.lines.iter().map(|l| l.text.as_str()).chain([sheet]);
    let whole = texts().find_map(|t| find_period(t, traditional));
    // 2024年…月报 in the title and 8月 as the sheet's name make August 2024.
    let months = find_months(sheet);
    table.period = match (whole, months) {
        (Some(p), Some((a, b))) if p.is_year() => Period::span((p.first_year(), a), (p.first_year(), b)).or(whole),
        _ => whole,
    };
}

/// The first period inside a longer text: `2024年8月规上工业产值` → 2024-08.
pub(crate) fn find_period(text: &str, traditional: bool) -> Option<Period> {
    let chars: Vec<char> = looks::clean(text).chars().map(half_width).collect();
    for start in 0..chars.len() {
        if !chars[start].is_ascii_digit() || start > 0 && (chars[start - 1].is_ascii_digit() || matches!(chars[start - 1], '.' | '-')) {
            continue;
        }
        let longest = chars[start..].iter().take(24).take_while(|c| is_period_char(**c)).count();
        for end in (start + 2..=start + longest).rev() {
            let inside_number = chars.get(end).is_some_and(char::is_ascii_digit) && chars[end - 1].is_ascii_digit();
            let candidate: String = chars[start..end].iter().collect();
            // 2024年8 is no month: 2024年8个项目.
            let cut = candidate.contains('年') && candidate.ends_with(|c: char| c.is_ascii_digit());
            let bare = candidate.bytes().all(|b| b.is_ascii_digit()) && (candidate.len() != 4 || !bare_year(&candidate, &chars, end));
            if inside_number || cut || bare {
                continue;
            }
            if let Some(p) = looks::period(&candidate, traditional) {
                return Some(p);
            }
        }
    }
    None
}

/// Four bare digits are a year only where no other number goes on: `in 2007)`, not `2000辆`.
fn bare_year(candidate: &str, chars: &[char], end: usize) -> bool {
    let in_range = candidate.parse::<i32>().is_ok_and(|y| (1949..=2099).contains(&y));
    in_range
        && chars.get(end).is_none_or(|c| {
            matches!(c, ')' | '(' | ']' | ' ' | '-' | '_' | ',' | '.' | '年')
                || c.is_alphabetic() && !c.is_ascii() && !"家个人户万亿元吨辆台套项件亩".contains(*c)
        })
}

fn is_period_char(c: char) -> bool {
    c.is_ascii_digit() || "年月度至到—-–~.一二三四五六七八九十前两上下半季Q第份全".contains(c)
}

/// The first months without a year inside a longer text: `1-8月累计` → (1, 8).
pub(crate) fn find_months(text: &str) -> Option<(i32, i32)> {
    let chars: Vec<char> = looks::clean(text).chars().map(half_width).collect();
    for start in 0..chars.len() {
        let longest = chars[start..].iter().take(8).take_while(|c| is_period_char(**c) && **c != '年').count();
        for end in (start + 1..=start + longest).rev() {
            if start > 0 && chars[start - 1].is_ascii_digit() && chars[start].is_ascii_digit() {
                break;
            }
            let candidate: String = chars[start..end].iter().collect();
            if let Some(months) = looks::months_only(&candidate) {
                return Some(months);
            }
        }
    }
    None
}

const GROWTH: [&str; 12] = ["同比", "增长", "增速", "增幅", "增减", "环比", "比上年", "比去年", "较上年", "较去年", "涨跌", "升降"];
const BASE: [&str; 8] = ["上年同期", "去年同期", "同期数", "上年同月", "上期", "基数", "上年数", "上年累计"];
const CUMULATIVE: [&str; 6] = ["累计", "本年止", "年初至", "1-本月", "1至本月", "本年度"];
const MONTH: [&str; 3] = ["当月", "本月", "单月"];
const TARGET: [&str; 5] = ["目标", "任务", "年度计划", "计划数", "预期"];
const SHARE: [&str; 4] = ["占比", "比重", "份额", "构成"];

fn measure_of(path: &[String]) -> Measure {
    let has = |words: &[&str]| path.iter().any(|t| words.iter().any(|w| t.contains(w)));
    if has(&GROWTH) {
        Measure::Growth
    } else if has(&BASE) {
        Measure::Base
    } else if has(&SHARE) {
        Measure::Share
    } else if has(&TARGET) {
        Measure::Target
    } else if has(&CUMULATIVE) {
        // 1-本月累计 names the month too.
        Measure::Cumulative
    } else if has(&MONTH) {
        Measure::CurrentMonth
    } else {
        Measure::Value
    }
}

fn column_period(column: &mut Column, around: Option<Period>, traditional: bool) {
    column.measure = measure_of(&column.path);
    let own = column.path.iter().rev().find_map(|t| looks::period(t, traditional).or_else(|| find_period(t, traditional)));
    let months = column.path.iter().rev().find_map(|t| find_months(t));
    let mut year = own.map(|p| p.first_year()).or(around.map(|p| p.first_year()));
    if column.path.iter().any(|t| t.contains("上年") || t.contains("去年")) && own.is_none() && column.measure == Measure::Base {
        year = year.map(|y| y - 1);
    }
    column.period = match (own, months, year) {
        (Some(p), None, _) => Some(p),
        (Some(p), Some(_), _) if !p.is_year() => Some(p),
        (_, Some((a, b)), Some(y)) if column.measure == Measure::Cumulative && a == b => Period::span((y, 1), (y, b)),
        (_, Some((a, b)), Some(y)) => Period::span((y, a), (y, b)),
        _ => match (column.measure, around) {
            (Measure::Cumulative, Some(p)) => Period::year_to_date(p.last_year(), p.last_month()),
            (Measure::CurrentMonth, Some(p)) => Period::month(p.last_year(), p.last_month()),
            (Measure::Base, Some(p)) => p.year_before(),
            _ => None,
        },
    };
}

/// Two columns of one name: a rate takes the name of the value to its left (进口量 增长率, 出口量 增长率); others are reported.
fn name_twins(grid: &Grid, sheet: &str, table: &mut Table) {
    let headings: Vec<String> = table.head.iter().map(Column::heading).collect();
    let mut owner: Option<String> = None;
    let mut named: std::collections::HashSet<String> = std::collections::HashSet::new();
    let mut counts: std::collections::HashMap<&str, usize> = std::collections::HashMap::new();
    headings.iter().for_each(|h| *counts.entry(h).or_default() += 1);
    for (i, column) in table.head.iter_mut().enumerate() {
        let twin = counts.get(headings[i].as_str()).is_some_and(|n| *n > 1);
        if matches!(column.measure, Measure::Growth | Measure::Share | Measure::Base) {
            if let (true, Some(owner)) = (twin && column.path.len() == 1, owner.as_ref()) {
                column.path.insert(0, owner.clone());
            }
        } else {
            owner = column.path.last().cloned().or(owner);
        }
        let heading = column.heading();
        let row = table.head_rows.map_or(0, |(_, last)| last);
        let spread = column.index > 0
            && [row, table.head_rows.map_or(0, |(first, _)| first)]
                .iter()
                .any(|r| grid.merge_at(*r, column.index).is_some_and(|m| m.left < column.index && m.contains(*r, column.index - 1)));
        if named.contains(&heading) && !column.path.is_empty() && !spread {
            let at = place(sheet, row, column.index);
            table.findings.push(Finding::warning("tables.duplicate_head").at(at).field(&heading).found(&heading));
        }
        named.insert(heading);
    }
}

/// The column of units 计量单位, told by its values, since 单位 may also mean an organisation.
fn unit_column(grid: &Grid, sheet: &str, table: &mut Table) {
    let candidate =
        table.head.iter().position(|c| matches!(looks::fold(&c.label).as_str(), "单位" | "计量单位" | "数量单位" | "unit" | "units"));
    let Some(index) = candidate else { return };
    let column = table.head[index].index;
    let (mut units, mut others) = (Vec::new(), 0);
    for row in table.rows.iter().take(500) {
        match grid.merged_cell(row.index, column).value() {
            CellValue::Text(t) => match looks::unit_text(t) {
                Some(unit) if !units.contains(&unit) => units.push(unit),
                Some(_) => {}
                None => others += 1,
            },
            CellValue::Empty => {}
            _ => others += 1,
        }
    }
    if units.is_empty() || others > table.rows.len().min(500) / 5 {
        return;
    }
    table.unit_column = Some(index);
    let declared: Vec<&str> = units.iter().map(|(t, _)| t.as_str()).collect();
    for column in &table.head {
        let Some(own) = column.unit.as_ref().filter(|_| !matches!(column.measure, Measure::Growth | Measure::Share)) else { continue };
        let agrees = units.iter().any(|(text, known)| *text == own.text || known.is_some() && *known == own.unit);
        if !agrees {
            table.findings.push(
                Finding::warning("tables.unit_conflict")
                    .at(format!("{sheet}!{}", own.place))
                    .field(column.heading())
                    .found(&own.text)
                    .expected(declared.join("、")),
            );
        }
    }
}

/// What a person should know about units, heads and labels.
fn report(grid: &Grid, sheet: &str, file_name: &str, table: &mut Table) {
    let mut findings = Vec::new();
    let at_top = place(sheet, table.range.top, table.range.left);
    if table.head_rows.is_none() {
        findings.push(Finding::warning("tables.no_head").at(&at_top));
    }
    let head_row = table.head_rows.map_or(table.range.top, |(_, last)| last);
    for column in table.head.iter().filter(|c| c.placeholder) {
        findings.push(Finding::warning("tables.head_placeholder").at(place(sheet, head_row, column.index)).found(&column.label));
    }
    let mut bare: Vec<&str> = Vec::new();
    let mut fractions: Vec<u32> = Vec::new();
    let mut labels = false;
    for column in &table.head {
        let look = column_look(grid, table, column);
        labels |= look.texts > look.numbers || is_period_or_serial(column);
        if look.numbers == 0 || look.numbers < look.texts || is_period_or_serial(column) {
            continue;
        }
        let is_rate = matches!(column.measure, Measure::Growth | Measure::Share);
        if is_rate && column.unit.is_none() && look.percent == 0 && look.small * 10 >= look.numbers * 8 && look.fine > 0 {
            fractions.push(column.index);
            findings.push(Finding::warning("tables.rate_as_fraction").at(place(sheet, head_row, column.index)).field(column.heading()));
        }
        if !is_rate && column.unit.is_none() && look.percent == 0 {
            bare.push(&column.letter);
        }
        let (Some(own), Some(all)) = (&column.unit, &table.unit) else { continue };
        if let (Some(a), Some(b)) = (own.unit, all.unit)
            && a.quantity == b.quantity
            && a.name != b.name
        {
            findings.push(
                Finding::note("tables.unit_differs")
                    .at(format!("{sheet}!{}", own.place))
                    .field(column.heading())
                    .found(&own.text)
                    .expected(&all.text),
            );
        }
    }
    if !bare.is_empty() && table.unit.is_none() && table.unit_column.is_none() {
        findings.push(Finding::note("tables.no_unit").at(&at_top).found(bare.join("、")));
        if let Some((unit, _)) = looks::declared_unit(file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem)) {
            findings.push(Finding::warning("tables.unit_from_file_name").at(file_name).found(unit));
        }
    }
    if !labels && !table.rows.is_empty() {
        findings.push(Finding::warning("tables.no_row_labels").at(&at_top));
    }
    for column in &mut table.head {
        column.fraction = fractions.contains(&column.index);
    }
    table.findings.append(&mut findings);
}

fn is_period_or_serial(column: &Column) -> bool {
    let l = looks::fold(&column.label);
    matches!(
        l.as_str(),
        "序号" | "编号" | "行号" | "年份" | "年度" | "年" | "月份" | "月" | "代码" | "no" | "no." | "id" | "year" | "month"
    ) || ["代码", "编码", "编号", "号码", "电话", "证号", "邮编"].iter().any(|end| l.ends_with(end))
}

/// What the values of a column look like, from its first rows.
#[derive(Debug, Default)]
pub(crate) struct Look {
    pub numbers: usize,
    pub texts: usize,
    pub percent: usize,
    /// Numbers of size up to 1.5.
    pub small: usize,
    /// Numbers with more than two digits after the point.
    pub fine: usize,
}

pub(crate) fn column_look(grid: &Grid, table: &Table, column: &Column) -> Look {
    let mut look = Look::default();
    for row in table.rows.iter().take(200) {
        let (r, c) = table.position(row, column);
        let cell = grid.cell(r, c);
        match cell.value() {
            CellValue::Number(n) => {
                look.numbers += 1;
                look.percent += usize::from(cell.format().is_some_and(crate::format::Format::is_percent));
                look.small += usize::from(n.abs() <= rust_decimal::Decimal::new(15, 1));
                look.fine += usize::from(n.normalize().scale() > 1 && !n.is_zero());
            }
            CellValue::Text(t) if looks::is_blank_mark(t) => {}
            CellValue::Text(t) if looks::is_digit_code(t) => look.texts += 1,
            CellValue::Text(t) if crate::parse::number::number_text(t).is_some() => {
                look.numbers += 1;
                look.percent += usize::from(t.contains(['%', '％']));
            }
            CellValue::Text(_) | CellValue::Date(_) | CellValue::DateTime(_) => look.texts += 1,
            _ => {}
        }
    }
    look
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_periods_in_titles() {
        for (text, expected) in [
            ("2024年8月规上工业产值", Some("2024-08")),
            ("某区2024年1—8月主要指标", Some("2024-01..08")),
            ("2005年42个部门投入产出表", Some("2005")),
            ("1987io33", None),
            ("Data are calculated at producers' prices in 2007)", Some("2007")),
            ("2023年度统计表", Some("2023")),
            ("2024年8个项目", Some("2024")),
            ("收购2000辆车", None),
            ("时间：最近5年", None),
            ("2025年上半年", Some("2025H1")),
        ] {
            assert_eq!(find_period(text, false).map(|p| p.to_string()).as_deref(), expected, "{text}");
        }
        assert_eq!(find_months("1-8月累计"), Some((1, 8)));
        assert_eq!(find_months("8月产值"), Some((8, 8)));
        assert_eq!(find_months("产值"), None);
    }
}
