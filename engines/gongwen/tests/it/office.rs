//! Through LibreOffice and back: as docx, as .doc and back. Skipped with a message where it is not installed.

use crate::edits::{check, edited, publish};
use gongwen::read::ReadDocument;
use gongwen::verify::State;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder that is removed at the end.
struct Folder(PathBuf);
impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("suyuan-gongwen-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }
}
impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn is_there() -> bool {
    let found = Command::new("soffice").arg("--version").output().is_ok_and(|o| o.status.success());
    if !found {
        eprintln!("skipped: LibreOffice (soffice) is not installed");
    }
    found
}

/// Converts with a profile of its own, so that no running office is disturbed.
fn convert(folder: &Path, file: &str, to: &str) -> PathBuf {
    let out = folder.join("out");
    let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
    let status = Command::new("soffice")
        .args(["--headless", "--norestore", &profile, "--convert-to", to, "--outdir"])
        .arg(&out)
        .arg(folder.join(file))
        .output()
        .expect("LibreOffice runs");
    assert!(status.status.success(), "{status:?}");
    let extension = to.split(':').next().unwrap_or(to);
    out.join(Path::new(file).with_extension(extension))
}

#[test]
fn figures_survive_libreoffice_as_docx_and_as_doc() {
    if !is_there() {
        return;
    }
    let published = publish();
    let folder = Folder::new("office");
    // One figure altered beforehand: it must be found afterwards too.
    let altered = published.frozen.figures.iter().position(|f| f.name == "gdp" && f.printed == "386.4").expect("gdp");
    let id = &published.frozen.figures[altered].id;
    let bytes = edited(&published.bytes, |xml| {
        let at = xml.find(&format!("<w:tag w:val=\"{id}\"/>")).expect("tag");
        let (head, tail) = xml.split_at(at);
        format!("{head}{}", tail.replacen(">386.4<", ">388.4<", 1))
    });
    std::fs::write(folder.0.join("report.docx"), bytes).expect("written");
    let docx = convert(&folder.0, "report.docx", "docx");
    std::fs::copy(convert(&folder.0, "report.docx", "doc"), folder.0.join("old.doc")).expect("copied");
    let back = convert(&folder.0, "old.doc", "docx");
    for (name, path) in [("docx", docx), ("doc and back", back)] {
        let bytes = std::fs::read(path).expect("converted");
        let result = check(bytes, &published.frozen);
        let wrong: Vec<_> = result
            .figures
            .iter()
            .enumerate()
            .filter(|(n, f)| f.state != if *n == altered { State::Altered } else { State::True })
            .collect();
        assert!(
            wrong.is_empty(),
            "{name}: {} of {} wrong\n{:#?}",
            wrong.len(),
            result.figures.len(),
            wrong.iter().take(5).collect::<Vec<_>>()
        );
    }
    let error = ReadDocument::read(std::fs::read(folder.0.join("old.doc")).expect("read")).expect_err("a .doc is refused");
    assert_eq!(error.finding(values::Lang::Zh).rule, "ooxml.old_document");
}
