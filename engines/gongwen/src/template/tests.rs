//! Tests of templates: a small table of names, and what templates print.

use crate::mark::Ask;
use crate::template::{Context, Field, FieldKind, Names, Row, Template, Unknown};
use crate::testing_figures::figure;
use crate::tree::{Block, Document, printed};
use values::{Figure, Growth, GrowthKind, Period, Reason, TargetPart};

/// Figures by name and period; everything else is unknown.
#[derive(Default)]
struct Zone {
    figures: Vec<(Ask, Figure)>,
    rows: Vec<Row>,
}

fn period(text: &str) -> Period {
    Period::parse(text).unwrap()
}

impl Zone {
    fn with(mut self, figure: Figure) -> Self {
        let mut ask = Ask::actual(figure.metric.clone(), figure.period);
        ask.scenario.clone_from(&figure.scenario);
        ask.slice.clone_from(&figure.slice);
        self.figures.push((ask, figure));
        self
    }
}

impl Names for Zone {
    fn figure(&self, ask: &Ask) -> Result<Figure, Unknown> {
        if let Some((_, figure)) = self.figures.iter().find(|(a, _)| a == ask) {
            return Ok(figure.clone());
        }
        if !self.known().contains(&ask.name) {
            return Err(Unknown::name());
        }
        if ask.name == "energy_intensity" && !ask.period.is_year() {
            return Err(Unknown::period("全年"));
        }
        Ok(Figure {
            value: None,
            reason: Some(Reason::NotFiled),
            scenario: ask.scenario.clone(),
            ..figure(&ask.name, &ask.period.to_string(), "", "万元")
        })
    }
    fn rows(&self, collection: &str, _: Period) -> Result<Vec<Row>, Unknown> {
        if collection == "chains" { Ok(self.rows.clone()) } else { Err(Unknown::name()) }
    }
    fn fields(&self, collection: &str) -> Result<Vec<(String, FieldKind)>, Unknown> {
        if collection != "chains" {
            return Err(Unknown::name());
        }
        Ok(vec![
            ("name".into(), FieldKind::Text),
            ("output".into(), FieldKind::Figure("万元".into())),
            ("share".into(), FieldKind::Figure("%".into())),
        ])
    }
    fn text(&self, name: &str) -> Option<String> {
        (name == "zone.name").then(|| "示范经开区".to_owned())
    }
    fn known(&self) -> Vec<String> {
        [
            "gdp",
            "foreign_trade",
            "four_above",
            "four_above.added",
            "energy_intensity",
            "fixed_asset_investment",
            "fixed_asset_investment.multiple",
            "chains",
        ]
        .map(str::to_owned)
        .to_vec()
    }
}

fn zone() -> Zone {
    let growth = |value: &str| Some(Growth { how: GrowthKind::Given, value: value.parse().unwrap(), unit: "%" });
    let target = TargetPart {
        value: Some("1400000".parse().unwrap()),
        unit: "万元".into(),
        bound: "ge".into(),
        text: String::new(),
        completion: Some("99.03".parse().unwrap()),
        pace: Some("-0.97".parse().unwrap()),
    };
    let gdp = Figure { growth: growth("5.84"), target: Some(target), ..figure("gdp", "2025", "1386449.9", "万元") };
    let goal = Figure { scenario: "target".into(), bound: "ge".into(), growth: growth("6"), ..figure("gdp", "2026", "1480000", "万元") };
    let fixed = Figure { growth: growth("-2.7"), ..figure("fixed_asset_investment", "2025", "250000", "万元") };
    let times = figure("fixed_asset_investment.multiple", "2025", "0.973", "倍");
    let chain = |name: &str, output: &str, share: &str| {
        let slice = Some(format!("chain={name}"));
        let output = Figure { slice: slice.clone(), ..figure("chain_output", "2025", output, "万元") };
        Row::default()
            .text("name", name)
            .figure("output", output)
            .figure("share", Figure { slice, ..figure("chain_share", "2025", share, "%") })
    };
    Zone {
        rows: vec![chain("新能源电池", "600000", "66.66"), chain("有色金属", "300000", "33.34"), chain("化工循环", "", "")],
        ..Zone::default()
    }
    .with(gdp)
    .with(goal)
    .with(fixed)
    .with(times)
    .with(figure("four_above.added", "2025", "12", "家"))
}

fn fill(source: &str) -> crate::template::Filled {
    let template = Template::parse(source, "t.gw").map_err(|f| format!("{f:#?}")).unwrap();
    template.fill(&zone(), &Context::new(period("2025"))).map_err(|f| format!("{f:#?}")).unwrap()
}

