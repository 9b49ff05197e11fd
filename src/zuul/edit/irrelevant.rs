//! Which changes do not start the job, and do not start the other DevStack jobs.
//!
//! The job has the service's own irrelevant files: it uses the list that the DevStack jobs of
//! the file share; or it has a list of its own, with those patterns of the service's list that
//! do not match the job's own files. That leaves the shared list free to name `rally-jobs`.

use std::collections::{BTreeSet, HashSet};

use super::super::model::{
    Config, ConfigFile, Devstack, FileList, Lists, Location, RALLY_JOBS, shared,
};
use super::changes::Note;
use super::fresh::Fresh;
use super::op::Op;
use super::order;
use super::wanted::Wanted;
use crate::files::{Files, FilesError};

/// The longest list that is written out.
const LONGEST: usize = 15;

/// How many jobs a note names.
const NAMED: usize = 5;

/// Which irrelevant files the job has.
#[derive(Debug)]
pub(super) enum Irrelevant {
    /// The entries use the list of this anchor.
    Alias(String),
    /// The job has a list of its own; it may be empty.
    Own(Vec<String>),
}

/// What is decided.
pub(super) struct Decided<'a> {
    pub(super) irrelevant: Irrelevant,
    /// The lists that get the pattern of `rally-jobs`.
    gains: Vec<FileList<'a>>,
    pub(super) notes: Vec<Note>,
}

/// Where the job and its entries go.
pub(super) struct Places<'a> {
    /// The file of all entries, and the byte of the first; `None` if there are several files.
    pub(super) entries: Option<(&'a ConfigFile, usize)>,
    /// The files that both are in.
    pub(super) paths: Vec<&'a str>,
}

/// What is known of the jobs that are there.
pub(super) struct Jobs<'a> {
    /// Those that run Rally already.
    pub(super) kin: &'a HashSet<&'a str>,
    pub(super) devstack: &'a Devstack<'a>,
}

/// Decides which irrelevant files the job has, and which lists name `rally-jobs`.
///
/// Where a job runs Rally already, no other list changes.
pub(super) fn decide<'a>(
    files: &dyn Files,
    config: &'a Config,
    wanted: &Wanted<'_>,
    jobs: &Jobs<'_>,
    places: &Places<'a>,
) -> Result<Decided<'a>, FilesError> {
    let lists = Lists::of(config, wanted.task);
    let mut gains = match jobs.kin.is_empty() {
        true => lists.without_rally_jobs(),
        false => Vec::new(),
    };
    let relevant = wanted.relevant(&places.paths);
    let anchored = places.entries.and_then(|(file, first)| {
        let list = lists.get(shared(jobs.devstack, file, first, relevant)?)?;
        Some((list, list.at.node.data().anchor.clone()?))
    });
    let (irrelevant, note) = match anchored {
        Some((list, anchor)) => shared_or_copied(list, anchor, &mut gains),
        None => match lists.of_the_service(relevant, LONGEST) {
            Some((list, patterns)) => (own(&patterns), Some(copied(list))),
            None => general(files, wanted)?,
        },
    };
    let mut notes = Vec::from_iter(note);
    if jobs.kin.is_empty() {
        notes.extend(gained(&gains));
        notes.extend(still_started(&lists, &gains));
    }
    Ok(Decided {
        irrelevant,
        gains: gains.into_iter().cloned().collect(),
        notes,
    })
}

/// A list that is to name `rally-jobs` is copied, if it is short. Else the job uses it, and it
/// stays as it is.
fn shared_or_copied(
    list: &FileList<'_>,
    anchor: String,
    gains: &mut Vec<&FileList<'_>>,
) -> (Irrelevant, Option<Note>) {
    let gains_one = gains.iter().any(|gain| gain.is(list.at.node));
    let patterns = list.patterns().unwrap_or_default();
    if gains_one && patterns.len() <= LONGEST {
        return (own(&patterns), Some(copied(list)));
    }
    gains.retain(|gain| !gain.is(list.at.node));
    let note = Note::SharedList {
        anchor: anchor.clone(),
        path: list.at.file.path.clone(),
    };
    (Irrelevant::Alias(anchor), Some(note))
}

