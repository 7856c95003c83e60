//! The real policies: every shipped book is read without a finding, and every synthetic case comes out.

use rules::{Book, Case, Facts, Money, Peers, When};
use std::path::PathBuf;
use values::{Findings, Lang, Severity};

/// The shipped books, by file name.
pub fn books() -> Vec<Book> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../definitions/rules");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("definitions/rules is there")
        .filter_map(|e| e.ok().map(|e| e.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "toml"))
        .collect();
    files.sort();
    files
        .iter()
        .map(|path| {
            let name = path.file_name().expect("a file").to_string_lossy();
            let text = std::fs::read_to_string(path).expect("UTF-8");
            match rules::read(&name, &text, Lang::Zh) {
                Ok((book, findings)) => {
                    let worse: Vec<_> = findings.iter().filter(|f| f.severity != Severity::Note).collect();
                    assert!(worse.is_empty(), "{worse:#?}");
                    book
                }
                Err(findings) => panic!("{findings:#?}"),
            }
        })
        .collect()
}

/// Every book has cases beside it, and answers them as they say.
#[test]
fn every_book_agrees_with_its_cases() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../definitions/rules");
    let mut wrong = String::new();
    let mut count = 0;
    for book in books() {
        let name = book.file.replace(".toml", ".cases.md");
        let Ok(text) = std::fs::read_to_string(folder.join(&name)) else {
            wrong += &format!("{name} is not there\n");
            continue;
        };
        let (cases, findings) = rules::cases::run(&book, &name, &text, Lang::Zh);
        count += cases;
        if cases == 0 {
            wrong += &format!("{name} holds no case\n");
        }
        for finding in findings.iter() {
            wrong += &format!("{} [{}] {} {}\n", finding.place, finding.rule, finding.field, finding.expected);
        }
    }
    assert!(wrong.is_empty(), "{count} cases\n{wrong}");
}

#[test]
fn no_two_versions_are_in_force_on_one_day() {
    assert_eq!(rules::versions(&books(), Lang::Zh), Findings::default());
}

#[test]
fn every_synthetic_case_pays_what_its_clause_says() {
    let Some(text) = testing::shared_text("data/policies/cases_synthetic.csv") else { return };
    let books = books();
    let (facts, findings) = Facts::read_csv("cases_synthetic.csv", &text, Lang::Zh).expect("has heads");
    assert_eq!(findings, Findings::default());
    assert_eq!(facts.subjects.len(), 25);
    let mut wrong = Vec::new();
    for subject in &facts.subjects {
        let book = books.iter().find(|b| b.is_called(&subject.book)).expect("a book for each case");
        let mut findings = Findings::default();
        let case = Case::bind(book, subject, When::default(), Lang::Zh, &mut findings);
        assert_eq!(findings, Findings::default());
        let outcome = rules::judge(&case, &Peers::default(), Some(&subject.clause), Lang::Zh);
        let got = outcome.amount.as_ref().and_then(Money::text);
        if got != subject.expected {
            wrong.push(format!("{} expected {:?} got {got:?} {:#?}", subject.name, subject.expected, outcome.clauses));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
