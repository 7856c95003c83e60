//! Totals 合计 held against the sum of their members.

use crate::grid::CellValue;
use crate::looks;
use crate::parse::number::number_text;
use crate::table::{Column, Measure, Row, RowKind, Sheet, Table, place};
use rust_decimal::Decimal;
use values::fixed::round;
use values::{Finding, Quantity};

/// One warning for each cell of a total that its members do not add up to.
///
/// Members of a total are the records of the outermost level; of a subtotal,
/// the records between it and the sum before it (or after it, where sums
/// stand on top). Rates, shares, averages, codes and years are not added.
/// Differences within the rounding of the printed digits are none.
#[must_use]
pub fn totals(sheet: &Sheet, table: &Table) -> Vec<Finding> {
    let columns: Vec<&Column> = table.head.iter().filter(|c| adds_up(sheet, table, c)).collect();
    let mut findings = Vec::new();
    if columns.is_empty() {
        return findings;
    }
    // Many totals are sums of parts each; adding up the whole table for each would take for ever.
    let few = table.rows.iter().filter(|r| r.kind == RowKind::Total).count() <= 20;
    for (i, row) in table.rows.iter().enumerate() {
        let candidates: Vec<Vec<&Row>> = match row.kind {
            RowKind::Total if few => vec![of_total(table), between(table, i)],
            RowKind::Total => vec![between(table, i)],
            RowKind::Subtotal => vec![before(table, i), after(table, i)],
            _ => continue,
        };
        // The reading under which most columns agree is the one meant.
        let checked = candidates.into_iter().filter(|m| m.len() >= 2).map(|members| check_row(sheet, table, row, &columns, &members));
        let Some(best) = checked.max_by_key(|(agree, _)| *agree) else { continue };
        let (agree, mut differ) = best;
        // Where nothing agrees over several columns, the members were misunderstood rather than all sums wrong.
        if agree == 0 && differ.len() > 2 && row.kind == RowKind::Subtotal {
            continue;
        }
        if agree == 0 && differ.len() > 2 {
            differ.truncate(1);
        }
        findings.append(&mut differ);
    }
    findings
}

fn check_row(sheet: &Sheet, table: &Table, row: &Row, columns: &[&Column], members: &[&Row]) -> (usize, Vec<Finding>) {
    let (mut agree, mut differ) = (0, Vec::new());
    for column in columns {
        let Some(written) = value(sheet, table, row, column) else { continue };
        let parts: Vec<Decimal> = members.iter().filter_map(|m| value(sheet, table, m, column)).collect();
        if parts.is_empty() {
            continue;
        }
        let Some(sum) = parts.iter().try_fold(Decimal::ZERO, |a, b| a.checked_add(*b)) else { continue };
        if within_rounding(written, sum, &parts) {
            agree += 1;
        } else {
            let (r, c) = table.position(row, column);
            differ.push(
                Finding::warning("tables.total_differs")
                    .at(place(&sheet.name, r, c))
                    .field(column.heading())
                    .found(written.normalize().to_string())
                    .expected(sum.normalize().to_string()),
            );
        }
    }
    (agree, differ)
}

/// Each printed value may be off by half of its last digit; the tail of a binary double by less than 10⁻⁹ of it.
fn within_rounding(written: Decimal, sum: Decimal, parts: &[Decimal]) -> bool {
    let digits = parts.iter().map(|p| p.normalize().scale()).max().unwrap_or(0).min(12);
    let written_digits = written.normalize().scale().min(digits);
    let half = |digits: u32| Decimal::new(5, digits + 1);
    let slack = half(digits) * Decimal::from(parts.len()) + half(written_digits);
    let relative = sum.abs().checked_div(Decimal::from(1_000_000_000)).unwrap_or(Decimal::ZERO);
    // Whole numbers add up exactly: nothing was rounded away that would show.
    let exact = digits == 0 && written_digits == 0;
    (written - sum).abs() <= if exact { relative } else { slack.max(relative) }
}

fn value(sheet: &Sheet, table: &Table, row: &Row, column: &Column) -> Option<Decimal> {
    match table.cell(sheet, row, column).value() {
        CellValue::Number(n) => Some(round(n, 12)),
        CellValue::Text(t) => number_text(t).filter(|n| n.factor == 1 && n.unit.is_none()).map(|n| n.value),
        _ => None,
    }
}

