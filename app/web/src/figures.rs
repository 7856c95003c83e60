//! Cockpit, metrics, a figure with its thread, and the files that cells stand in.

use crate::cx::{Cx, PageResult};
use crate::fault::Stop;
use axum::extract::{Path, Query};
use axum::http::header;
use axum::response::IntoResponse;
use cockpit::metric::Asked;
use serde::Deserialize;
use values::Period;

/// Address of the cockpit.
#[derive(Debug, Deserialize)]
pub struct At {
    #[serde(default)]
    period: String,
    #[serde(default)]
    subject: String,
}

/// `GET /cockpit`
pub async fn overview(cx: Cx, Query(at): Query<At>) -> PageResult {
    let period = Period::parse(&at.period).ok();
    cx.page(move |view| cockpit::overview(view, period)).await
}

/// `GET /metrics`
pub async fn index(cx: Cx, Query(at): Query<At>) -> PageResult {
    let subject = if at.subject.is_empty() { "zone".to_owned() } else { at.subject };
    cx.page(move |view| cockpit::index(view, &subject)).await
}

/// Address of a figure's page.
#[derive(Debug, Deserialize)]
pub struct Look {
    row: Option<usize>,
    find: Option<i64>,
    by: Option<String>,
    all: Option<String>,
}

/// `GET /figure/{handle}`
pub async fn figure(cx: Cx, Path(handle): Path<String>, Query(look): Query<Look>) -> PageResult {
    let asked = Asked { row: look.row, find: look.find, by: look.by, all: look.all.is_some() };
    cx.page(move |view| cockpit::figure_page(view, &handle, &asked)).await
}

/// `GET /files/{sha}`: an uploaded file as it came; only for who may see single filers.
pub async fn file(cx: Cx, Path(sha): Path<String>) -> PageResult {
    let view = cx.view().await?;
    if !view::access::sees_individuals(&cx.visitor()) {
        return Err(Stop::forbidden());
    }
    let zone = hub::View::zone(&view).key.clone();
    let Some((info, bytes)) = cx.app.core.store.file(&zone, &sha).await? else { return Err(Stop::missing(&sha)) };
    let name = page::number::escape_path(&info.name);
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{name}")),
    ];
    Ok((headers, bytes).into_response())
}
