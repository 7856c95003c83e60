//! Bytes → frames 通讯包: where one begins, where it ends, whether it is whole.
//!
//! HJ 212-2017 6.3: `##`, four digits of length, the data segment, four
//! hexadecimal digits of check value, CR LF. Real traffic is split, joined,
//! cut, preceded by noise and wrong in its lengths, so [`next`] looks at a
//! buffer and says what stands at its front; the caller drops what was used
//! and asks again. Nothing is copied.

use crate::crc::{self, CrcKind};
use crate::verdict::{Verdict, Verdicts};

/// Longest data segment that the length field can name. The standard stops at 1024; the excess is flagged.
pub const SEGMENT_MAX: usize = 9_999;
/// Bytes of the longest frame: header, length, segment, check value, tail.
pub const FRAME_MAX: usize = 2 + 4 + SEGMENT_MAX + 4 + 2;
const HEAD: usize = 6;

/// What stands at the front of the buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// A frame; drop `frame.used` bytes.
    Frame(Frame<'a>),
    /// Bytes that are no frame; drop that many.
    Noise(&'a [u8]),
    /// Line ends between frames; drop that many. Not worth a verdict.
    Blank(usize),
    /// Not decidable yet: more bytes are needed (or the end of the stream).
    More,
}

/// One frame as it stood in the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// The data segment, between length and check value.
    pub segment: &'a [u8],
    /// The length that the frame declares.
    pub declared: u16,
    /// The check value as written, if four hexadecimal digits stand there.
    pub crc: Option<u16>,
    /// How the check value was made, if it fits.
    pub kind: Option<CrcKind>,
    /// Length, check value and shape.
    pub verdicts: Verdicts,
    /// Bytes of the buffer that the frame takes, tail and all.
    pub used: usize,
}

/// Opens encrypted segments (HJ 212-2025 annex A): the hook between framing and parsing.
///
/// Length and check value are made on the plain segment **before** encrypting,
/// and groups of 16 bytes are encrypted without padding, so the wire form is
/// taken to be as long as the plain one. The standard's text was not at hand:
/// neither the cipher's mode nor the wire form is certain.
pub trait Opener {
    /// Writes the plain form of `wire` into `plain` (cleared before); false if it cannot.
    fn open(&self, wire: &[u8], plain: &mut Vec<u8>) -> bool;
}

/// Says what stands at the front of `bytes`.
///
/// `complete`: nothing more will come (end of file, closed connection, or a
/// silence long enough), so what is there is judged as it is.
#[must_use]
pub fn next(bytes: &[u8], complete: bool) -> Step<'_> {
    if bytes.is_empty() {
        return Step::More;
    }
    let blank = bytes.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
    if blank > 0 {
        return Step::Blank(blank);
    }
    match start(bytes, complete) {
        Start::At(0) => {}
        Start::At(n) => return Step::Noise(&bytes[..n]),
        Start::Unknown => return Step::More,
    }
    let declared = declared_length(bytes).unwrap_or_default();
    by_length(bytes, declared, complete).or_else(|| by_real_end(bytes, declared, complete)).unwrap_or(Step::More)
}

/// Takes an encrypted frame by its length alone and opens it.
///
/// The opened segment stands in `plain`; the frame's `segment` is the wire
/// form. Gives [`Step::More`] until the declared length is there.
pub fn next_encrypted<'a>(bytes: &'a [u8], complete: bool, opener: &dyn Opener, plain: &mut Vec<u8>) -> Step<'a> {
    let first = next_head(bytes, complete);
    let Ok(declared) = first else { return first.unwrap_or_else(|step| step) };
    let Step::Frame(Frame { declared, .. }) = declared else { return declared };
    let end = HEAD + usize::from(declared);
    if bytes.len() < end + 4 || (bytes.len() < end + 6 && !complete) {
        return if complete { truncated(bytes, declared, bytes.len()) } else { Step::More };
    }
    let crc = hex4(&bytes[end..end + 4]);
    let segment = &bytes[HEAD..end];
    plain.clear();
    let mut frame = judged(bytes, segment, declared, end, complete);
    if !opener.open(segment, plain) {
        frame.verdicts = [Verdict::NotDecrypted].into_iter().collect();
        frame.kind = None;
        return Step::Frame(frame);
    }
    frame.verdicts = Verdicts::NONE;
    frame.kind = crc.and_then(|c| crc::kind_of(plain, c));
    note_crc(&mut frame);
    Step::Frame(frame)
}

/// A frame with nothing but its declared length, or the step that comes before it.
fn next_head(bytes: &[u8], complete: bool) -> Result<Step<'_>, Step<'_>> {
    let blank = bytes.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
    if blank > 0 {
        return Err(Step::Blank(blank));
    }
    match start(bytes, complete) {
        Start::At(0) => {}
        Start::At(n) => return Err(Step::Noise(&bytes[..n])),
        Start::Unknown => return Err(Step::More),
    }
    let declared = declared_length(bytes).unwrap_or_default();
    let frame = Frame { segment: &[], declared, crc: None, kind: None, verdicts: Verdicts::NONE, used: 0 };
    Ok(Step::Frame(frame))
}

