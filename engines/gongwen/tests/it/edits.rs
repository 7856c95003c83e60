//! Verifying after edits: every changed figure is found, none falsely on an untouched or merely restyled file.

use crate::zone::{Zone, fill};
use gongwen::docx::Manifest;
use gongwen::layout::Layout;
use gongwen::read::ReadDocument;
use gongwen::template::Names;
use gongwen::verify::{State, Verdict, Verification, verify};
use gongwen::words::Words;
use gongwen::{FrozenFigure, FrozenReport, Part};
use ooxml::{Package, Rules};
use values::Figure;

/// The report as published: its file and its frozen list.
pub struct Published {
    pub bytes: Vec<u8>,
    pub frozen: FrozenReport,
}

pub fn publish() -> Published {
    let filled = fill(None);
    let manifest = Manifest { zone: "demo".into(), ..Manifest::default() }.with_figures(&filled.document);
    let bytes = gongwen::docx::write(&filled.document, Some(&manifest), &Layout::standard()).expect("a file");
    Published { bytes, frozen: FrozenReport::of(&filled.document) }
}

/// Today's figure, unmoved.
pub fn today(figure: &FrozenFigure) -> Result<Figure, String> {
    let ask = figure.ask().ok_or("period")?;
    Zone { only: None }.figure(&ask).map_err(|u| format!("{u:?}"))
}

/// The main part with one change made to it.
pub fn edited(bytes: &[u8], edit: impl FnOnce(String) -> String) -> Vec<u8> {
    let mut package = Package::open(bytes.to_vec(), &Rules::default()).expect("a package");
    let text = package.text("word/document.xml").expect("text");
    package.put("word/document.xml", edit(text));
    package.write().expect("a file")
}

pub fn check(bytes: Vec<u8>, frozen: &FrozenReport) -> Verification {
    let document = ReadDocument::read(bytes).expect("a document");
    verify(&document, frozen, &today, &Words::standard())
}

/// Everything that is written for one figure: bookmark, control, number.
fn whole(xml: &str, id: &str) -> std::ops::Range<usize> {
    let name = xml.find(&format!("w:name=\"{id}\"")).expect("a bookmark");
    let start = xml[..name].rfind("<w:bookmarkStart").expect("its start");
    let end = name + xml[name..].find("<w:bookmarkEnd").expect("its end");
    start..end + xml[end..].find("/>").expect("closed") + 2
}

fn number(xml: &str, id: &str) -> std::ops::Range<usize> {
    let whole = whole(xml, id);
    let t = whole.start + xml[whole.clone()].find("<w:t ").expect("text");
    let start = t + xml[t..].find('>').expect("open") + 1;
    start..start + xml[start..].find('<').expect("closed")
}

fn splice(xml: &str, range: std::ops::Range<usize>, with: &str) -> String {
    format!("{}{with}{}", &xml[..range.start], &xml[range.end..])
}

#[test]
fn an_untouched_file_is_true() {
    let published = publish();
    let result = check(published.bytes, &published.frozen);
    let wrong: Vec<_> = result.figures.iter().filter(|f| f.state != State::True).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(result.verdict, Verdict::True);
    assert_eq!(result.figures.len(), published.frozen.figures.len());
}

/// Plain numbers from a seed; nothing here is secret.
struct Seed(u64);
impl Seed {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n.max(1)
    }
}

/// What an edit does to the figure it is made to.
struct Edit {
    name: &'static str,
    make: fn(&str, &FrozenFigure, &mut Seed) -> Option<String>,
    /// States that say so.
    found: &'static [State],
}

fn other_number(printed: &str, seed: &mut Seed) -> String {
    if !printed.contains(|c: char| c.is_ascii_digit()) {
        return String::new();
    }
    let digits: Vec<usize> = printed.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(i, _)| i).collect();
    let at = digits[seed.below(digits.len())];
    let old = printed.as_bytes()[at];
    let new = b'1' + ((old - b'0') + seed.below(8) as u8) % 9;
    let new = if new == old { b'0' + (new - b'0' + 1) % 10 } else { new };
    format!("{}{}{}", &printed[..at], new as char, &printed[at + 1..])
}

const CHANGED: &[State] = &[State::Altered, State::TypedMatches];

