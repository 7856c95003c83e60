//! Writing the sample's workbooks: clean templates, or with a merged title and a totals row.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook as Book, XlsxError};

/// A cell of the sample.
#[derive(Debug, Clone)]
pub enum Cell {
    /// Text.
    Text(String),
    /// A number, hundredths.
    Hundredths(i64),
    /// A whole number.
    Int(i64),
    /// Left empty.
    Blank,
}

impl From<&str> for Cell {
    fn from(t: &str) -> Self {
        Self::Text(t.to_owned())
    }
}
impl From<&String> for Cell {
    fn from(t: &String) -> Self {
        Self::Text(t.clone())
    }
}
impl From<Option<&String>> for Cell {
    fn from(t: Option<&String>) -> Self {
        t.map_or(Self::Blank, Self::from)
    }
}

/// One sheet to write.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// Name.
    pub name: String,
    /// Merged title row above the head, if any.
    pub title: Option<String>,
    /// Unit remark under the title, if any.
    pub remark: Option<String>,
    /// Head.
    pub head: Vec<String>,
    /// Rows.
    pub rows: Vec<Vec<Cell>>,
    /// A totals row 合计 under the rows.
    pub totals: bool,
    /// A note under the table.
    pub note: Option<String>,
}

/// Writes one workbook; the same bytes each time.
///
/// # Errors
/// If the sheet cannot be written.
pub fn write(sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Book::new();
    let created = ExcelDateTime::from_ymd(2026, 1, 20)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&created).set_author("示范经开区（示例数据）"));
    for sheet in sheets {
        write_sheet(&mut book, sheet)?;
    }
    book.save_to_buffer()
}

fn write_sheet(book: &mut Book, sheet: &Sheet) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let title = Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center);
    let number = Format::new().set_num_format("#,##0.00");
    let ws = book.add_worksheet();
    ws.set_name(&sheet.name)?;
    let last = u16::try_from(sheet.head.len().saturating_sub(1)).unwrap_or(0);
    let mut row = 0u32;
    if let Some(text) = &sheet.title {
        ws.merge_range(0, 0, 0, last, text, &title)?;
        row += 1;
    }
    if let Some(text) = &sheet.remark {
        ws.write(row, last, text.as_str())?;
        row += 1;
    }
    for (c, text) in (0u16..).zip(&sheet.head) {
        ws.write_with_format(row, c, text.as_str(), &bold)?;
        ws.set_column_width(c, 16)?;
    }
    ws.set_freeze_panes(row + 1, 2)?;
    let mut sums = vec![None; sheet.head.len()];
    for cells in &sheet.rows {
        row += 1;
        for (c, cell) in cells.iter().enumerate() {
            let column = u16::try_from(c).unwrap_or(u16::MAX);
            match cell {
                Cell::Text(t) => ws.write(row, column, t.as_str())?,
                // Hundredths below 2^53 are exact in a double once divided and written with two digits.
                #[allow(clippy::cast_precision_loss, reason = "an xlsx number is a double")]
                Cell::Hundredths(v) => {
                    *sums[c].get_or_insert(0) += v;
                    ws.write_with_format(row, column, *v as f64 / 100.0, &number)?
                }
                #[allow(clippy::cast_precision_loss, reason = "an xlsx number is a double")]
                Cell::Int(v) => ws.write(row, column, *v as f64)?,
                Cell::Blank => ws,
            };
        }
    }
    if sheet.totals {
        row += 1;
        ws.write_with_format(row, 0, "合计", &bold)?;
        for (c, sum) in sums.iter().enumerate() {
            #[allow(clippy::cast_precision_loss, reason = "an xlsx number is a double")]
            if let Some(v) = sum {
                ws.write_with_format(row, u16::try_from(c).unwrap_or(u16::MAX), *v as f64 / 100.0, &number)?;
            }
        }
    }
    if let Some(note) = &sheet.note {
        ws.write(row + 2, 0, note.as_str())?;
    }
    Ok(())
}
