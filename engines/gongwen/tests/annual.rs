//! The annual report's template: whole, printed with all figures, and with almost none.

use gongwen::template::{Context, FieldKind, Filled, Names, Row, Template, Unknown};
use gongwen::tree::{Block, printed};
use gongwen::{Ask, FrozenReport};
use rust_decimal::Decimal;
use values::{Confidence, Figure, Growth, GrowthKind, Period, Reason, TargetPart};

const ANNUAL: &str = include_str!("../../../definitions/reports/annual.gw");

/// Metrics of the template with unit, display unit and a value for 2025.
const METRICS: &[(&str, &str, &str, i64)] = &[
    ("registered_entities", "市场主体", "户", 3120),
    ("four_above", "四上企业", "家", 118),
    ("four_above.added", "新增四上企业", "家", 12),
    ("above_scale_industry", "规模以上工业企业", "家", 74),
    ("above_scale_industry.added", "新增规模以上工业企业", "家", 6),
    ("high_tech_enterprise", "高新技术企业", "家", 41),
    ("high_tech_enterprise.added", "新增高新技术企业", "家", 7),
    ("srdi", "专精特新企业", "家", 29),
    ("srdi.added", "新增专精特新企业", "家", 5),
    ("little_giant", "专精特新小巨人企业", "家", 6),
    ("little_giant.added", "新增专精特新小巨人企业", "家", 1),
    ("foreign_invested_enterprise", "外商投资企业", "家", 17),
    ("foreign_invested_enterprise.added", "新增外商投资企业", "家", 2),
    ("rd_institution_provincial", "省级以上研发机构", "个", 22),
    ("incubator_national", "国家级科技企业孵化器", "个", 1),
    ("gdp", "地区生产总值", "万元", 3_864_499),
    ("industrial_value_added", "工业增加值", "万元", 2_301_870),
    ("gross_industrial_output", "工业总产值", "万元", 12_345_678),
    ("foreign_trade", "进出口总额", "万元", 1_543_210),
    ("public_budget_revenue", "一般公共预算收入", "万元", 86_420),
    ("fixed_asset_investment", "固定资产投资", "万元", 913_570),
    ("fixed_asset_investment.multiple", "固定资产投资倍数", "倍", 2),
    ("upper_level_funds", "向上争取资金", "万元", 52_310),
    ("funds_in_place", "招商引资到位资金", "万元", 613_800),
    ("utilized_fdi", "实际使用外资", "万美元", 2_140),
    ("fdi_reinvestment", "外商再投资", "万美元", 560),
    ("network_freight", "网络货运交易额", "万元", 381_000),
    ("tax_per_mu", "亩均税收", "万元", 14),
    ("rd_intensity", "研发投入强度", "%", 3),
    ("energy_intensity", "单位工业增加值能耗", "tce", 1),
    ("chain_output", "产业链产值", "万元", 1),
];

/// A zone that holds everything, or only what its list names.
struct Zone {
    only: Option<&'static [(&'static str, &'static str)]>,
}

impl Zone {
    fn make(&self, ask: &Ask) -> Result<Figure, Unknown> {
        let (_, label, unit, value) = METRICS.iter().find(|(key, ..)| *key == ask.name).ok_or_else(Unknown::name)?;
        let held = self.only.is_none_or(|only| only.contains(&(ask.name.as_str(), ask.scenario.as_str())));
        let value = Decimal::from(*value);
        let value = if ask.scenario == "target" { value + value / Decimal::TEN } else { value };
        let bound = if ask.scenario == "target" { "ge" } else { "eq" };
        let target = TargetPart {
            value: Some(value),
            unit: (*unit).into(),
            bound: "ge".into(),
            text: String::new(),
            completion: Some("101.24".parse().expect("a number")),
            pace: Some("1.24".parse().expect("a number")),
        };
        let growth = if ask.name == "foreign_trade" { "-3.21" } else { "7.45" };
        Ok(Figure {
            metric: ask.name.clone(),
            label: (*label).into(),
            zone: "demo".into(),
            subject: "zone".into(),
            slice: ask.slice.clone(),
            period: ask.period,
            scenario: ask.scenario.clone(),
            source: "statistics".into(),
            value: held.then_some(value),
            unit: (*unit).into(),
            display: if held { value.round().to_string() } else { "未报".into() },
            display_unit: (*unit).into(),
            bound: bound.into(),
            status: if ask.name == "gdp" { "estimate".into() } else { "final".into() },
            growth: (held && ask.scenario == "actual" && *unit == "万元").then(|| Growth {
                how: GrowthKind::Given,
                value: growth.parse().expect("a number"),
                unit: "%",
            }),
            target: (held && ask.scenario == "actual" && *unit == "万元").then_some(target),
            filed: None,
            estimated: None,
            as_of: None,
            seq: 9,
            handle: format!("f1:{}:{}:{}", ask.name, ask.period, ask.scenario),
            confidence: Confidence::A,
            reason: (!held).then_some(Reason::NotFiled),
        })
    }
}

