//! The edit of the Zuul configuration: case folders and laws.
//!
//! A case is `tests/zuul/<case>/`: `in/` is the tree, `wanted.yaml` says what is asked for where
//! it is not the default, and `out/` holds the files that change, or `refused.txt` the refusal.
//! `REFRESH=1 cargo test --test zuul_edit` writes `out/` and `refused.txt` anew: read the diff.

#![allow(clippy::unwrap_used, reason = "a failed test may panic")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use git_rally::files::{FileMap, Files, Kind};
use git_rally::zuul::{Edit, Voting, Wanted, ZuulError, plan};

/// What a case asks for.
#[derive(Clone, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Request {
    job: String,
    project: String,
    voting: String,
    beside: bool,
}

impl Default for Request {
    fn default() -> Request {
        Request {
            job: "sample-rally".into(),
            project: "openstack/sample".into(),
            voting: "gate".into(),
            beside: false,
        }
    }
}

impl Request {
    fn plan(&self, files: &dyn Files) -> Result<Edit, ZuulError> {
        let irrelevant_files = [r"^.*\.rst$", "^doc/.*$", "^releasenotes/.*$"];
        plan(
            files,
            &Wanted {
                project: Some(self.project.as_str()).filter(|name| !name.is_empty()),
                job: &self.job,
                job_text: &job_text(&self.job),
                task: "rally-jobs/task-sample.yaml",
                voting: match self.voting.as_str() {
                    "gate" => Voting::Gate,
                    _ => Voting::Trial,
                },
                irrelevant_files: &irrelevant_files.map(str::to_owned),
                beside: self.beside,
            },
        )
    }
}

fn job_text(name: &str) -> String {
    format!(
        "- job:\n    name: {name}\n    parent: rally-task-at-devstack\n    timeout: 7800\n    \
         vars:\n      rally_task: rally-jobs/task-sample.yaml\n    required-projects:\n      \
         - openstack/rally-openstack\n"
    )
}

fn cases() -> Vec<PathBuf> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/zuul");
    let entries = fs::read_dir(top).unwrap().map(|e| e.unwrap().path());
    let mut cases: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    cases.sort();
    cases
}

fn request(case: &Path) -> Request {
    match fs::read_to_string(case.join("wanted.yaml")) {
        Ok(text) => serde_yaml::from_str(&text).unwrap(),
        Err(_) => Request::default(),
    }
}

