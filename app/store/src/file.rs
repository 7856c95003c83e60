//! Uploaded files, kept by SHA-256 in chunks, one copy per zone.

use crate::database::{Bind, Result, Store, StoreError, Tx};
use sha2::{Digest, Sha256};

const CHUNK: usize = 1 << 20;

/// What is known of a kept file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileInfo {
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// Name as uploaded.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// When, UTC.
    pub at: String,
    /// Who.
    pub who: String,
}

/// SHA-256 of a file, hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    crate::audit::hex(&Sha256::digest(bytes))
}

impl Tx {
    /// Keeps a file; does nothing if the zone has it already. Returns its SHA-256.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn keep_file(&mut self, zone: &str, name: &str, bytes: &[u8], at: &str, who: &str) -> Result<String> {
        let sha = sha256(bytes);
        let found = self.rows("SELECT 1 FROM file WHERE zone = $1 AND sha256 = $2", &[zone.into(), sha.as_str().into()]).await;
        if !found?.is_empty() {
            return Ok(sha);
        }
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        self.execute(
            "INSERT INTO file (zone, sha256, name, size, at, who) VALUES ($1, $2, $3, $4, $5, $6)",
            &[zone.into(), sha.as_str().into(), name.into(), size.into(), at.into(), who.into()],
        )
        .await?;
        for (n, chunk) in (0i64..).zip(bytes.chunks(CHUNK)) {
            let binds: [Bind; 4] = [zone.into(), sha.as_str().into(), n.into(), chunk.to_vec().into()];
            self.execute("INSERT INTO file_chunk (zone, sha256, n, bytes) VALUES ($1, $2, $3, $4)", &binds).await?;
        }
        Ok(sha)
    }
}

impl Store {
    /// Bytes of a kept file; `None` if the zone has none by that hash.
    ///
    /// # Errors
    /// The database's answer, or bytes that no longer match the hash.
    pub async fn file(&self, zone: &str, sha: &str) -> Result<Option<(FileInfo, Vec<u8>)>> {
        let Some(info) = self.file_info(zone, sha).await? else { return Ok(None) };
        let rows = self
            .rows("SELECT bytes FROM file_chunk WHERE zone = $1 AND sha256 = $2 ORDER BY n", &[zone.into(), info.sha256.as_str().into()])
            .await?;
        let mut bytes = Vec::with_capacity(usize::try_from(info.size).unwrap_or(0));
        for row in &rows {
            bytes.extend(row.bytes(0)?);
        }
        if sha256(&bytes) != info.sha256 {
            return Err(StoreError::Corrupt(format!("文件 {} 与其 SHA-256 不符", info.name)));
        }
        Ok(Some((info, bytes)))
    }

    /// What is known of a kept file, by its whole SHA-256 or the first 16 characters.
    ///
    /// # Errors
    /// The database's answer.
    pub async fn file_info(&self, zone: &str, sha: &str) -> Result<Option<FileInfo>> {
        let statement = "SELECT sha256, name, size, at, who FROM file WHERE zone = $1 AND sha256 >= $2 AND sha256 <= $3 LIMIT 1";
        let row = self.row(statement, &[zone.into(), sha.into(), format!("{sha}~").into()]).await?;
        row.map(|r| Ok(FileInfo { sha256: r.text(0)?, name: r.text(1)?, size: r.int(2)?, at: r.text(3)?, who: r.text(4)? })).transpose()
    }
}
