//! The web: axum's shell around pages that are functions of a View.
//!
//! [`cx`] (one request: account, rights, View, frame), [`account`], [`session`],
//! [`menu`], [`fault`] (errors in words), [`sign`] (sign-in and out),
//! [`figures`] (cockpit, metrics, a figure), [`ledger`] (list and drawer of any
//! ledger), [`record`] (its form, template, export), [`imports`], [`reports`],
//! [`guard`] (headers, limits).

pub mod account;
pub mod cx;
pub mod fault;
pub mod figures;
pub mod guard;
pub mod imports;
pub mod ledger;
pub mod menu;
pub mod record;
pub mod reports;
pub mod search;
pub mod session;
pub mod sign;

use axum::Router;
use axum::routing::{get, post};
use std::sync::Arc;
use view::Core;

/// What every handler needs.
#[derive(Debug, Clone)]
pub struct App {
    /// Store, ledgers, definitions, clock.
    pub core: Arc<Core>,
    /// True when the browser reaches us by TLS: cookies are then `Secure`.
    pub secure: bool,
}

/// All routes.
pub fn router(app: App) -> Router {
    let routes = Router::new()
        .route("/", get(sign::home))
        .route("/signin", get(sign::form).post(sign::enter))
        .route("/signout", post(sign::leave))
        .route("/password", get(sign::password_form).post(sign::change_password))
        .route("/prefer", get(sign::prefer))
        .route("/assets/{name}", get(guard::asset))
        .route("/health", get(guard::health))
        .route("/search", get(search::search))
        .route("/me", get(search::me))
        .route("/cockpit", get(figures::overview))
        .route("/metrics", get(figures::index))
        .route("/figure/{handle}", get(figures::figure))
        .route("/files/{sha}", get(figures::file))
        .route("/reports", get(reports::page).post(reports::build))
        .route("/verify", get(reports::verify_form).post(reports::verify))
        .route("/imports", get(imports::batches).post(imports::apply))
        .route("/imports/new", get(imports::form).post(imports::upload))
        .route("/imports/errors/{sha}", get(imports::errors))
        .route("/imports/{batch}", get(imports::batch))
        .route("/imports/{batch}/undoing", post(imports::undo))
        .route("/ledgers/{ledger}", get(ledger::list).post(record::create))
        .route("/ledgers/{ledger}/new", get(record::new))
        .route("/ledgers/{ledger}/{id}/edit", get(record::edit).post(record::update))
        .route("/ledgers/{ledger}/template.xlsx", get(record::template))
        .route("/ledgers/{ledger}/export.xlsx", get(record::export))
        .fallback(guard::nowhere);
    guard::protect(routes.with_state(app))
}
