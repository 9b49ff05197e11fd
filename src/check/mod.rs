//! Judges the rally-jobs and the Zuul wiring of a repository as they lie.
//!
//! Pure: files in, findings out. An error is certain; what cannot be told is a finding, too, of the
//! rule `not-judged`.
//!
//! `rules` has what is wrong, a file for each group; the other files read what the rules judge.

mod budget;
mod comments;
mod finding;
mod folder;
mod linters;
mod named;
mod plugins;
mod render;
mod repair;
mod rules;
mod select;
mod task;
mod text;
mod value;

use std::collections::{BTreeMap, BTreeSet, HashMap};

pub use finding::{Finding, Severity};
pub use repair::{Repair, mended};
pub use rules::{RULES, Rule, RuleText};
pub use select::{Selection, UnknownRule};
pub use text::LARGEST;

// for `extend`, which reads a task as Rally does
pub(crate) use budget::Budget;
pub(crate) use render::open_block;
pub(crate) use task::{NoTask, Task};
pub(crate) use text::{Text, read as read_text};

use crate::files::{EntryKind, Files, FilesError};
use crate::rally::{self, Facts};
use crate::zuul::{self, Location};
use folder::Folder;
use linters::Linters;
use named::{NamedTask, Target};
use plugins::Plugins;
use rules::{Known, NOT_JUDGED, Runs, Schemas};
use text::TextFile;

/// Findings of one file that are told.
const MOST_FINDINGS: usize = 1000;

/// What there is to say about a repository.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What is wrong, and what was not judged, by file, line and column.
    pub findings: Vec<Finding>,
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
    let is_folder = |path| Ok::<_, FilesError>(files.kind(path)? == Some(EntryKind::Directory));
    let has_folder = is_folder(rally::DIRECTORY)? || is_folder(rally::OLD_DIRECTORY)?;
    if !has_folder && !wiring.is_of_rally() {
        return Ok(report);
    }
    report.is_of_rally = true;
    report.jobs = wiring.jobs.len();
    report.findings = rules::of_wiring(&wiring, &facts.jobs);
    report.not_judged(
        wiring
            .unsure
            .iter()
            .map(|(place, why)| (place, why.as_str())),
    );

    let named = named::tasks(files, &wiring, &facts.jobs)?;
    report.named(&named);
    let folder = Folder::read(files)?;
    report.findings.extend(folder.not_judged());
    let hidden = rules::task_hidden(&wiring, &facts.jobs, &named, &folder);
    report.findings.extend(hidden);
    let unread = rules::never_read(&folder, &named, files)?;
    report.findings.extend(unread);
    let plugins = Plugins::read(files, facts)?;
    report.findings.extend(rules::of_plugins(&plugins));
    report.findings.extend(plugins.not_judged());
    let linters = Linters::read(files);
    let known = Known {
        facts,
        rally: &facts.plugins,
        plugins: &plugins,
        linters: &linters,
        schemas: &Schemas::default(),
        budget: &Budget::default(),
        wiring: &wiring,
        runs: &Runs::of(&wiring, &facts.jobs, &named),
        files,
    };
    let candidates = candidates(&named, &folder);
    let parts = parts(files, candidates.keys().copied());
    for (path, origin) in candidates {
        let origin = match origin {
            Origin::Folder if parts.contains(path) => Origin::Included,
            origin => origin,
        };
        report.task(path, origin, &known);
    }
    for path in &folder.paths {
        report.text(path, &known)?;
    }
    comments::apply(&mut report.findings, files);
    report.order();
    report.cap();
    Ok(report)
}

/// Why a file may be a task.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// A job names it, so Rally takes it for one.
    Job,
    /// It lies where tasks lie; what it holds decides.
    Folder,
    /// The same, but another file there includes it, so it need not be whole.
    Included,
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

