//! The leader's page: targets with reasons, who pulls, what is late.

use crate::sample::{aimed, figure, grown, signed};
use page::{
    Action, Aspect, Bar, Bullet, Cell, Chart, Column, Columns, Contributions, Count, Density, Head, Item, Light, Line, Link, Look, Number,
    Page, Panel, Part, Row, Seg, Segment, Shares, Split, Table, Tally, Tone, Tool, Voice,
};
use values::{Figure, Lang};

fn light(tone: Tone) -> Light {
    Light::new(
        tone,
        match tone {
            Tone::Green => "正常",
            Tone::Amber => "偏慢",
            Tone::Red => "落后",
            Tone::Grey => "未知",
        },
    )
}

fn target(figure: &Figure, tone: Tone, reason: &str, age: &str, old: Option<&str>, lang: Lang) -> Row {
    let value = Number::from(figure).look(Look::Key);
    let value = match old {
        Some(why) => value.stale(why),
        None => value,
    };
    Row::new(vec![
        Cell::Line(Line::new().text(figure.label.clone()).say(Voice::Unit, figure.display_unit.clone())),
        value.into(),
        Number::of(figure, Aspect::Target).into(),
        Bullet::of(figure, tone, lang).map_or(Cell::Nothing, Cell::Bullet),
        Number::of(figure, Aspect::Completion).into(),
        Number::of(figure, Aspect::Pace).into(),
        Number::of(figure, Aspect::Growth).into(),
        light(tone).into(),
        Cell::Line(Line::new().say(Voice::Dim, reason)),
        Cell::Age(age.into(), old.map(str::to_owned)),
    ])
}

fn targets(lang: Lang) -> Panel {
    let columns = vec![
        Column::words("指标").names_row(),
        Column::numbers("完成", ""),
        Column::numbers("年目标", ""),
        Column::words("进度与序时"),
        Column::numbers("完成率", "").under("%"),
        Column::numbers("比序时", "").under("百分点"),
        Column::numbers("同比", ""),
        Column::words("状态"),
        Column::words("原因"),
        Column::words("数据截至"),
    ];
    let f = |label, value, unit, goal, done: Option<&str>, pace, growth: &str| {
        let figure = aimed(figure(label, value, unit), goal, done, pace);
        if growth.is_empty() { figure } else { grown(figure, growth) }
    };
    let mut table = Table::new("年度目标", columns).density(Density::Cosy);
    table.open_end = true;
    let old = Some("按季公布，已 81 天，超过周期");
    let rows = [
        (
            f("地区生产总值", "203.6", "亿元", "420.0", Some("48.5"), "-1.5", "7.9"),
            Tone::Amber,
            "二季度增速回落 0.6 个百分点",
            "6月末·季报",
            old,
        ),
        (f("规上工业总产值", "806.4", "亿元", "1180.0", Some("68.3"), "1.7", "9.2"), Tone::Green, "比序时多 19.7 亿元", "8月末", None),
        (f("规上工业增加值增速", "9.6", "%", "10.0", None, "-0.4", ""), Tone::Amber, "低于目标 0.4 个百分点", "8月末", None),
        (f("固定资产投资", "67.2", "亿元", "96.0", Some("70.0"), "3.3", "12.3"), Tone::Green, "某卯电芯二期完成 14.5 亿元", "8月末", None),
        (f("进出口总额", "84.5", "亿元", "130.0", Some("65.0"), "-1.7", "-3.1"), Tone::Amber, "硫酸镍出口少 2.9 亿元", "8月末", None),
        (f("一般公共预算收入", "6.81", "亿元", "9.60", Some("70.9"), "4.3", "6.4"), Tone::Green, "比序时多 0.41 亿元", "8月末", None),
        (
            f("招商引资到位资金", "27.1", "亿元", "50.0", Some("54.2"), "-12.5", "-8.6"),
            Tone::Red,
            "3 个项目少到位 6.3 亿元",
            "9月18日",
            None,
        ),
        (f("实际使用外资", "2140", "万美元", "3000", Some("71.3"), "4.7", "18.5"), Tone::Green, "增资 1 笔，620 万美元", "8月末", None),
        (f("向上争取资金", "36410", "万元", "52000", Some("70.0"), "3.4", "0"), Tone::Green, "专项债已下达 2.1 亿元", "9月10日", None),
    ];
    for (figure, tone, reason, age, old) in &rows {
        table = table.row(target(figure, *tone, reason, age, *old, lang));
    }
    Panel::new("年度目标").remark("序时进度 66.7%（竖线）。慢 1 个百分点以上为黄，5 个以上为红").more("全部 23 项", "/metric").part(table)
}

fn contributions() -> Panel {
    let bars = [
        ("某甲锂电材料", "28.4"),
        ("某丙铜业", "19.6"),
        ("某己电解铜箔", "14.2"),
        ("新入统 5 家", "11.3"),
        ("某壬负极材料", "9.8"),
        ("其余 112 家", "9.0"),
        ("退出 2 家", "-2.1"),
        ("某辛氯碱", "-3.8"),
        ("某庚钛白", "-7.9"),
        ("某丁镍盐", "-10.6"),
    ];
    let bars = bars.map(|(label, value)| Bar { label: label.into(), number: signed(value) }).to_vec();
    let chart =
        Contributions { label: "规上工业总产值增加 67.9 亿元的贡献：拉动与拖累".into(), unit: "亿元".into(), bars };
    let total = grown(figure("规上工业总产值增加额", "67.9", "亿元"), "9.2");
    let line = Line::new()
        .text("规上工业总产值多 ")
        .bare(Number::from(&total).look(Look::Strong))
        .text(" 亿元（")
        .bare(Number::of(&total, Aspect::Growth))
        .text("），各项相加即得");
    Panel::new("谁在拉动，谁在拖累").more("128 家", "/metric").part(Part::Remark(line)).part(Chart::Contributions(chart))
}

