//! The hash chain: one link per commit, over the Merkle root of its digests.
//!
//! A change's digest covers who, when, before and after; for facts the row
//! and `fact_was` are the change, so a commit's root also covers the lines of
//! facts that it wrote and ended. Personal values enter a digest by their
//! salted hash only, so that erasing salt and value leaves the chain whole.

use crate::commit::Author;
use crate::database::{Result, Store};
use crate::fact::{self, FactRow};
use record::{Ledger, Value, json};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

/// 32 bytes of SHA-256.
pub type Hash = [u8; 32];

/// One logged change before it is written.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Ledger key.
    pub ledger: String,
    /// Record id.
    pub record: i64,
    /// Version that the change made.
    pub version: i64,
    /// Row before, none for a new record.
    pub before: Option<Vec<Value>>,
    /// Row after, none for a removed one.
    pub after: Option<Vec<Value>>,
}

impl Entry {
    pub(crate) fn new(ledger: &str, record: i64, version: i64, before: Option<Vec<Value>>, after: Option<Vec<Value>>) -> Self {
        Self { ledger: ledger.to_owned(), record, version, before, after }
    }
}

/// What a link says beside its hashes.
#[derive(Debug, Clone, Copy)]
pub struct LinkHead<'a> {
    /// Zone key.
    pub zone: &'a str,
    /// Commit number.
    pub seq: i64,
    /// When, UTC.
    pub at: &'a str,
    /// Who.
    pub who: &'a str,
    /// Batch, 0 if typed.
    pub batch: i64,
    /// Number of record changes.
    pub changes: i64,
    /// Number of facts written and ended.
    pub facts: i64,
}

/// Hexadecimal of bytes.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// A row as JSON for the log; personal values stand beside their salted hash.
pub(crate) fn image(ledger: &Ledger, row: Option<&[Value]>, salt: &[u8]) -> Option<Json> {
    let row = row?;
    let Json::Object(mut map) = json::row_to_json(ledger, row) else { return None };
    for field in ledger.fields.iter().filter(|f| f.personal) {
        if let Some(value) = map.get_mut(&field.key) {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let hash = hex(&personal_hash(salt, &field.key, &text));
            *value = serde_json::json!({ "h": hash, "v": text });
        }
    }
    Some(Json::Object(map))
}

fn personal_hash(salt: &[u8], key: &str, value: &str) -> Hash {
    let mut hasher = Sha256::new();
    for part in [salt, key.as_bytes(), value.as_bytes()] {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// The image with personal values taken out, as digests see it.
fn redacted(image: &Json) -> String {
    let Json::Object(map) = image else { return image.to_string() };
    let map: serde_json::Map<_, _> = map
        .iter()
        .map(|(k, v)| match v {
            Json::Object(personal) => (k.clone(), personal.get("h").cloned().unwrap_or(Json::Null)),
            other => (k.clone(), other.clone()),
        })
        .collect();
    Json::Object(map).to_string()
}

/// Digest of one change.
pub(crate) fn digest(zone: &str, seq: i64, n: i64, author: &Author, entry: &Entry, before: Option<&Json>, after: Option<&Json>) -> Hash {
    let numbers = format!("{seq},{n},{},{},{}", author.batch, entry.record, entry.version);
    let (before, after) = (before.map(redacted).unwrap_or_default(), after.map(redacted).unwrap_or_default());
    hash_parts(&[zone, &numbers, &author.at, &author.who, &entry.ledger, &before, &after])
}

fn hash_parts(parts: &[&str]) -> Hash {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().into()
}

/// Merkle root over digests of changes, then facts written, then facts ended, each in key order.
pub(crate) fn root(digests: &[Vec<u8>], written: &[FactRow], ended: &[FactRow]) -> Hash {
    let mut leaves: Vec<Hash> = digests.iter().map(|d| leaf(0, d)).collect();
    for (kind, facts) in [(1u8, written), (2u8, ended)] {
        let mut lines: Vec<(fact::FactKey, String)> = facts.iter().map(|f| (f.key(), f.line())).collect();
        lines.sort_unstable();
        leaves.extend(lines.iter().map(|(_, line)| leaf(kind, line.as_bytes())));
    }
    merkle(leaves)
}

fn leaf(kind: u8, bytes: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([kind]);
    hasher.update(bytes);
    hasher.finalize().into()
}

fn merkle(mut level: Vec<Hash>) -> Hash {
    if level.is_empty() {
        return [0; 32];
    }
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [a, b] => {
                    let mut hasher = Sha256::new();
                    hasher.update([255]);
                    hasher.update(a);
                    hasher.update(b);
                    hasher.finalize().into()
                }
                rest => rest[0],
            })
            .collect();
    }
    level[0]
}

/// Hash of a link.
pub(crate) fn link_hash(head: &LinkHead<'_>, root: &Hash, previous: &[u8]) -> Hash {
    let numbers = format!("{},{},{},{}", head.seq, head.batch, head.changes, head.facts);
    hash_parts(&[head.zone, &numbers, head.at, head.who, &hex(root), &hex(previous)])
}

/// What a check of the chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditReport {
    /// Commits that were checked.
    pub commits: i64,
    /// Changes and facts that were checked.
    pub changes: i64,
    /// Hash of the last link, hexadecimal.
    pub anchor: String,
    /// The first thing that is wrong, in words; `None` if all is well.
    pub broken: Option<String>,
}

