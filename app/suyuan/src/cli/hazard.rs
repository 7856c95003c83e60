//! `suyuan hazard …`: major hazards 重大危险源 graded; releases, dispersion, fire and blast.
//!
//! Shapes: `docs/cli.md`. What computes is the engine `hazard`; here files
//! are read and answers printed.

use crate::cli::{Global, Outcome, print, read_input};
use anyhow::{Context, Result};
use hazard::answer::{Answer, text};
use hazard::grade;
use hazard::located::Located;
use hazard::words;
use serde_json::{Value, json};
use values::{Confidence, Findings, Lang, Severity};

/// `suyuan hazard …`
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// 重大危险源辨识与分级（GB 18218-2018）
    Grade {
        /// JSON 文件；- 为标准输入
        file: String,
    },
    /// 泄漏源项：孔口、闪蒸、液池、储罐、泄压
    Release(Question),
    /// 大气扩散：烟羽、烟团、风向变化、毒性界限
    Disperse(Question),
    /// 火灾爆炸：TNT 当量、超压、火球、池火
    Fire(Question),
}

/// A question `{kind, inputs}`; the kind decides, whichever of the three words is used.
#[derive(Debug, clap::Args)]
struct Question {
    /// JSON 文件 {kind, inputs}；- 为标准输入
    file: String,
    /// 另存为图（SVG）
    #[arg(long, value_name = "OUT")]
    svg: Option<String>,
}

/// Runs `suyuan hazard …`.
///
/// # Errors
/// A file that cannot be read; what stands in it wrongly is a finding.
pub fn run(args: &Args, global: &Global) -> Result<Outcome> {
    let lang = Lang::from(global.lang);
    match &args.command {
        Command::Grade { file } => {
            let (answer, findings) = grade_answer(file, &read_input(file)?, lang);
            show(&answer, &findings, global, || grade_text(&answer, lang))
        }
        Command::Release(q) | Command::Disperse(q) | Command::Fire(q) => {
            let answer = model_answer(&q.file, &read_input(&q.file)?, lang);
            if let Some(path) = q.svg.as_ref().filter(|_| !answer.findings.has_error()) {
                std::fs::write(path, hazard::svg::draw(&answer, lang)).with_context(|| format!("写不了“{path}”"))?;
            }
            show(&answer.to_json(), &answer.findings, global, || model_text(&answer, lang))
        }
    }
}

/// Prints the answer, or the findings where there is none, and says how it ended.
fn show(answer: &Value, findings: &Findings, global: &Global, text: impl Fn() -> String) -> Result<Outcome> {
    if global.json {
        print(&serde_json::to_string(answer)?)?;
    } else {
        if !findings.has_error() {
            print(text().trim_end())?;
        }
        for finding in findings.iter() {
            print(&format!("{} {}：{}；{}", finding.place, finding.rule, finding.expected, finding.remedy))?;
        }
    }
    let blemished = findings.iter().any(|f| f.severity != Severity::Note);
    Ok(if blemished { Outcome::Findings } else { Outcome::Done })
}

/// Answer of `hazard grade`; with an error among the findings it holds them alone.
fn grade_answer(file: &str, bytes: &[u8], lang: Lang) -> (Value, Findings) {
    let doc = match open(file, bytes, lang) {
        Ok(doc) => doc,
        Err(findings) => {
            return (
                json!({"S": null, "R": null, "alpha": null, "grade": null, "major": null, "parts": [], "findings": &findings}),
                findings,
            );
        }
    };
    let (unit, mut findings) = grade::request::read(file, &doc, lang);
    if findings.has_error() {
        let none = json!({"S": null, "R": null, "alpha": null, "grade": null, "major": null, "parts": [], "findings": &findings});
        return (none, findings);
    }
    let mut got = grade::grade(&unit, lang);
    findings.0.append(&mut got.findings.0);
    got.findings = findings.clone();
    (grade::json::answer(&got, lang), findings)
}

/// Reads the JSON text; a finding with its line if it is none.
fn open(file: &str, bytes: &[u8], lang: Lang) -> Result<Located, Findings> {
    Located::parse(bytes).map_err(|e| {
        let finding = words::finding(lang, Severity::Error, "hazard.not_json", &[("why", &e.message)]);
        Findings(vec![finding.at(format!("{file}:{}", e.line))])
    })
}

/// Answer of `hazard release|disperse|fire`.
fn model_answer(file: &str, bytes: &[u8], lang: Lang) -> Answer {
    match open(file, bytes, lang) {
        Ok(doc) => hazard::run::answer(file, &doc, lang),
        Err(findings) => Answer { findings, ..Answer::default() },
    }
}

fn model_text(answer: &Answer, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let mut out = String::new();
    if let Some(value) = answer.value {
        out += &format!("{} {} = {} {}\n", words::quantity(lang, &answer.quantity), answer.quantity, text(value), answer.unit);
    }
    for named in answer.values.iter().filter(|v| v.key != answer.quantity) {
        out += &format!("  {} {} = {} {}\n", words::quantity(lang, &named.key), named.key, text(named.value), named.unit);
    }
    for d in &answer.distances {
        let reach = d.distance.map_or("—".to_owned(), |m| format!("{m:.0} m"));
        out += &format!("{}  {} {}  {reach}  {}\n", d.mark, text(d.level), d.unit, d.note);
    }
    let (model, limits, confidence) = if zh { ("模型", "限度", "可信度") } else { ("model", "limits", "confidence") };
    out += &format!("{model}: {}\n{limits}: {}\n", answer.model.join("; "), answer.limits.join("; "));
    let mark = if answer.confidence == Confidence::C { if zh { "（待核实）" } else { " (to be confirmed)" } } else { "" };
    out + &format!("{confidence}: {}{mark}\n", answer.confidence.key())
}

