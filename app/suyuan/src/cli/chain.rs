//! `suyuan chain …`: product chains 产业链 with recipes.
//!
//! Shapes: `docs/cli.md`. What computes is the engine `chain`; here files are
//! read and answers printed.

mod text;

use crate::cli::{Global, Outcome, print, read_input};
use anyhow::{Context, Result};
use chain::answer::{SupplyAnswer, Teller, WhatIfAnswer};
use chain::model::Chain;
use chain::portfolio::Effort;
use chain::portfolio::answer::PortfolioAnswer;
use chain::read::{Settings, read};
use chain::supply::{Question, supply};
use chain::table::{Table, read_text};
use chain::whatif::{Action, scenario};
use chain::{Graph, Notes, amount::Month};
use serde::Serialize;
use text::{finding_text, gaps_text, pairs_text, portfolio_text, supply_text, what_if_text};
use values::{Finding, Severity};

/// `suyuan chain …`
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// 校核：物料平衡、元素平衡、范围、循环、缺工艺
    Check(Files),
    /// 本地供给率：每种产品的需要量、本地产能、缺口
    Supply(Files),
    /// 短链、断链、薄弱环节、补哪一处最值
    Gaps(Files),
    /// 供需对接、废物利用
    Matches(Files),
    /// 导出：产品、工艺、企业、需求写成一个工作簿
    Export {
        #[command(flatten)]
        files: Files,
        /// 输出的 xlsx
        #[arg(long, short)]
        out: String,
    },
    /// 图谱：分层作图，输出 SVG；节点太多时改列清单
    Draw {
        #[command(flatten)]
        files: Files,
        /// 输出文件；- 为标准输出
        #[arg(long, short, default_value = "-")]
        out: String,
        /// 标题
        #[arg(long)]
        title: Option<String>,
    },
    /// 项目组合：要素上限之内选哪些项目
    Portfolio {
        /// 项目表与限制表（CSV），或一个 JSON；- 为标准输入
        #[arg(required = true)]
        files: Vec<String>,
        /// 相对差距到此为止，如 0.01
        #[arg(long, default_value_t = 1e-6)]
        gap: f64,
        /// 最多解多少个松弛问题
        #[arg(long, default_value_t = 3000)]
        nodes: usize,
    },
    /// 试算：停产、新增、调整、推迟
    #[command(group(clap::ArgGroup::new("change").required(true).multiple(true).args(["stop", "add", "resize", "delay"])))]
    Whatif {
        #[command(flatten)]
        files: Files,
        /// 停产：企业[=月数|起月|起..止]
        #[arg(long, value_name = "PLANT[=N]")]
        stop: Vec<String>,
        /// 新增：表中企业[=产能]，或 名称:产品=产能单位
        #[arg(long, value_name = "PLANT[=N]")]
        add: Vec<String>,
        /// 调整产能：企业=产能|百分数|x倍数
        #[arg(long, value_name = "PLANT=N")]
        resize: Vec<String>,
        /// 推迟：企业=月数
        #[arg(long, value_name = "PLANT=N")]
        delay: Vec<String>,
        /// 起止月，如 2026-01..2026-12
        #[arg(long, value_name = "MONTHS")]
        months: Option<String>,
    },
}

/// Tables and what goes for all of them.
#[derive(Debug, clap::Args)]
struct Files {
    /// 表：工艺、企业、需求等，按表头识别；- 为标准输入
    #[arg(required_unless_present_any = ["with", "map"])]
    files: Vec<String>,
    /// 并用内置产业链的工艺：battery,nonferrous,silicon,chlor_alkali,titanium,peroxide … 或 all
    #[arg(long, value_name = "CHAINS", value_delimiter = ',')]
    with: Vec<String>,
    /// 按招商图谱计数与作图：图谱的键；其产业链自动并用
    #[arg(long, value_name = "MAP")]
    map: Option<String>,
    /// 产能所在月份，如 2026-06；不写则为最晚投产年的 12 月
    #[arg(long)]
    month: Option<String>,
    /// 指定工艺：产品=工艺
    #[arg(long, value_name = "PRODUCT=ROUTE")]
    route: Vec<String>,
    /// 按日产能折年的天数
    #[arg(long)]
    operating_days: Option<f64>,
}

