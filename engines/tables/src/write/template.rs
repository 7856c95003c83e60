//! Templates 模板 and lists: one layout for both, so that an exported list is a filled-in template.
//!
//! Row 1 title, row 2 what to know, row 3 the hidden row of keys by which the
//! file is recognised without guessing, row 4 the head (locked), row 5 an
//! example (templates only, marked and skipped on reading), then data. Long
//! lists of choices stand on a hidden sheet, since a validation's own texts
//! may have 255 characters together.

use super::WriteError;
use crate::field::{ChoiceOption, FieldKind, FieldSpec};
use crate::parse::Value;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula,
    Workbook, Worksheet,
};
use values::Date;

/// First text of the row of keys.
pub const KEY_MARK: &str = "#suyuan:";
/// First text of the example row's mark; stands in the first column beyond the fields.
pub const EXAMPLE_MARK: &str = "示例，导入时跳过";

const HEAD_ROW: u32 = 3;
const KEY_ROW: u32 = 2;
/// Rows that validations and formats reach down to beyond what is filled in.
const SPARE_ROWS: u32 = 2_000;

/// What a template or list is of.
#[derive(Debug, Clone)]
pub struct Layout<'a> {
    /// Stable key of the ledger or form, with the period if it has one: `enterprise`, `monthly_output@2025-03`.
    pub key: &'a str,
    /// Title.
    pub title: &'a str,
    /// A line of explanation; may be empty.
    pub note: &'a str,
    /// Name of the sheet.
    pub sheet: &'a str,
    /// The fields, in order.
    pub fields: &'a [FieldSpec],
    /// What is known already, a row of optional values each.
    pub rows: &'a [Vec<Option<Value>>],
    /// Keys of fields that the filer may not change: grey and locked.
    pub fixed: &'a [String],
}

/// A template to fill in: dropdowns, validations, an example, the head locked; `rows` are filled in already.
///
/// # Errors
/// [`WriteError::Xlsx`] if a text or the number of rows exceeds what a workbook holds.
pub fn template(layout: &Layout<'_>) -> Result<Vec<u8>, WriteError> {
    write(layout, true)
}

/// A list in the same layout, to be read, mended and imported again; without example.
///
/// # Errors
/// As [`template`].
pub fn list(layout: &Layout<'_>) -> Result<Vec<u8>, WriteError> {
    write(layout, false)
}

fn write(layout: &Layout<'_>, is_template: bool) -> Result<Vec<u8>, WriteError> {
    let mut book = Workbook::new();
    let long_lists = long_lists(layout.fields);
    let sheet = book.add_worksheet();
    sheet.set_name(sheet_name(layout.sheet))?;
    head(sheet, layout)?;
    let first = HEAD_ROW + 1 + u32::from(is_template);
    if is_template {
        example(sheet, layout)?;
    }
    let last = first + u32::try_from(layout.rows.len()).unwrap_or(0) + if is_template { SPARE_ROWS } else { 0 };
    for (column, field) in layout.fields.iter().enumerate() {
        let column = u16::try_from(column).unwrap_or(u16::MAX);
        let locked = layout.fixed.contains(&field.key);
        let mut format = cell_format(field);
        if locked {
            format = format.set_background_color(Color::RGB(0x00F2_F2F2));
        } else if is_template {
            format = format.set_unlocked();
        }
        sheet.set_column_format(column, &format)?;
        sheet.set_column_width(column, width(field))?;
        if let Some(rule) = validation(field, &long_lists) {
            sheet.add_data_validation(first, column, last, column, &rule)?;
        }
        for (i, row) in layout.rows.iter().enumerate() {
            let r = first + u32::try_from(i).unwrap_or(u32::MAX);
            match row.get(usize::from(column)).and_then(Option::as_ref) {
                Some(value) => put(sheet, r, column, field, value, &format)?,
                None => {
                    sheet.write_blank(r, column, &format)?;
                }
            }
        }
    }
    sheet.set_freeze_panes(HEAD_ROW + 1, 0)?;
    if is_template {
        // The head is protected against slips of the hand, not against people: no password.
        let options = rust_xlsxwriter::ProtectionOptions {
            insert_rows: true,
            delete_rows: true,
            format_columns: true,
            format_rows: true,
            sort: true,
            use_autofilter: true,
            ..rust_xlsxwriter::ProtectionOptions::default()
        };
        sheet.protect_with_options(&options);
    } else if !layout.fields.is_empty() {
        let width = u16::try_from(layout.fields.len() - 1).unwrap_or(u16::MAX);
        sheet.autofilter(HEAD_ROW, 0, first + u32::try_from(layout.rows.len()).unwrap_or(0).saturating_sub(1), width)?;
    }
    if !long_lists.is_empty() {
        let hidden = book.add_worksheet();
        hidden.set_name(OPTIONS_SHEET)?.set_hidden(true);
        for (column, (_, options)) in long_lists.iter().enumerate() {
            for (row, option) in options.iter().enumerate() {
                hidden.write_string(u32::try_from(row).unwrap_or(u32::MAX), u16::try_from(column).unwrap_or(u16::MAX), &option.label)?;
            }
        }
    }
    Ok(book.save_to_buffer()?)
}

