//! Marks 标记: device, enterprise, platform; what of them makes a reading count.
//!
//! Nothing is overwritten: the reading keeps its device mark, and what was
//! decided later stands beside it with its reason.

use hj212::codes::MarkMeaning;
use hj212::value::Moment;

/// A mark that the enterprise put on a span of time (2022 rule: 1+N).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnterpriseMark {
    /// First moment.
    pub from: Moment,
    /// First moment that is no longer marked.
    pub until: Moment,
    /// What it says.
    pub kind: EnterpriseKind,
    /// Put in by hand; covers an automatic one where they overlap.
    pub by_hand: bool,
}

/// What an enterprise's mark says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EnterpriseKind {
    /// The data are not normal: maintenance, calibration, fault (自动监测设备标记).
    DeviceInvalid,
    /// Automatic standard-sample check 标样核查: invalid, and exempt for one hour a day of water.
    StandardCheck,
    /// Production or treatment is stopped (生产设施工况标记 停运): not due at all.
    Stopped,
    /// Start-up, shut-down or accident: exempt only where the trade's standard or the permit says so.
    Transient,
    /// Says that the data are normal after all (a hand mark over a wrong automatic one).
    Normal,
}

/// What a check of the platform found (validity.md section 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlatformMark {
    /// Invalid until somebody has looked.
    Invalid,
}

/// Whether a reading counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// Measured and usable.
    Valid,
    /// Measured, above the instrument's range: at least that much.
    AboveRange,
    /// Not usable.
    Invalid,
    /// Not usable because of a standard-sample check.
    InCheck,
    /// Not due: the plant stands still.
    NotDue,
}

/// Whether a device mark alone lets a reading count. Only N is measured; T is measured but bounded below.
#[must_use]
pub fn of_device(mark: Option<MarkMeaning>) -> Standing {
    match mark {
        Some(MarkMeaning::Normal) => Standing::Valid,
        Some(MarkMeaning::AboveRange) => Standing::AboveRange,
        _ => Standing::Invalid,
    }
}

/// Whether a reading counts after all three have spoken.
///
/// Device → enterprise (hand over automatic) → platform. `rule_applies`: the
/// trade is under the marking rule, or its province says so; without that an
/// enterprise's marks are shown and change nothing.
#[must_use]
pub fn resolve(device: Standing, at: Moment, marks: &[EnterpriseMark], rule_applies: bool, platform: Option<PlatformMark>) -> Standing {
    let covers = |m: &&EnterpriseMark| m.from <= at && at < m.until;
    let own = if rule_applies {
        let hand = marks.iter().filter(covers).find(|m| m.by_hand);
        hand.or_else(|| marks.iter().find(covers))
    } else {
        None
    };
    let standing = match own.map(|m| m.kind) {
        Some(EnterpriseKind::DeviceInvalid) => Standing::Invalid,
        Some(EnterpriseKind::StandardCheck) => Standing::InCheck,
        Some(EnterpriseKind::Stopped) => Standing::NotDue,
        Some(EnterpriseKind::Transient | EnterpriseKind::Normal) | None => device,
    };
    match platform {
        Some(PlatformMark::Invalid) if standing == Standing::Valid => Standing::Invalid,
        _ => standing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hand_covers_automatic_and_nothing_counts_outside_the_rule() {
        let mark = |from, until, kind, by_hand| EnterpriseMark { from: Moment(from), until: Moment(until), kind, by_hand };
        let marks = [
            mark(0, 100, EnterpriseKind::DeviceInvalid, false),
            mark(50, 80, EnterpriseKind::Normal, true),
            mark(80, 90, EnterpriseKind::Stopped, true),
        ];
        let at = |t| resolve(Standing::Valid, Moment(t), &marks, true, None);
        assert_eq!(
            [at(10), at(60), at(85), at(95), at(100)],
            [Standing::Invalid, Standing::Valid, Standing::NotDue, Standing::Invalid, Standing::Valid]
        );
        assert_eq!(resolve(Standing::Valid, Moment(10), &marks, false, None), Standing::Valid);
        assert_eq!(resolve(Standing::Valid, Moment(60), &marks, true, Some(PlatformMark::Invalid)), Standing::Invalid);
        assert_eq!(of_device(Some(MarkMeaning::AboveRange)), Standing::AboveRange);
        assert_eq!(of_device(None), Standing::Invalid);
    }
}
