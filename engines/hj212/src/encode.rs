//! Messages → bytes: header, data area, check value, and splitting into packets 分包.

use crate::body::{Body, Reading};
use crate::command::Commands;
use crate::crc;
use crate::dialect::Dialect;
use crate::frame::SEGMENT_MAX;
use crate::message::{Flag, Message};
use crate::value::Moment;
use std::fmt;

/// A request number 请求编码: milliseconds since 1970-01-01T00:00:00 of civil time, written with 17 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Qn(pub i64);

impl Qn {
    /// Reads 17 digits; None otherwise.
    #[must_use]
    pub fn read(text: &[u8]) -> Option<Self> {
        let text = text.trim_ascii();
        if text.len() != 17 {
            return None;
        }
        let millis = crate::value::digits(&text[14..])?;
        Some(Self(Moment::read(text)?.0 * 1000 + i64::try_from(millis).ok()?))
    }
}

impl fmt::Display for Qn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:03}", Moment(self.0.div_euclid(1000)), self.0.rem_euclid(1000))
    }
}

/// A message to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// QN as written; None leaves it out.
    pub qn: Option<String>,
    /// ST.
    pub st: String,
    /// CN.
    pub cn: u16,
    /// PW.
    pub pw: String,
    /// MN.
    pub mn: String,
    /// Flag; None leaves it out. PNUM and PNO follow its D bit.
    pub flag: Option<Flag>,
    /// Number of this packet and of all.
    pub packet: Option<(u32, u32)>,
    /// Data area.
    pub body: Body,
}

/// Why a message cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// More bytes than the length field can name.
    #[error("数据段 {0} 字节，长度字段只写得下 9999")]
    TooLong(usize),
}

impl Outgoing {
    /// The data segment.
    #[must_use]
    pub fn segment(&self) -> String {
        let mut out = String::new();
        if let Some(qn) = &self.qn {
            out.push_str(&format!("QN={qn};"));
        }
        out.push_str(&format!("ST={};CN={:04};PW={};MN={};", self.st, self.cn, self.pw, self.mn));
        if let Some(flag) = self.flag {
            out.push_str(&format!("Flag={};", flag.0));
        }
        if let Some((no, of)) = self.packet {
            out.push_str(&format!("PNUM={of};PNO={no};"));
        }
        out.push_str(&format!("CP=&&{}&&", self.body.write()));
        out
    }

    /// The frame.
    ///
    /// # Errors
    /// If the segment is longer than 9,999 bytes.
    pub fn frame(&self) -> Result<Vec<u8>, EncodeError> {
        frame_of(self.segment().as_bytes())
    }

    /// The message that a received one was; None if a header field that must be there is missing.
    #[must_use]
    pub fn of(message: &Message<'_>, commands: &Commands) -> Option<Self> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let cn = message.header.command()?;
        Some(Self {
            qn: message.header.qn.map(text),
            st: text(message.header.st?),
            cn,
            pw: text(message.header.pw?),
            mn: text(message.header.mn?),
            flag: message.header.flag(),
            packet: message.header.packet(),
            body: Body::read(message, commands.get(cn)),
        })
    }
}

/// The frame of a data segment.
///
/// # Errors
/// If the segment is longer than 9,999 bytes.
pub fn frame_of(segment: &[u8]) -> Result<Vec<u8>, EncodeError> {
    if segment.len() > SEGMENT_MAX {
        return Err(EncodeError::TooLong(segment.len()));
    }
    let mut out = format!("##{:04}", segment.len()).into_bytes();
    out.extend_from_slice(segment);
    out.extend_from_slice(format!("{:04X}\r\n", crc::hj212(segment)).as_bytes());
    Ok(out)
}

/// An answer: ST=91, the QN of what is answered, Flag with nothing but the version.
#[must_use]
pub fn answer(to: &Message<'_>, cn: u16, body: Body, dialect: &Dialect) -> Outgoing {
    let text = |bytes: Option<&[u8]>| bytes.map(|b| String::from_utf8_lossy(b).into_owned());
    Outgoing {
        qn: text(to.header.qn),
        st: "91".to_owned(),
        cn,
        pw: text(to.header.pw).unwrap_or_default(),
        mn: text(to.header.mn).unwrap_or_default(),
        flag: Some(Flag::of(dialect.version, false, false)),
        packet: None,
        body,
    }
}

/// Splits the readings of one time so that each packet's data area stays within `data_max` bytes.
///
/// Items stay whole (HJ 212-2017 tables C.49–50: each packet carries DataTime
/// and complete items), so each packet can be read by itself.
#[must_use]
pub fn split(time: Moment, readings: &[Reading], data_max: usize) -> Vec<Body> {
    let empty = Body::Data { time, readings: vec![] }.write().len();
    let mut packets: Vec<Vec<Reading>> = vec![Vec::new()];
    let mut size = empty;
    for reading in readings {
        let more = Body::Data { time, readings: vec![reading.clone()] }.write().len() - empty;
        if size + more > data_max && packets.last().is_some_and(|p| !p.is_empty()) {
            packets.push(Vec::new());
            size = empty;
        }
        size += more;
        if let Some(packet) = packets.last_mut() {
            packet.push(reading.clone());
        }
    }
    packets.into_iter().map(|readings| Body::Data { time, readings }).collect()
}

/// Writes the frame of an empty answer (9013, 9014) behind what `out` holds: the fast path of a platform.
///
/// The same bytes as [`answer`] with [`Body::Empty`]; the header is copied, not formatted.
pub fn answer_into(out: &mut Vec<u8>, to: &Message<'_>, cn: u16, version: u8) {
    let front = out.len();
    out.extend_from_slice(b"##0000");
    if let Some(qn) = to.header.qn {
        out.extend_from_slice(b"QN=");
        out.extend_from_slice(qn);
        out.push(b';');
    }
    out.extend_from_slice(if cn == 9013 { b"ST=91;CN=9013;PW=" } else { b"ST=91;CN=9014;PW=" });
    out.extend_from_slice(to.header.pw.unwrap_or_default());
    out.extend_from_slice(b";MN=");
    out.extend_from_slice(to.header.mn.unwrap_or_default());
    out.extend_from_slice(b";Flag=");
    let flag = Flag::of(version, false, false).0;
    for (place, digit) in [(100, flag / 100), (10, flag / 10 % 10), (1, flag % 10)] {
        if flag >= place || place == 1 {
            out.push(b'0' + digit);
        }
    }
    out.extend_from_slice(b";CP=&&&&");
    let length = out.len() - front - 6;
    if length > SEGMENT_MAX {
        // Only a header of thousands of bytes comes here; it gets no answer.
        return out.truncate(front);
    }
    let crc = crc::hj212(&out[front + 6..]);
    for (place, slot) in [1000, 100, 10, 1].into_iter().zip(2..6) {
        out[front + slot] = b'0' + (length / place % 10) as u8;
    }
    for shift in [12, 8, 4, 0] {
        out.push(b"0123456789ABCDEF"[usize::from(crc >> shift & 15)]);
    }
    out.extend_from_slice(b"\r\n");
}
