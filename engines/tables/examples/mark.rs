//! Writes an error workbook with a finding at every Nth number cell: `cargo run -p suyuan-tables --example mark FILE N OUT`.
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let bytes = std::fs::read(&args[1]).expect("a file");
    let step: usize = args[2].parse().expect("a number");
    let book = tables::read(&bytes, &args[1], &tables::Limits::default()).expect("readable");
    let mut findings = Vec::new();
    for sheet in &book.sheets {
        let cells = sheet.tables.iter().flat_map(|t| t.rows.iter().flat_map(move |r| t.head.iter().map(move |c| t.cell(sheet, r, c))));
        let places = cells.filter(|c| c.number().is_some()).step_by(step).map(|c| format!("{}!{}", sheet.name, c.at()));
        findings.extend(places.map(|p| values::Finding::error("tables.not_a_number").at(p).found("<&>").expected("数字")));
    }
    let marked = tables::write::errors(&bytes, &book, &findings, &|f| tables::texts::sentence(f, values::Lang::Zh)).expect("written");
    std::fs::write(&args[3], marked).expect("written");
    println!("{} findings", findings.len());
}
