//! The face 界面: draws [`page::Page`] as HTML with the classes of the stylesheet.
//!
//! Pages work without script and carry neither inline style nor inline
//! script, so that [`CSP`] can forbid both. What a page says comes from its
//! model; only the words of the frame stand here, in `texts.toml`.
//!
//! Reading order: [`frame`] (top bar, menu, tabs), [`gate`] (sign-in, and
//! pages for who is not signed in), [`assets`] (stylesheet and script),
//! [`fields`] (form fields of a ledger's schema); then what draws each part:
//! `text`, `table`, `form`, `layout`, `lineage`, `import`, `document`, `notice`.

pub mod assets;
mod document;
pub mod fields;
mod form;
pub mod frame;
pub mod gate;
mod import;
mod layout;
mod lineage;
mod notice;
mod parts;
mod table;
mod text;

pub use frame::{Frame, MenuItem, Office};
pub use gate::SignIn;
pub use maud::Markup;

use page::Page;
use std::sync::LazyLock;
use values::{Lang, Texts};

static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::parse(include_str!("texts.toml")).unwrap_or_default());

/// The Content-Security-Policy that every page holds.
pub const CSP: &str = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; \
    worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// What every component needs to know of the page around it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cx<'a> {
    /// Language of the page.
    pub lang: Lang,
    /// Token against forged requests, sent with every form.
    pub csrf: &'a str,
    /// Path of the page: links that stay on it swap the main part only.
    pub path: &'a str,
    /// True for print: no links, no colours, states as words.
    pub paper: bool,
}

impl Cx<'_> {
    /// A text of this crate.
    pub fn t(&self, key: &str) -> String {
        TEXTS.get(self.lang, key, &[])
    }
    /// A text of this crate with values filled in.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        TEXTS.get(self.lang, key, values)
    }
    /// `true` for a link that stays on this page: the script then swaps the
    /// main part and leaves frame and scroll position alone.
    pub fn stays(&self, href: &str) -> Option<&'static str> {
        let path = |address: &str| address.split(['?', '#']).next().unwrap_or_default().to_owned();
        let is_same = href.starts_with('?') || (!self.path.is_empty() && !href.starts_with('#') && path(href) == path(self.path));
        is_same.then_some("true")
    }
}

/// Draws a whole page.
#[must_use]
pub fn render(page: &Page, frame: &Frame, lang: Lang) -> Markup {
    frame::document(page, frame, lang)
}

/// Draws only a page's parts, without frame: for print and for tests.
#[must_use]
pub fn render_parts(page: &Page, lang: Lang) -> Markup {
    let cx = Cx { lang, csrf: "", path: "", paper: false };
    parts::stack(&page.parts, cx)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_texts_are_in_both_languages() {
        assert_eq!(TEXTS.untranslated().collect::<Vec<_>>(), Vec::<&str>::new());
    }

    /// Every key that the sources ask for is in the table, and none lies unused.
    #[test]
    fn texts_and_sources_agree() {
        let mut asked = std::collections::BTreeSet::new();
        for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).unwrap() {
            let source = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            for call in ["cx.t(\"", "cx.fill(\"", "self.cx.t(\"", "cx.fill(\n        \""] {
                asked.extend(source.split(call).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned));
            }
        }
        let missing: Vec<_> = asked.iter().filter(|k| !TEXTS.has(k)).collect();
        assert!(missing.is_empty(), "no text for {missing:?}");
        let unused: Vec<_> = TEXTS.keys().filter(|k| !asked.contains(*k)).collect();
        assert!(unused.is_empty(), "never asked for: {unused:?}");
    }

    #[test]
    fn links_that_stay_are_found() {
        let cx = Cx { lang: Lang::Zh, csrf: "", path: "/l/enterprise?page=2", paper: false };
        assert_eq!(cx.stays("/l/enterprise?record=4"), Some("true"));
        assert_eq!(cx.stays("?record=4"), Some("true"));
        assert_eq!(cx.stays("/l/enterprise/4"), None);
        assert_eq!(cx.stays("#m1"), None);
    }
}