fn lines(document: &Document) -> String {
    let line = |block: &Block| match block {
        Block::Heading(h) => format!("{}{}", h.number, printed(&h.text)),
        Block::Paragraph(p) => {
            let lead = p.lead.as_ref().map(|h| format!("{}{}|", h.number, printed(&h.text))).unwrap_or_default();
            format!("{lead}{}", printed(&p.text))
        }
        Block::Table(t) => {
            let row = |cells: Vec<String>| cells.join(" | ");
            let head = row(t.head.iter().map(|c| printed(c)).collect());
            let rows: Vec<String> = t.rows.iter().map(|r| row(r.iter().map(|c| printed(&c.text)).collect())).collect();
            format!("[{} {}] {head} / {}", printed(&t.caption), t.unit, rows.join(" / "))
        }
    };
    document.blocks.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn check(source: &str, expected: &str) {
    assert_eq!(lines(&fill(source).document), expected);
}

#[test]
fn figures_are_printed_with_their_words() {
    check(
        "{zone.name}{year}年实现地区生产总值{gdp year 亿元 .1}，{gdp.growth}，{gdp.completion}。",
        "示范经开区2025年实现地区生产总值138.6亿元，增长5.8%，完成全年目标任务的99.0%。",
    );
    check(
        "投资{fixed_asset_investment 亿元 .1}，{fixed_asset_investment.growth}，{fixed_asset_investment.multiple .2}。",
        "投资25.0亿元，下降2.7%，是上年的0.97倍。",
    );
    check(
        "力争{year+1}年{gdp.label}达到{gdp.target year+1 亿元 .0}，{gdp.target.growth year+1}。",
        "力争2026年gdp达到148亿元以上，增长6%。",
    );
    check("{gdp.surplus}，{gdp.pace}。", "距全年目标任务还差1.0个百分点，慢于序时进度1.0个百分点。");
    check("{gdp.growth bare}%", "5.8%");
}

#[test]
fn every_number_is_a_mark_and_units_stand_outside() {
    let filled = fill("生产总值{gdp 亿元 .1}，{gdp.growth}。");
    let marks: Vec<&str> = filled.document.marks().iter().map(|m| m.printed.as_str()).collect();
    assert_eq!(marks, ["138.6", "增长", "5.8"]);
}

#[test]
fn what_has_no_data_is_left_out_and_listed() {
    let filled = fill(
        "实现[生产总值{gdp 亿元 .1}[，{gdp.growth}]][，进出口{foreign_trade 亿元 .1}[，{foreign_trade.growth}]]，新增{four_above.added}。\n\n进出口{foreign_trade 亿元}。",
    );
    assert_eq!(lines(&filled.document), "实现生产总值138.6亿元，增长5.8%，新增12家。");
    let left: Vec<_> = filled.left_out.iter().map(|l| (l.line, l.reference.as_str(), l.reason)).collect();
    assert_eq!(left, [(1, "foreign_trade 亿元 .1", Some(Reason::NotFiled)), (3, "foreign_trade 亿元", Some(Reason::NotFiled))]);
}

#[test]
fn a_section_without_data_is_left_out_and_numbers_have_no_gap() {
    let source = "# 运行\n\n生产总值{gdp 亿元 .1}。\n\n# 外贸\n\n有关情况如下。\n\n进出口{foreign_trade 亿元}。\n\n## 更深\n\n进口{foreign_trade 万元}。\n\n# 打算\n\n文字。";
    let filled = fill(source);
    assert_eq!(lines(&filled.document), "一、运行\n生产总值138.6亿元。\n二、打算\n文字。");
    assert!(filled.left_out.iter().any(|l| l.label == "外贸" && l.reason.is_none()));
}

#[test]
fn a_heading_with_a_full_stop_runs_into_its_text() {
    check(
        "# 甲\n\n## 坚持延链。\n生产总值\n{gdp 亿元 .1}。\n\n## 乙\n文字",
        "一、甲\n（一）坚持延链。|生产总值138.6亿元。\n（二）乙\n文字",
    );
}

#[test]
fn conditions_and_loops() {
    check("{if gdp.growth >= 5%}好{else if gdp.growth < 0}差{else}平{end}", "好");
    check("{if foreign_trade is missing}未报{end}{if foreign_trade > 0 亿元}有{end}", "未报");
    check("{if gdp > 100 亿元}\n过百亿。\n{else}\n未过。\n{end}", "过百亿。");
    check("其中：{each c in chains sep \"、\"}{c.name}{c.output 亿元 .1}{end}。", "其中：新能源电池60.0亿元、有色金属30.0亿元。");
    check("{each c in chains limit 1}\n{c.nth}{c.name}产值{c.output 亿元 .0}。\n{end}", "一是新能源电池产值60亿元。");
    check("{each c in chains}{if c.output > 40 亿元}{c.name}{end}{end}", "新能源电池");
}

#[test]
fn tables_have_heads_units_and_dashes() {
    check(
        "{table 主要指标 | 单位：亿元、%}\n指标 | 数 | 增速\n生产总值 | {gdp 亿元 .1 bare} | {gdp.growth bare}\n进出口 | {foreign_trade 亿元 bare} | {foreign_trade.growth bare}\n新增 | {four_above.added bare} | {four_above.added.growth bare}\n{each c in chains}\n{c.name} | {c.output 亿元 .1 bare} | {c.name}\n{end}\n{end}",
        "[主要指标 单位：亿元、%] 指标 | 数 | 增速 / 生产总值 | 138.6 | 5.8 / 新增 | 12 | — / 新能源电池 | 60.0 | 新能源电池 / 有色金属 | 30.0 | 有色金属",
    );
}

#[test]
fn faults_are_found_before_printing_all_at_once_with_place_and_hint() {
    let source = "{gpd 亿元}\n\n{gdp 万美元}\n\n{energy_intensity month}\n\n{each c in chains}{c.outptu}{end}{if gdp.growth > 5 亿元}x{end}\n\n{each c in chain}{end}";
    let template = Template::parse(source, "t.gw").unwrap();
    let found = template.check(&zone(), period("2025"));
    let got: Vec<(&str, &str)> = found.iter().map(|f| (f.rule.as_str(), f.place.as_str())).collect();
    assert_eq!(
        got.iter().map(|(r, p)| (*r, p.split(' ').next().unwrap_or_default())).collect::<Vec<_>>(),
        [
            ("template.unknown_name", "t.gw:1:1"),
            ("template.unit_mismatch", "t.gw:3:1"),
            ("template.unknown_period", "t.gw:5:1"),
            ("template.unknown_field", "t.gw:7:19"),
            ("expr.unit_mismatch", "t.gw:7:34"),
            ("template.unknown_name", "t.gw:9:1"),
        ]
    );
    assert!(found.0[0].remedy.contains("gdp"), "{:?}", found.0[0]);
    assert!(found.0[3].remedy.contains("output"), "{:?}", found.0[3]);
    assert!(template.fill(&zone(), &Context::new(period("2025"))).is_err());
}

#[test]
fn a_template_that_is_none_is_refused_all_at_once() {
    let rules = |source: &str| -> Vec<String> {
        match Template::parse(source, "t.gw") {
            Ok(_) => Vec::new(),
            Err(findings) => findings.iter().map(|f| format!("{} {}", f.rule.trim_start_matches("template."), f.place)).collect(),
        }
    };
    for (source, expected) in [
        ("{each c in chains}\n文字", "unclosed t.gw:1:1"),
        ("{if gdp > 1}文字", "unclosed t.gw:1:1"),
        ("文字{end}", "unexpected_end t.gw:1:3"),
        ("{end}", "unexpected_end t.gw:1:1"),
        ("甲[乙", "unclosed_clause t.gw:1:2"),
        ("甲]", "unexpected_bracket t.gw:1:2"),
        ("甲{gdp", "unclosed_brace t.gw:1:2"),
        ("{}", "empty_reference t.gw:1:1"),
        ("{gdp 斗}", "bad_reference t.gw:1:1"),
        ("##### 深", "heading_level t.gw:1:1"),
        ("{table 甲}\n甲|乙\n丙\n{end}", "table_columns t.gw:3:1"),
        ("{each c of chains}\n{end}", "bad_each t.gw:1:1"),
        ("---\ntitel: 甲\n---\n", "unknown_head t.gw:2:1"),
        ("---\ntitle: 甲\n", "unclosed_head t.gw:1:1"),
    ] {
        assert_eq!(rules(source), [expected], "{source}");
    }
    assert_eq!(rules("{gdp 斗}\n\n甲[乙\n\n{end}").len(), 3);
}

#[test]
fn shares_of_a_loop_add_to_a_hundred() {
    let mut zone = zone();
    zone.rows.truncate(2);
    let template = Template::parse("{each c in chains sep \"、\"}{c.share}%{end}", "t.gw").unwrap();
    let filled = template.fill(&zone, &Context::new(period("2025"))).unwrap();
    let printed: rust_decimal::Decimal = filled.document.marks().iter().map(|m| m.printed.parse::<rust_decimal::Decimal>().unwrap()).sum();
    assert_eq!(printed, rust_decimal::Decimal::ONE_HUNDRED);
    assert!(matches!(zone.rows[0].get("share"), Some(Field::Figure(_))));
}

#[test]
fn every_finding_has_its_texts_in_both_languages() {
    let texts = crate::template::texts();
    assert_eq!(texts.untranslated().collect::<Vec<_>>(), Vec::<&str>::new());
    for rule in texts.keys().filter(|k| !k.contains("_remedy") && !k.starts_with("verify.")) {
        assert!(texts.has(&format!("{rule}_remedy")), "{rule}");
    }
}

proptest::proptest! {
    /// Whatever stands in a template: findings or a document, never a panic, and never a broken file.
    #[test]
    fn no_template_panics(source in "([#\\[\\]{}|。，；甲\n ]|\\{gdp 亿元\\}|\\{if gdp > 1\\}|\\{end\\}|\\{else\\}|\\{each c in chains\\}|\\{c.name\\}|\\{table x\\}|\\[甲\\{foreign_trade\\}\\]){0,24}") {
        if let Ok(template) = Template::parse(&source, "t.gw")
            && let Ok(filled) = template.fill(&zone(), &Context::new(period("2025")))
        {
            let bytes = crate::docx::write(&filled.document, None, &crate::layout::Layout::standard()).unwrap();
            let package = ooxml::Package::open(bytes, &ooxml::Rules::default()).unwrap();
            let text = package.text("word/document.xml").unwrap();
            proptest::prop_assert!(ooxml::xml::tokens(&text).all(|t| t.is_ok()));
        }
    }
}
