//! Refreshing: today's figures in, everything else byte for byte.

use crate::edits::{Published, check, edited, publish, today};
use gongwen::FrozenFigure;
use gongwen::read::ReadDocument;
use gongwen::refresh::{Refreshed, refresh};
use gongwen::verify::{State, verify};
use gongwen::words::Words;
use ooxml::{Package, Rules};
use values::Figure;

/// GDP was revised, and foreign trade turned from falling to rising.
fn revised(figure: &FrozenFigure) -> Result<Figure, String> {
    let mut now = today(figure)?;
    match (figure.name.as_str(), figure.scenario.as_str()) {
        ("gdp", "actual") => now.value = Some("3900000".parse().expect("a number")),
        ("foreign_trade", "actual") => {
            if let Some(growth) = now.growth.as_mut() {
                growth.value = "1.26".parse().expect("a number");
            }
        }
        _ => {}
    }
    Ok(now)
}

fn refreshed(bytes: &[u8], published: &Published) -> Refreshed {
    let document = ReadDocument::read(bytes.to_vec()).expect("a document");
    refresh(&document, &published.frozen, &revised, &Words::standard(), None).expect("refreshed")
}

#[test]
fn only_figures_change_and_the_words_are_listed() {
    let published = publish();
    let bytes =
        edited(&published.bytes, |xml| xml.replace("，预计", "，经初步核算，预计").replace("<w:body>", "<w:body><!-- a comment -->"));
    let done = refreshed(&bytes, &published);
    let numbers: Vec<(&str, &str, &str)> = done.changed.iter().map(|c| (c.metric.as_str(), c.was.as_str(), c.now.as_str())).collect();
    assert!(numbers.contains(&("gdp", "386.4", "390.0")) && numbers.contains(&("foreign_trade", "下降", "增长")), "{numbers:?}");
    assert!(numbers.iter().all(|(metric, ..)| ["gdp", "foreign_trade"].contains(metric)), "{numbers:?}");
    assert!(done.look.iter().any(|l| l.why.contains("下降") && l.sentence.contains("增长1.3%")), "{:#?}", done.look);

    let before = Package::open(bytes, &Rules::default()).expect("a package");
    let after = Package::open(done.bytes.clone(), &Rules::default()).expect("a package");
    for (name, content) in before.contents().expect("parts") {
        if name != "word/document.xml" {
            assert_eq!(content, after.read(&name).expect("part"), "{name}");
        }
    }
    // Undo the changed numbers: the rest of the part is the same text.
    let text = after.text("word/document.xml").expect("text");
    let undone =
        text.replace("390.0", "386.4").replace("1.3", "3.2").replace(">增长</w:t></w:r></w:sdtContent>", ">_</w:t></w:r></w:sdtContent>");
    let original = before.text("word/document.xml").expect("text");
    let original = original
        .replace(">增长</w:t></w:r></w:sdtContent>", ">_</w:t></w:r></w:sdtContent>")
        .replace(">下降</w:t></w:r></w:sdtContent>", ">_</w:t></w:r></w:sdtContent>");
    assert!(undone.replace("-3.2", "3.2") == original.replace("-3.2", "3.2"), "only figures differ");
}

#[test]
fn a_refreshed_report_is_true_against_its_own_list() {
    let published = publish();
    let done = refreshed(&published.bytes, &published);
    let document = ReadDocument::read(done.bytes).expect("a document");
    let result = verify(&document, &done.frozen, &revised, &Words::standard());
    let wrong: Vec<_> = result.figures.iter().filter(|f| f.state != State::True).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nothing_to_refresh_gives_the_same_bytes() {
    let published = publish();
    let document = ReadDocument::read(published.bytes.clone()).expect("a document");
    let done = refresh(&document, &published.frozen, &today, &Words::standard(), None).expect("refreshed");
    assert!(done.changed.is_empty() && done.left.is_empty() && done.look.is_empty());
    assert_eq!(done.bytes, published.bytes);
}

#[test]
fn tracked_changes_stay_and_a_hand_made_change_is_named() {
    let published = publish();
    let gdp = published.frozen.figures.iter().find(|f| f.name == "gdp" && f.printed == "386.4").expect("gdp");
    let bytes = edited(&published.bytes, |xml| {
        let at = xml.find(&format!("<w:tag w:val=\"{}\"/>", gdp.id)).expect("tag");
        let (head, tail) = xml.split_at(at);
        let deleted = "<w:del w:id=\"9\" w:author=\"a\"><w:r><w:delText>386.4</w:delText></w:r></w:del><w:ins w:id=\"10\" w:author=\"a\"><w:r><w:t>399.9</w:t></w:r></w:ins>";
        format!("{head}{}", tail.replacen("<w:r><w:t xml:space=\"preserve\">386.4</w:t></w:r>", deleted, 1))
    });
    assert!(check(bytes.clone(), &published.frozen).figures.iter().any(|f| f.state == State::Altered));
    let done = refreshed(&bytes, &published);
    assert!(done.changed.iter().any(|c| c.was == "399.9" && c.now == "390.0" && c.by_hand));
    let text = Package::open(done.bytes, &Rules::default()).expect("a package").text("word/document.xml").expect("text");
    assert!(text.contains("<w:delText>386.4</w:delText>") && text.contains("<w:t>390.0</w:t></w:r></w:ins>"));
}
