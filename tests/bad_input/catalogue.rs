//! A catalogue of the user that is wrong.

use crate::support::{Sandbox, says, write};

/// A folder `mine` with the built-in entry of nova, edited, as `NAME/service.yaml`.
fn entry(sandbox: &Sandbox, name: &str, edit: impl Fn(String) -> String) {
    let ran = sandbox.rally(sandbox.dir.path(), &["services", "nova", "--yaml"]);
    let path = sandbox.path("mine").join(name).join("service.yaml");
    let text = edit(ran.out.clone());
    assert!(
        name != "nova" || text != ran.out,
        "the edit changes nothing"
    );
    write(&path, &text);
}

fn replace(from: &'static str, to: &'static str) -> impl Fn(String) -> String {
    move |text| text.replacen(from, to, 1)
}

fn says_of(edit: impl Fn(String) -> String, words: &[&str]) {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    entry(&sandbox, "nova", edit);
    for verb in ["commit", "diff", "detect"] {
        let said = clone.untouched(&[verb, "--catalogue", "../mine"]).failed();
        says(&said, &["mine/nova/service.yaml", "fix that file"]);
        says(&said, words);
    }
    // Another service is not affected by it.
    let other = sandbox.clone_of("ironic");
    other
        .rally(&["commit", "--catalogue", "../mine"])
        .ok("committed");
    // Nor is the list: the broken one fails, the others are there.
    let ran = sandbox.rally(
        sandbox.dir.path(),
        &["services", "--catalogue", "mine", "--format", "json"],
    );
    assert_eq!(ran.code, 1, "{ran:?}");
    let of = |kind: &str| (ran.out.lines().filter(|line| line.contains(kind))).count();
    assert_eq!(of("\"reason\":\"`mine/nova/service.yaml`"), 1, "{ran:?}");
    assert!(
        of("\"service\":\"ironic\"") == 1 && of("\"service\":\"nova\"") == 0,
        "{ran:?}"
    );
}

#[test]
fn a_key_that_is_unknown() {
    says_of(replace("\ntitle:", "\ntitel:"), &["titel", "line"]);
}

#[test]
fn a_key_that_is_missing() {
    says_of(
        |text| text.replacen("- scenario:", "- description: x\n        summary:", 1),
        &["subtasks[0].workloads[0]", "line"],
    );
    says_of(
        |text| {
            text.lines()
                .filter(|l| !l.starts_with("kind:"))
                .map(|l| format!("{l}\n"))
                .collect()
        },
        &["kind"],
    );
}

#[test]
fn a_number_that_is_none_or_makes_no_sense() {
    says_of(
        |text| with_line(&text, "times:", "times: many"),
        &["times", "line"],
    );
    says_of(
        |text| with_line(&text, "times:", "times: -1"),
        &["times", "line"],
    );
    says_of(
        |text| with_line(&text, "times:", "times: 0"),
        &["`subtasks[0].workloads[0].load`"],
    );
    says_of(
        |text| with_line(&text, "timeout:", "timeout: 99999"),
        &["`job.timeout`", "99999"],
    );
}

/// Returns the text with the first `key` of it, and its value, replaced.
fn with_line(text: &str, key: &str, new: &str) -> String {
    let at = text.find(key).expect("the key");
    let end = at + text[at..].find(['\n', ',', '}']).expect("an end");
    format!("{}{new}{}", &text[..at], &text[end..])
}

#[test]
fn a_plugin_that_is_not_there() {
    let plugin = "\nplugins:\n  - file: missing.py\n    purpose: Nothing.\n";
    says_of(
        |text| format!("{text}{plugin}"),
        &["`plugins`", "plugins/missing.py"],
    );
    let plugin = "\nplugins:\n  - file: ../../x.py\n    purpose: Nothing.\n";
    says_of(
        |text| format!("{text}{plugin}"),
        &["`plugins`", "../../x.py", "plain file name"],
    );
}

#[test]
fn not_yaml() {
    says_of(|_| "service: [nova\n".to_owned(), &["line"]);
    says_of(|_| String::new(), &["service.yaml"]);
}

#[test]
fn a_name_that_is_not_its_folders_or_not_a_services() {
    says_of(
        replace("service: nova", "service: nova2"),
        &["`service`", "nova2"],
    );
    for name in ["Nova", "no_va", "nova x", "n\u{1b}"] {
        let sandbox = Sandbox::new();
        entry(&sandbox, name, |text| text);
        let ran = sandbox.rally(sandbox.dir.path(), &["services", "--catalogue", "mine"]);
        assert_eq!(ran.code, 1, "{ran:?}");
        says(&ran.err, &["not a service name", "service.yaml"]);
        assert!(!ran.err.contains('\u{1b}'), "{ran:?}");
        says(&ran.out, &["nova", "ironic"]);
    }
}

#[test]
fn a_folder_that_is_not_there() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    for dir in ["nowhere", "setup.py"] {
        let ran = clone.untouched(&["commit", "--catalogue", dir]);
        says(ran.usage(), &["--catalogue", dir, "not a folder"]);
    }
}

#[test]
fn a_good_entry_of_ones_own_is_used() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    entry(&sandbox, "nova", replace("title: Nova", "title: Supernova"));
    clone
        .rally(&["commit", "--catalogue", "../mine"])
        .ok("committed");
    assert_eq!(
        clone.git(&["log", "-1", "--format=%s", "rally-perfscale"]),
        "Add Rally performance tests for Supernova"
    );
}
