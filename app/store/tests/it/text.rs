//! SQL text built from a ledger, snapshotted for both databases.

use crate::support::ledgers;

#[test]
fn statements_of_a_ledger() {
    let ledger = &ledgers()["enterprise"];
    let (head, columns) = store::sql::insert_head(ledger);
    let all = [
        store::migrate::statements(&store::sql::create(ledger), false).join(";\n"),
        store::migrate::statements(&store::sql::create(ledger), true).join(";\n"),
        store::sql::select(ledger),
        store::sql::many_rows(&head, columns, 2, ""),
        store::sql::update(ledger),
        store::sql::delete(ledger),
    ];
    insta::assert_snapshot!(all.join("\n\n"));
}