/// True for a column whose values may be added.
fn adds_up(sheet: &Sheet, table: &Table, column: &Column) -> bool {
    const NOT: [&str; 22] = [
        "率", "比", "平均", "人均", "亩均", "单价", "均价", "价格", "指数", "强度", "序号", "编号", "代码", "年份", "年度", "月份", "排名",
        "名次", "得分", "系数", "电话", "邮编",
    ];
    let label = looks::fold(&column.label);
    let unit = column.unit.as_ref();
    let ratio = unit.is_some_and(|u| {
        u.text.contains(['/', '%', '％', '‰'])
            || u.unit
                .is_some_and(|k| matches!(k.quantity, Quantity::Percent | Quantity::PercentPoint | Quantity::Ratio | Quantity::Temperature))
    });
    !ratio
        && !column.fraction
        && !matches!(column.measure, Measure::Growth | Measure::Share)
        && !NOT.iter().any(|n| label.contains(n))
        && !matches!(label.as_str(), "年" | "月" | "no" | "id")
        && table.is_numeric(sheet, column)
}

/// Records of the outermost level, and sections' records with them.
fn of_total(table: &Table) -> Vec<&Row> {
    let records = || table.rows.iter().filter(|r| r.kind == RowKind::Data);
    let outermost = records().map(|r| r.level).min().unwrap_or(0);
    records().filter(|r| r.level == outermost).collect()
}

/// Records between this total and the total before it: several totals, each of its part.
fn between(table: &Table, at: usize) -> Vec<&Row> {
    let from = table.rows[..at].iter().rposition(|r| r.kind == RowKind::Total).map_or(0, |p| p + 1);
    table.rows[from..at].iter().filter(|r| r.kind == RowKind::Data).collect()
}

fn before(table: &Table, at: usize) -> Vec<&Row> {
    let stop = |r: &Row| matches!(r.kind, RowKind::Subtotal | RowKind::Total | RowKind::Section);
    let from = table.rows[..at].iter().rposition(stop).map_or(0, |p| p + 1);
    table.rows[from..at].iter().filter(|r| r.kind == RowKind::Data).collect()
}

fn after(table: &Table, at: usize) -> Vec<&Row> {
    let stop = |r: &Row| matches!(r.kind, RowKind::Subtotal | RowKind::Total | RowKind::Section);
    let rest = &table.rows[at + 1..];
    let to = rest.iter().position(stop).unwrap_or(rest.len());
    rest[..to].iter().filter(|r| r.kind == RowKind::Data).collect()
}

#[cfg(test)]
mod tests {
    use crate::{Limits, read};

    fn check(csv: &str, expected: &[&str]) {
        let book = read(csv.as_bytes(), "a.csv", &Limits::default()).expect("readable");
        let found: Vec<String> =
            book.tables().flat_map(|(s, t)| super::totals(s, t)).map(|f| format!("{} {} {}", f.place, f.found, f.expected)).collect();
        assert_eq!(found, expected, "{csv}");
    }

    #[test]
    fn totals_are_held_against_their_members() {
        check("名称,产值\n甲,1.5\n乙,2.5\n合计,4\n", &[]);
        check("名称,产值\n甲,1.5\n乙,2.5\n合计,14\n", &["a!B4 14 4"]);
        check("名称,产值\n合计,4.5\n甲,1.5\n乙,2.5\n", &["a!B2 4.5 4"]);
        check("名称,产值\n甲,100\n乙,200\n合计,301\n", &["a!B4 301 300"]);
        check("名称,产值\n甲,33.3\n乙,33.3\n丙,33.3\n合计,100\n", &[]);
    }

    #[test]
    fn subtotals_and_parts_are_not_counted_twice() {
        check("名称,产值\n甲,1\n乙,2\n小计,3\n丙,4\n丁,5\n小计,9\n合计,12\n", &[]);
        check("名称,产值\n甲,1\n乙,2\n小计,3\n丙,4\n丁,5\n小计,8\n合计,12\n", &["a!B7 8 9"]);
        check("名称,产值\n甲,10\n其中：出口,4\n乙,2\n合计,12\n", &[]);
        check("名称,产值\n总计,30\n  农业,10\n  工业,20\n    采矿,5\n    制造,15\n", &[]);
        check("名称,产值\n工业小计,3\n甲,1\n乙,2\n商业小计,9\n丙,4\n丁,5\n", &[]);
    }

    #[test]
    fn rates_are_not_added() {
        check("名称,产值,增长率,人均产值\n甲,1,5,7\n乙,2,6,8\n合计,3,5.5,7.6\n", &[]);
    }
}
