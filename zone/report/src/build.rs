//! Builds a report: document, Word file, frozen figures, manifest.

use crate::names::ReportNames;
use gongwen::docx::Manifest;
use gongwen::layout::Layout;
use gongwen::{Context, Document, FrozenReport, LeftOut, Template};
use hub::View;
use sha2::{Digest, Sha256};
use values::{Finding, Findings, Period};

/// The annual report's template, embedded.
pub const ANNUAL: &str = include_str!("../../../definitions/reports/annual.gw");

/// A built report.
#[derive(Debug, Clone)]
pub struct Built {
    /// Its id: the same data, template and period give the same id.
    pub id: String,
    /// The document tree.
    pub document: Document,
    /// The Word file.
    pub docx: Vec<u8>,
    /// What was printed, to verify it later.
    pub frozen: FrozenReport,
    /// What was left out for want of data.
    pub left_out: Vec<LeftOut>,
    /// How many figures it holds.
    pub figures: usize,
}

/// The annual report on a subject: `zone`, or `peer:…` in zone `public`.
///
/// # Errors
/// All that is wrong with the template, each with its line; then nothing is built.
pub fn annual(view: &dyn View, subject: &str, year: i32) -> Result<Built, Findings> {
    let bad_year = || Findings(vec![Finding::error("report.year").found(year.to_string()).expected("1900–2199")]);
    let period = Period::year(year).ok_or_else(bad_year)?;
    // A year that has not ended has no annual report; what stands in it would be read as final.
    if year >= i32::from(view.today().year()) {
        let expected = format!("{} 年及以前", view.today().year() - 1);
        return Err(Findings(vec![
            Finding::error("report.year_not_ended").found(format!("{year} 年还没有结束")).expected(expected).remedy("请选已结束的年度"),
        ]));
    }
    from_template(view, subject, period, ANNUAL, "annual.gw")
}

/// A report from any template.
///
/// # Errors
/// As [`annual`].
pub fn from_template(view: &dyn View, subject: &str, period: Period, source: &str, file: &str) -> Result<Built, Findings> {
    let template = Template::parse(source, file)?;
    let names = ReportNames::new(view, subject);
    let mut context = Context::new(period);
    context.date = Some(view.today());
    context.imprint = imprint(view);
    let filled = template.fill(&names, &context)?;
    let document = filled.document;
    let frozen = FrozenReport::of(&document);
    let id = id(view, subject, period, template.sha256());
    let manifest = Manifest {
        report: id.clone(),
        zone: view.zone().key.clone(),
        subject: subject.to_owned(),
        template: file.to_owned(),
        template_sha256: template.sha256().to_owned(),
        period: period.to_string(),
        seq: view.seq(),
        anchor: view.anchor().to_owned(),
        resolved_sha256: hex(&Sha256::digest(frozen.to_json().as_bytes())),
        figures: Vec::new(),
    }
    .with_figures(&document);
    let docx = gongwen::docx::write(&document, Some(&manifest), &Layout::standard())
        .map_err(|e| Findings(vec![Finding::error("report.not_written").found(e.to_string())]))?;
    let mut left_out: Vec<LeftOut> = Vec::new();
    for one in filled.left_out {
        // The same figure asked for twice, in text and table, is left out once.
        if !left_out.iter().any(|l| (&l.label, &l.period, l.reason) == (&one.label, &one.period, one.reason)) {
            left_out.push(one);
        }
    }
    Ok(Built { id, figures: frozen.figures.len(), document, docx, frozen, left_out })
}

/// Small lines at the end: where the figures stand and how to prove it.
fn imprint(view: &dyn View) -> Vec<String> {
    let anchor: String = view.anchor().chars().take(16).collect();
    let mut lines = vec![format!("审计锚 {anchor} · 提交号 {} · 数据截至 {}", view.seq(), view.today())];
    if view.zone().synthetic {
        lines.push("示例数据：本文件由示例园区生成，企业和数字均为虚构。".into());
    }
    lines
}

/// Twelve hexadecimal digits over what decides the report's content.
fn id(view: &dyn View, subject: &str, period: Period, template: &str) -> String {
    let text = format!("{}|{subject}|{period}|{template}|{}|{}", view.zone().key, view.seq(), view.anchor());
    hex(&Sha256::digest(text.as_bytes())).chars().take(12).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
