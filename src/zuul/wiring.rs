//! The wiring of the jobs that run Rally, as it lies: facts for whoever judges them.
//!
//! What one file does to another is known only where every file can be read, so the facts say
//! which could not.

use std::collections::BTreeSet;

use super::config::{At, Config};
use super::covered::{self, Jobs, Run};
use super::root::{self, Root, Shape};
use super::{ZuulError, lines};
use crate::files::{EntryKind, Files, FilesError};
use crate::yaml::libyaml;

/// The facts.
#[derive(Clone, Debug, Default)]
pub struct Wiring {
    /// The jobs that run Rally, by name.
    pub jobs: Vec<RallyJob>,
    /// What Zuul refuses.
    pub broken: Vec<Broken>,
    /// Configuration that Zuul does not read.
    pub unread: Vec<Unread>,
    /// What could not be told, one sentence each.
    pub unsure: Vec<String>,
}

/// A job that runs Rally.
#[derive(Clone, Debug)]
pub struct RallyJob {
    /// Its name.
    pub name: String,
    /// Where it is defined, or listed where another repository defines it.
    pub place: Place,
    /// Whether it is defined here.
    pub defined: bool,
    /// Whether a job here has it as its parent, or a project template lists it.
    pub used: bool,
    /// The task files it runs, where each is named; none where its parent elsewhere names it, or
    /// where the task is in another repository.
    pub tasks: Vec<(String, Place)>,
    /// The timeouts in seconds, where each is given.
    pub timeouts: Vec<(u64, Place)>,
    /// Where it runs.
    pub runs: Vec<Run>,
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
}

/// What Zuul refuses.
#[derive(Clone, Debug)]
pub struct Broken {
    /// Where.
    pub place: Place,
    /// Why.
    pub reason: String,
    /// Whether the file speaks of Rally.
    pub of_rally: bool,
}

/// Configuration that Zuul does not read.
#[derive(Clone, Debug)]
pub struct Unread {
    /// The file or directory.
    pub path: String,
    /// The root that Zuul reads instead; `None` where the name alone keeps Zuul away.
    pub instead: Option<String>,
    /// Whether it speaks of Rally.
    pub of_rally: bool,
}

/// Returns the facts; what cannot be read is a fact as well.
pub fn wiring(files: &dyn Files) -> Wiring {
    let mut found = Wiring::default();
    let root = match root::find(files) {
        Ok(root) => root,
        Err(error) => {
            found.refused(&error, None);
            return found;
        }
    };
    let config = read_each(&root, &mut found);
    found.jobs = jobs(&config);
    match unread(files, &root) {
        Ok(unread) => found.unread = unread,
        Err(error) => found.unsure.push(error.to_string()),
    }
    found
}

impl Wiring {
    /// Returns whether anything here speaks of Rally.
    pub fn is_of_rally(&self) -> bool {
        !self.jobs.is_empty()
            || self.broken.iter().any(|b| b.of_rally)
            || self.unread.iter().any(|u| u.of_rally)
    }

    /// Notes an error: as something broken only where Zuul itself would refuse it.
    fn refused(&mut self, error: &ZuulError, bytes: Option<&[u8]>) {
        let of_rally = bytes.is_some_and(speaks_of_rally);
        match error {
            ZuulError::Refused {
                path, line, reason, ..
            } if bytes.is_none_or(|bytes| zuul_refuses(reason, bytes)) => {
                let place = Place {
                    path: path.clone(),
                    line: *line,
                };
                self.broken.push(Broken {
                    place,
                    reason: reason.clone(),
                    of_rally,
                });
            }
            ZuulError::InTheWay { path, .. } => {
                let place = Place {
                    path: path.clone(),
                    line: 1,
                };
                let reason = error.to_string();
                self.broken.push(Broken {
                    place,
                    reason,
                    of_rally,
                });
            }
            other => self
                .unsure
                .push(format!("the Zuul configuration is not judged: {other}")),
        }
    }
}

/// Returns whether PyYAML, too, has something against the text: our own parser is stricter.
fn zuul_refuses(reason: &str, bytes: &[u8]) -> bool {
    if reason.starts_with("not YAML") {
        return std::str::from_utf8(bytes).is_ok_and(libyaml::refuses);
    }
    if !reason.starts_with("the character") {
        return true;
    }
    let text = String::from_utf8_lossy(bytes);
    text.chars().any(|c| match c {
        '\t' | '\n' | '\r' | '\u{85}' => false,
        c => c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'),
    })
}

/// Returns what can be read, and notes what cannot.
fn read_each(root: &Root, found: &mut Wiring) -> Config {
    let mut config = Config::default();
    for (path, bytes) in &root.files {
        let one = Root {
            shape: root.shape.clone(),
            files: vec![(path.clone(), bytes.clone())],
            left_out: Vec::new(),
            ignored: Vec::new(),
        };
        match Config::read(&one) {
            Ok(read) => config.sources.extend(read.sources),
            Err(error) => found.refused(&error, Some(bytes)),
        }
    }
    config
}

