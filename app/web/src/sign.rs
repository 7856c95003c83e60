//! Sign-in, sign-out, changing the password, language and type size.

use crate::account::{self, Refused};
use crate::cx::{Cx, PageResult, Prefer};
use crate::fault::Stop;
use crate::{App, session};
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use face::SignIn;
use hub::ViewError;
use page::{Field, FieldKind, Note, Page};
use serde::Deserialize;
use store::account::Account;

/// `GET /`: the first page after signing in.
pub async fn home(cx: Cx) -> PageResult {
    let _ = cx;
    Ok(Redirect::to("/cockpit").into_response())
}

/// What the sign-in form sends.
#[derive(Debug, Deserialize)]
pub struct Entry {
    user: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// Where to go after signing in.
#[derive(Debug, Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

/// `GET /signin`
pub async fn form(State(app): State<App>, headers: HeaderMap, Query(next): Query<Next>) -> Response {
    gate(&app, &headers, SignIn { next: next.next, ..SignIn::default() }).await
}

async fn gate(app: &App, headers: &HeaderMap, gate: SignIn) -> Response {
    let prefer = Prefer::of(headers);
    let zone = app.core.zone(None).await.ok();
    let badge = if zone.as_ref().is_some_and(|z| z.synthetic) { "示例数据" } else { "" };
    let committee = zone.map(|z| format!("{}管理委员会", z.label)).unwrap_or_default();
    let filled =
        SignIn {
            committee, badge: badge.into(), large: prefer.large, help: "忘记口令请联系本单位系统管理员重置。".into(), ..gate
        };
    face::gate::sign_in(&filled, prefer.lang).into_response()
}

/// `POST /signin`
pub async fn enter(State(app): State<App>, headers: HeaderMap, Form(entry): Form<Entry>) -> PageResult {
    let now = app.core.clock.now();
    let refused = match account::sign_in(&app.core.store, entry.user.trim(), &entry.password, now).await {
        Ok(account) => {
            let cookie = session::begin(&app.core.store, &account, now, app.secure).await.map_err(|e| Stop::failed(&e))?;
            return Ok(([(header::SET_COOKIE, cookie)], Redirect::to(local(&entry.next))).into_response());
        }
        Err(refused) => refused,
    };
    let (error, more) = match refused {
        Refused::Wrong(left) => ("用户名或口令不对。".to_owned(), format!("再错 {left} 次将锁定 {} 分钟。", account::LOCK_MINUTES)),
        Refused::Locked => ("账号已锁定。".to_owned(), format!("连续输错，请 {} 分钟后再试，或请系统管理员解锁。", account::LOCK_MINUTES)),
        Refused::Failed(cause) => return Err(Stop::failed(&cause)),
    };
    let page = gate(&app, &headers, SignIn { user: entry.user, next: entry.next, error, error_more: more, ..SignIn::default() }).await;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Only paths of our own: never another site.
fn local(next: &str) -> &str {
    if next.starts_with('/') && !next.starts_with("//") && !next.contains('\\') { next } else { "/" }
}

/// A form that holds nothing but the token.
#[derive(Debug, Deserialize)]
pub struct Token {
    #[serde(default)]
    csrf: String,
}

/// `POST /signout`
pub async fn leave(cx: Cx, Form(token): Form<Token>) -> PageResult {
    cx.check_token(&token.csrf)?;
    cx.app.core.store.end_sessions(Some(&cx.session.token), &cx.account.name).await?;
    let cookie = format!("{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0", session::COOKIE);
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/signin")).into_response())
}

/// What the password form sends.
#[derive(Debug, Deserialize)]
pub struct NewPassword {
    #[serde(default)]
    csrf: String,
    old: String,
    new: String,
    again: String,
}

/// `GET /password`
pub async fn password_form(cx: Cx) -> PageResult {
    let one_time = cx.account.one_time;
    cx.page(move |_| Ok::<_, ViewError>(password_page(one_time, &[]))).await
}

fn password_page(one_time: bool, errors: &[(&str, String)]) -> Page {
    let mut form = page::Form::new("password", "/password", "改口令");
    if one_time {
        form.notes.push(Note::amber("您用的是一次性口令，请先换成自己的口令。"));
    }
    for (key, label) in [("old", "现在的口令"), ("new", "新口令"), ("again", "再输一遍新口令")] {
        let mut field = Field::new(key, label, FieldKind::Password).required();
        field.errors = errors.iter().filter(|(k, _)| *k == key).map(|(_, e)| e.clone()).collect();
        if key == "new" {
            field = field.help(format!("至少 {} 位，含大写、小写、数字、符号中的两类以上", account::SHORTEST));
        }
        form = form.field(field);
    }
    Page::new("改口令", "").part(form)
}

/// `POST /password`
pub async fn change_password(cx: Cx, Form(form): Form<NewPassword>) -> PageResult {
    cx.check_token(&form.csrf)?;
    let mut errors = Vec::new();
    if !account::fits(&form.old, &cx.account.hash) {
        errors.push(("old", "现在的口令不对".to_owned()));
    }
    if let Some(weak) = account::weakness(&form.new, &cx.account.name) {
        errors.push(("new", weak));
    } else if form.new == form.old {
        errors.push(("new", "新口令不能与现在的相同".to_owned()));
    }
    if form.new != form.again {
        errors.push(("again", "两遍输入的不一样".to_owned()));
    }
    if !errors.is_empty() {
        let one_time = cx.account.one_time;
        let page = cx.page(move |_| Ok::<_, ViewError>(password_page(one_time, &errors))).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let hash = account::hash(&form.new).map_err(|e| Stop::failed(&e))?;
    let now = cx.app.core.clock.now();
    let changed = Account { hash, one_time: false, ..cx.account.clone() };
    cx.app.core.store.put_account(&changed, &view::core::stamp(now)).await?;
    // All other sessions end; this visitor gets a fresh one.
    cx.app.core.store.end_sessions(None, &changed.name).await?;
    let cookie = session::begin(&cx.app.core.store, &changed, now, cx.app.secure).await.map_err(|e| Stop::failed(&e))?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response())
}

/// What `/prefer` takes.
#[derive(Debug, Deserialize)]
pub struct Choice {
    #[serde(default)]
    lang: String,
    #[serde(default)]
    size: String,
    #[serde(default)]
    zone: String,
    #[serde(default)]
    back: String,
}

/// `GET /prefer`: language, type size, zone; goes back to where it was asked.
pub async fn prefer(headers: HeaderMap, Query(choice): Query<Choice>) -> Response {
    let mut prefer = Prefer::of(&headers);
    match choice.lang.as_str() {
        "en" => prefer.lang = values::Lang::En,
        "zh" => prefer.lang = values::Lang::Zh,
        _ => {}
    }
    match choice.size.as_str() {
        "large" => prefer.large = true,
        "normal" => prefer.large = false,
        _ => {}
    }
    if !choice.zone.is_empty() && choice.zone.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        prefer.zone = Some(choice.zone);
    }
    let cookie = format!("prefer={}; Path=/; SameSite=Lax; HttpOnly; Max-Age=31536000", prefer.cookie());
    ([(header::SET_COOKIE, cookie)], Redirect::to(local(&choice.back))).into_response()
}

#[cfg(test)]
mod tests {
    #[test]
    fn signing_in_never_leads_elsewhere() {
        for (next, to) in [("/a?b=1", "/a?b=1"), ("//evil.test", "/"), ("https://evil.test", "/"), ("/\\evil.test", "/"), ("", "/")] {
            assert_eq!(super::local(next), to, "{next}");
        }
    }
}
