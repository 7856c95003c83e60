//! Import in three steps: template, upload with a dry run, result; and the batches kept.

use crate::cx::{Cx, PageResult};
use crate::fault::Stop;
use axum::extract::{Multipart, Path, Query};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use hub::{Act, View, ViewError};
use intake::{IntakeError, Request, Staged, Target};
use page::{
    Action, Cell, Column, Count, Empty, Field, FieldKind, Form, ImportCounts, ImportResult, Line, Link, Mark, Note, NumberedFinding, Opt,
    Page, Panel, Part, Row, Sheet, SheetCell, SheetRow, Step, StepState, Table, Toolbar,
};
use serde::Deserialize;
use std::collections::BTreeMap;
use store::batch::Batch;
use values::place::parse_cell;
use values::{Findings, Lang, Period, Severity};

/// Findings that are listed on the page; the error workbook has all.
const LISTED: usize = 50;

/// What the import page is asked for.
#[derive(Debug, Deserialize, Clone, Default)]
pub struct Into {
    #[serde(default)]
    ledger: String,
    #[serde(default)]
    form: String,
    #[serde(default)]
    period: String,
}

impl Into {
    /// The target; `Err` says what is missing.
    fn target(&self) -> Result<Target, String> {
        if !self.ledger.is_empty() {
            return Ok(Target::Ledger(self.ledger.clone()));
        }
        if self.form == "figures" {
            return Ok(Target::Figures);
        }
        if self.form.is_empty() {
            return Err("请选择导入到哪里".into());
        }
        let period = Period::parse(&self.period).map_err(|e| e.to_string())?;
        Ok(Target::AsFiled(self.form.clone(), period))
    }

    fn query(&self) -> String {
        let pairs = [("ledger", &self.ledger), ("form", &self.form), ("period", &self.period)];
        let kept: Vec<String> =
            pairs.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| format!("{k}={}", page::number::escape_path(v))).collect();
        kept.join("&")
    }
}

/// May the visitor import into this target?
fn may(view: &dyn View, target: &Target) -> bool {
    match target {
        Target::Ledger(key) => view.may(Act::Import, key),
        Target::AsFiled(..) => view.may(Act::AsFiled, "filing"),
        Target::Office(..) | Target::Figures => view.may(Act::Import, "target"),
    }
}

/// `GET /imports/new`: choose where to, fetch the template, upload.
pub async fn form(cx: Cx, Query(into): Query<Into>) -> PageResult {
    cx.page(move |view| upload_page(view, &into, None)).await
}

fn upload_page(view: &dyn View, into: &Into, error: Option<&str>) -> Result<Page, ViewError> {
    let mut ledgers: Vec<Opt> =
        view.ledgers().iter().filter(|l| view.may(Act::Import, &l.key)).map(|l| Opt::new(&l.key, &l.label)).collect();
    let mut forms = Vec::new();
    if view.may(Act::AsFiled, "filing") {
        let ledger = view.ledger("form").cloned();
        for stored in view.list("form", &record::Query { limit: 200, ..record::Query::default() })? {
            let code = stored.row.first().and_then(record::Value::text).unwrap_or_default().to_owned();
            let name = ledger.as_ref().map(|l| l.name_of(&stored.row)).unwrap_or_default();
            forms.push(Opt::new(code, name));
        }
    }
    if view.may(Act::Import, "target") {
        forms.push(Opt::new("figures", "综合指标（逐行：指标、报告期、数值、单位）"));
    }
    if ledgers.is_empty() && forms.is_empty() {
        return Err(ViewError::Forbidden);
    }
    ledgers.insert(0, Opt::new("", "（不选）"));
    forms.insert(0, Opt::new("", "（不选）"));
    let mut form = Form::new("upload", "/imports/new", "上传并检查（不写入）")
        .field(Field::new("ledger", "导入到台账", FieldKind::Choice(ledgers)).value(&into.ledger))
        .field(
            Field::new("form", "或作为报表、指标导入", FieldKind::Choice(forms)).value(&into.form).help("按企业已报送的数代录，须选报告期"),
        )
        .field(Field::new("period", "报告期", FieldKind::Period).value(&into.period).example("2025年1-9月"))
        .field(
            Field::new("file", "工作簿", FieldKind::File(".xlsx,.xlsm,.xls,.xlsb,.ods,.csv,.et".into()))
                .required()
                .help("不必改格式，原表上传即可"),
        );
    if let Some(error) = error {
        form.notes.push(Note::red(error));
    }
    if !into.ledger.is_empty() {
        form.others.push(Action::link("下载模板", format!("/ledgers/{}/template.xlsx", into.ledger)));
    }
    let batches = Action::link("导入记录", "/imports");
    Ok(Page::new("导入", "economy")
        .item("import")
        .tool(page::Tool::Action(batches))
        .part(Part::Steps(steps(1, "")))
        .part(Panel::new("上传").part(form)))
}

