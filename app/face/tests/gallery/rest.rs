//! Checked document, case, empty, error, components.

use crate::ledger;
use crate::sample::{aimed, blank, d, figure, grown, growth, n};
use page::{
    Action, Aspect, Block, Bullet, Cell, Check, CheckState, Checks, Column, Columns, Count, Day, DayKind, Density, DocRun, Document, Empty,
    Fault, Field, FieldKind, Form, Item, Light, Line, Link, Look, Note, Number, Page, Panel, Part, Row, Seg, SegItem, Split, Table, Tag,
    Tally, Tile, TimelineItem, Tone, Tool, Voice,
};
use values::{Confidence, Figure, Reason};

fn mark(text: &str, state: CheckState, number: u32) -> DocRun {
    DocRun::Mark { text: text.into(), state, number }
}

fn words(text: &str) -> DocRun {
    DocRun::Text(text.into())
}

fn document() -> Document {
    use CheckState::{Altered, Restated, True, Unknown};
    Document {
        redhead: "示例经济技术开发区管理委员会".into(),
        number: "示开管报〔2024〕18 号".into(),
        title: "关于2024年1—8月经济运行情况的报告".into(),
        blocks: vec![
            Block::Flush("市人民政府：".into()),
            Block::Paragraph(vec![words("今年以来，示例经开区聚焦延链补链，经济运行总体平稳。现将有关情况报告如下。")]),
            Block::Heading(1, "一、主要指标".into()),
            Block::Paragraph(vec![
                words("1—8月，规上工业总产值完成"),
                mark("806.4 亿元", True, 0),
                words("，同比增长"),
                mark("11.2%", Altered, 1),
                words("；固定资产投资完成"),
                mark("67.2 亿元", True, 0),
                words("；进出口总额"),
                mark("86.1 亿元", Restated, 2),
                words("，下降"),
                mark("1.3%", Restated, 3),
                words("。招商引资到位资金"),
                DocRun::Figure { text: "27.1".into(), href: "/figure/f1:271".into() },
                words(" 亿元，完成全年目标的"),
                mark("64.2%", Altered, 4),
                words("。"),
            ]),
            Block::Heading(1, "二、企业培育".into()),
            Block::Heading(2, "（一）四上企业".into()),
            Block::Paragraph(vec![
                words("新增“四上”企业"),
                mark("21 家", True, 0),
                words("。带动就业约"),
                mark("2.3 万人", Unknown, 5),
                words("。"),
            ]),
            Block::Table(
                Table::new("新增企业", vec![Column::words("类别"), Column::numbers("新增", "家")])
                    .row(Row::new(vec![Cell::text("规上工业"), n("7", "家").into()]))
                    .row(Row::new(vec![Cell::text("高新企业"), n("4", "家").into()])),
            ),
            Block::Sign("示例经济技术开发区管理委员会".into()),
            Block::Sign("2024年9月18日".into()),
        ],
    }
}

