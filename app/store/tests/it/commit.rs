//! What a commit promises.

use crate::support::{author, fact, ledgers, new, on_each_store, records, row};
use record::{Query, Value};
use store::{ChangeSet, RecordChange, StoreError};

#[test]
fn new_records_are_numbered_and_referred_to() {
    on_each_store(|store| async move {
        let ledgers = ledgers();
        let link = RecordChange {
            ledger: "title_link".into(),
            id: -9,
            seen: 0,
            after: Some(vec![Value::Int(-2), Value::Text("srdi".into())]),
            source: -1,
        };
        let set = records(vec![new(-1, row("A", "甲", 1)), new(-2, row("B", "乙", 2)), link]);
        let done = store.commit("z", &ledgers, &author(0), &set).await.unwrap();
        assert_eq!((done.seq, done.records_changed), (1, 3));
        let stored = store.get("z", &ledgers["title_link"], 1).await.unwrap().unwrap();
        assert_eq!(stored.row[0], Value::Int(2));
        assert_eq!(store.get("z", &ledgers["enterprise"], 2).await.unwrap().unwrap().row, row("B", "乙", 2));
        assert_eq!(store.get("other", &ledgers["enterprise"], 2).await.unwrap(), None);
    });
}

#[test]
fn a_stale_version_or_a_taken_key_changes_nothing() {
    on_each_store(|store| async move {
        let ledgers = ledgers();
        store.commit("z", &ledgers, &author(0), &records(vec![new(-1, row("A", "甲", 1))])).await.unwrap();
        let hash = store.content_hash("z", &ledgers).await.unwrap();
        let change = |seen| RecordChange { ledger: "enterprise".into(), id: 1, seen, after: Some(row("A", "丙", 3)), source: -1 };
        let stale = store.commit("z", &ledgers, &author(0), &records(vec![new(-1, row("C", "丁", 1)), change(7)])).await;
        assert!(matches!(stale, Err(StoreError::Stale { expected: 7, found: 1, .. })));
        let twice = store.commit("z", &ledgers, &author(0), &records(vec![new(-1, row("A", "戊", 1))])).await;
        assert!(matches!(twice, Err(StoreError::Duplicate { .. })));
        assert_eq!(store.content_hash("z", &ledgers).await.unwrap(), hash);
        let done = store.commit("z", &ledgers, &author(0), &records(vec![change(1)])).await.unwrap();
        assert_eq!(done.seq, 2);
        assert_eq!(store.get("z", &ledgers["enterprise"], 1).await.unwrap().unwrap().version, 2);
        assert_eq!(store.history("z", "enterprise", 1).await.unwrap().len(), 2);
    });
}

#[test]
fn facts_keep_what_they_were() {
    on_each_store(|store| async move {
        let ledgers = ledgers();
        let set = |facts| ChangeSet { facts, ..ChangeSet::default() };
        store.commit("z", &ledgers, &author(1), &set(vec![fact(1, 1, 10), fact(1, 2, 20)])).await.unwrap();
        let same = store.commit("z", &ledgers, &author(2), &set(vec![fact(1, 1, 10)])).await.unwrap();
        assert_eq!(same.facts_changed, 0);
        let changed = store.commit("z", &ledgers, &author(3), &set(vec![fact(1, 1, 11), fact(1, 3, 5)])).await.unwrap();
        assert_eq!(changed.facts_changed, 2);
        let versions = store.fact_versions("z", fact(1, 1, 0).key()).await.unwrap();
        let told: Vec<_> = versions.iter().map(|(f, until)| (f.value, f.seq, *until)).collect();
        assert_eq!(told, [(Some(10), 1, Some(3)), (Some(11), 3, None)]);
        let undo = ChangeSet { withdrawn: vec![fact(1, 3, 0)], facts: vec![fact(1, 1, 10)], ..ChangeSet::default() };
        store.commit("z", &ledgers, &author(4), &undo).await.unwrap();
        assert_eq!(store.facts("z").await.unwrap().len(), 2);
        assert_eq!(store.audit("z", None).await.unwrap().broken, None);
    });
}

#[test]
fn lists_go_by_keyset_and_blanks_come_first() {
    on_each_store(|store| async move {
        let ledgers = ledgers();
        let mut rows: Vec<_> = (0..25).map(|i| new(-1 - i, row(&format!("C{i:02}"), &format!("名{}", i % 3), i / 2))).collect();
        rows[7].after.as_mut().unwrap()[2] = Value::Null;
        store.commit("z", &ledgers, &author(0), &records(rows)).await.unwrap();
        let ledger = &ledgers["enterprise"];
        for descending in [false, true] {
            let mut query = Query { sort: Some("land".into()), descending, limit: 7, ..Query::default() };
            let mut seen = Vec::new();
            loop {
                let page = store.list("z", ledger, &query).await.unwrap();
                seen.extend(page.iter().map(|s| (s.row[2].int(), s.id)));
                let Some(last) = page.last().filter(|_| page.len() == 7) else { break };
                query.after = Some((last.row[2].clone(), last.id));
            }
            let mut sorted = seen.clone();
            sorted.sort_unstable();
            if descending {
                sorted.reverse();
            }
            assert_eq!((seen.len(), &seen), (25, &sorted));
        }
        assert_eq!(store.count("z", ledger, &[]).await.unwrap(), 25);
    });
}

#[test]
fn one_directory_has_one_writer() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let folder = std::env::temp_dir().join(format!("suyuan-lock-{}", std::process::id()));
        let place = folder.to_str().unwrap();
        let first = store::Store::open(place).await.unwrap();
        assert!(matches!(store::Store::open(place).await, Err(StoreError::Locked(_))));
        let beside = store::Store::open_reading(place).await.unwrap();
        assert!(beside.begin().await.is_err() && beside.zones().await.unwrap().is_empty());
        beside.close().await;
        first.close().await;
        store::Store::open(place).await.unwrap().close().await;
        std::fs::remove_dir_all(&folder).unwrap();
    });
}
