//! A three-way merge of texts, which carries what git-rally changed in its own files into files
//! that people have edited since.
//!
//! ```text
//! outer     byte order mark, line breaks and the end of the last line: merged apart from the lines
//! yaml      the merge by structure, and what it falls back to
//! parts     pairs and items with their comments, by bytes; find: where they are in a text
//! sense     what a part says, however it is indented and ordered
//! identity  which part of one text is which of another
//! walk      three texts -> edits  where base and ours differ, and nowhere else
//! own       what a part has beside its children: comments, the value of a leaf
//! header    the comments at the top, line by line
//! edit      edits -> text
//! say       what people are told of it
//! prove     the new text means what the walk meant
//! ```
//!
//! There is never a conflict marker: what cannot be merged is a [`Conflict`].

mod edit;
mod find;
mod header;
mod identity;
mod outer;
mod own;
mod parts;
mod prove;
mod say;
mod sense;
mod walk;
mod yaml;

pub use yaml::yaml;

use outer::Outer;

/// The three texts of a merge.
#[derive(Clone, Copy, Debug)]
pub struct Sides<'a> {
    /// What git-rally rendered at an earlier run.
    pub base: &'a str,
    /// What is in the repository now.
    pub theirs: &'a str,
    /// What git-rally renders now.
    pub ours: &'a str,
}

/// The merged text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    pub text: String,
    /// In the order of the lines.
    pub kept: Vec<Kept>,
}

/// What stays otherwise than in `ours`, because a person wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The line in `theirs`, from 1.
    pub line: usize,
    /// One sentence for people.
    pub what: String,
}

/// What both sides changed, each in its own way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The first line in `theirs`, from 1.
    pub line: usize,
    /// The last line in `theirs`; the one before `line` where `theirs` has nothing there.
    pub last: usize,
    pub base: String,
    pub theirs: String,
    pub ours: String,
}

/// What a merge by lines makes of three texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lines {
    Clean(String),
    Conflicts(Vec<Conflict>),
}

/// The merge by lines; only `git/` can do it.
pub type MergeLines<'a> = &'a dyn Fn(&Sides<'_>) -> Lines;

/// Returns the merged text, line by line, or all conflicts.
pub fn text(sides: &Sides<'_>, lines: MergeLines<'_>) -> Result<Merged, Vec<Conflict>> {
    if let Some(text) = sides.settled() {
        return Ok(Merged::plain(text));
    }
    let (plain, outer) = Outer::split(sides);
    by_lines(&plain.sides(), lines).map(|text| Merged::plain(&outer.put_back(text)))
}

/// Returns the merged text of a document: lines that somebody removed stay out, whatever git-rally
/// makes of them.
pub fn document(sides: &Sides<'_>, lines: MergeLines<'_>) -> Result<Merged, Vec<Conflict>> {
    let conflicts = match text(sides, lines) {
        Err(conflicts) if conflicts.iter().all(is_removal) => conflicts,
        other => return other,
    };
    // Without our change of them, they are only removed.
    let mut ours = sides.ours.to_owned();
    for conflict in &conflicts {
        if ours.matches(&conflict.ours).count() != 1 {
            return Err(conflicts);
        }
        ours = ours.replacen(&conflict.ours, &conflict.base, 1);
    }
    let ours = Sides {
        ours: &ours,
        ..*sides
    };
    let merged = text(&ours, lines).map_err(|_| conflicts.clone())?;
    let kept = conflicts.iter().map(|conflict| Kept {
        line: conflict.line,
        what: "a text stays out: git-rally changes it, but somebody removed it".to_owned(),
    });
    Ok(Merged {
        kept: kept.collect(),
        ..merged
    })
}

/// Returns whether somebody removed what git-rally changed.
fn is_removal(conflict: &Conflict) -> bool {
    conflict.theirs.trim().is_empty() && !conflict.ours.is_empty()
}

fn by_lines(sides: &Sides<'_>, lines: MergeLines<'_>) -> Result<String, Vec<Conflict>> {
    if let Some(text) = sides.settled() {
        return Ok(text.to_owned());
    }
    match lines(sides) {
        Lines::Clean(text) => Ok(text),
        Lines::Conflicts(conflicts) => Err(conflicts),
    }
}

impl<'a> Sides<'a> {
    /// Returns the text that there is no question about: where at most one side changed anything,
    /// or both the same.
    fn settled(&self) -> Option<&'a str> {
        match (self.base, self.theirs, self.ours) {
            (base, theirs, ours) if base == ours || theirs == ours => Some(theirs),
            (base, theirs, ours) if base == theirs => Some(ours),
            _ => None,
        }
    }

    /// Returns the conflict of all that there is.
    fn conflict(&self) -> Conflict {
        Conflict {
            line: 1,
            last: self.theirs.lines().count(),
            base: self.base.to_owned(),
            theirs: self.theirs.to_owned(),
            ours: self.ours.to_owned(),
        }
    }
}

impl Merged {
    fn plain(text: &str) -> Merged {
        Merged {
            text: text.to_owned(),
            kept: Vec::new(),
        }
    }
}
