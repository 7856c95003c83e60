//! A store of its own for each test, filled through the ordinary import.

use intake::{Applied, IntakeError, Request, Staged, Target};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use store::Store;
use store::published::Zone;
use view::{Clock, Core};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// An empty folder of this test's own.
pub fn folder() -> PathBuf {
    let name = format!("suyuan-it-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let folder = std::env::temp_dir().join(name);
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

/// All ledgers, as the program lists them.
pub fn entries() -> Vec<record::Entry> {
    hub::LEDGERS.iter().chain(economy::LEDGERS).copied().collect()
}

/// Runs a test on a zone with the sample's ledgers and two months of filings, on each database.
pub fn with_zone<F: Future<Output = ()>>(test: impl Fn(Arc<Core>) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let folder = folder();
        run(folder.to_str().unwrap(), &test).await;
        std::fs::remove_dir_all(&folder).unwrap();
        if let Ok(server) = std::env::var("SUYUAN_TEST_PG") {
            let schema = format!("it{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
            let admin = Store::open_reading(&server).await.unwrap();
            admin.execute(&format!("CREATE SCHEMA {schema}"), &[]).await.unwrap();
            let mark = if server.contains('?') { '&' } else { '?' };
            run(&format!("{server}{mark}options=-c%20search_path%3D{schema}"), &test).await;
            admin.execute(&format!("DROP SCHEMA {schema} CASCADE"), &[]).await.unwrap();
            admin.close().await;
        }
    });
}

async fn run<F: Future<Output = ()>>(place: &str, test: impl Fn(Arc<Core>) -> F) {
    let store = Store::open(place).await.unwrap();
    let now = "2026-01-20T02:00:00Z".parse().unwrap();
    let core = Arc::new(Core::new(store.clone(), entries(), Clock::fixed(now)).unwrap());
    let mut tx = store.begin().await.unwrap();
    let zone =
        Zone {
            zone: "demo".into(), label: "示范经开区".into(), synthetic: true, today: Some(demo::TODAY.into()), kind: "zone".into()
        };
    tx.put_zone(&zone).await.unwrap();
    tx.number_subject("demo", "zone", "zone", "示范经开区", "").await.unwrap();
    tx.commit().await.unwrap();
    for book in demo::workbooks().unwrap().into_iter().take(9) {
        let target = match book.import {
            demo::Import::Ledger(key) => Target::Ledger(key.into()),
            demo::Import::AsFiled(form, period) => Target::AsFiled(form.into(), period),
            demo::Import::Figures => Target::Figures,
        };
        let staged = stage(&core, &book.name, book.bytes, target).await.unwrap();
        assert!(!staged.has_error(), "{}: {:?}", book.name, staged.findings.0.first());
        apply(&core, &staged).await.unwrap();
    }
    test(Arc::clone(&core)).await;
    assert_eq!(store.audit("demo", None).await.unwrap().broken, None, "the log is whole after every test");
    drop(core);
    store.close().await;
}

/// Stages a file.
pub async fn stage(core: &Arc<Core>, file: &str, bytes: Vec<u8>, target: Target) -> Result<Staged, IntakeError> {
    intake::stage(core, &Request { zone: "demo".into(), file: file.into(), bytes, target, lang: values::Lang::Zh }).await
}

/// Stages a text table.
pub async fn csv(core: &Arc<Core>, text: &str, target: Target) -> Staged {
    stage(core, "表.csv", text.as_bytes().to_vec(), target).await.unwrap()
}

/// Applies a staged import.
pub async fn apply(core: &Arc<Core>, staged: &Staged) -> Result<Applied, IntakeError> {
    intake::apply(core, "demo", "tester", staged).await
}

/// The zone's content as one hash.
pub async fn content(core: &Arc<Core>) -> String {
    core.store.content_hash("demo", &core.ledgers).await.unwrap()
}

/// Rule ids of a staged import's errors and warnings with their places, for comparing.
pub fn told(staged: &Staged) -> Vec<String> {
    let worth = |f: &&values::Finding| f.severity != values::Severity::Note;
    staged.findings.iter().filter(worth).map(|f| format!("{} {}", f.rule, f.place)).collect()
}
