//! A chain written as a workbook and read again is the same chain.

#![allow(clippy::unwrap_used, reason = "a test may fail this way")]

use chain::read::{Settings, read};
use chain::supply::{Question, supply};
use chain::table::read_text;
use chain::{Chain, Graph, Notes, definitions, workbook};

fn needs(chain: &Chain) -> Vec<(String, f64, f64, String)> {
    let mut lines: Vec<_> = supply(chain, &Graph::new(chain, &[]), &Question::default())
        .lines
        .iter()
        .map(|l| {
            let p = &chain.products[l.product];
            (p.id.clone(), l.need, l.local, p.unit.name.to_owned())
        })
        .collect();
    lines.sort_by(|a, b| a.0.cmp(&b.0));
    lines
}

#[test]
fn out_and_in_again() {
    let mut notes = Notes::default();
    let (mut tables, _) = definitions::tables(&["battery", "chlor_alkali", "nonferrous"]);
    let plants = "plant,product,capacity,unit,from,to,ramp,outage,route\n甲,磷酸铁锂,5,万吨/年,2024-03,,1:30%;4:100%,2024-06..2024-07:40%,iron_phosphate\n=乙,烧碱,40,万吨/年,,,,,\n";
    tables.push(read_text("p.csv", plants.as_bytes(), &mut notes));
    tables.push(read_text("d.csv", "product,demand,unit\n磷酸铁锂储能电芯,18,GWh\n".as_bytes(), &mut notes));
    tables.push(read_text("s.csv", "product,stock,unit\n碳酸锂,500,t\n".as_bytes(), &mut notes));
    tables.push(read_text("b.csv", "product,purchased,local,unit\n碳酸锂,1000,250,t\n".as_bytes(), &mut notes));
    let chain = read(&tables, &Settings::default(), &mut notes);
    assert!(!notes.list.has_error(), "{:?}", notes.list);
    let bytes = workbook::write(&chain).unwrap();
    assert!(workbook::is_workbook(&bytes));
    let mut again = Notes::default();
    let sheets = workbook::read("链.xlsx", &bytes, &mut again);
    let back = read(&sheets, &Settings::default(), &mut again);
    assert!(!again.list.has_error(), "{:?}", again.list);
    let (one, other) = (needs(&chain), needs(&back));
    assert_eq!(one.len(), other.len());
    for (a, b) in one.iter().zip(&other) {
        assert_eq!((&a.0, &a.3), (&b.0, &b.3));
        assert!((a.1 - b.1).abs() <= 1e-9 * a.1.abs() && (a.2 - b.2).abs() <= 1e-9 * a.2.abs(), "{a:?} {b:?}");
    }
    assert_eq!(back.plants[1].name, "=乙");
    assert_eq!(back.plants[0].ramp, chain.plants[0].ramp);
    assert_eq!(back.plants[0].outages, chain.plants[0].outages);
    assert_eq!((back.stocks.len(), back.purchases.len()), (1, 1));
    assert_eq!(back.recipes.len(), chain.recipes.len());
}

#[test]
fn a_title_row_is_passed_over_and_faults_name_the_cell() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("企业").unwrap();
    sheet.write_string(0, 0, "某园区企业产能表").unwrap();
    for (c, head) in ["企业", "产品", "产能", "单位"].iter().enumerate() {
        sheet.write_string(2, c as u16, *head).unwrap();
    }
    sheet.write_string(3, 0, "甲").unwrap();
    sheet.write_string(3, 1, "硫酸").unwrap();
    sheet.write_string(3, 2, "十").unwrap();
    sheet.write_string(3, 3, "t").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let mut notes = Notes::default();
    let tables = workbook::read("a.xlsx", &bytes, &mut notes);
    let _ = read(&tables, &Settings::default(), &mut notes);
    let places: Vec<&str> = notes.list.iter().map(|f| f.place.as_str()).collect();
    assert_eq!(places, ["a.xlsx/企业!C4"]);
}

#[test]
fn what_is_no_workbook_is_a_finding() {
    let mut notes = Notes::default();
    assert!(workbook::read("x.xlsx", b"PK\x03\x04 nothing", &mut notes).is_empty());
    assert_eq!(notes.list.iter().next().map(|f| f.rule.as_str()), Some("chain.bad_workbook"));
}