pub fn verify() -> Page {
    let check = |number, tone, word: &str, printed: &str, why: &str| Check {
        number,
        light: Light::new(tone, word),
        printed: printed.into(),
        why: why.into(),
        trace: Some(Link::new("溯源", "/metric")),
    };
    let seg =
        |label: &str, count, current| SegItem { link: Link::new(label, format!("?show={label}")).current_if(current), count: Some(count) };
    let checks = Checks {
        counts: [13, 2, 2, 2],
        views: Seg { label: "筛选".into(), items: vec![seg("全部", 21, false), seg("要看", 8, true), seg("属实", 13, false)] },
        items: vec![
            check(1, Tone::Red, "改动", "增长 11.2%", "系统：9.2%。出稿时写入 9.2%，9月18日 16:41 之后被人改过"),
            check(4, Tone::Red, "改动", "完成 64.2%", "系统：54.2%。27.1 ÷ 50.0 ＝ 54.2%，与本文前一数也不符"),
            check(2, Tone::Amber, "已更正", "86.1 亿元", "出稿时为真；9月16日海关修订为 84.5 亿元"),
            check(3, Tone::Amber, "已更正", "下降 1.3%", "随上条修订为 下降 3.1%"),
            check(5, Tone::Grey, "不识", "约 2.3 万人", "系统没有这个数。可登记来源，或删去"),
            check(0, Tone::Grey, "删去", "向上争取资金 36,410 万元", "出稿时在第一部分末句，修改稿里没有"),
        ],
        basis: Some(Note::origin("比对依据：出稿冻结件 2024-0918-02，锚值 7c1e…40d9。书签丢失 3 处，已按上下文对齐。")),
    };
    let panel = Panel::new("19 个数：13 个属实，6 个要看").remark("另：词数不符 1 处，删去 1 处").part(checks);
    Page::new("文稿核验", "general")
        .item("report")
        .wide()
        .crumb(Link::new("1-8月经济运行报告（修改稿）.docx · WPS 另存 · 9月19日 09:55", ""))
        .tool(Tool::Action(Action::link("换一份", "/verify")))
        .tool(Tool::Action(Action::link("导出核验单", "/verify/export")))
        .tool(Tool::Action(Action::post("更正 4 个数到文稿", "/verify/refresh").primary()))
        .part(Columns::new(Split::Document).part(document()).part(panel))
}

fn days() -> Vec<Day> {
    let day = |date: &str, mark: &str, why: &str, kind| Day { date: date.into(), mark: mark.into(), why: why.into(), kind };
    vec![
        day("9-9", "受理", "当天", DayKind::Plain),
        day("9-10", "1", "周二", DayKind::Used),
        day("9-11", "停", "补正", DayKind::Stopped),
        day("9-15", "休", "中秋", DayKind::Rest),
        day("9-19", "5", "今天", DayKind::Today),
        day("9-20", "6", "周五", DayKind::Plain),
        day("9-26", "10", "到期", DayKind::Due),
    ]
}

pub fn case() -> Page {
    let at =
        |what: &str, when: &str, detail: &str, tone| TimelineItem { what: what.into(), when: when.into(), detail: detail.into(), tone };
    let course = vec![
        at("受理", "9月9日 10:12", "窗口·乔某。材料 7 件，收 6 件，容缺 1 件", None),
        at("停表：补正", "9月11日 09:05", "缺“施工图审查合格书”。不计 2 个工作日", Some(Tone::Amber)),
        at("待您决定", "现在", "您还有 5 个工作日；超过 9月26日 亮红灯", Some(Tone::Grey)),
    ];
    let papers = Table::new("材料", vec![Column::words(""), Column::words(""), Column::words("")])
        .row(Row::new(vec![
            Cell::link("建设工程规划许可证", "/file/1"),
            Cell::Line(Line::new().say(Voice::Note, "原件核对")),
            Light::new(Tone::Green, "齐").into(),
        ]))
        .row(Row::new(vec![
            Cell::link("人防审批意见", "/file/2"),
            Cell::Line(Line::new().say(Voice::Note, "容缺，9月25日前补")),
            Light::new(Tone::Amber, "缺").into(),
        ]));
    let mut opinion = Form::new("opinion", "/case/17/approval", "同意")
        .field(Field::new("opinion", "意见", FieldKind::LongText).value("材料齐全，现场与图纸一致，同意核发。").required());
    opinion.others = vec![Action::post("退回", "/case/17/return").danger(), Action::post("转办", "/case/17/transfer")];
    let used = Line::new()
        .text("已用 ")
        .count(Count::new(5, "/case/17/days").look(Look::Mid))
        .text(" 天，剩 ")
        .count(Count::new(5, "/case/17/days").look(Look::Mid))
        .text(" 天，")
        .strong("9月26日（周四）")
        .text("到期");
    Page::new("建筑工程施工许可证核发", "service")
        .item("case")
        .crumb(Link::new("某卯电芯二期厂房 · 某卯电芯有限公司 · 受理号 示2024-0909-017", ""))
        .tool(Tool::Light(Light::new(Tone::Green, "正常")))
        .part(Panel::new("承诺 10 个工作日").remark(used).more("每一天为什么这样算", "/case/17/days").part(Part::Days(days())))
        .part(
            Columns::new(Split::Thirds)
                .part(Panel::new("经过").more("流程图", "/flow").part(Part::Timeline(course)))
                .part(Panel::new("材料").remark("7 件，缺 1 件（容缺）").part(papers))
                .part(Panel::new("办理意见").part(opinion)),
        )
}

