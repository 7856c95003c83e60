//! Verdicts 判定: what is right and wrong with a frame, each with a stable id.
//!
//! Parsing never fails and never judges; judging never parses. Three groups:
//! of the **frame** (length and check value, the ids of the conformance
//! suite), of the **header** fields, of the **data** area. Texts by id are in
//! the crate's `texts.toml` under `verdict.<id>`.

/// Which part of a frame a verdict speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// Length, check value, what stood around the frame.
    Frame,
    /// The fields before the data area.
    Header,
    /// The data area.
    Data,
}

macro_rules! verdicts {
    ($( $(#[$doc:meta])* $name:ident $id:literal $group:ident ; )*) => {
        /// One thing that was noticed. A released id never changes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Verdict { $( $(#[$doc])* $name, )* }

        impl Verdict {
            /// All of them, in the order of the enum.
            pub const ALL: &'static [Verdict] = &[ $( Verdict::$name, )* ];
            /// Its stable id.
            #[must_use]
            pub fn id(self) -> &'static str { match self { $( Self::$name => $id, )* } }
            /// What it speaks of.
            #[must_use]
            pub fn group(self) -> Group { match self { $( Self::$name => Group::$group, )* } }
        }
    };
}

// One table instead of three matches that must be kept in step.
verdicts! {
    /// The check value fits by no known algorithm.
    CrcMismatch "crc_mismatch" Frame;
    /// The check value is CRC-16/MODBUS, low byte first.
    CrcModbusSwapped "crc_modbus_swapped" Frame;
    /// The check value is CRC-16/MODBUS, high byte first.
    CrcModbus "crc_modbus" Frame;
    /// The length is wrong, the check value right up to the real end.
    LengthMismatchCrcOk "length_mismatch_crc_ok" Frame;
    /// Length and check value are both wrong.
    LengthMismatchCrcBad "length_mismatch_crc_bad" Frame;
    /// The frame stops before its end.
    TruncatedOrLengthTooLong "truncated_or_length_too_long" Frame;
    /// Bytes that are no frame.
    Malformed "malformed" Frame;
    /// An encrypted segment that could not be opened.
    NotDecrypted "not_decrypted" Frame;
    /// The segment is longer than the dialect allows.
    SegmentTooLong "segment_too_long" Header;
    /// The check value is written in lower case.
    CrcLowerCase "crc_lower_case" Header;
    /// CR LF is missing after the frame.
    NoCrLf "no_crlf" Header;
    /// QN is missing.
    QnMissing "qn_missing" Header;
    /// QN is no time to the millisecond (17 digits).
    QnShape "qn_shape" Header;
    /// QN counts milliseconds since 1970 (13 digits).
    QnUnixMillis "qn_unix_millis" Header;
    /// ST is missing.
    StMissing "st_missing" Header;
    /// ST stands in no list and no range.
    StUnknown "st_unknown" Header;
    /// CN is missing.
    CnMissing "cn_missing" Header;
    /// CN is unknown to this dialect.
    CnUnknown "cn_unknown" Header;
    /// PW is missing.
    PwMissing "pw_missing" Header;
    /// PW has not the dialect's length.
    PwLength "pw_length" Header;
    /// MN is missing or empty.
    MnMissing "mn_missing" Header;
    /// MN has not the dialect's length.
    MnLength "mn_length" Header;
    /// MN holds characters other than 0-9 A-F.
    MnCharacters "mn_characters" Header;
    /// Flag is missing.
    FlagMissing "flag_missing" Header;
    /// Flag is no number from 0 to 255.
    FlagShape "flag_shape" Header;
    /// Flag carries the version bits of another dialect.
    FlagVersion "flag_version" Header;
    /// A field's name has the wrong case (`FLAG`).
    NameCase "name_case" Header;
    /// A comma stands between header fields.
    HeaderComma "header_comma" Header;
    /// A blank stands in the header.
    HeaderBlank "header_blank" Header;
    /// The separator before the data area is missing.
    HeaderSeparator "header_separator" Header;
    /// A field stands twice in the header.
    HeaderTwice "header_twice" Header;
    /// A field of the header is unknown.
    HeaderUnknown "header_unknown" Header;
    /// The header's fields are not in the standard's order.
    HeaderOrder "header_order" Header;
    /// Flag says split, PNUM or PNO is missing.
    SplitMissing "split_missing" Header;
    /// PNUM or PNO stands there, Flag does not say split.
    SplitUnannounced "split_unannounced" Header;
    /// PNO is 0, above PNUM, or no number.
    SplitRange "split_range" Header;
    /// CP is missing, or its `&&` pair is.
    CpMissing "cp_missing" Header;
    /// The data area is longer than the dialect allows.
    CpTooLong "cp_too_long" Header;
    /// The segment is not ASCII outside log texts, or not UTF-8.
    NotAscii "not_ascii" Header;
    /// A blank stands around a name or value.
    DataBlank "data_blank" Data;
    /// A part of the data area is not `name=value`.
    DataShape "data_shape" Data;
    /// A name stands twice.
    DataTwice "data_twice" Data;
    /// A value is empty.
    ValueEmpty "value_empty" Data;
    /// A value is no number.
    ValueNotNumber "value_not_number" Data;
    /// A number has more digits than the standard gives the factor.
    ValueDigits "value_digits" Data;
    /// A value stands outside the field's range.
    ValueRange "value_range" Data;
    /// A time is no valid time.
    TimeShape "time_shape" Data;
    /// A time carries milliseconds (17 digits).
    TimeMillis "time_millis" Data;
    /// The command's field is missing.
    FieldMissing "field_missing" Data;
    /// A name is unknown: neither factor nor field.
    NameUnknown "name_unknown" Data;
    /// A factor code of the 2005 list in a later dialect.
    FactorOld "factor_old" Data;
    /// A factor code without its leading letter.
    FactorNoLetter "factor_no_letter" Data;
    /// The factor belongs to another medium than ST says.
    FactorMedium "factor_medium" Data;
    /// A mark is unknown to the dialect.
    MarkUnknown "mark_unknown" Data;
    /// Minimum, mean and maximum are not in order.
    MinAvgMax "min_avg_max" Data;
    /// A log text is not closed by `//`.
    LogOpen "log_open" Data;
    /// The value of one item is a text longer than allowed.
    TextTooLong "text_too_long" Data;
}

/// A set of verdicts: one machine word, no allocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Verdicts(u64);

const _: () = assert!(Verdict::ALL.len() <= 64, "the set is one 64-bit word");

impl Verdicts {
    /// Nothing noticed.
    pub const NONE: Self = Self(0);

    /// Adds one.
    pub fn add(&mut self, verdict: Verdict) {
        self.0 |= 1 << verdict as u8;
    }
    /// Adds one if `condition` holds.
    pub fn add_if(&mut self, condition: bool, verdict: Verdict) {
        self.0 |= u64::from(condition) << verdict as u8;
    }
    /// Adds all of another set.
    pub fn merge(&mut self, other: Self) {
        self.0 |= other.0;
    }
    /// True if it stands in the set.
    #[must_use]
    pub fn has(self, verdict: Verdict) -> bool {
        self.0 >> verdict as u8 & 1 == 1
    }
    /// True if nothing was noticed.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
    /// Those of one group, in the order of the enum.
    pub fn of(self, group: Group) -> impl Iterator<Item = Verdict> {
        self.iter().filter(move |v| v.group() == group)
    }
    /// All of them, in the order of the enum.
    pub fn iter(self) -> impl Iterator<Item = Verdict> {
        Verdict::ALL.iter().copied().filter(move |v| self.has(*v))
    }
}

impl FromIterator<Verdict> for Verdicts {
    fn from_iter<I: IntoIterator<Item = Verdict>>(verdicts: I) -> Self {
        let mut set = Self::NONE;
        verdicts.into_iter().for_each(|v| set.add(v));
        set
    }
}
