//! Files that are not what they should be: a clear answer, and never a wrong verdict.

use serde_json::{Value, json};

use crate::results::Series;
use crate::support::{files, says};
use crate::{Desk, named};

fn workloads(report: &mut Value) -> &mut Vec<Value> {
    report["tasks"][0]["subtasks"][0]["workloads"]
        .as_array_mut()
        .expect("workloads")
}

/// Returns what is said of a file beside twelve good runs on each side.
fn with(file: &str, text: &str) -> (String, i32) {
    let desk = Desk::new();
    desk.write("before", &Series::default(), 0..12);
    desk.write("after", &Series::default(), 12..24);
    desk.text(file, text);
    let ran = desk.text_of(&["compare", "before", "after"]);
    assert!(
        !ran.out.contains("slower") && !ran.out.contains("faster"),
        "{}",
        ran.out
    );
    (ran.out, ran.code)
}

#[test]
fn a_broken_file_is_left_out_and_said() {
    let report = Series::default().report(30);
    let pretty = serde_json::to_string_pretty(&report).expect("JSON");
    let nan = pretty.replacen("\"idle_duration\": 0.0", "\"idle_duration\": NaN", 1);
    let mut newer = report.clone();
    newer["info"]["format_version"] = json!("2.0");
    for (text, words) in [
        (
            &pretty[..pretty.len() / 2],
            "it ends in the middle, at line",
        ),
        ("", "it is empty"),
        ("rally: error\n", "it is not JSON: expected value at line 1"),
        (
            "<!doctype html>\n<html></html>",
            "it is an HTML page; `rally task report --json`",
        ),
        (nan.as_str(), "`NaN` is no number of JSON"),
        (
            &pretty.replacen("\"timestamp\": 1", "\"timestamp\": 1e999, \"x\": 1", 1),
            "number out of range",
        ),
        (
            &pretty.replacen("\"hooks\": []", "\"hooks\": 5", 1),
            "it is not as Rally writes results: invalid type: integer `5`",
        ),
        (
            &newer.to_string(),
            "its format is 2.0, and git-rally knows format 1",
        ),
        (
            &json!({"info": {}, "tasks": []}).to_string(),
            "it holds no task",
        ),
        ("[]", "it holds no task"),
    ] {
        let (out, code) = with("after/99.json", text);
        says(&out, &["left out: after/99.json: ", words]);
        assert_eq!(code, 4, "{out}");
    }
}

#[test]
fn other_json_in_a_folder_is_counted_and_by_name_refused() {
    for text in [
        "{\"a\": 1}",
        "[1, 2]",
        "\"text\"",
        "{\"tasks\": 3}",
        "[{\"key\": {\"name\": \"x\"}}]",
    ] {
        let (out, code) = with("after/zuul-manifest.json", text);
        says(&out, &["1 other JSON file is left out"]);
        assert_eq!(code, 0, "{out}");
    }
    let desk = Desk::new();
    desk.write("before", &Series::default(), 0..12);
    desk.text("other.json", "{\"a\": 1}");
    let ran = desk.text_of(&["compare", "before", "other.json"]);
    assert_eq!(ran.code, 4);
    says(
        &ran.out,
        &[
            "no verdict: no run after",
            "left out: other.json: it is not the results of a Rally task",
        ],
    );
}

#[test]
fn a_run_that_was_stopped_or_ran_nothing_does_not_count() {
    for (change, words) in [
        (
            &(|report: &mut Value| report["tasks"][0]["status"] = json!("aborted"))
                as &dyn Fn(&mut Value),
            "the task was stopped before its end",
        ),
        (
            &|report| {
                workloads(report)
                    .iter_mut()
                    .for_each(|workload| workload["data"] = json!([]))
            },
            "no iteration ran",
        ),
        (&|report| workloads(report).clear(), "no iteration ran"),
    ] {
        let mut report = Series::default().report(30);
        change(&mut report);
        let (out, code) = with("after/99.json", &report.to_string());
        says(&out, &["left out: after/99.json: ", words]);
        assert_eq!(code, 4, "{out}");
    }
}

