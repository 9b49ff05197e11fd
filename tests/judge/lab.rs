//! What a real lab measured: keystone and glance, twelve runs as they are and twelve with a delay that
//! was put into a few calls. `lab/README.md` says how.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{manifest, says};
use crate::{Desk, named};

/// The durations that contain a delayed request, as `lab/delayed.py` found by the times of the requests.
const DELAYED: [(&str, &[&str]); 2] = [
    (
        "keystone",
        &[
            "KeystoneBasic.create_and_delete_user: keystone_v3.create_user",
            "KeystoneBasic.create_and_list_users: keystone_v3.create_user",
            "KeystoneBasic.create_user_update_password: keystone_v3.create_user",
        ],
    ),
    (
        "glance",
        &[
            "GlanceImages.create_and_list_image: glance_v2.list_images",
            "GlanceImages.create_and_update_image: glance_v2.update_image",
            "GlanceImages.list_images: glance_v2.list_images",
        ],
    ),
];

fn file(service: &str, side: &str) -> String {
    manifest(&format!("tests/judge/lab/{service}-{side}.json.gz"))
        .display()
        .to_string()
}

/// Returns the delayed durations, and those that may be called slower because they contain one.
fn expected(actions: &[&str]) -> (BTreeSet<String>, BTreeSet<String>) {
    let actions: BTreeSet<String> = actions.iter().map(|&name| name.to_owned()).collect();
    let scenario = |name: &String| name.split(": ").next().unwrap_or_default().to_owned();
    let wholes = actions
        .iter()
        .map(|name| format!("{}: whole", scenario(name)));
    let all = actions.iter().cloned().chain(wholes).collect();
    (actions, all)
}

/// Runs the verb on both sides of each service. Every delayed duration must be worse, and none that
/// holds no delay; nothing may be better. Returns what was said.
fn judged(verb: &str, list: &str) -> Vec<Value> {
    let desk = Desk::new();
    let of_service = |(service, actions): (&str, &[&str])| {
        let (wanted, allowed) = expected(actions);
        let (event, code) = desk.said(&[verb, &file(service, "before"), &file(service, "after")]);
        let worse: BTreeSet<String> = named(&event, list, "worse").into_iter().collect();
        assert_eq!(code, 1, "{service}");
        assert!(wanted.is_subset(&worse), "{service}: {worse:#?}");
        assert!(worse.is_subset(&allowed), "{service}: {worse:#?}");
        assert!(named(&event, list, "better").is_empty(), "{service}");
        event
    };
    DELAYED.into_iter().map(of_service).collect()
}

#[test]
fn compare_finds_the_delayed_actions_and_nothing_else() {
    judged("compare", "changes");
}

#[test]
fn trend_finds_them_since_the_first_delayed_run() {
    for event in judged("trend", "series") {
        let series = event["series"].as_array().expect("a list").iter();
        for series in series.filter(|series| series["verdict"] == "worse") {
            let at = series["steps"][0]["at"].as_u64().expect("a place");
            assert!(at.abs_diff(12) <= 1, "{series}");
        }
    }
}

#[test]
fn runs_as_they_are_show_no_change() {
    let desk = Desk::new();
    for (service, _) in DELAYED {
        let (event, _) = desk.said(&["trend", &file(service, "before")]);
        assert_eq!(event["verdict"], "same", "{service}: {event}");
    }
}

/// What may have changed is said as such, in the text and on the page.
#[test]
fn what_is_not_sure_is_called_so() {
    let desk = Desk::new();
    let (before, after) = (file("glance", "before"), file("glance", "after"));
    let series = ["trend", before.as_str(), after.as_str()];
    let (event, _) = desk.said(&series);
    let unsure = event["series"].as_array().expect("a list").iter();
    let unsure = unsure.filter(|one| {
        one["verdict"] == "same" && one["steps"][0]["is_sure"].as_bool() == Some(false)
    });
    assert_eq!(unsure.count(), 1);
    let ran = desk.text_of(&[&series[..], &["--html", "page.html"]].concat());
    says(&ran.out, &["1 duration more may have changed"]);
    let page = std::fs::read_to_string(desk.path("page.html")).expect("the page");
    assert_eq!(page.matches(">not sure<").count(), 1);
}
