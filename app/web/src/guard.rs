//! What stands before every handler: headers, limits, same-site check; assets and health.

use crate::App;
use crate::fault::Stop;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};

/// Largest upload, bytes.
pub const UPLOAD_LIMIT: usize = 64 << 20;

/// Puts limits and headers around all routes.
pub fn protect(routes: Router) -> Router {
    routes
        .layer(DefaultBodyLimit::max(UPLOAD_LIMIT))
        .layer(middleware::from_fn(check))
        .layer(tower_http::compression::CompressionLayer::new())
}

async fn check(request: Request, next: Next) -> Response {
    if !crate::session::is_same_site(request.method(), request.headers()) {
        return Stop::bad("请求来自别的网站，未予办理。", "请在本系统的页面上操作。").into_response();
    }
    let is_asset = request.uri().path().starts_with("/assets/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        ("content-security-policy", face::CSP),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !is_asset {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// `GET /assets/{name}`: stylesheet and script, kept by browsers for a year under their version.
pub async fn asset(Path(name): Path<String>) -> Response {
    let Some(asset) = face::assets::get(&name) else { return Stop::missing(&name).into_response() };
    let headers = [(header::CONTENT_TYPE, asset.mime), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, asset.bytes.into_owned()).into_response()
}

/// `GET /health`: 200 when the database answers.
pub async fn health(State(app): State<App>) -> Response {
    match app.core.store.zones().await {
        Ok(_) => (StatusCode::OK, "ok\n").into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "database does not answer\n").into_response(),
    }
}

/// Everything that is no route.
pub async fn nowhere(request: Request) -> Response {
    Stop::missing(request.uri().path()).into_response()
}