pub fn empty() -> Page {
    let nothing = Empty {
        title: "没有符合条件的预警".into(),
        line: Line::new()
            .text("查了 2024年1月1日 至 9月19日 10:00，级别“红”，科室“应急管理”。")
            .br()
            .text("这是查到了没有，不是没有查到：最近一次数据 9月19日 09:58 到。"),
        actions: vec![Action::link("去掉级别条件（有 3 条）", "/warning").primary(), Action::link("看预警规则", "/rules")],
        small: false,
    };
    let small = |title: &str, line: &str, actions| Empty { title: title.into(), line: line.into(), actions, small: true };
    let first = small(
        "特种设备台账还没有数据",
        "您手上的 Excel 可以直接用，列名不一样也行。",
        vec![Action::link("导入现有表格", "/import").primary(), Action::link("下载模板", "/template"), Action::link("录一条", "/new")],
    );
    let hidden = small(
        "您看不到这家企业的明细",
        "单个企业的统计数据只有经发局能看。您能看合计数。",
        vec![Action::link("看合计", "/metric").primary(), Action::link("申请查看（罗某审批）", "/ask")],
    );
    let pager = page::Pager { total: Count::new(0, "/warning"), ..page::Pager::default() };
    Page::new("预警", "leader")
        .item("warning")
        .crumb(Link::new("督办 › 预警 · 应急管理", ""))
        .part(Panel::default().part(nothing).part(pager))
        .part(Columns::new(Split::Halves).part(Panel::new("还没有台账时").part(first)).part(Panel::new("没有权限时").part(hidden)))
}

pub fn error() -> Page {
    let held = |text: &str| Cell::text(text);
    let strong = |text: &str| Cell::Line(Line::new().strong(text));
    let compare = Table::new(
        "哪里不同",
        vec![Column::words("项目"), Column::numbers("打开时", ""), Column::numbers("邹某保存", ""), Column::numbers("您填的", "")],
    )
    .density(Density::Cosy)
    .row(Row::new(vec![held("pH"), held("7.4"), held("7.4"), strong("7.2")]))
    .row(Row::new(vec![held("流量（m³/h）"), held("12.6"), strong("13.1"), held("12.6")]));
    let fault = Fault {
        title: "没有保存成功".into(),
        kept: "您填的内容还在下面的表里，没有丢。".into(),
        doing: "保存巡查记录“B-07 地块 雨水排放口 9月19日”".into(),
        happened: "环保办 邹某 在 10:03 先保存了同一条，您打开时是 09:51 的版本".into(),
        remedy: "看两边哪里不同，选一边或合并".into(),
        number: "E-20240919-1004-7F2C".into(),
        compare: Some(compare),
        actions: vec![
            Action::post("合并（两处互不冲突）", "/merge").primary(),
            Action::post("用我的", "/mine"),
            Action::post("用邹某的", "/theirs"),
        ],
    };
    let mut page = Page::new("巡查记录", "monitor").item("outlet").part(Panel::default().part(fault));
    page.head = page::Head::Hidden;
    page
}

