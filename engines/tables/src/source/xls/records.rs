//! Records of a BIFF8 stream, and its texts, which may be cut between records.

pub(super) const BOF: u16 = 0x0809;
pub(super) const EOF: u16 = 0x000a;
pub(super) const CONTINUE: u16 = 0x003c;
pub(super) const FILEPASS: u16 = 0x002f;
pub(super) const DATEMODE: u16 = 0x0022;
pub(super) const FONT: u16 = 0x0031;
pub(super) const FORMAT: u16 = 0x041e;
pub(super) const XF: u16 = 0x00e0;
pub(super) const BOUNDSHEET: u16 = 0x0085;
pub(super) const SST: u16 = 0x00fc;
pub(super) const ROW: u16 = 0x0208;
pub(super) const LABELSST: u16 = 0x00fd;
pub(super) const LABEL: u16 = 0x0204;
pub(super) const RSTRING: u16 = 0x00d6;
pub(super) const RK: u16 = 0x027e;
pub(super) const MULRK: u16 = 0x00bd;
pub(super) const NUMBER: u16 = 0x0203;
pub(super) const FORMULA: u16 = 0x0006;
pub(super) const STRING: u16 = 0x0207;
pub(super) const BOOLERR: u16 = 0x0205;
pub(super) const BLANK: u16 = 0x0201;
pub(super) const MULBLANK: u16 = 0x00be;
pub(super) const MERGECELLS: u16 = 0x00e5;
pub(super) const COLINFO: u16 = 0x007d;
pub(super) const NOTE: u16 = 0x001c;
pub(super) const OBJ: u16 = 0x005d;
pub(super) const TXO: u16 = 0x01b6;

/// One record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'a> {
    pub kind: u16,
    pub data: &'a [u8],
}

impl Record<'_> {
    pub(super) fn u8(&self, at: usize) -> Option<u8> {
        self.data.get(at).copied()
    }
    pub(super) fn u16(&self, at: usize) -> Option<u16> {
        Some(u16::from_le_bytes(self.data.get(at..at + 2)?.try_into().ok()?))
    }
    pub(super) fn u32(&self, at: usize) -> Option<u32> {
        Some(u32::from_le_bytes(self.data.get(at..at + 4)?.try_into().ok()?))
    }
    pub(super) fn f64(&self, at: usize) -> Option<f64> {
        Some(f64::from_le_bytes(self.data.get(at..at + 8)?.try_into().ok()?))
    }
}

/// Walks over the records of a stream.
#[derive(Debug, Clone)]
pub(super) struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    pub(super) fn new(stream: &'a [u8], at: usize) -> Self {
        Self { stream, at }
    }
    pub(super) fn next(&mut self) -> Option<Record<'a>> {
        let head = self.stream.get(self.at..self.at + 4)?;
        let (kind, length) = (u16::from_le_bytes([head[0], head[1]]), usize::from(u16::from_le_bytes([head[2], head[3]])));
        let start = self.at + 4;
        let end = (start + length).min(self.stream.len());
        self.at = start + length;
        Some(Record { kind, data: &self.stream[start..end] })
    }
    pub(super) fn peek(&self) -> Option<u16> {
        let head = self.stream.get(self.at..self.at + 2)?;
        Some(u16::from_le_bytes([head[0], head[1]]))
    }
    /// A record's data with that of the CONTINUE records behind it.
    pub(super) fn with_continues(&mut self, data: &'a [u8]) -> Vec<&'a [u8]> {
        let mut parts = vec![data];
        while self.peek() == Some(CONTINUE) {
            parts.extend(self.next().map(|r| r.data));
        }
        parts
    }
}

/// Reads texts over the borders of records. [MS-XLS] 2.5.293: where characters
/// are cut, the next record begins with a byte that says anew whether they are wide.
pub(super) struct Text<'a> {
    parts: &'a [&'a [u8]],
    part: usize,
    at: usize,
}