/// Name of the hidden sheet of long lists.
pub const OPTIONS_SHEET: &str = "选项";

/// A sheet's name has at most 31 characters and none of `[]:*?/\`.
fn sheet_name(name: &str) -> String {
    let clean: String = name.chars().map(|c| if "[]:*?/\\'".contains(c) { '_' } else { c }).take(31).collect();
    if clean.is_empty() || clean == OPTIONS_SHEET { "填报".to_owned() } else { clean }
}

fn head(sheet: &mut Worksheet, layout: &Layout<'_>) -> Result<(), WriteError> {
    let last = u16::try_from(layout.fields.len().max(1) - 1).unwrap_or(u16::MAX);
    let title = Format::new().set_bold().set_font_size(14).set_align(FormatAlign::Center);
    let note = Format::new().set_font_color(Color::RGB(0x0059_5959)).set_text_wrap();
    if last > 0 {
        sheet.merge_range(0, 0, 0, last, layout.title, &title)?;
        sheet.merge_range(1, 0, 1, last, layout.note, &note)?;
    } else {
        sheet.write_string_with_format(0, 0, layout.title, &title)?;
        sheet.write_string_with_format(1, 0, layout.note, &note)?;
    }
    let base = Format::new()
        .set_bold()
        .set_border(FormatBorder::Thin)
        .set_text_wrap()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter);
    let plain = base.clone().set_background_color(Color::RGB(0x00DD_EBF7));
    let required = base.set_background_color(Color::RGB(0x00FC_E4D6));
    for (i, field) in layout.fields.iter().enumerate() {
        let column = u16::try_from(i).unwrap_or(u16::MAX);
        let key = if i == 0 { format!("{KEY_MARK}{}|{}", layout.key, field.key) } else { field.key.clone() };
        sheet.write_string(KEY_ROW, column, &key)?;
        let format = if field.required { &required } else { &plain };
        sheet.write_string_with_format(HEAD_ROW, column, field.heading(), format)?;
        if !field.help.is_empty() {
            sheet.insert_note(HEAD_ROW, column, &rust_xlsxwriter::Note::new(&field.help).set_author("溯园"))?;
        }
    }
    sheet.set_row_hidden(KEY_ROW)?;
    sheet.set_row_height(HEAD_ROW, 32)?;
    Ok(())
}

/// The row that shows how to fill in, told by the mark right of it.
fn example(sheet: &mut Worksheet, layout: &Layout<'_>) -> Result<(), WriteError> {
    let row = HEAD_ROW + 1;
    let grey = Format::new().set_italic().set_font_color(Color::RGB(0x0080_8080));
    for (i, field) in layout.fields.iter().enumerate() {
        sheet.write_string_with_format(row, u16::try_from(i).unwrap_or(u16::MAX), example_of(field), &grey)?;
    }
    let mark = u16::try_from(layout.fields.len()).unwrap_or(u16::MAX);
    sheet.write_string_with_format(row, mark, EXAMPLE_MARK, &grey)?;
    Ok(())
}

fn example_of(field: &FieldSpec) -> String {
    match &field.kind {
        FieldKind::Text => "文字".to_owned(),
        FieldKind::Number { scale: 0 } | FieldKind::Count => "100".to_owned(),
        FieldKind::Number { .. } | FieldKind::Money => "1234.56".to_owned(),
        FieldKind::Date => "2025-03-01".to_owned(),
        FieldKind::Period => "2025-03".to_owned(),
        FieldKind::Code => "00123".to_owned(),
        FieldKind::CreditCode => "18 位统一社会信用代码".to_owned(),
        FieldKind::Choice { options } => options.first().map_or_else(String::new, |o| o.label.clone()),
        FieldKind::Bool => "是".to_owned(),
    }
}

fn width(field: &FieldSpec) -> f64 {
    let head = field.heading().chars().map(|c| if c.is_ascii() { 1.0 } else { 2.0 }).sum::<f64>() + 2.0;
    let content = match field.kind {
        FieldKind::CreditCode => 22.0,
        FieldKind::Text => 18.0,
        _ => 13.0,
    };
    head.clamp(content, 40.0)
}

/// Codes, periods and text are text cells, so that no program takes their zeros away.
fn cell_format(field: &FieldSpec) -> Format {
    match &field.kind {
        FieldKind::Text | FieldKind::Code | FieldKind::CreditCode | FieldKind::Period | FieldKind::Choice { .. } | FieldKind::Bool => {
            Format::new().set_num_format("@")
        }
        FieldKind::Date => Format::new().set_num_format("yyyy-mm-dd"),
        FieldKind::Count => Format::new().set_num_format("#,##0"),
        FieldKind::Number { scale: 0 } => Format::new().set_num_format("#,##0"),
        FieldKind::Number { .. } | FieldKind::Money => Format::new().set_num_format("#,##0.00####"),
    }
}

