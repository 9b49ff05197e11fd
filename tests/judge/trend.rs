//! `trend`: the run since which something is slower.

use crate::results::Series;
use crate::support::says;
use crate::{Desk, named};

/// The fourth workload's second action is a quarter slower from run 20 on.
fn stepped() -> Series {
    Series {
        slow: |workload, action, run| {
            if (workload, action) == (3, 1) && run >= 20 {
                1.25
            } else {
                1.0
            }
        },
        ..Series::default()
    }
}

#[test]
fn a_step_is_found_at_its_run() {
    let desk = Desk::new();
    desk.write("series", &stepped(), 0..36);
    let (event, code) = desk.said(&["trend", "series"]);
    assert_eq!(
        (code, event["type"].as_str(), event["verdict"].as_str()),
        (1, Some("trend"), Some("worse"))
    );
    let worse = named(&event, "series", "worse");
    assert!(
        worse.contains(&"Svc.work_3: svc.list_things".to_owned()),
        "{worse:?}"
    );
    assert!(
        worse.iter().all(|name| name.starts_with("Svc.work_3")),
        "{worse:?}"
    );
    let first = event["series"]
        .as_array()
        .expect("list")
        .iter()
        .find(|series| series["action"] == "svc.list_things")
        .expect("series");
    let step = &first["steps"][0];
    assert_eq!(
        (
            step["at"].as_u64(),
            step["is_sure"].as_bool(),
            step["holds"].as_bool()
        ),
        (Some(20), Some(true), Some(true)),
        "{first}"
    );
    let percent = step["percent"].as_f64().expect("number");
    assert!((18.0..32.0).contains(&percent), "{step}");
    says(
        &desk.text_of(&["trend", "series"]).out,
        &[
            "slower",
            "svc.list_things  since 2026-10-11 14:13 (series/020.json)",
        ],
    );
}

#[test]
fn what_was_mended_is_no_regression() {
    let series = Series {
        slow: |workload, _, run| {
            if workload == 3 && (12..24).contains(&run) {
                1.5
            } else {
                1.0
            }
        },
        ..Series::default()
    };
    let desk = Desk::new();
    desk.write("series", &series, 0..36);
    let (event, code) = desk.said(&["trend", "series"]);
    assert_eq!(
        (code, event["verdict"].as_str()),
        (0, Some("same")),
        "{event}"
    );
    let whole = event["series"]
        .as_array()
        .expect("list")
        .iter()
        .find(|series| series["scenario"] == "Svc.work_3" && series["action"].is_null())
        .expect("series");
    let places: Vec<u64> = whole["steps"]
        .as_array()
        .expect("steps")
        .iter()
        .filter_map(|step| step["at"].as_u64())
        .collect();
    assert_eq!(places, [12, 24], "{whole}");
}

#[test]
fn slow_runs_are_outliers_and_no_change() {
    let series = Series {
        whole: |run| if run % 7 == 3 { 1.8 } else { 1.0 },
        ..Series::default()
    };
    let desk = Desk::new();
    desk.write("series", &series, 0..36);
    let (event, code) = desk.said(&["trend", "series"]);
    assert_eq!(
        (code, event["verdict"].as_str()),
        (0, Some("same")),
        "{event}"
    );
    let slow = event["runs"][3]["shared"].as_f64().expect("number");
    assert!((70.0..90.0).contains(&slow), "{}", event["runs"][3]);
    // With few workloads, nothing is known of whole runs; they are outliers all the same.
    let desk = Desk::new();
    desk.write(
        "series",
        &Series {
            workloads: 2,
            ..series
        },
        0..36,
    );
    let (event, code) = desk.said(&["trend", "series"]);
    assert_eq!(
        (code, event["verdict"].as_str()),
        (0, Some("same")),
        "{event}"
    );
}

#[test]
fn a_slow_rise_has_no_run_that_stands_out() {
    let series = Series {
        slow: |workload, _, run| {
            if workload == 0 {
                1.0 + 0.02 * run as f64
            } else {
                1.0
            }
        },
        ..Series::default()
    };
    let desk = Desk::new();
    desk.write("series", &series, 0..40);
    let (event, code) = desk.said(&["trend", "series"]);
    assert_eq!((code, event["verdict"].as_str()), (1, Some("worse")));
    let rising = event["series"]
        .as_array()
        .expect("list")
        .iter()
        .filter(|series| series["verdict"] == "worse");
    let rising: Vec<bool> = rising
        .filter_map(|series| series["drifts"].as_bool())
        .collect();
    assert!(
        !rising.is_empty() && rising.iter().all(|drifts| *drifts),
        "{event}"
    );
    says(
        &desk.text_of(&["trend", "series"]).out,
        &["slowly, over all runs"],
    );
}

