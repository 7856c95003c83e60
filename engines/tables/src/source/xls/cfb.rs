//! Compound files: the small file system inside an xls ([MS-CFB]).

/// The bytes of a stream by its name; `None` if there is none or the file is damaged.
pub(super) fn stream(bytes: &[u8], names: &[&str]) -> Option<Vec<u8>> {
    let file = File::open(bytes)?;
    names.iter().find_map(|name| file.find(name))
}

struct File<'a> {
    bytes: &'a [u8],
    sector: usize,
    fat: Vec<u32>,
    directory: Vec<u8>,
    mini_cutoff: u64,
    mini_start: u32,
}

const END: u32 = 0xffff_fffe;

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

impl<'a> File<'a> {
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let shift = u16_at(bytes, 30)?;
        if !(7..=16).contains(&shift) {
            return None;
        }
        let sector = 1usize << shift;
        let mut file = Self {
            bytes,
            sector,
            fat: Vec::new(),
            directory: Vec::new(),
            mini_cutoff: u64::from(u32_at(bytes, 56)?),
            mini_start: u32_at(bytes, 60)?,
        };
        // The sectors of the allocation table: 109 in the header, more in a chain of their own.
        let mut tables: Vec<u32> = (0..109).filter_map(|i| u32_at(bytes, 76 + i * 4)).collect();
        let mut next = u32_at(bytes, 68)?;
        let most = bytes.len() / sector + 1;
        for _ in 0..most {
            let Some(part) = file.sector_at(next) else { break };
            tables.extend((0..sector / 4 - 1).filter_map(|i| u32_at(part, i * 4)));
            next = u32_at(part, sector - 4)?;
        }
        for table in tables.into_iter().filter(|t| *t < END - 2).take(most) {
            let Some(part) = file.sector_at(table) else { continue };
            let entries: Vec<u32> = (0..sector / 4).filter_map(|i| u32_at(part, i * 4)).collect();
            file.fat.extend(entries);
        }
        file.directory = file.chain(u32_at(bytes, 48)?, usize::MAX);
        Some(file)
    }
    fn sector_at(&self, number: u32) -> Option<&'a [u8]> {
        let start = (number as usize).checked_add(1)?.checked_mul(self.sector)?;
        // The last sector may be cut short.
        let end = start.checked_add(self.sector)?.min(self.bytes.len());
        self.bytes.get(start..end)
    }
    fn chain(&self, first: u32, size: usize) -> Vec<u8> {
        let mut out = Vec::new();
        let mut next = first;
        for _ in 0..=self.fat.len() {
            let Some(part) = self.sector_at(next) else { break };
            out.extend_from_slice(part);
            if out.len() >= size {
                break;
            }
            next = self.fat.get(next as usize).copied().unwrap_or(END);
        }
        out.truncate(size);
        out
    }
    /// (first sector, size) of the entry of that name.
    fn entry(&self, wanted: &str, kind: u8) -> Option<(u32, usize)> {
        self.directory.chunks_exact(128).find_map(|entry| {
            let length = usize::from(u16_at(entry, 64)?).saturating_sub(2).min(64);
            let name: Vec<u16> = entry[..length].chunks_exact(2).map(|c| u16::from_le_bytes([c[0], c[1]])).collect();
            let matches = kind == 5 || String::from_utf16_lossy(&name).eq_ignore_ascii_case(wanted);
            (entry[66] == kind && matches).then(|| Some((u32_at(entry, 116)?, u32_at(entry, 120)? as usize)))?
        })
    }
    fn find(&self, name: &str) -> Option<Vec<u8>> {
        let (first, size) = self.entry(name, 2)?;
        if size as u64 >= self.mini_cutoff {
            return Some(self.chain(first, size.min(self.bytes.len())));
        }
        // Small streams stand in sectors of 64 bytes inside the root's stream.
        let (root, root_size) = self.entry("", 5)?;
        let pool = self.chain(root, root_size.min(self.bytes.len()));
        let table = self.chain(self.mini_start, usize::MAX);
        let mut out = Vec::new();
        let mut next = first;
        for _ in 0..=table.len() / 4 {
            let Some(part) = pool.get(next as usize * 64..next as usize * 64 + 64) else { break };
            out.extend_from_slice(part);
            if out.len() >= size {
                break;
            }
            next = u32_at(&table, next as usize * 4).unwrap_or(END);
        }
        out.truncate(size);
        Some(out)
    }
}
