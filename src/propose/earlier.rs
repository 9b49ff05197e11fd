//! The last run of git-rally that the history has, and what it had rendered.

use std::collections::{BTreeMap, BTreeSet};

use super::remembered::Remembered;
use crate::files::Files;
use crate::git::{self, GitError, Id, LocalClone, Look, Past, PastCommit, Snapshot};
use crate::merge::MergeLines;
use crate::message::{self, ChangeId, Provenance};
use crate::plan::{Earlier, EarlierJob, JobName, Others, files_of_rally_jobs};
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
pub(super) const MOST_RUNS: usize = 20;

/// A run that the history has.
pub(super) struct Run {
    pub(super) commit: PastCommit,
    pub(super) provenance: Provenance,
}

/// The history that would tell is not in the clone.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{task}` differs, and this shallow clone lacks the commits that say whether git-rally wrote it"
)]
pub(super) struct NoHistory {
    task: String,
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
    pub(super) fn note(&self) -> Option<String> {
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
        let wrote = self.provenance.wrote.as_ref();
        let periodic = options.periodic;
        Ok(Some(EarlierJob {
            name,
            text,
            voting,
            periodic: periodic.unwrap_or(wrote.is_some_and(|wrote| wrote.periodic)),
        }))
    }

    /// Returns whether the run is known to have added no job, as where one was there.
    fn wrote_no_job(&self) -> bool {
        let wrote = self.provenance.wrote.as_ref();
        wrote.is_some_and(|wrote| wrote.job.is_none() && wrote.votes.is_none())
    }

    /// Returns the job as it was in a commit. Whatever is wrong with the configuration of that day is
    /// not in the way of today's.
    pub(super) fn own_job(&self, files: &Snapshot<'_>) -> Option<OwnJob> {
        match zuul::own_job(files, &self.job_name(), &self.task()) {
            Ok(Found::One(own)) => Some(*own),
            Ok(Found::Several(_) | Found::None) | Err(_) => None,
        }
    }

    pub(super) fn job_name(&self) -> String {
        match self.remembered().job {
            Some(name) => name.to_string(),
            None => rally::job_name(&self.provenance.service),
        }
    }

    /// Returns the path of the task as it was rendered.
    pub(super) fn task(&self) -> String {
        let name = match self.remembered().job {
            Some(name) => rally::task_name(&name.to_string()),
            None => rally::task_name(&self.provenance.service),
        };
        format!("{}/{name}", rally::DIRECTORY)
    }
}

pub(super) fn id_of(bytes: &[u8]) -> Result<String, GitError> {
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
