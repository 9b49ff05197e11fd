//! The cases of the Zuul edit: `tests/zuul/<case>/`.

use std::fs;
use std::path::{Path, PathBuf};

use git_rally::files::{EntryKind, FileMap, Files};
use git_rally::zuul::{Edit, IfCovered, Voting, Wanted, ZuulError, plan};

use super::files::{Tree, manifest, names};

/// What a case asks for.
#[derive(Clone, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Request {
    pub job: String,
    pub project: String,
    pub voting: String,
    pub periodic: bool,
    pub beside: bool,
}

impl Default for Request {
    fn default() -> Request {
        Request {
            job: "sample-rally".into(),
            project: "openstack/sample".into(),
            voting: "gate".into(),
            periodic: false,
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
                periodic: self.periodic.then_some(true),
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

/// Returns the folders of all cases.
pub fn cases() -> Vec<PathBuf> {
    let top = manifest("tests/zuul");
    let paths = names(&top).into_iter().map(|name| top.join(name));
    paths.filter(|path| path.is_dir()).collect()
}

pub fn request(case: &Path) -> Request {
    match fs::read_to_string(case.join("wanted.yaml")) {
        Ok(text) => serde_yaml::from_str(&text).unwrap(),
        Err(_) => Request::default(),
    }
}

pub fn file_map(tree: &Tree) -> FileMap {
    let files = tree.iter();
    FileMap(
        files
            .map(|(p, b)| (p.clone(), (EntryKind::File, b.clone())))
            .collect(),
    )
}
