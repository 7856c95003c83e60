//! What an import promises: all or nothing, nothing twice, every fault at its cell, undo.

use crate::world::{apply, content, csv, stage, told, with_zone};
use intake::{IntakeError, Target};
use values::Period;

fn enterprises() -> Target {
    Target::Ledger("enterprise".into())
}

fn filing(period: &str) -> Target {
    Target::AsFiled("industry_monthly".into(), Period::parse(period).unwrap())
}

const HEAD: &str = "统一社会信用代码,企业名称,行业代码,成立日期\n";

fn code(number: usize) -> String {
    demo::people::credit_code(number)
}

#[test]
fn the_same_file_twice_changes_nothing() {
    with_zone(|core| async move {
        let before = content(&core).await;
        for book in demo::workbooks().unwrap().into_iter().take(9) {
            let target = match book.import {
                demo::Import::Ledger(key) => Target::Ledger(key.into()),
                demo::Import::AsFiled(form, period) => Target::AsFiled(form.into(), period),
                demo::Import::Figures => Target::Figures,
            };
            let staged = stage(&core, &book.name, book.bytes, target).await.unwrap();
            assert_eq!((staged.counts.new, staged.counts.changed, staged.counts.rejected), (0, 0, 0), "{}", book.name);
            apply(&core, &staged).await.unwrap();
        }
        assert_eq!(content(&core).await, before);
    });
}

#[test]
fn every_fault_is_told_at_its_cell_and_good_rows_go_in() {
    with_zone(|core| async move {
        let text = format!(
            "{HEAD}{},示例新一有限公司,3985,2020-01-02\n{},示例新二有限公司,9999,2020-01-02\n91620300XY0000000X,示例新三有限公司,3985,2020-01-02\n{},示例新四有限公司,3985,2020-02-30\n,示例新五有限公司,3985,2020-01-02\n{},示例新一改有限公司,3985,2020-01-02\n",
            code(900),
            code(901),
            code(903),
            code(900),
        );
        let staged = csv(&core, &text, enterprises()).await;
        let told = told(&staged);
        let places: Vec<&str> = told.iter().filter_map(|t| t.split('!').nth(1)).collect();
        assert_eq!(places, ["C3", "A4", "D5", "A6", "7"], "{told:?}");
        assert_eq!((staged.counts.new, staged.counts.rejected), (1, 5));
        assert_eq!(apply(&core, &staged).await.unwrap().counts.new, 1);
    });
}

#[test]
fn a_missing_column_refuses_the_table_and_says_which() {
    with_zone(|core| async move {
        let staged = csv(&core, &format!("统一社会信用代码,企业名称\n{},示例甲\n", code(900)), enterprises()).await;
        assert!(told(&staged).iter().any(|t| t.starts_with("import.missing_column")));
        assert_eq!(staged.findings.iter().find(|f| f.rule == "import.missing_column").unwrap().field, "行业代码");
        assert!(staged.is_empty());
    });
}

#[test]
fn numbers_in_another_unit_are_converted_and_impossible_units_refused() {
    with_zone(|core| async move {
        let row = format!("{},示例甲子锂电材料有限公司", code(0));
        let yi = format!("统一社会信用代码,企业名称,规上工业总产值（亿元）\n{row},1.2345\n");
        let staged = csv(&core, &yi, filing("2023-01..04")).await;
        assert_eq!(staged.facts[0].row.value, Some(12_345_000_000), "1.2345 亿元 in 分: {:?}", told(&staged));
        let tonnes = format!("统一社会信用代码,企业名称,规上工业总产值（吨）\n{row},5\n");
        let staged = csv(&core, &tonnes, filing("2023-01..04")).await;
        assert!(staged.facts.is_empty() && staged.has_error(), "{:?}", told(&staged));
    });
}

#[test]
fn text_in_a_number_cell_and_unknown_enterprises_are_left_out() {
    with_zone(|core| async move {
        let text = format!(
            "统一社会信用代码,企业名称,规上工业总产值（万元）\n{},示例甲子锂电材料有限公司,一百来万\n{},没有这家,5\n",
            code(0),
            code(999)
        );
        let staged = csv(&core, &text, filing("2023-01..05")).await;
        assert_eq!(staged.counts.rejected, 2);
        let told = told(&staged);
        assert!(
            told.contains(&"tables.not_a_number 表!C2".to_owned()) && told.iter().any(|t| t.starts_with("import.enterprise_unknown")),
            "{told:?}"
        );
    });
}

