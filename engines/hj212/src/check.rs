//! Judging 判定: what of a parsed message keeps to its dialect and what does not.
//!
//! Nothing is changed or refused here. No allocation: the answer is a set.

use crate::codes::{CodeForm, Codes, Factor, FieldKind, SuffixUse};
use crate::command::{Command, Commands};
use crate::dialect::{Dialect, Dialects};
use crate::message::{Item, Message};
use crate::value::{Moment, Num, digits};
use crate::verdict::{Verdict, Verdicts};

/// Everything that judging looks up: codes, commands, dialects.
#[derive(Debug, Clone)]
pub struct Book {
    /// Factors, fields, systems, marks.
    pub codes: Codes,
    /// Commands.
    pub commands: Commands,
    /// Dialects.
    pub dialects: Dialects,
}

impl Book {
    /// What the program carries.
    #[must_use]
    pub fn embedded() -> Self {
        Self { codes: Codes::embedded(), commands: Commands::embedded(), dialects: Dialects::embedded() }
    }

    /// The dialect of a message without a station's setting; see [`Dialects::guess`].
    #[must_use]
    pub fn dialect_of(&self, message: &Message<'_>) -> &Dialect {
        self.dialects.guess(message.header.flag(), message.header.st)
    }

    /// Judges header and data area of `message` as a message of `dialect`.
    ///
    /// The verdicts of parsing are contained; those of the frame are not.
    #[must_use]
    pub fn check(&self, message: &Message<'_>, dialect: &Dialect) -> Verdicts {
        let mut found = message.verdicts;
        self.check_header(message, dialect, &mut found);
        self.check_data(message, dialect, &mut found);
        found
    }

