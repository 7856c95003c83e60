//! One empty store of each kind for a test, and a small ledger to write to.

use record::{FieldSpec, Ledger, Record, Value};
use std::sync::atomic::{AtomicU32, Ordering};
use store::commit::{Author, Ledgers};
use store::{ChangeSet, FactRow, RecordChange, Store};

/// A ledger with an outer key, a number, a personal field and a reference to itself.
#[derive(Debug, Clone, PartialEq, Record)]
#[record(key = "title_link", label = "样例", owner = "economy", title = "title")]
struct Stand {
    #[field(label = "企业")]
    enterprise: i64,
    #[field(label = "资质")]
    title: String,
}

/// Ledgers as the tests use them: `enterprise` as the migration has it.
pub fn ledgers() -> Ledgers {
    let text = |key: &str, unique: bool, personal: bool| FieldSpec {
        key: key.into(),
        label: key.into(),
        kind: record::Kind::Text,
        required: unique,
        unit: String::new(),
        unique,
        part: false,
        personal,
        long: false,
        was: vec![],
        options: vec![],
        min: None,
        max: None,
        help: String::new(),
        custom: false,
    };
    let fields = vec![
        text("credit_code", true, false),
        text("name", false, false),
        FieldSpec { kind: record::Kind::Number(4), ..text("land", false, false) },
        text("phone", false, true),
        FieldSpec { custom: true, ..text("x_note", false, false) },
    ];
    let enterprise = Ledger {
        key: "enterprise".into(),
        label: "企业".into(),
        owner: "economy".into(),
        title: "name".into(),
        flow: String::new(),
        fields,
    };
    let link = Ledger::from(Stand::SCHEMA);
    let mut link_fields = link.fields.clone();
    link_fields[0].kind = record::Kind::Ref("enterprise");
    Ledgers::from([("enterprise".to_owned(), enterprise), ("title_link".to_owned(), Ledger { fields: link_fields, ..link })])
}

static NEXT: AtomicU32 = AtomicU32::new(0);

/// Runs a test on each database, each time on an empty store.
pub fn on_each_store<F: Future<Output = ()>>(test: impl Fn(Store) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let folder = std::env::temp_dir().join(format!("suyuan-store-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
        test(Store::open(folder.to_str().unwrap()).await.unwrap()).await;
        std::fs::remove_dir_all(&folder).unwrap();
        if let Ok(server) = std::env::var("SUYUAN_TEST_PG") {
            let schema = format!("t{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
            let admin = Store::open_reading(&server).await.unwrap();
            admin.execute(&format!("CREATE SCHEMA {schema}"), &[]).await.unwrap();
            let mark = if server.contains('?') { '&' } else { '?' };
            test(Store::open(&format!("{server}{mark}options=-c%20search_path%3D{schema}")).await.unwrap()).await;
            admin.execute(&format!("DROP SCHEMA {schema} CASCADE"), &[]).await.unwrap();
        }
    });
}

pub fn author(batch: i64) -> Author {
    Author { who: "tester".into(), at: "2026-01-20T01:02:03Z".into(), batch }
}

pub fn row(code: &str, name: &str, land: i64) -> Vec<Value> {
    vec![Value::Text(code.into()), Value::Text(name.into()), Value::Int(land), Value::Text("13900000000".into()), Value::Text("own".into())]
}

pub fn new(id: i64, after: Vec<Value>) -> RecordChange {
    RecordChange { ledger: "enterprise".into(), id, seen: 0, after: Some(after), source: -1 }
}

pub fn records(records: Vec<RecordChange>) -> ChangeSet {
    ChangeSet { records, ..ChangeSet::default() }
}

pub fn fact(metric: i64, subject: i64, value: i64) -> FactRow {
    FactRow {
        metric,
        scenario: 0,
        source: 0,
        measure: 0,
        period: 99,
        subject,
        value: Some(value),
        value_to: None,
        text: None,
        bound: 0,
        status: 0,
        batch: 0,
        cell: -1,
        seq: 0,
    }
}