fn steps(now: usize, read: &str) -> Vec<Step> {
    let labels = ["选模板".to_owned(), if read.is_empty() { "上传".into() } else { format!("上传：{read}") }, "核对结果".into()];
    labels
        .into_iter()
        .enumerate()
        .map(|(i, label)| {
            let state = match i.cmp(&now) {
                std::cmp::Ordering::Less => StepState::Done,
                std::cmp::Ordering::Equal => StepState::Now,
                std::cmp::Ordering::Greater => StepState::Later,
            };
            Step { label, state, href: if i < now { "/imports/new".into() } else { String::new() } }
        })
        .collect()
}

/// What the upload form sent.
#[derive(Debug, Default)]
struct Upload {
    into: Into,
    csrf: String,
    file: String,
    bytes: Vec<u8>,
}

async fn read_upload(mut form: Multipart) -> Result<Upload, Stop> {
    let too_large = |_| Stop::bad("上传没有完成，或文件超过 64 MB。", "请拆成几个文件，或删去图片等附件后再传。");
    let mut upload = Upload::default();
    while let Some(field) = form.next_field().await.map_err(too_large)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            upload.file = field.file_name().unwrap_or("未命名").to_owned();
            upload.bytes = field.bytes().await.map_err(too_large)?.to_vec();
            continue;
        }
        let text = field.text().await.map_err(too_large)?;
        match name.as_str() {
            "ledger" => upload.into.ledger = text,
            "form" => upload.into.form = text,
            "period" => upload.into.period = text,
            "csrf" => upload.csrf = text,
            _ => {}
        }
    }
    Ok(upload)
}

/// `POST /imports/new`: reads and checks; nothing is written yet.
pub async fn upload(cx: Cx, form: Multipart) -> PageResult {
    let upload = read_upload(form).await?;
    cx.check_token(&upload.csrf)?;
    let target = match upload.into.target() {
        Ok(target) if !upload.bytes.is_empty() => target,
        Ok(_) => return again(&cx, upload.into, "还没有选文件。").await,
        Err(why) => return again(&cx, upload.into, &why).await,
    };
    let view = cx.view().await?;
    if !may(&view, &target) {
        return Err(Stop::forbidden());
    }
    let request = Request { zone: view.zone().key.clone(), file: upload.file, bytes: upload.bytes, target, lang: cx.lang };
    let staged = match intake::stage(&cx.app.core, &request).await {
        Ok(staged) => staged,
        Err(IntakeError::Store(e)) => return Err(e.into()),
        Err(e) => return again(&cx, upload.into, &e.to_string()).await,
    };
    // The file is kept now; the batch is written when the visitor says so.
    let mut tx = cx.app.core.store.begin().await?;
    let sha = tx.keep_file(&request.zone, &request.file, &request.bytes, &cx.app.core.clock.stamp(), &cx.account.name).await?;
    tx.commit().await?;
    let into = upload.into;
    cx.page(move |_| Ok::<_, ViewError>(result_page(&staged, &into, &sha))).await
}

