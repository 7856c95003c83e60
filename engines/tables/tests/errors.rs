//! The error workbook: the user's file back, marked, and nothing else changed.

use rust_xlsxwriter::{Format, Note, Workbook as Writer};
use std::io::{Cursor, Read};
use tables::{Limits, Workbook, read};
use values::{Finding, Lang};

/// A filing as an office makes it: merged title, unit line, formats, a note, hidden row, a second sheet.
fn filing() -> Vec<u8> {
    let mut book = Writer::new();
    let sheet = book.add_worksheet();
    sheet.set_name("8月产值").expect("name");
    let title = Format::new().set_bold().set_font_size(16);
    sheet.merge_range(0, 0, 0, 3, "2024年8月规上工业产值", &title).expect("title");
    sheet.write_string(1, 3, "单位：万元").expect("unit");
    for (c, head) in ["企业名称", "产值", "上年同期", "备注"].iter().enumerate() {
        sheet.write_string_with_format(2, c as u16, *head, &Format::new().set_bold()).expect("head");
    }
    let money = Format::new().set_num_format("#,##0.00").set_font_color("#1F4E79");
    for row in 3..40u32 {
        sheet.write_string(row, 0, format!("示例{row}公司")).expect("name");
        sheet.write_number_with_format(row, 1, f64::from(row) * 100.5, &money).expect("value");
        sheet.write_number_with_format(row, 2, f64::from(row) * 90.0, &money).expect("value");
    }
    sheet.write_string(8, 1, "4.12亿左右").expect("bad");
    sheet.write_string(9, 2, "待核").expect("bad");
    sheet.insert_note(8, 1, &Note::new("老李：再核一下")).expect("note");
    sheet.set_row_hidden(20).expect("hidden");
    let second = book.add_worksheet();
    second.set_name("说明").expect("name");
    second.write_string(0, 0, "本表不含飞地").expect("text");
    book.save_to_buffer().expect("written")
}

fn found() -> Vec<Finding> {
    vec![
        Finding::error("tables.not_a_number").at("8月产值!B9").found("4.12亿左右").expected("数字（万元）"),
        Finding::error("tables.not_a_number").at("8月产值!C10").found("待核").expected("数字（万元）"),
        Finding::error("tables.required").at("8月产值!D5").field("备注"),
        Finding::warning("tables.no_unit").at("8月产值").found("B"),
    ]
}

fn say(finding: &Finding) -> String {
    tables::texts::sentence(finding, Lang::Zh)
}

fn cells(book: &Workbook) -> Vec<String> {
    book.sheets.iter().flat_map(|s| s.cells().map(move |c| format!("{}!{}={}", s.name, c.at(), c.text()))).collect()
}

#[test]
fn only_the_marks_are_added() {
    let before_bytes = filing();
    let before = read(&before_bytes, "a.xlsx", &Limits::default()).expect("readable");
    let bytes = tables::write::errors(&before_bytes, &before, &found(), &say).expect("written");
    let after = read(&bytes, "a.xlsx", &Limits::default()).expect("readable again");
    let (old, new) = (cells(&before), cells(&after));
    let added: Vec<&String> = new.iter().filter(|c| !old.contains(c)).collect();
    insta::assert_snapshot!(added.iter().map(|s| s.as_str()).collect::<Vec<_>>().join("\n"));
    assert!(old.iter().all(|c| new.contains(c)));
    assert_eq!(after.sheets.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["8月产值", "说明"]);
    // The column is known again and not taken for data.
    let table = &after.sheets[0].tables[0];
    assert_eq!(table.head.len(), before.sheets[0].tables[0].head.len());
    assert_eq!(table.rows.len(), before.sheets[0].tables[0].rows.len());
    assert!(after.sheets[0].is_balanced());
    // The user's own note stays, with ours below.
    let note = after.sheets[0].cell(8, 1).comment().expect("a note");
    assert!(note.contains("老李：再核一下") && note.contains("不是数"), "{note}");
    assert!(after.sheets[0].cell(9, 2).comment().is_some_and(|n| n.contains("待核")));
    // The number format of a neighbour is untouched, that of the bad cell too.
    assert_eq!(after.sheets[0].cell(10, 1).text(), before.sheets[0].cell(10, 1).text());
    assert!(after.sheets[0].grid().is_row_hidden(20));
}

