//! Prints what is recognised in a file: `cargo run -p suyuan-tables --example look FILE`.
use std::collections::BTreeMap;
fn main() {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).expect("a file");
        let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
        match tables::read(&bytes, &name, &tables::Limits::default()) {
            Err(e) => println!("=== {name}: {e}"),
            Ok(book) => {
                println!("=== {name} {}", book.format);
                for f in &book.findings {
                    println!("  ! {} {} {} {}", f.rule, f.place, f.found, f.expected);
                }
                for s in &book.sheets {
                    let mut why: BTreeMap<&str, Vec<String>> = BTreeMap::new();
                    for i in &s.ignored {
                        why.entry(i.reason.key()).or_default().push(i.cell());
                    }
                    println!(
                        " ## {} hidden={} read={} ignored={} empty={} balanced={}",
                        s.name,
                        s.hidden,
                        s.read,
                        s.ignored_count,
                        s.empty,
                        s.is_balanced()
                    );
                    for (k, v) in why {
                        println!("   ignored {k}: {} {:?}", v.len(), &v[..v.len().min(8)]);
                    }
                    for f in &s.findings {
                        println!("   ! {} {} {} {}", f.rule, f.place, f.found, f.expected);
                    }
                    for t in &s.tables {
                        println!(
                            "   T {} title={:?} unit={:?} period={:?} head={:?} turned={} unitcol={:?}",
                            t.range,
                            t.title,
                            t.unit.as_ref().map(|u| (&u.text, &u.place)),
                            t.period.map(|p| p.to_string()),
                            t.head_rows,
                            t.transposed,
                            t.unit_column
                        );
                        let heads: Vec<String> = t
                            .head
                            .iter()
                            .map(|c| {
                                format!(
                                    "{}:{}{}{}{}{}",
                                    c.letter,
                                    c.heading(),
                                    c.code.as_ref().map_or(String::new(), |c| format!("#{c}")),
                                    c.unit.as_ref().map_or(String::new(), |u| format!("[{}]", u.text)),
                                    c.period.map_or(String::new(), |p| format!("@{p}")),
                                    if c.measure == tables::Measure::Value { String::new() } else { format!("~{}", c.measure.key()) }
                                )
                            })
                            .collect();
                        println!("     head {}", heads.iter().take(14).cloned().collect::<Vec<_>>().join(" | "));
                        let mut kinds: BTreeMap<&str, Vec<String>> = BTreeMap::new();
                        for r in &t.rows {
                            kinds.entry(r.kind.key()).or_default().push(format!("{}/{}", r.number(), r.level));
                        }
                        for (k, v) in kinds {
                            println!("     {k}: {} {}", v.len(), v.iter().take(16).cloned().collect::<Vec<_>>().join(" "));
                        }
                        for n in &t.notes {
                            println!("     note {} {}", n.cell, n.text);
                        }
                        for f in &t.findings {
                            println!("     ! {} {} {} {}", f.rule, f.place, f.found, f.expected);
                        }
                    }
                }
            }
        }
    }
}
