//! Writes the dirty workbook of the tests to a file, to be saved again by an office suite: `… --example dirty OUT.xlsx`.

#[path = "../tests/dirty/book.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod book;
#[path = "../tests/dirty/cases.rs"]
mod cases;

fn main() {
    let path = std::env::args().nth(1).expect("a file to write");
    std::fs::write(path, book::write(&cases::pages(), book::Dialect::Excel)).expect("written");
}
