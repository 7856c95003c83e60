//! The enterprise ledger: list, drawer, form, print.

use crate::sample::{blank, d, figure, grown, growth, n};
use page::{
    Action, Aspect, Bars, Cell, Chart, Column, Count, Drawer, Field, FieldKind, Filters, Form, Head, Held, Light, Line, Link, Look, Note,
    Number, Opt, Page, Pager, Panel, Part, Row, Sparkline, Table, Tag, Tone, Toolbar, Voice,
};
use values::{Place, Reason};

/// Name, titles, chain, revenue, growth, light, state of this month.
type Enterprise = (&'static str, &'static str, &'static str, &'static str, &'static str, Tone, &'static str);

const ENTERPRISES: &[Enterprise] = &[
    ("某甲锂电材料", "四上 高新 *小巨人 *链主", "新能源电池", "938520", "39.9", Tone::Green, "已审"),
    ("某乙碳酸锂", "四上 高新", "新能源电池", "186402", "6.3", Tone::Green, "已审"),
    ("某丙铜业", "四上 *链主", "有色金属", "1402118", "15.8", Tone::Green, "已审"),
    ("某丁镍盐", "四上", "有色金属", "402315", "-20.9", Tone::Red, "迟报"),
    ("某戊电解液", "四上 专精特新", "新能源电池", "88264", "12.4", Tone::Green, "已审"),
    ("某己电解铜箔", "四上 高新 专精特新", "新能源电池", "312550", "83.3", Tone::Green, "已审"),
    ("某庚钛白", "四上", "化工循环", "276918", "-22.2", Tone::Red, "迟报"),
    ("某辛氯碱", "四上", "化工循环", "158320", "-19.4", Tone::Grey, "待审"),
    ("某壬负极材料", "四上 高新", "新能源电池", "204716", "92.1", Tone::Green, "已审"),
    ("某癸精细化工", "四上", "化工循环", "67905", "3.7", Tone::Amber, "退回"),
    ("某子再生资源", "四上", "资源综合利用", "142388", "4.1", Tone::Green, "已审"),
    ("某丑装备制造", "四上 高新", "装备制造", "96041", "3.3", Tone::Green, "已审"),
    ("某寅钛白新材", "", "化工循环", "", "", Tone::Grey, "免报"),
    ("某卯电芯", "四上", "新能源电池", "388127", "44.0", Tone::Green, "已审"),
    ("某辰隔膜", "", "新能源电池", "1806", "", Tone::Grey, "待审"),
    ("某巳铝箔", "", "有色金属", "3412", "0.0", Tone::Green, "已审"),
    ("某午数据服务", "四上 高新", "数据信息", "41270", "17.5", Tone::Green, "已审"),
    ("某未网络货运", "四上", "数据信息", "512906", "9.9", Tone::Grey, "待审"),
    ("某申环保科技", "专精特新", "资源综合利用", "8764", "11.2", Tone::Green, "已审"),
    ("某酉过氧化物", "", "化工循环", "", "", Tone::Grey, "免报"),
];

fn tags(words: &str) -> Vec<Tag> {
    words.split_whitespace().map(|w| w.strip_prefix('*').map_or_else(|| Tag::new(w), Tag::solid)).collect()
}

fn columns() -> Vec<Column> {
    vec![
        Column::numbers("序", ""),
        Column::words("企业名称").nowrap(),
        Column::words("称号"),
        Column::words("产业链").nowrap(),
        Column::numbers("营收", "万元").key("operating_revenue").sort("?sort=operating_revenue", Some(true)),
        Column::numbers("同比", "").sort("?sort=growth", None),
        Column::words("8月报"),
    ]
}

fn rows(is_list: bool) -> Vec<Row> {
    let row = |(i, (name, titles, chain, revenue, rate, tone, state)): (usize, &Enterprise)| {
        let full = format!("{name}有限公司");
        let none = blank("营业收入", Reason::NotFiled);
        let revenue = if revenue.is_empty() { Number::from(&none).href("") } else { n(revenue, "万元") };
        let rate = if rate.is_empty() { Cell::blank("—") } else { growth(rate).into() };
        let cells = vec![
            Cell::Line(Line::new().say(Voice::Mute, (i + 1).to_string())),
            if is_list { Cell::link(full.clone(), format!("?record={}", i + 1)) } else { Cell::text(full) },
            Cell::Tags(tags(titles)),
            Cell::text(*chain),
            revenue.into(),
            rate,
            Light::new(*tone, *state).into(),
        ];
        let row = Row::new(cells).on_if(is_list && i == 5);
        if is_list { row.tick((i + 1).to_string(), *name) } else { row }
    };
    ENTERPRISES.iter().enumerate().map(row).collect()
}

