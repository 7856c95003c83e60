//! The platform's end 上位机.

use super::{Numbers, Patience};
use crate::body::Body;
use crate::check::Book;
use crate::command::Role;
use crate::dialect::Dialect;
use crate::encode::{Outgoing, Qn, answer};
use crate::message::{Flag, Message};
use crate::value::Moment;
use std::collections::VecDeque;

/// What a link to one station needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Version that the station speaks.
    pub dialect: Dialect,
    /// Its MN.
    pub mn: String,
    /// Its password.
    pub pw: String,
    /// ST of requests.
    pub st: String,
    /// Time-out and re-sends.
    pub patience: Patience,
}

/// What the platform sets when a station connects for the first time, in the order of 6.7.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstConnection {
    /// Seconds between realtime uploads; None leaves them as they are.
    pub realtime_interval_s: Option<u64>,
    /// Minutes of minute data; None leaves them as they are.
    pub minute_interval: Option<u64>,
    /// Realtime uploads on or off; None leaves them as they are.
    pub realtime: Option<bool>,
    /// Equipment states on or off; None leaves them as they are.
    pub equipment: Option<bool>,
}

/// What comes out of the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Out {
    /// Bytes for the station. An answer to something kept goes out only after it is durable.
    Send(Vec<u8>),
    /// A request or notice of ours came to its end.
    Ended {
        /// Its QN.
        qn: Qn,
        /// Its CN.
        cn: u16,
        /// How.
        end: End,
    },
    /// No answer after the last re-send: the link counts as down.
    LinkDown,
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// ExeRtn, or 1 for a notice that was answered.
    Result(u64),
    /// QnRtn other than 1.
    Refused(u64),
    /// Answered by 9011, but neither data nor 9012 came in time: failed, no re-send.
    NoResult,
    /// No 9011 or 9013 after the last re-send.
    NoAnswer,
}

/// What a received message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// Data: to be kept, then answered.
    Upload,
    /// A notice, heartbeat or login: to be answered.
    Notice,
    /// An answer to a request of ours.
    Answer,
    /// A command that the dialect does not know; kept whole and answered as an upload.
    Unknown,
}

#[derive(Debug, Clone)]
struct Pending {
    qn: Qn,
    cn: u16,
    frame: Vec<u8>,
    sent_at: i64,
    resent: u32,
    accepted: bool,
}

/// The platform's end of one link.
#[derive(Debug, Clone)]
pub struct Platform {
    settings: Settings,
    numbers: Numbers,
    waiting: VecDeque<(u16, Body)>,
    pending: Option<Pending>,
    down: bool,
}

impl Platform {
    /// A link at rest.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { settings, numbers: Numbers::default(), waiting: VecDeque::new(), pending: None, down: false }
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Puts the settings of a first connection in line: clock, time-out and
    /// re-sends, realtime interval, minute interval, realtime on or off,
    /// equipment state on or off (6.7).
    pub fn set_up(&mut self, first: FirstConnection, now: i64, book: &Book, out: &mut Vec<Out>) {
        let patience = self.settings.patience;
        let over_time_s = u64::try_from(patience.over_time_ms / 1000).unwrap_or(10).clamp(1, 99);
        self.waiting.push_back((1012, Body::Clock { factor: None, time: Some(Moment(now.div_euclid(1000))) }));
        self.waiting.push_back((1000, Body::Timeouts { over_time_s, resends: u64::from(patience.resends) }));
        self.waiting.extend(first.realtime_interval_s.map(|s| (1062, Body::RealtimeInterval(s))));
        self.waiting.extend(first.minute_interval.map(|m| (1064, Body::MinuteInterval(m))));
        self.waiting.extend(first.realtime.map(|on| (if on { 2011 } else { 2012 }, Body::Empty)));
        self.waiting.extend(first.equipment.map(|on| (if on { 2021 } else { 2022 }, Body::Empty)));
        // What the dialect does not know is not asked for (2005 has no 1062).
        let dialect = &self.settings.dialect.key;
        self.waiting.retain(|(cn, _)| book.commands.known(*cn, dialect).is_some());
        self.start_next(now, out);
    }

    /// Asks the station for something; sent when what is in line before it has ended.
    pub fn request(&mut self, cn: u16, body: Body, now: i64, out: &mut Vec<Out>) {
        self.waiting.push_back((cn, body));
        self.start_next(now, out);
    }

