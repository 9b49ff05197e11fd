//! `compare`: what is worse is found, what is not is not, and exit codes say so.

use serde_json::json;

use crate::results::{Series, in_old_form};
use crate::support::says;
use crate::{Desk, named};

/// The third workload's first action is a third slower from run 12 on.
fn slower() -> Series {
    Series {
        slow: |workload, action, run| {
            if (workload, action) == (2, 0) && run >= 12 {
                1.33
            } else {
                1.0
            }
        },
        ..Series::default()
    }
}

#[test]
fn what_is_slower_is_found_and_nothing_else() {
    let desk = Desk::new();
    desk.write("before", &slower(), 0..12);
    desk.write("after", &slower(), 12..24);
    let (event, code) = desk.said(&["compare", "before", "after"]);
    assert_eq!(
        (code, event["type"].as_str(), event["verdict"].as_str()),
        (1, Some("compared"), Some("worse"))
    );
    assert_eq!(
        named(&event, "changes", "worse"),
        ["Svc.work_2: svc.create_thing", "Svc.work_2: whole"]
    );
    assert!(named(&event, "changes", "better").is_empty());
    assert_eq!(event["changes"].as_array().map(Vec::len), Some(24));
    let first = &event["changes"][0];
    let percent = first["percent"].as_f64().expect("a number");
    let (low, high) = (
        first["low"].as_f64().expect("low"),
        first["high"].as_f64().expect("high"),
    );
    assert!(
        low < 33.0 && 33.0 < high && low < percent && percent < high,
        "{first}"
    );
}

#[test]
fn the_other_way_round_it_is_better_and_no_failure() {
    let desk = Desk::new();
    desk.write("slow", &slower(), 12..24);
    desk.write("fast", &slower(), 0..12);
    let (event, code) = desk.said(&["compare", "slow", "fast"]);
    assert_eq!((code, event["verdict"].as_str()), (0, Some("better")));
    assert_eq!(
        named(&event, "changes", "better"),
        ["Svc.work_2: svc.create_thing", "Svc.work_2: whole"]
    );
}

#[test]
fn without_a_change_there_is_none() {
    for seed in 1..=20 {
        let desk = Desk::new();
        let series = Series {
            seed,
            ..Series::default()
        };
        desk.write("before", &series, 0..8);
        desk.write("after", &series, 8..16);
        let (event, code) = desk.said(&["compare", "before", "after"]);
        assert_eq!(
            (code, event["verdict"].as_str()),
            (0, Some("same")),
            "seed {seed}: {event}"
        );
        assert!(
            event["seen_from"]
                .as_f64()
                .is_some_and(|percent| (3.0..30.0).contains(&percent)),
            "{event}"
        );
    }
}

#[test]
fn a_run_is_the_unit_and_its_iterations_are_not() {
    // Two hundred iterations each, and runs that differ by 20 percent: three runs say nothing of 10 percent.
    let series = Series {
        iterations: 200,
        between: 0.2,
        ..Series::default()
    };
    let desk = Desk::new();
    desk.write("before", &series, 0..3);
    desk.write("after", &series, 3..6);
    let (event, code) = desk.said(&["compare", "before", "after"]);
    assert_eq!(
        (code, event["verdict"].as_str()),
        (4, Some("not-judged")),
        "{event}"
    );
    let text = desk.text_of(&["compare", "before", "after"]).out;
    says(
        &text,
        &["these runs differ so much that a change of 50 % would not be seen; more runs say more"],
    );
}

#[test]
fn slow_machines_are_taken_out_and_shown() {
    let series = Series {
        whole: |run| if run >= 12 { 1.4 } else { 1.0 },
        slow: |workload, action, run| {
            if (workload, action) == (5, 1) && run >= 12 {
                1.5
            } else {
                1.0
            }
        },
        ..Series::default()
    };
    let desk = Desk::new();
    desk.write("before", &series, 0..12);
    desk.write("after", &series, 12..24);
    let (event, code) = desk.said(&["compare", "before", "after"]);
    assert_eq!(code, 1);
    assert_eq!(
        named(&event, "changes", "worse"),
        ["Svc.work_5: svc.list_things", "Svc.work_5: whole"]
    );
    let shared = event["shared"]["percent"].as_f64().expect("a number");
    assert!(
        (35.0..45.0).contains(&shared) && event["shared"]["stands_out"] == true,
        "{}",
        event["shared"]
    );
    says(
        &desk.text_of(&["compare", "before", "after"]).out,
        &["whole runs are slower, by +"],
    );
}

