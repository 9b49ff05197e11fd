//! The commits of a history that changed certain entries of the topmost directory, newest first.
//!
//! The walk is that of `git log -- PATH`: of a merge that has what one parent has, only that parent
//! is followed. What lies between two commits that have the same is taken for the same, so that one
//! tree of many is read: who changed something and took it back at once is not seen.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::io::ErrorKind;
use std::rc::Rc;

use super::error::for_cause;
use super::{Cause, GitError, Id, ObjectError, Repo, When, object, own_file};

/// How closely a history is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// How many commits are looked at one by one.
    pub near: usize,
    /// Of how many commits behind them one is.
    pub stride: usize,
    /// How many commits are read at most, to the next that is looked at.
    pub most: usize,
    /// Whether commits without the first of the names, and what is before them, are passed over.
    pub only_with_first: bool,
}

/// A commit that changed something.
#[derive(Clone, Debug)]
pub struct PastCommit {
    pub id: Id,
    /// The first parent; `None` of a first commit.
    pub parent: Option<Id>,
    pub message: String,
    /// Its committer's date.
    pub date: When,
}

/// What a search found.
#[derive(Clone, Debug)]
pub enum Past {
    Found(Box<PastCommit>),
    /// Nothing, and the older commits are not in this clone.
    CutOff,
    Nothing,
}

/// What has to be known of a commit to walk on.
#[derive(Debug)]
pub(super) struct Step {
    parents: Vec<Id>,
    tree: Id,
    /// Seconds since 1970.
    time: i64,
}

/// The ids of the entries that count, in their order.
type State = Rc<Vec<Option<Id>>>;

struct Walk<'r> {
    repo: &'r Repo,
    names: &'r [&'r str],
    states: HashMap<Id, State>,
    passed: HashSet<Id>,
    /// Commits that differ from their first parent, or have none: time, order, id.
    queue: BinaryHeap<(i64, Reverse<usize>, Id)>,
    look: Look,
    /// How many commits were passed.
    walked: usize,
}

impl Repo {
    /// Returns the newest commit reachable from `tip` that changed one of `names`, entries of the
    /// topmost directory, and that `accept` takes.
    pub fn last_change(
        &self,
        tip: Id,
        names: &[&str],
        look: Look,
        accept: &mut dyn FnMut(&PastCommit) -> bool,
    ) -> Result<Past, GitError> {
        let mut walk = Walk {
            repo: self,
            names,
            states: HashMap::new(),
            passed: HashSet::new(),
            queue: BinaryHeap::new(),
            look,
            walked: 0,
        };
        walk.push(tip)?;
        let cut = self.shallow()?;
        let mut is_cut = false;
        while let Some((_, _, id)) = walk.queue.pop() {
            let step = walk.step(id)?;
            let state = walk.state(id)?;
            let same = step.parents.iter().copied();
            let same = same.map(|parent| Ok((parent, walk.state(parent)? == state)));
            let same: Vec<(Id, bool)> = same.collect::<Result<_, GitError>>()?;
            if let Some((parent, _)) = same.iter().find(|(_, is_same)| *is_same) {
                walk.push(*parent)?;
                continue;
            }
            is_cut |= cut.contains(&id);
            // A first commit changes what it has.
            if !step.parents.is_empty() || state.iter().any(Option::is_some) {
                let commit = self.past_commit(id, &step)?;
                if accept(&commit) {
                    return Ok(Past::Found(Box::new(commit)));
                }
                walk.push_reverted(&commit.message, &state)?;
            }
            for parent in &step.parents {
                let is_any = !look.only_with_first;
                if is_any || walk.state(*parent)?.first().is_some_and(Option::is_some) {
                    walk.push(*parent)?;
                }
            }
        }
        Ok(match is_cut {
            true => Past::CutOff,
            false => Past::Nothing,
        })
    }

    fn past_commit(&self, id: Id, step: &Step) -> Result<PastCommit, GitError> {
        let commit = object::commit(self, id).map_err(|e| self.no_history(id, e))?;
        Ok(PastCommit {
            id,
            parent: step.parents.first().copied(),
            message: String::from_utf8_lossy(commit.message_raw_bytes()).into_owned(),
            date: When {
                seconds: step.time,
                offset: commit.time().offset_minutes(),
            },
        })
    }