#[test]
fn impossible_times_are_left_out_and_said() {
    for wrong in [json!(-5.0), json!(1e9), json!(null)] {
        let mut report = Series::default().report(30);
        for workload in workloads(&mut report) {
            for iteration in workload["data"]
                .as_array_mut()
                .expect("iterations")
                .iter_mut()
                .take(3)
            {
                iteration["duration"] = wrong.clone();
            }
        }
        let (out, code) = with("after/99.json", &report.to_string());
        says(&out, &["24 iterations with impossible times"]);
        assert_eq!(code, 0, "{out}");
    }
    // A clock that jumps back between start and end of an action.
    let mut report = Series::default().report(30);
    let action = &mut workloads(&mut report)[0]["data"][0]["atomic_actions"][0];
    action["finished_at"] = json!(action["started_at"].as_f64().expect("time") - 3600.0);
    let (out, code) = with("after/99.json", &report.to_string());
    says(&out, &["1 iteration with impossible times"]);
    assert_eq!(code, 0, "{out}");
}

#[test]
fn a_workload_that_never_succeeded_is_not_measured() {
    let desk = Desk::new();
    let series = Series {
        fails: |workload, _| if workload == 0 { 10 } else { 0 },
        ..Series::default()
    };
    desk.write("before", &series, 0..12);
    desk.write("after", &series, 12..24);
    let (event, code) = desk.said(&["compare", "before", "after"]);
    assert_eq!(
        (code, event["verdict"].as_str()),
        (4, Some("same")),
        "{event}"
    );
    says(
        &event["others"].to_string(),
        &["not-measured", "no iteration gave a time"],
    );
}

#[test]
fn durations_without_any_noise_are_told_apart() {
    let calm = Series {
        between: 0.0,
        within: 0.0,
        ..Series::default()
    };
    let desk = Desk::new();
    desk.write("before", &calm, 0..6);
    desk.write("same", &calm, 6..12);
    desk.write(
        "slow",
        &Series {
            slow: |workload, _, _| if workload == 0 { 1.5 } else { 1.0 },
            ..calm
        },
        12..18,
    );
    assert_eq!(desk.said(&["compare", "before", "same"]).1, 0);
    assert_eq!(desk.said(&["compare", "before", "slow"]).1, 1);
}

#[test]
fn very_many_iterations_take_little_memory() {
    let desk = Desk::new();
    for run in 0..3 {
        let mut report = Series {
            workloads: 1,
            iterations: 1,
            ..Series::default()
        }
        .report(run);
        let one = workloads(&mut report)[0]["data"][0].to_string();
        workloads(&mut report)[0]["data"] = json!("HERE");
        let text = report.to_string();
        let (head, tail) = text.split_once("\"HERE\"").expect("the place");
        let all = format!("{head}[{}{one}]{tail}", format!("{one},").repeat(199_999));
        desk.text(
            &format!("{}/{run}.json", if run == 0 { "before" } else { "after" }),
            &all,
        );
    }
    // 200,000 iterations of 400 bytes: a file is larger than what is streamed, its numbers are not.
    let limit = "ulimit -v 600000; exec \"$0\" compare before after";
    let shell = desk
        .sandbox
        .command("sh", desk.sandbox.dir.path())
        .args(["-c", limit, env!("CARGO_BIN_EXE_git-rally")])
        .output()
        .expect("a shell");
    assert_eq!(shell.status.code(), Some(4), "{shell:?}");
}

#[test]
fn nothing_in_results_acts_on_the_terminal() {
    let mut report = Series::default().report(30);
    report["tasks"][0]["title"] = json!("a\u{1b}[2J");
    workloads(&mut report)[0]["scenario"] = json!({"Svc.\u{1b}[31mred\u{202e}": {}});
    let desk = Desk::new();
    desk.write("before", &Series::default(), 0..12);
    desk.text("after/1.json", &report.to_string());
    desk.text("after/2\u{1b}[1m.json", "{");
    let ran = desk.text_of(&["compare", "before", "after"]);
    let bad = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!ran.out.contains(bad), "{:?}", ran.out);
    says(&ran.out, &["Svc.\\u{1b}[31mred", "2\\u{1b}[1m.json"]);
}