/// Answer of `export`.
#[derive(Debug, Serialize)]
struct ExportAnswer {
    file: String,
    products: usize,
    recipes: usize,
    findings: Vec<Finding>,
}

/// Answer of `check`.
#[derive(Debug, Serialize)]
struct CheckAnswer {
    findings: Vec<Finding>,
    products: usize,
    recipes: usize,
}

/// Tables read, with all that was found.
struct Loaded {
    chain: Chain,
    graph: Graph,
    question: Question,
    notes: Notes,
}

/// Runs `suyuan chain …`.
///
/// # Errors
/// A file that cannot be opened; what stands in it wrongly is a finding.
pub fn run(args: &Args, global: &Global) -> Result<Outcome> {
    match &args.command {
        Command::Check(files) => {
            let mut loaded = load(files, global)?;
            chain::check::check(&loaded.chain, &loaded.graph, &mut loaded.notes);
            let findings = loaded.notes.list.0;
            let answer = CheckAnswer { products: loaded.chain.products.len(), recipes: loaded.chain.recipes.len(), findings };
            let outcome = show(&answer, &answer.findings, global, || format!("产品 {}，工艺 {}", answer.products, answer.recipes))?;
            let blemished = answer.findings.iter().any(|f| f.severity != Severity::Note);
            Ok(if blemished { Outcome::Findings } else { outcome })
        }
        Command::Supply(files) => {
            let loaded = load(files, global)?;
            let answer = loaded.answer(Part::Supply);
            show(&answer, &answer.findings, global, || supply_text(&answer))
        }
        Command::Gaps(files) => {
            let loaded = load(files, global)?;
            let answer = loaded.answer(Part::Gaps);
            show(&answer, &answer.findings, global, || gaps_text(&answer))
        }
        Command::Matches(files) => {
            let loaded = load(files, global)?;
            let answer = loaded.answer(Part::Matches);
            show(&answer, &answer.findings, global, || pairs_text(&answer))
        }
        Command::Export { files, out } => {
            let Loaded { chain, notes, .. } = load(files, global)?;
            std::fs::write(out, chain::workbook::write(&chain)?).with_context(|| format!("写不了文件“{out}”"))?;
            let answer =
                ExportAnswer { file: out.clone(), products: chain.products.len(), recipes: chain.recipes.len(), findings: notes.list.0 };
            show(&answer, &answer.findings, global, || format!("{out}：产品 {}，工艺 {}", answer.products, answer.recipes))
        }
        Command::Draw { files, out, title } => draw(files, out, title.as_deref(), global),
        Command::Portfolio { files, gap, nodes } => {
            let answer = portfolio(files, &Effort { gap: gap.max(0.0), nodes: *nodes }, global)?;
            let outcome = show(&answer, &answer.findings, global, || portfolio_text(&answer))?;
            Ok(if answer.feasible { outcome } else { Outcome::Findings })
        }
        Command::Whatif { files, stop, add, resize, delay, months } => {
            let changes = [(Action::Add, add), (Action::Resize, resize), (Action::Delay, delay), (Action::Stop, stop)];
            let changes: Vec<(Action, String)> = changes.iter().flat_map(|(a, list)| list.iter().map(|t| (*a, t.clone()))).collect();
            let answer = load(files, global)?.what_if(&changes, months.as_deref());
            show(&answer, &answer.findings, global, || what_if_text(&answer))
        }
    }
}