    fn check_header(&self, message: &Message<'_>, dialect: &Dialect, found: &mut Verdicts) {
        let header = &message.header;
        found.add_if(message.segment.len() > dialect.segment_max, Verdict::SegmentTooLong);
        found.add_if(message.data.len() > dialect.data_max, Verdict::CpTooLong);
        match header.qn {
            None => found.add_if(dialect.qn_required, Verdict::QnMissing),
            Some(qn) => check_qn(qn, found),
        }
        match header.st {
            None => found.add(Verdict::StMissing),
            Some(st) => found.add_if(!self.codes.is_system(st), Verdict::StUnknown),
        }
        match header.pw {
            None => found.add(Verdict::PwMissing),
            Some(pw) => found.add_if(dialect.pw_length != 0 && pw.len() != dialect.pw_length, Verdict::PwLength),
        }
        match header.mn {
            None | Some(b"") => found.add(Verdict::MnMissing),
            Some(mn) => {
                found.add_if(dialect.mn_length != 0 && mn.len() != dialect.mn_length, Verdict::MnLength);
                found.add_if(dialect.mn_hex && !mn.iter().all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'F')), Verdict::MnCharacters);
            }
        }
        self.check_flag(message, dialect, found);
        match header.command() {
            None => found.add(Verdict::CnMissing),
            Some(cn) => found.add_if(self.commands.known(cn, &dialect.key).is_none(), Verdict::CnUnknown),
        }
        if !message.segment.is_ascii() {
            let outside = &message.segment[..message.segment.len() - message.data.len().min(message.segment.len())];
            let legible = std::str::from_utf8(message.segment).is_ok();
            let only_logs = message.items().all(|item| item.value.starts_with(b"//") || item.value.is_ascii());
            found.add_if(!legible || !outside.is_ascii() || !only_logs, Verdict::NotAscii);
        }
    }

    fn check_flag(&self, message: &Message<'_>, dialect: &Dialect, found: &mut Verdicts) {
        let header = &message.header;
        let split = match (header.flag, header.flag()) {
            // 2005 frames often leave it out, as its samples do.
            (None, _) => {
                found.add_if(dialect.version != 0, Verdict::FlagMissing);
                false
            }
            (Some(_), None) => {
                found.add(Verdict::FlagShape);
                false
            }
            (Some(_), Some(flag)) => {
                found.add_if(flag.version() != dialect.version, Verdict::FlagVersion);
                flag.is_split()
            }
        };
        if split {
            let missing = header.pnum.is_none() || header.pno.is_none();
            found.add_if(missing, Verdict::SplitMissing);
            found.add_if(!missing && header.packet().is_none(), Verdict::SplitRange);
        } else {
            found.add_if(header.pnum.is_some() || header.pno.is_some(), Verdict::SplitUnannounced);
        }
    }

    fn check_data(&self, message: &Message<'_>, dialect: &Dialect, found: &mut Verdicts) {
        let command = message.header.command().and_then(|cn| self.commands.get(cn));
        let media = message.header.st.and_then(|st| self.codes.system(st)).map(|s| s.media.as_slice()).unwrap_or_default();
        let mut items = message.items();
        let mut span = Span::default();
        let mut seen = Seen::default();
        let mut last: (&[u8], Option<&Factor>) = (&[], None);
        for item in items.by_ref() {
            found.add_if(item.value.first() == Some(&b' ') || item.value.last() == Some(&b' '), Verdict::DataBlank);
            let (code, suffix) = item.split();
            if suffix.is_empty() {
                self.check_field(&item, found);
                seen.note(item.name, found);
                continue;
            }
            // The values of one factor stand together: looked up once.
            if !is_same(code, last.0) {
                last = (code, self.factor_of(code, media, dialect, found));
            }
            seen.note(item.name, found);
            self.check_suffix(&item, code, suffix, last.1, dialect, &mut span, found);
        }
        found.merge(items.notes);
        if let Some(command) = command {
            check_required(message, command, found);
        }
    }

    /// Looks the factor up; equipment `SBn` and stations' own codes are no factors.
    fn factor_of(&self, code: &[u8], media: &[crate::codes::Medium], dialect: &Dialect, found: &mut Verdicts) -> Option<&Factor> {
        let Some((id, form)) = self.codes.factor(code) else {
            let equipment = code.strip_prefix(b"SB").is_some_and(|n| !n.is_empty() && n.iter().all(u8::is_ascii_digit));
            found.add_if(!equipment, Verdict::NameUnknown);
            return None;
        };
        let factor = self.codes.of(id)?;
        match form {
            CodeForm::Current => {}
            CodeForm::Old => found.add_if(dialect.version != 0, Verdict::FactorOld),
            CodeForm::NoLetter => found.add(Verdict::FactorNoLetter),
        }
        let foreign = !media.is_empty() && factor.medium != crate::codes::Medium::Site && !media.contains(&factor.medium);
        found.add_if(foreign, Verdict::FactorMedium);
        Some(factor)
    }

    fn check_field(&self, item: &Item<'_>, found: &mut Verdicts) {
        let Some(field) = self.codes.field(item.name) else {
            found.add(Verdict::NameUnknown);
            return;
        };
        let value = item.value.trim_ascii();
        if value.is_empty() {
            return found.add(Verdict::ValueEmpty);
        }
        match field.kind {
            FieldKind::Time14 => check_time(value, found),
            FieldKind::Text => found.add_if(field.max.is_some_and(|max| value.len() as i64 > max), Verdict::TextTooLong),
            FieldKind::Number => {
                let Some(number) = digits(value).and_then(|n| i64::try_from(n).ok()) else {
                    return found.add(Verdict::ValueNotNumber);
                };
                found.add_if(field.digits.is_some_and(|most| value.len() > usize::from(most)), Verdict::ValueDigits);
                let low = field.min.is_some_and(|min| number < min);
                let high = field.max.is_some_and(|max| number > max);
                let other = !field.one_of.is_empty() && !field.one_of.contains(&number);
                found.add_if(low || high || other, Verdict::ValueRange);
            }
        }
    }

    #[allow(clippy::too_many_arguments, reason = "one item with all that judges it; a struct would only rename them")]
    fn check_suffix<'a>(
        &self,
        item: &Item<'a>,
        code: &'a [u8],
        suffix: &[u8],
        factor: Option<&Factor>,
        dialect: &Dialect,
        span: &mut Span<'a>,
        found: &mut Verdicts,
    ) {
        if suffix == b"Flag" && item.value == b"N" {
            // Half of all items; every dialect knows this mark.
            return;
        }
        let Some(known) = self.codes.suffix(suffix) else {
            return found.add(Verdict::NameUnknown);
        };
        let value = item.value.trim_ascii();
        if value.is_empty() {
            return found.add(Verdict::ValueEmpty);
        }
        match known.usage {
            SuffixUse::Mark => {
                let old_air = dialect.version == 0 && matches!(value, [b'0'..=b'3']);
                found.add_if(!old_air && self.codes.mark(value, &dialect.key).is_none(), Verdict::MarkUnknown);
            }
            SuffixUse::Time => check_time(value, found),
            SuffixUse::Text => {
                let text = value.strip_prefix(b"//").and_then(|v| v.strip_suffix(b"//")).unwrap_or(value);
                found.add_if(known.max.is_some_and(|max| text.len() as i64 > max), Verdict::TextTooLong);
            }
            SuffixUse::Value | SuffixUse::Total | SuffixUse::Count | SuffixUse::State | SuffixUse::Hours => {
                let Some(written) = Num::read_written(value) else {
                    return found.add(Verdict::ValueNotNumber);
                };
                let low = known.min.is_some_and(|min| written.num < Num::whole(min));
                let high = known.max.is_some_and(|max| written.num > Num::whole(max));
                found.add_if(low || high, Verdict::ValueRange);
                if known.usage == SuffixUse::Value
                    && let Some(factor) = factor
                {
                    let whole = factor.digits.is_some_and(|most| written.whole > most);
                    let decimals = factor.decimals.is_some_and(|most| written.decimals > most);
                    found.add_if(whole || decimals, Verdict::ValueDigits);
                }
                span.note(code, suffix, written.num, found);
            }
        }
    }
}