enum Start {
    /// A frame's head stands at that place; what is before it is noise.
    At(usize),
    /// A head may be coming.
    Unknown,
}

/// Finds the first `##dddd`. Without one, all but the last few bytes are noise.
fn start(bytes: &[u8], complete: bool) -> Start {
    let mut from = 0;
    while let Some(hash) = position(&bytes[from..], b'#').map(|p| from + p) {
        let rest = &bytes[hash..];
        if rest.len() >= HEAD {
            if is_head(rest) {
                return Start::At(hash);
            }
        } else if !complete && may_be_head(rest) {
            return if hash == 0 { Start::Unknown } else { Start::At(hash) };
        }
        from = hash + 1;
    }
    if bytes.is_empty() { Start::Unknown } else { Start::At(bytes.len()) }
}

fn is_head(bytes: &[u8]) -> bool {
    matches!(bytes, [b'#', b'#', a, b, c, d, ..] if [a, b, c, d].iter().all(|x| x.is_ascii_digit()))
}

fn may_be_head(bytes: &[u8]) -> bool {
    bytes.iter().enumerate().all(|(i, b)| if i < 2 { *b == b'#' } else { b.is_ascii_digit() })
}

fn declared_length(bytes: &[u8]) -> Option<u16> {
    let digits = bytes.get(2..HEAD)?;
    Some(digits.iter().fold(0, |n, d| n * 10 + u16::from(d.wrapping_sub(b'0'))))
}

/// The frame that the declared length leads to, if what stands there looks like an end.
fn by_length(bytes: &[u8], declared: u16, complete: bool) -> Option<Step<'_>> {
    let end = HEAD + usize::from(declared);
    if bytes.len() < end + 4 {
        return (!complete).then_some(Step::More);
    }
    let segment = &bytes[HEAD..end];
    let tail = &bytes[end + 4..];
    let frame = judged(bytes, segment, declared, end, complete);
    if frame.kind == Some(CrcKind::Standard) {
        // The tail may still be on its way; without it the next call would take CR LF for a blank line, which is harmless.
        return Some(Step::Frame(frame));
    }
    if tail.len() < 2 && !complete {
        return Some(Step::More);
    }
    let closed = segment.ends_with(b"&&") && (frame.crc.is_some() || tail.starts_with(b"\r\n"));
    let plausible = frame.crc.is_some() && (tail.is_empty() || tail.starts_with(b"\r\n") || is_head(tail));
    (closed || plausible || frame.kind.is_some()).then_some(Step::Frame(frame))
}

/// The frame up to where it really ends, when its length does not lead there.
fn by_real_end(bytes: &[u8], declared: u16, complete: bool) -> Option<Step<'_>> {
    let window = &bytes[..bytes.len().min(FRAME_MAX)];
    let end = real_end(window, complete);
    if let Some(end) = end {
        let mut frame = judged(bytes, &bytes[HEAD..end], declared, end, complete);
        let right = frame.kind == Some(CrcKind::Standard);
        let cut_before = if right { None } else { next_head_inside(window, end) };
        if let Some(at) = cut_before {
            return Some(truncated(bytes, declared, at));
        }
        frame.verdicts = match frame.kind {
            Some(CrcKind::Standard) => [Verdict::LengthMismatchCrcOk].into_iter().collect(),
            Some(CrcKind::ModbusSwapped) => [Verdict::LengthMismatchCrcBad, Verdict::CrcModbusSwapped].into_iter().collect(),
            Some(CrcKind::Modbus) => [Verdict::LengthMismatchCrcBad, Verdict::CrcModbus].into_iter().collect(),
            None => [Verdict::LengthMismatchCrcBad].into_iter().collect(),
        };
        note_shape(&mut frame, bytes, end, complete);
        return Some(Step::Frame(frame));
    }
    if let Some(at) = next_head_inside(window, window.len()) {
        return Some(truncated(bytes, declared, at));
    }
    if complete {
        return Some(truncated(bytes, declared, bytes.len()));
    }
    // No end within the longest frame that can be: the head was none.
    (bytes.len() >= FRAME_MAX).then(|| match start(&bytes[1..], false) {
        Start::At(n) => Step::Noise(&bytes[..1 + n]),
        Start::Unknown => Step::Noise(&bytes[..1]),
    })
}

/// Place after the first `&&` that is followed by four hexadecimal digits and an end.
fn real_end(window: &[u8], complete: bool) -> Option<usize> {
    let mut from = HEAD;
    while let Some(at) = find(&window[from..], b"&&").map(|p| from + p) {
        let end = at + 2;
        if let Some(digits) = window.get(end..end + 4)
            && hex4(digits).is_some()
        {
            let tail = &window[end + 4..];
            if tail.starts_with(b"\r\n") || tail.starts_with(b"\n") || is_head(tail) || (complete && tail.is_empty()) {
                return Some(end);
            }
        }
        from = at + 1;
    }
    None
}

