//! The three steps of an import.

use page::form::Toolbar;
use page::{
    Action, Count, Field, FieldKind, Form, ImportCounts, ImportResult, Line, Link, Mark, Note, NumberedFinding, Opt, Page, Panel, Part,
    Sheet, SheetCell, SheetRow, Step, StepState,
};
use values::Finding;

fn step(label: &str, state: StepState) -> Step {
    Step { label: label.into(), state, href: String::new() }
}

/// Step two: choose, drop or paste the file.
pub fn upload() -> Page {
    let form = Form::new("upload", "/import", "上传并检查")
        .field(Field::new("form", "报表", FieldKind::Choice(vec![Opt::new("output", "规上工业产值")])).value("output").required())
        .field(Field::new("period", "期间", FieldKind::Period).value("2024年8月").required())
        .field(
            Field::new("file", "工作簿", FieldKind::File(".xlsx,.xls,.ods,.et".into()))
                .required()
                .help("您手上的表可以直接用，列名不一样也行"),
        );
    let steps = vec![step("下载模板", StepState::Done), step("上传", StepState::Now), step("看结果，决定导不导", StepState::Later)];
    Page::new("导入月度填报", "economy")
        .item("filing")
        .part(Part::Steps(steps))
        .part(Panel::new("上传").part(form).part(Note::info("检查不改动任何数据；看过结果，您再决定导不导。")))
}

const FINDINGS: &[(&str, &str, &str, &str, bool)] = &[
    ("A7", "名称与代码对不上", "台账里是“某丁镍盐有限公司”。", "写全称", true),
    ("B7", "信用代码第 16 位是字母 O", "代码里没有字母 O。", "改成数字 0", true),
    ("C9", "“4.12亿”不是数", "本列单位是万元。", "填 41,200.00", true),
    ("C10", "负数（提醒，可导入）", "8月产值为负。", "确认是冲减后放行", false),
    ("E11", "“三百八”不是数", "", "填 380", true),
    ("A12", "与第 5 行重复", "同一企业同一月报了两次。", "删去一行", true),
    ("C14", "产值是空的", "空不等于零；没有产值请填 0。", "补数，或填 0", true),
    ("A16", "合计行", "合计由系统算，且多了 100.00。", "删去本行", true),
];

