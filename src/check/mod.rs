//! Judges the rally-jobs and the Zuul wiring of a repository as they lie.
//!
//! Pure: files in, findings out. What is found is certain; what cannot be told without rendering
//! a template, or without another repository, is a note that it is not judged.
//!
//! `rules` has what is wrong, a file for each group; the other files read what the rules judge.

mod folder;
mod linters;
mod named;
mod plugins;
mod render;
mod rules;
mod task;
mod text;
mod value;

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

pub use rules::{RULES, Rule};
pub use text::LARGEST;

use crate::files::{EntryKind, Files, FilesError};
use crate::rally::{self, Facts};
use crate::zuul;
use folder::Folder;
use linters::Linters;
use named::{NamedTask, Target};
use plugins::Plugins;
use rules::Known;
use task::{NoTask, Task};
use text::{Text, TextFile};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something fails, never runs, or passes whatever happens.
    Error,
    /// Worth knowing, and nothing fails of it: content that nothing runs, or what somebody chose.
    Warning,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub severity: Severity,
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// The rule.
    pub rule: &'static Rule,
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

/// Judges the files.
pub fn check(files: &dyn Files, facts: &Facts) -> Result<Report, FilesError> {
    let mut report = Report::default();
    let wiring = zuul::wiring(files);
    let has_folder = files.kind(rally::DIRECTORY)? == Some(EntryKind::Directory);
    if !has_folder && !wiring.is_of_rally() {
        return Ok(report);
    }
    report.is_of_rally = true;
    report.jobs = wiring.jobs.len();
    report.findings = rules::of_wiring(&wiring);
    report.note(&wiring.unsure);

    let named = named::tasks(files, &wiring)?;
    report.named(&named);
    let folder = Folder::read(files)?;
    report.note(folder.note());
    let plugins = Plugins::read(files, &facts.plugins)?;
    report.findings.extend(rules::of_plugins(&plugins));
    report.note(plugins.notes());
    let linters = Linters::read(files);
    let known = Known {
        facts,
        rally: &facts.plugins,
        plugins: &plugins,
        linters: &linters,
        wiring: &wiring,
        files,
    };
    for (path, origin) in candidates(&named, &folder) {
        report.task(path, origin, &known);
    }
    for path in &folder.paths {
        report.text(path, &known)?;
    }
    report.order();
    Ok(report)
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        })
    }
}

/// Why a file may be a task.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// A job names it, so Rally takes it for one.
    Job,
    /// It lies where tasks lie; what it holds decides.
    Folder,
}

/// Returns the files that may be tasks, by path.
fn candidates<'a>(named: &'a [NamedTask], folder: &'a Folder) -> BTreeMap<&'a str, Origin> {
    let lying = folder.paths.iter().filter(|path| rally::may_be_task(path));
    let there = named
        .iter()
        .filter(|task| matches!(task.target, Target::File));
    let lying = lying.map(|path| (path.as_str(), Origin::Folder));
    let there = there.map(|task| (task.path.as_str(), Origin::Job));
    lying.chain(there).collect()
}

impl Report {
    fn named(&mut self, named: &[NamedTask]) {
        for task in named {
            self.findings.extend(rules::of_named_task(task));
            if let Target::Unknown(why) = &task.target {
                self.note([why]);
            }
        }
    }

    fn task(&mut self, path: &str, origin: Origin, known: &Known<'_>) {
        let text = match text::read(known.files, path) {
            Text::Read(text) => text,
            Text::Absent => return,
            Text::NotJudged(why) => return self.note([why]),
        };
        let is_sure = origin == Origin::Job || task::looks_like_one(&text);
        match Task::read(known.files, path, &text) {
            Ok(task) if origin == Origin::Job || task.is_task() => {
                self.tasks += 1;
                self.findings.extend(rules::of_task(&task, known));
            }
            Err(NoTask::NotJudged(why)) if is_sure => {
                self.note([format!("`{path}`: not checked: {why}")]);
            }
            Err(why) if is_sure => {
                self.tasks += 1;
                self.findings.extend(rules::of_no_task(path, &why));
            }
            Ok(_) | Err(_) => {}
        }
    }

    fn text(&mut self, path: &str, known: &Known<'_>) -> Result<(), FilesError> {
        let Some((language, mode)) = text::of_linters(known.files, path)? else {
            return Ok(());
        };
        match text::read(known.files, path) {
            Text::Read(text) => {
                let file = TextFile {
                    path: path.to_owned(),
                    text,
                    language,
                    mode,
                };
                self.findings.extend(rules::of_text(&file, known.linters));
            }
            Text::Absent => {}
            Text::NotJudged(why) => self.note([why]),
        }
        Ok(())
    }

    /// Notes what is not judged, once.
    fn note<S: AsRef<str>>(&mut self, notes: impl IntoIterator<Item = S>) {
        for note in notes {
            if !self.notes.iter().any(|known| known == note.as_ref()) {
                self.notes.push(note.as_ref().to_owned());
            }
        }
    }

    /// Sorts the findings, each once.
    fn order(&mut self) {
        self.findings.sort_by(|a, b| {
            let place = (&a.path, a.line).cmp(&(&b.path, b.line));
            place
                .then_with(|| a.rule.position().cmp(&b.rule.position()))
                .then_with(|| a.message.cmp(&b.message))
        });
        self.findings.dedup();
    }
}