#[test]
fn few_runs_give_no_verdict() {
    for (runs, words) in [(1, "there is one run"), (11, "there are 11 runs")] {
        let desk = Desk::new();
        desk.write("series", &stepped(), 16..16 + runs);
        let ran = desk.text_of(&["trend", "series"]);
        assert_eq!(ran.code, 4, "{ran:?}");
        says(&ran.out, &["no verdict: ", words, "it takes 12"]);
    }
}

#[test]
fn a_workload_that_fails_now_is_worse() {
    let series = Series {
        fails: |workload, run| if workload == 2 && run == 19 { 10 } else { 0 },
        ..Series::default()
    };
    let desk = Desk::new();
    desk.write("series", &series, 0..20);
    let (event, code) = desk.said(&["trend", "series"]);
    assert_eq!(
        (code, named(&event, "failures", "worse")),
        (1, vec!["Svc.work_2: whole".to_owned()])
    );
    says(
        &event["failures"][0].to_string(),
        &["10 of 200 iterations failed (10 timeouts), in 1 of 20 runs; the last run fails"],
    );
}

#[test]
fn the_order_is_that_of_the_starts() {
    let desk = Desk::new();
    for run in 0..36 {
        desk.text(
            &format!("series/{:03}.json", 100 - run),
            &stepped().report(run).to_string(),
        );
    }
    let (event, code) = desk.said(&["trend", "series"]);
    assert_eq!(code, 1);
    assert_eq!(event["runs"][0]["name"], "series/100.json");
    says(
        &event["notes"].to_string(),
        &["in the order of their starts, which is not that of their names"],
    );
    let (event, _) = desk.said(&["trend", "series", "--in-order"]);
    assert_eq!(event["runs"][0]["name"], "series/065.json");
    assert_eq!(event["verdict"], "better");
}

#[test]
fn a_clock_that_is_wrong_decides_nothing() {
    let desk = Desk::new();
    for run in 0..36 {
        let mut report = stepped().report(run);
        if run == 30 {
            // A machine whose clock starts in 1970.
            for workload in report["tasks"][0]["subtasks"][0]["workloads"]
                .as_array_mut()
                .expect("workloads")
            {
                for iteration in workload["data"].as_array_mut().expect("iterations") {
                    iteration["timestamp"] = serde_json::json!(12.0);
                }
            }
            report["tasks"][0]["created_at"] = serde_json::json!("1970-01-01T00:00:12");
        }
        desk.text(&format!("series/{run:03}.json"), &report.to_string());
    }
    let (event, code) = desk.said(&["trend", "series"]);
    assert_eq!(code, 1);
    assert_eq!(event["runs"][30]["name"], "series/031.json");
    assert_eq!(event["aside"][0]["path"], "series/030.json");
    says(
        &event["aside"].to_string(),
        &["it does not say when it started; --in-order takes the runs as they are given"],
    );
}

#[test]
fn another_setting_begins_another_series() {
    let desk = Desk::new();
    for run in 0..36 {
        let mut report = Series {
            iterations: if run < 18 { 10 } else { 20 },
            ..stepped()
        }
        .report(run);
        if run >= 18 {
            report["tasks"][0]["title"] = serde_json::json!("Task, longer");
        }
        desk.text(&format!("series/{run:03}.json"), &report.to_string());
    }
    let (event, _) = desk.said(&["trend", "series"]);
    let others = event["others"].as_array().expect("list");
    assert_eq!(others.len(), 8, "{others:?}");
    says(
        &others[0].to_string(),
        &[
            "other-setting",
            "runner.constant.times 10 -> 20 since series/018.json",
        ],
    );
    assert_eq!(event["series"].as_array().map(Vec::len), Some(48));
}