fn put(sheet: &mut Worksheet, row: u32, column: u16, field: &FieldSpec, value: &Value, format: &Format) -> Result<(), WriteError> {
    match value {
        Value::Text(text) => sheet.write_string_with_format(row, column, text, format)?,
        Value::Number(number) => put_number(sheet, row, column, *number, format)?,
        Value::Date(date) => match excel_date(*date) {
            Some(day) => sheet.write_datetime_with_format(row, column, day, format)?,
            None => sheet.write_string_with_format(row, column, date.to_string(), format)?,
        },
        Value::Period(period) => sheet.write_string_with_format(row, column, period.to_string(), format)?,
        Value::Choice(key) => {
            let label = options(field).iter().find(|o| o.key == *key).map_or(key.as_str(), |o| o.label.as_str());
            sheet.write_string_with_format(row, column, label, format)?
        }
        Value::Bool(yes) => sheet.write_string_with_format(row, column, if *yes { "是" } else { "否" }, format)?,
    };
    Ok(())
}

/// A number as a number cell where a double keeps all its digits, else as text, which the reader takes as well.
fn put_number<'a>(
    sheet: &'a mut Worksheet,
    row: u32,
    column: u16,
    number: Decimal,
    format: &Format,
) -> Result<&'a mut Worksheet, WriteError> {
    let digits = number.normalize().mantissa().unsigned_abs().checked_ilog10().map_or(1, |d| d + 1);
    match number.to_string().parse::<f64>().ok().filter(|_| digits <= 15) {
        Some(double) => Ok(sheet.write_number_with_format(row, column, double, format)?),
        None => Ok(sheet.write_string_with_format(row, column, number.normalize().to_string(), format)?),
    }
}

fn excel_date(date: Date) -> Option<ExcelDateTime> {
    let part = |n: i8| u8::try_from(n).ok();
    ExcelDateTime::from_ymd(u16::try_from(date.year()).ok()?, part(date.month())?, part(date.day())?).ok()
}

fn options(field: &FieldSpec) -> &[ChoiceOption] {
    match &field.kind {
        FieldKind::Choice { options } => options,
        _ => &[],
    }
}

type LongList<'a> = (&'a str, &'a [ChoiceOption]);

/// Choices whose texts are too long, or hold commas, for a validation of their own.
fn long_lists(fields: &[FieldSpec]) -> Vec<LongList<'_>> {
    let long = |options: &[ChoiceOption]| {
        let length: usize = options.iter().map(|o| o.label.encode_utf16().count() + 1).sum();
        length > 250 || options.iter().any(|o| o.label.contains([',', '，']))
    };
    fields.iter().filter(|f| long(options(f))).map(|f| (f.key.as_str(), options(f))).collect()
}

fn validation(field: &FieldSpec, long_lists: &[LongList<'_>]) -> Option<DataValidation> {
    let rule = DataValidation::new();
    let rule = match &field.kind {
        FieldKind::Choice { options } => match long_lists.iter().position(|(key, _)| *key == field.key) {
            Some(column) => {
                let letter = values::place::column_letters(u32::try_from(column).ok()?);
                rule.allow_list_formula(Formula::new(format!("={OPTIONS_SHEET}!${letter}$1:${letter}${}", options.len())))
            }
            None => rule.allow_list_strings(&options.iter().map(|o| o.label.as_str()).collect::<Vec<_>>()).ok()?,
        },
        FieldKind::Bool => rule.allow_list_strings(&["是", "否"]).ok()?,
        FieldKind::Date => rule.allow_date(DataValidationRule::Between(
            ExcelDateTime::from_ymd(1900, 1, 1).ok()?,
            ExcelDateTime::from_ymd(2199, 12, 31).ok()?,
        )),
        FieldKind::Number { .. } | FieldKind::Count | FieldKind::Money => {
            let min = field.min.and_then(|m| m.to_f64()).unwrap_or(-1e15);
            let max = field.max.and_then(|m| m.to_f64()).unwrap_or(1e15);
            rule.allow_decimal_number(DataValidationRule::Between(min, max))
        }
        FieldKind::CreditCode => rule.allow_text_length(DataValidationRule::EqualTo(18)),
        FieldKind::Text | FieldKind::Code | FieldKind::Period => return None,
    };
    let (title, message) = match &field.kind {
        FieldKind::Choice { .. } | FieldKind::Bool => ("请从下拉列表中选", "此格只能填列表里的选项。"),
        FieldKind::Date => ("请填日期", "写成 2025-03-01。"),
        FieldKind::CreditCode => ("请填信用代码", "统一社会信用代码为 18 位。"),
        _ => ("请填数字", "只填数字，单位已写在表头。"),
    };
    // A warning, not a stop: a paste goes round validations anyway, and the import finds everything.
    rule.set_error_title(title).ok()?.set_error_message(message).ok().map(|r| r.set_error_style(DataValidationErrorStyle::Warning))
}
