//! Workbooks 工作簿: a chain out of a workbook, and back into one.
//!
//! Sheets are told apart by their heads, like text tables; title rows above the
//! head are passed over. Export writes one sheet for each kind of table, with
//! the units as they were written.

use crate::amount::{self, decimal};
use crate::model::{Chain, Plant, Product, Quantum, Role};
use crate::notes::Notes;
use crate::table::{Table, head_key};
use calamine::{Data, Reader};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use std::io::Cursor;

/// Largest workbook that is opened, bytes.
const MOST_BYTES: usize = 64 << 20;

/// True if the bytes look like a workbook (a package or a compound file) and not like text.
#[must_use]
pub fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0])
}

/// Reads every sheet that has a head; a workbook that cannot be opened is a finding.
#[must_use]
pub fn read(name: &str, bytes: &[u8], notes: &mut Notes) -> Vec<Table> {
    if bytes.len() > MOST_BYTES {
        notes.error("chain.bad_workbook", name, "", &bytes.len().to_string(), &[]);
        return Vec::new();
    }
    let mut book = match calamine::open_workbook_auto_from_rs(Cursor::new(bytes)) {
        Ok(book) => book,
        Err(error) => {
            notes.error("chain.bad_workbook", name, "", &error.to_string(), &[]);
            return Vec::new();
        }
    };
    let mut tables = Vec::new();
    for sheet in book.sheet_names() {
        match book.worksheet_range(&sheet) {
            Ok(range) => {
                let first = range.start().map_or(0, |(row, _)| row);
                // Columns are counted from the sheet's own first, so that places are cells.
                let left = range.start().map_or(0, |(_, column)| column) as usize;
                let rows = range.rows().enumerate().map(|(i, cells)| (first + i as u32 + 1, padded(left, cells)));
                tables.extend(table(&format!("{name}/{sheet}"), rows));
            }
            Err(error) => notes.error("chain.bad_workbook", &format!("{name}/{sheet}"), "", &error.to_string(), &[]),
        }
    }
    tables
}

fn padded(left: usize, cells: &[Data]) -> Vec<String> {
    std::iter::repeat_n(String::new(), left).chain(cells.iter().map(words)).collect()
}

/// A cell as text; a date as its month, for that is all that is asked of one here.
fn words(cell: &Data) -> String {
    match cell {
        Data::Float(n) => decimal(*n),
        Data::Int(n) => n.to_string(),
        Data::DateTime(date) => {
            let (year, month, ..) = date.to_ymd_hms_milli();
            format!("{year:04}-{month:02}")
        }
        Data::DateTimeIso(text) => text.chars().take(7).collect(),
        Data::Empty | Data::Error(_) => String::new(),
        other => other.to_string(),
    }
}

/// The table of a sheet: its head is the first row with at least two known columns. None for a sheet without one.
fn table(name: &str, rows: impl Iterator<Item = (u32, Vec<String>)>) -> Option<Table> {
    let mut found = Table { name: name.to_owned(), is_sheet: true, ..Table::default() };
    for (number, cells) in rows {
        if found.head.is_empty() {
            let known = cells.iter().filter(|c| head_key(c).is_some()).count();
            if known >= 2 {
                found.head = cells;
            }
        } else if cells.iter().any(|c| !c.trim().is_empty()) {
            found.rows.push((number, cells));
        }
    }
    (!found.head.is_empty()).then_some(found)
}