const EDITS: &[Edit] = &[
    Edit {
        name: "a digit changed within the control",
        make: |xml, f, seed| (!f.part.is_word()).then(|| splice(xml, number(xml, &f.id), &other_number(&f.printed, seed))),
        found: CHANGED,
    },
    Edit {
        name: "retyped without control and bookmark, another number",
        make: |xml, f, seed| {
            let with = format!("<w:r><w:t>{}</w:t></w:r>", other_number(&f.printed, seed));
            (!f.part.is_word()).then(|| splice(xml, whole(xml, &f.id), &with))
        },
        found: CHANGED,
    },
    Edit {
        name: "retyped without control and bookmark, the same number",
        make: |xml, f, _| Some(splice(xml, whole(xml, &f.id), &format!("<w:r><w:t>{}</w:t></w:r>", f.printed))),
        found: &[State::True],
    },
    Edit { name: "deleted", make: |xml, f, _| Some(splice(xml, whole(xml, &f.id), "")), found: &[State::Removed] },
    Edit {
        name: "emptied, control and bookmark stay",
        make: |xml, f, _| Some(splice(xml, number(xml, &f.id), "")),
        found: &[State::Removed],
    },
    Edit {
        name: "moved to the end of the document",
        make: |xml, f, _| {
            let range = whole(xml, &f.id);
            let taken = xml[range.clone()].to_owned();
            let rest = splice(xml, range, "");
            let end = rest.rfind("<w:sectPr")?;
            Some(format!("{}<w:p><w:r><w:t>另见：</w:t></w:r>{taken}</w:p>{}", &rest[..end], &rest[end..]))
        },
        found: &[State::Moved, State::Altered],
    },
    Edit {
        name: "copied to the end of the document",
        make: |xml, f, _| {
            let taken = xml[whole(xml, &f.id)].to_owned();
            let end = xml.rfind("<w:sectPr")?;
            Some(format!("{}<w:p><w:r><w:t>另见：</w:t></w:r>{taken}</w:p>{}", &xml[..end], &xml[end..]))
        },
        found: &[State::True],
    },
    Edit {
        name: "restyled and cut into two runs",
        make: |xml, f, _| {
            let range = number(xml, &f.id);
            let run = xml[..range.start].rfind("<w:r>")?;
            let end = range.end + xml[range.end..].find("</w:r>")? + 6;
            let (a, b) = f.printed.split_at(f.printed.chars().next()?.len_utf8());
            let runs =
                format!("<w:r><w:rPr><w:b/></w:rPr><w:t>{a}</w:t></w:r><w:proofErr w:type=\"spellStart\"/><w:r><w:t>{b}</w:t></w:r>");
            Some(splice(xml, run..end, &runs))
        },
        found: &[State::True],
    },
    Edit {
        name: "changed with tracked changes",
        make: |xml, f, seed| {
            let range = number(xml, &f.id);
            let run = xml[..range.start].rfind("<w:r>")?;
            let end = range.end + xml[range.end..].find("</w:r>")? + 6;
            let with = format!(
                "<w:del w:id=\"1\" w:author=\"a\"><w:r><w:delText>{}</w:delText></w:r></w:del><w:ins w:id=\"2\" w:author=\"a\"><w:r><w:t>{}</w:t></w:r></w:ins>",
                f.printed,
                other_number(&f.printed, seed)
            );
            (!f.part.is_word()).then(|| splice(xml, run..end, &with))
        },
        found: CHANGED,
    },
    Edit {
        name: "deleted with tracked changes",
        make: |xml, f, _| {
            let range = number(xml, &f.id);
            let run = xml[..range.start].rfind("<w:r>")?;
            let end = range.end + xml[range.end..].find("</w:r>")? + 6;
            let with = format!("<w:del w:id=\"1\" w:author=\"a\"><w:r><w:delText>{}</w:delText></w:r></w:del>", f.printed);
            Some(splice(xml, run..end, &with))
        },
        found: &[State::Removed],
    },
    Edit {
        name: "a digit typed behind the control",
        make: |xml, f, _| {
            let range = whole(xml, &f.id);
            (!f.part.is_word()).then(|| splice(xml, range.end..range.end, "<w:r><w:t>5</w:t></w:r>"))
        },
        found: CHANGED,
    },
    Edit {
        name: "the word turned round",
        make: |xml, f, _| {
            let other = if f.printed == "增长" { "下降" } else { "增长" };
            (f.part == Part::GrowthWord).then(|| splice(xml, number(xml, &f.id), other))
        },
        found: CHANGED,
    },
    Edit {
        name: "the unit changed",
        make: |xml, f, _| {
            let at = whole(xml, &f.id).end;
            let unit = at + xml[at..].find(&format!(">{}", f.unit_printed))? + 1;
            let next = at + xml[at..].find("</w:t>")?;
            let is_next = !f.unit_printed.is_empty() && unit < next && f.unit_printed == "亿元";
            is_next.then(|| splice(xml, unit..unit + "亿元".len(), "万元"))
        },
        found: CHANGED,
    },
];

