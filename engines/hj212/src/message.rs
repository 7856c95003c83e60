//! The data segment 数据段 as it stands: header fields and items, borrowed, nothing judged.
//!
//! Parsing takes anything. What it had to overlook to get through is noted as
//! it goes (a comma between fields, a name in capitals, a missing `&&`);
//! whether the content is right is [`crate::check`]'s question.

use crate::value::{Moment, digits};
use crate::verdict::{Verdict, Verdicts};

/// A parsed data segment.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// The whole segment.
    pub segment: &'a [u8],
    /// The fields before the data area.
    pub header: Header<'a>,
    /// What stands between `CP=&&` and `&&`.
    pub data: &'a [u8],
    /// What was overlooked.
    pub verdicts: Verdicts,
    head: &'a [u8],
}

/// The header fields; None where the field is missing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Header<'a> {
    /// Request number 请求编码.
    pub qn: Option<&'a [u8]>,
    /// System code 系统编码.
    pub st: Option<&'a [u8]>,
    /// Command code 命令编码.
    pub cn: Option<&'a [u8]>,
    /// Password 访问密码.
    pub pw: Option<&'a [u8]>,
    /// Device identity 设备唯一标识.
    pub mn: Option<&'a [u8]>,
    /// Split and answer marks 拆分包及应答标志.
    pub flag: Option<&'a [u8]>,
    /// Number of packets 总包数.
    pub pnum: Option<&'a [u8]>,
    /// Number of this packet 包号.
    pub pno: Option<&'a [u8]>,
}

/// The bits of Flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flag(pub u8);

impl Flag {
    /// A: the sender wants an answer.
    #[must_use]
    pub fn wants_answer(self) -> bool {
        self.0 & 1 == 1
    }
    /// D: PNUM and PNO stand in the header.
    #[must_use]
    pub fn is_split(self) -> bool {
        self.0 & 2 == 2
    }
    /// V: the version bits.
    #[must_use]
    pub fn version(self) -> u8 {
        self.0 >> 2
    }
    /// A flag of these parts.
    #[must_use]
    pub fn of(version: u8, split: bool, answer: bool) -> Self {
        Self(version << 2 | u8::from(split) << 1 | u8::from(answer))
    }
}

impl<'a> Header<'a> {
    /// The flag, if it is a number from 0 to 255.
    #[must_use]
    pub fn flag(&self) -> Option<Flag> {
        let value = digits(self.flag?.trim_ascii())?;
        u8::try_from(value).ok().map(Flag)
    }
    /// The command code as a number, if it is four digits.
    #[must_use]
    pub fn command(&self) -> Option<u16> {
        let text = self.cn?.trim_ascii();
        (text.len() == 4).then(|| digits(text)).flatten().and_then(|n| u16::try_from(n).ok())
    }
    /// True if an answer is wanted.
    #[must_use]
    pub fn wants_answer(&self) -> bool {
        self.flag().is_some_and(Flag::wants_answer)
    }
    /// Number of this packet and of all packets, if both are there and make sense.
    #[must_use]
    pub fn packet(&self) -> Option<(u32, u32)> {
        let number = |text: Option<&'a [u8]>| digits(text?.trim_ascii()).and_then(|n| u32::try_from(n).ok());
        let (no, of) = (number(self.pno)?, number(self.pnum)?);
        (no >= 1 && no <= of).then_some((no, of))
    }
}

/// Reads a data segment.
#[must_use]
pub fn parse(segment: &[u8]) -> Message<'_> {
    let mut message = Message { segment, header: Header::default(), data: &[], verdicts: Verdicts::NONE, head: segment };
    let mut order = 0u8;
    let mut fields = Fields { rest: segment, notes: Verdicts::NONE };
    loop {
        let at = segment.len() - fields.rest.len();
        let Some((name, value)) = fields.next() else { break };
        if name.eq_ignore_ascii_case(b"CP") {
            message.verdicts.add_if(name != b"CP", Verdict::NameCase);
            message.head = &segment[..at];
            message.take_data(value);
            message.verdicts.merge(fields.notes);
            return message;
        }
        message.take_field(name, value, &mut order);
    }
    message.verdicts.merge(fields.notes);
    message.verdicts.add(Verdict::CpMissing);
    message
}

