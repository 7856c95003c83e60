//! The gallery 样例: every part drawn with made-up data, as snapshots.
//!
//! The browser tests open the same snapshots in Chromium and hold them
//! against html-validate, axe-core and the content policy. Names are plainly
//! fictional (某甲 …), codes are invalid on purpose.

mod cockpit;
mod import;
mod ledger;
mod metric;
mod rest;
mod sample;

use page::Page;
use sample::frame;
use values::Lang;

/// Snapshots a page as drawn; the addresses of bundles, which change with
/// every build, are replaced by fixed ones.
fn check(name: &str, page: &Page, lang: Lang) {
    check_html(name, &face::render(page, &frame(page, lang), lang).into_string());
}

fn check_html(name: &str, html: &str) {
    let head = html.find("<link rel=\"icon\"").expect("a page has a stylesheet");
    let end = html.find("</head>").expect("a page has a head");
    let bundles = r#"<link rel="icon" href="/assets/favicon.svg"><link rel="stylesheet" href="/assets/suyuan.css"><script src="/assets/suyuan.js" defer></script>"#;
    let html = format!("{}{bundles}{}", &html[..head], &html[end..]);
    for forbidden in [" style=", "<style", "onclick=", "javascript:", "<script>"] {
        assert!(!html.contains(forbidden), "{name}: {forbidden}");
    }
    // One element a line, so that a difference can be read.
    let lines = html.replace("><", ">\n<");
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, lines);
    });
}

#[test]
fn cockpit_page() {
    check("cockpit", &cockpit::page(Lang::Zh), Lang::Zh);
}

#[test]
fn cockpit_page_in_english() {
    check("cockpit-en", &cockpit::page(Lang::En), Lang::En);
}

#[test]
fn cockpit_on_the_wall() {
    let page = cockpit::page(Lang::Zh);
    let frame = face::Frame { wall: true, ..frame(&page, Lang::Zh) };
    check_html("wall", &face::render(&page, &frame, Lang::Zh).into_string());
}

#[test]
fn metric_page() {
    check("metric", &metric::page(), Lang::Zh);
}

#[test]
fn ledger_page() {
    check("ledger", &ledger::page(), Lang::Zh);
}

#[test]
fn record_form() {
    check("form", &ledger::form(), Lang::Zh);
}

#[test]
fn import_steps() {
    check("import-upload", &import::upload(), Lang::Zh);
    check("import", &import::result(), Lang::Zh);
}

#[test]
fn checked_document() {
    check("verify", &rest::verify(), Lang::Zh);
}

#[test]
fn case_with_its_clock() {
    check("case", &rest::case(), Lang::Zh);
}

#[test]
fn empty_and_error_pages() {
    check("empty", &rest::empty(), Lang::Zh);
    check("error", &rest::error(), Lang::Zh);
}

#[test]
fn components_and_states() {
    check("components", &rest::components(), Lang::Zh);
}

#[test]
fn sources_of_all_kinds() {
    check("sources", &metric::sources(), Lang::Zh);
}

#[test]
fn sign_in_page() {
    let gate = face::SignIn {
        committee: "示例经济技术开发区管理委员会".into(),
        badge: "示例数据".into(),
        user: "luo.mou".into(),
        error: "用户名或密码不对。".into(),
        error_more: "再错 3 次将锁定 20 分钟。".into(),
        code: true,
        help: "忘记密码请找本单位管理员：办公室 柳某，分机 0000".into(),
        csrf: "token".into(),
        ..face::SignIn::default()
    };
    check_html("signin", &face::gate::sign_in(&gate, Lang::Zh).into_string());
    let fault = page::Fault {
        title: "没有这个页面".into(),
        doing: "打开 /nowhere".into(),
        happened: "地址里没有这个页面".into(),
        remedy: page::Line::new().text("回到").link("首页", "/"),
        ..page::Fault::default()
    };
    check_html("fault", &face::gate::fault(&fault, Lang::Zh).into_string());
}

#[test]
fn paper_page() {
    check_html(
        "print",
        &face::gate::paper(&ledger::paper(), "打印人 罗某　留痕编号 P-20240919-0012　锚值 7c1e…40d9　示例数据", Lang::Zh).into_string(),
    );
}
