//! The last run of git-rally that the history has, and what it had rendered.

use std::collections::{BTreeMap, BTreeSet};

use super::remembered::Remembered;
use super::untouched::has_our_files;
use crate::files::{EntryKind, Files};
use crate::git::{self, GitError, Id, LocalClone, Look, Past, PastCommit, Snapshot};
use crate::merge::{self, MergeLines, Sides};
use crate::message::{self, ChangeId, Provenance, Wrote};
use crate::plan::{
    Earlier, EarlierJob, JobName, Others, files_of_rally_jobs, has_rendered_name, place_in,
};
use crate::rally;
use crate::remedy::{Refusal, Remedy};
use crate::shell;
use crate::stop::Stop;
use crate::zuul::{self, Found, OwnJob, Voting};

/// Where a run writes: entries of the topmost directory.
const WRITTEN: [&str; 5] = [
    rally::DIRECTORY,
    "zuul.yaml",
    "zuul.d",
    ".zuul.yaml",
    ".zuul.d",
];

/// For a run: all of the history.
const FOR_A_RUN: Look = Look {
    near: 0,
    stride: 64,
    most: usize::MAX,
    only_with_first: false,
};

/// How far back what was rendered is worked out where people's edits are between.
const MOST_RUNS: usize = 20;

/// A run that the history has.
pub(super) struct Run {
    commit: PastCommit,
    provenance: Provenance,
}

/// The history that would tell is not in the clone.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{task}` differs, and this shallow clone lacks the commits that say whether git-rally wrote it"
)]
pub(super) struct NoHistory {
    pub task: String,
    /// The command that gets them.
    fetch: String,
}

impl Remedy for NoHistory {
    fn refusal(&self) -> Option<Refusal> {
        Some(Refusal::UnsupportedRepository)
    }

    fn hint(&self) -> String {
        self.fetch.clone()
    }
}

/// What the history says.
pub(super) enum Before {
    Run(Box<Run>),
    /// No run, as far as the clone has the history; the rest is missing.
    CutOff,
    /// There is no `rally-jobs`, so nothing that could be ours.
    NoDirectory,
    Never,
}

impl Run {
    /// Returns the newest run for the service that is `tip` or an ancestor, and whose job `is_asked`
    /// for: its name, or `None` for the service's own.
    pub(super) fn find(
        clone: &LocalClone<'_>,
        tip: Id,
        service: &str,
        is_asked: &dyn Fn(Option<&JobName>) -> bool,
    ) -> Result<Before, GitError> {
        // The first run of all writes to `rally-jobs`, which seldom changes; a later one may write to
        // Zuul's files alone, which change often.
        match Run::among(clone, tip, service, is_asked, &[rally::DIRECTORY])? {
            Before::Run(first) => match Run::among(clone, tip, service, is_asked, &WRITTEN)? {
                Before::Run(run) => Ok(Before::Run(run)),
                _ => Ok(Before::Run(first)),
            },
            none => Ok(none),
        }
    }

    /// Returns the newest run among the commits that changed one of `names`.
    fn among(
        clone: &LocalClone<'_>,
        tip: Id,
        service: &str,
        is_asked: &dyn Fn(Option<&JobName>) -> bool,
        names: &[&str],
    ) -> Result<Before, GitError> {
        let mut found = None;
        let mut accept = |commit: &PastCommit| {
            let run = message::last_provenance(&commit.message);
            found = run.filter(|run| {
                let job = Remembered::of_words(&run.options).job;
                run.service == service && is_asked(job.as_ref())
            });
            found.is_some()
        };
        // Where there is no `rally-jobs`, no run was before.
        let look = Look {
            only_with_first: names.len() > 1,
            ..FOR_A_RUN
        };
        let past = clone.repo.last_change(tip, names, look, &mut accept)?;
        Ok(match (past, found) {
            (Past::Found(commit), Some(provenance)) => Before::Run(Box::new(Run {
                commit: *commit,
                provenance,
            })),
            (Past::CutOff, _) => Before::CutOff,
            _ => Before::Never,
        })
    }

    pub(super) fn remembered(&self) -> Remembered {
        Remembered::of_words(&self.provenance.options)
    }

    /// Returns the Change-Id of the commit.
    pub(super) fn change_id(&self) -> Option<ChangeId> {
        message::change_id(&self.commit.message)
    }

