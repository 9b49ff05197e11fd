//! The edited text, and the proof that it means what it should.
//!
//! Every edit is made in the text and in the tree. The new text is parsed again and must say what
//! the edited tree says; if not, there is no edit.

use std::ops::Range;

use super::super::model::ConfigFile;
use super::error::{Hindrance, Unsafe};
use super::insert;
use super::op::Op;
use crate::yaml::{self, Kind, Style, libyaml};

/// Returns the text with all edits made.
pub(super) fn apply(file: &ConfigFile, ops: &[Op<'_>]) -> Result<String, Unsafe> {
    let mut insertions = Vec::new();
    for op in ops {
        insertions.push(op.insertion(file)?);
    }
    insertions.sort_by_key(|insertion| insertion.at);
    let (text, inserted) = insert::insert(&file.text, &insertions);
    prove(file, ops, &text, &inserted)?;
    Ok(text)
}

/// Returns the byte at which the lines of an edit go in.
pub(super) fn place(file: &ConfigFile, op: &Op<'_>) -> Result<usize, Unsafe> {
    op.insertion(file).map(|insertion| insertion.at)
}

/// Parses the new text and compares it with the edited tree, and the rest with the old text.
fn prove(
    file: &ConfigFile,
    ops: &[Op<'_>],
    text: &str,
    inserted: &[Range<usize>],
) -> Result<(), Unsafe> {
    let fail = |line, why| Err(Unsafe { line, why });
    if let Some(line) = cut_block_scalar(file) {
        return fail(line, Hindrance::CutBlock);
    }
    let mut model = file.document.tree().clone();
    ops.iter().for_each(|op| op.model(&mut model));
    match yaml::readable(text).and_then(|()| yaml::parse(text)) {
        Ok(new) if new.tree().same(&model) && without(text, inserted) == file.text => {
            libyaml::read(text).or_else(|flaw| fail(flaw.line, Hindrance::NotForLibyaml))
        }
        Ok(_) => fail(1, Hindrance::OtherMeaning),
        Err(flaw) => fail(flaw.line, Hindrance::NotValid),
    }
}

/// Returns the text without what was inserted.
fn without(text: &str, inserted: &[Range<usize>]) -> String {
    let mut rest = String::with_capacity(text.len());
    let mut done = 0;
    for range in inserted {
        rest.push_str(&text[done..range.start]);
        done = range.end;
    }
    rest.push_str(&text[done..]);
    rest
}

/// Returns the line of a block scalar whose value a line break behind the text would change.
fn cut_block_scalar(file: &ConfigFile) -> Option<usize> {
    let text = &file.text;
    if text.ends_with('\n') {
        return None;
    }
    let end = text.trim_end().len();
    let mut nodes = file.document.nodes().map(|node| node.data());
    let cut = nodes.find(|node| {
        matches!(&node.kind, Kind::Scalar { value, style: Style::Literal | Style::Folded }
            if node.end == end && value.ends_with('\n'))
    });
    cut.map(|node| node.line)
}
