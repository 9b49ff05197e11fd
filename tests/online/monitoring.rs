//! What watches the results of a job: the commands of the README, and the playbook of
//! `templates/monitoring`, against a stand-in for Zuul's API and its logs.
#![allow(clippy::unwrap_used, reason = "a failed test may panic")]

use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use crate::support::files::{tree, write_bytes};
use crate::support::{Command, Sandbox, manifest, says, venv};
use crate::zuul::ask_zuul;
use crate::{LIMIT, script, trial};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("the_readme_fetches_and_judges_a_series", readme),
        trial("the_playbook_says_what_got_worse", worse),
        trial("the_playbook_says_that_nothing_got_worse", as_before),
        trial("the_playbook_fails_only_if_asked_to", fails),
        trial("the_playbook_does_without_a_verdict", no_verdict),
        trial("the_playbook_judges_a_real_lab", lab),
        trial("zuul_accepts_the_job_with_the_playbook", job),
    ]
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_git-rally");

/// Returns the command that runs `program` beside the stand-in.
fn beside_zuul(sandbox: &Sandbox, program: &Path) -> Result<Command, Failed> {
    let mut command = sandbox.command(venv::bin()?.join("python"), sandbox.dir.path());
    command
        .arg(script("zuul_api.py"))
        .arg(sandbox.path("logs"))
        .arg(program)
        .env("PROGRAM_FILE", PROGRAM)
        .env("LC_ALL", "C.UTF-8")
        .limit(LIMIT);
    Ok(command)
}

/// The three commands of the README, as people copy them; only the server and the job are others.
fn readme() -> Result<(), Failed> {
    let sandbox = Sandbox::new();
    let readme = fs::read_to_string(manifest("fixtures/nova/out/rally-jobs/README.rst"))?;
    let start = readme.find("    curl ").ok_or("no command")?;
    let last = "    git rally trend series\n";
    let end = start + readme[start..].find(last).ok_or("no end")? + last.len();
    let commands = readme[start..end]
        .replace("https://zuul.opendev.org", "$ZUUL_URL")
        .replace("nova-rally", "sample-rally")
        .replace("pipeline=gate", "pipeline=periodic");
    let folder = Path::new(PROGRAM).parent().ok_or("a folder")?;
    let path = format!("{}:{}", folder.display(), sandbox.env["PATH"]);
    let output = beside_zuul(&sandbox, Path::new("bash"))?
        .arg("-c")
        .arg(commands)
        .env("PATH", path)
        .output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    // One of the twenty is published packed, another in the series has no logs any more.
    says(
        &said,
        &["worse:", "19 runs", "nova.boot_server", "ovh-bhs1"],
    );
    assert!(!said.contains("nova.list_servers"), "{said}");
    Ok(())
}

/// What a run of the playbook leaves.
struct Played {
    code: Option<i32>,
    said: String,
    results: PathBuf,
    /// What it returned to Zuul.
    returned: Value,
}

