//! Finding a substance in the standard: table 1 first (by CAS, then name),
//! only then the classes of table 2.

use super::book::{Book, Class, Named};

/// What a search in table 1 came to.
#[derive(Debug)]
pub enum Match<'a> {
    /// Exactly one line.
    One(&'a Named),
    /// Several lines that differ by their qualifier: somebody must say which.
    Several(Vec<&'a Named>),
    /// None.
    None,
}

/// Name in one form: half width, no spaces, lower case, brackets alike.
#[must_use]
pub fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '（' | '［' | '[' | '【' => '(',
            '）' | '］' | ']' | '】' => ')',
            '，' | '、' => ',',
            '－' | '–' | '—' => '-',
            '％' => '%',
            '＞' => '>',
            '＜' => '<',
            other => other,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// Finds a line of table 1 by its CAS number, then by its name, full name or alias.
#[must_use]
pub fn by_name<'a>(book: &'a Book, name: &str, cas: &str) -> Match<'a> {
    let cas = cas.trim();
    let wanted = plain(name);
    let named = |s: &&Named| plain(&s.full_name()) == wanted;
    if let Some(one) = book.substance.iter().find(named) {
        return Match::One(one);
    }
    let bare = |s: &&Named| plain(&s.name) == wanted || s.aliases.iter().any(|a| plain(a) == wanted);
    if !cas.is_empty() {
        let hits: Vec<_> = book.substance.iter().filter(|s| s.cas.iter().any(|c| c == cas)).collect();
        let both: Vec<_> = hits.iter().copied().filter(|s| bare(s)).collect();
        // An alias may tell apart two lines that share one CAS number.
        return decide(if both.len() == 1 { both } else { hits }, || book.substance.iter().filter(bare).collect());
    }
    decide(book.substance.iter().filter(bare).collect(), Vec::new)
}

fn decide<'a>(hits: Vec<&'a Named>, otherwise: impl FnOnce() -> Vec<&'a Named>) -> Match<'a> {
    let hits = if hits.is_empty() { otherwise() } else { hits };
    match hits.len() {
        0 => Match::None,
        1 => Match::One(hits[0]),
        _ => Match::Several(hits),
    }
}

/// A class symbol that a name itself carries, as in `柴油(W5.4)`.
#[must_use]
pub fn class_in_name<'a>(book: &'a Book, name: &str) -> Option<&'a Class> {
    plain(name)
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'))
        .filter(|piece| piece.starts_with(['j', 'w']))
        .find_map(|piece| book.class(piece))
}

/// Up to three names of table 1 that look like `name`, best first.
#[must_use]
pub fn similar(book: &Book, name: &str) -> Vec<String> {
    let wanted = plain(name);
    let mut scored: Vec<(f64, String)> = book
        .substance
        .iter()
        .flat_map(|s| std::iter::once(&s.name).chain(&s.aliases).map(move |n| (n, s)))
        .map(|(n, s)| {
            let n = plain(n);
            let inside = if !n.is_empty() && wanted.contains(&n) { 0.3 } else { 0.0 };
            (strsim::jaro_winkler(&wanted, &n) + inside, s.full_name())
        })
        .filter(|(score, _)| *score > 0.7)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut names: Vec<String> = Vec::new();
    for (_, name) in scored {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.truncate(3);
    names
}

#[cfg(test)]
mod tests {
    use super::super::book::book;
    use super::*;

    fn no(name: &str, cas: &str) -> String {
        match by_name(book(), name, cas) {
            Match::One(s) => s.no.to_string(),
            Match::Several(all) => all.iter().map(|s| s.no.to_string()).collect::<Vec<_>>().join("|"),
            Match::None => "-".into(),
        }
    }

    #[test]
    fn finds_by_name_alias_and_cas() {
        assert_eq!(no("氯", ""), "12");
        assert_eq!(no(" 液 氯 ", ""), "12");
        assert_eq!(no("", "7664-41-7"), "1");
        assert_eq!(no("不认识", "7664-41-7"), "1");
        assert_eq!(no("硝酸", ""), "81");
        assert_eq!(no("硝酸铵", ""), "43|44");
        assert_eq!(no("硝酸铵", "6484-52-2"), "43|44");
        assert_eq!(no("硝酸铵(含可燃物≤0.2%)", ""), "44");
        assert_eq!(no("天然气", ""), "49");
        assert_eq!(no("tnt", ""), "35");
        assert_eq!(no("盐酸", ""), "-");
        assert_eq!(class_in_name(book(), "柴油（W5.4）").map(|c| c.key.as_str()), Some("W5.4"));
        assert_eq!(class_in_name(book(), "柴油").map(|c| c.key.as_str()), None);
        assert_eq!(similar(book(), "丙稀腈")[0], "2-丙烯腈");
    }
}