    /// True if nothing is in line and nothing is awaited.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.pending.is_none() && self.waiting.is_empty()
    }

    /// Takes a message of the station in.
    pub fn receive(&mut self, message: &Message<'_>, now: i64, book: &Book, out: &mut Vec<Out>) -> Received {
        let cn = message.header.command().unwrap_or(0);
        let known = book.commands.get(cn);
        let role = known.map_or(Role::None, |c| c.up);
        let received = match role {
            Role::Answer => {
                self.take_answer(message, cn, now, book, out);
                self.start_next(now, out);
                return Received::Answer;
            }
            Role::Notice | Role::Heartbeat | Role::Login => Received::Notice,
            Role::Upload => Received::Upload,
            Role::Request | Role::None => Received::Unknown,
        };
        if received == Received::Upload
            && let Some(pending) = &mut self.pending
            && pending.cn == cn
        {
            // Data of the request; history takes QNs of its own. The wait for 9012 begins anew.
            pending.accepted = true;
            pending.sent_at = now;
        }
        if message.header.wants_answer() {
            let with = if received == Received::Notice { 9013 } else { 9014 };
            self.send(&answer(message, with, Body::Empty, &self.settings.dialect), out);
        }
        if cn == 1013 {
            let factor = match Body::read(message, known) {
                Body::Clock { factor, .. } => factor,
                _ => None,
            };
            self.waiting.push_back((1012, Body::Clock { factor, time: Some(Moment(now.div_euclid(1000))) }));
            self.start_next(now, out);
        }
        received
    }

    fn take_answer(&mut self, message: &Message<'_>, cn: u16, now: i64, book: &Book, out: &mut Vec<Out>) {
        let Some(pending) = &mut self.pending else { return };
        // Not compared as text: a logger may drop leading zeros or add blanks.
        if message.header.qn.and_then(Qn::read) != Some(pending.qn) {
            return;
        }
        match (cn, Body::read(message, book.commands.get(cn))) {
            (9011, Body::RequestAnswer(1)) => {
                pending.accepted = true;
                pending.sent_at = now;
            }
            (9011, Body::RequestAnswer(code)) => self.end(End::Refused(code), out),
            (9012, Body::Result(code)) => self.end(End::Result(code), out),
            (9013, _) => self.end(End::Result(1), out),
            _ => {}
        }
    }

    /// Lets time pass: re-sends, gives up, goes on.
    pub fn tick(&mut self, now: i64, out: &mut Vec<Out>) {
        let patience = self.settings.patience;
        if let Some(pending) = &mut self.pending
            && now - pending.sent_at >= patience.over_time_ms
        {
            if pending.accepted {
                self.end(End::NoResult, out);
            } else if pending.resent < patience.resends {
                pending.resent += 1;
                pending.sent_at = now;
                out.push(Out::Send(pending.frame.clone()));
            } else {
                self.end(End::NoAnswer, out);
                self.down = true;
                out.push(Out::LinkDown);
            }
        }
        self.start_next(now, out);
    }

    /// When [`Self::tick`] has something to do next.
    #[must_use]
    pub fn deadline(&self) -> Option<i64> {
        self.pending.as_ref().map(|p| p.sent_at + self.settings.patience.over_time_ms)
    }

    fn start_next(&mut self, now: i64, out: &mut Vec<Out>) {
        while self.pending.is_none() && !self.down {
            let Some((cn, body)) = self.waiting.pop_front() else { return };
            let qn = self.numbers.next(now);
            let message = Outgoing {
                qn: Some(qn.to_string()),
                st: self.settings.st.clone(),
                cn,
                pw: self.settings.pw.clone(),
                mn: self.settings.mn.clone(),
                flag: Some(Flag::of(self.settings.dialect.version, false, true)),
                packet: None,
                body,
            };
            // Only a body beyond 9,999 bytes cannot be written, and a request is never that long.
            let Ok(frame) = message.frame() else { continue };
            out.push(Out::Send(frame.clone()));
            self.pending = Some(Pending { qn, cn, frame, sent_at: now, resent: 0, accepted: false });
        }
    }

    fn end(&mut self, end: End, out: &mut Vec<Out>) {
        if let Some(pending) = self.pending.take() {
            out.push(Out::Ended { qn: pending.qn, cn: pending.cn, end });
        }
    }

    fn send(&self, message: &Outgoing, out: &mut Vec<Out>) {
        if let Ok(frame) = message.frame() {
            out.push(Out::Send(frame));
        }
    }
}