#[test]
fn one_run_is_compared_with_what_many_predict() {
    let desk = Desk::new();
    desk.write("before", &slower(), 0..12);
    desk.write("good", &slower(), 11..12);
    let series = Series {
        slow: |workload, action, run| {
            if (workload, action) == (2, 0) && run >= 12 {
                2.0
            } else {
                1.0
            }
        },
        ..slower()
    };
    desk.write("bad", &series, 12..13);
    let (event, code) = desk.said(&["compare", "before", "bad"]);
    assert_eq!((code, event["verdict"].as_str()), (1, Some("worse")));
    assert_eq!(
        named(&event, "changes", "worse"),
        ["Svc.work_2: svc.create_thing", "Svc.work_2: whole"]
    );
    // The same run on both sides does not count.
    let (event, code) = desk.said(&["compare", "before", "good"]);
    assert_eq!((code, event["verdict"].as_str()), (4, Some("not-judged")));
    says(
        &event.to_string(),
        &["the same run is there already", "no verdict: no run after"],
    );
}

#[test]
fn one_run_on_each_side_gives_no_verdict_and_says_why() {
    let desk = Desk::new();
    desk.write("before", &slower(), 0..1);
    desk.write("after", &slower(), 12..13);
    let ran = desk.text_of(&["compare", "before", "after"]);
    assert_eq!(ran.code, 4);
    says(&ran.out, &["no verdict: ", "there is one run on each side"]);
    assert!(!ran.out.contains("slower"), "{}", ran.out);
}

#[test]
fn failures_count() {
    let series = Series {
        fails: |workload, run| if workload == 1 && run >= 6 { 10 } else { 0 },
        ..Series::default()
    };
    let desk = Desk::new();
    desk.write("before", &series, 0..6);
    desk.write("after", &series, 6..8);
    let (event, code) = desk.said(&["compare", "before", "after"]);
    assert_eq!((code, event["verdict"].as_str()), (1, Some("worse")));
    assert_eq!(named(&event, "failures", "worse"), ["Svc.work_1: whole"]);
    says(
        &event["failures"][0].to_string(),
        &["20 of 20 iterations failed (20 timeouts), before 0 of 60"],
    );
}

#[test]
fn a_failure_now_and_then_is_no_verdict() {
    let series = Series {
        fails: |workload, run| usize::from(workload == 1 && run % 5 == 1),
        ..Series::default()
    };
    let desk = Desk::new();
    desk.write("before", &series, 0..6);
    desk.write("after", &series, 6..12);
    let (event, code) = desk.said(&["compare", "before", "after"]);
    assert_eq!(
        (code, event["verdict"].as_str()),
        (0, Some("same")),
        "{event}"
    );
    assert_eq!(event["failures"].as_array().map(Vec::len), Some(1));
}

#[test]
fn what_is_missing_new_or_set_otherwise_is_said() {
    let desk = Desk::new();
    let series = Series::default();
    desk.write("before", &series, 0..6);
    for run in 6..12 {
        let mut report = series.report(run);
        let workloads = report["tasks"][0]["subtasks"][0]["workloads"]
            .as_array_mut()
            .expect("workloads");
        workloads.remove(0);
        workloads[0]["runner"]["constant"]["times"] = json!(20);
        workloads[1]["scenario"] = json!({"Svc.other": {}});
        desk.text(&format!("after/{run}.json"), &report.to_string());
    }
    let (event, code) = desk.said(&["compare", "before", "after"]);
    assert_eq!(
        (code, event["verdict"].as_str()),
        (4, Some("same")),
        "{event}"
    );
    let others: Vec<String> = event["others"]
        .as_array()
        .expect("list")
        .iter()
        .map(|other| {
            format!(
                "{} {}: {}",
                other["scenario"].as_str().expect("name"),
                other["kind"].as_str().expect("kind"),
                other["says"].as_str().expect("text")
            )
        })
        .collect();
    assert_eq!(
        others,
        [
            "Svc.work_0 missing: no run after has it",
            "Svc.work_1 other-setting: runner.constant.times 10 -> 20",
            "Svc.work_2 missing: no run after has it",
            "Svc.other new: no run before has it",
        ]
    );
}