impl Names for Zone {
    fn figure(&self, ask: &Ask) -> Result<Figure, Unknown> {
        self.make(ask)
    }
    fn rows(&self, collection: &str, period: Period) -> Result<Vec<Row>, Unknown> {
        let actual = |name: &str| self.make(&Ask::actual(name, period));
        match collection {
            _ if self.only.is_some() => Ok(Vec::new()),
            "chain_output.chain" => ["有色金属新材料", "新能源电池", "数据信息"]
                .into_iter()
                .map(|chain| {
                    Ok(Row::default()
                        .text("name", chain)
                        .figure("value", Figure { slice: Some(format!("chain={chain}")), ..actual("gross_industrial_output")? }))
                })
                .collect(),
            "targets_missed" => Ok(vec![
                Row::default()
                    .text("name", "进出口总额")
                    .figure("value", actual("foreign_trade")?)
                    .figure("target", self.make(&Ask::target("foreign_trade", period))?),
            ]),
            _ => Err(Unknown::name()),
        }
    }
    fn fields(&self, collection: &str) -> Result<Vec<(String, FieldKind)>, Unknown> {
        match collection {
            "chain_output.chain" => Ok(vec![("name".into(), FieldKind::Text), ("value".into(), FieldKind::Figure("万元".into()))]),
            "targets_missed" => Ok(vec![
                ("name".into(), FieldKind::Text),
                ("value".into(), FieldKind::Figure(String::new())),
                ("target".into(), FieldKind::Figure(String::new())),
            ]),
            _ => Err(Unknown::name()),
        }
    }
    fn text(&self, name: &str) -> Option<String> {
        match name {
            "zone.name" => Some("示例经济技术开发区".into()),
            "zone.office" => Some("示例经济技术开发区管理委员会".into()),
            _ => None,
        }
    }
    fn known(&self) -> Vec<String> {
        METRICS.iter().map(|(key, ..)| (*key).to_owned()).collect()
    }
}

fn fill(only: Option<&'static [(&'static str, &'static str)]>) -> Filled {
    let template = Template::parse(ANNUAL, "annual.gw").map_err(|f| format!("{f:#?}")).expect("the template is whole");
    let mut context = Context::new(Period::year(2025).expect("a year"));
    context.date = values::Date::new(2026, 1, 20).ok();
    context.imprint = vec!["审计锚 7c1e…40d9 · 提交号 48211 · 示例数据".into()];
    template.fill(&Zone { only }, &context).map_err(|f| format!("{f:#?}")).expect("every name is known")
}