#[test]
fn a_pipe_in_a_folder_is_not_waited_for_and_one_by_name_is_read() {
    let desk = Desk::new();
    desk.write("before", &Series::default(), 0..12);
    desk.write("after", &Series::default(), 12..24);
    let mkfifo = |name: &str| {
        let made = desk
            .sandbox
            .command("mkfifo", desk.sandbox.dir.path())
            .arg(name)
            .status();
        assert!(made.expect("mkfifo").success());
    };
    mkfifo("after/pipe.json");
    assert_eq!(desk.text_of(&["compare", "before", "after"]).code, 0);
    mkfifo("pipe");
    let both = "cat after/012.json > pipe & exec \"$0\" compare before pipe";
    let ran = desk
        .sandbox
        .command("sh", desk.sandbox.dir.path())
        .args(["-c", both, env!("CARGO_BIN_EXE_git-rally")])
        .output()
        .expect("a shell");
    let out = String::from_utf8_lossy(&ran.stdout).into_owned();
    says(&out, &["12 runs before, 1 run after"]);
}

#[test]
fn what_is_made_to_fill_the_memory_is_left_out() {
    let desk = Desk::new();
    desk.write("results", &Series::default(), 0..2);
    let long = format!("{{\"tasks\": [{{\"title\": \"{}\"", "a".repeat(300 << 20));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut packed, long.as_bytes()).expect("memory");
    drop(long);
    let packed = packed.finish().expect("memory");
    files::write_bytes(&desk.path("results/bomb.json.gz"), &packed);
    let (event, code) = desk.said(&["trend", "results"]);
    assert_eq!(code, 4);
    says(
        &event["aside"].to_string(),
        &["it unpacks to more than 200 times its size"],
    );
}

#[test]
fn half_a_character_in_a_trace_hides_no_failure() {
    let series = Series {
        fails: |workload, run| if workload == 0 && run >= 6 { 10 } else { 0 },
        ..Series::default()
    };
    let desk = Desk::new();
    for run in 0..12 {
        let side = if run < 6 { "before" } else { "after" };
        let text = series.report(run).to_string();
        let text = text.replace("\"trace\"", "\"trace \\udce4\"");
        desk.text(&format!("{side}/{run:03}.json"), &text);
    }
    let (event, code) = desk.said(&["compare", "before", "after"]);
    assert_eq!(code, 1, "{event}");
    assert_eq!(named(&event, "failures", "worse").len(), 1, "{event}");
}

#[test]
fn a_page_without_a_folder_is_wrong_usage() {
    let desk = Desk::new();
    desk.write("results", &Series::default(), 0..2);
    let ran = desk.text_of(&["trend", "results", "--html", "none/page.html"]);
    says(ran.usage(), &["--html: the folder `none` does not exist"]);
}

#[test]
fn settings_that_differ_by_run_take_little_memory() {
    let desk = Desk::new();
    for run in 0..500 {
        let mut report = Series {
            workloads: 10,
            iterations: 1,
            ..Series::default()
        }
        .report(run);
        let workloads = &mut report["tasks"][0]["subtasks"][0]["workloads"];
        for workload in workloads.as_array_mut().expect("workloads") {
            workload["contexts"] = serde_json::json!({"run": run});
        }
        desk.text(&format!("series/{run:03}.json"), &report.to_string());
    }
    let line = format!(
        "ulimit -v 600000; {} trend series --format json",
        env!("CARGO_BIN_EXE_git-rally")
    );
    let output = desk.sandbox.shell(desk.sandbox.dir.path(), &line);
    assert_eq!(output.status.code(), Some(4), "{output:?}");
}