impl Store {
    /// Checks the chain of a zone from its first commit; with an anchor printed on a report, also that the chain still contains it.
    ///
    /// # Errors
    /// The database's answer; a broken chain is a result, not an error.
    pub async fn audit(&self, zone: &str, anchor: Option<&str>) -> Result<AuditReport> {
        let links = self
            .rows("SELECT seq, at, who, batch, changes, facts, root, previous, hash FROM link WHERE zone = $1 ORDER BY seq", &[zone.into()])
            .await?;
        let mut report = AuditReport { commits: 0, changes: 0, anchor: String::new(), broken: None };
        let mut previous = vec![0u8; 32];
        let mut seen_anchor = anchor.is_none();
        for (expected, row) in (1i64..).zip(&links) {
            let (seq, at, who) = (row.int(0)?, row.text(1)?, row.text(2)?);
            let head = LinkHead { zone, seq, at: &at, who: &who, batch: row.int(3)?, changes: row.int(4)?, facts: row.int(5)? };
            if let Some(broken) = self.check_link(expected, &head, row, &previous).await? {
                report.broken = Some(broken);
                return Ok(report);
            }
            previous = row.bytes(8)?;
            seen_anchor |= anchor == Some(hex(&previous).as_str());
            report.commits += 1;
            report.changes += head.changes + head.facts;
            report.anchor = hex(&previous);
        }
        if !seen_anchor {
            report.broken = Some("链中没有报告上印的锚值：该锚值之后的记录被截去，或报告不出自本库".into());
        }
        let counted = self.row("SELECT next FROM counter WHERE zone = $1 AND name = '#seq'", &[zone.into()]).await?;
        let last = counted.map_or(Ok(1), |r| r.int(0))? - 1;
        if report.broken.is_none() && last != report.commits {
            report.broken = Some(format!("应有 {last} 次提交，链中只有 {} 次", report.commits));
        }
        Ok(report)
    }

    async fn check_link(&self, expected: i64, head: &LinkHead<'_>, row: &crate::Row, previous: &[u8]) -> Result<Option<String>> {
        let seq = head.seq;
        if seq != expected {
            return Ok(Some(format!("缺第 {expected} 次提交")));
        }
        if let Some(bad) = self.check_changes(head).await? {
            return Ok(Some(bad));
        }
        let digests =
            self.rows("SELECT digest FROM change WHERE zone = $1 AND seq = $2 ORDER BY n", &[head.zone.into(), seq.into()]).await?;
        let digests: Vec<Vec<u8>> = digests.iter().map(|r| r.bytes(0)).collect::<Result<_>>()?;
        let (written, ended) = self.facts_of_commit(head.zone, seq).await?;
        let root = root(&digests, &written, &ended);
        if root.as_slice() != row.bytes(6)?.as_slice() || i64::try_from(written.len() + ended.len()).ok() != Some(head.facts) {
            return Ok(Some(format!("第 {seq} 次提交（{}，{}）的数据被改动", head.at, head.who)));
        }
        if previous != row.bytes(7)?.as_slice() || link_hash(head, &root, previous).as_slice() != row.bytes(8)?.as_slice() {
            return Ok(Some(format!("第 {seq} 次提交的链接被改动")));
        }
        Ok(None)
    }

    async fn check_changes(&self, head: &LinkHead<'_>) -> Result<Option<String>> {
        let rows = self
            .rows(
                "SELECT n, at, who, batch, ledger, record, version, before, after, digest FROM change WHERE zone = $1 AND seq = $2 ORDER BY n",
                &[head.zone.into(), head.seq.into()],
            )
            .await?;
        if i64::try_from(rows.len()).ok() != Some(head.changes) {
            return Ok(Some(format!("第 {} 次提交应有 {} 条变更，现有 {} 条", head.seq, head.changes, rows.len())));
        }
        for row in &rows {
            let author = Author { at: row.text(1)?, who: row.text(2)?, batch: row.int(3)? };
            let entry = Entry::new(&row.text(4)?, row.int(5)?, row.int(6)?, None, None);
            let parse = |t: Option<String>| t.map(|t| serde_json::from_str::<Json>(&t).unwrap_or(Json::String(t)));
            let (before, after) = (parse(row.text_or_null(7)?), parse(row.text_or_null(8)?));
            let digest = digest(head.zone, head.seq, row.int(0)?, &author, &entry, before.as_ref(), after.as_ref());
            if digest.as_slice() != row.bytes(9)?.as_slice() {
                return Ok(Some(format!("第 {} 次提交第 {} 条变更（{} {}）被改动", head.seq, row.int(0)?, entry.ledger, entry.record)));
            }
        }
        Ok(None)
    }

    /// Facts that a commit wrote (wherever they stand now) and ended.
    async fn facts_of_commit(&self, zone: &str, seq: i64) -> Result<(Vec<FactRow>, Vec<FactRow>)> {
        let binds = [zone.into(), seq.into()];
        let mut written = Vec::new();
        for table in ["fact", "fact_was"] {
            let sql = format!("SELECT {} FROM {table} WHERE zone = $1 AND seq = $2", fact::COLUMNS);
            for row in self.rows(&sql, &binds).await? {
                written.push(fact::read(&row)?);
            }
        }
        let sql = format!("SELECT {} FROM fact_was WHERE zone = $1 AND seq_until = $2", fact::COLUMNS);
        let ended = self.rows(&sql, &binds).await?.iter().map(fact::read).collect::<Result<_>>()?;
        Ok((written, ended))
    }
}