#[test]
fn what_is_no_workbook_gets_a_sentence() {
    with_zone(|core| async move {
        for (name, bytes) in
            [("程序.xlsx", b"MZ\x90\0\x03\0\0\0".to_vec()), ("空.xlsx", Vec::new()), ("图.xlsx", b"\x89PNG\r\n\x1a\n0000".to_vec())]
        {
            let Err(IntakeError::Unreadable(why)) = stage(&core, name, bytes, enterprises()).await else { panic!("{name} was read") };
            assert!(why.chars().any(|c| c >= '\u{4e00}') && why.chars().count() >= 4, "{name}: {why}");
        }
        assert!(matches!(stage(&core, "a.csv", HEAD.into(), Target::Ledger("nothing".into())).await, Err(IntakeError::NoLedger(_))));
        assert!(matches!(
            stage(&core, "a.csv", HEAD.into(), Target::AsFiled("nothing".into(), Period::year(2025).unwrap())).await,
            Err(IntakeError::NoForm(_))
        ));
    });
}

#[test]
fn undo_gives_back_what_was_and_lists_conflicts() {
    with_zone(|core| async move {
        let before = content(&core).await;
        let changed = format!("{HEAD}{},示例甲子改名有限公司,3985,2020-01-02\n{},示例新来有限公司,3985,2021-01-01\n", code(0), code(950));
        let first = apply(&core, &csv(&core, &changed, enterprises()).await).await.unwrap();
        let filed = format!("统一社会信用代码,企业名称,规上工业总产值（万元）\n{},,777\n", code(1));
        let second = apply(&core, &csv(&core, &filed, filing("2023-01..02")).await).await.unwrap();
        assert_ne!(content(&core).await, before);
        assert!(intake::undo(&core, "demo", "tester", second.batch).await.unwrap().1.is_empty());
        assert!(intake::undo(&core, "demo", "tester", first.batch).await.unwrap().1.is_empty());
        assert_eq!(content(&core).await, before);
        assert!(matches!(intake::undo(&core, "demo", "tester", first.batch).await, Err(IntakeError::NoBatch(_))));
        // Changed again since: left as it is, and told.
        let third = apply(&core, &csv(&core, &changed, enterprises()).await).await.unwrap();
        let again = format!("{HEAD}{},示例甲子再改有限公司,3985,2020-01-02\n", code(0));
        apply(&core, &csv(&core, &again, enterprises()).await).await.unwrap();
        let (_, conflicts) = intake::undo(&core, "demo", "tester", third.batch).await.unwrap();
        assert_eq!(conflicts.len(), 1);
    });
}

#[test]
fn two_imports_at_once_never_write_half() {
    with_zone(|core| async move {
        let text = |name: &str| format!("{HEAD}{},{name},3985,2020-01-02\n", code(0));
        let (a, b) = (csv(&core, &text("示例甲有限公司"), enterprises()).await, csv(&core, &text("示例乙有限公司"), enterprises()).await);
        apply(&core, &a).await.unwrap();
        let hash = content(&core).await;
        assert!(matches!(apply(&core, &b).await, Err(IntakeError::Overtaken)));
        assert_eq!(content(&core).await, hash);
        let again = csv(&core, &text("示例乙有限公司"), enterprises()).await;
        assert_eq!(again.counts.changed, 1);
        apply(&core, &again).await.unwrap();
    });
}

#[test]
fn what_an_office_imports_never_replaces_what_was_filed() {
    with_zone(|core| async move {
        let text = format!("统一社会信用代码,企业名称,规上工业总产值（万元）\n{},,1\n", code(0));
        let period = Period::parse("2023-01..02").unwrap();
        let office = csv(&core, &text, Target::Office("industry_monthly".into(), period)).await;
        apply(&core, &office).await.unwrap();
        let visitor =
            hub::Visitor { name: "t".into(), label: "t".into(), role: hub::Role::Operator, office: String::new(), enterprise: None };
        let view = core.view(Some("demo"), visitor, values::Lang::Zh).await.unwrap();
        let figures = tokio::task::spawn_blocking(move || {
            let ask = hub::Ask::zone("gross_industrial_output", period).of("enterprise:1");
            hub::View::by_source(&view, &ask).into_iter().map(|f| (f.source, f.value.map(|v| v.to_string()))).collect::<Vec<_>>()
        })
        .await
        .unwrap();
        assert!(figures.contains(&("office".into(), Some("1".into()))), "{figures:?}");
        assert!(figures.iter().any(|(s, v)| s == "enterprise" && v.as_deref() != Some("1")), "{figures:?}");
    });
}
