//! The walk over three texts: what differs between base and ours is done to theirs.

use std::collections::{BTreeMap, HashSet};

use super::edit::{Edit, New, Splice};
use super::identity::{self, Likeness};
use super::parts::{Parts, Shape};
use super::say::called;
use super::{Conflict, Kept, MergeLines, sense};
use crate::yaml::{self, Id};

/// What the walk has found.
#[derive(Default)]
pub(super) struct Found {
    pub(super) edits: Vec<Edit>,
    /// By the collection of theirs.
    pub(super) splices: BTreeMap<usize, Splice>,
    pub(super) values: Vec<Value>,
    pub(super) kept: Vec<Kept>,
    pub(super) conflicts: Vec<Conflict>,
}

/// A value of theirs that becomes another.
pub(super) struct Value {
    /// The part of theirs.
    pub(super) part: usize,
    pub(super) becomes: Becomes,
}

/// What a value becomes.
pub(super) enum Becomes {
    /// That of a part of ours.
    Ours(usize),
    /// A node of a text of its own.
    Merged(yaml::Tree, Id),
}

/// The structure does not tell what to do.
pub(super) struct Unclear;

/// One part in all three texts.
#[derive(Clone, Copy)]
pub(super) struct Three {
    pub(super) base: usize,
    pub(super) theirs: usize,
    pub(super) ours: usize,
}

/// The three texts, and what is found on the way.
pub(super) struct Walk<'w, 't> {
    pub(super) base: &'w Parts<'t>,
    pub(super) theirs: &'w Parts<'t>,
    pub(super) ours: &'w Parts<'t>,
    pub(super) lines: MergeLines<'w>,
    ours_of_base: Vec<Option<usize>>,
    theirs_of_base: Vec<Option<usize>>,
    base_of_ours: Vec<Option<usize>>,
    /// Of what is not in base.
    theirs_of_ours: Vec<Option<usize>>,
    removed: HashSet<usize>,
    pub(super) found: Found,
}

/// Returns what to do to theirs.
pub(super) fn walk<'t>(
    base: &Parts<'t>,
    theirs: &Parts<'t>,
    ours: &Parts<'t>,
    lines: MergeLines<'_>,
) -> Result<Found, Unclear> {
    let ours_of_base = identity::pair(base, ours, Likeness::Edited);
    let theirs_of_base = identity::pair(base, theirs, Likeness::Edited);
    let mut walk = Walk {
        base_of_ours: turned(&ours_of_base, ours.all.len()),
        theirs_of_ours: identity::pair(ours, theirs, Likeness::Named),
        base,
        theirs,
        ours,
        lines,
        ours_of_base,
        theirs_of_base,
        removed: HashSet::new(),
        found: Found::default(),
    };
    walk.leave_what_is_in_base();
    walk.part(Three {
        base: 0,
        theirs: 0,
        ours: 0,
    })?;
    let mut found = walk.found;
    for (at, splice) in &found.splices {
        splice.edit(theirs, *at, &mut found.edits).ok_or(Unclear)?;
    }
    found.kept.sort_by_key(|kept| kept.line);
    found.conflicts.sort_by_key(|conflict| conflict.line);
    Ok(found)
}

fn turned(pairs: &[Option<usize>], length: usize) -> Vec<Option<usize>> {
    let mut turned = vec![None; length];
    for (at, other) in pairs.iter().enumerate() {
        if let Some(other) = other {
            turned[*other] = Some(at);
        }
    }
    turned
}

impl Walk<'_, '_> {
    /// What theirs has of base is not new in both.
    fn leave_what_is_in_base(&mut self) {
        let of_base: HashSet<usize> = self.theirs_of_base.iter().flatten().copied().collect();
        for (at, theirs) in self.theirs_of_ours.iter_mut().enumerate() {
            *theirs = theirs
                .filter(|theirs| self.base_of_ours[at].is_none() && !of_base.contains(theirs));
        }
    }

    fn part(&mut self, at: Three) -> Result<(), Unclear> {
        self.lead(at)?;
        if sense::inner(self.base, at.base) == sense::inner(self.ours, at.ours) {
            return Ok(());
        }
        let shapes = [
            self.base.all[at.base].shape,
            self.theirs.all[at.theirs].shape,
            self.ours.all[at.ours].shape,
        ];
        self.editable(at.theirs)?;
        match shapes {
            [Shape::Leaf, Shape::Leaf, Shape::Leaf] => {
                self.value(at)?;
                self.tail(at)
            }
            [base, theirs, ours] if base == theirs && theirs == ours => {
                self.head(at)?;
                self.children(at)?;
                self.tail(at)
            }
            _ => self.rest(at),
        }
    }