#[test]
fn untouched_parts_stay_byte_for_byte() {
    let before = filing();
    let book = read(&before, "a.xlsx", &Limits::default()).expect("readable");
    let after = tables::write::errors(&before, &book, &found(), &say).expect("written");
    let (old, new) = (parts(&before), parts(&after));
    for (name, bytes) in &old {
        let touched =
            ["xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"].contains(&name.as_str());
        let same = new.iter().any(|(n, b)| n == name && b == bytes);
        assert!(same || touched, "{name} changed");
    }
    assert_eq!(old.len(), new.len());
}

fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a package");
    (0..zip.len())
        .map(|i| {
            let mut part = zip.by_index(i).expect("a part");
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).expect("unpacked");
            (part.name().expect("a name").into_owned(), bytes)
        })
        .collect()
}

#[test]
fn a_returned_workbook_is_marked_anew() {
    let first = filing();
    let book = read(&first, "a.xlsx", &Limits::default()).expect("readable");
    let returned = tables::write::errors(&first, &book, &found(), &say).expect("written");
    let book = read(&returned, "a.xlsx", &Limits::default()).expect("readable");
    let one = vec![Finding::error("tables.not_a_number").at("8月产值!C10").found("待核").expected("数字")];
    let again = tables::write::errors(&returned, &book, &one, &say).expect("written");
    let book = read(&again, "a.xlsx", &Limits::default()).expect("readable");
    let column: Vec<String> = book.sheets[0].cells().filter(|c| c.column == 4).map(|c| format!("{}={}", c.at(), c.text())).collect();
    assert_eq!(column, ["E3=错误（导入时不读）", "E10=C10：“待核”不是数，应为数字"]);
}

#[test]
fn other_formats_come_back_as_xlsx_that_look_alike() {
    let csv = "2024年8月产值,,\n单位：万元,,\n企业名称,产值,日期\n甲公司,12x,2024-08-01\n乙公司,3,\n";
    let book = read(csv.as_bytes(), "产值.csv", &Limits::default()).expect("readable");
    let finding = Finding::error("tables.not_a_number").at("产值!B4").found("12x").expected("数字");
    let bytes = tables::write::errors(csv.as_bytes(), &book, &[finding], &say).expect("written");
    let after = read(&bytes, "产值.xlsx", &Limits::default()).expect("an xlsx");
    assert_eq!(after.format, "xlsx");
    let (old, new) = (cells(&book), cells(&after));
    assert!(old.iter().all(|c| new.contains(c)), "{old:?} {new:?}");
    assert!(new.contains(&"产值!D4=B4：“12x”不是数，应为数字".to_owned()));
}

#[test]
fn every_real_workbook_can_be_returned() {
    let Some(folder) = testing::shared("data/messy_spreadsheets") else { return };
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.ends_with(".xlsx") && !name.ends_with(".xls") {
            continue;
        }
        let bytes = std::fs::read(entry.path()).expect("a file");
        let book = read(&bytes, &name, &Limits::default()).expect("readable");
        let sheet = &book.sheets[0];
        let row = sheet.tables[0].rows[1];
        let at = format!("{}!{}", sheet.name, values::place::cell_name(row.index, 1));
        let marked = tables::write::errors(&bytes, &book, &[Finding::error("tables.required").at(at)], &say).expect("written");
        let after = read(&marked, &name, &Limits::default()).expect("readable again");
        assert_eq!(after.sheets[0].tables.len(), sheet.tables.len(), "{name}");
        let before: Vec<_> = sheet.cells().filter_map(|c| c.number().map(|n| (c.at(), n))).collect();
        let lost = before.iter().filter(|(at, n)| {
            let (r, c) = values::place::parse_cell(at).expect("a cell");
            after.sheets[0].cell(r, c).number() != Some(*n)
        });
        assert_eq!(lost.count(), 0, "{name}");
    }
}
