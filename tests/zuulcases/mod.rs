//! The cases of the Zuul edit: `tests/zuul/<case>/`.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "a failed test may panic; each test binary uses its own part"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use git_rally::files::{EntryKind, FileMap, Files};
use git_rally::zuul::{Edit, IfCovered, Voting, Wanted, ZuulError, plan};

/// What a case asks for.
#[derive(Clone, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Request {
    pub job: String,
    pub project: String,
    pub voting: String,
    pub beside: bool,
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
    pub fn plan(&self, files: &dyn Files) -> Result<Edit, ZuulError> {
        let irrelevant_files = [r"^.*\.rst$", "^doc/.*$", "^releasenotes/.*$"];
        plan(
            files,
            &Wanted {
                project: Some(self.project.as_str()).filter(|name| !name.is_empty()),
                job: &self.job,
                job_text: &job_text(&self.job),
                task: "rally-jobs/task-sample.yaml",
                voting: match self.voting.as_str() {
                    "gate" => Voting::Voting,
                    _ => Voting::NonVoting,
                },
                irrelevant_files: &irrelevant_files.map(str::to_owned),
                if_covered: match self.beside {
                    true => IfCovered::AddBeside,
                    false => IfCovered::Refuse,
                },
            },
        )
    }
}

pub fn job_text(name: &str) -> String {
    format!(
        "- job:\n    name: {name}\n    parent: rally-task-at-devstack\n    timeout: 7800\n    \
         vars:\n      rally_task: rally-jobs/task-sample.yaml\n    required-projects:\n      \
         - openstack/rally-openstack\n"
    )
}

pub fn cases() -> Vec<PathBuf> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/zuul");
    let entries = fs::read_dir(top).unwrap().map(|e| e.unwrap().path());
    let mut cases: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    cases.sort();
    cases
}

pub fn request(case: &Path) -> Request {
    match fs::read_to_string(case.join("wanted.yaml")) {
        Ok(text) => serde_yaml::from_str(&text).unwrap(),
        Err(_) => Request::default(),
    }
}

/// Path to bytes of all files below a directory; nothing where there is none.
pub fn tree(dir: &Path) -> BTreeMap<String, Vec<u8>> {
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

pub fn file_map(tree: &BTreeMap<String, Vec<u8>>) -> FileMap {
    let files = tree.iter();
    FileMap(
        files
            .map(|(p, b)| (p.clone(), (EntryKind::File, b.clone())))
            .collect(),
    )
}