/// A second head inside the bytes of the first frame: a station began anew in the middle.
fn next_head_inside(window: &[u8], until: usize) -> Option<usize> {
    let mut from = HEAD;
    while let Some(at) = find(&window[from..until], b"##").map(|p| from + p) {
        if is_head(&window[at..]) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

fn truncated(bytes: &[u8], declared: u16, used: usize) -> Step<'_> {
    let segment = bytes[..used].get(HEAD..).unwrap_or_default();
    let segment = segment.strip_suffix(b"\n").unwrap_or(segment);
    let segment = segment.strip_suffix(b"\r").unwrap_or(segment);
    let verdicts = [Verdict::TruncatedOrLengthTooLong].into_iter().collect();
    Step::Frame(Frame { segment, declared, crc: None, kind: None, verdicts, used })
}

/// The frame whose segment ends at `end`, with the verdicts of its check value and shape.
fn judged<'a>(bytes: &'a [u8], segment: &'a [u8], declared: u16, end: usize, complete: bool) -> Frame<'a> {
    let crc = bytes.get(end..end + 4).and_then(hex4);
    let kind = crc.and_then(|c| crc::kind_of(segment, c));
    let mut frame = Frame { segment, declared, crc, kind, verdicts: Verdicts::NONE, used: (end + 4).min(bytes.len()) };
    note_crc(&mut frame);
    note_shape(&mut frame, bytes, end, complete);
    frame
}

fn note_crc(frame: &mut Frame<'_>) {
    match frame.kind {
        Some(CrcKind::Standard) => {}
        Some(CrcKind::ModbusSwapped) => frame.verdicts.add(Verdict::CrcModbusSwapped),
        Some(CrcKind::Modbus) => frame.verdicts.add(Verdict::CrcModbus),
        None => frame.verdicts.add(Verdict::CrcMismatch),
    }
}

fn note_shape(frame: &mut Frame<'_>, bytes: &[u8], end: usize, complete: bool) {
    let tail = bytes.get(end + 4..).unwrap_or_default();
    let tail_length = if tail.starts_with(b"\r\n") { 2 } else { usize::from(tail.starts_with(b"\n")) };
    frame.used = (end + 4).min(bytes.len()) + tail_length;
    let on_its_way = !complete && b"\r\n".starts_with(tail);
    frame.verdicts.add_if(tail_length != 2 && !on_its_way, Verdict::NoCrLf);
    let lower = bytes.get(end..end + 4).is_some_and(|digits| digits.iter().any(u8::is_ascii_lowercase));
    frame.verdicts.add_if(lower && frame.crc.is_some(), Verdict::CrcLowerCase);
}

/// Reads four hexadecimal digits of either case.
fn hex4(digits: &[u8]) -> Option<u16> {
    let mut value = 0u16;
    for digit in digits {
        let nibble = match digit {
            b'0'..=b'9' => digit - b'0',
            b'A'..=b'F' => digit - b'A' + 10,
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        value = value << 4 | u16::from(nibble);
    }
    (digits.len() == 4).then_some(value)
}

fn position(bytes: &[u8], wanted: u8) -> Option<usize> {
    bytes.iter().position(|b| *b == wanted)
}

fn find(bytes: &[u8], wanted: &[u8; 2]) -> Option<usize> {
    bytes.windows(2).position(|pair| pair == wanted)
}

/// How a station's frames may differ from the standard and still be taken.
///
/// Nothing is taken silently: the verdict stays with the frame and is counted
/// for the station.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tolerance {
    /// Takes CRC-16/MODBUS of either byte order.
    pub modbus: bool,
    /// Takes a wrong length when the check value is right up to the real end.
    pub length: bool,
}

impl Tolerance {
    /// Length and check value as the standard has them.
    pub const STRICT: Self = Self { modbus: false, length: false };
    /// What a station starts with: the real end counts, the algorithm must be the standard's.
    pub const USUAL: Self = Self { modbus: false, length: true };
    /// Takes the MODBUS dialects too.
    pub const WIDE: Self = Self { modbus: true, length: true };

    /// True if the frame may be acted on.
    #[must_use]
    pub fn takes(self, frame: &Frame<'_>) -> bool {
        let wrong_length = frame.verdicts.has(Verdict::LengthMismatchCrcOk) || frame.verdicts.has(Verdict::LengthMismatchCrcBad);
        if wrong_length && !self.length {
            return false;
        }
        match frame.kind {
            Some(CrcKind::Standard) => true,
            Some(CrcKind::Modbus | CrcKind::ModbusSwapped) => self.modbus,
            None => false,
        }
    }
}
