//! Judges the rally-jobs and the Zuul wiring of a repository as they lie.
//!
//! Pure: files in, findings out. What is found is certain; what cannot be told without rendering
//! a template, or without another repository, is said to be not judged.

mod jinja;
mod jobs;
mod linters;
mod rule;
mod task;

use std::collections::{BTreeMap, BTreeSet};

use regex_lite::Regex;

pub use rule::Rule;

use crate::files::{EntryKind, Files, FilesError};
use crate::rally::Facts;
use crate::zuul;
use jobs::Named;
use linters::Linters;
use task::{Ground, Task};

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// The rule.
    pub rule: Rule,
    /// What is wrong, in one sentence.
    pub message: String,
}

/// What there is to say about a repository.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What is wrong, by file and line.
    pub findings: Vec<Finding>,
    /// What was not judged, and why: one sentence each.
    pub notes: Vec<String>,
    /// Task files that were judged.
    pub tasks: usize,
    /// Jobs that were judged.
    pub jobs: usize,
    /// Whether the repository has anything of Rally at all.
    pub is_of_rally: bool,
}

/// No file that is judged is larger; a larger one is not read as text.
pub const LARGEST: u64 = 1 << 20;

/// No `rally-jobs` has more files.
const MOST_FILES: usize = 2000;

const TOP: &str = "rally-jobs";

/// Judges the files.
pub fn check(files: &dyn Files, facts: &Facts) -> Result<Report, FilesError> {
    let wiring = zuul::wiring(files);
    let has_jobs = files.kind(TOP)? == Some(EntryKind::Directory);
    let mut judged = Report {
        jobs: wiring.jobs.len(),
        is_of_rally: has_jobs || wiring.is_of_rally(),
        ..Report::default()
    };
    if !judged.is_of_rally {
        return Ok(judged);
    }
    judged.findings = jobs::findings(&wiring);
    judged.notes.extend(wiring.unsure.iter().cloned());
    let mut tasks = BTreeMap::new();
    for named in jobs::named(files, &wiring)? {
        match named {
            Named::There(task) => drop(tasks.insert(task, true)),
            Named::Missing(finding) => judged.findings.push(finding),
            Named::Unknown(note) => judged.notes.push(note),
        }
    }
    let below = below(files, TOP)?;
    let is_task = |path: &&String| {
        path.ends_with(".yaml") && !path.ends_with("_args.yaml") && path.matches('/').count() == 1
    };
    for path in below.iter().filter(is_task) {
        tasks.entry(path.clone()).or_insert(false);
    }
    judged.tasks(files, facts, &tasks, &below)?;
    judged.others(files, &below)?;
    judged.findings.sort();
    judged.findings.dedup();
    Ok(judged)
}

impl Report {
    /// Judges the task files: path to whether a job names it.
    fn tasks(
        &mut self,
        files: &dyn Files,
        facts: &Facts,
        tasks: &BTreeMap<String, bool>,
        below: &[String],
    ) -> Result<(), FilesError> {
        let plugins = self.plugins(files, below)?;
        let linters = Linters::read(files);
        let extra = |name: &str| {
            let kind = files.kind(&format!("{TOP}/extra/{name}"));
            !matches!(kind, Ok(None))
        };
        let ground = Ground {
            facts,
            plugins: plugins.as_ref(),
            extra: &extra,
        };
        for (path, is_named) in tasks {
            let Some(text) = self.text(files, path)? else {
                continue;
            };
            let task = match Task::read(&text) {
                Ok(task) if *is_named || task.is_task() => task,
                Ok(_) => continue,
                Err(why) => {
                    if *is_named || text.contains("subtasks:") {
                        self.notes.push(format!("`{path}`: not judged: {why}"));
                    }
                    continue;
                }
            };
            self.tasks += 1;
            for (line, rule, message) in task.judge(&ground) {
                self.push(path, line, rule, message);
            }
            if let Some((line, is_form, what)) = task.not_yaml()
                && linters.check_yaml(path, is_form)
            {
                let message = format!(
                    "the hook `check-yaml` of `.pre-commit-config.yaml` stops here: {what}"
                );
                self.push(path, line, Rule::NotYamlUnrendered, message);
            }
        }
        Ok(())
    }