/// Writes a chain as a workbook: 产品, 工艺, 企业, 需求, 外购, 库存, 采购 (those that hold anything).
///
/// # Errors
/// What the writer could not do (a sheet of more than 1,048,576 rows).
pub fn write(chain: &Chain) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    sheet(
        &mut book,
        "产品",
        &["代码", "名称", "英文名", "单位", "类别", "化学式", "单价", "价格单位", "单位投资", "环节"],
        chain.products.iter().map(product),
    )?;
    let recipes = chain.recipes.iter().flat_map(|r| r.rows.iter().map(move |row| (r, row)));
    let recipe_rows = recipes.map(|(recipe, row)| {
        let (made, used) = (&chain.products[recipe.product], &chain.products[row.product]);
        let factor = amount::per_base(1.0, row.unit, recipe.unit);
        let number = |n: f64| decimal(n / factor);
        let kind = match row.role {
            Role::Input => used.kind.key().to_owned(),
            Role::Byproduct => "byproduct".into(),
            Role::Waste => "waste".into(),
        };
        vec![
            recipe.written.clone(),
            made.zh.clone(),
            recipe.route.clone(),
            row.written.clone(),
            used.zh.clone(),
            kind,
            number(row.amount),
            row.unit.name.into(),
            recipe.unit.name.into(),
            row.low.map(number).unwrap_or_default(),
            row.high.map(number).unwrap_or_default(),
            row.basis.clone(),
            row.source.clone(),
            row.confidence.key().into(),
            recipe.share.map(decimal).unwrap_or_default(),
            if recipe.default { "1".into() } else { String::new() },
        ]
    });
    let heads = [
        "产品",
        "产品中文名",
        "工艺",
        "投入",
        "投入中文名",
        "类别",
        "系数",
        "投入单位",
        "产出单位",
        "下限",
        "上限",
        "依据",
        "来源",
        "可信度",
        "比例",
        "首选",
    ];
    sheet(&mut book, "工艺", &heads, recipe_rows)?;
    let heads = ["企业", "产品", "产能", "单位", "起", "止", "工艺", "爬坡", "检修", "可信度"];
    sheet(&mut book, "企业", &heads, chain.plants.iter().map(|p| plant(chain, p)))?;
    for (name, head, list) in [("需求", "需求", &chain.demands), ("外购", "外购", &chain.imports), ("库存", "库存", &chain.stocks)]
    {
        sheet(&mut book, name, &["产品", head, "单位"], list.iter().map(|q| quantum(chain, q)))?;
    }
    let purchases = chain.purchases.iter().map(|p| {
        let product = &chain.products[p.product];
        vec![product.id.clone(), product.show(p.total), product.show(p.local), product.unit.name.into()]
    });
    sheet(&mut book, "采购", &["产品", "采购量", "本地采购", "单位"], purchases)?;
    book.save_to_buffer()
}

fn product(p: &Product) -> Vec<String> {
    let per_unit = |price: Option<f64>| price.map(|v| decimal(v * amount::to_base(p.unit))).unwrap_or_default();
    let money = if p.price.is_some() || p.invest.is_some() { "元".to_owned() } else { String::new() };
    let code = if p.code.is_empty() { p.id.clone() } else { p.code.clone() };
    let name = if p.zh.is_empty() { p.id.clone() } else { p.zh.clone() };
    vec![
        code,
        name,
        p.id.clone(),
        p.unit.name.into(),
        p.kind.key().into(),
        p.formula.clone(),
        per_unit(p.price),
        money,
        per_unit(p.invest),
        p.stage.clone(),
    ]
}

fn plant(chain: &Chain, p: &Plant) -> Vec<String> {
    let month = |m: Option<amount::Month>| m.map(|m| m.to_string()).unwrap_or_default();
    let ramp: Vec<String> = p.ramp.iter().map(|(n, s)| format!("{n}:{}%", decimal(s * 100.0))).collect();
    let outages: Vec<String> = p.outages.iter().map(|(a, b, left)| format!("{a}..{b}:{}%", decimal(left * 100.0))).collect();
    vec![
        p.name.clone(),
        chain.products[p.product].id.clone(),
        decimal(p.capacity / amount::to_base(p.unit)),
        format!("{}/年", p.unit.name),
        month(p.from),
        month(p.to),
        p.recipe.map(|r| chain.recipes[r].route.clone()).unwrap_or_default(),
        ramp.join(";"),
        outages.join(";"),
        p.confidence.key().into(),
    ]
}

fn quantum(chain: &Chain, q: &Quantum) -> Vec<String> {
    let product = &chain.products[q.product];
    vec![product.id.clone(), product.show(q.amount), product.unit.name.into()]
}

/// Columns that hold numbers.
const NUMBERS: &[&str] = &["系数", "下限", "上限", "产能", "需求", "外购", "库存", "采购量", "本地采购", "单价", "单位投资", "比例"];

fn sheet(book: &mut Workbook, name: &str, heads: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<(), XlsxError> {
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return Ok(());
    }
    let bold = Format::new().set_bold();
    let sheet: &mut Worksheet = book.add_worksheet().set_name(name)?;
    sheet.set_freeze_panes(1, 0)?;
    for (column, head) in heads.iter().enumerate() {
        sheet.write_string_with_format(0, column as u16, *head, &bold)?;
        sheet.set_column_width(column as u16, if NUMBERS.contains(head) { 12.0 } else { 18.0 })?;
    }
    for (row, cells) in rows.enumerate() {
        for (column, cell) in cells.iter().enumerate().filter(|(_, c)| !c.is_empty()) {
            // Text goes in as text: a name that begins with = is no formula.
            match amount::number(cell).filter(|_| NUMBERS.contains(&heads[column])) {
                Some(number) => sheet.write_number(row as u32 + 1, column as u16, number)?,
                None => sheet.write_string(row as u32 + 1, column as u16, cell)?,
            };
        }
    }
    Ok(())
}
