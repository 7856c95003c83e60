//! The check value 校验码 of HJ 212 (annex A), and the MODBUS dialects seen in the field.
//!
//! Annex A keeps only the register's high byte before each byte comes in, so
//! the state between two bytes is 8 bits wide, `h' = H(h ^ byte)` with `H`
//! linear over GF(2). Enumeration shows that **eight times `H` is the
//! identity**: bytes that stand eight places apart enter the check value with
//! the same weight and cancel when they are equal. Two consequences:
//!
//! - the check is an XOR of 8-byte words and eight look-ups at the end, which
//!   is how [`hj212`] computes it (the plain loop of the annex is
//!   [`hj212_by_the_letter`], kept as the law that a test compares with);
//! - it is weak: only 256 values exist ([`is_possible`]), and two bytes
//!   exchanged eight places apart are not seen at all. Length, grammar and
//!   ranges have to carry part of the check.

/// Eight shifts of one register value, as annex A writes them.
const fn shifts(x: u16) -> u16 {
    let mut crc = x;
    let mut bit = 0;
    while bit < 8 {
        let lsb = crc & 1;
        crc >>= 1;
        if lsb == 1 {
            crc ^= 0xA001;
        }
        bit += 1;
    }
    crc
}

/// `STEP[k][x]`: the high byte after `k` applications to `x`; `STEP[0]` is the identity.
const STEP: [[u8; 256]; 8] = {
    let mut table = [[0u8; 256]; 8];
    let mut x = 0;
    while x < 256 {
        table[0][x] = x as u8;
        x += 1;
    }
    let mut k = 1;
    while k < 8 {
        let mut x = 0;
        while x < 256 {
            table[k][x] = (shifts(table[k - 1][x] as u16) >> 8) as u8;
            x += 1;
        }
        k += 1;
    }
    table
};

/// `LOW[h]`: the low byte that goes with high byte `h`. Eight steps are the
/// identity, so seven steps undo one: `h` came from `STEP[7][h]`.
const LOW: [u8; 256] = {
    let mut table = [0u8; 256];
    let mut h = 0;
    while h < 256 {
        table[h] = (shifts(STEP[7][h] as u16) & 0xFF) as u8;
        h += 1;
    }
    table
};

/// Returns the check value of `segment` after HJ 212-2017 annex A.
///
/// Printed as four hexadecimal digits, high byte first. The only worked value
/// of the standard is `1C80` (its prose once prints `1C08`, a misprint).
///
/// ```
/// let segment = b"QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&";
/// assert_eq!(hj212::crc::hj212(segment), 0x1C80);
/// ```
#[must_use]
pub fn hj212(segment: &[u8]) -> u16 {
    if segment.is_empty() {
        return 0xFFFF;
    }
    let mut wide = [0u64; 4];
    let mut blocks = segment.chunks_exact(32);
    for block in &mut blocks {
        for (lane, word) in wide.iter_mut().zip(block.chunks_exact(8)) {
            *lane ^= word_of(word);
        }
    }
    let mut fold = wide[0] ^ wide[1] ^ wide[2] ^ wide[3];
    let mut words = blocks.remainder().chunks_exact(8);
    for word in &mut words {
        fold ^= word_of(word);
    }
    let mut lanes = fold.to_le_bytes();
    for (lane, byte) in lanes.iter_mut().zip(words.remainder()) {
        *lane ^= byte;
    }
    let length = segment.len() % 8;
    let mut high = STEP[length][0xFF];
    for (k, lane) in lanes.iter().enumerate() {
        high ^= STEP[(8 + length - k) % 8][*lane as usize];
    }
    u16::from_be_bytes([high, LOW[high as usize]])
}

fn word_of(bytes: &[u8]) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(bytes);
    u64::from_le_bytes(word)
}

/// The same, bit by bit as annex A prints it: the law that [`hj212`] is tested against.
#[must_use]
pub fn hj212_by_the_letter(segment: &[u8]) -> u16 {
    let mut crc: u16 = 0xFFFF;
    for byte in segment {
        crc = shifts((crc >> 8) ^ u16::from(*byte));
    }
    crc
}

/// True if `crc` can be the HJ 212 check value of any segment that is not empty.
///
/// A value that cannot comes from another algorithm. Only 256 can; their low
/// byte is one of 00 01 40 41 80 81 C0 C1.
#[must_use]
pub fn is_possible(crc: u16) -> bool {
    let [high, low] = crc.to_be_bytes();
    LOW[high as usize] == low
}

const MODBUS: [u16; 256] = {
    let mut table = [0u16; 256];
    let mut x = 0;
    while x < 256 {
        table[x] = shifts(x as u16);
        x += 1;
    }
    table
};

/// CRC-16/MODBUS of `segment`: what some loggers send instead.
#[must_use]
pub fn modbus(segment: &[u8]) -> u16 {
    let mut crc: u16 = 0xFFFF;
    for byte in segment {
        crc = (crc >> 8) ^ MODBUS[usize::from((crc as u8) ^ byte)];
    }
    crc
}

/// Which algorithm and byte order a check value follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CrcKind {
    /// HJ 212 annex A, high byte first.
    Standard,
    /// CRC-16/MODBUS, low byte first.
    ModbusSwapped,
    /// CRC-16/MODBUS, high byte first.
    Modbus,
}

/// Finds which of the known ways gives `crc` for `segment`; the standard's is tried first.
#[must_use]
pub fn kind_of(segment: &[u8], crc: u16) -> Option<CrcKind> {
    if is_possible(crc) && hj212(segment) == crc {
        return Some(CrcKind::Standard);
    }
    let other = modbus(segment);
    if other.swap_bytes() == crc {
        Some(CrcKind::ModbusSwapped)
    } else if other == crc {
        Some(CrcKind::Modbus)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn folded_equals_the_letter(bytes in proptest::collection::vec(any::<u8>(), 0..700)) {
            prop_assert_eq!(hj212(&bytes), hj212_by_the_letter(&bytes));
        }
    }

    #[test]
    fn only_256_values_exist() {
        let possible: Vec<u16> = (0..=u16::MAX).filter(|c| is_possible(*c)).collect();
        assert_eq!(possible.len(), 256);
        let mut lows: Vec<u16> = possible.iter().map(|c| c & 0xFF).collect();
        lows.sort_unstable();
        lows.dedup();
        assert_eq!(lows, [0x00, 0x01, 0x40, 0x41, 0x80, 0x81, 0xC0, 0xC1]);
        for a in 0..=255u8 {
            for b in 0..=255u8 {
                assert!(is_possible(hj212_by_the_letter(&[a, b])));
            }
        }
    }

    #[test]
    fn eight_apart_is_not_seen() {
        assert_eq!(hj212(b"A1234567B"), hj212(b"B1234567A"));
    }

    #[test]
    fn modbus_has_its_catalogue_value() {
        assert_eq!(modbus(b"123456789"), 0x4B37);
    }
}