fn text(filled: &Filled) -> String {
    let line = |block: &Block| match block {
        Block::Heading(h) => format!("{}{}", h.number, printed(&h.text)),
        Block::Paragraph(p) => p.lead.as_ref().map(|h| format!("{}{}", h.number, printed(&h.text))).unwrap_or_default() + &printed(&p.text),
        Block::Table(t) => {
            t.rows.iter().map(|r| r.iter().map(|c| printed(&c.text)).collect::<Vec<_>>().join("|")).collect::<Vec<_>>().join("\n")
        }
    };
    filled.document.blocks.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_zone_with_everything_gets_all_chapters() {
    let filled = fill(None);
    let text = text(&filled);
    for words in [
        "一、经济运行情况",
        "登记在册市场主体3120户（其中工业3120户、建筑业",
        "“四上”企业118家、规模以上工业企业74家",
        "2025年，预计实现地区生产总值386.4亿元，增长7.5%，完成全年目标任务的101.2%；",
        "进出口总额154.3亿元，下降3.2%",
        "是上年的2.00倍",
        "二、推进高质量发展的主要工作",
        "（一）补链延链，扩大招商和对外开放。",
        "有色金属新材料产值1234.6亿元，增长7.5%；新能源电池",
        "三、存在的主要问题",
        "一是进出口总额未完成全年目标。",
        "四、2026年工作打算",
        "2026年，力争实现地区生产总值425.09亿元以上",
    ] {
        assert!(text.contains(words), "{words}\n---\n{text}");
    }
    assert!(filled.document.marks().len() > 120, "{}", filled.document.marks().len());
    for sign in ["，，", "，。", "；。", "。。", "：，", "（）", "、。", "；；"] {
        assert!(!text.contains(sign), "{sign}\n{text}");
    }
}

/// As of a zone of which only targets were published: they are printed, everything else is left out and listed.
#[test]
fn a_zone_with_targets_alone_prints_them_and_lists_the_rest() {
    let only: &[(&str, &str)] = &[
        ("funds_in_place", "target"),
        ("utilized_fdi", "target"),
        ("fdi_reinvestment", "target"),
        ("four_above.added", "target"),
        ("above_scale_industry.added", "target"),
    ];
    let filled = fill(Some(only));
    let text = text(&filled);
    assert!(
        text.contains(
            "2025年确定的预期目标为：招商引资到位资金67.52亿元以上，实际使用外资2354万美元以上，外商再投资616万美元以上，新增“四上”企业"
        ),
        "{text}"
    );
    assert!(!text.contains("存在的主要问题") && !text.contains("市企协同"), "{text}");
    assert!(filled.left_out.len() > 50);
    assert!(filled.left_out.iter().any(|l| l.reason.is_none() && l.label == "存在的主要问题"));
    let frozen = FrozenReport::of(&filled.document);
    assert_eq!(FrozenReport::from_json(&frozen.to_json()).expect("own JSON"), frozen);
}

/// Writes the report where `SUYUAN_SAMPLE_DIR` says, for looking at it; nothing otherwise.
#[test]
fn the_file_is_a_package_with_manifest_tags_and_bookmarks() {
    let filled = fill(None);
    let manifest = gongwen::docx::Manifest { zone: "demo".into(), ..Default::default() }.with_figures(&filled.document);
    let layout = gongwen::layout::Layout::standard();
    let bytes = gongwen::docx::write(&filled.document, Some(&manifest), &layout).expect("a file");
    assert_eq!(bytes, gongwen::docx::write(&filled.document, Some(&manifest), &layout).expect("a file"), "the same bytes each time");
    let package = ooxml::Package::open(bytes.clone(), &ooxml::Rules::default()).expect("a package");
    let text = package.text("word/document.xml").expect("text");
    for mark in filled.document.marks() {
        assert_eq!(text.matches(&format!("<w:tag w:val=\"{}\"/>", mark.id)).count(), 1);
        assert_eq!(text.matches(&format!("w:name=\"{}\"", mark.id)).count(), 1);
    }
    let custom = package.text("customXml/item1.xml").expect("manifest");
    assert_eq!(gongwen::docx::Manifest::parse(&custom), Some(manifest));
    assert!(!custom.contains("386.4"), "a manifest holds no values");
    let html = gongwen::html::write(&filled.document, &|mark| Some(format!("/figure/{}", mark.figure.handle)));
    assert!(html.contains("href=\"/figure/f1:gdp:2025:actual\">386.4</a>亿元"), "{html}");
    if let Some(folder) = std::env::var_os("SUYUAN_SAMPLE_DIR") {
        std::fs::write(std::path::Path::new(&folder).join("annual.docx"), bytes).expect("the folder can be written");
        std::fs::write(std::path::Path::new(&folder).join("annual.html"), html).expect("the folder can be written");
    }
}