    /// Returns what people should know where the run was by a newer git-rally than this one.
    pub(super) fn is_newer(&self) -> Option<String> {
        let numbers = |version: &str| -> Vec<u64> {
            let parts = version.split(['.', '-', '+']);
            parts.map_while(|part| part.parse().ok()).collect()
        };
        let (theirs, ours) = (self.provenance.version.as_str(), env!("CARGO_PKG_VERSION"));
        (numbers(theirs) > numbers(ours)).then(|| {
            format!("the last run was git-rally {theirs}, and this is {ours}: it may take back what that changed")
        })
    }

    /// Returns the commit and its day, for people.
    fn name(&self) -> String {
        let id = self.commit.id.to_string();
        format!("{} ({})", &id[..10], self.commit.date.day())
    }

    /// Returns what the run had rendered, as far as the history shows it.
    pub(super) fn earlier(
        &self,
        clone: &LocalClone<'_>,
        lines: MergeLines<'_>,
    ) -> Result<Earlier, Stop> {
        let files = clone.repo.snapshot(self.commit.id)?;
        let rendered = self.rendered(clone, lines, MOST_RUNS)?;
        let paths: BTreeSet<String> = files_of_rally_jobs(&files)?.into_iter().collect();
        let mut tasks = BTreeMap::new();
        for path in paths.iter().filter(|path| rally::may_be_task(path)) {
            let text = files.read(path)?.unwrap_or_default();
            tasks.insert(path.clone(), String::from_utf8_lossy(&text).into_owned());
        }
        let wrote = self.provenance.wrote.clone().unwrap_or_default();
        let others = match &wrote.others {
            Some(names) => Others::of_names(names),
            // Whoever amended the commit may have added some.
            None => match self.commit.parent {
                Some(parent) => {
                    let parent = clone.repo.snapshot(parent)?;
                    Others::of(&parent, &|path| rendered.is_ours(path))?
                }
                None => Others::of(&files, &|path| rendered.is_ours(path))?,
            },
        };
        let job = self.job(&files, rendered.job)?;
        let path = |name: &String| format!("{}/{name}", rally::DIRECTORY);
        Ok(Earlier {
            commit: self.name(),
            rendered: rendered.files,
            places: rendered.places,
            gone: wrote.gone.iter().map(path).collect(),
            digests: wrote.files,
            paths,
            tasks,
            job,
            others,
        })
    }

    fn job(&self, files: &Snapshot<'_>, text: Option<String>) -> Result<Option<EarlierJob>, Stop> {
        let options = self.remembered();
        if options.without_zuul {
            return Ok(None);
        }
        let name = self.job_name();
        if text.is_none() && self.wrote_no_job() {
            return Ok(None);
        }
        let votes = (self.provenance.wrote.as_ref()).and_then(|wrote| wrote.votes);
        let of_votes = |votes| match votes {
            true => Voting::Voting,
            false => Voting::NonVoting,
        };
        let now = self.own_job(files).map_or(name.clone(), |own| own.name);
        let voting = match options.voting.or(votes.map(of_votes)) {
            Some(voting) => voting,
            // A configuration that was broken then says nothing.
            None => match zuul::is_gated(files, &now) {
                Ok(true) => Voting::Voting,
                Ok(false) | Err(_) => Voting::NonVoting,
            },
        };
        Ok(Some(EarlierJob { name, text, voting }))
    }

    /// Returns whether the run is known to have added no job, as where one was there.
    fn wrote_no_job(&self) -> bool {
        let wrote = self.provenance.wrote.as_ref();
        wrote.is_some_and(|wrote| wrote.job.is_none() && wrote.votes.is_none())
    }

    /// Returns the job as it was in a commit. Whatever is wrong with the configuration of that day is
    /// not in the way of today's.
    fn own_job(&self, files: &Snapshot<'_>) -> Option<OwnJob> {
        match zuul::own_job(files, &self.job_name(), &self.task()) {
            Ok(Found::One(own)) => Some(*own),
            Ok(Found::Several(_) | Found::None) | Err(_) => None,
        }
    }

    fn job_name(&self) -> String {
        match self.remembered().job {
            Some(name) => name.to_string(),
            None => rally::job_name(&self.provenance.service),
        }
    }

