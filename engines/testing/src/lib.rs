//! For tests only: finds the reference material that lies beside the checkout.
//!
//! The program that users run never reads it. A test that needs a file of it
//! calls [`shared`]; where the folder is not there the test says so and
//! passes, unless `SUYUAN_SHARED=1` (as in CI), when its absence fails.

use std::path::{Path, PathBuf};

/// Path of a file of the reference folder, or `None` (said on standard error) when the folder is absent.
///
/// Looks at `$SUYUAN_SHARED_DIR`, then for `shared/README.md` in each folder above the workspace.
///
/// # Panics
/// If `SUYUAN_SHARED=1` and the file is not there.
#[must_use]
pub fn shared(file: &str) -> Option<PathBuf> {
    let found = folders().into_iter().map(|folder| folder.join(file)).find(|path| path.exists());
    if found.is_none() {
        assert!(std::env::var("SUYUAN_SHARED").as_deref() != Ok("1"), "SUYUAN_SHARED=1, but {file} was not found");
        eprintln!("skipped: no reference folder with {file} beside the checkout");
    }
    found
}

/// Text of a file of the reference folder; see [`shared`].
///
/// # Panics
/// If the file is there but is no UTF-8 text.
#[must_use]
pub fn shared_text(file: &str) -> Option<String> {
    shared(file).map(|path| std::fs::read_to_string(path).expect("reference files are UTF-8"))
}

fn folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = std::env::var_os("SUYUAN_SHARED_DIR").map(PathBuf::from).into_iter().collect();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    folders.extend(here.ancestors().map(|above| above.join("shared")).filter(|f| f.join("README.md").exists()));
    folders
}

#[cfg(test)]
mod tests {
    #[test]
    fn finds_the_folder_or_passes() {
        if let Some(text) = super::shared_text("README.md") {
            assert!(text.contains("design.md"));
        }
    }
}
