//! Sixteen real workbooks: every expected cell right, every trap of the manifest handled or reported.

use std::collections::BTreeMap;
use tables::{CellValue, Limits, Row, RowKind, Sheet, Table, Workbook, read};
use values::Decimal;

fn folder() -> Option<std::path::PathBuf> {
    testing::shared("data/messy_spreadsheets")
}

fn open(name: &str) -> Option<Workbook> {
    let bytes = std::fs::read(folder()?.join(name)).expect("a file");
    let book = read(&bytes, name, &Limits::default()).expect("readable");
    for sheet in &book.sheets {
        assert!(sheet.is_balanced(), "{name} {}", sheet.name);
    }
    Some(book)
}

fn rows_of(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads = reader.headers().expect("a head").clone();
    reader.records().map(|r| heads.iter().map(str::to_owned).zip(r.expect("a row").iter().map(str::to_owned)).collect()).collect()
}

/// Table, row and column of a cell.
fn find<'a>(sheet: &'a Sheet, at: &str) -> (&'a Table, &'a Row, &'a tables::Column) {
    let (r, c) = values::place::parse_cell(at).expect("a cell");
    let table = sheet.tables.iter().find(|t| t.range.contains(r, c)).expect("a table over the cell");
    let row = table.rows.iter().find(|row| row.index == r).expect("a row");
    (table, row, table.head.iter().find(|h| h.index == c).expect("a column"))
}

#[test]
fn every_expected_cell_is_right() {
    let Some(text) = testing::shared_text("data/messy_spreadsheets/expected_cells.csv") else { return };
    for expected in rows_of(&text) {
        let (file, at) = (&expected["file"], &expected["cell"]);
        let book = open(file).expect("there");
        let sheet = book.sheet(&expected["sheet"]).expect("the sheet");
        let (table, row, column) = find(sheet, at);
        let cell = table.cell(sheet, row, column);
        if expected["true_unit"] == "blank" {
            let CellValue::Text(mark) = cell.value() else { panic!("{file} {at}") };
            assert!(tables::looks::is_blank_mark(mark), "{file} {at} {mark}");
            continue;
        }
        let raw: Decimal = expected["raw_value"].parse().expect("a number");
        assert_eq!(cell.number().map(|n| n.normalize()), Some(raw.normalize()), "{file} {at}");
        let unit = table.unit_at(sheet, row, column);
        let shown = unit.as_ref().map(|u| u.text.as_str());
        match (expected["true_unit"].as_str(), file.as_str()) {
            ("fraction", _) => assert!(column.fraction, "{file} {at}"),
            // These say their unit nowhere inside; that is reported, and nothing is made up.
            (_, "rd_spend_provinces_raw.xlsx" | "nbs_gdp_by_province_2023.xls" | "tw_env_sheets.xls" | "io_2007_fu1_trade_adjust.xls") => {
                assert_eq!(shown, None, "{file} {at}");
                assert!(table.findings.iter().any(|f| f.rule == "tables.no_unit"), "{file}");
            }
            (wanted, _) => assert_eq!(shown, Some(wanted), "{file} {at}"),
        }
        if let (Some(from), Ok(wanted)) = (unit.and_then(|u| u.unit), expected["value_in_wan_yuan"].parse::<Decimal>()) {
            let to = values::unit::find("万元").expect("a unit");
            let value = values::unit::convert(raw, from, to).expect("money");
            assert_eq!(values::fixed::round(value, 4), wanted, "{file} {at}");
        }
    }
}

/// Headings of some columns, by letter.
fn heading(table: &Table, letter: &str) -> String {
    table.head.iter().find(|c| c.letter == letter).map(tables::Column::heading).unwrap_or_default()
}

fn kinds(table: &Table, kind: RowKind) -> Vec<u32> {
    table.rows.iter().filter(|r| r.kind == kind).map(Row::number).collect()
}

fn has(table: &Table, rule: &str, place: &str) -> bool {
    table.findings.iter().any(|f| f.rule == rule && f.place.ends_with(place))
}

#[test]
fn merged_stubs_and_heads_of_1987() {
    let Some(book) = open("io_1987_33.xls") else { return };
    let table = &book.sheets[0].tables[0];
    assert_eq!(heading(table, "F"), "中间使用 / 物质生产部门 / 第一产业 / 农业");
    assert_eq!(heading(table, "H"), "中间使用 / 物质生产部门 / 第二产业 / 煤炭采选业");
    assert_eq!(table.head[5].code.as_deref(), Some("01"));
    // The stub 中间投入 is merged over many rows and holds for each of them.
    let stub = table.cell(&book.sheets[0], &table.rows[20], &table.head[0]).text().into_owned();
    assert_eq!(tables::looks::clean(&stub), "中间投入");
    assert!(kinds(table, RowKind::Subtotal).contains(&10), "第一产业合计");
}

