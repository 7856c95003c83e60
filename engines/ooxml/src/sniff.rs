//! What a file is, by its first bytes: for the sentence that refuses it.

/// What a file turned out to be when it is no OOXML package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Other {
    /// OLE compound file with an encrypted package in it: a password is set.
    Encrypted,
    /// Word 97–2003 `.doc`, or WPS Writer `.wps` (both are the same container).
    OldDocument,
    /// Excel 97–2003 `.xls`, or WPS `.et`.
    OldWorkbook,
    /// Another OLE compound file.
    Compound,
    /// PDF, or its Chinese sister OFD is a zip without content types.
    Pdf,
    /// Rich text.
    Rtf,
    /// A web page with an Office extension.
    Html,
    /// Flat XML.
    Xml,
    /// An empty file.
    Empty,
    /// A zip archive, perhaps a package.
    Zip,
    /// Nothing known.
    Unknown,
}

/// Looks at the bytes only; never at a name.
#[must_use]
pub fn sniff(bytes: &[u8]) -> Other {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let begin: Vec<u8> = text.iter().copied().skip_while(u8::is_ascii_whitespace).take(64).map(|b| b.to_ascii_lowercase()).collect();
    match bytes {
        [] => Other::Empty,
        [b'P', b'K', 3 | 5 | 7, 4 | 6 | 8, ..] => Other::Zip,
        [0xd0, 0xcf, 0x11, 0xe0, ..] => compound(bytes),
        _ if bytes.starts_with(b"%PDF") => Other::Pdf,
        _ if bytes.starts_with(b"{\\rtf") => Other::Rtf,
        _ if begin.starts_with(b"<html") || begin.starts_with(b"<!doctype html") => Other::Html,
        _ if begin.starts_with(b"<?xml") || begin.starts_with(b"<!doctype") => Other::Xml,
        _ => Other::Unknown,
    }
}

/// A compound file is told by the names of its streams, which stand in it as UTF-16.
fn compound(bytes: &[u8]) -> Other {
    let holds = |name: &str| {
        let wanted: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(wanted.len()).any(|w| w == wanted)
    };
    if holds("EncryptedPackage") {
        Other::Encrypted
    } else if holds("WordDocument") {
        Other::OldDocument
    } else if holds("Workbook") {
        Other::OldWorkbook
    } else {
        Other::Compound
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_files_by_their_bytes() {
        let ole = |stream: &str| {
            let mut bytes = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
            bytes.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
            bytes
        };
        for (bytes, expected) in [
            (&b""[..], Other::Empty),
            (b"PK\x03\x04", Other::Zip),
            (b"%PDF-1.7", Other::Pdf),
            (b"{\\rtf1", Other::Rtf),
            (b"\xef\xbb\xbf <!DOCTYPE html>", Other::Html),
            (b"<?xml version='1.0'?>", Other::Xml),
            (b"hello", Other::Unknown),
            (&ole("WordDocument"), Other::OldDocument),
            (&ole("Workbook"), Other::OldWorkbook),
            (&ole("EncryptedPackage"), Other::Encrypted),
            (&ole("x"), Other::Compound),
        ] {
            assert_eq!(sniff(bytes), expected);
        }
    }
}
