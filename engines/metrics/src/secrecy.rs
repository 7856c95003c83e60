//! Secrecy 保密: slices that would show a single filer.

use crate::contribution::By;
use crate::evaluate::Query;
use crate::facts::Facts;

impl Facts {
    /// True if a slice has fewer units than the metric allows, or one unit dominates it.
    #[must_use]
    pub fn is_secret(&self, query: &Query) -> bool {
        let Some(asked) = self.look_up(query) else { return false };
        let Some(parts) = self.split(&asked, By::Subject) else { return false };
        let units = u32::try_from(parts.len()).unwrap_or(u32::MAX);
        let all: i128 = parts.values().map(|v| v.abs()).sum();
        let most = parts.values().map(|v| v.abs()).max().unwrap_or(0);
        let share = i128::from(asked.metric.is.secret_above_share);
        units > 0 && units < asked.metric.is.secret_below || share > 0 && most * 100 > all * share
    }
}