async fn again(cx: &Cx, into: Into, why: &str) -> PageResult {
    let why = why.to_owned();
    let page = cx.page(move |view| upload_page(view, &into, Some(&why))).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// What the result page sends.
#[derive(Debug, Deserialize)]
pub struct Apply {
    #[serde(default)]
    csrf: String,
    sha: String,
    #[serde(flatten)]
    into: Into,
}

async fn staged_again(cx: &Cx, sha: &str, into: &Into) -> Result<(String, Request, Staged), Stop> {
    let target = into.target().map_err(|why| Stop::bad(why, "请重新上传。"))?;
    let view = cx.view().await?;
    if !may(&view, &target) {
        return Err(Stop::forbidden());
    }
    let zone = view.zone().key.clone();
    let Some((info, bytes)) = cx.app.core.store.file(&zone, sha).await? else { return Err(Stop::missing(sha)) };
    let request = Request { zone: zone.clone(), file: info.name, bytes, target, lang: cx.lang };
    let staged = intake::stage(&cx.app.core, &request).await.map_err(|e| Stop::bad(e.to_string(), "请重新上传。"))?;
    Ok((zone, request, staged))
}

/// `POST /imports`: writes the good rows.
pub async fn apply(cx: Cx, axum::Form(form): axum::Form<Apply>) -> PageResult {
    cx.check_token(&form.csrf)?;
    let (zone, request, mut staged) = staged_again(&cx, &form.sha, &form.into).await?;
    for _ in 0..3 {
        match intake::apply(&cx.app.core, &zone, &cx.account.name, &staged).await {
            Ok(done) => return Ok(Redirect::to(&format!("/imports/{}", done.batch)).into_response()),
            // Somebody was quicker: hold the file against what stands now, and try again.
            Err(IntakeError::Overtaken) => {
                staged = intake::stage(&cx.app.core, &request).await.map_err(|e| Stop::bad(e.to_string(), "请重新上传。"))?;
            }
            Err(e) => return Err(Stop::failed(&e)),
        }
    }
    Err(Stop::bad(IntakeError::Overtaken.to_string(), "请稍后重新导入。"))
}

fn result_page(staged: &Staged, into: &Into, sha: &str) -> Page {
    let c = staged.counts;
    let good = c.new + c.changed;
    let n = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let (errors, rest): (Vec<_>, Vec<_>) = staged.findings.iter().partition(|f| f.severity == Severity::Error);
    let listed: Vec<NumberedFinding> = (1u32..)
        .zip(errors.iter().chain(&rest).take(LISTED))
        .map(|(number, f)| NumberedFinding {
            number,
            finding: (*f).clone(),
            title: intake::texts::sentence(f, Lang::Zh),
            href: String::new(),
        })
        .collect();
    let reminders = staged.findings.iter().filter(|f| f.severity == Severity::Warning).count();
    let counts = ImportCounts {
        new: Count::new(n(c.new), "").unit("行"),
        changed: Count::new(n(c.changed), "").unit("行"),
        changed_cells: u64::try_from(staged.changes.len()).unwrap_or(0),
        same: Count::new(n(c.same), "").unit("行"),
        rejected: Count::new(n(c.rejected + c.conflict), "").unit("行"),
        rejected_cells: u64::try_from(errors.len()).unwrap_or(0),
        reminders: Count::new(n(reminders), "").unit("格"),
    };
    let mut actions = Toolbar::default();
    if good > 0 {
        let label = if c.rejected + c.conflict > 0 { format!("仅导入合格的 {good} 行") } else { format!("导入 {good} 行") };
        let post = Action::post(label, "/imports")
            .with("sha", sha)
            .with("ledger", &into.ledger)
            .with("form", &into.form)
            .with("period", &into.period);
        actions.left.push(post.primary());
    } else {
        actions.left.push(Action::disabled("没有可导入的行", "这份文件里没有新的或变化的合格数据"));
    }
    if !errors.is_empty() {
        actions.left.push(Action::link("下载错误工作簿", format!("/imports/errors/{sha}?{}", into.query())));
    }
    actions.left.push(Action::link("全部退回，重新上传", format!("/imports/new?{}", into.query())));
    let notes = staged.unmapped.iter().take(10).map(|u| Line::from(format!("未采用的列：{u}"))).collect();
    let read = format!("{}，读了 {} 行", staged.file, c.rows());
    let result = ImportResult {
        steps: steps(2, &read),
        counts,
        sheet: sheet(staged, &listed),
        findings: listed,
        notes,
        actions,
        ..ImportResult::default()
    };
    let mut page = Page::new("导入结果", "economy").item("import").wide();
    page.remark = Line::from("检查完毕，尚未写入");
    page.part(result)
}

/// The user's own sheet around the first error, marked.
fn sheet(staged: &Staged, listed: &[NumberedFinding]) -> Sheet {
    let Ok(book) = tables::read(&staged.bytes, &staged.file, &tables::Limits::default()) else { return Sheet::default() };
    let marks: BTreeMap<(String, u32, u32), &NumberedFinding> = listed
        .iter()
        .filter_map(|f| {
            let (sheet, cell) = f.finding.place.rsplit_once('!')?;
            let (row, column) = parse_cell(cell)?;
            Some(((sheet.to_owned(), row, column), f))
        })
        .collect();
    let first = marks.iter().min_by_key(|(_, f)| f.number).map(|(k, _)| k.clone());
    let (name, row, column) = first.unwrap_or_else(|| (staged.sheets.first().cloned().unwrap_or_default(), 4, 2));
    let Some(found) = book.sheet(&name) else { return Sheet::default() };
    let window = found.window(row, column, 8, 5);
    let changed: BTreeMap<String, &[String; 4]> = staged.changes.iter().map(|c| (c[0].clone(), c)).collect();
    let rows = (window.range.top..)
        .zip(&window.lines)
        .map(|(r, line)| SheetRow {
            number: r + 1,
            cells: (window.range.left..).zip(line).map(|(c, text)| cell(&name, r, c, text, &marks, &changed)).collect(),
        })
        .collect();
    Sheet {
        label: format!("{} › {name}", staged.file),
        first_column: window.range.left,
        rows,
        hit: Some((row + 1, column)),
        raw: found.cell(row, column).text().into_owned(),
        ringed: false,
        tabs: book.sheets.iter().map(|s| Link::new(s.name.clone(), "").current_if(s.name == name)).collect(),
        loading: false,
    }
}

fn cell(
    sheet: &str,
    row: u32,
    column: u32,
    text: &str,
    marks: &BTreeMap<(String, u32, u32), &NumberedFinding>,
    changed: &BTreeMap<String, &[String; 4]>,
) -> SheetCell {
    let mut cell = SheetCell::words(text);
    if let Some(found) = marks.get(&(sheet.to_owned(), row, column)) {
        let mark = if found.finding.severity == Severity::Error { Mark::Bad } else { Mark::Warning };
        return cell.mark(mark).finding(found.number);
    }
    if let Some([_, _, was, _]) = changed.get(&format!("{sheet}!{}", values::place::cell_name(row, column))) {
        cell = cell.mark(Mark::Changed);
        cell.was.clone_from(was);
    }
    cell
}

/// `GET /imports/errors/{sha}`: the user's own file back, with its errors written in.
pub async fn errors(cx: Cx, Path(sha): Path<String>, Query(into): Query<Into>) -> PageResult {
    let (_, _, staged) = staged_again(&cx, &sha, &into).await?;
    let book = intake::error_workbook(&staged, cx.lang).map_err(|e| Stop::bad(e.to_string(), "请在原表上按页面所列修改。"))?;
    let name = staged.file.rsplit_once('.').map_or(staged.file.as_str(), |(n, _)| n).to_owned();
    Ok(download(&format!("{name}-错误.xlsx"), book))
}

/// A file to be saved.
#[must_use]
pub fn download(name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{}", page::number::escape_path(name))),
    ];
    (headers, bytes).into_response()
}

