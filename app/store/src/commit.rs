//! One commit: numbers, rows, facts, log and link in one transaction.
//!
//! Everything is staged by the caller without the write lock; this applies it
//! in one short transaction. `seq` counts commits of a zone without gaps.

use crate::audit::{self, Entry};
use crate::change::{ChangeSet, RecordChange};
use crate::database::{Bind, Result, Store, StoreError, Tx};
use crate::fact::{self, FactKey, FactRow};
use crate::sql;
use record::{Kind, Ledger, Value, json};
use std::collections::{BTreeMap, HashMap};

/// Ledgers by key, as the commit needs them.
pub type Ledgers = BTreeMap<String, Ledger>;

/// Who writes, when, for which batch.
#[derive(Debug, Clone)]
pub struct Author {
    /// Account name, or `operator` for the command line.
    pub who: String,
    /// When, UTC, RFC 3339.
    pub at: String,
    /// Batch that the changes belong to, 0 if typed.
    pub batch: i64,
}

/// What a commit did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// Its number.
    pub seq: i64,
    /// Ids given to new records: negative id → id, by ledger.
    pub ids: HashMap<(String, i64), i64>,
    /// Facts that really changed.
    pub facts_changed: usize,
    /// Records that really changed.
    pub records_changed: usize,
    /// Hash of the link, hexadecimal: the anchor.
    pub anchor: String,
}

impl Store {
    /// Writes a change set; nothing is written if any part fails.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when a record was changed since it was seen,
    /// [`StoreError::Duplicate`] when an outer key is taken, or the database's answer.
    pub async fn commit(&self, zone: &str, ledgers: &Ledgers, author: &Author, set: &ChangeSet) -> Result<Committed> {
        let mut tx = self.begin().await?;
        let committed = tx.apply(zone, ledgers, author, set).await?;
        tx.commit().await?;
        Ok(committed)
    }
}

impl Tx {
    /// Applies a change set inside this transaction; see [`Store::commit`].
    ///
    /// # Errors
    /// As there.
    pub async fn apply(&mut self, zone: &str, ledgers: &Ledgers, author: &Author, set: &ChangeSet) -> Result<Committed> {
        let seq = self.next(zone, "#seq").await?;
        let ids = self.number_records(zone, &set.records).await?;
        let mut entries = Vec::new();
        for (ledger, changes) in by_ledger(&set.records) {
            let ledger = ledgers.get(ledger).ok_or_else(|| StoreError::Corrupt(format!("unknown ledger {ledger}")))?;
            self.write_records(zone, ledger, author, &changes, &ids, &mut entries).await?;
        }
        let records_changed = entries.len();
        self.write_log(zone, seq, author, ledgers, &entries).await?;
        let digests = self.digests(zone, seq).await?;
        let (written, ended) = self.write_facts(zone, seq, &set.facts, &set.withdrawn).await?;
        let facts_changed = written.len() + ended.iter().filter(|e| !written.iter().any(|w| w.key() == e.key())).count();
        let anchor = self.write_link(zone, seq, author, &digests, &written, &ended).await?;
        Ok(Committed { seq, ids, facts_changed, records_changed, anchor })
    }

    async fn number_records(&mut self, zone: &str, changes: &[RecordChange]) -> Result<HashMap<(String, i64), i64>> {
        let mut news: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
        for change in changes.iter().filter(|c| c.id < 0) {
            news.entry(&change.ledger).or_default().push(change.id);
        }
        let mut ids = HashMap::new();
        for (ledger, list) in news {
            let many = i64::try_from(list.len()).unwrap_or(i64::MAX);
            let first = self.take(zone, &format!("ledger:{ledger}"), many).await?;
            ids.extend((first..).zip(list).map(|(id, new)| ((ledger.to_owned(), new), id)));
        }
        Ok(ids)
    }

