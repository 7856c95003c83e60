//! Errors in words: what was being done, what happened, what to do.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use hub::ViewError;
use page::{Action, Fault, Page};

/// Why a request ends without its page.
#[derive(Debug)]
pub enum Stop {
    /// Not signed in: come back to this path afterwards.
    SignIn(String),
    /// Go elsewhere.
    Go(String),
    /// A page that says what is wrong.
    Fault(StatusCode, Box<Fault>),
}

impl Stop {
    /// The visitor may not.
    #[must_use]
    pub fn forbidden() -> Self {
        let fault = Fault {
            title: "没有权限".into(),
            happened: "您的账号不能查看或办理这一项。".into(),
            remedy: "如工作需要，请向本区系统管理员申请权限。".into(),
            actions: vec![Action::link("回到首页", "/").primary()],
            ..Fault::default()
        };
        Self::Fault(StatusCode::FORBIDDEN, Box::new(fault))
    }
    /// There is no such thing.
    #[must_use]
    pub fn missing(what: &str) -> Self {
        let fault = Fault {
            title: "没有找到".into(),
            happened: format!("没有“{what}”。可能已被删除，或地址有误。").into(),
            remedy: "请从左侧菜单重新进入。".into(),
            actions: vec![Action::link("回到首页", "/").primary()],
            ..Fault::default()
        };
        Self::Fault(StatusCode::NOT_FOUND, Box::new(fault))
    }
    /// What was asked for cannot be read.
    #[must_use]
    pub fn bad(happened: impl Into<String>, remedy: impl Into<String>) -> Self {
        let fault = Fault {
            title: "没有办成".into(),
            happened: happened.into().into(),
            remedy: remedy.into().into(),
            actions: vec![Action::link("回到首页", "/")],
            ..Fault::default()
        };
        Self::Fault(StatusCode::BAD_REQUEST, Box::new(fault))
    }
    /// Something of ours failed; the cause goes to the log under a number.
    #[must_use]
    pub fn failed(cause: &dyn std::fmt::Display) -> Self {
        let number = crate::session::token().map_or_else(|_| "0".into(), |t| t[..8].to_uppercase());
        tracing::error!(number, %cause, "request failed");
        let fault = Fault {
            title: "没有办成，数据没有改动".into(),
            happened: "系统在读写数据时出了错。".into(),
            remedy: "请稍后再试；仍不行，请把下面的编号告诉系统管理员。".into(),
            number,
            actions: vec![Action::link("回到首页", "/")],
            ..Fault::default()
        };
        Self::Fault(StatusCode::INTERNAL_SERVER_ERROR, Box::new(fault))
    }
}

impl From<ViewError> for Stop {
    fn from(e: ViewError) -> Self {
        match e {
            ViewError::Forbidden => Self::forbidden(),
            ViewError::Unknown(what) => Self::missing(&what),
            ViewError::Store(cause) => Self::failed(&cause),
        }
    }
}

impl From<store::StoreError> for Stop {
    fn from(e: store::StoreError) -> Self {
        Self::failed(&e)
    }
}

impl From<view::CoreError> for Stop {
    fn from(e: view::CoreError) -> Self {
        match e {
            view::CoreError::NoZone(zone) => Self::missing(&zone),
            other => Self::failed(&other),
        }
    }
}

impl IntoResponse for Stop {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn(path) => Redirect::to(&format!("/signin?next={}", page::number::escape_path(&path))).into_response(),
            Self::Go(path) => Redirect::to(&path).into_response(),
            Self::Fault(status, fault) => (status, face::gate::fault(&fault, values::Lang::Zh)).into_response(),
        }
    }
}

/// A page that holds only a fault, inside the frame.
#[must_use]
pub fn page_of(fault: Fault, office: &str) -> Page {
    Page::new(fault.title.clone(), office).part(fault)
}