/// Returns the paths of the files that other ones include.
fn parts<'a>(files: &dyn Files, paths: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    let mut parts = BTreeSet::new();
    for path in paths {
        let Text::Read(text) = text::read(files, path) else {
            continue;
        };
        let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir);
        let names = render::included(&text).into_iter();
        parts.extend(names.map(|included| format!("{dir}/{}", included.name)));
    }
    parts
}

impl Report {
    fn named(&mut self, named: &[NamedTask]) {
        for task in named {
            self.findings.extend(rules::of_named_task(task));
            if let Target::Unknown(why) = &task.target {
                self.not_judged([(&task.place, why.as_str())]);
            }
        }
    }

    fn task(&mut self, path: &str, origin: Origin, known: &Known<'_>) {
        let text = match text::read(known.files, path) {
            Text::Read(text) => text,
            Text::Absent => return,
            Text::NotJudged(why) => return self.file_not_judged(path, why),
        };
        let is_sure = match origin {
            Origin::Job => true,
            Origin::Folder => task::looks_like_one(&text),
            Origin::Included => false,
        };
        match Task::read(known.files, path, &text, known.budget) {
            Ok(task) if origin == Origin::Job || task.is_task() => {
                self.tasks += 1;
                self.findings.extend(rules::of_task(&task, known));
            }
            Err(NoTask::NotJudged(why)) => self.file_not_judged(path, why),
            Err(why) if is_sure => {
                self.tasks += 1;
                self.findings.extend(rules::of_no_task(path, &why));
            }
            Err(why) => self.may_be_task(path, &why),
            Ok(_) => {}
        }
    }

    /// Notes that a file is not judged, which no job names and which does not look like a task.
    fn may_be_task(&mut self, path: &str, why: &NoTask) {
        let found = rules::of_no_task(path, why);
        let noted = found.into_iter().map(|finding| {
            let why = format!("if this is a task: {}", finding.message);
            NOT_JUDGED.noted(path, finding.place(), why)
        });
        self.findings.extend(noted);
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
            Text::NotJudged(why) => self.file_not_judged(path, why),
        }
        Ok(())
    }

    fn file_not_judged(&mut self, path: &str, why: String) {
        self.findings.push(NOT_JUDGED.noted(path, 1, why));
    }

    /// Notes what is not judged.
    fn not_judged<'w>(&mut self, found: impl IntoIterator<Item = (&'w Location, &'w str)>) {
        let found = found.into_iter();
        let noted = found.map(|(at, why)| NOT_JUDGED.noted(&at.path, at, why.to_owned()));
        self.findings.extend(noted);
    }

    /// Keeps so many findings of each file, errors first, and notes where there are more.
    fn cap(&mut self) {
        let mut of_file: HashMap<String, usize> = HashMap::new();
        for found in &self.findings {
            *of_file.entry(found.path.clone()).or_default() += 1;
        }
        of_file.retain(|_, number| *number > MOST_FINDINGS);
        if of_file.is_empty() {
            return;
        }
        self.findings.sort_by_key(|found| found.severity as u8);
        let mut kept: HashMap<String, usize> = HashMap::new();
        self.findings.retain(|found| {
            let number = kept.entry(found.path.clone()).or_default();
            *number += 1;
            *number <= MOST_FINDINGS
        });
        for path in of_file.into_keys() {
            let why = format!("it has more than {MOST_FINDINGS} findings; mend these first");
            self.findings.push(NOT_JUDGED.noted(&path, 1, why));
        }
        for note in self.findings.iter_mut().filter(|found| found.column == 0) {
            note.column = 1;
        }
        self.order();
    }

    /// Sorts the findings, each once.
    fn order(&mut self) {
        self.findings.sort_by(|a, b| {
            let place = (&a.path, a.line, a.column).cmp(&(&b.path, b.line, b.column));
            place
                .then_with(|| a.rule.position().cmp(&b.rule.position()))
                .then_with(|| a.message.cmp(&b.message))
        });
        self.findings.dedup();
    }
}