/// Runs the playbook for a build with the results `of`, and with these variables of the job.
fn play(sandbox: &Sandbox, of: &str, more: Value) -> Result<Played, Failed> {
    let bin = venv::bin()?;
    let python = Command::new(bin.join("python"))
        .args([
            "-c",
            "import zuul.ansible, os; print(os.path.dirname(zuul.ansible.__file__))",
        ])
        .output()?;
    let ansible = PathBuf::from(String::from_utf8_lossy(&python.stdout).trim());
    let actions = sandbox.path("actions");
    fs::create_dir_all(&actions)?;
    fs::copy(
        ansible.join("base/action/zuul_return.py"),
        actions.join("zuul_return.py"),
    )?;
    let results = sandbox.path("results");
    fs::create_dir_all(&results)?;
    let returned = sandbox.path("work/results.json");
    write_bytes(&returned, b"");
    // The results are there once the stand-in has started: the first task of a play of our own.
    let copy = json!([
        {"hosts": "controller", "gather_facts": false, "tasks": [{
            "name": "Have results",
            "command": {"cmd": format!(
                "cp -r {}/{of}/results/. {}", sandbox.path("logs").display(), results.display())},
        }]},
        {"import_playbook": manifest("templates/monitoring/playbooks/rally-compare.yaml")},
    ]);
    write_bytes(&sandbox.path("play.yaml"), copy.to_string().as_bytes());
    let mut vars = json!({
        "ansible_connection": "local",
        "ansible_become": false,
        "ansible_python_interpreter": bin.join("python"),
        "rally_results_dir": results,
        "rally_compare_dir": sandbox.path("compare"),
        "rally_compare_api": "{{ lookup('env', 'ZUUL_URL') }}/api/tenant/openstack",
        "rally_compare_program": PROGRAM,
        "nodepool": {"label": "ubuntu-noble", "provider": "ovh-bhs1"},
        "zuul": {
            "project": {"name": "openstack/sample"}, "job": "sample-rally",
            "branch": "master", "tenant": "openstack",
        },
    });
    let more = more.as_object().ok_or("a mapping")?.clone();
    vars.as_object_mut().ok_or("a mapping")?.extend(more);
    let inventory = json!({"all": {"hosts": {"controller": vars}}});
    write_bytes(
        &sandbox.path("inventory.yaml"),
        inventory.to_string().as_bytes(),
    );
    let output = beside_zuul(sandbox, &bin.join("ansible-playbook"))?
        .args(["-i", "inventory.yaml", "play.yaml"])
        .env("ANSIBLE_ACTION_PLUGINS", actions)
        .env("ANSIBLE_NOCOLOR", "1")
        .env("ZUUL_JOBDIR", sandbox.dir.path())
        .output()?;
    let text = fs::read_to_string(&returned)?;
    Ok(Played {
        code: output.status.code(),
        said: String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr),
        results,
        returned: serde_json::from_str(&text).unwrap_or(Value::Null),
    })
}

impl Played {
    fn published(&self, name: &str) -> String {
        fs::read_to_string(self.results.join(name)).unwrap_or_default()
    }

    fn of_zuul(&self, key: &str) -> &Value {
        &self.returned["data"]["zuul"][key]
    }
}

fn worse() -> Result<(), Failed> {
    let sandbox = Sandbox::new();
    let program = json!({
        "rally_compare_program_url": "{{ lookup('env', 'ZUUL_URL') }}/logs/git-rally",
        "rally_compare_program": "/nonexistent",
        // The last good ones of another pipeline are as fast as the first of periodic.
        "rally_compare_pipeline": "check",
    });
    let played = play(&sandbox, "slow", program)?;
    assert_eq!(played.code, Some(0), "{}", played.said);
    says(
        &played.published("compare.txt"),
        &["worse:", "nova.boot_server"],
    );
    says(&played.published("compare.html"), &["<html"]);
    let warnings = played.of_zuul("warnings").to_string();
    says(&warnings, &["sample-rally: worse:", "results/compare.html"]);
    assert_eq!(
        played.of_zuul("artifacts"),
        &json!([{"name": "Rally comparison", "url": "results/compare.html"}])
    );
    Ok(())
}

fn as_before() -> Result<(), Failed> {
    let sandbox = Sandbox::new();
    let played = play(&sandbox, "slow", json!({"rally_compare_builds": 6}))?;
    assert_eq!(played.code, Some(0), "{}", played.said);
    says(
        &played.published("compare.txt"),
        &["6 runs before, 1 run after"],
    );
    assert_eq!(played.of_zuul("warnings"), &Value::Null, "{}", played.said);
    assert_ne!(played.of_zuul("artifacts"), &Value::Null, "{}", played.said);
    // Those of all ages: logs that are gone, and packed ones.
    let sandbox = Sandbox::new();
    let played = play(&sandbox, "fast", json!({"rally_compare_builds": 30}))?;
    says(
        &played.published("compare.txt"),
        &["20 runs before, 1 run after"],
    );
    Ok(())
}

