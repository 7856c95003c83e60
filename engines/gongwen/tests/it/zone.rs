//! A zone for tests, and the annual report of it.

use gongwen::Ask;
use gongwen::template::{Context, FieldKind, Filled, Names, Row, Template, Unknown};
use rust_decimal::Decimal;
use values::{Confidence, Figure, Growth, GrowthKind, Period, Reason, TargetPart};

const ANNUAL: &str = include_str!("../../../../definitions/reports/annual.gw");

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
pub struct Zone {
    /// Names and scenarios that have a value; none for all.
    pub only: Option<&'static [(&'static str, &'static str)]>,
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
            "published_figures" | "published_targets" => Ok(Vec::new()),
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
            "published_figures" | "published_targets" => Ok(vec![
                ("name".into(), FieldKind::Text),
                ("span".into(), FieldKind::Text),
                ("value".into(), FieldKind::Figure(String::new())),
                ("target".into(), FieldKind::Figure(String::new())),
            ]),
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

/// The annual report of 2025.
pub fn fill(only: Option<&'static [(&'static str, &'static str)]>) -> Filled {
    let template = Template::parse(ANNUAL, "annual.gw").map_err(|f| format!("{f:#?}")).expect("the template is whole");
    let mut context = Context::new(Period::year(2025).expect("a year"));
    context.date = values::Date::new(2026, 1, 20).ok();
    context.imprint = vec!["审计锚 7c1e…40d9 · 提交号 48211 · 示例数据".into()];
    template.fill(&Zone { only }, &context).map_err(|f| format!("{f:#?}")).expect("every name is known")
}
