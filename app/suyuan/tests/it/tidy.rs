//! The shape of the tree, in words: arrows between crates, sizes, leftovers, dead files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// All files of a kind under the crates' folders.
fn files(ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = ["engines", "zone", "app"].iter().map(|f| root().join(f)).collect();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() && !matches!(path.file_name().and_then(|n| n.to_str()), Some("target" | "node_modules" | "snapshots")) {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn short(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// Folder of each crate (`engines/values`) and the crates of ours that it builds on.
fn crates() -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    for manifest in files("toml").into_iter().filter(|p| p.file_name().is_some_and(|n| n == "Cargo.toml")) {
        let text = std::fs::read_to_string(&manifest).unwrap();
        let table: toml::Table = text.parse().unwrap();
        let deps = table.get("dependencies").and_then(toml::Value::as_table);
        let names = deps.map(|d| d.keys().cloned().collect()).unwrap_or_default();
        all.insert(short(manifest.parent().unwrap()), names);
    }
    all
}

#[test]
fn arrows_only_go_down() {
    let crates = crates();
    let place: BTreeMap<&str, &str> = crates.keys().filter_map(|c| c.rsplit_once('/').map(|(layer, name)| (name, layer))).collect();
    let readers = ["cockpit", "report", "assess", "portal"];
    let mut wrong = Vec::new();
    for (krate, deps) in &crates {
        let (layer, name) = krate.rsplit_once('/').unwrap();
        for dep in deps.iter().filter(|d| place.contains_key(d.as_str())) {
            let down = match (layer, place[dep.as_str()]) {
                ("engines", "engines") | ("app", _) | ("zone", "engines") => true,
                ("zone", "zone") => dep == "hub" || (readers.contains(&name) && !readers.contains(&dep.as_str())),
                _ => false,
            };
            if !down {
                wrong.push(format!("{krate} → {dep}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new(), "engines ← hub ← subjects ← readers ← app");
}

#[test]
fn the_pure_part_knows_no_shell() {
    let shell = ["tokio", "axum", "sqlx", "tower-http", "tracing", "anyhow", "maud"];
    for (krate, deps) in crates().iter().filter(|(k, _)| !k.starts_with("app/")) {
        let found: Vec<_> = deps.iter().filter(|d| shell.contains(&d.as_str())).collect();
        assert!(found.is_empty(), "{krate} builds on {found:?}");
    }
}

#[test]
fn files_stay_readable() {
    let long: Vec<String> = files("rs")
        .iter()
        .filter(|p| !short(p).contains("/tests/"))
        .map(|p| (short(p), std::fs::read_to_string(p).unwrap().lines().count()))
        .filter(|(_, n)| *n > 800)
        .map(|(p, n)| format!("{p}: {n}"))
        .collect();
    assert_eq!(long, Vec::<String>::new(), "split by noun");
}

#[test]
fn nothing_is_left_lying_about() {
    let markers = ["TO", "FIX", "XX", "HA"].iter().zip(["DO", "ME", "X", "CK"]).map(|(a, b)| format!("{a}{b}")).collect::<Vec<_>>();
    let mut found = Vec::new();
    for path in files("rs").iter().filter(|p| !short(p).ends_with("tidy.rs")) {
        for (n, line) in std::fs::read_to_string(path).unwrap().lines().enumerate() {
            let marked = markers.iter().any(|m| line.split(|c: char| !c.is_ascii_alphanumeric()).any(|w| w == m));
            if marked || line.contains("todo!(") || line.contains("unimplemented!(") || line.contains("dbg!(") || line.trim() == "#[ignore]"
            {
                found.push(format!("{}:{}: {}", short(path), n + 1, line.trim()));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn every_source_file_belongs_to_its_crate() {
    let all = files("rs");
    let mut dead = Vec::new();
    for path in all.iter().filter(|p| short(p).contains("/src/")) {
        let name = path.file_stem().unwrap().to_str().unwrap();
        if matches!(name, "lib" | "main") {
            continue;
        }
        let folder = path.parent().unwrap();
        // A module is named by the file above it: lib.rs, main.rs, mod.rs or the folder's own file.
        let (module, above) =
            if name == "mod" { (folder.file_name().unwrap().to_str().unwrap(), folder.parent().unwrap()) } else { (name, folder) };
        let parents = ["lib.rs", "main.rs", "mod.rs"].map(|f| above.join(f)).into_iter().chain([above.with_extension("rs")]);
        let named = parents.filter_map(|p| std::fs::read_to_string(p).ok()).any(|text| {
            text.lines().any(|l| {
                l.trim_start()
                    .trim_start_matches("pub ")
                    .trim_start_matches("pub(crate) ")
                    .trim_start_matches("pub(super) ")
                    .starts_with(&format!("mod {module};"))
                    || l.contains(&format!("\"{name}.rs\""))
            })
        });
        if !named {
            dead.push(short(path));
        }
    }
    assert_eq!(dead, Vec::<String>::new());
}

#[test]
fn the_project_speaks_of_itself_alone() {
    let words = ["/work/", "crates.io-", "registry.npmjs", "localhost:"];
    let mut found = Vec::new();
    for path in files("rs").into_iter().chain(files("toml")).filter(|p| !short(p).ends_with("tidy.rs")) {
        let text = std::fs::read_to_string(&path).unwrap();
        found.extend(words.iter().filter(|w| text.contains(**w)).map(|w| format!("{}: {w}", short(&path))));
    }
    assert_eq!(found, Vec::<String>::new());
}