impl<'a> Text<'a> {
    pub(super) fn new(parts: &'a [&'a [u8]], at: usize) -> Self {
        Self { parts, part: 0, at }
    }
    /// A text with a length of two bytes, at `at` of the first part.
    pub(super) fn long(parts: &[&[u8]], at: usize) -> Option<String> {
        let mut out = String::new();
        Text::new(parts, at).read_long(&mut out).then_some(out)
    }
    /// A text with a length of one byte.
    pub(super) fn short(data: &[u8], at: usize) -> Option<String> {
        let parts = [data];
        let mut text = Text::new(&parts, at);
        let count = usize::from(text.byte()?);
        let wide = text.byte()? & 1 != 0;
        let mut out = String::new();
        text.characters(count, wide, &mut out).then_some(out)
    }
    /// Text of a drawn object: its characters alone, the record says how many.
    pub(super) fn bare(parts: &[&[u8]], count: usize) -> Option<String> {
        let mut text = Text::new(parts, 0);
        let wide = text.byte()? & 1 != 0;
        let mut out = String::new();
        text.characters(count, wide, &mut out).then_some(out)
    }
    fn byte(&mut self) -> Option<u8> {
        while self.at >= self.parts.get(self.part)?.len() {
            self.part += 1;
            self.at = 0;
        }
        self.at += 1;
        Some(self.parts[self.part][self.at - 1])
    }
    fn word(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }
    fn skip(&mut self, mut bytes: usize) {
        while bytes > 0 {
            let Some(part) = self.parts.get(self.part) else { return };
            let here = part.len().saturating_sub(self.at);
            if bytes < here {
                self.at += bytes;
                return;
            }
            bytes -= here;
            self.part += 1;
            self.at = 0;
        }
    }
    /// Appends one text with its length, formatting runs and phonetic part left out. False at the end.
    pub(super) fn read_long(&mut self, out: &mut String) -> bool {
        let (Some(count), Some(flags)) = (self.word(), self.byte()) else { return false };
        let runs = if flags & 0x08 != 0 { self.word().map_or(0, usize::from) } else { 0 };
        let extra = if flags & 0x04 != 0 {
            let (low, high) = (self.word().unwrap_or(0), self.word().unwrap_or(0));
            usize::from(low) | usize::from(high) << 16
        } else {
            0
        };
        if !self.characters(usize::from(count), flags & 1 != 0, out) {
            return false;
        }
        self.skip(runs * 4);
        self.skip(extra);
        true
    }
    fn characters(&mut self, count: usize, wide: bool, out: &mut String) -> bool {
        let (mut left, mut wide) = (count, wide);
        let mut units: Vec<u16> = Vec::with_capacity(count);
        while left > 0 {
            let Some(part) = self.parts.get(self.part) else { return false };
            let rest = &part[self.at.min(part.len())..];
            let take = if wide { (rest.len() / 2).min(left) } else { rest.len().min(left) };
            if wide {
                units.extend(rest[..take * 2].chunks_exact(2).map(|c| u16::from_le_bytes([c[0], c[1]])));
                self.at += take * 2;
            } else {
                units.extend(rest[..take].iter().map(|b| u16::from(*b)));
                self.at += take;
            }
            left -= take;
            if left > 0 {
                self.part += 1;
                self.at = 0;
                let Some(flags) = self.byte() else { return false };
                wide = flags & 1 != 0;
            }
        }
        out.extend(char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_text_cut_between_records_is_whole() {
        // Five characters: two wide ones, a cut, three narrow ones.
        let first = [5, 0, 1, 0x2d, 0x4e, 0x87, 0x65];
        let second = [0, b'a', b'b', b'c'];
        assert_eq!(Text::long(&[&first, &second], 0).as_deref(), Some("中文abc"));
        assert_eq!(Text::short(&[2, 1, 0x2d, 0x4e, 0x87, 0x65], 0).as_deref(), Some("中文"));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..100), more in proptest::collection::vec(any::<u8>(), 0..20)) {
            let _ = Text::long(&[&bytes, &more], 0);
            let mut records = Records::new(&bytes, 0);
            while let Some(record) = records.next() { let _ = (record.u16(0), record.f64(6)); }
        }
    }
}