#[test]
fn both_forms_and_packed_files_are_the_same_runs() {
    let desk = Desk::new();
    desk.write("before", &slower(), 0..12);
    desk.write("after", &slower(), 12..24);
    for run in 12..24 {
        desk.text(
            &format!("old/{run}.json"),
            &in_old_form(&slower().report(run)).to_string(),
        );
    }
    let (new, _) = desk.said(&["compare", "before", "after"]);
    let (old, code) = desk.said(&["compare", "before", "old"]);
    assert_eq!(code, 1);
    let numbers = |event: &serde_json::Value| -> Vec<String> {
        let changes = event["changes"].as_array().expect("list").iter();
        changes
            .map(|change| {
                format!(
                    "{} {} {:.6}",
                    change["scenario"],
                    change["action"],
                    change["percent"].as_f64().expect("number")
                )
            })
            .collect()
    };
    assert_eq!(numbers(&new), numbers(&old));
    let gzip = desk
        .sandbox
        .command("gzip", &desk.path("after"))
        .args(["-r", "."])
        .output()
        .expect("gzip");
    assert!(gzip.status.success());
    let (packed, _) = desk.said(&["compare", "before", "after"]);
    assert_eq!(numbers(&new), numbers(&packed));
}

#[test]
fn other_machines_give_no_verdict() {
    let desk = Desk::new();
    let place = |name: &str| {
        format!(
            "all:\n  hosts:\n    controller:\n      nodepool:\n        label: ubuntu-noble\n        provider: {name}\n        region: {name}\n"
        )
    };
    for run in 0..24 {
        let (side, provider) = if run < 12 {
            ("before", "one")
        } else {
            ("after", "two")
        };
        desk.text(
            &format!("{side}/{run:02}/results/report.json"),
            &slower().report(run).to_string(),
        );
        desk.text(
            &format!("{side}/{run:02}/zuul-info/inventory.yaml"),
            &place(provider),
        );
    }
    let ran = desk.text_of(&["compare", "before", "after"]);
    assert_eq!(ran.code, 4);
    says(
        &ran.out,
        &[
            "no verdict: ",
            "the runs before were on other machines (one ubuntu-noble) than those after (two ubuntu-noble)",
        ],
    );
    desk.text("after/12/zuul-info/inventory.yaml", &place("one"));
    let ran = desk.text_of(&["compare", "before", "after"]);
    assert_eq!(ran.code, 1);
    says(
        &ran.out,
        &["the runs are from 2 kinds of machines (one ubuntu-noble: 13, two ubuntu-noble: 11)"],
    );
}

#[test]
fn several_files_on_each_side() {
    let desk = Desk::new();
    desk.write("all", &slower(), 0..24);
    let files: Vec<String> = (0..24).map(|run| format!("all/{run:03}.json")).collect();
    let mut args = vec!["compare"];
    args.extend(files[..12].iter().map(String::as_str));
    args.push("--");
    args.extend(files[12..].iter().map(String::as_str));
    let ran = desk.text_of(&args);
    assert_eq!(ran.code, 1, "{ran:?}");
    says(
        &ran.out,
        &["worse: 2 of 24 durations slower; 12 runs before, 12 runs after"],
    );
    says(
        desk.text_of(&["compare", "all"]).usage(),
        &["git rally compare OLD... -- NEW..."],
    );
    says(
        desk.text_of(&["compare", "all", "nowhere"]).usage(),
        &["`nowhere` does not exist"],
    );
}

#[test]
fn a_verdict_takes_ten_lines() {
    let series = Series {
        workloads: 30,
        slow: |workload, _, run| if workload < 10 && run >= 12 { 1.5 } else { 1.0 },
        ..Series::default()
    };
    let desk = Desk::new();
    desk.write("before", &series, 0..12);
    desk.write("after", &series, 12..24);
    let ran = desk.text_of(&["compare", "before", "after"]);
    assert_eq!((ran.code, ran.out.lines().count()), (1, 10), "{}", ran.out);
    says(
        &ran.out,
        &["and 22 more; --html FILE shows all, and --format json"],
    );
}

