//! Whole files: limits, bombs, other kinds, damaged ones. Each has its own sentence, none a panic.

use super::book::{Dialect, Page, pack, write};
use std::ops::ControlFlow;
use tables::{Limits, ReadError, read, read_watched};

fn rule(bytes: &[u8], name: &str, limits: &Limits) -> String {
    match read(bytes, name, limits) {
        Ok(book) => format!("read {}", book.format),
        Err(e) => {
            assert!(e.to_string().chars().count() > 5);
            e.rule().trim_start_matches("tables.").to_owned()
        }
    }
}

fn ole(stream: &str) -> Vec<u8> {
    let mut bytes = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    bytes.resize(1024, 0);
    bytes.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(4096, 0);
    bytes
}

#[test]
fn files_that_are_no_tables() {
    let limits = Limits::default();
    for (bytes, name, expected) in [
        (b"".to_vec(), "a.xlsx", "file_empty"),
        (b"MZ\x90\0\x03\0\0\0".to_vec(), "a.xlsx", "not_a_table"),
        (b"%PDF-1.7".to_vec(), "a.xls", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n".to_vec(), "a.csv", "not_a_table"),
        (b"PK\x03\x04 broken".to_vec(), "a.xlsx", "damaged"),
        (ole("EncryptedPackage"), "a.xlsx", "password"),
        (ole("WordDocument"), "a.doc", "not_a_table"),
        (ole("Nothing"), "a.et", "old_wps"),
        (ole("Workbook"), "a.xls", "damaged"),
        (vec![9, 8, 4, 0, 0, 0, 0, 0, 0, 0], "a.xls", "not_a_table"),
        (vec![9, 4, 6, 0, 0, 0, 0x10, 0], "a.xls", "too_old"),
        (pack(&[("word/document.xml".into(), "<w/>".into())]), "a.docx", "not_a_table"),
        (pack(&[("x.txt".into(), "hello".into())]), "a.zip", "not_a_table"),
        (pack(&[("xl/workbook.xml".into(), "<workbook/>".into())]), "a.xlsx", "damaged"),
        ("企业,产值\n甲,1\n".into(), "a.xlsx", "read csv"),
        (write(&[Page::new("a", "x|y\n1|2")], Dialect::Excel), "a.csv", "read xlsx"),
    ] {
        assert_eq!(rule(&bytes, name, &limits), expected, "{name} {:?}", &bytes[..bytes.len().min(8)]);
    }
}

#[test]
fn every_limit_has_its_own_sentence() {
    let rows: String = (0..3000).map(|i| format!("甲{i}|{i}\n")).collect();
    let bytes = write(&[Page::new("a", &rows)], Dialect::Excel);
    let limits = Limits::default();
    for (limits, expected) in [
        (Limits { file_bytes: 100, ..limits }, "file_too_large"),
        (Limits { unpacked_bytes: 10_000, ..limits }, "unpacks_too_large"),
        (Limits { entries: 3, ..limits }, "too_many_parts"),
        (Limits { sheets: 0, ..limits }, "too_many_sheets"),
        (Limits { rows: 1_000, ..limits }, "too_many_rows"),
        (Limits { cells: 1_000, ..limits }, "too_many_cells"),
        (Limits { cell_bytes: 3, ..limits }, "cell_too_long"),
        (limits, "read xlsx"),
    ] {
        assert_eq!(rule(&bytes, "a.xlsx", &limits), expected);
    }
}

#[test]
fn a_bomb_that_lies_about_its_size_is_stopped() {
    // Twelve megabytes of blanks pack to twelve kilobytes.
    let blanks = " ".repeat(12 << 20);
    let bytes = pack(&[
        (
            "xl/workbook.xml".into(),
            "<workbook xmlns:r=\"r\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>".into(),
        ),
        (
            "xl/_rels/workbook.xml.rels".into(),
            "<Relationships><Relationship Id=\"rId1\" Type=\"x/worksheet\" Target=\"sheet1.xml\"/></Relationships>".into(),
        ),
        ("xl/sheet1.xml".into(), format!("<worksheet><sheetData>{blanks}</sheetData></worksheet>")),
    ]);
    assert!(bytes.len() < 1 << 20);
    let limits = Limits { unpacked_bytes: 8 << 20, ..Limits::default() };
    assert_eq!(rule(&bytes, "a.xlsx", &limits), "unpacks_too_large");
    // The same with the sizes in its directory made small.
    let mut lying = bytes.clone();
    let size = u32::try_from(blanks.len() + 116).expect("fits").to_le_bytes();
    let spots: Vec<usize> =
        (0..lying.len() - 4).filter(|i| lying[*i + 2..*i + 4] == size[2..4] && lying[*i + 1].abs_diff(size[1]) < 2).collect();
    for i in spots {
        lying[i..i + 4].copy_from_slice(&1000u32.to_le_bytes());
    }
    let verdict = rule(&lying, "a.xlsx", &limits);
    assert!(["unpacks_too_large", "damaged"].contains(&verdict.as_str()), "{verdict}");
}

#[test]
fn a_million_formatted_empty_rows_are_nothing() {
    let mut rows = String::from(
        "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>企业</t></is></c><c r=\"B1\" t=\"inlineStr\"><is><t>产值</t></is></c></row><row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>甲厂</t></is></c><c r=\"B2\"><v>1</v></c></row>",
    );
    for r in 3..=120_000 {
        rows.push_str(&format!("<row r=\"{r}\" s=\"1\" customFormat=\"1\"><c r=\"A{r}\" s=\"1\"/></row>"));
    }
    let bytes = pack(&[
        (
            "xl/workbook.xml".into(),
            "<workbook xmlns:r=\"r\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>".into(),
        ),
        (
            "xl/_rels/workbook.xml.rels".into(),
            "<Relationships><Relationship Id=\"rId1\" Type=\"x/worksheet\" Target=\"sheet1.xml\"/></Relationships>".into(),
        ),
        ("xl/sheet1.xml".into(), format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")),
    ]);
    let book = read(&bytes, "a.xlsx", &Limits { rows: 10, ..Limits::default() }).expect("two rows");
    assert_eq!((book.sheets[0].tables[0].rows.len(), book.sheets[0].empty), (1, 119_998));
}

#[test]
fn reading_tells_how_far_it_is_and_stops_when_told() {
    let rows: String = (0..9_000).map(|i| format!("甲{i}|{i}\n")).collect();
    let bytes = write(&[Page::new("a", &rows)], Dialect::Excel);
    let mut seen = Vec::new();
    read_watched(&bytes, "a.xlsx", &Limits::default(), &mut |rows| {
        seen.push(rows);
        ControlFlow::Continue(())
    })
    .expect("readable");
    assert!(seen.len() >= 4 && seen.is_sorted() && seen.last() == Some(&9_000), "{seen:?}");
    let stopped = read_watched(&bytes, "a.xlsx", &Limits::default(), &mut |rows| {
        if rows > 3_000 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert!(matches!(stopped, Err(ReadError::Cancelled)));
}

/// Work grows with the size of the file, not with its square: each of these took minutes where something was looked through anew for each row.
#[test]
fn thousands_of_blocks_merges_and_columns_end_soon() {
    let mut rows = String::from("企业|产值\n");
    for i in 0..6_000 {
        rows.push_str(&format!("甲{i}厂|{i}\n\n"));
    }
    let merges: Vec<String> = (0..6_000).map(|i| format!("A{}:A{}", 2 * i + 2, 2 * i + 3)).collect();
    let page = Page { merges, ..Page::new("a", &rows) };
    let book = read(&write(&[page], Dialect::Excel), "a.xlsx", &Limits::default()).expect("readable");
    assert!(book.sheets[0].is_balanced());
    assert_eq!(book.sheets[0].tables[0].rows.len(), 6_000);
    let head: Vec<String> = (0..8_000).map(|i| format!("列{}", i % 4_000)).collect();
    let row: Vec<String> = (0..8_000).map(|i| i.to_string()).collect();
    let book = read(format!("{}\n{}\n{}\n", head.join(","), row.join(","), row.join(",")).as_bytes(), "a.csv", &Limits::default())
        .expect("readable");
    assert_eq!(book.sheets[0].tables[0].head.len(), 8_000);
    let totals: String = (0..6_000).map(|i| if i % 2 == 0 { "合计|1\n" } else { "甲厂|1\n" }).collect();
    let book =
        read(&write(&[Page::new("a", &format!("企业|产值\n{totals}"))], Dialect::Excel), "a.xlsx", &Limits::default()).expect("readable");
    let (sheet, table) = book.tables().next().expect("a table");
    let _ = tables::checks::totals(sheet, table);
}
