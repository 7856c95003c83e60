//! The station's end 现场机: uploads until they are acknowledged, answers requests.

use super::{Numbers, Patience};
use crate::body::Body;
use crate::check::Book;
use crate::command::Role;
use crate::dialect::Dialect;
use crate::encode::{Outgoing, Qn, answer};
use crate::message::{Flag, Message};
use crate::value::Moment;
use std::collections::VecDeque;

/// What a station is set to; requests of the platform change it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Version spoken.
    pub dialect: Dialect,
    /// MN.
    pub mn: String,
    /// Password.
    pub pw: String,
    /// ST of uploads.
    pub st: String,
    /// Time-out and re-sends.
    pub patience: Patience,
    /// Seconds between realtime uploads.
    pub realtime_interval_s: u64,
    /// Minutes of minute data.
    pub minute_interval: u64,
    /// Realtime uploads are on.
    pub realtime: bool,
    /// Equipment states are on.
    pub equipment: bool,
    /// Uploads want an answer (A=1).
    pub wants_answer: bool,
    /// A heartbeat 9015 after that many quiet milliseconds; None: never.
    pub heartbeat_ms: Option<i64>,
}

/// What the logger holds and can do, for the machine to ask.
pub trait Logger {
    /// Stored data of the span, oldest first, for 2031, 2041, 2051, 2061.
    fn history(&mut self, cn: u16, begin: Moment, end: Moment) -> Vec<Body>;
    /// What a reading request (1011, 3017 …) brings; None: nothing of that kind.
    fn read(&mut self, cn: u16, asked: &Body, now: i64) -> Option<Body>;
    /// Carries a command out; gives ExeRtn.
    fn execute(&mut self, cn: u16, asked: &Body, now: i64) -> u64;
}

/// What comes out of the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Out {
    /// Bytes for the platform.
    Send(Vec<u8>),
    /// The upload with this QN was acknowledged, or needs no answer and is sent.
    Delivered(Qn),
    /// No answer after the last re-send: connect anew. What was not acknowledged is kept.
    LinkDown,
}

#[derive(Debug, Clone)]
enum Item {
    Upload {
        qn: Qn,
        cn: u16,
        body: Body,
        packet: Option<(u32, u32)>,
    },
    /// 9012 that closes a history request, once its data is through.
    Close {
        frame: Vec<u8>,
    },
}

#[derive(Debug, Clone)]
struct InFlight {
    qn: Qn,
    frame: Vec<u8>,
    sent_at: i64,
    resent: u32,
}

/// The station's end of one link.
#[derive(Debug, Clone)]
pub struct Station {
    /// What it is set to.
    pub settings: Settings,
    numbers: Numbers,
    outbox: VecDeque<Item>,
    in_flight: Option<InFlight>,
    /// Requests carried out lately, so that a re-sent request is answered again but not done again.
    done: VecDeque<(Vec<u8>, Vec<Vec<u8>>)>,
    connected: bool,
    last_sent: i64,
}

const REMEMBERED: usize = 64;

