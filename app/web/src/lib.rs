//! The web: axum's shell around pages that are functions of a View.
//!
//! [`cx`] (one request: account, rights, View, frame), [`account`], [`session`],
//! [`menu`], [`fault`] (errors in words), [`sign`] (sign-in and out),
//! [`ledger`] (list, drawer, form of any ledger), [`guard`] (headers, limits).

pub mod account;
pub mod cx;
pub mod fault;
pub mod guard;
pub mod ledger;
pub mod menu;
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
        .route("/ledgers/{ledger}", get(ledger::list))
        .fallback(guard::nowhere);
    guard::protect(routes.with_state(app))
}
