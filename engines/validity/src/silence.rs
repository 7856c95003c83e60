//! Silence 无数据 of single factors: one instrument falls silent while others go on.

use hj212::value::Moment;
use std::collections::BTreeMap;

/// When each factor of a station was last heard of, by kind of data.
#[derive(Debug, Clone, Default)]
pub struct Silence {
    last: BTreeMap<String, (Moment, i64)>,
}

/// A factor that is overdue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silent {
    /// Its code.
    pub factor: String,
    /// Last heard.
    pub since: Moment,
    /// Seconds of its cycle.
    pub cycle_s: i64,
}

impl Silence {
    /// Expects a factor every `cycle_s` seconds from `now` on.
    pub fn expect(&mut self, factor: &str, cycle_s: i64, now: Moment) {
        let entry = self.last.entry(factor.to_owned()).or_insert((now, cycle_s));
        entry.1 = cycle_s;
    }

    /// A factor was heard of at `arrived`; unknown ones are taken in with that cycle.
    pub fn heard(&mut self, factor: &str, arrived: Moment, cycle_s: i64) {
        match self.last.get_mut(factor) {
            Some(entry) => *entry = (entry.0.max(arrived), cycle_s),
            None => drop(self.last.insert(factor.to_owned(), (arrived, cycle_s))),
        }
    }

    /// Factors not heard of for longer than their cycle and `grace_s` (which stays below a cycle).
    #[must_use]
    pub fn overdue(&self, now: Moment, grace_s: i64) -> Vec<Silent> {
        let late = |(since, cycle): &(Moment, i64)| now.0 - since.0 > cycle + grace_s.min(cycle - 1).max(0);
        let entry =
            |(factor, (since, cycle_s)): (&String, &(Moment, i64))| Silent { factor: factor.clone(), since: *since, cycle_s: *cycle_s };
        self.last.iter().filter(|(_, e)| late(e)).map(entry).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_factor_falls_silent_while_others_flow() {
        let mut silence = Silence::default();
        for minute in 0..60 {
            let at = Moment(minute * 60);
            silence.heard("w01018", at, 60);
            if minute < 30 {
                silence.heard("w21003", at, 60);
            }
            let overdue = silence.overdue(Moment(at.0 + 59), 10);
            // Silent within its second cycle, before a third value would be due.
            assert_eq!(overdue.iter().any(|s| s.factor == "w21003"), minute >= 30, "{minute}");
            assert!(overdue.iter().all(|s| s.factor != "w01018"));
        }
        silence.expect("w21011", 600, Moment(0));
        assert!(silence.overdue(Moment(3_600), 60).iter().any(|s| s.factor == "w21011"), "never heard of at all");
    }
}