#[test]
fn hierarchy_by_position_alone_of_1992() {
    let Some(book) = open("io_1992_33.xls") else { return };
    let table = &book.sheets[0].tables[0];
    assert!(book.sheets[0].grid().merges().is_empty());
    assert_eq!((table.head_rows, heading(table, "C").as_str()), (Some((3, 4)), "农业"));
    assert_eq!(table.head[0].label, "投入");
    assert_eq!(table.head[2].code.as_deref(), Some("01"));
    assert_eq!(table.unit.as_ref().map(|u| u.text.as_str()), Some("万元"));
}

#[test]
fn aggregates_and_details_of_1997() {
    let Some(book) = open("io_1997_40.xls") else { return };
    let table = &book.sheets[0].tables[0];
    assert_eq!(book.sheets[0].grid().merges().len(), 57);
    assert_eq!(kinds(table, RowKind::Subtotal), [48, 53]);
    assert_eq!(heading(table, "D"), "农业");
}

#[test]
fn four_sheets_of_one_model() {
    let Some(book) = open("io_2000_17.xls") else { return };
    assert_eq!(
        book.sheets.iter().map(|s| (s.name.as_str(), s.tables.len())).collect::<Vec<_>>(),
        [("流量", 1), ("直耗系数", 1), ("完耗系数", 1), ("I", 1)]
    );
    assert_eq!(heading(&book.sheets[0].tables[0], "B"), "农业");
}

#[test]
fn one_table_twice_in_two_units() {
    let Some(book) = open("io_2005_42_wan_and_yi.xls") else { return };
    let units: Vec<&str> = book.tables().filter_map(|(_, t)| t.unit.as_ref().map(|u| u.text.as_str())).collect();
    assert_eq!(units, ["万元", "亿元"]);
    let twice: Vec<&str> =
        book.sheets[1].findings.iter().filter(|f| f.rule == "tables.same_table_twice").map(|f| f.expected.as_str()).collect();
    assert_eq!(twice, ["×10^4"]);
    // Tables of 3 and 42 sectors share their columns: that is said, not guessed away.
    assert!(book.sheets[1].tables[0].findings.iter().any(|f| f.rule == "tables.duplicate_head"));
}

#[test]
fn breaks_inside_heads_and_codes_half_text_of_2007() {
    let Some(book) = open("io_2007_42_0101.xls") else { return };
    let table = &book.sheets[0].tables[0];
    assert_eq!(heading(table, "E"), "中间使用 / 煤炭开采和洗选业");
    let codes: Vec<&str> = table.head.iter().filter_map(|c| c.code.as_deref()).collect();
    assert!(codes.contains(&"09") && codes.contains(&"10") && codes.contains(&"42"), "{codes:?}");
    assert_eq!(table.unit.as_ref().map(|u| u.text.as_str()), Some("万元"));
    assert!(table.title.contains("(10000 yuan)"));
    let Some(book) = open("io_2007_0301.xls") else { return };
    assert_eq!(heading(&book.sheets[0].tables[0], "C"), "农林牧渔业");
    assert_eq!(kinds(&book.sheets[0].tables[0], RowKind::Total), [50].to_vec());
}

#[test]
fn heads_with_formula_text_and_empty_sheets() {
    let Some(book) = open("io_2007_fu1_trade_adjust.xls") else { return };
    let table = &book.sheets[0].tables[0];
    let code = |letter: &str| table.head.iter().find(|c| c.letter == letter).and_then(|c| c.code.clone());
    assert_eq!(code("G").as_deref(), Some("(4)=(1)-(2)＋(3)"));
    assert_eq!(heading(table, "J"), "进口 / 投入产出表中进口");
    assert_eq!(kinds(table, RowKind::Total), [144]);
    assert!(book.sheets[1].tables.is_empty() && book.sheets[2].tables.is_empty());
}

#[test]
fn stacked_rows_of_2002() {
    let Some(book) = open("io_2002_42.xls") else { return };
    let sheet = &book.sheets[0];
    assert_eq!(sheet.tables[0].period.map(|p| p.to_string()).as_deref(), Some("2002"));
    assert_eq!(heading(&sheet.tables[0], "C"), "中间使用 / 农业");
    assert_eq!(sheet.ignored_count, 0);
}

