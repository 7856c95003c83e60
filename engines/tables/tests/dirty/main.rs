//! Dirty workbooks: one sheet for each trap that offices set, written as Excel,
//! WPS and LibreOffice write them. What is recognised is the same each time
//! and is reviewed as one text.

mod book;
mod cases;
mod cells;
mod files;
mod show;

use book::{Dialect, Page, write};
use show::show;
use std::collections::BTreeMap;
use tables::{Limits, read};

fn shown(dialect: Dialect, pages: &[Page]) -> BTreeMap<String, String> {
    let bytes = write(pages, dialect);
    let book = read(&bytes, "dirty.xlsx", &Limits::default()).unwrap_or_else(|e| panic!("{dialect:?}: {e}"));
    assert_eq!(book.sheets.len(), pages.len());
    book.sheets.iter().map(|s| (s.name.clone(), show(s))).collect()
}

#[test]
fn each_trap_is_handled_or_reported() {
    let pages = cases::pages();
    assert!(pages.len() >= 60, "{} cases", pages.len());
    let shown = shown(Dialect::Excel, &pages);
    let text: Vec<String> = pages.iter().map(|p| format!("=== {}\n{}", p.name, shown[&p.name])).collect();
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn whoever_wrote_it_the_same_is_read() {
    let pages = cases::pages();
    let excel = shown(Dialect::Excel, &pages);
    for dialect in [Dialect::Wps, Dialect::LibreOffice, Dialect::Strict] {
        let other = shown(dialect, &pages);
        for page in &pages {
            assert_eq!(other[&page.name], excel[&page.name], "{dialect:?} {}", page.name);
        }
    }
}

/// The same workbook opened and saved by LibreOffice 7.4 as xlsx, xls and ods (`examples/dirty.rs` makes the original).
#[test]
fn what_libreoffice_saved_is_read_the_same() {
    let pages = cases::pages();
    let excel = shown(Dialect::Excel, &pages);
    // It turns errors into formulas, computes what was not computed, and rounds to fifteen digits.
    let saved: [(&str, &[u8], &[&str]); 1] = [("dirty.xlsx", include_bytes!("saved/dirty.xlsx"), &["错误值", "公式无缓存", "二进制尾数"])];
    for (name, bytes, differ) in saved {
        let book = read(bytes, name, &Limits::default()).expect("readable");
        let mut others = Vec::new();
        for page in &pages {
            let shown = book.sheet(&page.name).map(show).unwrap_or_default();
            if shown != excel[&page.name] {
                others.push(page.name.as_str());
                println!("--- {name} {}\n{shown}+++\n{}", page.name, excel[&page.name]);
            }
        }
        assert_eq!(others, differ, "{name}");
    }
}