/// Path to bytes of all files below a directory; nothing where there is none.
fn tree(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![dir.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(dir).unwrap().to_str().unwrap();
                found.insert(name.to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn file_map(tree: &BTreeMap<String, Vec<u8>>) -> FileMap {
    let files = tree.iter();
    FileMap(
        files
            .map(|(p, b)| (p.clone(), (Kind::File, b.clone())))
            .collect(),
    )
}

fn said(error: &ZuulError) -> String {
    format!("{error}\n{}\n", error.remedy().unwrap_or_default())
}

fn write(case: &Path, edit: &Result<Edit, ZuulError>) {
    let _ = fs::remove_dir_all(case.join("out"));
    let _ = fs::remove_file(case.join("refused.txt"));
    match edit {
        Ok(edit) => {
            for file in &edit.files {
                let path = case.join("out").join(&file.path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, &file.after).unwrap();
            }
        }
        Err(error) => fs::write(case.join("refused.txt"), said(error)).unwrap(),
    }
}

/// The cases whose configuration has the job as wanted: nothing changes, nothing is refused.
const UNCHANGED: [&str; 1] = ["there-already"];

#[test]
fn cases_give_their_goldens() {
    let mut failed = Vec::new();
    for case in cases() {
        let name = case.file_name().unwrap().to_str().unwrap();
        let files = file_map(&tree(&case.join("in")));
        let result = request(&case).plan(&files);
        if std::env::var_os("REFRESH").is_some() {
            write(&case, &result);
        }
        let (out, refused) = match &result {
            Ok(edit) => {
                let files = edit.files.iter();
                let out = files.map(|f| (f.path.clone(), f.after.clone())).collect();
                (out, None)
            }
            Err(error) => (BTreeMap::new(), Some(said(error))),
        };
        let golden = fs::read_to_string(case.join("refused.txt")).ok();
        let expected_none = golden.is_some() || UNCHANGED.contains(&name);
        let right =
            out == tree(&case.join("out")) && refused == golden && out.is_empty() == expected_none;
        if !right {
            failed.push(name.to_owned());
        }
    }
    assert!(failed.is_empty(), "not as the goldens say: {failed:?}");
}

/// What is left of the edited text without the inserted bytes; lines are the unit, since the
/// edit inserts whole lines.
fn keeps_every_byte(before: &[u8], after: &[u8]) -> bool {
    let mark = "\u{feff}".as_bytes();
    if let (Some(before), Some(after)) = (before.strip_prefix(mark), after.strip_prefix(mark)) {
        return keeps_every_byte(before, after);
    }
    let mut after_lines = after.split_inclusive(|b| *b == b'\n');
    before.split_inclusive(|b| *b == b'\n').all(|line| {
        after_lines.any(|candidate| {
            candidate == line || (!line.ends_with(b"\n") && candidate.starts_with(line))
        })
    })
}

fn edited(tree: &BTreeMap<String, Vec<u8>>, edit: &Edit) -> BTreeMap<String, Vec<u8>> {
    let mut tree = tree.clone();
    for file in &edit.files {
        tree.insert(file.path.clone(), file.after.clone());
    }
    tree
}

#[test]
fn edits_keep_every_byte_and_happen_once() {
    for case in cases() {
        let before = tree(&case.join("in"));
        let request = request(&case);
        let Ok(edit) = request.plan(&file_map(&before)) else {
            continue;
        };
        for file in &edit.files {
            assert_eq!(file.before.as_ref(), before.get(&file.path), "{case:?}");
            let old = file.before.as_deref().unwrap_or_default();
            assert!(keeps_every_byte(old, &file.after), "{case:?}");
            assert!(file.after.ends_with(b"\n"), "{case:?}");
        }
        let again = request.plan(&file_map(&edited(&before, &edit))).unwrap();
        assert!(again.files.is_empty(), "{case:?}: edited twice");
    }
}

#[test]
fn special_files_are_in_the_way() {
    for (path, kind) in [
        (".zuul.yaml", Kind::Symlink),
        (".zuul.yaml", Kind::Submodule),
        ("zuul.d", Kind::File),
        ("zuul.d", Kind::Symlink),
        (".zuul.d/jobs.yaml", Kind::Symlink),
        (".zuul.d/jobs.yaml", Kind::Submodule),
    ] {
        let mut files = FileMap::default();
        files.0.insert(path.into(), (kind, Vec::new()));
        let error = Request::default().plan(&files).unwrap_err();
        assert!(
            matches!(error, ZuulError::InTheWay { .. }),
            "{path}: {error}"
        );
    }
    let files = FileMap::of([(".zuul.yaml/jobs.yaml", "- job: {name: a}\n")]);
    let error = Request::default().plan(&files).unwrap_err();
    assert!(matches!(error, ZuulError::InTheWay { .. }), "{error}");
}

/// Cases that the real Zuul refuses as they are. One of them is edited all the same: its tag is
/// nothing that this tool needs to know.
const ZUUL_REFUSES: [&str; 15] = [
    "complex-key",
    "duplicate-key",
    "duplicate-key-deep",
    "item-with-two-keys",
    "jobs-is-a-mapping",
    "line-separator",
    "name-is-listed-not-defined",
    "not-a-list",
    "not-utf8",
    "not-yaml",
    "pipeline-is-null",
    "tab",
    "tag-that-zuul-does-not-know",
    "two-documents",
    "unknown-alias",
];

#[test]
#[ignore = "online: `tests/online` runs it, with GIT_RALLY_PYTHON naming a Python that has Zuul"]
fn the_real_zuul_runs_one_job_more() {
    let top = tempfile::TempDir::new().unwrap();
    let mut trees = Vec::new();
    for case in cases() {
        let name = case.file_name().unwrap().to_str().unwrap().to_owned();
        let before = tree(&case.join("in"));
        let mut after = before.clone();
        after.extend(tree(&case.join("out")));
        trees.push((format!("{name}.before"), before));
        trees.push((format!("{name}.after"), after));
    }
    trees.extend(broken_jobs());
    let zuul = ask_zuul(top.path(), &trees);
    for case in cases() {
        let name = case.file_name().unwrap().to_str().unwrap();
        let [before, after] = ["before", "after"].map(|when| &zuul[&format!("{name}.{when}")]);
        let refuses = ZUUL_REFUSES.contains(&name);
        assert_eq!(
            before["errors"] != serde_json::json!([]),
            refuses,
            "{name}: {before}"
        );
        assert_eq!(
            after["errors"] != serde_json::json!([]),
            refuses,
            "{name}: {after}"
        );
        if case.join("out").is_dir() && !refuses {
            one_job_more(&request(&case), before, after);
        }
    }
    for (name, _) in broken_jobs() {
        assert_ne!(zuul[&name]["errors"], serde_json::json!([]), "{name}");
    }
}

type Trees = Vec<(String, BTreeMap<String, Vec<u8>>)>;

/// What Zuul must find, or it would be no judge: an attribute, parent or type that is wrong.
fn broken_jobs() -> Trees {
    let good = format!(
        "{}- project:\n    check:\n      jobs:\n        - a\n",
        job_text("a")
    );
    let broken = [
        ("attribute", "required-projects", "requiredprojects"),
        ("parent", "rally-task-at-devstack", "rally-task-nowhere"),
        ("type", "7800", "'2h'"),
        (
            "repository",
            "openstack/rally-openstack",
            "openstack/nowhere",
        ),
        ("entry", "        - a", "        - b"),
    ];
    let tree = |from: &str, to: &str| {
        let text = good.replace(from, to).into_bytes();
        BTreeMap::from([(".zuul.yaml".to_owned(), text)])
    };
    let trees = broken.map(|(what, from, to)| (format!("broken {what}"), tree(from, to)));
    trees.into()
}

/// Returns what `tests/online/zuul_check.py` says of each tree.
fn ask_zuul(top: &Path, trees: &Trees) -> BTreeMap<String, serde_json::Value> {
    for (name, files) in trees {
        fs::create_dir(top.join(name)).unwrap();
        for (path, bytes) in files {
            let path = top.join(name).join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }
    let online = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/online");
    let output = Command::new(std::env::var_os("GIT_RALLY_PYTHON").expect("GIT_RALLY_PYTHON"))
        .arg(online.join("zuul_check.py"))
        .arg("openstack/sample")
        .arg(online.join("zuul-parents.yaml"))
        .args(trees.iter().map(|(name, _)| name))
        .current_dir(top)
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    let lines = String::from_utf8(output.stdout).unwrap();
    let said = lines.lines().map(|line| {
        let said: serde_json::Value = serde_json::from_str(line).unwrap();
        (said["tree"].as_str().unwrap().to_owned(), said)
    });
    said.collect()
}

fn one_job_more(request: &Request, before: &serde_json::Value, after: &serde_json::Value) {
    let job = request.job.as_str();
    let mut jobs = before["jobs"].clone();
    jobs[job] = "rally-task-at-devstack".into();
    assert_eq!(jobs, after["jobs"], "{after}");
    for pipeline in ["check", "gate"] {
        let (mut old, mut new) = (before[pipeline].clone(), after[pipeline].clone());
        let ours = new.as_object_mut().unwrap().remove(job);
        for list in [&mut old, &mut new] {
            // which files the change has is not the same in both
            let entries = list.as_object_mut().unwrap().values_mut();
            entries.for_each(|entry| drop(entry.as_object_mut().unwrap().remove("skipped")));
        }
        assert_eq!(old, new, "{pipeline}: {after}");
        let gate = request.voting == "gate";
        let Some(ours) = ours else {
            assert!(pipeline == "gate" && !gate, "not in {pipeline}: {after}");
            continue;
        };
        assert_eq!(ours["voting"], gate, "{after}");
        assert_eq!(ours["skipped"], false, "{after}");
        assert_eq!(ours["vars"]["rally_task"], "rally-jobs/task-sample.yaml");
        assert!(gate || pipeline == "check", "in {pipeline}: {after}");
    }
}