#[test]
fn what_changes_with_whole_runs_must_change_more() {
    let whole = |run| if run >= 18 { 1.4 } else { 1.0 };
    for (series, verdict, code) in [
        (
            Series {
                whole,
                slow: |workload, action, run| match (workload, action, run) {
                    (1, 1, 18..) => 1.5,
                    _ => 1.0,
                },
                ..Series::default()
            },
            "same",
            4,
        ),
        (
            Series {
                whole,
                slow: |workload, action, run| match (workload, action, run) {
                    (1, 1, 18..) => 2.5,
                    _ => 1.0,
                },
                ..Series::default()
            },
            "worse",
            1,
        ),
    ] {
        let desk = Desk::new();
        desk.write("series", &series, 0..36);
        let (event, exit) = desk.said(&["trend", "series"]);
        assert_eq!(event["shared"][0]["at"], 18);
        assert_eq!((event["verdict"].as_str(), exit), (Some(verdict), code));
    }
}

#[test]
fn a_failure_in_few_runs_is_no_verdict() {
    let series = Series {
        fails: |workload, run| usize::from(workload == 1 && run == 1),
        ..Series::default()
    };
    let desk = Desk::new();
    desk.write("series", &series, 0..4);
    let (event, code) = desk.said(&["trend", "series"]);
    assert_eq!(
        (code, &event["verdict"]),
        (4, &serde_json::json!("not-judged"))
    );
}

#[test]
fn settings_that_take_turns_are_two_series_and_none_is_missing() {
    let desk = Desk::new();
    for run in 0..24 {
        let iterations = if run % 2 == 0 { 10 } else { 20 };
        let series = Series {
            iterations,
            ..Series::default()
        };
        desk.text(
            &format!("series/{run:03}.json"),
            &series.report(run).to_string(),
        );
    }
    let (event, _) = desk.said(&["trend", "series"]);
    let kinds: Vec<&serde_json::Value> = event["others"]
        .as_array()
        .expect("list")
        .iter()
        .map(|other| &other["kind"])
        .collect();
    assert!(
        kinds.iter().all(|kind| **kind == "other-setting"),
        "{kinds:?}"
    );
    assert_eq!(kinds.len(), 8);
}

#[test]
fn a_series_of_failures_is_no_good_news() {
    let always = Series {
        fails: |_, _| 10,
        ..Series::default()
    };
    let desk = Desk::new();
    desk.write("series", &always, 0..14);
    let (event, code) = desk.said(&["trend", "series"]);
    assert_eq!(
        (code, event["verdict"].as_str()),
        (4, Some("not-judged")),
        "{event}"
    );
}

#[test]
fn what_often_failed_or_is_over_is_no_news() {
    let often = Series {
        fails: |workload, run| {
            if workload == 0 && (run % 4 > 0 || run == 39) {
                10
            } else {
                0
            }
        },
        ..Series::default()
    };
    let desk = Desk::new();
    desk.write("series", &often, 0..40);
    let (event, _) = desk.said(&["trend", "series"]);
    assert!(named(&event, "failures", "worse").is_empty(), "{event}");
    // Slower from run 14 on, and taken out of the task at run 28.
    let slower = Series {
        slow: |workload, _, run| if workload == 0 && run >= 14 { 1.5 } else { 1.0 },
        ..Series::default()
    };
    let desk = Desk::new();
    for run in 0..40 {
        let mut report = slower.report(run);
        if run >= 28 {
            let workloads = &mut report["tasks"][0]["subtasks"][0]["workloads"];
            workloads.as_array_mut().expect("workloads").remove(0);
        }
        desk.text(&format!("series/{run:03}.json"), &report.to_string());
    }
    let (event, code) = desk.said(&["trend", "series"]);
    assert!(named(&event, "series", "worse").is_empty(), "{event}");
    assert_eq!(code, 4);
}

#[test]
fn what_ran_beside_it_is_not_its_other_setting() {
    let desk = Desk::new();
    for run in 0..20 {
        let mut report = Series::default().report(run);
        let workloads = &mut report["tasks"][0]["subtasks"][0]["workloads"];
        for (at, workload) in workloads
            .as_array_mut()
            .expect("workloads")
            .iter_mut()
            .enumerate()
        {
            workload["scenario"] = serde_json::json!({"Svc.work": {"size": at}});
            workload["description"] = serde_json::json!("The same");
        }
        if run >= 14 {
            workloads.as_array_mut().expect("workloads").remove(2);
        }
        desk.text(&format!("series/{run:03}.json"), &report.to_string());
    }
    let (event, code) = desk.said(&["trend", "series"]);
    assert_eq!(code, 4);
    says(
        &event["others"].to_string(),
        &["missing since series/014.json"],
    );
}