#[test]
fn the_smallest_change_that_matters_is_a_choice() {
    let desk = Desk::new();
    desk.write("before", &slower(), 0..12);
    desk.write("after", &slower(), 12..24);
    let (event, code) = desk.said(&["compare", "before", "after", "--smallest", "50"]);
    assert_eq!((code, event["verdict"].as_str()), (0, Some("same")));
    says(
        desk.text_of(&["compare", "before", "after", "--smallest", "much"])
            .usage(),
        &["write a number of percent"],
    );
}

#[test]
fn a_failure_without_enough_runs_is_no_verdict() {
    // One iteration failed before, none after; and the other way round.
    for failing in [0, 1] {
        let fails: fn(usize, usize) -> usize = match failing {
            0 => |workload, run| usize::from(workload == 1 && run == 0),
            _ => |workload, run| usize::from(workload == 1 && run == 1),
        };
        let series = Series {
            fails,
            ..Series::default()
        };
        let desk = Desk::new();
        desk.write("before", &series, 0..1);
        desk.write("after", &series, 1..2);
        let (event, code) = desk.said(&["compare", "before", "after"]);
        assert_eq!((code, &event["verdict"]), (4, &json!("not-judged")));
    }
}

#[test]
fn that_less_fails_is_told_and_is_not_called_better() {
    let series = Series {
        fails: |workload, run| usize::from(workload == 1 && run == 3),
        ..Series::default()
    };
    let desk = Desk::new();
    desk.write("before", &series, 0..12);
    desk.write("after", &series, 12..24);
    let (event, code) = desk.said(&["compare", "before", "after"]);
    assert_eq!((code, &event["verdict"]), (0, &json!("same")));
    says(
        &event["failures"].to_string(),
        &["0 of 120 iterations failed, before 1 of 120"],
    );
}

/// Returns the exit code, and whether the workloads fail more often, for runs of which so many
/// iterations of ten fail in the first `failing` workloads.
fn failing(runs: [usize; 2], failing: fn(usize, usize) -> usize) -> (i32, usize) {
    let series = Series {
        workloads: 12,
        fails: failing,
        ..Series::default()
    };
    let desk = Desk::new();
    desk.write("before", &series, 0..runs[0]);
    desk.write("after", &series, 100..100 + runs[1]);
    let (event, code) = desk.said(&["compare", "before", "after"]);
    (code, named(&event, "failures", "worse").len())
}

#[test]
fn what_fails_more_often_is_worse_however_often_it_failed_before() {
    // Of every run, one iteration in ten fails before, and nine after.
    let more = |workload: usize, run: usize| match (workload, run) {
        (0, ..100) => 1,
        (0, _) => 9,
        _ => 0,
    };
    assert_eq!(failing([12, 12], more), (1, 1));
    assert_eq!(failing([6, 6], more), (1, 1));
    let to_all = |workload: usize, run: usize| match (workload, run) {
        (0, ..100) => 6,
        (0, _) => 10,
        _ => 0,
    };
    assert_eq!(failing([12, 12], to_all), (1, 1));
    let few_runs = |workload: usize, run: usize| if workload < 4 && run >= 100 { 9 } else { 0 };
    assert_eq!(failing([3, 3], few_runs), (1, 4));
}

#[test]
fn a_failure_now_and_then_is_no_news() {
    let now_and_then =
        |workload: usize, run: usize| usize::from((workload + run).is_multiple_of(9));
    for runs in [[12, 12], [6, 6], [12, 3], [8, 1]] {
        assert_eq!(failing(runs, now_and_then).1, 0, "{runs:?}");
    }
    // Once, in one of eighty iterations before and ten after.
    let once = |workload: usize, run: usize| usize::from(workload == 0 && run == 100);
    assert_eq!(failing([8, 1], once).1, 0);
    // As a whole it failed before, too.
    let often = |workload: usize, run: usize| if workload == 0 && run % 5 < 2 { 10 } else { 0 };
    assert_eq!(failing([10, 1], often).1, 0);
}

