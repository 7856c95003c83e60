//! Both ends of a link as state machines without I/O.
//!
//! The clock is handed in with each call (milliseconds of Beijing civil time
//! since 1970-01-01T00:00:00, from which request numbers are made), messages
//! come in parsed, and what is to be sent comes out as bytes. HJ 212-2017
//! section 6: request → 9011 → data → 9012; notice → 9013; upload → 9014 when
//! A=1; time-outs and re-sends of table 1; settings at the first connection of
//! 6.7.
//!
//! [`platform::Platform`] is the server's end, [`station::Station`] the logger's.

pub mod platform;
pub mod station;

use crate::encode::Qn;

/// Time-out and re-sends of table 1 in force for a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// OverTime, milliseconds.
    pub over_time_ms: i64,
    /// ReCount.
    pub resends: u32,
}

impl Patience {
    /// Mobile links: 10 s and 3 re-sends (HJ 212-2017 table 1).
    pub const MOBILE: Self = Self { over_time_ms: 10_000, resends: 3 };
    /// ADSL: 5 s and 3 re-sends (HJ 212-2017 table 1).
    pub const ADSL: Self = Self { over_time_ms: 5_000, resends: 3 };
}

/// Request numbers that never repeat on a link: the clock, or one more than the last.
#[derive(Debug, Clone, Copy, Default)]
struct Numbers {
    last: i64,
}

impl Numbers {
    fn next(&mut self, now: i64) -> Qn {
        self.last = now.max(self.last + 1);
        Qn(self.last)
    }
}