fn fails() -> Result<(), Failed> {
    let sandbox = Sandbox::new();
    let check = json!({"rally_compare_pipeline": "check", "rally_compare_fails": true});
    let played = play(&sandbox, "slow", check.clone())?;
    assert_eq!(played.code, Some(2), "{}", played.said);
    let sandbox = Sandbox::new();
    let played = play(&sandbox, "fast", check)?;
    assert_eq!(played.code, Some(0), "{}", played.said);
    Ok(())
}

/// Eleven runs of the lab as it was are the last good builds; this build is one more, or one with the delay.
/// One run shows the delay that glance has, fourfold, and not that of keystone, by half.
fn lab() -> Result<(), Failed> {
    let eleven = json!({"rally_compare_pipeline": "check", "rally_compare_builds": 11});
    for (service, of, delayed) in [
        ("keystone", "fast", None),
        ("keystone", "slow", None),
        ("glance", "fast", None),
        (
            "glance",
            "slow",
            Some("create_and_list_image: glance_v2.list_images"),
        ),
    ] {
        let mut sandbox = Sandbox::new();
        let lab = manifest("tests/judge/lab").join(service);
        sandbox.set("LAB", &lab.display().to_string());
        let played = play(&sandbox, of, eleven.clone())?;
        assert_eq!(played.code, Some(0), "{}", played.said);
        let said = played.published("compare.txt");
        says(&said, &["11 runs before, 1 run after"]);
        says(&said, delayed.as_slice());
        assert_eq!(said.contains("slower +"), delayed.is_some(), "{said}");
        let warned = *played.of_zuul("warnings") != Value::Null;
        assert_eq!(warned, delayed.is_some(), "{said}");
    }
    Ok(())
}

fn no_verdict() -> Result<(), Failed> {
    let exits_4 = Sandbox::new();
    let stub = exits_4.path("stub");
    write_bytes(&stub, b"#!/bin/sh\necho no verdict: too few\nexit 4\n");
    exits_4.shell(exits_4.dir.path(), "chmod +x stub");
    for (why, more) in [
        (
            "Ask Zuul",
            json!({"rally_compare_api": "http://127.0.0.1:9/api"}),
        ),
        (
            "Compare",
            json!({"rally_compare_program": "/nonexistent/git-rally"}),
        ),
        (
            "Get the program",
            json!({"rally_compare_program_url": "http://127.0.0.1:9/x"}),
        ),
        (
            "Copy the report",
            json!({"rally_results_dir": "/nonexistent"}),
        ),
        ("Compare", json!({"rally_compare_pipeline": "gate"})),
        ("the page", json!({"rally_compare_program": stub})),
    ] {
        let sandbox = Sandbox::new();
        let mut more = more;
        more["rally_compare_fails"] = true.into();
        more["rally_compare_builds"] = 1.into();
        let played = play(&sandbox, "slow", more)?;
        assert_eq!(played.code, Some(0), "{}", played.said);
        says(&played.said, &["no verdict: ", why]);
        assert_eq!(played.of_zuul("warnings"), &Value::Null, "{}", played.said);
    }
    Ok(())
}

/// The real Zuul reads the job of the example.
fn job() -> Result<(), Failed> {
    let top = tempfile::TempDir::new()?;
    let mut files = tree(&manifest("templates/monitoring"));
    let text = files.remove("job.yaml").ok_or("a job")?;
    files.insert(".zuul.yaml".to_owned(), text);
    let zuul = ask_zuul(top.path(), &vec![("job".to_owned(), files)])?;
    let said = &zuul["job"];
    assert_eq!(said["errors"], json!([]), "{said}");
    for pipeline in ["check", "periodic"] {
        let vars = &said[pipeline]["sample-rally"]["vars"];
        assert_eq!(vars["rally_compare_builds"], 10, "{said}");
    }
    Ok(())
}
