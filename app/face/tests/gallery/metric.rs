//! One metric: trend, slices, definition, lineage down to the cell.

use crate::sample::{aimed, d, figure, grown, growth, n, signed};
use page::{
    Action, Aspect, Bullet, Cell, Chart, Chooser, Column, Columns, Count, Density, Field, FieldKind, Filters, Height, KeyFigure, Light,
    Line, LineChart, Link, Look, Number, Opt, Page, Panel, Part, Row, Seg, Series, SeriesKind, Sheet, SheetCell, SheetRow, Source, Split,
    Table, Thread, ThreadRows, Tone, Tool, Voice,
};
use values::{Figure, Lang};

fn total() -> Figure {
    aimed(grown(figure("规上工业总产值", "806.4", "亿元"), "9.2"), "1180.0", Some("68.3"), "1.7")
}

fn key_figures() -> Part {
    let total = total();
    let bullet = Bullet { width: 120, ..Bullet::of(&total, Tone::Green, Lang::Zh).expect("it has a target") };
    Part::KeyFigures(vec![
        KeyFigure::number("1—8月累计", Number::from(&total).look(Look::Big)),
        KeyFigure::number("同比（列示口径）", Number::of(&total, Aspect::Growth).look(Look::Mid)),
        KeyFigure::number("同比（同口径 121 家）", growth("8.1").look(Look::Mid)),
        KeyFigure::new(
            "年目标 1,180.0 亿元",
            Line::new().number(Number::of(&total, Aspect::Completion).look(Look::Mid)).run(page::Run::Bullet(bullet)),
        ),
        KeyFigure::new(
            "状态",
            Line::new()
                .light(Light::new(Tone::Green, "正常"))
                .say(Voice::Note, "快于序时 ")
                .bare(Number::of(&total, Aspect::Gap))
                .say(Voice::Note, " 个百分点"),
        ),
        KeyFigure::new(
            "统计局口径",
            Line::new().number(n("811.0", "亿元").look(Look::Mid)).say(Voice::Remark, " 差 4.6，").link("为什么", "/why"),
        ),
    ])
}

fn series(label: &str, kind: SeriesKind, values: &[&str]) -> Series {
    let points = (0..11).map(|i| values.get(i).filter(|v| !v.is_empty()).map(|v| n(v, "亿元"))).collect();
    Series { label: label.into(), kind, points, end: String::new() }
}