fn general(
    files: &dyn Files,
    wanted: &Wanted<'_>,
) -> Result<(Irrelevant, Option<Note>), FilesError> {
    let patterns = existing(files, wanted.irrelevant_files)?;
    let note = (!patterns.is_empty()).then_some(Note::GeneralList);
    Ok((Irrelevant::Own(patterns), note))
}

fn own(patterns: &[&str]) -> Irrelevant {
    Irrelevant::Own(patterns.iter().map(|p| (*p).to_owned()).collect())
}

/// Returns the patterns without those that name a path that is not there.
fn existing(files: &dyn Files, patterns: &[String]) -> Result<Vec<String>, FilesError> {
    let mut existing = Vec::new();
    for pattern in patterns {
        let is_there = match path(pattern) {
            Some(path) => files.kind(&path)?.is_some(),
            None => true,
        };
        if is_there {
            existing.push(pattern.clone());
        }
    }
    Ok(existing)
}

/// Returns the one path that a pattern names; `None` where it may name several.
fn path(pattern: &str) -> Option<String> {
    let path = pattern.strip_prefix('^')?.strip_suffix('$')?;
    let path = path.strip_suffix("/.*").unwrap_or(path).replace('\\', "");
    let literal = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    path.chars().all(literal).then_some(path)
}

fn copied(list: &FileList<'_>) -> Note {
    let anchor = list.at.node.data().anchor.as_deref();
    Note::OwnList {
        of: anchor.unwrap_or(list.job).to_owned(),
        location: list.at.location(),
    }
}

fn gained(gains: &[&FileList<'_>]) -> Option<Note> {
    let jobs: BTreeSet<&str> = gains
        .iter()
        .flat_map(|list| &list.started)
        .copied()
        .collect();
    let lists: Vec<Location> = gains.iter().map(|list| list.at.location()).collect();
    let jobs = jobs.len();
    (!lists.is_empty()).then_some(Note::RallyJobsIrrelevant { lists, jobs })
}

fn still_started(lists: &Lists<'_>, gains: &[&FileList<'_>]) -> Option<Note> {
    let jobs = lists.started(gains);
    let more = jobs.len().saturating_sub(NAMED);
    let named = jobs.iter().take(NAMED).map(|name| (*name).to_owned());
    let jobs: Vec<String> = named.collect();
    (!jobs.is_empty()).then_some(Note::StillStarted { jobs, more })
}

impl Decided<'_> {
    /// Returns the operations on the lists of a file.
    pub(super) fn operations(&self, file: &ConfigFile) -> Vec<Op<'static>> {
        let here = self
            .gains
            .iter()
            .filter(|list| list.at.file.path == file.path);
        let ours = letters(RALLY_JOBS);
        let op = |list: &FileList<'_>| {
            let patterns = list.patterns().unwrap_or_default();
            let letters: Vec<String> = patterns.iter().map(|p| letters(p)).collect();
            let names: Vec<&str> = letters.iter().map(String::as_str).collect();
            let sorted = order::sorted_place(&names, &ours, false);
            Op::Item {
                list: list.at.node.id,
                index: sorted.unwrap_or(patterns.len()),
                item: Fresh::Text(RALLY_JOBS.into()),
            }
        };
        here.map(op).collect()
    }
}

/// Returns what people sort patterns by: neither `^` nor a backslash.
fn letters(pattern: &str) -> String {
    let letter = |c: &char| c.is_ascii_alphanumeric() || "-_/".contains(*c);
    pattern.chars().filter(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_may_name_one_path() {
        for (pattern, expected) in [
            (r"^api-ref/.*$", Some("api-ref")),
            (r"^sample/locale/.*$", Some("sample/locale")),
            (r"^setup.cfg$", Some("setup.cfg")),
            (r"^\.gitreview$", Some(".gitreview")),
            (r"^.*\.rst$", None),
            (r"^(test-|)requirements.txt$", None),
            (r"^contrib/", None),
            ("doc/.*$", None),
        ] {
            assert_eq!(path(pattern).as_deref(), expected, "{pattern}");
        }
    }
}
