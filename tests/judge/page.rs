//! `--html`: one page that holds everything and loads nothing.

use crate::Desk;
use crate::results::Series;
use crate::support::says;

fn desk() -> Desk {
    let series = Series {
        slow: |workload, _, run| if workload == 2 && run >= 12 { 1.5 } else { 1.0 },
        ..Series::default()
    };
    let desk = Desk::new();
    desk.write("before", &series, 0..12);
    desk.write("after", &series, 12..24);
    desk
}

#[test]
fn it_has_every_duration_and_loads_nothing() {
    let desk = desk();
    for args in [
        &["compare", "before", "after", "--html", "page.html"][..],
        &["trend", "before", "after", "--html", "trend.html"],
    ] {
        let ran = desk.text_of(args);
        assert_eq!(ran.code, 1, "{ran:?}");
        let file = args.last().expect("a file");
        says(&ran.out, &[&format!("page: {file}")]);
        let page = std::fs::read_to_string(desk.path(file)).expect("the page");
        // Eight workloads with a whole and two actions each, and a plot for each of them.
        assert_eq!(page.matches("<svg").count(), 24);
        assert_eq!(page.matches(">Svc.work_2: Workload 2<").count(), 3);
        for outside in ["http://", "https://", "src=", "@import", "url("] {
            // The name of SVG is an address that nobody visits.
            let page = page.replace("http://www.w3.org/2000/svg", "");
            assert!(!page.contains(outside), "{outside}");
        }
        assert!(
            !page.contains("#0101") && page.contains("var(--one)"),
            "colours are the page's"
        );
    }
}

#[test]
fn foreign_text_is_text() {
    let desk = desk();
    let mut report = Series::default().report(30);
    let evil = "<script>alert(1)</script>\"'&";
    report["tasks"][0]["subtasks"][0]["workloads"][0]["scenario"] = serde_json::json!({evil: {}});
    desk.text("after/99.json", &report.to_string());
    desk.text("after/<b>.json", "{");
    assert_eq!(
        desk.text_of(&["compare", "before", "after", "--html", "page.html"])
            .code,
        1
    );
    let page = std::fs::read_to_string(desk.path("page.html")).expect("the page");
    assert!(
        !page.contains("<script>alert") && !page.contains("<b>"),
        "not escaped"
    );
    says(&page, &["&lt;script&gt;alert(1)"]);
}

#[test]
fn it_is_written_over_another_only_if_asked_for() {
    let desk = desk();
    desk.text("page.html", "mine");
    let ran = desk.text_of(&["compare", "before", "after", "--html", "page.html"]);
    assert_eq!(ran.code, 1);
    says(
        &ran.err,
        &[
            "`page.html` exists already",
            "git rally compare --html page.html --force before -- after",
        ],
    );
    assert_eq!(
        std::fs::read_to_string(desk.path("page.html")).expect("the file"),
        "mine"
    );
    says(&ran.out, &["worse: "]);
    desk.text_of(&[
        "compare",
        "before",
        "after",
        "--html",
        "page.html",
        "--force",
    ]);
    let page = std::fs::read_to_string(desk.path("page.html")).expect("the page");
    assert!(page.starts_with("<!DOCTYPE html>"));
}
