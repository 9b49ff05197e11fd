//! The edited text, and the proof that it means what it should.
//!
//! Every edit is made in the text and in the tree. The new text must say what the edited tree says,
//! read by libyaml, with which Zuul reads; if not, there is no edit.

use std::ops::Range;

use super::super::model::ConfigFile;
use super::error::{Hindrance, Unsafe};
use super::insert;
use super::op::Op;
use crate::yaml::{self, Kind, Style, Tree, libyaml};

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

/// Reads the new text and compares it with the edited tree, and the rest with the old text.
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
    if without(text, inserted) != file.text {
        return fail(1, Hindrance::OtherMeaning);
    }
    let mut model = file.document.tree().clone();
    ops.iter().for_each(|op| op.model(&mut model));
    let sound = yaml::readable(text).and_then(|()| yaml::unique_keys(&model));
    match sound {
        Ok(()) if libyaml::says(text, &model) => Ok(()),
        // the parsers do not always agree about what has been there before
        Ok(()) => prove_by_own_parser(text, &model),
        Err(flaw) => fail(flaw.line, Hindrance::NotValid),
    }
}

/// Compares all that a tree knows; what libyaml makes of the text is then its own matter, as long
/// as it reads it.
fn prove_by_own_parser(text: &str, model: &Tree) -> Result<(), Unsafe> {
    let fail = |line, why| Err(Unsafe { line, why });
    match yaml::parse(text) {
        Ok(new) if new.tree().same(model) => {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> ConfigFile {
        ConfigFile::parse(
            "zuul.yaml",
            "- project:\n    check:\n      jobs:\n        - a\n",
        )
        .expect("a stanza")
    }

    /// Proves that `lines` at the end of the file are `ops`.
    fn proven(lines: &str, ops: &[Op<'_>]) -> Result<(), Hindrance> {
        let file = file();
        let text = format!("{}{lines}", file.text);
        let inserted = file.text.len()..text.len();
        prove(&file, ops, &text, &[inserted]).map_err(|by| by.why)
    }

    #[test]
    fn only_what_was_meant_is_proven() {
        let job = ConfigFile::parse("job.yaml", "- job:\n    name: b\n").expect("a job");
        let ops = [Op::Job {
            before: None,
            job: &job,
        }];
        assert_eq!(proven("- job:\n    name: b\n", &ops), Ok(()));
        assert_eq!(proven("", &[]), Ok(()));
        for (lines, why) in [
            ("", Hindrance::OtherMeaning),
            ("- job:\n    name: c\n", Hindrance::OtherMeaning),
            ("        - b\n", Hindrance::OtherMeaning),
            ("# - job:\n", Hindrance::OtherMeaning),
            ("- job: [\n", Hindrance::NotValid),
            ("- job: \u{2028}\n", Hindrance::NotValid),
        ] {
            assert_eq!(proven(lines, &ops), Err(why), "{lines}");
        }
        assert_eq!(
            proven("- job:\n    name: b\n", &[]),
            Err(Hindrance::OtherMeaning)
        );
    }

    #[test]
    fn nothing_else_may_change() {
        let file = file();
        let text = file.text.replace("- a", "- b");
        let proven = prove(&file, &[], &text, &[]);
        assert_eq!(proven.map_err(|by| by.why), Err(Hindrance::OtherMeaning));
    }
}
