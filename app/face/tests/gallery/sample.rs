//! Made-up figures and the frame around the gallery's pages.

use face::{Frame, MenuItem, Office};
use page::{Aspect, Link, Number, Page};
use values::{Confidence, Decimal, Figure, Growth, GrowthKind, Lang, Period, Reason, TargetPart};

/// A decimal written in a test.
pub fn d(text: &str) -> Decimal {
    Decimal::from_str_exact(text).expect("a test writes valid decimals")
}

/// A figure that prints `display` in `unit`.
pub fn figure(label: &str, display: &str, unit: &str) -> Figure {
    Figure {
        metric: "sample".into(),
        label: label.into(),
        zone: "demo".into(),
        subject: "zone".into(),
        slice: None,
        period: Period::year_to_date(2024, 8).expect("a valid period"),
        scenario: "actual".into(),
        source: "enterprise".into(),
        value: Some(d(display)),
        unit: unit.into(),
        display: display.into(),
        display_unit: unit.into(),
        bound: "eq".into(),
        status: "final".into(),
        growth: None,
        target: None,
        filed: None,
        estimated: None,
        as_of: None,
        seq: 48211,
        handle: format!("f1:{}", display.replace(['.', '-'], "")),
        confidence: Confidence::A,
        reason: None,
    }
}

/// With growth in %.
pub fn grown(mut figure: Figure, growth: &str) -> Figure {
    figure.growth = Some(Growth { how: GrowthKind::Listed, value: d(growth), unit: "%" });
    figure
}

/// Held against a target.
pub fn aimed(mut figure: Figure, target: &str, completion: Option<&str>, pace: &str) -> Figure {
    figure.target = Some(TargetPart {
        value: Some(d(target)),
        unit: figure.display_unit.clone(),
        bound: "ge".into(),
        text: String::new(),
        completion: completion.map(d),
        pace: Some(d(pace)),
    });
    figure
}

/// A figure without value.
pub fn blank(label: &str, reason: Reason) -> Figure {
    Figure { value: None, display: String::new(), reason: Some(reason), ..figure(label, "0", "万元") }
}

/// A plain number.
pub fn n(display: &str, unit: &str) -> Number {
    Number::from(figure("规上工业总产值", display, unit))
}

/// A growth.
pub fn growth(percent: &str) -> Number {
    Number::of(&grown(figure("营业收入", "1", "万元"), percent), Aspect::Growth)
}

/// A number with its sign.
pub fn signed(display: &str) -> Number {
    Number::of(&figure("贡献", display, "亿元"), Aspect::Signed)
}

/// The frame of the page's office.
pub fn frame(page: &Page, lang: Lang) -> Frame {
    let zh = lang == Lang::Zh;
    let office = |key: &str, label: (&str, &str), short: (&str, &str), items: &[(&str, &str)]| Office {
        key: key.into(),
        label: if zh { label.0 } else { label.1 }.into(),
        short: if zh { short.0 } else { short.1 }.into(),
        items: items.iter().map(|(key, label)| MenuItem { key: (*key).into(), label: (*label).into(), href: format!("/{key}") }).collect(),
    };
    let offices = vec![
        office(
            "leader",
            ("领导", "Leader"),
            ("领导", "Lead"),
            &[("cockpit", "驾驶舱"), ("map", "一张图"), ("warning", "预警"), ("follow_up", "督办")],
        ),
        office(
            "economy",
            ("经济运行", "Economy"),
            ("经发", "Econ"),
            &[("enterprise", "企业台账"), ("filing", "月度填报"), ("metric", "指标"), ("pool", "培育库")],
        ),
        office("invest", ("招商引资", "Investment"), ("招商", "Invest"), &[("chain", "产业链图谱")]),
        office("project", ("项目建设", "Projects"), ("项目", "Proj"), &[("project", "项目")]),
        office("service", ("政务服务", "Services"), ("政务", "Serv"), &[("item", "事项目录"), ("case", "办件"), ("payout", "政策兑现")]),
        office("monitor", ("生态环境", "Environment"), ("环保", "Env"), &[("outlet", "排放口")]),
        office("emergency", ("应急管理", "Emergency"), ("应急", "Emer"), &[("hazard", "重大危险源")]),
        office("general", ("综合文稿", "Documents"), ("综合", "Docs"), &[("report", "报告")]),
    ];
    let tabs = if page.menu == page::MenuWidth::Full {
        vec![Link::new("驾驶舱", "/cockpit"), Link::new(page.title.clone(), "#main").current_if(true)]
    } else {
        Vec::new()
    };
    Frame {
        zone: "示例经济技术开发区".into(),
        badge: "示例数据".into(),
        user: "经发局 · 罗某".into(),
        todo: Some(12),
        offices,
        tabs,
        large: false,
        wall: false,
        csrf: "token".into(),
        path: format!("/{}", page.item),
        search: Some(String::new()),
        stamp: "罗某 · 数据截至 9月19日 10:00 · 锚值 7c1e…40d9 · 示例数据".into(),
    }
}