/// 400 edits, one each time: the edited figure is told, and no other one is called changed.
#[test]
fn every_edit_is_found_and_nothing_else() {
    let published = publish();
    let mut seed = Seed(20_261_123);
    let (mut made, mut missed) = (0, Vec::new());
    while made < 400 {
        let edit = &EDITS[seed.below(EDITS.len())];
        let n = seed.below(published.frozen.figures.len());
        let figure = &published.frozen.figures[n];
        let mut new = None;
        let bytes = edited(&published.bytes, |xml| {
            new = (edit.make)(&xml, figure, &mut seed);
            new.clone().unwrap_or(xml)
        });
        if new.is_none() {
            continue;
        }
        made += 1;
        let result = check(bytes, &published.frozen);
        if !edit.found.contains(&result.figures[n].state) {
            missed.push(format!("{}: {:?} {:?}", edit.name, figure.printed, result.figures[n]));
        }
        for (m, other) in result.figures.iter().enumerate().filter(|(m, f)| *m != n && f.state != State::True) {
            missed.push(format!("{}: falsely {m} {other:?} beside {:?}", edit.name, figure.printed));
        }
    }
    assert!(missed.is_empty(), "{} of {made}\n{}", missed.len(), missed.iter().take(12).cloned().collect::<Vec<_>>().join("\n"));
}

#[test]
fn prose_may_be_edited_freely() {
    let published = publish();
    let bytes = edited(&published.bytes, |xml| {
        xml.replace("登记在册市场主体", "在册登记的各类市场主体共有")
            .replace("力争实现", "确保完成")
            .replace("对照年初确定的目标任务，", "")
    });
    let result = check(bytes, &published.frozen);
    assert!(result.figures.iter().all(|f| f.state == State::True), "{:#?}", result.figures.iter().find(|f| f.state != State::True));
}

#[test]
fn a_revised_figure_is_restated_and_says_what_moved() {
    let published = publish();
    let document = ReadDocument::read(published.bytes.clone()).expect("a document");
    let moved = |figure: &FrozenFigure| -> Result<Figure, String> {
        let mut now = today(figure)?;
        if figure.name == "gdp" && figure.scenario == "actual" {
            now.value = Some("3900000".parse().expect("a number"));
        }
        Ok(now)
    };
    let result = verify(&document, &published.frozen, &moved, &Words::standard());
    let restated: Vec<_> = result.figures.iter().filter(|f| f.state == State::Restated).collect();
    assert!(!restated.is_empty() && restated.iter().all(|f| f.metric == "gdp" && f.expected == "390.0"), "{restated:#?}");
    assert_eq!(result.verdict, Verdict::Restated);
}

#[test]
fn another_report_and_another_programs_controls_are_unknown() {
    let published = publish();
    let nothing = FrozenReport::default();
    let result = check(published.bytes.clone(), &nothing);
    assert_eq!(result.verdict, Verdict::Unknown);
    let foreign =
        edited(&published.bytes, |xml| xml.replace("<w:tag w:val=\"sy", "<w:tag w:val=\"other").replace("w:name=\"sy", "w:name=\"_Toc"));
    let result = check(foreign, &published.frozen);
    let wrong: Vec<_> = result.figures.iter().filter(|f| f.state != State::True).collect();
    assert!(wrong.is_empty(), "found by their text alone: {} {:#?}", wrong.len(), &wrong[..wrong.len().min(6)]);
}
