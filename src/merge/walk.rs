//! The walk over three texts: what differs between base and ours is done to theirs.

use std::collections::{BTreeMap, HashSet};

use super::edit::{Edit, New, Splice};
use super::identity::{self, Likeness};
use super::parts::{Parts, Shape, hanging, moved, moved_lines};
use super::{Conflict, Kept, Lines, MergeLines, Sides, header, sense};
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
struct Three {
    base: usize,
    theirs: usize,
    ours: usize,
}

pub(super) struct Walk<'w, 't> {
    base: &'w Parts<'t>,
    theirs: &'w Parts<'t>,
    ours: &'w Parts<'t>,
    lines: MergeLines<'w>,
    ours_of_base: Vec<Option<usize>>,
    theirs_of_base: Vec<Option<usize>>,
    base_of_ours: Vec<Option<usize>>,
    /// Of what is not in base.
    theirs_of_ours: Vec<Option<usize>>,
    removed: HashSet<usize>,
    found: Found,
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
        if sense::of(self.base, at.base) == sense::of(self.ours, at.ours) {
            return Ok(());
        }
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
    fn editable(&self, theirs: usize) -> Result<(), Unclear> {
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
        let what = format!("{name} is kept: git-rally has it no more, but somebody edited it");
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

    /// Merges the comments above a part.
    fn lead(&mut self, at: Three) -> Result<(), Unclear> {
        let texts = [
            self.base.lead(at.base),
            self.theirs.lead(at.theirs),
            self.ours.lead(at.ours),
        ];
        let Some(merged) = self.comment(&texts) else {
            self.conflict(Some(at.base), at.theirs, at.ours);
            return Ok(());
        };
        if merged == texts[1] {
            return Ok(());
        }
        self.editable(at.theirs)?;
        let part = &self.theirs.all[at.theirs];
        let lines = match merged.is_empty() {
            true => String::new(),
            false => merged + "\n",
        };
        let lines = moved_lines(&lines, 0, part.column);
        let text = match part.inline {
            true if lines.is_empty() => lines,
            true => format!(
                "{}{}",
                lines.trim_start_matches(' '),
                " ".repeat(part.column)
            ),
            false => lines,
        };
        let bytes = part.lead..self.theirs.line_start(at.theirs);
        self.found.edits.push(Edit { bytes, text });
        Ok(())
    }

    /// Merges what is behind the key of a collection, or above the first part of all.
    fn head(&mut self, at: Three) -> Result<(), Unclear> {
        let part = &self.theirs.all[at.theirs];
        let bytes = part.head..part.body;
        if part.parent.is_none() {
            let header = |parts: &Parts<'_>| parts.text[..parts.all[0].body].to_owned();
            let [base, theirs, ours] = [self.base, self.theirs, self.ours].map(header);
            let sides = Sides {
                base: &base,
                theirs: &theirs,
                ours: &ours,
            };
            match header::merge(&sides, self.lines) {
                Some(text) if text == theirs => {}
                Some(text) => self.found.edits.push(Edit { bytes, text }),
                None => self.found.conflicts.push(sides.conflict()),
            }
            return Ok(());
        }
        let texts = [
            self.base.head(at.base),
            self.theirs.head(at.theirs),
            self.ours.head(at.ours),
        ];
        match settled(&texts) {
            Some(merged) if merged == texts[1] => {}
            Some(merged) if self.theirs.text[bytes.clone()].ends_with('\n') => {
                let text = match merged {
                    "" => "\n".to_owned(),
                    merged => format!(" {merged}\n"),
                };
                self.found.edits.push(Edit { bytes, text });
            }
            Some(_) => return Err(Unclear),
            None => self.conflict(Some(at.base), at.theirs, at.ours),
        }
        Ok(())
    }

    /// Merges the comments behind a value.
    fn tail(&mut self, at: Three) -> Result<(), Unclear> {
        let texts = [
            self.base.tail(at.base),
            self.theirs.tail(at.theirs),
            self.ours.tail(at.ours),
        ];
        let [base, theirs, ours] = texts.each_ref().map(|text| text.trim());
        match settled(&[base, theirs, ours]) {
            Some(merged) if merged == theirs => {}
            Some(_) => {
                let column = self.theirs.all[at.theirs].column;
                let text = match self.theirs.all[at.theirs].shape {
                    Shape::Leaf => moved(&texts[2], 0, column),
                    _ => moved_lines(&texts[2], 0, column),
                };
                let bytes = self.theirs.tail_bytes(at.theirs);
                self.found.edits.push(Edit { bytes, text });
            }
            None => self.conflict(Some(at.base), at.theirs, at.ours),
        }
        Ok(())
    }

    /// Merges a value that has no parts.
    fn value(&mut self, at: Three) -> Result<(), Unclear> {
        let texts = [
            sense::value(self.base, at.base),
            sense::value(self.theirs, at.theirs),
            sense::value(self.ours, at.ours),
        ];
        let [base, theirs, ours] = texts.each_ref().map(String::as_str);
        match settled(&[base, theirs, ours]) {
            Some(merged) if merged == theirs => {}
            Some(_) => self.set(at, self.ours.value(at.ours), Becomes::Ours(at.ours))?,
            None => match self.merged_value(at) {
                Some((text, becomes)) => self.set(at, text, becomes)?,
                None => self.conflict(Some(at.base), at.theirs, at.ours),
            },
        }
        Ok(())
    }

    fn set(&mut self, at: Three, text: String, becomes: Becomes) -> Result<(), Unclear> {
        let part = &self.theirs.all[at.theirs];
        // a block scalar that keeps blank lines: its lines end with the value
        let is_ended = |text: &str| text.ends_with('\n');
        if is_ended(&text) || is_ended(&self.theirs.text[part.head..part.foot]) {
            return Err(Unclear);
        }
        self.found.edits.push(Edit {
            bytes: part.head..part.foot,
            text: moved(&text, 0, part.column),
        });
        let part = at.theirs;
        self.found.values.push(Value { part, becomes });
        Ok(())
    }

    /// Merges a value of several lines, line by line.
    fn merged_value(&self, at: Three) -> Option<(String, Becomes)> {
        let texts = [
            self.base.value(at.base),
            self.theirs.value(at.theirs),
            self.ours.value(at.ours),
        ];
        if !texts.iter().all(|text| text.contains('\n')) {
            return None;
        }
        // how far the lines hang is a matter of style
        let column = hanging(&texts[1]);
        let [base, theirs, ours] = texts.map(|text| moved(&text, hanging(&text), 0) + "\n");
        let sides = Sides {
            base: &base,
            theirs: &theirs,
            ours: &ours,
        };
        let Lines::Clean(merged) = (self.lines)(&sides) else {
            return None;
        };
        let merged = moved(merged.trim_end_matches('\n'), 0, column);
        let snippet = yaml::parse(&format!("-{merged}\n")).ok()?;
        let value = snippet.root()?.items().next()?.id;
        Some((merged, Becomes::Merged(snippet.tree().clone(), value)))
    }

    /// Replaces all that is behind the key or dash, where one side has parts and another none.
    fn rest(&mut self, at: Three) -> Result<(), Unclear> {
        let texts = [
            sense::inner(self.base, at.base),
            sense::inner(self.theirs, at.theirs),
            sense::inner(self.ours, at.ours),
        ];
        let [base, theirs, ours] = texts.each_ref().map(String::as_str);
        let part = &self.theirs.all[at.theirs];
        match settled(&[base, theirs, ours]) {
            Some(merged) if merged == theirs => {}
            Some(_) if part.parent.is_none() => return Err(Unclear),
            Some(_) => {
                let bytes = part.head..self.theirs.last_byte(at.theirs);
                let text = moved(&self.ours.rest(at.ours), 0, part.column);
                if text.ends_with('\n') || self.theirs.text[bytes.clone()].ends_with('\n') {
                    return Err(Unclear);
                }
                self.found.edits.push(Edit { bytes, text });
                self.found.values.push(Value {
                    part: at.theirs,
                    becomes: Becomes::Ours(at.ours),
                });
            }
            None => self.conflict(Some(at.base), at.theirs, at.ours),
        }
        Ok(())
    }

    fn comment(&self, texts: &[String; 3]) -> Option<String> {
        let [base, theirs, ours] = texts.each_ref().map(String::as_str);
        if let Some(text) = settled(&[base, theirs, ours]) {
            return Some(text.to_owned());
        }
        let [base, theirs, ours] = texts.each_ref().map(|text| format!("{text}\n"));
        let sides = Sides {
            base: &base,
            theirs: &theirs,
            ours: &ours,
        };
        match (self.lines)(&sides) {
            Lines::Clean(text) => Some(text.trim_end().to_owned()),
            Lines::Conflicts(_) => None,
        }
    }

    fn keep(&mut self, theirs: usize, what: String) {
        let line = self.theirs.line(theirs);
        self.found.kept.push(Kept { line, what });
    }

    fn conflict(&mut self, base: Option<usize>, theirs: usize, ours: usize) {
        let written = |parts: &Parts<'_>, at: usize| parts.lines(at);
        let part = &self.theirs.all[theirs];
        let line_of = |byte: usize| 1 + self.theirs.text[..byte].matches('\n').count();
        let conflict = Conflict {
            line: line_of(part.lead),
            last: line_of(self.theirs.last_byte(theirs)),
            base: base.map_or(String::new(), |base| written(self.base, base)),
            theirs: written(self.theirs, theirs),
            ours: written(self.ours, ours),
        };
        if !self.found.conflicts.contains(&conflict) {
            self.found.conflicts.push(conflict);
        }
    }
}

/// Returns the text that there is no question about, of base, theirs and ours.
fn settled<'a>([base, theirs, ours]: &[&'a str; 3]) -> Option<&'a str> {
    Sides { base, theirs, ours }.settled().map(|text| {
        // the lifetime of the texts, not that of the sides
        if text == *theirs { *theirs } else { *ours }
    })
}

/// Returns what people call a part.
fn called(parts: &Parts<'_>, at: usize) -> String {
    let node = parts.node(at);
    if let Some(key) = parts.key(at) {
        return format!("`{key}`");
    }
    if let Some(scenario) = identity::scenario(node) {
        return format!("workload `{scenario}`");
    }
    match identity::name(node) {
        Some(name) if node.own("workloads").is_some() => format!("subtask `{name}`"),
        Some(name) => format!("`{name}`"),
        None => "an item".to_owned(),
    }
}