fn added() -> Panel {
    let columns = vec![Column::words("").nowrap(), Column::numbers("", ""), Column::words(""), Column::words("")];
    let mut table = Table::new("新增企业", columns).density(Density::Tall);
    table.open_end = true;
    for (label, done, pending, goal, tone) in [
        ("四上企业", 21, 3, 35, Tone::Amber),
        ("规上工业", 7, 1, 10, Tone::Green),
        ("高新企业", 4, 2, 6, Tone::Green),
        ("小巨人", 1, 1, 3, Tone::Red),
    ] {
        let count = Count::new(i64::from(done), "/pool").look(Look::Key);
        table = table.row(Row::new(vec![
            Cell::text(label),
            Cell::Line(Line::new().count(count).say(Voice::Mute, format!("/{goal}"))),
            Cell::Tally(Tally { done, pending, goal }),
            light(tone).into(),
        ]));
    }
    let legend = Line::from("● 已增　◉ 已报待批　○ 未增");
    Panel::new("新增企业").more("培育库", "/pool").part(table).part(Part::Remark(legend))
}

fn stuck() -> Panel {
    let item = |name: &str, stage: &str, why: &str, days: i64| Item {
        line: Line::new().strong(name).text(" ").say(Voice::Remark, stage).br().say(Voice::Note, why),
        aside: Line::new().text("卡 ").count(Count::new(days, "/project").unit("天").look(Look::Mid)),
        ..Item::default()
    };
    let items = vec![
        item("某卯 5 GWh 电芯二期", "开工→试车", "220 kV 出线未批 · 项目办·杜某", 47),
        item("某寅 10 万吨钛白", "环评", "COD 指标缺 12.4 吨 · 环保办·高某", 33),
        item("标准化厂房三期", "施工", "专项债 0.80 亿元未拨 · 财政局·冯某", 26),
    ];
    Panel::new("卡住的项目").remark("9 个，列前 3").more("全部", "/project").part(Part::Items(items))
}

fn late() -> Panel {
    let segments = vec![
        Segment { label: "已报".into(), count: Count::new(117, "/filing?state=filed"), tone: None },
        Segment { label: "退回".into(), count: Count::new(4, "/filing?state=sent_back"), tone: Some(Tone::Amber) },
        Segment { label: "迟报".into(), count: Count::new(7, "/filing?state=late"), tone: Some(Tone::Red) },
    ];
    let item = |name: &str, form: &str, days: i64| Item {
        line: Line::new().text(name).text(" ").say(Voice::Remark, form),
        aside: Line::new().text("迟 ").count(Count::new(days, "/filing").unit("天")),
        actions: vec![Action::post("催报", "/filing/reminder").small()],
        ..Item::default()
    };
    let items = vec![
        item("某丁镍盐", "8月产值", 5),
        item("某庚钛白", "8月能耗", 5),
        item("某戌物流", "8月营收", 4),
        item("某亥检测", "8月研发费", 3),
    ];
    let remark = Line::new().text("8月应报 ").count(Count::new(128, "/filing")).text(" 家");
    Panel::new("迟报")
        .remark(remark)
        .more("全部", "/filing")
        .part(Chart::Shares(Shares { label: String::new(), segments }))
        .part(Part::Items(items))
}

fn warnings() -> Panel {
    let item = |tone, word: &str, what: &str, why: &str, office: &str| Item {
        light: Some(Light::new(tone, word)),
        line: Line::new().strong(what).br().say(Voice::Note, why),
        aside: Line::new().say(Voice::Remark, office),
        ..Item::default()
    };
    let items = vec![
        item(Tone::Red, "红", "到位资金", "按现速年底 40.7 亿元，差 9.3", "招商"),
        item(Tone::Amber, "黄", "本地供给率", "65.0%，目标 70%；断链 7 处", "招商"),
        item(Tone::Amber, "黄", "污水厂 COD", "日均 47.2，限值 50 mg/L", "环保"),
        item(Tone::Amber, "黄", "预算支出", "教育支出连续 2 月低于序时", "财政"),
    ];
    Panel::new("预警").remark("未处置 6 条").more("全部", "/warning").part(Part::Items(items))
}

pub fn page(lang: Lang) -> Page {
    let gap = aimed(figure("招商引资到位资金", "27.1", "亿元"), "50.0", Some("54.2"), "-12.5");
    let line = Line::new()
        .text("9 项目标：")
        .light(Light::new(Tone::Green, "正常 5"))
        .text(" ")
        .light(Light::new(Tone::Amber, "偏慢 3"))
        .text(" ")
        .light(Light::new(Tone::Red, "落后 1"))
        .text(" 　最急：")
        .strong("招商引资到位资金")
        .text(" 慢于序时 ")
        .bare(Number::of(&gap, Aspect::Gap).look(Look::Strong))
        .text(" 个百分点，按现速全年差 ")
        .bare(figure("全年差额", "9.3", "亿元"))
        .text(" 亿元");
    let units = Seg::new("单位", vec![Link::new("万元", "?unit=wan"), Link::new("亿元", "?unit=yi").current_if(true)]);
    let mut page = Page::new("2024年1—8月", "leader").item("cockpit").wide();
    page.head = Head::Headline { tone: Tone::Red, line };
    page.tool(Tool::Seg(units))
        .tool(Tool::Action(Action::link("出报告", "/report").small()))
        .part(Columns::new(Split::Main).part(targets(lang)).part(contributions()))
        .part(Columns::new(Split::Quarters).part(added()).part(stuck()).part(late()).part(warnings()))
}