/// Prints an answer with its findings and says how it ended.
fn show(answer: &impl Serialize, findings: &[Finding], global: &Global, text: impl Fn() -> String) -> Result<Outcome> {
    if global.json {
        print(&serde_json::to_string(answer)?)?;
    } else {
        print(text().trim_end())?;
        for finding in findings {
            print(finding_text(finding).trim_end())?;
        }
    }
    let wrong = findings.iter().any(|f| f.severity == Severity::Error);
    Ok(if wrong { Outcome::Findings } else { Outcome::Done })
}

/// A file's own name: places are read by people.
fn short(name: &str) -> String {
    std::path::Path::new(name).file_name().map_or_else(|| name.to_owned(), |n| n.to_string_lossy().into_owned())
}

fn tables(names: &[String], notes: &mut Notes) -> Result<Vec<Table>> {
    let mut tables = Vec::new();
    for name in names {
        let bytes = read_input(name)?;
        if chain::workbook::is_workbook(&bytes) {
            tables.extend(chain::workbook::read(&short(name), &bytes, notes));
        } else {
            tables.push(read_text(&short(name), &bytes, notes));
        }
    }
    Ok(tables)
}

fn load(files: &Files, global: &Global) -> Result<Loaded> {
    let mut notes = Notes::new(global.lang.into());
    let mut read_in = tables(&files.files, &mut notes)?;
    let map = files.map.as_deref().and_then(|key| known_map(key, &mut notes));
    let mut with: Vec<&str> = files.with.iter().map(String::as_str).collect();
    with.extend(map.iter().flat_map(|m| m.chains.iter().map(String::as_str)));
    let (built_in, unknown) = chain::definitions::tables(&with);
    for key in unknown {
        let known: Vec<&str> = chain::definitions::chains().iter().map(|c| c.chain.key.as_str()).collect();
        notes.error("chain.unknown_chain", "--with", "chain", &key, &[("known", &known.join("、"))]);
    }
    read_in.extend(built_in);
    let settings = Settings { operating_days: files.operating_days.filter(|d| (0.0..=366.0).contains(d)) };
    let chain = read(&read_in, &settings, &mut notes);
    let asked = chain::routes::asked(&chain, &files.route, &mut notes);
    let graph = Graph::new(&chain, &asked);
    let month = files.month.as_deref().and_then(|text| {
        let month = Month::parse(text, true);
        if month.is_none() {
            notes.error("chain.bad_month", "--month", "month", text, &[]);
        }
        month
    });
    let view = map.map(|m| m.layers.iter().flat_map(|l| &l.nodes).flat_map(|n| chain.find(n).iter().copied()).collect());
    Ok(Loaded { chain, graph, question: Question { month, view }, notes })
}

fn known_map(key: &str, notes: &mut Notes) -> Option<&'static chain::definitions::Map> {
    let found = chain::definitions::maps().iter().find(|m| m.key == key || m.label.zh == key);
    if found.is_none() {
        let known: Vec<&str> = chain::definitions::maps().iter().map(|m| m.key.as_str()).collect();
        notes.error("chain.unknown_map", "--map", "map", key, &[("known", &known.join("、"))]);
    }
    found
}

/// Answer of `draw`.
#[derive(Debug, Serialize)]
struct DrawAnswer {
    file: String,
    drawn: bool,
    nodes: usize,
    edges: usize,
    findings: Vec<Finding>,
}

