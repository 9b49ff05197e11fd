//! What a real lab measured: keystone and glance, twelve runs as they are and twelve with a delay that
//! was put into a few calls. `lab/README.md` says how.

use std::collections::BTreeSet;

use crate::support::manifest;
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

#[test]
fn compare_finds_the_delayed_actions_and_nothing_else() {
    let desk = Desk::new();
    for (service, actions) in DELAYED {
        let (wanted, allowed) = expected(actions);
        let (event, code) =
            desk.said(&["compare", &file(service, "before"), &file(service, "after")]);
        let worse: BTreeSet<String> = named(&event, "changes", "worse").into_iter().collect();
        assert_eq!(
            (code, wanted.difference(&worse).next()),
            (1, None),
            "{service}: {worse:#?}"
        );
        assert_eq!(
            worse.difference(&allowed).next(),
            None,
            "{service}: {worse:#?}"
        );
        assert!(named(&event, "changes", "better").is_empty(), "{service}");
    }
}

#[test]
fn trend_finds_them_since_the_first_delayed_run() {
    let desk = Desk::new();
    for (service, actions) in DELAYED {
        let (wanted, allowed) = expected(actions);
        let (event, code) =
            desk.said(&["trend", &file(service, "before"), &file(service, "after")]);
        let worse: BTreeSet<String> = named(&event, "series", "worse").into_iter().collect();
        assert_eq!(
            (code, wanted.difference(&worse).next()),
            (1, None),
            "{service}: {worse:#?}"
        );
        assert_eq!(
            worse.difference(&allowed).next(),
            None,
            "{service}: {worse:#?}"
        );
        assert!(named(&event, "series", "better").is_empty(), "{service}");
        for series in event["series"]
            .as_array()
            .expect("list")
            .iter()
            .filter(|series| series["verdict"] == "worse")
        {
            let at = series["steps"][0]["at"].as_u64().expect("a place");
            assert!(at.abs_diff(12) <= 1, "{service}: {series}");
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