/// Equality of short names without calling out; the call costs more than six bytes.
#[inline]
fn is_same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(x, y)| x == y)
}

fn check_qn(qn: &[u8], found: &mut Verdicts) {
    let qn = qn.trim_ascii();
    let all_digits = qn.iter().all(u8::is_ascii_digit);
    if qn.len() == 13 && all_digits {
        found.add(Verdict::QnUnixMillis);
    } else {
        found.add_if(qn.len() != 17 || !all_digits || Moment::read(qn).is_none(), Verdict::QnShape);
    }
}

fn check_time(value: &[u8], found: &mut Verdicts) {
    let exists = Moment::read(value).is_some() && value.iter().all(u8::is_ascii_digit);
    match value.len() {
        14 if exists => {}
        17 if exists => found.add(Verdict::TimeMillis),
        _ => found.add(Verdict::TimeShape),
    }
}

/// DataTime and the other fields that a command must carry. An answer to a
/// request and the request itself share a code; whichever set fits is enough.
fn check_required(message: &Message<'_>, command: &Command, found: &mut Verdicts) {
    let has_all = |fields: &[String]| {
        fields
            .iter()
            .filter(|f| !f.ends_with('?'))
            .all(|f| message.value(f).is_some() || (f == "Ctime" && message.value("CTime").is_some()))
    };
    let up = || command.up != crate::command::Role::None && has_all(&command.up_fields);
    let down = || command.down != crate::command::Role::None && has_all(&command.down_fields);
    found.add_if(!up() && !down(), Verdict::FieldMissing);
}

/// Minimum, mean and maximum of the factor at hand.
#[derive(Default)]
struct Span<'a> {
    code: &'a [u8],
    min: Option<Num>,
    avg: Option<Num>,
    max: Option<Num>,
}

impl<'a> Span<'a> {
    fn note(&mut self, code: &'a [u8], suffix: &[u8], value: Num, found: &mut Verdicts) {
        if !is_same(code, self.code) {
            *self = Self { code, ..Self::default() };
        }
        match suffix {
            b"Min" => self.min = Some(value),
            b"Avg" => self.avg = Some(value),
            b"Max" => self.max = Some(value),
            _ => return,
        }
        let out = |a: Option<Num>, b: Option<Num>| matches!((a, b), (Some(a), Some(b)) if a > b);
        found.add_if(out(self.min, self.avg) || out(self.avg, self.max) || out(self.min, self.max), Verdict::MinAvgMax);
    }
}

/// Names seen so far: bits of their hash and the last 64 names. Finds a name
/// that stands twice without allocating; a hash met by chance is told apart by
/// looking at the names.
struct Seen<'a> {
    bits: [u64; 16],
    names: [&'a [u8]; 64],
    count: usize,
}

impl Default for Seen<'_> {
    fn default() -> Self {
        Self { bits: [0; 16], names: [&[]; 64], count: 0 }
    }
}

impl<'a> Seen<'a> {
    fn note(&mut self, name: &'a [u8], found: &mut Verdicts) {
        let bit = spread(name) & 1023;
        let (word, mask) = (bit / 64, 1u64 << (bit % 64));
        if self.bits[word] & mask != 0 && self.names[..self.count.min(64)].contains(&name) {
            found.add(Verdict::DataTwice);
        }
        self.bits[word] |= mask;
        self.names[self.count % 64] = name;
        self.count += 1;
    }
}

/// A hash of the ends of a name, where names differ.
fn spread(name: &[u8]) -> usize {
    let word = match name.last_chunk::<8>() {
        Some(last) => u64::from_le_bytes(*last) ^ u64::from(name[0]).rotate_left(17) ^ u64::from(name[1]).rotate_left(23),
        None => name.iter().fold(0u64, |word, byte| word << 8 | u64::from(*byte)),
    };
    (word.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 48) as usize
}
