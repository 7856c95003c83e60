//! Reports: build and download, read on the page, verify and refresh a file that came back.

use crate::cx::{Cx, PageResult};
use crate::fault::Stop;
use crate::imports::download;
use axum::extract::{Multipart, Query};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use gongwen::FrozenReport;
use gongwen::read::ReadDocument;
use gongwen::verify::{State, Verification, Verified};
use hub::{View, ViewError};
use page::{
    Action, Block, Cell, Check, CheckState, Checks, Column, Columns, DocRun, Document, Empty, Field, FieldKind, Form, Light, Line, Link,
    Note, Page, Panel, Part, Row, Seg, Split, Table, Tone, Voice,
};
use serde::Deserialize;
use store::published::Published;
use values::Period;

/// Address of the report page.
#[derive(Debug, Deserialize, Clone)]
pub struct About {
    #[serde(default)]
    year: String,
    #[serde(default)]
    subject: String,
}

impl About {
    fn subject(&self) -> String {
        if self.subject.is_empty() { "zone".into() } else { self.subject.clone() }
    }
}

/// `GET /reports`: the annual report as a page, with what was left out, and the reports published.
pub async fn page(cx: Cx, Query(about): Query<About>) -> PageResult {
    let zone = cx.view().await?.zone().key.clone();
    let published = cx.app.core.store.published_all(&zone, 20).await?;
    cx.page(move |view| report_page(view, &about, &published)).await
}

fn report_page(view: &dyn View, about: &About, published: &[Published]) -> Result<Page, ViewError> {
    if view.visitor().role == hub::Role::Enterprise {
        return Err(ViewError::Forbidden);
    }
    let latest = view.latest().map(Period::first_year);
    let year = about.year.parse().ok().or(latest).unwrap_or_else(|| i32::from(view.today().year()) - 1);
    let subject = about.subject();
    let mut page = Page::new(format!("{year}年度报告"), "leader").item("reports").wide();
    page.height = page::Height::Flow;
    let built = match report::annual(view, &subject, year) {
        Ok(built) => built,
        Err(findings) => {
            let lines: Vec<String> = findings.iter().map(|f| format!("{} {} {}", f.place, f.found, f.remedy)).collect();
            let empty = Empty { title: "没有生成报告".into(), line: lines.join("；").into(), actions: Vec::new(), small: false };
            return Ok(page.part(empty));
        }
    };
    let years = [year - 1, year + 1]
        .map(|y| Link::new(format!("{y}年"), format!("/reports?year={y}&subject={}", page::number::escape_path(&subject))));
    page.tools = vec![
        page::Tool::Seg(Seg::new("年度", years.to_vec())),
        page::Tool::Action(
            Action::post("下载 Word（定稿留底）", "/reports").with("year", year.to_string()).with("subject", subject.clone()).primary(),
        ),
        page::Tool::Action(Action::link("核验报告", "/verify")),
    ];
    page.parts.push(Columns::new(Split::Document).part(Part::Document(document(&built.document))).stack(beside(&built, published)).into());
    Ok(page)
}

fn beside(built: &report::Built, published: &[Published]) -> Vec<Part> {
    let columns = vec![Column::words("略去的内容").names_row(), Column::words("为什么")];
    let mut table = Table::new("略去的内容", columns);
    for l in &built.left_out {
        let why = l.reason.map_or("整节没有数据", values::Reason::word);
        table = table.row(Row::new(vec![Cell::text(format!("{} {}", l.label, l.period)), Cell::text(why)]));
    }
    let note = format!("{} 个数，每个都可点开看来源；{} 处因没有数据略去", built.figures, built.left_out.len());
    let mut list = Table::new(
        "已定稿的报告",
        vec![Column::words("报告号").names_row(), Column::words("时间"), Column::words("主体"), Column::words("锚值")],
    );
    for p in published {
        let anchor: String = p.anchor.chars().take(16).collect();
        list = list.row(Row::new(vec![
            Cell::text(p.report.clone()),
            Cell::text(view::core::beijing_text(&p.at)),
            Cell::text(p.subject.clone()),
            Cell::text(anchor),
        ]));
    }
    let mut parts = vec![Part::Note(Note::origin(note)), Panel::new("没有写进去的").part(table).into()];
    if !published.is_empty() {
        parts.push(Panel::new("已定稿的报告").part(list).into());
    }
    parts
}

/// The document tree as a page's document, its figures clickable.
fn document(tree: &gongwen::Document) -> Document {
    let runs = |text: &gongwen::tree::Text| -> Vec<DocRun> {
        text.iter()
            .map(|inline| match inline {
                gongwen::tree::Inline::Mark(mark) => {
                    DocRun::Figure { text: mark.printed.clone(), href: page::number::figure_href(&mark.figure).unwrap_or_default() }
                }
                other => DocRun::Text(other.printed().to_owned()),
            })
            .collect()
    };
    let mut blocks = Vec::new();
    for block in &tree.blocks {
        match block {
            gongwen::tree::Block::Heading(h) => blocks.push(heading(h)),
            gongwen::tree::Block::Paragraph(p) => {
                blocks.extend(p.lead.as_ref().map(heading));
                blocks.push(Block::Paragraph(runs(&p.text)));
            }
            gongwen::tree::Block::Table(t) => blocks.push(Block::Table(table(t))),
        }
    }
    let title: Vec<String> = tree.title.iter().map(|line| gongwen::tree::printed(line)).collect();
    Document { title: title.join(" "), blocks, ..Document::default() }
}