fn list() -> Vec<Part> {
    let all = |options: &[(&str, &str)]| FieldKind::Choice(options.iter().map(|(k, l)| Opt::new(*k, *l)).collect());
    let filters = Filters {
        action: "/enterprise".into(),
        fields: vec![
            Field::new("name", "企业", FieldKind::Text).example("名称或代码"),
            Field::new("title", "称号", all(&[("four_above", "四上"), ("high_tech", "高新"), ("little_giant", "小巨人")])),
            Field::new("chain", "产业链", all(&[("battery", "新能源电池")])),
        ],
        more: vec![Field::new("since", "成立不早于", FieldKind::Date), Field::new("is_foreign", "外资", FieldKind::Bool)],
        hidden: vec![("sort".into(), "operating_revenue".into())],
    };
    let toolbar = Toolbar {
        left: vec![
            Action::link("新增", "/enterprise/new").primary(),
            Action::link("导入", "/import"),
            Action::link("导出", "/export"),
            Action::link("模板下载", "/template"),
            Action::ticked("批量删除", "enterprise", "/enterprise/removal").confirm("删除所选的企业？可在变更记录中恢复"),
        ],
        middle: Line::new(),
        right: vec![Action::link("打印", "/print").small(), Action::link("列设置 8/23", "/columns").small()],
    };
    let mut table = Table::new("企业台账", columns());
    table.rows = rows(true);
    table.ticks = Some("enterprise".into());
    table.scrolls = true;
    let pager = Pager {
        total: Count::new(312, "/enterprise"),
        previous: None,
        next: Some("?after=20".into()),
        sizes: vec![Link::new("20", "?size=20").current_if(true), Link::new("50", "?size=50")],
        ticks: true,
    };
    vec![filters.into(), Part::Toolbar(toolbar), table.into(), pager.into()]
}

fn business() -> Table {
    let columns = vec![
        Column::words("指标"),
        Column::numbers("本期", ""),
        Column::numbers("上年同期", ""),
        Column::numbers("同比", ""),
        Column::words("来源").nowrap(),
    ];
    let mut table = Table::new("经营", columns);
    for (label, now, before, rate, cell) in [
        ("营业收入", "312550", "170513", "83.3", "表1!B9"),
        ("工业总产值", "326410", "184410", "77.0", "表1!B7"),
        ("研发费用", "8906", "5218", "70.7", "表1!B21"),
        ("从业人员（人）", "612", "540", "13.3", "表2!C5"),
    ] {
        let figure = grown(figure(label, now, ""), rate);
        table = table.row(Row::new(vec![
            Cell::text(label),
            Number::from(&figure).look(Look::Key).into(),
            n(before, "").into(),
            Number::of(&figure, Aspect::Growth).into(),
            Cell::link(cell, "/file/3f9a"),
        ]));
    }
    table
}

pub fn page() -> Page {
    let held = |value: &str, digits, unit: &str, href: &str| Held {
        value: d(value),
        digits,
        unit: unit.into(),
        place: Place::File { sha: "3f9a000000000000".into(), sheet: "企业".into(), cell: "K7".into() },
        href: href.into(),
    };
    let months = ["27800", "29260", "28790", "31600", "33430", "34800", "37870", "39300"];
    let months = months.iter().enumerate().map(|(i, v)| (format!("{}月", i + 1), Some(n(v, "万元")))).collect();
    let drawer = Drawer {
        list: list(),
        title: "某己电解铜箔有限公司".into(),
        tags: vec![Tag::new("四上"), Tag::new("高新"), Tag::new("专精特新"), Tag::off("小巨人 差 2 条")],
        tabs: ["概况", "填报 8", "资质 5", "变更记录 23"]
            .iter()
            .enumerate()
            .map(|(i, t)| Link::new(*t, format!("?record=6&tab={i}")).current_if(i == 0))
            .collect(),
        parts: vec![
            Part::KeyValues(vec![
                ("统一社会信用代码".into(), Line::new().text("91999900SZ0000006I ").say(Voice::Remark, "示例")),
                ("国民经济行业".into(), "3985 电子专用材料制造".into()),
                ("所属产业链".into(), Link::new("新能源电池 › 电解铜箔", "/chain").into()),
                ("用地".into(), Line::new().text("B-07 地块，").held(held("86.4", 1, "亩", "?record=6&field=area"))),
                ("注册资本".into(), held("20000", 0, "万元", "?record=6&field=capital").into()),
                ("联系人".into(), Line::new().text("尹某 138****0006 ").link("查看（留痕）", "?record=6&reveal=phone")),
            ]),
            Part::Heading(Line::new().text("经营 ").say(Voice::Remark, "万元，1—8月累计")),
            business().into(),
            Part::Heading("各月营业收入".into()),
            Chart::Bars(Bars { label: "1至8月各月营业收入".into(), unit: "万元".into(), bars: months }).into(),
            Note::info(Line::new().strong("企业填的数，本处不能改。").text("有疑问请退回企业更正。")).into(),
            Part::Toolbar(Toolbar {
                left: vec![Action::link("退回更正", "/back"), Action::link("差距", "/gap")],
                middle: Line::new(),
                right: Vec::new(),
            }),
        ],
        previous: Some("?record=5".into()),
        next: Some("?record=7".into()),
        close: "/enterprise".into(),
    };
    let mut page = Page::new("企业台账", "economy").item("enterprise").part(drawer);
    page.head = Head::Hidden;
    page
}