    /// Returns the path of the task as it was rendered.
    fn task(&self) -> String {
        let name = match self.remembered().job {
            Some(name) => rally::task_name(&name.to_string()),
            None => rally::task_name(&self.provenance.service),
        };
        format!("{}/{name}", rally::DIRECTORY)
    }

    /// Returns what was rendered. A file that is in the commit as it was rendered is known by its
    /// digest. Of one that people had edited before, so that the commit has a merge, what was
    /// rendered is what their edits, taken out of the merge, leave; the digest proves it.
    fn rendered(
        &self,
        clone: &LocalClone<'_>,
        lines: MergeLines<'_>,
        runs: usize,
    ) -> Result<Rendered, Stop> {
        let files = clone.repo.snapshot(self.commit.id)?;
        let wrote = self.wrote(clone, &files)?;
        let mut found = Rendered::default();
        let mut there: BTreeMap<String, (Vec<u8>, Vec<String>)> = BTreeMap::new();
        let mut documents = String::new();
        for path in files_of_rally_jobs(&files)? {
            let content = files.read(&path)?.unwrap_or_default();
            if path.ends_with(".rst") {
                documents += &String::from_utf8_lossy(&content);
            }
            let id = id_of(&content)?;
            if wrote.has_file(&id) {
                let same = there.entry(id).or_insert_with(|| (content, Vec::new()));
                same.1.push(path);
            }
        }
        for (id, (content, paths)) in &there {
            let name = wrote.name_of(id);
            let name = name.map(|name| format!("{}/{name}", rally::DIRECTORY));
            for path in originals(paths, &self.task(), &documents) {
                let name = name.clone().unwrap_or_else(|| path.clone());
                found.add(name, path, content.clone());
            }
        }
        let there: Vec<String> = there.into_keys().collect();
        let own = self.own_job(&files);
        let is_ours = |text: &str| Ok::<bool, Stop>(wrote.has_job(&id_of(text.as_bytes())?));
        if let Some(own) = &own
            && is_ours(&own.text)?
        {
            found.job = Some(own.text.clone());
        }
        let lacks_job = own.is_some() && found.job.is_none() && wrote.job.is_some();
        if (wrote.has_only(&there) && !lacks_job) || runs == 0 {
            return Ok(found);
        }
        let Some(parent) = self.commit.parent else {
            return Ok(found);
        };
        let job = self.remembered().job;
        let is_same = |other: Option<&JobName>| other == job.as_ref();
        let service = &self.provenance.service;
        let Before::Run(before) = Run::find(clone, parent, service, &is_same)? else {
            return Ok(found);
        };
        let base = before.rendered(clone, lines, runs - 1)?;
        let edited = clone.repo.snapshot(parent)?;
        let paths = files_of_rally_jobs(&clone.repo.snapshot(before.commit.id)?)?;
        let paths = paths.into_iter().collect();
        // Then what our change has left of people's edits is ours.
        let is_untouched = has_our_files(clone, files.tree_id(), Some(parent), &self.provenance)?;
        for (path, was) in base.files {
            let place = base.places.get(&path).unwrap_or(&path);
            let Some(then) = place_in(&paths, &edited, place, &was)? else {
                continue;
            };
            if found.files.contains_key(&path) || files.kind(&then)? != Some(EntryKind::File) {
                continue;
            }
            let people = edited.read(&then)?.unwrap_or_default();
            let merged = files.read(&then)?.unwrap_or_default();
            let out = without_edits(&path, &people, &was, &merged, lines);
            let is_proven = match &out {
                Some(out) => is_untouched || wrote.has_file(&id_of(out)?),
                None => false,
            };
            // What the run before had rendered is a base as well: what this one changed counts as
            // a person's then, and stays.
            let rendered = out.filter(|_| is_proven).unwrap_or(was);
            found.add(path, then, rendered);
        }
        if let (true, Some(own), Some(was)) = (lacks_job, own, base.job) {
            let people = self.own_job(&edited);
            let out = people.and_then(|people| {
                let (people, merged) = (people.text.as_bytes(), own.text.as_bytes());
                let out = without_edits("job.yaml", people, was.as_bytes(), merged, lines)?;
                String::from_utf8(out).ok()
            });
            let is_proven = match &out {
                Some(out) => is_untouched || is_ours(out)?,
                None => false,
            };
            found.job = Some(out.filter(|_| is_proven).unwrap_or(was));
        }
        Ok(found)
    }