fn heading(heading: &gongwen::tree::Heading) -> Block {
    Block::Heading(heading.level, format!("{}{}", heading.number, gongwen::tree::printed(&heading.text)))
}

fn table(tree: &gongwen::tree::Table) -> Table {
    let plain = |cell: &gongwen::tree::Cell| gongwen::tree::printed(&cell.text);
    let columns = tree.head.iter().map(|c| Column::words(gongwen::tree::printed(c))).collect();
    let mut table = Table::new(gongwen::tree::printed(&tree.caption), columns);
    for row in &tree.rows {
        let cells = row
            .iter()
            .map(|cell| match cell.text.as_slice() {
                [gongwen::tree::Inline::Mark(mark)] => {
                    Cell::link(mark.printed.clone(), page::number::figure_href(&mark.figure).unwrap_or_default())
                }
                _ => Cell::text(plain(cell)),
            })
            .collect();
        table = table.row(Row::new(cells));
    }
    table
}

/// What the build button sends.
#[derive(Debug, Deserialize)]
pub struct Build {
    #[serde(default)]
    csrf: String,
    year: i32,
    subject: String,
}

/// `POST /reports`: builds, freezes, downloads.
pub async fn build(cx: Cx, axum::Form(form): axum::Form<Build>) -> PageResult {
    cx.check_token(&form.csrf)?;
    let (year, subject) = (form.year, form.subject.clone());
    let (zone, seq, anchor, name, built) = cx
        .run(move |view| {
            if view.visitor().role == hub::Role::Enterprise {
                return Err(Stop::forbidden());
            }
            let built = report::annual(view, &subject, year).map_err(|f| {
                let lines: Vec<String> = f.iter().map(|f| format!("{} {} {}", f.place, f.found, f.remedy)).collect();
                Stop::bad(lines.join("；"), "请改正模板后再生成。")
            })?;
            let name = report::ReportNames::new(view, &subject).subject_name();
            Ok((view.zone().key.clone(), view.seq(), view.anchor().to_owned(), name, built))
        })
        .await?;
    let published = Published {
        report: built.id,
        at: cx.app.core.clock.stamp(),
        who: cx.account.name.clone(),
        kind: "annual".into(),
        subject: form.subject,
        period: Period::year(year).map_or(0, Period::code),
        seq,
        anchor,
        frozen: built.frozen.to_json(),
    };
    cx.app.core.store.publish(&zone, &published).await?;
    Ok(download(&format!("{name}{year}年度报告.docx"), built.docx))
}

/// `GET /verify`
pub async fn verify_form(cx: Cx) -> PageResult {
    cx.page(|_| Ok::<_, ViewError>(upload_page(None))).await
}

fn upload_page(error: Option<&str>) -> Page {
    let mut form = Form::new("verify", "/verify", "核验").field(
        Field::new("file", "报告文件", FieldKind::File(".docx".into())).required().help("本系统生成的 Word 报告；改过、另存过的也行"),
    );
    if let Some(error) = error {
        form.notes.push(Note::red(error));
    }
    let note = "上传后逐个核对文中的数：与数据一致、之后有更正、被人改动，各有标记。文件不保存。";
    Page::new("报告核验", "general").item("verify").part(Panel::new("上传报告").part(Part::Text(note.into())).part(form))
}