    async fn write_records(
        &mut self,
        zone: &str,
        ledger: &Ledger,
        author: &Author,
        changes: &[&RecordChange],
        ids: &HashMap<(String, i64), i64>,
        entries: &mut Vec<Entry>,
    ) -> Result<()> {
        let mut inserted = Vec::new();
        for change in changes {
            let after = change.after.as_ref().map(|row| resolve(ledger, row, ids));
            if change.id < 0 {
                let id = ids[&(ledger.key.clone(), change.id)];
                let row = after.unwrap_or_default();
                inserted.extend(fixed_binds(zone, id, 1, author.batch, change.source, ledger, &row));
                entries.push(Entry::new(&ledger.key, id, 1, None, Some(row)));
                continue;
            }
            let current = self.current(zone, ledger, change.id).await?;
            let found = current.as_ref().map_or(0, |c| c.0);
            if found != change.seen {
                return Err(StoreError::Stale { ledger: ledger.key.clone(), record: change.id, expected: change.seen, found });
            }
            let before = current.map(|c| c.1).unwrap_or_default();
            match after {
                Some(row) if row == before => {}
                Some(row) => {
                    self.update_record(zone, ledger, author, change, &row).await?;
                    entries.push(Entry::new(&ledger.key, change.id, change.seen + 1, Some(before), Some(row)));
                }
                None => {
                    self.execute(&sql::delete(ledger), &[zone.into(), change.id.into(), change.seen.into()]).await?;
                    entries.push(Entry::new(&ledger.key, change.id, change.seen + 1, Some(before), None));
                }
            }
        }
        if !inserted.is_empty() {
            let (head, columns) = sql::insert_head(ledger);
            self.insert(&head, columns, inserted, "").await.map_err(|e| duplicate(ledger, e))?;
        }
        Ok(())
    }

    async fn update_record(&mut self, zone: &str, ledger: &Ledger, author: &Author, change: &RecordChange, row: &[Value]) -> Result<()> {
        let mut binds: Vec<Bind> =
            vec![(change.seen + 1).into(), author.batch.into(), change.source.into(), Bind::Text(own_fields(ledger, row))];
        binds.extend(declared(ledger, row));
        binds.extend([zone.into(), change.id.into(), change.seen.into()]);
        self.execute(&sql::update(ledger), &binds).await.map_err(|e| duplicate(ledger, e))?;
        Ok(())
    }

    /// Version and row of a record as it stands; `None` if there is none.
    async fn current(&mut self, zone: &str, ledger: &Ledger, id: i64) -> Result<Option<(i64, Vec<Value>)>> {
        let statement = format!("{} WHERE zone = $1 AND id = $2", sql::select(ledger));
        let rows = self.rows(&statement, &[zone.into(), id.into()]).await?;
        rows.first().map(|row| crate::read::record(ledger, row).map(|r| (r.version, r.row))).transpose()
    }

    /// Writes changed facts; returns those written and those that ended.
    async fn write_facts(
        &mut self,
        zone: &str,
        seq: i64,
        facts: &[FactRow],
        withdrawn: &[FactRow],
    ) -> Result<(Vec<FactRow>, Vec<FactRow>)> {
        let standing = self.standing(zone, facts.iter().chain(withdrawn)).await?;
        let (mut written, mut ended): (Vec<FactRow>, Vec<FactRow>) = (Vec::new(), Vec::new());
        let mut last: HashMap<FactKey, usize> = HashMap::new();
        for fact in facts {
            let now = last.get(&fact.key()).map(|i| &written[*i]).or_else(|| standing.get(&fact.key()));
            if now.is_some_and(|n| n.same_value(fact)) {
                continue;
            }
            if let Some(i) = last.get(&fact.key()) {
                written[*i] = fact.clone();
                continue;
            }
            ended.extend(standing.get(&fact.key()).cloned());
            last.insert(fact.key(), written.len());
            written.push(FactRow { seq, ..fact.clone() });
        }
        for gone in withdrawn {
            if let Some(now) = standing.get(&gone.key()).filter(|_| !last.contains_key(&gone.key())) {
                ended.push(now.clone());
                self.execute(
                    "DELETE FROM fact WHERE zone = $1 AND metric = $2 AND scenario = $3 AND source = $4 AND measure = $5 AND period = $6 AND subject = $7",
                    &gone.binds(zone, 0)[..7],
                )
                .await?;
            }
        }
        self.end_facts(zone, seq, &ended).await?;
        let binds: Vec<Bind> = written.iter().flat_map(|f| f.binds(zone, seq)).collect();
        let tail = " ON CONFLICT (zone, metric, scenario, source, measure, period, subject) DO UPDATE SET value = excluded.value, value_to = excluded.value_to, text = excluded.text, bound = excluded.bound, status = excluded.status, batch = excluded.batch, cell = excluded.cell, seq = excluded.seq";
        self.insert(&format!("INSERT INTO fact (zone, {}) VALUES ", fact::COLUMNS), 15, binds, tail).await?;
        Ok((written, ended))
    }

