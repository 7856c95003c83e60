//! Accounts: password hashes, one-time passwords, lock-out.
//!
//! Argon2id by the kept library with its defaults; five wrong passwords in a
//! row lock the account for fifteen minutes; a one-time password must be
//! changed at the first sign-in. No default account and no default password.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use jiff::{SignedDuration, Timestamp};
use store::account::Account;
use store::{Store, StoreError};

/// Wrong passwords in a row until the account is locked.
pub const TRIES: i64 = 5;
/// How long it stays locked, minutes.
pub const LOCK_MINUTES: i64 = 15;
/// Fewest characters of a password that a person chooses.
pub const SHORTEST: usize = 10;

/// Why a sign-in did not work.
#[derive(Debug, PartialEq, Eq)]
pub enum Refused {
    /// Wrong name or password; tries left before the lock.
    Wrong(i64),
    /// Locked for some minutes.
    Locked,
    /// The store failed; the text is for the log.
    Failed(String),
}

impl From<StoreError> for Refused {
    fn from(e: StoreError) -> Self {
        Self::Failed(e.to_string())
    }
}

/// Hash of a password, to be stored.
///
/// # Errors
/// If the machine has no randomness.
pub fn hash(password: &str) -> Result<String, String> {
    Argon2::default().hash_password(password.as_bytes()).map(|h| h.to_string()).map_err(|e| e.to_string())
}

/// True if the password fits the hash.
#[must_use]
pub fn fits(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|h| Argon2::default().verify_password(password.as_bytes(), &h).is_ok())
}

/// A random password for one sign-in: 4 × 4 characters that are not mistaken for each other.
///
/// # Errors
/// If the machine has no randomness.
pub fn one_time_password() -> Result<String, String> {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567892";
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).map_err(|e| e.to_string())?;
    let letters: Vec<char> = bytes.iter().map(|b| char::from(LETTERS[usize::from(b % 32)])).collect();
    Ok(letters.chunks(4).map(|c| c.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}

/// What is wrong with a password that a person chose, in words; `None` if it will do.
#[must_use]
pub fn weakness(password: &str, account: &str) -> Option<String> {
    let kinds = [char::is_lowercase, char::is_uppercase, char::is_numeric].iter().filter(|k| password.chars().any(**k)).count()
        + usize::from(password.chars().any(|c| !c.is_alphanumeric()));
    if password.chars().count() < SHORTEST {
        return Some(format!("口令至少 {SHORTEST} 位"));
    }
    if kinds < 2 {
        return Some("口令须含大写、小写、数字、符号中的两类以上".into());
    }
    password.contains(account).then(|| "口令不得包含用户名".into())
}

/// Checks name and password; counts wrong ones and locks. The hash is computed on a blocking thread.
///
/// # Errors
/// [`Refused`].
pub async fn sign_in(store: &Store, name: &str, password: &str, now: Timestamp) -> Result<Account, Refused> {
    let found = store.account(name).await?;
    if found.as_ref().and_then(|a| a.locked_until.as_deref()).and_then(|t| t.parse::<Timestamp>().ok()).is_some_and(|until| now < until) {
        return Err(Refused::Locked);
    }
    // An unknown name costs the same time as a wrong password.
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c3V5dWFuc3V5dWFuMDA$Qm8v1wFQ5kQbAdYfQm9yT2lq7m4rYk0pQ0h1c0d3bGs";
    let hash = found.as_ref().map_or(NOBODY, |a| a.hash.as_str()).to_owned();
    let given = password.to_owned();
    let right = tokio::task::spawn_blocking(move || fits(&given, &hash)).await.map_err(|e| Refused::Failed(e.to_string()))?;
    let Some(mut account) = found else { return Err(Refused::Wrong(TRIES - 1)) };
    let stamp = view::core::stamp(now);
    if right {
        if account.failures > 0 || account.locked_until.is_some() {
            account = Account { failures: 0, locked_until: None, ..account };
            store.put_account(&account, &stamp).await?;
        }
        return Ok(account);
    }
    account.failures += 1;
    let left = TRIES - account.failures;
    if left <= 0 {
        let until = now.checked_add(SignedDuration::from_mins(LOCK_MINUTES)).unwrap_or(now);
        account = Account { failures: 0, locked_until: Some(view::core::stamp(until)), ..account };
    }
    store.put_account(&account, &stamp).await?;
    Err(if left <= 0 { Refused::Locked } else { Refused::Wrong(left) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_fit_only_their_password() {
        let h = hash("Correct-horse1").unwrap();
        assert!(fits("Correct-horse1", &h) && !fits("correct-horse1", &h) && !fits("x", "nonsense"));
    }

    #[test]
    fn one_time_passwords_differ_and_weak_ones_are_told() {
        assert_ne!(one_time_password().unwrap(), one_time_password().unwrap());
        assert!(weakness("short1", "a").is_some() && weakness("alllowercase", "a").is_some() && weakness("admin-12345", "admin").is_some());
        assert_eq!(weakness("春天里的第3棵树下", "a"), Some("口令至少 10 位".into()));
        assert_eq!(weakness("Longer-than-ten", "bob"), None);
    }
}