impl<'a> Message<'a> {
    fn take_field(&mut self, name: &[u8], value: &'a [u8], order: &mut u8) {
        let header = &mut self.header;
        let (slot, known, place) = match name {
            b"QN" => (&mut header.qn, true, 1),
            b"ST" => (&mut header.st, true, 2),
            b"CN" => (&mut header.cn, true, 3),
            b"PW" => (&mut header.pw, true, 4),
            b"MN" => (&mut header.mn, true, 5),
            b"Flag" => (&mut header.flag, true, 6),
            b"PNUM" => (&mut header.pnum, true, 7),
            b"PNO" => (&mut header.pno, true, 8),
            _ => match name.to_ascii_uppercase_array() {
                Some([b'Q', b'N', 0, 0]) => (&mut header.qn, false, 1),
                Some([b'S', b'T', 0, 0]) => (&mut header.st, false, 2),
                Some([b'C', b'N', 0, 0]) => (&mut header.cn, false, 3),
                Some([b'P', b'W', 0, 0]) => (&mut header.pw, false, 4),
                Some([b'M', b'N', 0, 0]) => (&mut header.mn, false, 5),
                Some([b'F', b'L', b'A', b'G']) => (&mut header.flag, false, 6),
                Some([b'P', b'N', b'U', b'M']) => (&mut header.pnum, false, 7),
                Some([b'P', b'N', b'O', 0]) => (&mut header.pno, false, 8),
                _ => return self.verdicts.add(Verdict::HeaderUnknown),
            },
        };
        if slot.is_some() {
            return self.verdicts.add(Verdict::HeaderTwice);
        }
        *slot = Some(value);
        self.verdicts.add_if(!known, Verdict::NameCase);
        self.verdicts.add_if(place < *order, Verdict::HeaderOrder);
        *order = place.max(*order);
    }

    /// Takes the data area: `&&…&&`, the pair open or missing where a frame was cut.
    fn take_data(&mut self, area: &'a [u8]) {
        let Some(inner) = area.trim_ascii_start().strip_prefix(b"&&") else {
            self.verdicts.add(Verdict::CpMissing);
            return;
        };
        if let Some(data) = inner.strip_suffix(b"&&") {
            self.data = data;
        } else {
            let close = inner.windows(2).rposition(|pair| pair == b"&&");
            self.verdicts.add_if(close.is_none(), Verdict::CpMissing);
            self.verdicts.add_if(close.is_some(), Verdict::DataShape);
            self.data = &inner[..close.unwrap_or(inner.len())];
        }
    }

    /// The header fields as written, in their order; names as written, blanks and stray commas dropped.
    ///
    /// Where the data area is missing or cut before its `&&`, `CP` and what is there of it come last.
    pub fn fields(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
        let after = &self.segment[self.head.len()..];
        let mut cut = Fields { rest: after, notes: Verdicts::NONE };
        let opened = cut.next().filter(|(_, value)| !value.trim_ascii_start().starts_with(b"&&"));
        Fields { rest: self.head, notes: Verdicts::NONE }.chain(opened)
    }

    /// The parts of the data area that are `name=value`.
    #[must_use]
    pub fn items(&self) -> Items<'a> {
        items(self.data)
    }

    /// The value of the first item of that name, blanks around it dropped.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&'a [u8]> {
        self.items().find(|item| item.name == name.as_bytes()).map(|item| item.value.trim_ascii())
    }

    /// DataTime 数据时间, if it is there and exists.
    #[must_use]
    pub fn data_time(&self) -> Option<Moment> {
        Moment::read(self.value("DataTime")?)
    }
}

/// A four-letter name in capitals, padded with zeros.
trait Capitals {
    fn to_ascii_uppercase_array(&self) -> Option<[u8; 4]>;
}

impl Capitals for [u8] {
    fn to_ascii_uppercase_array(&self) -> Option<[u8; 4]> {
        let mut out = [0; 4];
        if self.len() > 4 {
            return None;
        }
        out.iter_mut().zip(self).for_each(|(o, b)| *o = b.to_ascii_uppercase());
        Some(out)
    }
}

/// `name=value` of the header, one after the other.
struct Fields<'a> {
    rest: &'a [u8],
    notes: Verdicts,
}

impl<'a> Iterator for Fields<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            while let Some((first, rest)) = self.rest.split_first() {
                match first {
                    b';' => {}
                    b',' => self.notes.add(Verdict::HeaderComma),
                    _ if first.is_ascii_whitespace() => self.notes.add(Verdict::HeaderBlank),
                    _ => break,
                }
                self.rest = rest;
            }
            if self.rest.is_empty() {
                return None;
            }
            // CP takes all that follows: separators inside belong to the data area.
            if let [c, p, b'=', area @ ..] = self.rest
                && c.eq_ignore_ascii_case(&b'C')
                && p.eq_ignore_ascii_case(&b'P')
            {
                let name = &self.rest[..2];
                self.rest = &[];
                return Some((name, area));
            }
            let end = self.rest.iter().position(|b| matches!(b, b';' | b',' | b'&')).unwrap_or(self.rest.len());
            let end = if self.rest.get(end) == Some(&b'&') { self.end_at_ampersand(end) } else { end };
            let (part, rest) = self.rest.split_at(end);
            self.rest = if matches!(rest.first(), Some(b';' | b',')) { &rest[1..] } else { rest };
            self.notes.add_if(rest.first() == Some(&b','), Verdict::HeaderComma);
            let Some(equals) = part.iter().position(|b| *b == b'=') else {
                self.notes.add(Verdict::HeaderUnknown);
                continue;
            };
            let name = part[..equals].trim_ascii_end();
            self.notes.add_if(name.len() != equals, Verdict::HeaderBlank);
            return Some((name, &part[equals + 1..]));
        }
    }
}

