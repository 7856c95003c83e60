//! A flipped byte anywhere is named; a cut tail is found by a printed anchor.

use crate::support::{author, fact, ledgers, new, on_each_store, row};
use store::{ChangeSet, Store};

async fn filled(store: &Store) -> String {
    let ledgers = ledgers();
    for i in 0..3 {
        let facts = vec![fact(1, 1, 10 + i), fact(1, 2 + i, 5)];
        let set = ChangeSet { records: vec![new(-1, row(&format!("A{i}"), "甲", i))], facts, ..ChangeSet::default() };
        store.commit("z", &ledgers, &author(0), &set).await.unwrap();
    }
    store.audit("z", None).await.unwrap().anchor
}

#[test]
fn an_untouched_chain_is_whole_and_contains_its_anchor() {
    on_each_store(|store| async move {
        let anchor = filled(&store).await;
        let report = store.audit("z", Some(&anchor)).await.unwrap();
        assert_eq!((report.commits, report.broken), (3, None));
        assert!(store.audit("z", Some("00")).await.unwrap().broken.is_some());
    });
}

#[test]
fn each_kind_of_tampering_is_named() {
    for (statement, told) in [
        ("UPDATE change SET after = replace(after, '甲', '乙') WHERE zone = 'z' AND seq = 2", "第 2 次提交第 1 条变更"),
        ("UPDATE change SET who = 'x' WHERE zone = 'z' AND seq = 3", "第 3 次提交第 1 条变更"),
        ("UPDATE fact SET value = 99 WHERE zone = 'z' AND subject = 1", "第 3 次提交"),
        ("UPDATE fact_was SET value = 99 WHERE zone = 'z' AND seq = 1", "第 1 次提交"),
        ("DELETE FROM change WHERE zone = 'z' AND seq = 1", "第 1 次提交"),
        ("DELETE FROM link WHERE zone = 'z' AND seq = 2", "缺第 2 次提交"),
        ("UPDATE link SET at = '2020' WHERE zone = 'z' AND seq = 2", "第 2 次提交"),
        ("DELETE FROM link WHERE zone = 'z' AND seq = 3", "应有 3 次提交"),
    ] {
        on_each_store(|store| async move {
            filled(&store).await;
            assert!(store.execute(statement, &[]).await.unwrap() > 0, "{statement}");
            let broken = store.audit("z", None).await.unwrap().broken.unwrap_or_default();
            assert!(broken.contains(told), "{statement}: {broken}");
        });
    }
}

#[test]
fn personal_values_can_be_erased_and_the_chain_stays_whole() {
    on_each_store(|store| async move {
        filled(&store).await;
        let after = "replace(after, '\"v\":\"13900000000\"', '\"v\":null')";
        assert!(store.execute(&format!("UPDATE change SET after = {after} WHERE zone = 'z'"), &[]).await.unwrap() == 3);
        store.execute("DELETE FROM salt WHERE zone = 'z'", &[]).await.unwrap();
        assert_eq!(store.audit("z", None).await.unwrap().broken, None);
    });
}
