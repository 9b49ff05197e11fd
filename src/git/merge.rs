//! The merge of three texts by lines, as `git merge-file` does it.

use std::path::Path;

use git2::{DiffOptions, MergeFileInput, MergeFileOptions, Oid, Patch};

use crate::merge::{Conflict, Lines, Sides};

/// What the lines between sections of a conflict are made of, in their order.
const MARKERS: [char; 4] = ['<', '|', '=', '>'];

/// Bytes of a text that are merged.
const LONGEST: usize = 1 << 26;

/// Returns the merged text where no change of one side touches one of the other, else all
/// conflicts.
pub fn merge_lines(sides: &Sides<'_>) -> Lines {
    merged(sides).unwrap_or_else(|| Lines::Conflicts(vec![whole(sides)]))
}

/// Returns `None` where libgit2 has no answer.
fn merged(sides: &Sides<'_>) -> Option<Lines> {
    let all = [sides.base, sides.theirs, sides.ours];
    // libgit2 merges no binary files; reading what it returns then is not sound
    if all
        .iter()
        .any(|text| text.contains('\0') || text.len() > LONGEST)
    {
        return None;
    }
    let size = 1 + longest_run(sides);
    // libgit2 returns no bytes at all for an empty text, and so no text is empty here
    let first = format!("{}\n", "#".repeat(size));
    let inputs = [sides.theirs, sides.base, sides.ours].map(|text| format!("{first}{text}"));
    let result = merge(&inputs, u16::try_from(size).ok()?)?;
    let out = result.strip_prefix(&first)?;
    let sections = Sections::read(out, size);
    if sections.hunks.is_empty() {
        return Some(Lines::Clean(sections.text));
    }
    Some(Lines::Conflicts(sections.conflicts(sides)?))
}

/// Merges with a person's side first.
fn merge(inputs: &[String; 3], size: u16) -> Option<String> {
    let [theirs, base, ours] = inputs.each_ref().map(|text| {
        let mut input = MergeFileInput::new();
        input.content(text.as_bytes());
        input
    });
    let mut options = MergeFileOptions::new();
    options.style_diff3(true).marker_size(size);
    // `merge_file` is the one function of git2 that does not start libgit2; this one does
    Oid::from_str("0").ok()?;
    let result = git2::merge_file(&base, &theirs, &ours, Some(&mut options)).ok()?;
    String::from_utf8(result.content().to_vec()).ok()
}

/// Returns the longest run of one character that a line starts with and that may be a marker.
fn longest_run(sides: &Sides<'_>) -> usize {
    let texts = [sides.base, sides.theirs, sides.ours];
    let lines = texts.iter().flat_map(|text| text.split('\n'));
    let runs = lines.filter_map(|line| {
        let mark = line.chars().next()?;
        let is_marker = mark == '#' || MARKERS.contains(&mark);
        is_marker.then(|| line.chars().take_while(|c| *c == mark).count())
    });
    // git's own are seven
    runs.max().unwrap_or(0).max(7)
}

/// A text with conflicts, taken apart.
#[derive(Default)]
struct Sections {
    /// The text with each conflict as a person has it.
    text: String,
    hunks: Vec<Hunk>,
}

#[derive(Default)]
struct Hunk {
    /// Lines of `Sections::text` before it.
    before: usize,
    /// What the person's side, the base, and our side have.
    sides: [String; 3],
}

impl Sections {
    fn read(out: &str, size: usize) -> Sections {
        let mut sections = Sections::default();
        let (mut open, mut lines) = (None, 0);
        for line in out.split_inclusive('\n') {
            match (marker(line, size), open) {
                (Some(0), None) => {
                    sections.hunks.push(Hunk {
                        before: lines,
                        ..Hunk::default()
                    });
                    open = Some(0);
                }
                (Some(3), Some(_)) => open = None,
                (Some(side), Some(_)) => open = Some(side),
                (_, side) => {
                    if let (Some(side), Some(hunk)) = (side, sections.hunks.last_mut()) {
                        hunk.sides[side].push_str(line);
                    }
                    if side.unwrap_or(0) == 0 {
                        sections.text.push_str(line);
                        lines += 1;
                    }
                }
            }
        }
        sections
    }

    fn conflicts(self, sides: &Sides<'_>) -> Option<Vec<Conflict>> {
        // both end as git ends a side of a conflict
        let ended = |text: &str| format!("{}\n", text.strip_suffix('\n').unwrap_or(text));
        let before = LinesBefore::new(&ended(sides.theirs), &ended(&self.text))?;
        let conflict = |hunk: Hunk| {
            let [theirs, base, ours] = hunk.sides;
            let line = 1 + before.of(hunk.before);
            Conflict {
                line,
                last: line + theirs.lines().count() - 1,
                base: as_in(sides.base, base),
                theirs: as_in(sides.theirs, theirs),
                ours: as_in(sides.ours, ours),
            }
        };
        Some(self.hunks.into_iter().map(conflict).collect())
    }
}

/// Returns which section the line begins, or 3 for the end of a conflict.
fn marker(line: &str, size: usize) -> Option<usize> {
    let run = |mark: &char| line.chars().take_while(|c| c == mark).count() == size;
    MARKERS.iter().position(run)
}

/// Takes away the line feed that is set before a marker where the text does not end in one.
fn as_in(text: &str, mut part: String) -> String {
    if !text.ends_with('\n') && part.ends_with('\n') && !text.contains(&part) {
        part.pop();
    }
    part
}

/// Says how many lines of one text are before a line of another.
struct LinesBefore {
    /// First line and lines in the one, first line and lines in the other, from 0.
    changes: Vec<[usize; 4]>,
}

impl LinesBefore {
    fn new(one: &str, other: &str) -> Option<LinesBefore> {
        let mut options = DiffOptions::new();
        options.context_lines(0).force_text(true);
        let (old, new) = (one.as_bytes(), other.as_bytes());
        let none: Option<&Path> = None;
        let patch = Patch::from_buffers(old, none, new, none, Some(&mut options)).ok()?;
        let mut changes = Vec::new();
        for index in 0..patch.num_hunks() {
            let (hunk, _) = patch.hunk(index).ok()?;
            // where there are no lines, git names the one before
            let first = |start: u32, count: u32| start.saturating_sub(u32::from(count > 0));
            changes.push(
                [
                    first(hunk.old_start(), hunk.old_lines()),
                    hunk.old_lines(),
                    first(hunk.new_start(), hunk.new_lines()),
                    hunk.new_lines(),
                ]
                .map(|number| number as usize),
            );
        }
        Some(LinesBefore { changes })
    }

    fn of(&self, line: usize) -> usize {
        let changes = self.changes.iter();
        let last = changes.rev().find(|[_, _, new, lines]| match lines {
            0 => *new <= line,
            _ => *new < line,
        });
        last.map_or(line, |[old, old_lines, new, new_lines]| {
            let behind = line - new;
            match behind < *new_lines {
                true => old + behind.min(*old_lines),
                false => old + old_lines + behind - new_lines,
            }
        })
    }
}

fn whole(sides: &Sides<'_>) -> Conflict {
    Conflict {
        line: 1,
        last: sides.theirs.lines().count(),
        base: sides.base.to_owned(),
        theirs: sides.theirs.to_owned(),
        ours: sides.ours.to_owned(),
    }
}
