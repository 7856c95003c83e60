//! Transmission efficiency 数据传输有效率 = 传输率 × 有效率, from four counts.

use crate::settings::Settings;
use rust_decimal::Decimal;
use values::Confidence;

/// The four counts of one factor of one outlet over a span of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Hour values received.
    pub received: u32,
    /// Hour values due: 24 a day less the hours marked as stopped.
    pub due: u32,
    /// Received and valid.
    pub valid: u32,
    /// Due to be valid: received, or due, less what is exempt.
    pub valid_due: u32,
}

/// What one day adds to the counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DayHours {
    /// Hours received.
    pub received: u32,
    /// Hours received and valid.
    pub valid: u32,
    /// Hours marked as stopped.
    pub stopped: u32,
    /// Hours lost to the standard-sample check.
    pub in_check: u32,
}

/// Adds days up. `is_water`: up to an hour a day of the standard-sample check
/// is left out (so that 23 of 24 count as full).
#[must_use]
pub fn counts(days: &[DayHours], is_water: bool, settings: &Settings) -> Counts {
    let exempt_most = u32::try_from(settings.number("water.check_hours_exempt").value.trunc().mantissa()).unwrap_or(0);
    days.iter().fold(Counts::default(), |c, d| {
        let due = 24u32.saturating_sub(d.stopped);
        let received = d.received.min(due);
        let exempt = if is_water { d.in_check.min(exempt_most) } else { 0 };
        Counts {
            received: c.received + received,
            due: c.due + due,
            valid: c.valid + d.valid.min(received),
            valid_due: c.valid_due + received.saturating_sub(exempt),
        }
    })
}

/// The rates, each 0 to 1; None where nothing is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// 传输率.
    pub transmission: Option<Decimal>,
    /// 有效率.
    pub validity: Option<Decimal>,
    /// Their product.
    pub efficiency: Option<Decimal>,
    /// Reaches the passing mark.
    pub passes: Option<bool>,
    /// How sure the passing mark is.
    pub confidence: Confidence,
}

/// The rates of the counts. The national platform shows one at once and one after late data: call it twice.
#[must_use]
pub fn rates(counts: &Counts, settings: &Settings) -> Rates {
    let share = |part: u32, of: u32| Decimal::from(part.min(of)).checked_div(Decimal::from(of));
    let transmission = share(counts.received, counts.due);
    let validity = share(counts.valid, counts.valid_due);
    let efficiency = transmission.zip(validity).and_then(|(t, v)| t.checked_mul(v));
    let pass = settings.number("transmission.pass");
    Rates { transmission, validity, efficiency, passes: efficiency.map(|e| e >= pass.value), confidence: pass.confidence }
}