impl Station {
    /// A station without a link.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            numbers: Numbers::default(),
            outbox: VecDeque::new(),
            in_flight: None,
            done: VecDeque::new(),
            connected: false,
            last_sent: 0,
        }
    }

    /// Puts an upload in line; split into packets where it is too long. Gives the QNs, one a packet.
    pub fn upload(&mut self, cn: u16, body: Body, now: i64, out: &mut Vec<Out>) -> Vec<Qn> {
        let qns = self.enqueue(cn, body, now);
        self.pump(now, out);
        qns
    }

    /// How many messages wait to be acknowledged.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.outbox.len() + usize::from(self.in_flight.is_some())
    }

    /// The link stands: what was not acknowledged goes out again, oldest first, under its old QN (back-fill).
    pub fn connected(&mut self, now: i64, out: &mut Vec<Out>) {
        self.connected = true;
        self.last_sent = now;
        if let Some(flight) = &mut self.in_flight {
            flight.sent_at = now;
            flight.resent = 0;
            out.push(Out::Send(flight.frame.clone()));
        }
        self.pump(now, out);
    }

    /// The link is gone.
    pub fn disconnected(&mut self) {
        self.connected = false;
    }

    /// Lets time pass: re-sends, gives the link up, sends a heartbeat.
    pub fn tick(&mut self, now: i64, out: &mut Vec<Out>) {
        if !self.connected {
            return;
        }
        let patience = self.settings.patience;
        if let Some(flight) = &mut self.in_flight
            && now - flight.sent_at >= patience.over_time_ms
        {
            if flight.resent < patience.resends {
                flight.resent += 1;
                flight.sent_at = now;
                self.last_sent = now;
                out.push(Out::Send(flight.frame.clone()));
            } else {
                self.connected = false;
                out.push(Out::LinkDown);
                return;
            }
        }
        if self.settings.heartbeat_ms.is_some_and(|quiet| now - self.last_sent >= quiet) && self.in_flight.is_none() {
            let qn = self.numbers.next(now);
            let beat = self.message(qn, 9015, Body::Empty, None, false);
            self.send(&beat, now, out);
        }
    }

    /// When [`Self::tick`] has something to do next.
    #[must_use]
    pub fn deadline(&self) -> Option<i64> {
        let flight = self.in_flight.as_ref().map(|f| f.sent_at + self.settings.patience.over_time_ms);
        let beat = self.settings.heartbeat_ms.map(|quiet| self.last_sent + quiet);
        flight.into_iter().chain(beat).min().filter(|_| self.connected)
    }

    /// Takes a message of the platform in.
    pub fn receive(&mut self, message: &Message<'_>, now: i64, book: &Book, logger: &mut dyn Logger, out: &mut Vec<Out>) {
        let cn = message.header.command().unwrap_or(0);
        match cn {
            9013 | 9014 => self.acknowledged(message, out),
            9011 | 9012 => {}
            _ => self.serve(message, cn, now, book, logger, out),
        }
        self.pump(now, out);
    }

    fn acknowledged(&mut self, message: &Message<'_>, out: &mut Vec<Out>) {
        let qn = message.header.qn.and_then(Qn::read);
        if let Some(flight) = self.in_flight.take_if(|f| Some(f.qn) == qn) {
            out.push(Out::Delivered(flight.qn));
        }
    }

    /// Answers a request or notice: who may ask, then 9011, data, 9012.
    fn serve(&mut self, message: &Message<'_>, cn: u16, now: i64, book: &Book, logger: &mut dyn Logger, out: &mut Vec<Out>) {
        let known = book.commands.known(cn, &self.settings.dialect.key);
        if known.is_some_and(|c| c.down == Role::Notice) {
            self.settings.realtime &= cn != 2012;
            self.settings.equipment &= cn != 2022;
            let reply = answer(message, 9013, Body::Empty, &self.settings.dialect);
            return self.send(&reply, now, out);
        }
        let identity = [message.header.qn.unwrap_or_default(), message.header.cn.unwrap_or_default()].join(&b'/');
        if let Some((_, frames)) = self.done.iter().find(|(key, _)| *key == identity) {
            out.extend(frames.iter().cloned().map(Out::Send));
            return;
        }
        let refusal = self.refusal(message, known.is_some_and(|c| c.down == Role::Request));
        let first = answer(message, 9011, Body::RequestAnswer(refusal.unwrap_or(1)), &self.settings.dialect);
        self.send(&first, now, out);
        let mut frames: Vec<Vec<u8>> = first.frame().into_iter().collect();
        if refusal.is_none() {
            let asked = Body::read(message, known);
            let last = self.carry_out(message, cn, &asked, now, logger, out);
            if let Some(last) = last {
                frames.push(last);
            }
        }
        self.done.push_back((identity, frames));
        if self.done.len() > REMEMBERED {
            self.done.pop_front();
        }
    }

    /// QnRtn of a request that is not carried out.
    fn refusal(&self, message: &Message<'_>, known: bool) -> Option<u64> {
        let header = &message.header;
        if header.pw != Some(self.settings.pw.as_bytes()) {
            Some(3)
        } else if header.mn != Some(self.settings.mn.as_bytes()) {
            Some(4)
        } else if header.flag().is_none() {
            Some(6)
        } else if header.qn.and_then(Qn::read).is_none() {
            Some(7)
        } else if !known {
            Some(8)
        } else {
            None
        }
    }

    /// Does what is asked; gives the frame of its 9012 (also put in line where data goes first).
    fn carry_out(
        &mut self,
        message: &Message<'_>,
        cn: u16,
        asked: &Body,
        now: i64,
        logger: &mut dyn Logger,
        out: &mut Vec<Out>,
    ) -> Option<Vec<u8>> {
        if let Body::History { begin, end } = asked {
            let stored = logger.history(cn, *begin, *end);
            let result = if stored.is_empty() { 100 } else { 1 };
            for body in stored {
                self.enqueue(cn, body, now);
            }
            let frame = answer(message, 9012, Body::Result(result), &self.settings.dialect).frame().ok()?;
            self.outbox.push_back(Item::Close { frame: frame.clone() });
            return Some(frame);
        }
        let result = match self.set(cn, asked) {
            Some(result) => result,
            None => match self.reading(cn).or_else(|| logger.read(cn, asked, now)) {
                Some(body) => {
                    let mut reply = answer(message, cn, body, &self.settings.dialect);
                    reply.st.clone_from(&self.settings.st);
                    self.send(&reply, now, out);
                    1
                }
                None => logger.execute(cn, asked, now),
            },
        };
        let last = answer(message, 9012, Body::Result(result), &self.settings.dialect);
        self.send(&last, now, out);
        last.frame().ok()
    }

    /// Settings that the machine itself keeps; gives ExeRtn (3: the value is out of its range).
    fn set(&mut self, cn: u16, asked: &Body) -> Option<u64> {
        let settings = &mut self.settings;
        let fits = |ok: bool| Some(if ok { 1 } else { 3 });
        match (cn, asked) {
            (1000, Body::Timeouts { over_time_s, resends }) => {
                let ok = (1..=99).contains(over_time_s) && (1..=99).contains(resends);
                if ok {
                    settings.patience = Patience { over_time_ms: (*over_time_s as i64) * 1000, resends: *resends as u32 };
                }
                fits(ok)
            }
            (1062, Body::RealtimeInterval(s)) => {
                let ok = (30..=3600).contains(s);
                settings.realtime_interval_s = if ok { *s } else { settings.realtime_interval_s };
                fits(ok)
            }
            (1064, Body::MinuteInterval(m)) => {
                let ok = matches!(m, 1..=6 | 10 | 12 | 15 | 20 | 30);
                settings.minute_interval = if ok { *m } else { settings.minute_interval };
                fits(ok)
            }
            (1072, Body::Password(new)) => {
                let ok = new.len() == settings.dialect.pw_length.max(1);
                if ok {
                    settings.pw.clone_from(new);
                }
                fits(ok)
            }
            (2011, _) => {
                settings.realtime = true;
                Some(1)
            }
            (2021, _) => {
                settings.equipment = true;
                Some(1)
            }
            (1000 | 1062 | 1064 | 1072, _) => Some(3),
            _ => None,
        }
    }

    fn reading(&self, cn: u16) -> Option<Body> {
        match cn {
            1061 => Some(Body::RealtimeInterval(self.settings.realtime_interval_s)),
            1063 => Some(Body::MinuteInterval(self.settings.minute_interval)),
            _ => None,
        }
    }

    fn enqueue(&mut self, cn: u16, body: Body, now: i64) -> Vec<Qn> {
        let packets = match &body {
            Body::Data { time, readings } if body.write().len() > self.settings.dialect.data_max => {
                crate::encode::split(*time, readings, self.settings.dialect.data_max)
            }
            _ => vec![body],
        };
        let of = u32::try_from(packets.len()).unwrap_or(u32::MAX);
        let mut qns = Vec::with_capacity(packets.len());
        for (no, body) in (1..).zip(packets) {
            let qn = self.numbers.next(now);
            qns.push(qn);
            self.outbox.push_back(Item::Upload { qn, cn, body, packet: (of > 1).then_some((no, of)) });
        }
        qns
    }

    /// Sends what is next in line while nothing is awaited.
    fn pump(&mut self, now: i64, out: &mut Vec<Out>) {
        while self.connected && self.in_flight.is_none() {
            let Some(item) = self.outbox.pop_front() else { return };
            match item {
                Item::Close { frame } => {
                    self.last_sent = now;
                    out.push(Out::Send(frame));
                }
                Item::Upload { qn, cn, body, packet } => {
                    let wants_answer = self.settings.wants_answer || cn == 1013;
                    let message = self.message(qn, cn, body, packet, wants_answer);
                    self.send(&message, now, out);
                    match message.frame() {
                        Ok(frame) if wants_answer => self.in_flight = Some(InFlight { qn, frame, sent_at: now, resent: 0 }),
                        _ => out.push(Out::Delivered(qn)),
                    }
                }
            }
        }
    }

    fn message(&self, qn: Qn, cn: u16, body: Body, packet: Option<(u32, u32)>, wants_answer: bool) -> Outgoing {
        Outgoing {
            qn: Some(qn.to_string()),
            st: self.settings.st.clone(),
            cn,
            pw: self.settings.pw.clone(),
            mn: self.settings.mn.clone(),
            flag: Some(Flag::of(self.settings.dialect.version, packet.is_some(), wants_answer)),
            packet,
            body,
        }
    }

    fn send(&mut self, message: &Outgoing, now: i64, out: &mut Vec<Out>) {
        if let Ok(frame) = message.frame() {
            self.last_sent = now;
            out.push(Out::Send(frame));
        }
    }
}
