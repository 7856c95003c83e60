//! `suyuan hazard grade`: major hazards 重大危险源 graded.
//!
//! Shapes: `docs/cli.md`. What computes is the engine `hazard`; here files
//! are read and answers printed.

use crate::cli::{Global, Outcome, print, read_input};
use anyhow::Result;
use hazard::grade;
use hazard::located::Located;
use serde_json::{Value, json};
use values::{Findings, Lang, Severity};

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
        let finding = hazard::words::finding(lang, Severity::Error, "hazard.not_json", &[("why", &e.message)]);
        Findings(vec![finding.at(format!("{file}:{}", e.line))])
    })
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
}