/// A form with every kind of field, three of them wrong.
pub fn form() -> Page {
    let kinds = vec![Opt::new("industry", "工业"), Opt::new("construction", "建筑业"), Opt::new("service", "服务业")];
    let reference = FieldKind::Reference {
        ledger: "office".into(),
        options: vec![Opt::new("1", "经发局"), Opt::new("2", "招商局")],
        search: "/ledgers/office/options".into(),
    };
    let fixed = FieldKind::Fixed(page::form::FixedValue {
        place: Link::new("表1!B7", "/file/3f9a"), why: "企业填报，本处不能改".into()
    });
    let mut form = Form::new("enterprise", "/enterprise/6", "保存")
        .field(Field::new("name", "企业名称", FieldKind::Text).value("某己电解铜箔有限公司").required())
        .field(
            Field::new("credit_code", "统一社会信用代码", FieldKind::Code)
                .value("91999900SZ00000O42")
                .required()
                .error("第 16 位是字母 O，代码里没有字母 O。改成数字 0"),
        )
        .field(Field::new("kind", "类别", FieldKind::Choice(kinds)).value("mining").help("由行业代码得出，一般不用改"))
        .field(
            Field::new("capital", "注册资本", FieldKind::Money)
                .value("4.12亿")
                .unit("万元")
                .error("“4.12亿”不是数。本栏单位是万元，填 41,200.00"),
        )
        .field(Field::new("employees", "从业人员", FieldKind::Number).value("612").unit("人"))
        .field(Field::new("since", "成立日期", FieldKind::Date).value("2018年5月").error("要具体到日，如 2018-05-12"))
        .field(Field::new("moved_in", "迁入日期", FieldKind::Date).value("2019-03-01"))
        .field(Field::new("period", "首次入统", FieldKind::Period).example("2025年1-8月"))
        .field(Field::new("is_foreign", "外资", FieldKind::Bool).value("0"))
        .field(Field::new("office", "联系科室", reference).value("经发局"))
        .field(Field::new("output", "工业总产值", fixed).value("326,410").unit("万元"))
        .field(Field::new("remark", "备注", FieldKind::LongText).value("2024 年 6 月扩产\n二期 10 月投产"));
    form.hidden = vec![("version".into(), "7".into())];
    form.others = vec![Action::link("取消", "/enterprise?record=6")];
    Page::new("修改企业", "economy").item("enterprise").crumb(Link::new("企业台账", "/enterprise")).part(Panel::new("基本情况").part(form))
}

/// The list on paper.
pub fn paper() -> Page {
    let mut table = Table::new("企业台账", columns());
    table.rows = rows(false);
    for column in &mut table.columns {
        column.sort = None;
    }
    Page::new("示例经济技术开发区企业台账", "economy")
        .part(table)
        .part(Part::Text(Line::new().say(Voice::Note, "筛选：无。共 312 家，第 1 页。未投产 2 家不作零计入。数据截至 9月19日 10:00")))
}

/// A course in miniature, for the components page.
pub fn spark() -> Sparkline {
    let points = ["7.7", "9.5", "10.2", "", "10.4", "10.3", "9.7", "7.5"];
    Sparkline { label: "近 8 月同比".into(), points: points.iter().map(|v| (!v.is_empty()).then(|| n(v, "%"))).collect() }
}