impl Fields<'_> {
    /// Where a part ends that holds an `&`: in front of a `CP=&&` that no
    /// separator stands before (annex C prints `Flag=5CP=&&` once), else at its separator.
    fn end_at_ampersand(&mut self, at: usize) -> usize {
        let before = &self.rest[..at];
        let opens = self.rest[at..].starts_with(b"&&");
        if let [name @ .., c, p, b'='] = before
            && opens
            && c.eq_ignore_ascii_case(&b'C')
            && p.eq_ignore_ascii_case(&b'P')
            && !name.is_empty()
        {
            self.notes.add(Verdict::HeaderSeparator);
            return name.len();
        }
        let separator = |from: usize| self.rest[from..].iter().position(|b| matches!(b, b';' | b',')).map(|n| from + n);
        let next = self.rest[at + 1..].iter().position(|b| *b == b'&').map(|n| at + 1 + n);
        match (separator(at), next) {
            (end, Some(next)) if end.is_none_or(|end| next < end) => self.end_at_ampersand(next),
            (end, _) => end.unwrap_or(self.rest.len()),
        }
    }
}

/// One `name=value` of the data area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item<'a> {
    /// Number of the `;` group it stands in, from 0.
    pub group: u16,
    /// The name, blanks around it dropped.
    pub name: &'a [u8],
    /// The value exactly as written.
    pub value: &'a [u8],
}

impl<'a> Item<'a> {
    /// The name before and after its last `-`: `w01018`, `Rtd`. The second is empty without one.
    #[must_use]
    pub fn split(&self) -> (&'a [u8], &'a [u8]) {
        match self.name.iter().rposition(|b| *b == b'-') {
            Some(at) => (&self.name[..at], &self.name[at + 1..]),
            None => (self.name, &[]),
        }
    }
}

/// The items of a data area; see [`items`].
#[derive(Debug, Clone)]
pub struct Items<'a> {
    rest: &'a [u8],
    group: u16,
    /// What had to be overlooked so far.
    pub notes: Verdicts,
}

/// Splits a data area into its items.
///
/// A value that begins with `//` is a log text and ends at the `//` that
/// stands before a separator or the end: what is inside may hold anything.
#[must_use]
pub fn items(data: &[u8]) -> Items<'_> {
    Items { rest: data, group: 0, notes: Verdicts::NONE }
}

/// Bytes that end a name: one look-up instead of three comparisons.
static STOPS: [bool; 256] = {
    let mut table = [false; 256];
    table[b'=' as usize] = true;
    table[b';' as usize] = true;
    table[b',' as usize] = true;
    table
};

impl<'a> Iterator for Items<'a> {
    type Item = Item<'a>;

    #[inline]
    fn next(&mut self) -> Option<Item<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let bytes = self.rest;
            let stop = bytes.iter().position(|b| STOPS[usize::from(*b)]).unwrap_or(bytes.len());
            if bytes.get(stop) != Some(&b'=') {
                self.overlook(stop);
                continue;
            }
            let end = value_end(bytes, stop + 1, &mut self.notes);
            let item = Item { group: self.group, name: bytes[..stop].trim_ascii(), value: &bytes[stop + 1..end] };
            self.notes.add_if(item.name.len() != stop, Verdict::DataBlank);
            self.pass(end);
            return Some(item);
        }
    }
}

impl Items<'_> {
    /// A part without `=`: blanks and empty parts are nothing, anything else is noted.
    fn overlook(&mut self, stop: usize) {
        let part = &self.rest[..stop];
        let blank = part.iter().all(u8::is_ascii_whitespace);
        self.notes.add_if(!part.is_empty() && blank, Verdict::DataBlank);
        self.notes.add_if(!blank, Verdict::DataShape);
        self.pass(stop);
    }

    /// Drops what was read and the separator behind it.
    fn pass(&mut self, end: usize) {
        if self.rest.get(end) == Some(&b';') {
            self.group = self.group.saturating_add(1);
        }
        self.rest = self.rest.get(end + 1..).unwrap_or_default();
    }
}

/// Place of the separator that ends the value starting at `from`.
fn value_end(bytes: &[u8], from: usize, notes: &mut Verdicts) -> usize {
    let value = &bytes[from..];
    if value.starts_with(b"//") {
        let mut at = 2;
        while at + 2 <= value.len() {
            if &value[at..at + 2] == b"//" && matches!(value[at + 2..].trim_ascii_start().first(), None | Some(b';' | b',')) {
                let blanks = value[at + 2..].len() - value[at + 2..].trim_ascii_start().len();
                return from + at + 2 + blanks;
            }
            at += 1;
        }
        notes.add(Verdict::LogOpen);
        return bytes.len();
    }
    value.iter().position(|b| matches!(b, b';' | b',')).map_or(bytes.len(), |p| from + p)
}