#[test]
fn too_few_runs_that_differ_say_nothing() {
    // Twice the time, and nobody can tell: that is no "no change".
    let series = Series {
        between: 0.2,
        slow: |workload, _, run| {
            if workload == 0 && run >= 100 {
                2.0
            } else {
                1.0
            }
        },
        ..Series::default()
    };
    let desk = Desk::new();
    desk.write("before", &series, 0..2);
    desk.write("after", &series, 100..102);
    let (event, code) = desk.said(&["compare", "before", "after"]);
    assert_eq!((code, event["verdict"].as_str()), (4, Some("not-judged")));
}

#[test]
fn a_run_that_measured_little_does_not_stop_the_rest_from_being_judged() {
    // All is slower after, as on other machines; one run before has three of eight workloads.
    let series = Series {
        whole: |run| if run >= 100 { 1.4 } else { 1.0 },
        fails: |workload, run| if run == 3 && workload < 5 { 10 } else { 0 },
        ..Series::default()
    };
    let desk = Desk::new();
    desk.write("before", &series, 0..12);
    desk.write("after", &series, 100..112);
    let (event, code) = desk.said(&["compare", "before", "after"]);
    assert_eq!(
        (code, event["verdict"].as_str()),
        (4, Some("same")),
        "{event}"
    );
    says(
        &event["notes"].to_string(),
        &["1 run measured so few workloads"],
    );
}

#[test]
fn where_most_workloads_changed_nothing_is_called_better_that_was_not() {
    let series = Series {
        slow: |workload, _, run| if workload < 5 && run >= 100 { 1.3 } else { 1.0 },
        ..Series::default()
    };
    let desk = Desk::new();
    desk.write("before", &series, 0..12);
    desk.write("after", &series, 100..112);
    let (event, code) = desk.said(&["compare", "before", "after"]);
    assert!(named(&event, "changes", "better").is_empty(), "{event}");
    assert_ne!(code, 0);
    assert_eq!(event["shared"]["stands_out"], true);
}

#[test]
fn a_run_in_both_forms_is_one_run() {
    let desk = Desk::new();
    for run in 0..3 {
        let report = Series::default().report(run);
        desk.text(&format!("before/{run}.json"), &report.to_string());
        desk.text(
            &format!("before/{run}-old.json"),
            &in_old_form(&report).to_string(),
        );
        let mut unnamed = report;
        unnamed["tasks"][0]["uuid"] = json!(null);
        desk.text(&format!("before/{run}-unnamed.json"), &unnamed.to_string());
    }
    desk.write("after", &Series::default(), 3..6);
    let (event, _) = desk.said(&["compare", "before", "after"]);
    assert_eq!(
        event["before"]["runs"].as_array().map(Vec::len),
        Some(3),
        "{event}"
    );
}

#[test]
fn what_is_hardly_measured_any_more_is_told() {
    let desk = Desk::new();
    desk.write("before", &Series::default(), 0..12);
    for run in 12..24 {
        let mut report = Series::default().report(run);
        let workloads = &mut report["tasks"][0]["subtasks"][0]["workloads"];
        // One has no times, another is there in one run only.
        for iteration in workloads[2]["data"].as_array_mut().expect("iterations") {
            iteration["duration"] = json!(-1.0);
        }
        if run > 12 {
            workloads.as_array_mut().expect("workloads").remove(5);
        }
        desk.text(&format!("after/{run}.json"), &report.to_string());
    }
    let (event, code) = desk.said(&["compare", "before", "after"]);
    assert_eq!(code, 4);
    says(
        &event["others"].to_string(),
        &[
            "no iteration after gave a time",
            "only 1 of 12 runs after have it",
        ],
    );
}

#[test]
fn tasks_and_unknown_machines_are_told() {
    let desk = Desk::new();
    desk.write("before", &Series::default(), 0..6);
    for run in 6..12 {
        let mut report = Series::default().report(run);
        report["tasks"][0]["title"] = json!("Stress");
        desk.text(&format!("after/{run}.json"), &report.to_string());
    }
    let inventory = "all: {hosts: {controller: {nodepool: {label: noble, provider: ovh}}}}\n";
    desk.text("after/zuul-info/inventory.yaml", inventory);
    let (event, _) = desk.said(&["compare", "before", "after"]);
    says(
        &event["notes"].to_string(),
        &[
            "the runs are of 2 tasks, among them `Stress` and `Task`",
            "of 6 of 12 runs, the machines are not known",
        ],
    );
}
