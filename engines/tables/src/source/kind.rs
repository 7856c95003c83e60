//! What a file really is, whatever its name says.

use crate::limits::{Limits, ReadError};
use std::io::{Cursor, Read};

/// A format that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Xlsx,
    Xlsb,
    Ods,
    Xls,
    /// A web page or XML of Excel 2003.
    Markup,
    Text,
}

/// Tells the format from the content alone; a renamed program or picture gets its own sentence.
pub(crate) fn sniff(bytes: &[u8], name: &str, limits: &Limits) -> Result<Kind, ReadError> {
    let not = |what| Err(ReadError::NotATable { name: name.into(), what });
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") {
        return sniff_zip(bytes, name, limits);
    }
    if starts(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        return sniff_ole(bytes, name);
    }
    let known: [(&[u8], &str); 12] = [
        (b"MZ", "可执行程序"),
        (b"\x7fELF", "可执行程序"),
        (b"%PDF", "PDF 文档"),
        (b"\x89PNG", "图片"),
        (b"\xff\xd8\xff", "图片"),
        (b"GIF8", "图片"),
        (b"BM", "图片"),
        (b"{\\rtf", "RTF 文档"),
        (b"Rar!", "压缩包"),
        (b"7z\xbc\xaf", "压缩包"),
        (b"\x1f\x8b", "压缩包"),
        (b"SQLite format 3\0", "数据库文件"),
    ];
    if let Some((_, what)) = known.iter().find(|(magic, _)| starts(magic) && looks_binary(bytes, magic)) {
        return not(what);
    }
    // BIFF2 to BIFF4 were bare streams of records beginning with BOF.
    if [[9, 0, 4], [9, 2, 6], [9, 4, 6]].iter().any(|m| starts(m)) {
        return Err(ReadError::TooOld { name: name.into() });
    }
    let utf16 = starts(&[0xff, 0xfe]) || starts(&[0xfe, 0xff]);
    if !utf16 && bytes.iter().take(65_536).any(|b| *b == 0) {
        return not("二进制文件");
    }
    Ok(if super::markup::is_markup(bytes) { Kind::Markup } else { Kind::Text })
}

/// A text may begin with `BM` or `MZ`; a picture or a program has control bytes soon after.
fn looks_binary(bytes: &[u8], magic: &[u8]) -> bool {
    if magic.len() > 2 {
        return true;
    }
    bytes.iter().take(256).any(|b| *b < 9)
}

fn sniff_zip(bytes: &[u8], name: &str, limits: &Limits) -> Result<Kind, ReadError> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| ReadError::damaged_by(name, "压缩包目录", e))?;
    if zip.len() > limits.entries {
        return Err(ReadError::TooManyEntries { name: name.into(), entries: zip.len(), limit: limits.entries });
    }
    let declared: u64 = (0..zip.len()).filter_map(|i| zip.by_index_raw(i).ok().map(|f| f.size())).fold(0, u64::saturating_add);
    if declared > limits.unpacked_bytes {
        return Err(ReadError::Bomb { name: name.into(), limit: limits.unpacked_bytes });
    }
    let names: Vec<String> = zip.file_names().filter_map(Result::ok).map(|n| n.replace('\\', "/").to_lowercase()).collect();
    let has = |path: &str| names.iter().any(|n| n == path);
    let mimetype = zip.by_name("mimetype").ok().map(|f| {
        let mut text = String::new();
        let _ = f.take(200).read_to_string(&mut text);
        text
    });
    if mimetype.as_deref().is_some_and(|m| m.contains("opendocument.spreadsheet")) {
        return Ok(Kind::Ods);
    }
    if has("xl/workbook.bin") {
        return Ok(Kind::Xlsb);
    }
    if has("xl/workbook.xml") {
        return Ok(Kind::Xlsx);
    }
    let what = if has("word/document.xml") {
        "Word 文档"
    } else if has("ppt/presentation.xml") {
        "演示文稿"
    } else if mimetype.is_some_and(|m| m.contains("opendocument")) {
        "OpenDocument 文档"
    } else if has("[content_types].xml") {
        // The workbook part may have any name; its content type decides.
        return Ok(Kind::Xlsx);
    } else {
        "压缩包"
    };
    Err(ReadError::NotATable { name: name.into(), what })
}

/// A compound file: the names in its directory are UTF-16, so they can be looked for as bytes.
fn sniff_ole(bytes: &[u8], name: &str) -> Result<Kind, ReadError> {
    let has = |stream: &str| {
        let wide: Vec<u8> = stream.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(wide.len()).step_by(2).any(|w| w == wide)
    };
    if has("EncryptedPackage") {
        return Err(ReadError::Password { name: name.into() });
    }
    if has("Workbook") || has("Book") {
        return Ok(Kind::Xls);
    }
    if has("WordDocument") {
        return Err(ReadError::NotATable { name: name.into(), what: "Word 文档" });
    }
    if name.to_lowercase().ends_with(".et") {
        return Err(ReadError::OldWps { name: name.into() });
    }
    Err(ReadError::NotATable { name: name.into(), what: "其他办公文档" })
}