#[test]
fn taiwan_years_levels_and_a_total_on_top() {
    let Some(book) = open("tw_env_sheets.xls") else { return };
    let table = &book.sheet("92年空汙").expect("a sheet").tables[0];
    assert_eq!(table.period.map(|p| p.to_string()).as_deref(), Some("2003"));
    assert_eq!(kinds(table, RowKind::Total), [2]);
    assert_eq!(table.rows.iter().find(|r| r.number() == 5).map(|r| r.level), Some(2));
    assert_eq!(table.rows.iter().find(|r| r.number() == 4).map(|r| r.level), Some(1));
    let waste = &book.sheet("92年廢棄物").expect("a sheet").tables[0];
    assert_eq!(waste.head[1].unit.as_ref().and_then(|u| u.unit).map(|u| u.name), Some("t"));
    let water = &book.sheet("99年水汙").expect("a sheet").tables[0];
    assert_eq!(kinds(water, RowKind::Section)[0], 11);
}

#[test]
fn plain_exports_and_titles() {
    let Some(book) = open("nbs_gdp_by_province_2023.xls") else { return };
    let table = &book.sheets[0].tables[0];
    assert_eq!(table.head[1].period.map(|p| p.to_string()).as_deref(), Some("2023"));
    let Some(book) = open("nbs_gdp_by_city_2019.xls") else { return };
    let table = &book.sheets[0].tables[0];
    assert_eq!((table.lines.len(), table.head_rows), (3, Some((3, 3))));
    assert_eq!(table.notes.iter().map(|n| n.cell.as_str()).collect::<Vec<_>>(), ["A41"]);
    assert_eq!(table.head[1].period.map(|p| p.to_string()).as_deref(), Some("2019"));
}

#[test]
fn units_that_contradict_and_units_of_file_names() {
    let Some(book) = open("diesel_by_province_units_conflict.xlsx") else { return };
    assert!(has(&book.sheets[0].tables[0], "tables.unit_conflict", "!C1"));
    let bytes = std::fs::read(folder().expect("there").join("rd_spend_provinces_raw.xlsx")).expect("a file");
    let book = read(&bytes, "R&D经费（万元）原.xlsx", &Limits::default()).expect("readable");
    let table = &book.sheets[0].tables[0];
    assert!(table.findings.iter().any(|f| f.rule == "tables.unit_from_file_name" && f.found == "万元"));
    assert!(has(table, "tables.no_row_labels", "!A1"));
    assert!(table.unit.is_none());
    assert_eq!(table.head[0].period.map(|p| p.to_string()).as_deref(), Some("2012"));
}

#[test]
fn broken_heads_and_twins_of_oil() {
    let Some(book) = open("oil_products_forecast.xlsx") else { return };
    let table = &book.sheets[0].tables[0];
    assert_eq!((heading(table, "A"), heading(table, "E")), ("年份".into(), "产量".into()));
    assert!(has(table, "tables.head_placeholder", "!D1") && has(table, "tables.duplicate_head", "!E1"));
    let Some(book) = open("oil_trade_forecast.xlsx") else { return };
    let table = &book.sheets[0].tables[0];
    assert_eq!((heading(table, "C"), heading(table, "E")), ("进口量 / 增长率".into(), "出口量 / 增长率".into()));
    assert!(has(table, "tables.rate_as_fraction", "!C1"));
}

#[test]
fn nothing_is_lost_by_another_reader_s_count() {
    use calamine::{Data, Reader, open_workbook_auto_from_rs};
    let Some(folder) = folder() else { return };
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.contains(".xls") {
            continue;
        }
        let bytes = std::fs::read(entry.path()).expect("a file");
        let book = read(&bytes, &name, &Limits::default()).expect("readable");
        let mut other = open_workbook_auto_from_rs(std::io::Cursor::new(&bytes)).expect("readable");
        for sheet in &book.sheets {
            let range = other.worksheet_range(&sheet.name).expect("a sheet");
            let filled =
                range.used_cells().filter(|(_, _, d)| !matches!(d, Data::Empty) && !matches!(d, Data::String(s) if s.is_empty())).count()
                    as u64;
            assert_eq!(sheet.read + sheet.ignored_count, filled, "{name} {}", sheet.name);
        }
    }
}
