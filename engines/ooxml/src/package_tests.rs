//! Tests of [`super::package`].

use crate::package::{Limits, OpenError, Outside, Package, PartError, Rules};
use crate::relations::Target;
use crate::types::Kind;
use crate::xml::XmlError;
use std::io::{Cursor, Write};
use values::{Lang, Texts};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
const RELS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (i, (name, bytes)) in parts.iter().enumerate() {
        // Every second part is stored, as some producers do.
        let method = if i % 2 == 0 { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn document(more: &[(&str, &[u8])]) -> Vec<u8> {
    let mut parts: Vec<(&str, &[u8])> =
        vec![("[Content_Types].xml", TYPES.as_bytes()), ("_rels/.rels", RELS.as_bytes()), ("word/document.xml", b"<w:document/>")];
    parts.extend(more);
    zipped(&parts)
}

#[track_caller]
fn refused(bytes: Vec<u8>, rule: &str) {
    match Package::open(bytes, &Rules::default()) {
        Ok(_) => panic!("opened, expected {rule}"),
        Err(error) => {
            assert_eq!(error.rule(), rule, "{error}");
            let finding = error.finding(Lang::Zh);
            assert!(!finding.expected.is_empty() && !finding.expected.contains("ooxml."), "{finding:?}");
            assert!(!finding.remedy.contains("ooxml."), "{finding:?}");
        }
    }
}

#[test]
fn an_unchanged_package_is_the_same_file() {
    let bytes = document(&[("word/media/a.png", &[1, 2, 3])]);
    let package = Package::open(bytes.clone(), &Rules::default()).unwrap();
    assert_eq!(package.kind(), Kind::Document);
    assert_eq!(package.main_part().unwrap(), "word/document.xml");
    assert_eq!(package.write().unwrap(), bytes);
}

#[test]
fn untouched_parts_keep_their_compressed_bytes() {
    let media: Vec<u8> = (0..20_000u32).map(|i| (i * i % 251) as u8).collect();
    let bytes = document(&[("word/media/a.png", &media), ("word/styles.xml", b"<w:styles/>")]);
    let mut package = Package::open(bytes.clone(), &Rules::default()).unwrap();
    package.put("word/document.xml", "<w:document>1</w:document>");
    let out = package.write().unwrap();
    assert_eq!(out, package.write().unwrap(), "writing twice gives the same bytes");
    let (mut a, mut b) = (zip::ZipArchive::new(Cursor::new(&bytes)).unwrap(), zip::ZipArchive::new(Cursor::new(&out)).unwrap());
    assert_eq!(a.len(), b.len());
    for i in 0..a.len() {
        let (a, b) = (a.by_index_raw(i).unwrap(), b.by_index_raw(i).unwrap());
        assert_eq!(a.name_raw(), b.name_raw());
        if a.name_raw() != b"word/document.xml" {
            assert_eq!((a.crc32(), a.compressed_size(), a.compression()), (b.crc32(), b.compressed_size(), b.compression()));
            assert_eq!(a.last_modified(), b.last_modified());
            let raw = |f: zip::read::ZipFile<'_, _>| std::io::Read::bytes(f).collect::<Result<Vec<u8>, _>>().unwrap();
            assert_eq!(raw(a), raw(b));
        }
    }
}

#[test]
fn a_new_package_is_built_part_by_part() {
    let mut package = Package::new();
    package.put_typed("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", "<d/>");
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument";
    let first = package.relate("", kind, Target::Part("word/document.xml".into())).unwrap();
    assert_eq!(package.relate("", kind, Target::Part("word/document.xml".into())).unwrap(), first, "an equal one is used again");
    let link = package.relate("word/document.xml", "x/hyperlink", Target::Outside("http://e.cn/".into())).unwrap();
    let image = package.relate("word/document.xml", "x/image", Target::Part("word/media/a.png".into())).unwrap();
    assert_ne!(link, image);
    package.put("word/media/a.png", vec![1]);
    package.set_default_type("png", "image/png");
    let out = package.write().unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(&out)).unwrap();
    assert_eq!(archive.by_index(0).unwrap().name_raw(), b"[Content_Types].xml");
    let mut read = Package::open(out, &Rules::default()).unwrap();
    assert_eq!(read.related("word/document.xml", "image").unwrap(), ["word/media/a.png"]);
    assert_eq!(read.content_type("word/media/a.png"), Some("image/png"));
    read.remove("word/media/a.png");
    assert!(!read.has("word/media/a.png") && read.has("WORD/document.xml"));
}

#[test]
fn what_is_no_package_gets_its_own_sentence() {
    refused(Vec::new(), "ooxml.empty");
    refused(b"%PDF-1.4".to_vec(), "ooxml.pdf");
    refused(b"hello".to_vec(), "ooxml.not_a_package");
    refused(zipped(&[("a.txt", b"x")]), "ooxml.not_a_package");
    refused(document(&[])[..200].to_vec(), "ooxml.broken_archive");
}

#[test]
fn macros_are_refused_however_they_are_hidden() {
    refused(document(&[("word/vbaProject.bin", b"x")]), "ooxml.macros");
    refused(document(&[("xl/macrosheets/sheet1.xml", b"<x/>")]), "ooxml.macros");
    let types = TYPES.replace("wordprocessingml.document.main", "ms-word.document.macroEnabled.main");
    refused(zipped(&[("[Content_Types].xml", types.as_bytes()), ("_rels/.rels", RELS.as_bytes())]), "ooxml.macros");
    let types = TYPES.replace("</Types>", "<Default Extension=\"dat\" ContentType=\"application/vnd.ms-office.vbaProject\"/></Types>");
    refused(zipped(&[("[Content_Types].xml", types.as_bytes()), ("_rels/.rels", RELS.as_bytes())]), "ooxml.macros");
}

#[test]
fn references_to_the_outside_are_refused_or_listed_but_hyperlinks_are_text() {
    let rels = |kind: &str| {
        format!(
            "<Relationships><Relationship Id='a' Type='http://x/{kind}' TargetMode='External' Target='http://evil.example/a'/></Relationships>"
        )
    };
    for kind in ["attachedTemplate", "image", "oleObject", "subDocument", "frame"] {
        refused(document(&[("word/_rels/document.xml.rels", rels(kind).as_bytes())]), "ooxml.outside_reference");
    }
    let hyperlink = document(&[("word/_rels/document.xml.rels", rels("hyperlink").as_bytes())]);
    assert!(Package::open(hyperlink, &Rules::default()).is_ok());
    let linked = document(&[("word/_rels/document.xml.rels", rels("externalLinkPath").as_bytes())]);
    let package = Package::open(linked, &Rules { outside: Outside::List, ..Rules::default() }).unwrap();
    assert_eq!(package.outside()[0].kind, "externalLinkPath");
}

#[test]
fn bombs_are_refused_before_they_unpack() {
    let limits = Limits { unpacked: 1 << 20, part: 1 << 20, entries: 5, ..Limits::default() };
    let bomb = document(&[("word/a", b""), ("word/a.xml", &vec![b' '; 2 << 20])]);
    assert!(bomb.len() < 20_000);
    let open = |bytes: Vec<u8>| Package::open(bytes, &Rules { limits, ..Rules::default() });
    assert!(matches!(open(bomb), Err(OpenError::TooLargeUnpacked { .. })));
    assert!(matches!(open(document(&[("a", b""), ("b", b""), ("c", b"")])), Err(OpenError::TooManyEntries { entries: 6, limit: 5 })));
    let limits = Limits { file: 10, ..limits };
    assert!(matches!(Package::open(document(&[]), &Rules { limits, ..Rules::default() }), Err(OpenError::FileTooLarge { limit: 10, .. })));
}

/// The central directory says 13 bytes, the data unpacks to two million: reading stops at what was declared.
#[test]
fn a_part_that_lies_about_its_size_is_refused() {
    let real = vec![b' '; 2 << 20];
    let mut bytes = document(&[("word/a.xml", &real), ("word/b.xml", &real)]);
    let size = (2u32 << 20).to_le_bytes();
    let at: Vec<usize> = bytes.windows(4).enumerate().filter(|(_, w)| *w == size).map(|(i, _)| i).collect();
    for i in at {
        bytes[i..i + 4].copy_from_slice(&13u32.to_le_bytes());
    }
    let package = Package::open(bytes, &Rules::default());
    let Ok(package) = package else { return };
    for part in ["word/a.xml", "word/b.xml"] {
        assert!(package.read(part).is_err(), "{part}");
    }
}

#[test]
fn a_dtd_is_refused_where_it_is_read() {
    let rels = RELS.replace("<Relationships", "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><Relationships");
    let bytes = zipped(&[("[Content_Types].xml", TYPES.as_bytes()), ("_rels/.rels", rels.as_bytes())]);
    refused(bytes, "ooxml.dtd");
}

#[test]
fn two_parts_of_one_name_are_refused() {
    refused(document(&[("word/Document.xml", b"<other/>")]), "ooxml.duplicate_part");
}

#[test]
fn texts_in_utf_16_are_read() {
    let text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a>溯园</a>";
    let mut wide = vec![0xff, 0xfe];
    wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let package = Package::open(document(&[("a.xml", &wide), ("b.xml", b"\xef\xbb\xbf<b/>"), ("c.xml", b"\xff\x00")]), &Rules::default());
    let package = package.unwrap();
    assert_eq!(package.text("a.xml").unwrap(), text.replace("UTF-16", "UTF-8"));
    assert_eq!(package.text("b.xml").unwrap(), "<b/>");
    assert!(matches!(package.text("c.xml"), Err(PartError::Encoding { .. })));
    assert!(matches!(package.text("d.xml"), Err(PartError::Missing { .. })));
}

#[test]
fn every_sentence_stands_in_both_languages() {
    let texts = Texts::parse(crate::TEXTS).unwrap();
    assert_eq!(texts.untranslated().count(), 0);
    let error = OpenError::Part(PartError::Xml { part: "a".into(), cause: XmlError::Dtd { at: 0 } });
    assert!(texts.has(error.rule()));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    /// Bytes of a good file changed anywhere: never a panic, and reading stays within the declared sizes.
    #[test]
    fn damaged_files_do_not_panic(changes in proptest::collection::vec((0usize..2000, 0u8..=255), 1..8)) {
        let mut bytes = document(&[("word/styles.xml", b"<w:styles/>")]);
        for (at, to) in changes {
            let n = bytes.len();
            bytes[at % n] = to;
        }
        if let Ok(package) = Package::open(bytes, &Rules::default()) {
            let _ = package.contents();
            let mut package = package;
            package.put("x.xml", "<x/>");
            let _ = package.write();
        }
    }
}