fn sheet() -> Sheet {
    let w = |t: &str| SheetCell::words(t);
    let v = |t: &str| SheetCell::number(t);
    let head = |t: &str| SheetCell { head: true, ..w(t) };
    let bad = |cell: SheetCell, n: u32| cell.mark(Mark::Bad).finding(n);
    let changed = |text: &str, was: &str| SheetCell { was: was.into(), ..v(text).mark(Mark::Changed) };
    let new = |cells: Vec<SheetCell>| cells.into_iter().map(|c| c.mark(Mark::New)).collect();
    let heads = ["企业名称", "信用代码", "产值（万元）", "上年同期", "从业人员", "8月用电", "备注"];
    let rows: Vec<(u32, Vec<SheetCell>)> = vec![
        (4, heads.map(head).to_vec()),
        (
            5,
            vec![
                w("某甲锂电材料有限公司"),
                w("91999900SZ00000018"),
                changed("128,406.11", "128,400.00"),
                v("98,220.40"),
                v("1,208"),
                v("3,412.6"),
                w(""),
            ],
        ),
        (6, vec![w("某乙碳酸锂有限公司"), w("91999900SZ00000026"), v("23,115.00"), v("22,870.00"), v("310"), v("1,020.4"), w("")]),
        (7, vec![bad(w("某丁镍盐"), 1), bad(w("91999900SZ00000O42"), 2), v("38,902.00"), v("52,316.00"), v("455"), v("2,210.0"), w("")]),
        (8, new(vec![w("某戊电解液有限公司"), w("91999900SZ00000051"), v("12,640.50"), v("—"), v("146"), v("402.8"), w("8月入统")])),
        (
            9,
            vec![
                w("某己电解铜箔有限公司"),
                w("91999900SZ0000006I"),
                bad(v("4.12亿"), 3),
                v("24,110.00"),
                changed("612", "598"),
                v("2,980.1"),
                w(""),
            ],
        ),
        (
            10,
            vec![
                w("某庚钛白有限公司"),
                w("91999900SZ00000077"),
                v("−31,204.00").mark(Mark::Warning).finding(4),
                v("41,880.00"),
                v("702"),
                v("1,905.3"),
                w("冲减"),
            ],
        ),
        (
            11,
            vec![w("某辛氯碱有限公司"), w("91999900SZ00000085"), v("19,877.30"), v("24,020.00"), bad(v("三百八"), 5), v("5,110.7"), w("")],
        ),
        (
            12,
            vec![
                bad(w("某甲锂电材料有限公司"), 6),
                w("91999900SZ00000018").mark(Mark::Bad),
                v("128,406.11"),
                v("98,220.40"),
                v("1,208"),
                v("3,412.6"),
                w("重复"),
            ],
        ),
        (
            13,
            vec![
                w("某壬负极材料有限公司"),
                w("91999900SZ00000093"),
                changed("28,015.90", "27,915.90"),
                v("14,332.00"),
                v("390"),
                v("8,226.0"),
                w(""),
            ],
        ),
        (14, vec![w("某癸精细化工有限公司"), w("91999900SZ00000106"), bad(v("（空）"), 7), v("8,410.00"), v("201"), v("640.2"), w("")]),
        (15, vec![w("某子再生资源有限公司"), w("91999900SZ00000114"), v("18,330.00"), v("17,960.00"), v("288"), v("915.6"), w("")]),
        (16, vec![bad(w("合计"), 8), w(""), v("1,021,440.12"), v(""), v(""), v(""), w("")]),
    ];
    Sheet {
        label: "您的表：8月产值".into(),
        rows: rows.into_iter().map(|(number, cells)| SheetRow { number, cells }).collect(),
        hit: Some((9, 2)),
        raw: "4.12亿".into(),
        ringed: false,
        tabs: vec![Link::new("8月产值", "").current_if(true), Link::new("能耗", "?sheet=1"), Link::new("Sheet3", "?sheet=2")],
        ..Sheet::default()
    }
}

/// Step three.
pub fn result() -> Page {
    let findings = FINDINGS.iter().zip(1..).map(|((cell, title, why, remedy, is_error), number)| {
        let finding = if *is_error { Finding::error("import.sample") } else { Finding::warning("import.sample") };
        NumberedFinding {
            number,
            finding: finding.at(format!("8月产值!{cell}")).expected(*why).remedy(*remedy),
            title: (*title).into(),
            href: String::new(),
        }
    });
    let result = ImportResult {
        steps: vec![
            step("下载模板", StepState::Done),
            step("上传：8月产值.xlsx，读了 128 行", StepState::Done),
            step("看结果，决定导不导", StepState::Now),
        ],
        counts: ImportCounts {
            new: Count::new(12, "?show=new"),
            changed: Count::new(37, "?show=changed"),
            changed_cells: 52,
            same: Count::new(73, "?show=same"),
            rejected: Count::new(6, "?show=rejected"),
            rejected_cells: 8,
            reminders: Count::new(1, "?show=reminders"),
        },
        sheet: sheet(),
        previous: Some("?at=2".into()),
        next: Some("?at=4".into()),
        findings: findings.collect(),
        pager: None,
        rules: Some(Link::new("校验规则 ›", "/rules")),
        notes: Vec::new(),
        actions: Toolbar {
            left: vec![
                Action::post("仅导入合格的 122 行", "/import/31/apply").primary(),
                Action::link("下载错误工作簿", "/import/31/errors"),
                Action::post("全部退回", "/import/31/rejection").danger().confirm("全部退回，不导入任何一行？"),
            ],
            middle: Line::from("导入后 30 天内可整批撤销；企业已填的数不会被覆盖，只会提示不一致"),
            right: vec![Action::disabled("撤销本批", "导入之后才能撤销")],
        },
    };
    let mut page = Page::new("导入月度填报", "economy")
        .item("filing")
        .crumb(Link::new("2024年8月 · 规上工业产值", ""))
        .tool(page::Tool::Age("批次 202409-0031 · 罗某 · 9月19日 10:06".into()))
        .part(result);
    page.remark = Line::new();
    page
}
