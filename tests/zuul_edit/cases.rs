//! The edit of the Zuul configuration: case folders and laws.
//!
//! A case is `tests/zuul/<case>/`: `in/` is the tree, `wanted.yaml` says what is asked for where
//! it is not the default, and `out/` holds the files that change, or `refused.txt` the refusal;
//! `notes.txt`, where it is there, is what people are told.

use std::path::Path;

use git_rally::files::{EntryKind, FileMap};
use git_rally::remedy::{Refusal, Remedy};
use git_rally::zuul::{Edit, ZuulError};

use crate::support::files::{Tree, tree};
use crate::support::golden;
use crate::support::zuulcases::{Request, cases, file_map, request};

fn said(error: &ZuulError) -> String {
    format!("{error}\n{}\n", error.hint())
}

/// What people are told, in the cases that are about that.
fn notes(case: &Path, result: &Result<Edit, ZuulError>) -> Option<Vec<u8>> {
    let edit = result.as_ref().ok()?;
    let is_about_notes = case.join("notes.txt").exists();
    let notes = edit.notes.iter().map(|note| format!("{note}\n"));
    is_about_notes.then(|| notes.collect::<String>().into_bytes())
}

/// The cases whose configuration has the job as wanted: nothing changes, nothing is refused.
const UNCHANGED: [&str; 2] = ["there-already", "periodic-is-there-already"];

#[test]
fn cases_give_their_goldens() {
    let mut failed = Vec::new();
    for case in cases() {
        let name = case.file_name().unwrap().to_str().unwrap();
        let files = file_map(&tree(&case.join("in")));
        let result = request(&case).plan(&files);
        let (out, refused) = match &result {
            Ok(edit) => {
                let files = edit.files.iter();
                let out = files.map(|f| (f.path.clone(), f.after.clone())).collect();
                (out, None)
            }
            Err(error) => (Tree::new(), Some(said(error))),
        };
        let nothing = refused.is_some() || UNCHANGED.contains(&name);
        assert_eq!(out.is_empty(), nothing, "{name}: {result:?}");
        let refused = refused.as_deref().map(str::as_bytes);
        failed.extend(golden::file(&case.join("refused.txt"), refused).err());
        if let Some(notes) = notes(&case, &result) {
            failed.extend(golden::file(&case.join("notes.txt"), Some(&notes)).err());
        }
        failed.extend(golden::folder(&case.join("out"), &out).err());
    }
    assert!(failed.is_empty(), "{}", failed.concat());
}

/// What is left of the edited text without the inserted bytes; lines are the unit, since the
/// edit inserts whole lines.
fn keeps_every_byte(before: &[u8], after: &[u8]) -> bool {
    let mark = "\u{feff}".as_bytes();
    if let (Some(before), Some(after)) = (before.strip_prefix(mark), after.strip_prefix(mark)) {
        return keeps_every_byte(before, after);
    }
    let mut after_lines = after.split_inclusive(|b| *b == b'\n');
    before.split_inclusive(|b| *b == b'\n').all(|line| {
        after_lines.any(|candidate| {
            candidate == line || (!line.ends_with(b"\n") && candidate.starts_with(line))
        })
    })
}

fn edited(tree: &Tree, edit: &Edit) -> Tree {
    let mut tree = tree.clone();
    for file in &edit.files {
        tree.insert(file.path.clone(), file.after.clone());
    }
    tree
}

#[test]
fn edits_keep_every_byte_and_happen_once() {
    for case in cases() {
        let before = tree(&case.join("in"));
        let request = request(&case);
        let Ok(edit) = request.plan(&file_map(&before)) else {
            continue;
        };
        for file in &edit.files {
            assert_eq!(file.before.as_ref(), before.get(&file.path), "{case:?}");
            let old = file.before.as_deref().unwrap_or_default();
            assert!(keeps_every_byte(old, &file.after), "{case:?}");
            assert!(file.after.ends_with(b"\n"), "{case:?}");
        }
        let again = request.plan(&file_map(&edited(&before, &edit))).unwrap();
        assert!(again.files.is_empty(), "{case:?}: edited twice");
    }
}

#[test]
fn special_files_are_in_the_way() {
    for (path, kind) in [
        (".zuul.yaml", EntryKind::Symlink),
        (".zuul.yaml", EntryKind::Submodule),
        ("zuul.d", EntryKind::File),
        ("zuul.d", EntryKind::Symlink),
        (".zuul.d/jobs.yaml", EntryKind::Symlink),
        (".zuul.d/jobs.yaml", EntryKind::Submodule),
    ] {
        let mut files = FileMap::default();
        files.0.insert(path.into(), (kind, Vec::new()));
        let error = Request::default().plan(&files).unwrap_err();
        assert!(
            error.refusal() == Some(Refusal::InTheWay),
            "{path}: {error}"
        );
    }
    let files = FileMap::of([(".zuul.yaml/jobs.yaml", "- job: {name: a}\n")]);
    let error = Request::default().plan(&files).unwrap_err();
    assert!(error.refusal() == Some(Refusal::InTheWay), "{error}");
}