fn jobs(config: &Config) -> Vec<RallyJob> {
    let jobs = Jobs(config.jobs());
    let used = used(config);
    let each = covered::covered(config).into_iter().map(|job| {
        let mut tasks = Vec::new();
        let mut timeouts = Vec::new();
        if let Some(at) = jobs.chained(&job.name, rally_task) {
            tasks.push(at);
        }
        for name in jobs.chain(&job.name) {
            let definitions = jobs.0.get(name).into_iter().flatten();
            timeouts.extend(definitions.filter_map(|d| d.get("timeout")));
        }
        let mut elsewhere = jobs.chained(&job.name, task_is_elsewhere).is_some();
        for (_, body) in config.pipelines() {
            let entries = body.entries().into_iter();
            for at in entries
                .filter(|e| e.name == job.name)
                .filter_map(|e| e.attributes)
            {
                tasks.extend(rally_task(at));
                timeouts.extend(at.get("timeout"));
                elsewhere |= task_is_elsewhere(at).is_some();
            }
        }
        RallyJob {
            defined: jobs.0.contains_key(job.name.as_str()),
            used: used.contains(&job.name),
            tasks: match elsewhere {
                true => Vec::new(),
                false => tasks
                    .iter()
                    .filter_map(|at| Some((at.text()?.to_owned(), place(*at))))
                    .collect(),
            },
            timeouts: timeouts
                .iter()
                .filter_map(|at| Some((at.text()?.parse().ok()?, place(*at))))
                .collect(),
            place: Place {
                path: job.path,
                line: job.line,
            },
            name: job.name,
            runs: job.runs,
        }
    });
    each.collect()
}

/// Returns the names that jobs have as their parents, or that any project template lists.
fn used(config: &Config) -> BTreeSet<String> {
    let parents = config
        .items("job")
        .filter_map(|item| item.body.get("parent")?.text());
    let templates = config
        .items("project-template")
        .flat_map(|item| item.body.pipelines());
    let listed = templates.flat_map(|(_, body)| body.entries());
    parents
        .chain(listed.map(|entry| entry.name))
        .map(str::to_owned)
        .collect()
}

fn place(at: At<'_>) -> Place {
    Place {
        path: at.source.path.clone(),
        line: at.line(),
    }
}

fn rally_task<'a>(at: At<'a>) -> Option<At<'a>> {
    at.get("vars")?.get("rally_task")
}

/// The role reads the task below `rally_task_src_dir`, by default the project under test.
fn task_is_elsewhere<'a>(at: At<'a>) -> Option<At<'a>> {
    at.get("vars")?.get("rally_task_src_dir")
}

/// Returns the configuration that Zuul does not read: further roots, and `.yml` files.
fn unread(files: &dyn Files, root: &Root) -> Result<Vec<Unread>, FilesError> {
    let used = match &root.shape {
        Shape::File(path) | Shape::Directory(path) => path,
    };
    let mut found = Vec::new();
    for path in &root.ignored {
        found.push(Unread {
            path: path.clone(),
            instead: Some(used.clone()),
            of_rally: below(files, path)?
                .iter()
                .any(|(_, bytes)| speaks_of_rally(bytes)),
        });
    }
    let mut candidates = Vec::new();
    for path in ["zuul.yml", ".zuul.yml"] {
        if let Some(bytes) = files.read(path)? {
            candidates.push((path.to_owned(), bytes));
        }
    }
    if let Shape::Directory(dir) = &root.shape {
        candidates.extend(below(files, dir)?);
    }
    for (path, bytes) in candidates {
        let left_out = root
            .left_out
            .iter()
            .any(|dir| path.starts_with(dir.as_str()));
        if path.ends_with(".yml") && !left_out && is_configuration(&path, bytes.clone()) {
            found.push(Unread {
                path,
                instead: None,
                of_rally: speaks_of_rally(&bytes),
            });
        }
    }
    Ok(found)
}

/// Returns the YAML files at or below a path.
fn below(files: &dyn Files, path: &str) -> Result<Vec<(String, Vec<u8>)>, FilesError> {
    let mut found = Vec::new();
    let mut open = vec![path.to_owned()];
    while let Some(path) = open.pop() {
        if path.ends_with(".yaml") || path.ends_with(".yml") {
            found.extend(files.read(&path)?.map(|bytes| (path.clone(), bytes)));
        }
        if files.kind(&path)? == Some(EntryKind::Directory) {
            let names = files.list(&path)?.into_iter();
            open.extend(names.map(|(name, _)| format!("{path}/{name}")));
        }
    }
    found.sort();
    Ok(found)
}

/// Returns whether the file would be a job or a project's list for Zuul.
fn is_configuration(path: &str, bytes: Vec<u8>) -> bool {
    let root = Root {
        shape: Shape::File(path.to_owned()),
        files: vec![(path.to_owned(), bytes)],
        left_out: Vec::new(),
        ignored: Vec::new(),
    };
    Config::read(&root).is_ok_and(|config| {
        ["job", "project", "project-template", "nodeset"]
            .iter()
            .any(|kind| config.items(kind).next().is_some())
    })
}

/// Returns whether a line that is no comment names Rally's jobs or their task.
fn speaks_of_rally(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text
        .lines()
        .filter(|line| lines::comment_column(line).is_none());
    lines.any(|line| line.contains("rally_task") || line.contains("rally-task"))
}