    /// Returns the digests of what was rendered. A version that did not write them down has only the
    /// tree: if the commit has it still, all that the commit brought was rendered.
    fn wrote(&self, clone: &LocalClone<'_>, files: &Snapshot<'_>) -> Result<Wrote, Stop> {
        if let Some(wrote) = &self.provenance.wrote {
            return Ok(wrote.clone());
        }
        let mut wrote = Wrote::default();
        if files.tree_id().to_string() != self.provenance.tree {
            return Ok(wrote);
        }
        let before = match self.commit.parent {
            Some(parent) => Some(clone.repo.snapshot(parent)?),
            None => None,
        };
        for path in files_of_rally_jobs(files)? {
            let content = files.read(&path)?;
            let old = match &before {
                Some(before) => before.read(&path)?,
                None => None,
            };
            if old != content {
                let id = id_of(&content.unwrap_or_default())?;
                wrote.files.push(Wrote::digest(&id));
            }
        }
        if let Some(own) = self.own_job(files) {
            wrote.job = Some(Wrote::digest(&id_of(own.text.as_bytes())?));
        }
        Ok(wrote)
    }
}

/// What a run rendered: path to content, and the item of the job.
#[derive(Default)]
struct Rendered {
    files: BTreeMap<String, Vec<u8>>,
    /// Path to where the commit has the file, where people have moved it.
    places: BTreeMap<String, String>,
    job: Option<String>,
}

impl Rendered {
    /// Adds a file that was rendered for a path and is at a place.
    fn add(&mut self, path: String, place: String, content: Vec<u8>) {
        if path != place {
            self.places.insert(path.clone(), place);
        }
        self.files.insert(path, content);
    }

    /// Returns whether a rendered file is at the place.
    fn is_ours(&self, place: &str) -> bool {
        match self.places.values().any(|other| other == place) {
            true => true,
            false => self.files.contains_key(place) && !self.places.contains_key(place),
        }
    }
}

/// Returns what the merge `merged` of a rendered text with `people`'s text would be without their
/// edits: `was` is what they had edited.
fn without_edits(
    path: &str,
    people: &[u8],
    was: &[u8],
    merged: &[u8],
    lines: MergeLines<'_>,
) -> Option<Vec<u8>> {
    let text = |bytes| std::str::from_utf8(bytes).ok();
    let sides = Sides {
        base: text(people)?,
        theirs: text(was)?,
        ours: text(merged)?,
    };
    let out = match path.ends_with(".yaml") {
        true => merge::yaml(&sides, lines),
        false => merge::text(&sides, lines),
    };
    Some(out.ok()?.text.into_bytes())
}

/// Returns which of the files with the same content were rendered; the others are people's copies.
fn originals(paths: &[String], task: &str, documents: &str) -> Vec<String> {
    let is_known = |path: &str| path == task || has_rendered_name(path);
    let is_named = |path: &str| documents.contains(path.rsplit('/').next().unwrap_or(path));
    for is_ours in [&is_known as &dyn Fn(&str) -> bool, &is_named] {
        let ours: Vec<String> = paths.iter().filter(|path| is_ours(path)).cloned().collect();
        if !ours.is_empty() {
            return ours;
        }
    }
    paths.to_vec()
}

fn id_of(bytes: &[u8]) -> Result<String, GitError> {
    Ok(git::blob_id(bytes)?.to_string())
}

/// Returns the refusal for a shallow clone that lacks the history.
pub(super) fn no_history(
    clone: &LocalClone<'_>,
    review_remote: &str,
    task: String,
) -> Result<NoHistory, GitError> {
    let remotes = clone.repo.remotes()?;
    let has = |name: &&str| remotes.iter().any(|remote| remote == name);
    let remote = [review_remote, "origin"].into_iter().find(has);
    let mut words = vec!["git"];
    if clone.name != "." {
        words.extend(["-C", &clone.name]);
    }
    words.extend(["fetch", "--unshallow"]);
    words.extend(remote);
    Ok(NoHistory {
        task,
        fetch: shell::line(words),
    })
}
