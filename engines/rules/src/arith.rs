//! How numbers are written.

use rust_decimal::Decimal;

/// As people write it: no needless zeros.
pub(crate) fn plain(n: Decimal) -> String {
    let text = n.normalize().to_string();
    if text == "-0" { "0".to_owned() } else { text }
}

/// Money with at least two digits after the point, at most six.
pub(crate) fn money(n: Decimal) -> String {
    let mut rounded = values::fixed::round(n, 6).normalize();
    if rounded.scale() < 2 {
        rounded.rescale(2);
    }
    rounded.to_string()
}