    /// Fails where an edit of the part would mean something elsewhere too.
    pub(super) fn editable(&self, theirs: usize) -> Result<(), Unclear> {
        let is_tied = self.theirs.upwards(theirs).any(|at| {
            let node = self.theirs.node(at);
            node.is_alias() || node.is_shared() || node.merges()
        });
        if is_tied { Err(Unclear) } else { Ok(()) }
    }

    /// Does to the pairs or items of theirs what ours did.
    fn children(&mut self, at: Three) -> Result<(), Unclear> {
        let (base, ours) = (self.base, self.ours);
        for child in &base.all[at.base].children {
            if self.ours_of_base[*child].is_none() {
                self.dropped(*child)?;
            }
        }
        let mut after = None;
        for child in &ours.all[at.ours].children {
            let there = self.child(*child, at.theirs, after)?;
            let is_here = |there: &usize| self.theirs.all[*there].parent == Some(at.theirs);
            after = there.filter(is_here).or(after);
        }
        Ok(())
    }

    /// Merges one child of ours; returns the part of theirs that it is.
    fn child(
        &mut self,
        ours: usize,
        into: usize,
        after: Option<usize>,
    ) -> Result<Option<usize>, Unclear> {
        let Some(base) = self.base_of_ours[ours] else {
            let there = self.theirs_of_ours[ours];
            match there {
                Some(theirs) => self.added_twice(theirs, ours),
                None => self.insert(ours, into, after)?,
            }
            return Ok(there);
        };
        match self.theirs_of_base[base] {
            Some(theirs) if !self.is_removed(theirs) => {
                self.part(Three { base, theirs, ours })?;
                return Ok(Some(theirs));
            }
            Some(_) => self.insert(ours, into, after)?,
            None if sense::of(self.base, base) != sense::of(self.ours, ours) => {
                let name = called(self.ours, ours);
                let what =
                    format!("{name} stays out: git-rally changes it, but somebody removed it");
                self.keep(into, what);
            }
            None => {}
        }
        Ok(None)
    }

    /// Takes away what ours has no more, unless somebody edited it.
    fn dropped(&mut self, base: usize) -> Result<(), Unclear> {
        let Some(theirs) = self.theirs_of_base[base] else {
            return Ok(());
        };
        if sense::of(self.base, base) == sense::of(self.theirs, theirs) {
            return self.remove(theirs);
        }
        let name = called(self.theirs, theirs);
        let what = format!("{name} is kept: git-rally no longer has it, but somebody edited it");
        self.keep(theirs, what);
        Ok(())
    }

    fn remove(&mut self, theirs: usize) -> Result<(), Unclear> {
        self.editable(theirs)?;
        let parent = self.theirs.all[theirs].parent.ok_or(Unclear)?;
        let splice = self.found.splices.entry(parent).or_default();
        splice.removed.insert(theirs);
        self.removed.insert(theirs);
        Ok(())
    }

    fn is_removed(&self, theirs: usize) -> bool {
        let mut above = self.theirs.upwards(theirs);
        above.any(|at| self.removed.contains(&at))
    }

    fn insert(&mut self, ours: usize, into: usize, after: Option<usize>) -> Result<(), Unclear> {
        self.editable(into)?;
        self.leave_moved(ours)?;
        let splice = self.found.splices.entry(into).or_default();
        splice.inserted.entry(after).or_default().push(New {
            part: ours,
            lines: self.ours.lines(ours),
            set_off: self.ours.is_set_off(ours),
        });
        Ok(())
    }

    /// Takes workloads away that come with a new subtask.
    fn leave_moved(&mut self, subtask: usize) -> Result<(), Unclear> {
        let mut open = self.ours.all[subtask].children.clone();
        while let Some(ours) = open.pop() {
            open.extend(&self.ours.all[ours].children);
            if !identity::is_workload(self.ours, ours) {
                continue;
            }
            let base = self.base_of_ours[ours];
            let there = base.and_then(|base| Some((base, self.theirs_of_base[base]?)));
            match there.filter(|(_, theirs)| !self.is_removed(*theirs)) {
                Some((base, theirs))
                    if sense::of(self.base, base) == sense::of(self.theirs, theirs) =>
                {
                    self.remove(theirs)?;
                }
                Some((base, theirs)) => self.conflict(Some(base), theirs, ours),
                None => {}
            }
        }
        Ok(())
    }

    fn added_twice(&mut self, theirs: usize, ours: usize) {
        if sense::inner(self.theirs, theirs) != sense::inner(self.ours, ours) {
            self.conflict(None, theirs, ours);
        }
    }
}