    async fn end_facts(&mut self, zone: &str, seq: i64, ended: &[FactRow]) -> Result<()> {
        let mut binds = Vec::with_capacity(ended.len() * 16);
        for fact in ended {
            binds.extend(fact.binds(zone, fact.seq));
            binds.push(seq.into());
        }
        self.insert(&format!("INSERT INTO fact_was (zone, {}, seq_until) VALUES ", fact::COLUMNS), 16, binds, "").await
    }

    /// Facts that stand at the keys given, read by (metric, scenario, source, measure, period).
    async fn standing<'a>(&mut self, zone: &str, facts: impl Iterator<Item = &'a FactRow>) -> Result<HashMap<FactKey, FactRow>> {
        let mut groups: BTreeMap<(i64, i64, i64, i64, i64), Vec<i64>> = BTreeMap::new();
        for f in facts {
            groups.entry((f.metric, f.scenario, f.source, f.measure, f.period)).or_default().push(f.subject);
        }
        let mut standing = HashMap::new();
        for (group, subjects) in groups {
            let mut statement = format!(
                "SELECT {} FROM fact WHERE zone = $1 AND metric = $2 AND scenario = $3 AND source = $4 AND measure = $5 AND period = $6",
                fact::COLUMNS
            );
            let mut binds: Vec<Bind> = vec![zone.into(), group.0.into(), group.1.into(), group.2.into(), group.3.into(), group.4.into()];
            if let [one] = subjects.as_slice() {
                statement.push_str(" AND subject = $7");
                binds.push((*one).into());
            }
            for row in self.rows(&statement, &binds).await? {
                let fact = fact::read(&row)?;
                standing.insert(fact.key(), fact);
            }
        }
        Ok(standing)
    }

    async fn write_log(&mut self, zone: &str, seq: i64, author: &Author, ledgers: &Ledgers, entries: &[Entry]) -> Result<()> {
        let mut binds = Vec::with_capacity(entries.len() * 12);
        for (n, entry) in (1i64..).zip(entries) {
            let ledger = &ledgers[&entry.ledger];
            let salt = self.salt(zone, ledger, entry.record).await?;
            let (before, after) =
                (audit::image(ledger, entry.before.as_deref(), &salt), audit::image(ledger, entry.after.as_deref(), &salt));
            let digest = audit::digest(zone, seq, n, author, entry, before.as_ref(), after.as_ref());
            binds.extend([
                zone.into(),
                seq.into(),
                n.into(),
                author.at.clone().into(),
                author.who.clone().into(),
                author.batch.into(),
                entry.ledger.clone().into(),
                entry.record.into(),
                entry.version.into(),
                before.map(|j| j.to_string()).into(),
                after.map(|j| j.to_string()).into(),
                digest.to_vec().into(),
            ]);
        }
        let head = "INSERT INTO change (zone, seq, n, at, who, batch, ledger, record, version, before, after, digest) VALUES ";
        self.insert(head, 12, binds, "").await
    }

    /// Salt of a record with personal fields; made on first use, empty where there are none.
    async fn salt(&mut self, zone: &str, ledger: &Ledger, record: i64) -> Result<Vec<u8>> {
        if !ledger.fields.iter().any(|f| f.personal) {
            return Ok(Vec::new());
        }
        let key: [Bind; 3] = [zone.into(), ledger.key.as_str().into(), record.into()];
        if let Some(row) = self.rows("SELECT salt FROM salt WHERE zone = $1 AND ledger = $2 AND record = $3", &key).await?.first() {
            return row.bytes(0);
        }
        let mut salt = vec![0u8; 16];
        getrandom::fill(&mut salt).map_err(|e| StoreError::Corrupt(format!("no randomness: {e}")))?;
        let [z, l, r] = key;
        self.execute("INSERT INTO salt (zone, ledger, record, salt) VALUES ($1, $2, $3, $4)", &[z, l, r, salt.clone().into()]).await?;
        Ok(salt)
    }

    async fn digests(&mut self, zone: &str, seq: i64) -> Result<Vec<Vec<u8>>> {
        let rows = self.rows("SELECT digest FROM change WHERE zone = $1 AND seq = $2 ORDER BY n", &[zone.into(), seq.into()]).await?;
        rows.iter().map(|r| r.bytes(0)).collect()
    }

    async fn write_link(
        &mut self,
        zone: &str,
        seq: i64,
        author: &Author,
        digests: &[Vec<u8>],
        written: &[FactRow],
        ended: &[FactRow],
    ) -> Result<String> {
        let rows = self.rows("SELECT hash FROM link WHERE zone = $1 AND seq = $2", &[zone.into(), (seq - 1).into()]).await?;
        let previous = rows.first().map_or(Ok(vec![0u8; 32]), |r| r.bytes(0))?;
        let root = audit::root(digests, written, ended);
        let facts = i64::try_from(written.len() + ended.len()).unwrap_or(i64::MAX);
        let changes = i64::try_from(digests.len()).unwrap_or(i64::MAX);
        let head = audit::LinkHead { zone, seq, at: &author.at, who: &author.who, batch: author.batch, changes, facts };
        let hash = audit::link_hash(&head, &root, &previous);
        self.execute(
            "INSERT INTO link (zone, seq, at, who, batch, changes, facts, root, previous, hash, algorithm) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            &[
                zone.into(),
                seq.into(),
                author.at.clone().into(),
                author.who.clone().into(),
                author.batch.into(),
                changes.into(),
                facts.into(),
                root.to_vec().into(),
                previous.into(),
                hash.to_vec().into(),
                "sha256".into(),
            ],
        )
        .await?;
        Ok(audit::hex(&hash))
    }
}