fn trend() -> Panel {
    let mut forecast: Vec<&str> = vec![""; 6];
    forecast.extend(["806.4", "", "", "", "1196.0"]);
    let mut band = vec![None; 6];
    band.push(Some((n("806.4", "亿元"), n("806.4", "亿元"))));
    band.extend([None, None, None]);
    band.push(Some((n("1160.0", "亿元"), n("1232.0", "亿元"))));
    let year_before = ["165.9", "260.1", "352.4", "448.3", "545.2", "641.4", "738.5", "832.7", "921.5", "1010.2", "1098.6"];
    let chart = LineChart {
        label: "上图：累计规上工业总产值，今年、上年、年目标路径与预计。下图：当月同比".into(),
        unit: "亿元".into(),
        axis: ["1—2月", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12月"].map(String::from).to_vec(),
        series: vec![
            series("上年", SeriesKind::YearBefore, &year_before),
            series(
                "目标",
                SeriesKind::Target,
                &["196.7", "295.0", "393.3", "491.7", "590.0", "688.3", "786.7", "885.0", "983.3", "1081.7", "1180.0"],
            ),
            series("预计", SeriesKind::Forecast, &forecast),
            series("今年", SeriesKind::Actual, &["178.7", "284.8", "388.3", "495.0", "601.3", "703.6", "806.4"]),
        ],
        band,
        marked: Some(6),
        mark: String::new(),
        growth: ["7.7", "9.5", "10.2", "10.4", "10.3", "9.7", "7.5"].map(|g| Some(growth(g))).to_vec(),
        growth_label: "当月\n同比".into(),
        growth_note: "8月放缓".into(),
    };
    Panel::new("累计走势").remark("亿元").part(Chart::Line(chart))
}

fn slices() -> Panel {
    let columns = vec![
        Column::words("产业链"),
        Column::numbers("亿元", ""),
        Column::numbers("占比 %", ""),
        Column::words(""),
        Column::numbers("同比", ""),
        Column::numbers("拉动 亿元", ""),
    ];
    let mut table = Table::new("按产业链分", columns);
    for (chain, value, share, bar, rate, pull) in [
        ("有色金属新材料", "336.9", "41.8", "0.93", "7.8", "24.5"),
        ("新能源电池", "268.3", "33.3", "0.74", "21.4", "47.3"),
        ("化工循环", "104.2", "12.9", "0.29", "-5.8", "-6.4"),
        ("资源综合利用", "54.1", "6.7", "0.15", "3.4", "1.8"),
        ("装备制造", "28.4", "3.5", "0.08", "3.3", "0.9"),
        ("其他", "14.5", "1.8", "0.04", "-1.4", "-0.2"),
    ] {
        table = table.row(Row::new(vec![
            Cell::text(chain),
            n(value, "亿元").look(Look::Strong).into(),
            n(share, "%").into(),
            Cell::Share(d(bar)),
            growth(rate).into(),
            signed(pull).into(),
        ]));
    }
    table.foot = Some(Row::new(vec![
        Cell::text("合计"),
        n("806.4", "亿元").into(),
        n("100.0", "%").into(),
        Cell::Nothing,
        growth("9.2").into(),
        signed("67.9").into(),
    ]));
    let views = ["产业链", "行业", "片区", "规模"];
    let links = views.iter().enumerate().map(|(i, v)| Link::new(*v, format!("?by={i}")).current_if(i == 0)).collect();
    let mut panel = Panel::new("分项").part(table).more("导出", "/export");
    panel.views = Some(Seg::new("分项", links));
    panel
}

fn definition() -> Panel {
    Panel::new("口径").more("全文与历史版本", "/definition").part(Part::KeyValues(vec![
        ("含义".into(), "年主营业务收入 2,000 万元以上工业企业的工业总产值，当年价格".into()),
        ("算法".into(), "各企业当月末累计数之和；累计数，不逐月相加；未报不作零".into()),
        ("依据".into(), "工业统计报表制度（示例）· 2024-01 起有效".into()),
    ]))
}

fn window() -> Sheet {
    let w = SheetCell::words;
    let v = SheetCell::number;
    let rows = vec![
        (4, vec![w("指标名称"), w("1—8月累计"), w("8月"), w("上年同期累计"), w("增长（%）")]),
        (5, vec![w("甲"), w("1"), w("2"), w("3"), w("4")]),
        (6, vec![w("一、生产情况"), w(""), w(""), w(""), w("")]),
        (7, vec![w("工业总产值（当年价格）"), v("964,183.27"), v("128,406.11"), v("680,183.27"), v("41.8")]),
        (8, vec![w("其中：新产品产值"), v("318,920.00"), v("42,115.30"), v("201,604.15"), v("58.2")]),
        (9, vec![w("工业销售产值"), v("941,077.62"), v("125,033.08"), v("668,420.90"), v("40.8")]),
    ];
    Sheet {
        label: "某甲-8月.xlsx 的工作表“表1”".into(),
        rows: rows.into_iter().map(|(number, cells)| SheetRow { number, cells }).collect(),
        hit: Some((7, 1)),
        raw: "964183.27".into(),
        ringed: true,
        tabs: vec![Link::new("表1", "").current_if(true), Link::new("表2", ""), Link::new("填报说明", "")],
        ..Sheet::default()
    }
}

fn rows() -> ThreadRows {
    let columns = vec![
        Column::words("企业"),
        Column::numbers("亿元", ""),
        Column::numbers("原值 万元", ""),
        Column::words("文件 › 单元格"),
        Column::words("报送 · 审核"),
    ];
    let row = |name: &str, value: &str, raw: &str, place: Cell, who: Cell, on: bool| {
        Row::new(vec![Cell::text(name), n(value, "亿元").into(), n(raw, "万元").into(), place, who]).on_if(on)
    };
    let filed = |words: &str| Cell::Line(Line::new().say(Voice::Note, words));
    let mut late = Row::new(vec![
        Cell::text("某丁镍盐"),
        n("40.23", "亿元").stale("迟报，按上月推算").into(),
        n("402315.00", "万元").stale("迟报，按上月推算").into(),
        Cell::blank("推算：7月累计＋上月增量"),
        Light::new(Tone::Red, "迟报").into(),
    ]);
    late.id = "late".into();
    let table = Table::new("128 行中的前 4 行", columns)
        .row(row("某丙铜业", "143.80", "1438006.92", Cell::link("某丙-8月.xlsx › 表1!B7", "?cell=1"), filed("9-08 · 罗某"), false))
        .row(row("某甲锂电材料", "96.42", "964183.27", Cell::link("某甲-8月.xlsx › 表1!B7", "?cell=2"), filed("9-10 · 罗某"), true))
        .row(row("某亥不锈钢", "51.29", "512906.00", Cell::link("网上填报 第 4 项", "?cell=3"), filed("9-09 · 罗某"), false))
        .row(late);
    ThreadRows {
        total: Count::new(128, "?rows=all"),
        remark: "列前 4 行，点一行看它的单元格".into(),
        more: Some(Link::new("其余 124 行 ›", "?rows=all")),
        find: Some(Filters {
            action: "/metric".into(),
            fields: vec![Field::new("enterprise", "在行中查找", FieldKind::Text).example("查企业")],
            ..Filters::default()
        }),
        table,
    }
}

fn lineage() -> Panel {
    let source = Source::Cell {
        file: "某甲-8月.xlsx".into(),
        about: Line::new().text("工作表“表1” · 单元格 ").strong("B7").text(" · 上传 9月10日 09:42 某甲 郁某"),
        download: Some(Action::link("下载原件", "/file/3f9a").small()),
        sheet: window(),
        conversion: Line::new().text("964,183.27 万元 ÷ 10,000 ＝ ").strong("96.42").text(" 亿元"),
        sha: "3f9a…c21e".into(),
        light: Light::new(Tone::Green, "与原件一致"),
    };
    let thread = Thread {
        figure: Number::from(total()).look(Look::Mid),
        about: Line::new().text("规上工业总产值 · 2024年1—8月 · 四上名录 2024年8月版 ").say(Voice::Age, "算于 9月19日 10:00"),
        formula: Line::new().strong("＝ 128 家企业累计数之和").text(" ").say(Voice::Dim, "8,063,958.14 万元 ÷ 10,000，四舍五入到 0.1"),
        detail: Line::new().text("报来 121 家 7,332,471.94 ＋ 按上月推算 7 家 731,486.20（迟报，").link("名单", "/filing").text("）"),
        rows: rows(),
        source: Some(source),
        after: vec![
            ("这一格改过".into(), "9月8日 初报 964,000.00 → 9月10日 更正 964,183.27（退回后企业自改，事由：漏报车间）".into()),
            (
                "这个数用在".into(),
                Line::new().link("驾驶舱 目标 2", "/cockpit").text("、").link("1—8月经济运行报告 第 2 段", "/report").text(" 等 6 处"),
            ),
        ],
    };
    let mut panel = Panel::new("这个数从哪里来").remark("由总数到原始单元格").part(thread);
    panel.more = Some(Action::copy("复制溯源链接", "/figure/f1:8064"));
    panel
}

pub fn page() -> Page {
    let periods = vec![Opt::new("2024-01..08", "2024年1—8月"), Opt::new("2024-01..07", "2024年1—7月")];
    let choose = Chooser {
        action: "/metric".into(),
        name: "period".into(),
        label: "期间".into(),
        options: periods,
        chosen: "2024-01..08".into(),
        hidden: Vec::new(),
    };
    let seg = Seg::new("口径", vec![Link::new("当月", "?span=month"), Link::new("累计", "?span=ytd").current_if(true)]);
    let mut page = Page::new("规上工业总产值", "economy")
        .item("metric")
        .wide()
        .crumb(Link::new("经济运行", ""))
        .crumb(Link::new("指标", "/metric"))
        .tool(Tool::Seg(seg))
        .tool(Tool::Choose(choose))
        .tool(Tool::Age("数据截至 8月末 · 9月12日入库".into()))
        .part(key_figures())
        .part(Columns::new(Split::Lineage).stack(vec![trend().into(), slices().into(), definition().into()]).part(lineage()));
    page.height = Height::Flow;
    page
}

/// Stop ④ of the other kinds, and a sheet that is still loading.
pub fn sources() -> Page {
    let thread = |source: Source| Thread {
        figure: n("96.42", "亿元").look(Look::Mid),
        about: "规上工业总产值 · 某甲锂电材料".into(),
        formula: Line::new().strong("＝ 1 行"),
        detail: Line::new(),
        rows: ThreadRows {
            total: Count::new(1, "/rows"),
            table: Table::new("一行", vec![Column::words("企业")]).density(Density::Tight),
            ..ThreadRows::default()
        },
        source: Some(source),
        after: Vec::new(),
    };
    let entry = Source::Entry {
        form: "规上工业月报".into(),
        about: "第 4 项 · 9-09 某亥不锈钢 填报".into(),
        sheet: Sheet { tabs: Vec::new(), label: "网上填报".into(), ..window() },
        conversion: "512,906.00 万元 ÷ 10,000 ＝ 51.29 亿元".into(),
    };
    let published = Source::Published {
        title: "2023 年国民经济和社会发展统计公报".into(),
        about: Line::new().text("某市统计局 2024-03-20 · ").link("原文", "/source/z1"),
        quote: "全年实现地区生产总值 420.6 亿元，比上年增长 8.1%。".into(),
        conversion: Line::new(),
    };
    let gone =
        Source::Gone {
            file: "某乙-3月.xlsx".into(), about: "2024-05-06 由 罗某 删除：企业要求更换".into(), sha: "77ab…01fe".into()
        };
    let loading = Sheet { loading: true, label: "正在读取".into(), ..window() };
    Page::new("出处的几种样子", "economy")
        .item("metric")
        .part(
            Columns::new(Split::Halves)
                .part(Panel::new("网上填报").part(thread(entry)))
                .part(Panel::new("公开发布").part(thread(published))),
        )
        .part(Columns::new(Split::Halves).part(Panel::new("原件已删").part(thread(gone))).part(Panel::new("读取中").part(loading)))
}
