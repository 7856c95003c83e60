//! Books and facts from files: where they lie, how they are read.

use super::finding_text;
use crate::cli::read_input;
use anyhow::{Context, Result, bail};
use rules::book::Occasion;
use rules::{Book, Facts, Subject, When};
use rust_embed::RustEmbed;
use std::path::Path;
use values::{Date, Findings, Lang};

/// The books that the product ships.
#[derive(RustEmbed)]
#[folder = "../../definitions/rules"]
struct Shipped;

/// Name and text of each book file that the name stands for.
pub(super) fn sources(name: &str) -> Result<Vec<(String, String)>> {
    let path = Path::new(name);
    if path.is_dir() {
        let mut files: Vec<_> = std::fs::read_dir(path)
            .with_context(|| format!("打不开目录“{name}”"))?
            .filter_map(|e| e.ok().map(|e| e.path()))
            .filter(|p| p.extension().is_some_and(|e| e == "toml"))
            .collect();
        files.sort();
        return files.iter().map(|p| Ok((p.display().to_string(), text_of(&p.display().to_string())?))).collect();
    }
    if name == "-" || path.exists() {
        return Ok(vec![(name.to_owned(), text_of(name)?)]);
    }
    let shipped: Vec<(String, String)> = shipped().into_iter().filter(|(file, text)| is_called(file, text, name)).collect();
    if shipped.is_empty() {
        bail!("没有规则书“{name}”：既不是文件、目录，也不是自带规则书的名称；自带的有 {}", names().join("、"));
    }
    Ok(shipped)
}

/// Name and text of the cases beside a book: `x.cases.md` for `x.toml`; none if there are none.
pub(super) fn cases(file: &str) -> Result<Option<(String, String)>> {
    let name = format!("{}.cases.md", file.trim_end_matches(".toml"));
    if Path::new(&name).exists() {
        return Ok(Some((name.clone(), text_of(&name)?)));
    }
    Ok(Shipped::get(&name).and_then(|f| String::from_utf8(f.data.into_owned()).ok()).map(|text| (name, text)))
}

fn text_of(name: &str) -> Result<String> {
    String::from_utf8(read_input(name)?).with_context(|| format!("“{name}”不是 UTF-8 文本"))
}

fn shipped() -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Shipped::iter()
        .filter(|f| f.ends_with(".toml"))
        .filter_map(|f| Some((f.to_string(), String::from_utf8(Shipped::get(&f)?.data.into_owned()).ok()?)))
        .collect();
    files.sort();
    files
}

fn is_called(file: &str, text: &str, name: &str) -> bool {
    file.trim_end_matches(".toml") == name || rules::read(file, text, Lang::Zh).is_ok_and(|(book, _)| book.is_called(name))
}

fn names() -> Vec<String> {
    shipped().into_iter().map(|(file, _)| file.trim_end_matches(".toml").to_owned()).collect()
}

/// Reads the books; findings with an error end the command with exit code 1.
pub(super) fn books(name: &str, lang: Lang) -> Result<std::result::Result<Vec<Book>, Findings>> {
    let mut books = Vec::new();
    let mut bad = Findings::default();
    for (file, text) in sources(name)? {
        match rules::read(&file, &text, lang) {
            Ok((book, _)) => books.push(book),
            Err(found) => bad.0.extend(found.0),
        }
    }
    Ok(if bad.is_empty() { Ok(books) } else { Err(bad) })
}

/// The table of facts: CSV by its text, workbooks by their first sheet.
pub(super) fn facts(name: &str, lang: Lang) -> Result<(Facts, Findings)> {
    let bytes = read_input(name)?;
    let read = if bytes.starts_with(b"PK") || bytes.starts_with(&[0xd0, 0xcf]) {
        Facts::from_rows(name, &sheet(name, bytes)?, lang)
    } else {
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => encoding_rs::GB18030.decode(error.as_bytes()).0.into_owned(),
        };
        Facts::read_csv(name, &text, lang)
    };
    read.map_err(|findings| anyhow::anyhow!(findings.iter().map(finding_text).collect::<Vec<_>>().join("\n")))
}

fn sheet(name: &str, bytes: Vec<u8>) -> Result<Vec<(String, Vec<String>)>> {
    use calamine::{Data, Reader};
    let mut book = calamine::open_workbook_auto_from_rs(std::io::Cursor::new(bytes)).with_context(|| format!("打不开表格“{name}”"))?;
    let range = book.worksheet_range_at(0).context("表格里没有工作表")?.with_context(|| format!("读不了表格“{name}”"))?;
    let (row0, column0) = range.start().unwrap_or_default();
    let title = book.sheet_names().first().cloned().unwrap_or_default();
    let text = |cell: &Data| match cell {
        Data::Empty => String::new(),
        Data::DateTime(d) => {
            let (year, month, day, ..) = d.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        other => other.to_string(),
    };
    Ok(range
        .rows()
        .enumerate()
        .map(|(i, row)| {
            let at = values::place::cell_name(row0 + u32::try_from(i).unwrap_or(u32::MAX), column0);
            (format!("{title}!{at}"), row.iter().map(text).collect())
        })
        .collect())
}

/// The day, the occasion, and what else `--on`, `--occasion` say.
pub(super) fn when(on: Option<&str>, occasion: &str) -> Result<When> {
    let day = match on {
        Some(text) => Some(text.parse::<Date>().with_context(|| format!("--on 应为日期，如 2026-06-01，读到“{text}”"))?),
        None => None,
    };
    let occasion = match occasion {
        "new" | "新申报" => Occasion::New,
        "review" | "复核" => Occasion::Review,
        other => bail!("--occasion 只能是 new 或 review，读到“{other}”"),
    };
    Ok(When { day, occasion, last_year: None })
}

/// The book for a subject: the one its case names, else the version in force, else the newest.
pub(super) fn book_for<'b>(books: &'b [Book], subject: &Subject, when: When) -> Vec<&'b Book> {
    if !subject.book.is_empty() {
        return books.iter().filter(|b| b.is_called(&subject.book)).collect();
    }
    let mut chosen: Vec<&Book> = Vec::new();
    for book in books {
        let better = |old: &&Book| match when.day {
            Some(day) => book.in_force(day, when.occasion) && !old.in_force(day, when.occasion),
            None => book.valid_from > old.valid_from,
        };
        match chosen.iter_mut().find(|b| b.key == book.key) {
            Some(old) if better(old) => *old = book,
            Some(_) => {}
            None => chosen.push(book),
        }
    }
    chosen
}
