//! The example that `docs/rules.md` begins with is a good book and pays what a reader expects.

use rules::{Case, Facts, Money, Peers, When};
use values::{Findings, Lang};

fn block(language: &str) -> String {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/rules.md")).expect("docs/rules.md");
    let from = text.find(&format!("```{language}\n")).expect("an example") + language.len() + 4;
    text[from..].split("```").next().expect("closed").to_owned()
}

#[test]
fn the_first_example_works_as_written() {
    let (book, findings) = rules::read("example.toml", &block("toml"), Lang::Zh).expect("good");
    assert_eq!(findings, Findings::default());
    let csv = "subject,period,key,value\n甲公司,,investment,0.8 亿元\n甲公司,,intensity,150\n乙公司,,growth,9000\n";
    let (facts, findings) = Facts::read_csv("facts.csv", csv, Lang::Zh).expect("good");
    assert_eq!(findings, Findings::default());
    let got: Vec<String> = facts
        .subjects
        .iter()
        .map(|s| {
            let case = Case::bind(&book, s, When::default(), Lang::Zh, &mut Findings::default());
            let o = rules::judge(&case, &Peers::default(), None, Lang::Zh);
            let gap = o.clauses[0].conditions.iter().find_map(|c| c.shortfall.filter(|s| !s.is_zero()));
            format!("{} {} {:?} {gap:?}", s.name, o.verdict.key(), o.amount.as_ref().and_then(Money::text))
        })
        .collect();
    assert_eq!(got, ["甲公司 data_missing None Some(50)", "乙公司 met Some(\"20.00\") None"]);
}