/// `GET /imports`: the batches.
pub async fn batches(cx: Cx) -> PageResult {
    let zone = cx.view().await?.zone().key.clone();
    let batches = cx.app.core.store.batches(&zone, 100).await?;
    cx.page(move |view| {
        if !view.may(Act::Read, "filing") && !view.may(Act::Read, "enterprise") {
            return Err(ViewError::Forbidden);
        }
        Ok(batches_page(view, &batches))
    })
    .await
}

fn counts_of(batch: &Batch) -> intake::Counts {
    serde_json::from_str(&batch.counts).unwrap_or_default()
}

/// Label of what a batch went into.
fn target_label(view: &dyn View, batch: &Batch) -> String {
    match batch.target.as_str() {
        "figures" => "综合指标".into(),
        other => view.ledger(other).map_or_else(|| other.to_owned(), |l| l.label.clone()),
    }
}

fn batches_page(view: &dyn View, batches: &[Batch]) -> Page {
    let columns = ["批", "时间", "文件", "导入到", "新增", "变化", "拒绝", "导入人", ""];
    let mut table = Table::new("导入记录", columns.iter().map(|c| Column::words(*c)).collect());
    for b in batches {
        let c = counts_of(b);
        let href = format!("/imports/{}", b.batch);
        let state = if b.undone_by.is_some() { "已撤销" } else { "" };
        let count = |n: usize| Cell::from(Count::new(i64::try_from(n).unwrap_or(0), href.clone()));
        table = table.row(Row::new(vec![
            Cell::link(b.batch.to_string(), href.clone()),
            Cell::text(view::core::beijing_text(&b.at)),
            Cell::text(b.file.clone().unwrap_or_else(|| "撤销".into())),
            Cell::text(target_label(view, b)),
            count(c.new),
            count(c.changed),
            count(c.rejected),
            Cell::text(b.who.clone()),
            Cell::text(state),
        ]));
    }
    let new = Action::link("导入", "/imports/new").primary();
    let mut page = Page::new("导入与批次", "economy").item("import").tool(page::Tool::Action(new));
    if batches.is_empty() {
        let empty = Empty {
            title: "还没有导入过".into(),
            line: "可用模板导入，也可直接上传原来的表。".into(),
            actions: vec![Action::link("导入", "/imports/new")],
            small: false,
        };
        return page.part(empty);
    }
    page.parts.push(Panel::new("导入记录").part(table).into());
    page
}

