//! What each visitor sees: rows, personal fields, figures and their origins.

use crate::world::{apply, content, stage, with_zone};
use hub::{Ask, Role, View, ViewError, Visitor};
use intake::Target;
use record::{Query, Value};
use values::{Lang, Period, Reason};

fn visitor(role: Role, office: &str, enterprise: Option<i64>) -> Visitor {
    Visitor { name: "t".into(), label: "t".into(), role, office: office.into(), enterprise }
}

fn all() -> Query {
    Query { limit: 1_000, ..Query::default() }
}

#[test]
fn an_enterprise_sees_itself_alone() {
    with_zone(|core| async move {
        let view = core.view(Some("demo"), visitor(Role::Enterprise, "", Some(3)), Lang::Zh).await.unwrap();
        tokio::task::spawn_blocking(move || {
            let rows = view.list("enterprise", &all()).unwrap();
            assert_eq!(rows.iter().map(|r| r.id).collect::<Vec<_>>(), [3]);
            assert!(view.get("enterprise", 4).unwrap().is_none() && view.history("enterprise", 4).unwrap().is_empty());
            assert_eq!(view.count("enterprise", &[]).unwrap(), 1);
            assert!(view.list("filing", &all()).unwrap().iter().all(|r| r.row[1] == Value::Int(3)));
            assert_eq!(view.list("target", &all()), Err(ViewError::Forbidden));
            let period = Period::parse("2023-01..02").unwrap();
            let own = view.figure(&Ask::zone("gross_industrial_output", period).of("enterprise:3"));
            assert!(own.value.is_some());
            assert_eq!(view.figure(&Ask::zone("gross_industrial_output", period).of("enterprise:4")).reason, Some(Reason::Hidden));
            let zone = view.figure(&Ask::zone("gross_industrial_output", period));
            assert_eq!(view.origins(&zone.handle, 10).unwrap_err(), ViewError::Forbidden);
            assert_eq!(view.origins(&own.handle, 10).unwrap().1, 1);
        })
        .await
        .unwrap();
    });
}

#[test]
fn personal_fields_are_masked_for_who_does_not_keep_them() {
    with_zone(|core| async move {
        let text = format!(
            "统一社会信用代码,企业名称,行业代码,联系人,联系电话\n{},示例九九有限公司,3985,示例联系人,13900000000\n",
            demo::people::credit_code(990)
        );
        let staged = stage(&core, "人.csv", text.into_bytes(), Target::Ledger("enterprise".into())).await.unwrap();
        apply(&core, &staged).await.unwrap();
        for (who, shown) in
            [(visitor(Role::Leader, "", None), "1＊＊＊＊＊＊＊＊"), (visitor(Role::Officer, "economy", None), "13900000000")]
        {
            let view = core.view(Some("demo"), who, Lang::Zh).await.unwrap();
            let phone = tokio::task::spawn_blocking(move || {
                let at = view.ledger("enterprise").unwrap().field("phone").unwrap().0;
                view.list("enterprise", &Query { descending: true, limit: 1, ..Query::default() }).unwrap()[0].row[at].clone()
            })
            .await
            .unwrap();
            assert_eq!(phone, Value::Text(shown.into()));
        }
    });
}

#[test]
fn an_overseer_and_a_stranger_see_no_rows() {
    with_zone(|core| async move {
        for role in [Role::Overseer, Role::Anonymous] {
            let view = core.view(Some("demo"), visitor(role, "", None), Lang::Zh).await.unwrap();
            tokio::task::spawn_blocking(move || {
                assert!(view.ledgers().is_empty());
                assert_eq!(view.list("enterprise", &all()), Err(ViewError::Forbidden));
            })
            .await
            .unwrap();
        }
    });
}

#[test]
fn an_exported_list_imports_as_nothing_new() {
    with_zone(|core| async move {
        let before = content(&core).await;
        for key in ["enterprise", "title_link", "target", "rd_institution"] {
            let view = core.view(Some("demo"), visitor(Role::Operator, "", None), Lang::Zh).await.unwrap();
            let own = key.to_owned();
            let bytes =
                tokio::task::spawn_blocking(move || web::record::workbook(&view, view.ledger(&own).unwrap()).unwrap()).await.unwrap();
            let staged = stage(&core, "列表.xlsx", bytes, Target::Ledger(key.into())).await.unwrap();
            let c = staged.counts;
            assert_eq!(
                (c.new, c.changed, c.rejected),
                (0, 0, 0),
                "{key}: {:?}",
                staged.findings.0.iter().find(|f| f.severity == values::Severity::Error)
            );
            assert!(c.same > 0, "{key}");
            apply(&core, &staged).await.unwrap();
        }
        assert_eq!(content(&core).await, before);
    });
}