/// `POST /verify`
pub async fn verify(cx: Cx, mut form: Multipart) -> PageResult {
    let (mut bytes, mut name, mut csrf) = (Vec::new(), String::new(), String::new());
    let broken = |_| Stop::bad("上传没有完成。", "请重新上传。");
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("file") => {
                name = field.file_name().unwrap_or_default().to_owned();
                bytes = field.bytes().await.map_err(broken)?.to_vec();
            }
            Some("csrf") => csrf = field.text().await.map_err(broken)?,
            _ => {}
        }
    }
    cx.check_token(&csrf)?;
    let document = match ReadDocument::read(bytes) {
        Ok(document) => document,
        Err(e) => {
            let f = e.finding(cx.lang);
            let why = format!("“{name}”：{}{}", f.expected, f.remedy);
            let page = cx.page(move |_| Ok::<_, ViewError>(upload_page(Some(&why)))).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let zone = cx.view().await?.zone().key.clone();
    let published = match &document.manifest {
        Some(m) if m.zone == zone => cx.app.core.store.published(&zone, &m.report).await?,
        Some(_) => None,
        None => closest(&cx, &zone, &document).await?,
    };
    cx.page(move |view| {
        let subject = published.as_ref().map_or("zone", |p| p.subject.as_str());
        let frozen = published.as_ref().and_then(|p| FrozenReport::from_json(&p.frozen).ok()).unwrap_or_default();
        let result = report::verify::verify(view, subject, &document, &frozen);
        Ok::<_, ViewError>(verified_page(&name, &document, &result, published.as_ref()))
    })
    .await
}

/// The published report that shares most ids with a document whose manifest is gone.
async fn closest(cx: &Cx, zone: &str, document: &ReadDocument) -> Result<Option<Published>, Stop> {
    let shared = |p: &Published| {
        let frozen = FrozenReport::from_json(&p.frozen).unwrap_or_default();
        document.marks.iter().filter(|m| frozen.figure(&m.id).is_some()).count()
    };
    let all = cx.app.core.store.published_all(zone, 100).await?;
    Ok(all.into_iter().map(|p| (shared(&p), p)).filter(|(n, _)| *n > 0).max_by_key(|(n, p)| (*n, p.at.clone())).map(|(_, p)| p))
}

fn check_state(state: State) -> CheckState {
    match state {
        State::True | State::TypedMatches => CheckState::True,
        State::Restated => CheckState::Restated,
        State::Altered | State::Moved | State::Removed | State::TypedContradicts => CheckState::Altered,
        State::Unknown => CheckState::Unknown,
    }
}

fn state_light(state: State) -> Light {
    match state {
        State::True => Light::new(Tone::Green, "一致"),
        State::TypedMatches => Light::new(Tone::Green, "手填相符"),
        State::Restated => Light::new(Tone::Amber, "之后有更正"),
        State::Altered => Light::new(Tone::Red, "被改动"),
        State::Moved => Light::new(Tone::Red, "移了位置"),
        State::Removed => Light::new(Tone::Red, "被删去"),
        State::TypedContradicts => Light::new(Tone::Red, "手填不符"),
        State::Unknown => Light::new(Tone::Grey, "查不到"),
    }
}

fn verified_page(name: &str, document: &ReadDocument, result: &Verification, published: Option<&Published>) -> Page {
    let mut page = Page::new("报告核验", "general").item("verify").wide();
    page.remark = Line::from(name);
    page.height = page::Height::Flow;
    page.tools = vec![page::Tool::Action(Action::link("再核验一份", "/verify"))];
    if published.is_none() {
        let line = "本园区没有这份报告的底稿：它可能出自别的园区，或不是本系统生成的。文中的数无法核对。";
        page.parts.push(Note::amber(line).into());
    }
    let mut counts = [0u32; 4];
    for f in &result.figures {
        let at = CheckState::ALL.iter().position(|s| *s == check_state(f.state)).unwrap_or(3);
        counts[at] += 1;
    }
    // What needs a look first; all that are true need no list.
    let mut numbered: Vec<(u32, &Verified)> = (1u32..).zip(result.figures.iter()).collect();
    let doc = marked(document, &numbered);
    numbered.sort_by_key(|(n, f)| (f.state == State::True, *n));
    let items = numbered
        .iter()
        .filter(|(_, f)| f.state != State::True)
        .map(|(number, f)| Check {
            number: *number,
            light: state_light(f.state),
            printed: f.printed.clone(),
            why: Line::new()
                .strong(format!("{} {} ", f.label, f.period))
                .text(f.why.clone())
                .say(Voice::Note, format!(" 数据：{}", f.expected)),
            trace: None,
        })
        .collect();
    let basis = published.map(|p| {
        let anchor: String = p.anchor.chars().take(16).collect();
        Note::origin(format!("底稿：报告号 {}，{} 定稿，提交号 {}，审计锚 {anchor}", p.report, view::core::beijing_text(&p.at), p.seq))
    });
    let checks = Checks { counts, views: Seg::default(), items, basis };
    page.parts.push(Columns::new(Split::Document).part(Part::Document(doc)).part(Panel::new("核验结果").part(checks)).into());
    page
}

/// The document as it was read, its figures marked.
fn marked(document: &ReadDocument, figures: &[(u32, &Verified)]) -> Document {
    let blocks = document
        .paragraphs
        .iter()
        .enumerate()
        .filter(|(_, p)| !p.text.trim().is_empty())
        .map(|(n, p)| {
            let mut spans: Vec<(usize, usize, u32, &Verified)> =
                figures.iter().filter_map(|(k, f)| f.span.filter(|s| s.0 == n).map(|s| (s.1, s.2, *k, *f))).collect();
            spans.sort_by_key(|s| s.0);
            let chars: Vec<char> = p.text.chars().collect();
            let mut runs = Vec::new();
            let mut at = 0;
            for (start, end, number, figure) in spans.into_iter().filter(|s| s.1 <= chars.len()) {
                if start < at {
                    continue;
                }
                runs.push(DocRun::Text(chars[at..start].iter().collect()));
                runs.push(DocRun::Mark {
                    state: check_state(figure.state),
                    text: chars[start..end].iter().collect(),
                    number: if figure.state == State::True { 0 } else { number },
                });
                at = end;
            }
            runs.push(DocRun::Text(chars[at.min(chars.len())..].iter().collect()));
            Block::Paragraph(runs)
        })
        .collect();
    Document { blocks, ..Document::default() }
}
