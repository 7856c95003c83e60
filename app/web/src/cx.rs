//! One request: who, which zone, which language; runs a page function on a View.

use crate::App;
use crate::fault::Stop;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use face::Frame;
use hub::{Role, View, Visitor};
use page::Page;
use store::account::{Account, Session};
use values::Lang;
use view::ZoneView;

/// Result of a handler.
pub type PageResult = Result<Response, Stop>;

/// A signed-in request.
#[derive(Debug, Clone)]
pub struct Cx {
    /// The application.
    pub app: App,
    /// Who.
    pub account: Account,
    /// The session, with the token for forms.
    pub session: Session,
    /// Language.
    pub lang: Lang,
    /// Large type 大字.
    pub large: bool,
    /// Path and query.
    pub path: String,
    /// Zone that was chosen, if not the visitor's own.
    pub zone: Option<String>,
}

impl FromRequestParts<App> for Cx {
    type Rejection = Stop;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Stop> {
        let path = parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
        let Some((session, account)) = crate::session::of(&app.core.store, &parts.headers, app.core.clock.now()).await? else {
            return Err(Stop::SignIn(if parts.method == axum::http::Method::GET { path } else { "/".into() }));
        };
        if account.one_time && !matches!(parts.uri.path(), "/password" | "/signout" | "/prefer") {
            return Err(Stop::Go("/password".into()));
        }
        let prefer = Prefer::of(&parts.headers);
        let zone = prefer.zone.clone().filter(|_| account.home == "*");
        Ok(Self { app: app.clone(), account, session, lang: prefer.lang, large: prefer.large, path, zone })
    }
}

/// What a visitor prefers, kept in a cookie of its own.
#[derive(Debug, Clone, Default)]
pub struct Prefer {
    /// Language.
    pub lang: Lang,
    /// Large type.
    pub large: bool,
    /// Zone looked at, for accounts that may see several.
    pub zone: Option<String>,
}

impl Prefer {
    /// From the request's cookie.
    #[must_use]
    pub fn of(headers: &axum::http::HeaderMap) -> Self {
        let text = crate::session::cookie(headers, "prefer").unwrap_or_default();
        let mut prefer = Self::default();
        for part in text.split('.') {
            match part {
                "en" => prefer.lang = Lang::En,
                "large" => prefer.large = true,
                other => prefer.zone = other.strip_prefix("z-").map(str::to_owned).or(prefer.zone),
            }
        }
        prefer
    }
    /// As kept in the cookie.
    #[must_use]
    pub fn cookie(&self) -> String {
        let mut parts = Vec::new();
        if self.lang == Lang::En {
            parts.push("en".to_owned());
        }
        if self.large {
            parts.push("large".into());
        }
        parts.extend(self.zone.as_ref().map(|z| format!("z-{z}")));
        parts.join(".")
    }
}

impl Cx {
    /// The account as the View sees it.
    #[must_use]
    pub fn visitor(&self) -> Visitor {
        Visitor {
            name: self.account.name.clone(),
            label: self.account.label.clone(),
            role: Role::from_key(&self.account.role),
            office: self.account.office.clone(),
            enterprise: self.account.enterprise,
        }
    }

    /// Key of the zone that the account may look at.
    #[must_use]
    pub fn zone_key(&self) -> Option<String> {
        if self.account.home == "*" { self.zone.clone() } else { Some(self.account.home.clone()) }
    }

    /// A View with the visitor's rights, pinned to the newest commit.
    ///
    /// # Errors
    /// No such zone, or the store's answer.
    pub async fn view(&self) -> Result<ZoneView, Stop> {
        Ok(self.app.core.view(self.zone_key().as_deref(), self.visitor(), self.lang).await?)
    }

    /// Runs `work` on a View, on a blocking thread.
    ///
    /// # Errors
    /// What `work` says, or the store's answer.
    pub async fn run<T, E>(&self, work: impl FnOnce(&ZoneView) -> Result<T, E> + Send + 'static) -> Result<T, Stop>
    where
        T: Send + 'static,
        E: Into<Stop> + Send + 'static,
    {
        let view = self.view().await?;
        let done = tokio::task::spawn_blocking(move || work(&view)).await.map_err(|e| Stop::failed(&e))?;
        done.map_err(Into::into)
    }

    /// Draws the page that `work` makes of a View.
    ///
    /// # Errors
    /// As [`Cx::run`].
    pub async fn page<E>(&self, work: impl FnOnce(&ZoneView) -> Result<Page, E> + Send + 'static) -> PageResult
    where
        E: Into<Stop> + Send + 'static,
    {
        let cx = self.clone();
        let markup = self
            .run(move |view| {
                let page = work(view)?;
                Ok::<_, E>(face::render(&page, &cx.frame(view), cx.lang))
            })
            .await?;
        Ok(markup.into_response())
    }

    /// What stands around the page.
    #[must_use]
    pub fn frame(&self, view: &dyn View) -> Frame {
        let zone = view.zone();
        let badge = match (zone.synthetic, self.lang) {
            (false, _) => "",
            (true, Lang::Zh) => "示例数据",
            (true, Lang::En) => "sample data",
        };
        Frame {
            zone: zone.label.clone(),
            badge: badge.into(),
            user: self.account.label.clone(),
            todo: None,
            offices: crate::menu::offices(view),
            tabs: Vec::new(),
            large: self.large,
            wall: false,
            csrf: self.session.csrf.clone(),
            path: self.path.clone(),
            search: None,
            stamp: String::new(),
        }
    }

    /// Checks the token that every form carries.
    ///
    /// # Errors
    /// A page that says so; nothing was done.
    pub fn check_token(&self, token: &str) -> Result<(), Stop> {
        if crate::session::same_token(token, &self.session.csrf) {
            return Ok(());
        }
        Err(Stop::bad("这张表单已过期，或不是从本系统的页面提交的。", "请返回上一页刷新后重新提交。"))
    }
}
