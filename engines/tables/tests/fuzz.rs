//! Readers against damaged files: seeded mutations of real ones. None may panic, hang or eat memory;
//! whatever is read keeps the law.

use std::io::{Cursor, Read, Write};
use tables::{Limits, read};

/// SplitMix64.
struct Seeded(u64);

impl Seeded {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % below.max(1) as u64) as usize
    }
}

/// Rounds a format gets; `make soak` sets more.
fn rounds() -> usize {
    std::env::var("SUYUAN_FUZZ_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(40)
}

fn limits() -> Limits {
    Limits { unpacked_bytes: 64 << 20, cells: 400_000, rows: 100_000, ..Limits::default() }
}

/// Flips, cuts, doubles or overwrites with bytes that mean something.
fn mutate(bytes: &mut Vec<u8>, random: &mut Seeded) {
    const TELLING: [&[u8]; 14] = [
        b"<",
        b">",
        b"\"",
        b"&",
        b"</c>",
        b"<c r=\"XFD1048576\"><v>1</v></c>",
        b"4294967295",
        b"-1",
        b"\0",
        b"\xff\xff\xff\xff",
        b"r=\"A0\"",
        b"t=\"s\"",
        b",",
        b"<row r=\"1048577\">",
    ];
    for _ in 0..=random.next(6) {
        if bytes.is_empty() {
            return;
        }
        let at = random.next(bytes.len());
        match random.next(6) {
            0 => bytes[at] ^= 1 << random.next(8),
            1 => bytes[at] = random.next(256) as u8,
            2 => bytes.truncate(at.max(8)),
            3 => {
                let end = (at + random.next(400)).min(bytes.len());
                bytes.drain(at..end);
            }
            4 => {
                let end = (at + random.next(2_000)).min(bytes.len());
                let part = bytes[at..end].to_vec();
                let to = random.next(bytes.len());
                bytes.splice(to..to, part);
            }
            _ => {
                let text = TELLING[random.next(TELLING.len())];
                let end = (at + text.len()).min(bytes.len());
                bytes.splice(at..end, text.iter().copied());
            }
        }
    }
}

fn check(bytes: &[u8], name: &str) {
    if let Ok(book) = read(bytes, name, &limits()) {
        for sheet in &book.sheets {
            assert!(sheet.is_balanced(), "{name}");
            for table in &sheet.tables {
                let _ = tables::checks::totals(sheet, table);
                let _ = table.fingerprint();
                for row in table.rows.iter().take(20) {
                    for column in table.head.iter().take(20) {
                        let _ = (table.cell(sheet, row, column).text(), table.unit_at(sheet, row, column));
                    }
                }
            }
        }
    }
}

fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a package");
    (0..zip.len())
        .map(|i| {
            let mut part = zip.by_index(i).expect("a part");
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).expect("unpacked");
            (part.name().expect("a name").into_owned(), bytes)
        })
        .collect()
}

fn pack(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in parts {
        zip.start_file(name, options).expect("a part");
        zip.write_all(bytes).expect("written");
    }
    zip.finish().expect("a package").into_inner()
}

fn packed(original: &[u8], name: &str, seed: u64) {
    let original = parts(original);
    let mut random = Seeded(seed);
    for _ in 0..rounds() {
        let mut changed = original.clone();
        for _ in 0..=random.next(3) {
            let i = random.next(changed.len());
            mutate(&mut changed[i].1, &mut random);
        }
        check(&pack(&changed), name);
    }
}

fn whole(original: &[u8], name: &str, seed: u64) {
    let mut random = Seeded(seed);
    for _ in 0..rounds() {
        let mut bytes = original.to_vec();
        mutate(&mut bytes, &mut random);
        check(&bytes, name);
    }
}

#[test]
fn damaged_xlsx() {
    packed(include_bytes!("dirty/saved/dirty.xlsx"), "a.xlsx", 1);
}

#[test]
fn damaged_ods() {
    packed(include_bytes!("dirty/saved/dirty.ods"), "a.ods", 2);
}

#[test]
fn damaged_xls() {
    whole(include_bytes!("dirty/saved/dirty.xls"), "a.xls", 3);
}

#[test]
fn damaged_packages_and_texts() {
    whole(include_bytes!("dirty/saved/dirty.xlsx"), "a.xlsx", 4);
    let text = "2024年8月产值,,\n单位：万元,,\n企业名称,产值,增长率(%)\n甲公司,\"1,200.50\",—\n合计,1200.5,3.2\n注：示例,,\n".repeat(40);
    whole(text.as_bytes(), "a.csv", 5);
    let page = "<html><table><tr><th rowspan=2>企业<th colspan=2>产值</tr><tr><td>当月<td>累计</tr><tr><td>甲<td>1<td>2</table>".repeat(20);
    whole(page.as_bytes(), "a.xls", 7);
    let (gb, _, _) = encoding_rs::GB18030.encode(&text);
    whole(&gb, "a.csv", 6);
}

#[test]
fn the_corpus_of_files_that_once_broke_a_reader() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let bytes = std::fs::read(entry.path()).expect("a file");
        check(&bytes, &entry.file_name().to_string_lossy());
    }
}
