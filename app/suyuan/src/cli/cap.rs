//! `suyuan cap check|write`: alerts of the Common Alerting Protocol 1.2.

use crate::cli::{Global, Outcome, print, read_input};
use anyhow::Result;
use cap::chain::{State, states};
use hazard::geo::coordinates::{LonLat, System, convert};
use serde_json::{Value, json};
use values::{Findings, Lang, Severity};

/// `suyuan cap …`
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// 核对预警消息（CAP 1.2）：结构、规则、更新与取消
    Check {
        /// XML 文件；- 为标准输入
        file: String,
    },
    /// 由草稿写出预警消息（CAP 1.2）
    Write {
        /// JSON 草稿；- 为标准输入
        file: String,
    },
}

/// Runs `suyuan cap …`.
///
/// # Errors
/// A file that cannot be read.
pub fn run(args: &Args, global: &Global) -> Result<Outcome> {
    let lang = Lang::from(global.lang);
    match &args.command {
        Command::Check { file } => {
            let (answer, findings) = check(file, &read_input(file)?, lang);
            if global.json {
                print(&serde_json::to_string(&answer)?)?;
            } else {
                for alert in answer["alerts"].as_array().into_iter().flatten() {
                    let word = |k: &str| alert[k].as_str().unwrap_or_default().to_owned();
                    print(&format!("{} {} {} {} {}", word("identifier"), word("sent"), word("msgType"), word("status"), word("state")))?;
                }
                tell(&findings)?;
            }
            Ok(outcome(&findings))
        }
        Command::Write { file } => {
            let made = cap::compose::compose(file, &read_input(file)?, &now(), &to_wgs84, lang);
            if global.json {
                let (xml, identifier) = ((!made.xml.is_empty()).then_some(&made.xml), &made.alert.identifier);
                print(&serde_json::to_string(&json!({"identifier": identifier, "xml": xml, "findings": made.findings}))?)?;
            } else if made.xml.is_empty() {
                tell(&made.findings)?;
            } else {
                // The document alone on standard output, so that it can be sent on.
                print(made.xml.trim_end())?;
                for f in made.findings.iter() {
                    eprintln!("{}", sentence(f));
                }
            }
            Ok(outcome(&made.findings))
        }
    }
}

fn sentence(f: &values::Finding) -> String {
    format!("{} {} {}：{}；{}", f.place, f.rule, f.field, f.expected, f.remedy)
}

fn tell(findings: &Findings) -> Result<()> {
    findings.iter().try_for_each(|f| print(&sentence(f)))
}

fn outcome(findings: &Findings) -> Outcome {
    if findings.iter().any(|f| f.severity != Severity::Note) { Outcome::Findings } else { Outcome::Done }
}

fn check(file: &str, bytes: &[u8], lang: Lang) -> (Value, Findings) {
    let document = cap::read::read(file, bytes, lang);
    let mut findings = document.findings.clone();
    let (states, chained) = states(file, &document.alerts, lang);
    // A single message says nothing about what it refers to.
    if document.alerts.len() > 1 {
        findings.0.extend(chained.0);
    }
    let valid = !document.alerts.is_empty() && !findings.has_error();
    let alerts: Vec<Value> = document
        .alerts
        .iter()
        .zip(states)
        .map(|(a, s)| {
            let state = match s {
                State::InForce => "in_force",
                State::Replaced => "replaced",
                State::Cancelled => "cancelled",
                State::Message => "message",
            };
            json!({"identifier": a.identifier, "sender": a.sender, "sent": a.sent, "status": a.status, "msgType": a.msg_type, "state": state})
        })
        .collect();
    (json!({"valid": valid, "schema_valid": document.keeps_schema, "alerts": alerts, "findings": findings}), findings)
}

/// WGS-84 of longitude and latitude in a named system; the converter that the engine is handed.
fn to_wgs84(system: &str, lon: f64, lat: f64) -> Option<(f64, f64)> {
    let there = convert(LonLat { lon, lat }, System::parse(system)?, System::Wgs84);
    Some((there.lon, there.lat))
}

/// Beijing time now, as CAP writes it.
#[allow(clippy::disallowed_methods, reason = "the shell tells the engine the time")]
fn now() -> String {
    let beijing = jiff::tz::offset(8).to_datetime(jiff::Timestamp::now());
    format!("{}+08:00", beijing.strftime("%Y-%m-%dT%H:%M:%S"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAFT: &str = r#"{"sender": "yj@park.cn", "sent": "2026-01-20T09:00:00+08:00", "status": "Test", "colour": "红",
        "info": {"category": "Safety", "event": "氯气泄漏", "urgency": "Immediate", "certainty": "Observed",
        "area": {"areaDesc": "东区", "coordinates": "GCJ-02", "geometry": {"type": "Polygon", "coordinates": [[[118.1, 32.2], [118.12, 32.2], [118.12, 32.21], [118.1, 32.2]]]}}}}"#;

    #[test]
    fn cap_shapes() {
        let made = cap::compose::compose("D", DRAFT.as_bytes(), "", &to_wgs84, Lang::Zh);
        insta::assert_snapshot!("cap_write", made.xml);
        let bad = made.xml.replace("Immediate", "Soon").replace("+08:00", "Z");
        let (answer, _) = check("F", bad.as_bytes(), Lang::Zh);
        insta::assert_snapshot!("cap_check", serde_json::to_string_pretty(&answer).unwrap());
    }

    #[test]
    fn cap_time_is_valid() {
        assert!(cap::time::is_valid(&now()), "{}", now());
    }
}
