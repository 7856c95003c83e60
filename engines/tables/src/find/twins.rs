//! One table twice 同表两份: the same labels with values that differ by a power of ten, as in 万元 and in 亿元.

use crate::grid::Grid;
use crate::looks;
use crate::table::{Sheet, Table};
use rust_decimal::Decimal;
use std::collections::HashMap;
use values::Finding;

/// Larger tables are not compared; the check is quadratic in tables.
const MOST_CELLS: usize = 40_000;
const MOST_TABLES: usize = 40;

/// Reports each pair of tables that hold the same values, in one unit or in two.
pub(crate) fn report(sheets: &mut [Sheet], _findings: &mut Vec<Finding>) {
    let mut seen: Vec<(usize, usize, HashMap<u64, Decimal>)> = Vec::new();
    let mut reports: Vec<(usize, Finding)> = Vec::new();
    for (s, sheet) in sheets.iter().enumerate() {
        for (t, table) in sheet.tables.iter().enumerate() {
            if seen.len() >= MOST_TABLES || table.rows.len() * table.head.len() > MOST_CELLS {
                continue;
            }
            let values = labelled(&sheet.grid, table);
            for (s0, t0, other) in &seen {
                if let Some(power) = same_up_to_power(other, &values) {
                    let first = format!("{}!{}", sheets[*s0].name, sheets[*s0].tables[*t0].range);
                    let here = format!("{}!{}", sheet.name, table.range);
                    let finding = Finding::warning("tables.same_table_twice").at(here).found(first).expected(if power == 0 {
                        "×1".to_owned()
                    } else {
                        format!("×10^{power}")
                    });
                    reports.push((s, finding));
                }
            }
            seen.push((s, t, values));
        }
    }
    for (s, finding) in reports {
        sheets[s].findings.push(finding);
    }
}

/// Each number under the hash of its row's and its column's label; labels that come twice are left out.
fn labelled(grid: &Grid, table: &Table) -> HashMap<u64, Decimal> {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut values: HashMap<u64, Option<Decimal>> = HashMap::new();
    let labels: Vec<String> = table.head.iter().map(|c| looks::fold(&c.label)).collect();
    for row in &table.rows {
        let cells: Vec<_> = table.head.iter().map(|c| table.position(row, c)).map(|(r, c)| grid.cell(r, c)).collect();
        let label: String = cells.iter().filter(|c| c.number().is_none()).map(|c| looks::fold(&c.text())).collect();
        for (column, cell) in cells.iter().enumerate() {
            let Some(number) = cell.number() else { continue };
            let mut hasher = DefaultHasher::new();
            (&label, &labels[column]).hash(&mut hasher);
            values.entry(hasher.finish()).and_modify(|v| *v = None).or_insert(Some(number));
        }
    }
    values.into_iter().filter_map(|(k, v)| v.map(|v| (k, v))).collect()
}

/// The power of ten by which nearly all shared values differ; none unless the tables share most of the smaller one.
fn same_up_to_power(a: &HashMap<u64, Decimal>, b: &HashMap<u64, Decimal>) -> Option<i32> {
    let (mut shared, mut votes) = (0usize, HashMap::<i32, usize>::new());
    for (key, x) in a {
        let Some(y) = b.get(key) else { continue };
        if x.is_zero() || y.is_zero() {
            continue;
        }
        shared += 1;
        if let Some(power) = [0i32, 3, 4, 8, -3, -4, -8].into_iter().find(|p| near(*x, *y, *p)) {
            *votes.entry(power).or_default() += 1;
        }
    }
    let smaller = a.len().min(b.len());
    let (power, count) = votes.into_iter().max_by_key(|(_, n)| *n)?;
    (shared >= 20 && shared * 2 >= smaller && count * 100 >= shared * 90).then_some(power)
}

/// True if x = y × 10^power to one per cent, or to the last digit that a rounded value keeps.
fn near(x: Decimal, y: Decimal, power: i32) -> bool {
    use rust_decimal::prelude::ToPrimitive;
    let (Some(x), Some(y)) = (x.to_f64(), y.to_f64()) else { return false };
    let y = y * 10f64.powi(power);
    (x - y).abs() <= 0.01 * x.abs().max(y.abs()) || power > 0 && (x - y).abs() <= 0.006 * 10f64.powi(power)
}