fn draw(files: &Files, out: &str, title: Option<&str>, global: &Global) -> Result<Outcome> {
    use chain::draw::{MOST_NODES, layout, picture, svg};
    let Loaded { chain, graph, question, mut notes } = load(files, global)?;
    graph.note_unproductive(&chain, &mut notes);
    let map = files.map.as_deref().and_then(|key| chain::definitions::maps().iter().find(|m| m.key == key || m.label.zh == key));
    let supply = supply(&chain, &graph, &question);
    let picture = picture(&chain, &graph, &supply, map);
    let drawn = picture.nodes.len() <= MOST_NODES;
    let teller = Teller { chain: &chain, graph: &graph, lang: notes.lang };
    let text = if drawn {
        let title =
            title.map_or_else(|| map.map_or_else(|| "产业链图谱".to_owned(), |m| m.label.get(notes.lang).to_owned()), str::to_owned);
        let caption = teller.caption(&supply, title);
        svg::paint(&chain, &supply, &picture, &layout::place(&picture), &caption, notes.lang)
    } else {
        let (most, nodes) = (MOST_NODES.to_string(), picture.nodes.len().to_string());
        notes.warn("chain.too_large_to_draw", out, "nodes", &nodes, &[("most", &most), ("nodes", &nodes)]);
        teller.list(&supply)
    };
    if out == "-" {
        print(text.trim_end())?;
    } else {
        std::fs::write(out, text).with_context(|| format!("写不了文件“{out}”"))?;
    }
    let answer = DrawAnswer { file: out.to_owned(), drawn, nodes: picture.nodes.len(), edges: picture.edges.len(), findings: notes.list.0 };
    if out != "-" {
        show(&answer, &answer.findings, global, || format!("{}：节点 {}，连线 {}", answer.file, answer.nodes, answer.edges))?;
    } else {
        answer.findings.iter().for_each(|f| eprintln!("{}", finding_text(f)));
    }
    let blemished = answer.findings.iter().any(|f| f.severity == Severity::Error) || !drawn;
    Ok(if blemished { Outcome::Findings } else { Outcome::Done })
}

fn portfolio(files: &[String], effort: &Effort, global: &Global) -> Result<PortfolioAnswer> {
    let mut notes = Notes::new(global.lang.into());
    let mut problem = None;
    if let [file] = files {
        let bytes = read_input(file)?;
        if chain::workbook::is_workbook(&bytes) {
            let tables = chain::workbook::read(&short(file), &bytes, &mut notes);
            problem = Some(chain::portfolio::read::read_tables(&tables, &mut notes));
        } else if bytes.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{') {
            problem = Some(chain::portfolio::read::read_json(&short(file), &bytes, &mut notes));
        } else {
            let table = read_text(&short(file), &bytes, &mut notes);
            problem = Some(chain::portfolio::read::read_tables(&[table], &mut notes));
        }
    }
    let problem = match problem {
        Some(problem) => problem,
        None => chain::portfolio::read::read_tables(&tables(files, &mut notes)?, &mut notes),
    };
    let found = chain::portfolio::search::solve(&problem, effort);
    Ok(chain::portfolio::answer::tell(&problem, &found, notes.list.0, global.lang.into()))
}

/// Which parts of the answer a command fills.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Supply,
    Gaps,
    Matches,
}

impl Loaded {
    fn answer(self, part: Part) -> SupplyAnswer {
        let Self { chain, graph, question, mut notes } = self;
        graph.note_unproductive(&chain, &mut notes);
        let supply = supply(&chain, &graph, &question);
        let teller = Teller { chain: &chain, graph: &graph, lang: notes.lang };
        let mut products = teller.products(&supply);
        let pairs = if part == Part::Matches { chain::matches::matches(&chain, &graph, &supply) } else { Vec::new() };
        if part == Part::Gaps {
            products.retain(|p| p.gap != "0" && p.kind == "material" || p.kind == "activity");
        }
        let gaps = part == Part::Gaps;
        SupplyAnswer {
            products,
            rate: teller.rate(&supply.rates),
            pairs: teller.pairs(&pairs),
            actual: supply.actual.as_ref().map(|r| teller.rate(r)),
            weak: if gaps { teller.weak(&chain::gaps::weak_links(&chain, &graph, &supply)) } else { Vec::new() },
            unlocks: if gaps { teller.unlocks(&chain::gaps::unlocks(&chain, &graph, &supply)) } else { Vec::new() },
            dependence: if gaps { teller.dependence(&chain::gaps::dependence(&chain, &graph, &supply)) } else { Vec::new() },
            sensitivity: if part == Part::Supply {
                teller.effects(&chain::sensitivity::effects(&chain, &graph, &supply), 20)
            } else {
                Vec::new()
            },
            assumptions: teller.assumptions(&supply),
            month: supply.month.map(|m| m.to_string()),
            findings: notes.list.0,
        }
    }

