//! Sessions: a random cookie whose SHA-256 is stored, and a token on every unsafe request.
//!
//! Own code instead of a crate, for the reasons in `docs/decisions/003`; held
//! against the OWASP session and CSRF cheat sheets.

use axum::http::{HeaderMap, Method, header};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use store::account::{Account, Session};
use store::{Store, StoreError};

/// Name of the session cookie.
pub const COOKIE: &str = "suyuan";
/// A session ends after so many hours.
pub const HOURS: i64 = 10;

/// Value of one cookie of a request.
#[must_use]
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(n, _)| *n == name)
        .map(|(_, v)| v)
}

/// SHA-256 of a cookie, hexadecimal: what is stored.
#[must_use]
pub fn digest(token: &str) -> String {
    store::audit::hex(&Sha256::digest(token.as_bytes()))
}

/// 32 random bytes, hexadecimal.
///
/// # Errors
/// If the machine has no randomness.
pub fn token() -> Result<String, String> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(|e| e.to_string())?;
    Ok(store::audit::hex(&bytes))
}

/// Begins a session and returns the `Set-Cookie` value.
///
/// # Errors
/// No randomness, or the store's answer.
pub async fn begin(store: &Store, account: &Account, now: Timestamp, secure: bool) -> Result<String, String> {
    let cookie = token()?;
    let expires = now.checked_add(SignedDuration::from_hours(HOURS)).unwrap_or(now);
    let session = Session { token: digest(&cookie), account: account.name.clone(), csrf: token()?, expires: view::core::stamp(expires) };
    store.put_session(&session, &view::core::stamp(now)).await.map_err(|e| e.to_string())?;
    let secure = if secure { "; Secure" } else { "" };
    Ok(format!("{COOKIE}={cookie}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{secure}", HOURS * 3600))
}

/// The session and account of a request, if it has one that still holds.
///
/// # Errors
/// The store's answer.
pub async fn of(store: &Store, headers: &HeaderMap, now: Timestamp) -> Result<Option<(Session, Account)>, StoreError> {
    let Some(cookie) = cookie(headers, COOKIE) else { return Ok(None) };
    let Some(session) = store.session(&digest(cookie), &view::core::stamp(now)).await? else { return Ok(None) };
    Ok(store.account(&session.account).await?.map(|account| (session, account)))
}

/// True if a request changes nothing, or comes from our own pages: browsers send
/// `Sec-Fetch-Site` or `Origin` on unsafe requests, and the form its token.
#[must_use]
pub fn is_same_site(method: &Method, headers: &HeaderMap) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    if let Some(site) = headers.get("sec-fetch-site").and_then(|v| v.to_str().ok()) {
        return matches!(site, "same-origin" | "none");
    }
    let host = headers.get(header::HOST).and_then(|v| v.to_str().ok()).unwrap_or_default();
    headers.get(header::ORIGIN).and_then(|v| v.to_str().ok()).is_none_or(|o| o.split_once("://").is_some_and(|(_, h)| h == host))
}

/// Compares two tokens without telling by time where they differ.
#[must_use]
pub fn same_token(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0u8, |d, (x, y)| d | (x ^ y)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsafe_requests_from_elsewhere_are_told_apart() {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "zone.test".parse().unwrap());
        assert!(is_same_site(&Method::POST, &headers));
        headers.insert(header::ORIGIN, "https://evil.test".parse().unwrap());
        assert!(!is_same_site(&Method::POST, &headers) && is_same_site(&Method::GET, &headers));
        headers.insert(header::ORIGIN, "http://zone.test".parse().unwrap());
        assert!(is_same_site(&Method::POST, &headers));
        headers.insert("sec-fetch-site", "cross-site".parse().unwrap());
        assert!(!is_same_site(&Method::POST, &headers));
    }

    #[test]
    fn cookies_are_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, "a=1; suyuan=xyz; b=2".parse().unwrap());
        assert_eq!(cookie(&headers, COOKIE), Some("xyz"));
        assert!(same_token("abc", "abc") && !same_token("abc", "abd") && !same_token("ab", "abc"));
    }
}