    /// Returns the commits of a shallow clone whose parents are not here.
    fn shallow(&self) -> Result<HashSet<Id>, GitError> {
        let path = self.inner.commondir().join("shallow");
        let list = match own_file::text(&path) {
            Ok(list) => list,
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => {
                return Err(ObjectError::Unreadable {
                    what: format!("`{}`", path.display()),
                    hint: for_cause(error.kind(), &path.display().to_string()),
                    source: Cause::of_words(error.to_string()),
                }
                .into());
            }
        };
        Ok(list.lines().filter_map(|line| line.parse().ok()).collect())
    }

    fn no_history(&self, id: Id, source: git2::Error) -> GitError {
        ObjectError::Unreadable {
            what: format!("the commit {id} of the history"),
            hint: self.remedy(&source, &id.to_string()),
            source: source.into(),
        }
        .into()
    }
}

impl Walk<'_> {
    /// Queues the newest commit at or before `id`, along first parents, that differs from its first
    /// parent or has none.
    fn push(&mut self, id: Id) -> Result<(), GitError> {
        if self.passed.contains(&id) {
            return Ok(());
        }
        let state = self.state(id)?;
        let mut run = vec![id];
        let mut is_known = false;
        loop {
            let last = run[run.len() - 1];
            // Another walk has gone on from there.
            is_known |= !self.passed.insert(last);
            self.walked += 1;
            let parent = self.step(last)?.parents.first().copied();
            let is_end = is_known || parent.is_none();
            let stride = match self.walked < self.look.near {
                true => 1,
                false => self.look.stride,
            };
            if is_end || run.len() > stride {
                if self.state(last)? != state {
                    break;
                }
                if is_known || self.walked > self.look.most {
                    return Ok(());
                }
                if parent.is_none() {
                    return self.queue(last);
                }
                run = vec![last];
            }
            run.extend(parent);
        }
        // the first has the state, the last has not
        let (mut same, mut other) = (0, run.len() - 1);
        while other - same > 1 {
            let middle = (same + other) / 2;
            match self.state(run[middle])? == state {
                true => same = middle,
                false => other = middle,
            }
        }
        let known = usize::from(is_known);
        for later in &run[other..run.len() - known] {
            self.passed.remove(later);
        }
        self.queue(run[same])
    }

    /// Queues what a revert of a revert has brought back: it was there before the commit that it names,
    /// and what lies between is passed over.
    fn push_reverted(&mut self, message: &str, state: &State) -> Result<(), GitError> {
        // A commit that is not here, or no commit, tells nothing.
        let Some(step) = reverted(message).and_then(|id| self.step(id).ok()) else {
            return Ok(());
        };
        for parent in &step.parents {
            if self.state(*parent).is_ok_and(|before| before == *state) {
                self.push(*parent)?;
            }
        }
        Ok(())
    }

    fn queue(&mut self, id: Id) -> Result<(), GitError> {
        let time = self.step(id)?.time;
        self.queue.push((time, Reverse(self.queue.len()), id));
        Ok(())
    }

    fn step(&mut self, id: Id) -> Result<Rc<Step>, GitError> {
        if let Some(step) = self.repo.steps.borrow().get(&id) {
            return Ok(step.clone());
        }
        let found = object::commit(self.repo, id);
        let commit = found.map_err(|e| self.repo.no_history(id, e))?;
        let step = Rc::new(Step {
            parents: commit.parent_ids().collect(),
            tree: commit.tree_id(),
            time: commit.time().seconds(),
        });
        self.repo.steps.borrow_mut().insert(id, step.clone());
        Ok(step)
    }

    fn state(&mut self, id: Id) -> Result<State, GitError> {
        if let Some(state) = self.states.get(&id) {
            return Ok(state.clone());
        }
        let tree = self.step(id)?.tree;
        let tree = object::tree(self.repo, tree).map_err(|e| self.repo.no_history(id, e))?;
        let names = self.names.iter();
        let state = names.map(|name| tree.get_name(name).map(|entry| entry.id()));
        let state = Rc::new(state.collect::<Vec<_>>());
        self.states.insert(id, state.clone());
        Ok(state)
    }
}

/// Returns the commit that a message says it reverts, as git and Gerrit write it.
fn reverted(message: &str) -> Option<Id> {
    let (_, rest) = message.split_once("This reverts commit ")?;
    let id: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
    (id.len() >= 40).then(|| id.parse().ok())?
}
