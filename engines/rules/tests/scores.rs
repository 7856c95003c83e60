//! Every way of giving points, worked by hand; bonus, deduction, veto; what stays a span.

use rules::{Book, Case, Facts, Peers, When};
use values::{Findings, Lang};

fn book(score: &str) -> Book {
    let text = format!(
        "[book]\nkey = \"t\"\ntitle = \"t\"\nsource = \"t\"\n[facts]\nx = {{ unit = \"万元\", yearly = true }}\ny = \"项\"\nflag = \"是否\"\ngiven = \"分\"\n[score]\ndigits = 2\n{score}"
    );
    match rules::read("t.toml", &text, Lang::Zh) {
        Ok((book, _)) => book,
        Err(findings) => panic!("{findings:#?}"),
    }
}

/// Totals of all subjects of a table `name: a=b;c=d`, one a line.
fn check(score: &str, subjects: &[&str], expected: &[&str]) {
    let book = book(score);
    let rows: String = subjects.iter().map(|s| format!("{s},-\n")).collect();
    let (facts, findings) = Facts::read_csv("t", &format!("facts,why\n{rows}"), Lang::Zh).expect("good");
    assert_eq!(findings, Findings::default());
    let cases: Vec<Case<'_>> =
        facts.subjects.iter().map(|s| Case::bind(&book, s, When::default(), Lang::Zh, &mut Findings::default())).collect();
    let peers = Peers::of(&cases);
    let got: Vec<String> = cases
        .iter()
        .map(|case| {
            let score = rules::score(case, &peers, Lang::Zh).expect("has a table");
            let total = score.total.map_or("?".to_owned(), |(l, h)| {
                if l == h { l.normalize().to_string() } else { format!("{}..{}", l.normalize(), h.normalize()) }
            });
            let veto = score.vetoed.map_or(String::new(), |v| format!(" {v}"));
            format!("{total} {}{}{veto}", score.verdict.key(), score.grade.map_or(String::new(), |g| format!(" {g}")))
        })
        .collect();
    assert_eq!(got, expected, "{score}");
}

#[test]
fn linear_between_given_ends_and_between_all() {
    let ends =
        "[[score.part]]\nid = \"a\"\nweight = 10\nscorer = \"linear\"\nof = \"y\"\nmin = \"0 项\"\nmax = \"50 项\"\nfloor = \"60%\"\n";
    check(ends, &["y=0", "y=25", "y=60", ""], &["6 met", "8 met", "10 met", "0..10 data_missing"]);
    let all = "[[score.part]]\nid = \"a\"\nweight = 10\nscorer = \"linear\"\nof = \"y\"\nbetter = \"down\"\n";
    check(all, &["y=10", "y=20", "y=30"], &["10 met", "5 met", "0 met"]);
}

#[test]
fn rank_shares_places() {
    let rank = "[[score.part]]\nid = \"a\"\nweight = 10\nscorer = \"rank\"\nof = \"y\"\nfloor = \"20%\"\n";
    check(rank, &["y=40", "y=30", "y=30", "y=10", "y=5"], &["10 met", "8 met", "8 met", "4 met", "2 met"]);
    check(rank, &["y=40"], &["10 met"]);
}

#[test]
fn against_the_base_year() {
    // 80 % at the base; each full 5 % above adds a point; the extra is at most half of the points at base.
    let text = "[[score.part]]\nid = \"a\"\nweight = 10\nscorer = \"against_base\"\nof = \"x\"\nbase = \"prior(x, 1)\"\nat_base = \"80%\"\nstep = \"5%\"\nstep_points = 1\nextra = \"50%\"\n";
    check(
        text,
        &[
            "x@2024=100;x@2025=100",
            "x@2024=100;x@2025=114",
            "x@2024=100;x@2025=200",
            "x@2024=100;x@2025=50",
            "x@2024=0;x@2025=50",
            "x@2025=5",
        ],
        &["8 met", "10 met", "12 met", "4 met", "0..12 needs_human", "0..12 data_missing"],
    );
    let zero = text.replace("extra =", "below = \"zero\"\nextra =");
    check(&zero, &["x@2024=100;x@2025=99"], &["0 met"]);
}

#[test]
fn bands_give_the_border_to_the_better_one() {
    let up = "[[score.part]]\nid = \"a\"\nweight = 10\nof = \"y\"\nbands = [{ from = \"10 项\", points = 10 }, { from = \"5 项\", to = \"10 项\", points = 6 }, { to = \"5 项\", points = 0 }]\n";
    check(up, &["y=10", "y=9", "y=5", "y=4", ""], &["10 met", "6 met", "6 met", "0 met", "0..10 data_missing"]);
    let down = "[[score.part]]\nid = \"a\"\nweight = 10\nof = \"y\"\nbetter = \"down\"\nbands = [{ to = \"5 项\", points = 10 }, { from = \"5 项\", to = \"10 项\", points = 6 }, { from = \"10 项\", points = 0 }]\n";
    check(down, &["y=5", "y=6", "y=10", "y=11"], &["10 met", "6 met", "6 met", "0 met"]);
    let worse = up.replace("of = \"y\"", "of = \"y\"\nborder = \"worse\"");
    check(&worse, &["y=10", "y=5"], &["6 met", "0 met"]);
}

#[test]
fn counts_sums_given_and_best() {
    let text = "[[score.part]]\nid = \"a\"\nweight = 10\nof = \"y\"\neach = 3\n[[score.part]]\nid = \"b\"\nweight = 5\nsum = [{ when = \"flag\", points = 3 }, { when = \"y > 1 项\", points = 4 }]\n[[score.part]]\nid = \"c\"\nweight = 20\nbest = [{ given = \"given\" }, { of = \"y\", each = 1 }]\n";
    check(text, &["y=2;flag=是;given=15", "y=5;flag=否;given=1", "y=2;flag=是"], &["26 met", "19 met", "13..31 data_missing"]);
}

#[test]
fn bonus_deduction_and_veto() {
    let text = "[[score.part]]\nid = \"a\"\nweight = 100\ngiven = \"given\"\n[[score.bonus]]\nid = \"b\"\nof = \"y\"\neach = 2\nweight = 5\n[[score.deduction]]\nid = \"d\"\nof = \"y\"\neach = 0.3\n[[score.veto]]\nid = \"v\"\nladder = [{ when = \"flag\", points = 1 }]\n[[score.grade]]\nlabel = \"优秀\"\nfrom = 90\n[[score.grade]]\nlabel = \"合格\"\nfrom = 60\nbelow = 90\n[[score.grade]]\nlabel = \"不合格\"\nbelow = 60\n";
    check(
        text,
        &["given=80;y=2;flag=否", "given=90;y=0;flag=否", "given=95;y=0;flag=是", "given=80;y=10;flag=否"],
        &["83.4 met 合格", "90 met 优秀", "0 met 不合格 v", "82 met 合格"],
    );
}

#[test]
fn an_unpublished_weight_gives_no_total() {
    check(
        "[[score.part]]\nid = \"a\"\ngiven = \"given\"\n[[score.part]]\nid = \"b\"\nweight = 10\ngiven = \"y\"\n",
        &["given=5;y=3"],
        &["? needs_human"],
    );
}