    /// Returns the scenarios of the repository's plugins; `None` where they cannot be told.
    fn plugins(
        &mut self,
        files: &dyn Files,
        below: &[String],
    ) -> Result<Option<BTreeSet<String>>, FilesError> {
        for path in ["setup.cfg", "pyproject.toml"] {
            let bytes = files.read(path).ok().flatten().unwrap_or_default();
            if String::from_utf8_lossy(&bytes).contains("rally_plugins") {
                self.notes.push(format!(
                    "scenario names are not judged: `{path}` brings plugins of its own to Rally"
                ));
                return Ok(None);
            }
        }
        if files.kind(&format!("{TOP}/plugins"))? == Some(EntryKind::Symlink) {
            self.notes
                .push("scenario names are not judged: `rally-jobs/plugins` is a link".to_owned());
            return Ok(None);
        }
        let mut names = BTreeSet::new();
        for path in below.iter().filter(|path| is_plugin(path)) {
            let Some(text) = self.text(files, path)? else {
                return Ok(None);
            };
            let Some(found) = plugin_names(&text) else {
                self.notes.push(format!(
                    "scenario names are not judged: a name in `{path}` is not written out"
                ));
                return Ok(None);
            };
            names.extend(found);
        }
        Ok(Some(names))
    }

    /// Judges what the linters judge.
    fn others(&mut self, files: &dyn Files, below: &[String]) -> Result<(), FilesError> {
        let linters = Linters::read(files);
        for path in below {
            let is_readme = path.ends_with(".rst") && path.contains("/README");
            let is_python = path.ends_with(".py");
            let is_text = is_python || [".rst", ".yaml", ".yml"].iter().any(|e| path.ends_with(e));
            let executable = is_text && files.mode(path)? == 0o100_755;
            if !(is_readme || is_python || executable) {
                continue;
            }
            let Some(text) = self.text(files, path)? else {
                continue;
            };
            if executable && !text.starts_with("#!") {
                let message = "the file is executable and does not begin with `#!`";
                self.push(path, 1, Rule::Executable, message.to_owned());
            }
            if is_python && linters.comments && linters::is_comments_only(&text) {
                let message =
                    "nothing but comments: hacking's H104; an empty file, or a docstring, will do";
                self.push(path, 1, Rule::CommentsOnly, message.to_owned());
            }
            if is_python && linters.licence && linters::lacks_licence(&text) {
                let message = "no header of the Apache licence: hacking's H102";
                self.push(path, 1, Rule::NoLicence, message.to_owned());
            }
            if let Some(columns) = linters.columns.filter(|_| is_readme) {
                for line in linters::long_lines(&text, columns) {
                    let message = format!("over {columns} columns: doc8's D001");
                    self.push(path, line, Rule::LongLine, message);
                }
            }
        }
        Ok(())
    }

    /// Returns a file's text; notes one that cannot be judged.
    fn text(&mut self, files: &dyn Files, path: &str) -> Result<Option<String>, FilesError> {
        let why = match files.read(path) {
            Ok(Some(bytes)) if bytes.len() as u64 > LARGEST => "it is too large".to_owned(),
            Ok(Some(bytes)) => match String::from_utf8(bytes) {
                Ok(text) => return Ok(Some(text)),
                Err(_) => "it is not UTF-8".to_owned(),
            },
            Ok(None) => return Ok(None),
            Err(error) => error.reason,
        };
        let note = format!("`{path}`: not judged: {why}");
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
        Ok(None)
    }

    fn push(&mut self, path: &str, line: usize, rule: Rule, message: String) {
        self.findings.push(Finding {
            path: path.to_owned(),
            line,
            rule,
            message,
        });
    }
}

fn is_plugin(path: &str) -> bool {
    path.starts_with("rally-jobs/plugins/") && path.ends_with(".py")
}

/// Returns the names that a file of plugins gives; `None` where one is not a string as it stands.
fn plugin_names(text: &str) -> Option<Vec<String>> {
    let literal = Regex::new(r#"(?:^|[\s(,])name\s*=\s*["']([\w.]+)["']\s*[,)]"#).ok()?;
    let any = Regex::new(r"scenario\.configure\s*\(").ok()?;
    let names: Vec<String> = (literal.captures_iter(text))
        .map(|found| found[1].to_owned())
        .collect();
    let scenarios = names.iter().filter(|name| name.contains('.')).count();
    (any.find_iter(text).count() <= scenarios).then_some(names)
}

/// Returns the regular files below a folder; no link is followed.
fn below(files: &dyn Files, top: &str) -> Result<Vec<String>, FilesError> {
    let mut found = Vec::new();
    let mut open = vec![top.to_owned()];
    while let Some(dir) = open.pop().filter(|_| found.len() < MOST_FILES) {
        for (name, kind) in files.list(&dir)? {
            let path = format!("{dir}/{name}");
            match kind {
                EntryKind::Directory => open.push(path),
                EntryKind::File => found.push(path),
                EntryKind::Symlink | EntryKind::Submodule => {}
            }
        }
    }
    found.sort();
    Ok(found)
}