fn by_ledger(changes: &[RecordChange]) -> BTreeMap<&str, Vec<&RecordChange>> {
    let mut map: BTreeMap<&str, Vec<&RecordChange>> = BTreeMap::new();
    for change in changes {
        map.entry(&change.ledger).or_default().push(change);
    }
    map
}

/// Replaces negative ids of records that are new in the same change set.
fn resolve(ledger: &Ledger, row: &[Value], ids: &HashMap<(String, i64), i64>) -> Vec<Value> {
    let mut row = row.to_vec();
    row.resize(ledger.fields.len(), Value::Null);
    for (field, value) in ledger.fields.iter().zip(&mut row) {
        if let (Kind::Ref(other), Value::Int(id)) = (field.kind, &*value)
            && *id < 0
            && let Some(real) = ids.get(&(other.to_owned(), *id))
        {
            *value = Value::Int(*real);
        }
    }
    row
}

fn fixed_binds(zone: &str, id: i64, version: i64, batch: i64, src: i64, ledger: &Ledger, row: &[Value]) -> Vec<Bind> {
    let mut binds: Vec<Bind> = vec![zone.into(), id.into(), version.into(), batch.into(), src.into(), Bind::Text(own_fields(ledger, row))];
    binds.extend(declared(ledger, row));
    binds
}

fn declared(ledger: &Ledger, row: &[Value]) -> Vec<Bind> {
    ledger
        .fields
        .iter()
        .enumerate()
        .filter(|(_, f)| !f.custom)
        .map(|(i, f)| match row.get(i) {
            Some(Value::Int(v)) => Bind::Int(Some(*v)),
            Some(Value::Text(t)) => Bind::Text(Some(t.clone())),
            _ if f.is_int() => Bind::Int(None),
            _ => Bind::Text(None),
        })
        .collect()
}

/// The zone's own fields of a row as one JSON text, `None` if all are blank.
fn own_fields(ledger: &Ledger, row: &[Value]) -> Option<String> {
    let map: serde_json::Map<_, _> =
        ledger.fields.iter().zip(row).filter(|(f, v)| f.custom && !v.is_null()).map(|(f, v)| (f.key.clone(), json::to_json(v))).collect();
    (!map.is_empty()).then(|| serde_json::Value::Object(map).to_string())
}

/// Names the outer key if the database refused a row for it.
fn duplicate(ledger: &Ledger, error: StoreError) -> StoreError {
    let StoreError::Statement { cause: sqlx::Error::Database(answer), .. } = &error else { return error };
    if !answer.is_unique_violation() {
        return error;
    }
    let key = ledger.unique().map(|(_, f)| f.label.clone()).unwrap_or_default();
    StoreError::Duplicate { ledger: ledger.label.clone(), key }
}