fn grade_text(answer: &Value, lang: Lang) -> String {
    let word = |v: &Value| v.as_str().unwrap_or("—").to_owned();
    let zh = lang == Lang::Zh;
    let mut out = String::new();
    for p in answer["parts"].as_array().into_iter().flatten() {
        out += &format!(
            "{}  q = {} t  Q = {} t  q/Q = {}  β = {}  {}\n",
            word(&p["name"]),
            word(&p["q"]),
            word(&p["Q"]),
            word(&p["ratio"]),
            word(&p["beta"]),
            word(&p["clause"])
        );
    }
    out += &format!("S = Σ q/Q = {}\n", word(&answer["S"]));
    let verdict = match (answer["major"].as_bool(), zh) {
        (Some(true), true) => "构成重大危险源",
        (Some(true), false) => "a major hazard",
        (_, true) => "不构成重大危险源",
        (_, false) => "no major hazard",
    };
    out += &format!("{verdict}  R = α Σ β q/Q = {}  α = {}  {}\n", word(&answer["R"]), word(&answer["alpha"]), word(&answer["grade"]));
    if let Some(lower) = answer["lower"].as_object() {
        let to = lower["to"].as_str().unwrap_or(if zh { "非重大危险源" } else { "no major hazard" });
        out += &format!("{} {to}: {} < {}\n", if zh { "降为" } else { "down to" }, word(&lower["measure"]), word(&lower["below"]));
        for each in lower["each_alone"].as_array().into_iter().flatten().filter(|e| e["q_below"].is_string()) {
            out += &format!("  {} q < {} t\n", word(&each["name"]), word(&each["q_below"]));
        }
        if let Some(n) = lower["residents_500m_below"].as_u64() {
            out += &format!("  {} < {n}\n", if zh { "500 m 内常住人口" } else { "residents within 500 m" });
        }
    }
    let mark = if answer["provisional"] == json!(true) { if zh { "（待核实）" } else { " (to be confirmed)" } } else { "" };
    out += &format!("{}  {} {}{mark}\n", word(&answer["standard"]), if zh { "可信度" } else { "confidence" }, word(&answer["confidence"]));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pretty(text: &str) -> String {
        serde_json::to_string_pretty(&grade_answer("F", text.as_bytes(), Lang::Zh).0).unwrap()
    }

    #[test]
    fn shapes_of_grade() {
        insta::assert_snapshot!(
            "grade",
            pretty(r#"{"substances":[{"name":"氟化氢","q_t":20},{"name":"硝酸","q_t":60,"Q_t":100,"beta":1}],"residents_500m":29}"#)
        );
        insta::assert_snapshot!("grade_findings", pretty("{\"substances\":[\n{\"name\":\"不知名\",\"q\":20}],\n\"residents_500m\":-1}"));
        insta::assert_snapshot!("grade_not_json", pretty("{\"substances\":[\n"));
        let (answer, _) = grade_answer("F", r#"{"substances":[{"name":"氯","q_t":50}],"residents_500m":100}"#.as_bytes(), Lang::Zh);
        insta::assert_snapshot!("grade_text", grade_text(&answer, Lang::Zh));
    }

    /// Lists of coordinates, points and rows keep their first entry, for a diff that people can read.
    fn shorten(value: &mut Value) {
        match value {
            Value::Object(map) => {
                for (key, inner) in map {
                    if let Some(list) =
                        inner.as_array_mut().filter(|_| ["coordinates", "points", "rows", "features"].contains(&key.as_str()))
                    {
                        list.truncate(1);
                    }
                    shorten(inner);
                }
            }
            Value::Array(list) => {
                list.truncate(6);
                if list.first().is_some_and(Value::is_array) {
                    list.truncate(1);
                }
                list.iter_mut().for_each(shorten);
            }
            _ => {}
        }
    }

    #[test]
    fn shapes_of_models() {
        let shape = |question: &str| {
            let mut answer = model_answer("F", question.as_bytes(), Lang::Zh).to_json();
            shorten(&mut answer);
            serde_json::to_string_pretty(&answer).unwrap()
        };
        let hole = r#"{"kind": "liquid hole", "inputs": {"Cd": 0.63, "d_m": 0.01, "rho": 490, "P": 120935.0368, "Pa": 101325, "h": 0}}"#;
        insta::assert_snapshot!("release", shape(hole));
        let plume =
            r#"{"kind": "plume", "inputs": {"Q_kg_s": 1, "u": 1.5, "x": 1000, "y": 50, "z": 0, "H": 0, "cls": "F", "terrain": "rural"}}"#;
        insta::assert_snapshot!("disperse", shape(plume));
        let tnt = r#"{"kind": "TNT", "inputs": {"m_kg": 1000, "eta": 0.04, "Hc_kJ_kg": 46000, "r_m": 100, "lon": 118.1, "lat": 32.2}}"#;
        insta::assert_snapshot!("fire", shape(tnt));
        let calm = "{\"kind\": \"plume\",\n \"inputs\": {\"Q\": \"3\",\n \"u\": 0.2, \"x\": 100, \"cls\": \"D\"}}";
        insta::assert_snapshot!("model_findings", shape(calm));
        let chlorine = r#"{"kind": "plume", "inputs": {"Q_kg_s": 1, "u": 2, "cls": "D", "substance": "氯"}}"#;
        insta::assert_snapshot!("disperse_text", model_text(&model_answer("F", chlorine.as_bytes(), Lang::Zh), Lang::Zh));
    }
}