fn states() -> Vec<Part> {
    let total = aimed(grown(figure("规上工业总产值", "806.4", "亿元"), "9.2"), "1180.0", Some("68.3"), "1.7");
    let carried = Figure { status: "carried".into(), ..figure("规上工业总产值", "40.2", "亿元") };
    let unverified = Figure { confidence: Confidence::C, ..figure("扩散距离", "320", "m") };
    let above = Figure { bound: "ge".into(), ..figure("进出口总额", "1000", "亿元") };
    let numbers = Line::new()
        .number(Number::from(&total).look(Look::Big))
        .text(" ")
        .number(Number::of(&total, Aspect::Completion).look(Look::Mid))
        .text(" ")
        .bare(growth("9.2"))
        .text(" ")
        .bare(growth("-3.1"))
        .text(" ")
        .bare(growth("0.0"))
        .text(" ")
        .number(n("203.6", "亿元").stale("按季公布，已 81 天"))
        .text(" ")
        .number(&carried)
        .text(" ")
        .number(&unverified)
        .text(" ")
        .number(&above)
        .text(" ")
        .number(blank("工业总产值", Reason::NotFiled))
        .text(" ")
        .number(blank("工业总产值", Reason::Secret));
    let lights = Line::new()
        .light(Light::new(Tone::Green, "正常"))
        .light(Light::new(Tone::Amber, "偏慢"))
        .light(Light::new(Tone::Red, "落后"))
        .light(Light::new(Tone::Grey, "待审"))
        .text("　")
        .tag(Tag::new("四上"))
        .tag(Tag::solid("小巨人"))
        .tag(Tag::off("小巨人 差 2 条"));
    let bar = |tone, done: &str, label: &str| {
        page::Run::Bullet(Bullet { done: d(done), pace: Some(d("0.667")), tone, label: label.into(), width: 120 })
    };
    let bars =
        Line::new().run(bar(Tone::Green, "0.683", "正常")).run(bar(Tone::Amber, "0.65", "偏慢")).run(bar(Tone::Red, "0.542", "落后"));
    let buttons = page::Toolbar {
        left: vec![
            Action::link("新增", "/new").primary(),
            Action::link("导入", "/import"),
            Action::post("退回", "/back").danger(),
            Action::disabled("批量删除", "先勾选行"),
            Action::link("列设置", "/columns").small(),
            Action::link("更多条件", "/more").words(),
        ],
        middle: Line::new(),
        right: Vec::new(),
    };
    let small = Table::new("小图", vec![Column::words("项目"), Column::words("走势"), Column::words("新增"), Column::words("占比")])
        .row(Row::new(vec![
            Cell::text("规上工业"),
            ledger::spark().into(),
            Cell::Tally(Tally { done: 4, pending: 2, goal: 6 }),
            Cell::Share(d("0.4")),
        ]))
        .row(Row::new(vec![Cell::text("四上"), Cell::Nothing, Cell::Tally(Tally { done: 21, pending: 3, goal: 35 }), Cell::Share(d("1"))]));
    vec![
        Part::Text(numbers),
        Part::Text(lights),
        Part::Text(bars),
        Part::Toolbar(buttons),
        small.into(),
        Part::Days(days()),
        Note::info("说明：企业填的数，本处不能改。").into(),
        Note::amber("提醒：8月产值为负，确认是冲减后放行。").into(),
        Note::red("没有保存成功。您填的内容还在。").into(),
        Note::origin("来处：某甲-8月.xlsx › 表1!B7").into(),
    ]
}

pub fn components() -> Page {
    let mut panel = Panel::new("部件与状态");
    panel.parts = states();
    let tiles = [("满足", 6, page::layout::Edge::Green), ("不满足", 2, page::layout::Edge::Red), ("缺数据", 1, page::layout::Edge::Plain)];
    let tiles = tiles.map(|(label, count, edge)| Tile {
        label: label.into(),
        line: Line::new().count(Count::new(count, "/gap").unit("条").look(Look::Mid)),
        edge,
    });
    let items = vec![Item {
        light: Some(Light::new(Tone::Red, "红")),
        line: Line::new().strong("到位资金").br().say(Voice::Note, "差 9.3"),
        ..Item::default()
    }];
    Page::new("组件与状态", "general")
        .item("report")
        .wide()
        .crumb(Link::new("键盘 Tab 可看焦点", ""))
        .part(Part::Tiles(tiles.to_vec()))
        .part(Columns::new(Split::Gap).part(panel).part(Panel::new("列表").part(Part::Items(items))))
}