    fn what_if(self, changes: &[(Action, String)], months: Option<&str>) -> WhatIfAnswer {
        let Self { chain, graph, question, mut notes } = self;
        graph.note_unproductive(&chain, &mut notes);
        let horizon = months.and_then(|text| {
            let (a, b) = text.split_once("..").unwrap_or((text, text));
            let span = Month::parse(a, false).zip(Month::parse(b, true)).filter(|(a, b)| a <= b && b.0 - a.0 < 1200);
            if span.is_none() {
                notes.error("chain.bad_month", "--months", "months", text, &[]);
            }
            span
        });
        let scenario = scenario(&chain, changes, horizon, &mut notes);
        let outcome = scenario.run(&graph, &question);
        let teller = Teller { chain: &scenario.chain, graph: &graph, lang: notes.lang };
        teller.what_if(&outcome, notes.list.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::LangArg;

    const HAND: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../engines/chain/tests/data/hand/");

    fn hand(more: &[&str]) -> Loaded {
        let files = ["recipes.csv", "plants.csv", "demands.csv"].iter().map(|f| format!("{HAND}{f}"));
        let files = Files {
            files: files.chain(more.iter().map(|m| (*m).to_owned())).collect(),
            month: None,
            with: Vec::new(),
            map: None,
            route: Vec::new(),
            operating_days: None,
        };
        let global = Global { data: String::new(), zone: None, json: true, lang: LangArg::Zh, as_user: None };
        load(&files, &global).unwrap()
    }

    #[test]
    fn shape_of_supply() {
        let mut answer = hand(&[]).answer(Part::Supply);
        answer.products.truncate(2);
        answer.sensitivity.truncate(1);
        insta::assert_snapshot!(serde_json::to_string_pretty(&answer).unwrap());
    }

    #[test]
    fn shape_of_gaps_and_matches() {
        let mut answer = hand(&[]).answer(Part::Gaps);
        answer.products.clear();
        answer.weak.truncate(2);
        answer.unlocks.truncate(1);
        answer.dependence.truncate(2);
        answer.pairs = hand(&[]).answer(Part::Matches).pairs;
        answer.pairs.truncate(2);
        insta::assert_snapshot!(serde_json::to_string_pretty(&answer).unwrap());
    }

    #[test]
    fn shape_of_what_if() {
        let answer = hand(&[]).what_if(&[(Action::Stop, "丙=1".into())], None);
        insta::assert_snapshot!(serde_json::to_string_pretty(&answer).unwrap());
    }

    #[test]
    fn a_wrong_change_is_a_finding() {
        let answer = hand(&[]).what_if(&[(Action::Stop, "丙丁".into()), (Action::Resize, "丙=多".into())], None);
        let rules: Vec<&str> = answer.findings.iter().map(|f| f.rule.as_str()).collect();
        assert_eq!(rules, ["chain.unknown_plant", "chain.bad_change"]);
        assert!(answer.changes.is_empty());
    }

    #[test]
    fn shape_of_portfolio() {
        let text = "project,value,land,water\ncap,,10,8\nA,9,6,2\nB,7,5,5\nC,5,4,5\nD,3,20,1\n";
        let mut notes = Notes::default();
        let problem = chain::portfolio::read::read_tables(&[read_text("f.csv", text.as_bytes(), &mut notes)], &mut notes);
        let found = chain::portfolio::search::solve(&problem, &Effort::default());
        let answer = chain::portfolio::answer::tell(&problem, &found, notes.list.0, values::Lang::Zh);
        assert_eq!(answer.chosen, ["A", "C"]);
        insta::assert_snapshot!(serde_json::to_string_pretty(&answer).unwrap());
    }
}