/// `GET /imports/{batch}`: one batch with its counts, findings, file; can be undone.
pub async fn batch(cx: Cx, Path(number): Path<i64>) -> PageResult {
    let zone = cx.view().await?.zone().key.clone();
    let Some(found) = cx.app.core.store.batch(&zone, number).await? else { return Err(Stop::missing(&format!("第 {number} 批"))) };
    cx.page(move |view| {
        if !view.may(Act::Read, "filing") && !view.may(Act::Read, "enterprise") {
            return Err(ViewError::Forbidden);
        }
        Ok(batch_page(view, &found))
    })
    .await
}

fn batch_page(view: &dyn View, batch: &Batch) -> Page {
    let c = counts_of(batch);
    let findings: Findings = serde_json::from_str(&batch.findings).map(Findings).unwrap_or_default();
    let title = format!("第 {} 批", batch.batch);
    let mut page = Page::new(title, "economy").item("import").crumb(Link::new("导入与批次", "/imports"));
    page.height = page::Height::Flow;
    let mut facts = vec![
        ("文件".to_owned(), batch.file.clone().unwrap_or_default().into()),
        ("导入到".to_owned(), target_label(view, batch).into()),
        ("时间".to_owned(), format!("{} {}", view::core::beijing_text(&batch.at), batch.who).into()),
        (
            "结果".to_owned(),
            format!("新增 {} 行，变化 {}，不变 {}，冲突 {}，拒绝 {}", c.new, c.changed, c.same, c.conflict, c.rejected).into(),
        ),
    ];
    if let Some(sha) = &batch.sha256 {
        facts.push(("SHA-256".to_owned(), Line::new().link(sha.clone(), format!("/files/{sha}"))));
    }
    let mut panel = Panel::new("这一批").part(Part::KeyValues(facts));
    let may = view.may(Act::Import, &batch.target) || view.may(Act::AsFiled, "filing");
    if let Some(by) = batch.undone_by {
        panel = panel.part(Note::amber(Line::new().text("已由 ").link(format!("第 {by} 批"), format!("/imports/{by}")).text(" 撤销。")));
    } else if batch.undo_of.is_none() && may {
        let undo = Action::post("撤销本批", format!("/imports/{}/undoing", batch.batch))
            .danger()
            .confirm("撤销后，这一批写入的数据恢复到导入前。确定撤销？");
        panel = panel.part(Part::Toolbar(Toolbar { left: vec![undo], ..Toolbar::default() }));
    }
    page.parts.push(panel.into());
    let columns = vec![Column::words("位置"), Column::words("字段"), Column::words("问题"), Column::words("怎么办")];
    let mut table = Table::new("问题", columns);
    for f in findings.iter().take(200) {
        let sentence = intake::texts::sentence(f, view.lang());
        table = table.row(Row::new(vec![
            Cell::text(f.place.clone()),
            Cell::text(f.field.clone()),
            Cell::text(sentence),
            Cell::text(f.remedy.clone()),
        ]));
    }
    if !findings.is_empty() {
        page.parts.push(Panel::new(format!("问题（{} 条）", findings.len())).part(table).into());
    }
    page
}

/// A form that holds nothing but the token.
#[derive(Debug, Deserialize)]
pub struct Token {
    #[serde(default)]
    csrf: String,
}

/// `POST /imports/{batch}/undoing`: takes a batch back, as a new batch.
pub async fn undo(cx: Cx, Path(number): Path<i64>, axum::Form(token): axum::Form<Token>) -> PageResult {
    cx.check_token(&token.csrf)?;
    let view = cx.view().await?;
    let zone = view.zone().key.clone();
    let Some(batch) = cx.app.core.store.batch(&zone, number).await? else { return Err(Stop::missing(&format!("第 {number} 批"))) };
    if !view.may(Act::Import, &batch.target) && !view.may(Act::AsFiled, "filing") {
        return Err(Stop::forbidden());
    }
    match intake::undo(&cx.app.core, &zone, &cx.account.name, number).await {
        Ok((done, _)) => Ok(Redirect::to(&format!("/imports/{}", done.batch)).into_response()),
        Err(IntakeError::NoBatch(why)) => Err(Stop::bad(why, "没有改动。")),
        Err(IntakeError::Overtaken) => Err(Stop::bad(IntakeError::Overtaken.to_string(), "请刷新后再试。")),
        Err(e) => Err(Stop::failed(&e)),
    }
}
