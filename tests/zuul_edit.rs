//! The edit of the Zuul configuration: case folders and laws.
//!
//! A case is `tests/zuul/<case>/`: `in/` is the tree, `wanted.yaml` says what is asked for where
//! it is not the default, and `out/` holds the files that change, or `refused.txt` the refusal.
//! `REFRESH=1 cargo test --test zuul_edit` writes `out/` and `refused.txt` anew: read the diff.

#![allow(clippy::unwrap_used, reason = "a failed test may panic")]

mod zuulcases;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use git_rally::files::{EntryKind, FileMap};
use git_rally::remedy::{Refusal, Remedy};
use git_rally::zuul::{Edit, ZuulError};
use zuulcases::{Request, cases, file_map, request, tree};

fn said(error: &ZuulError) -> String {
    format!("{error}\n{}\n", error.hint())
}

fn write(case: &Path, edit: &Result<Edit, ZuulError>) {
    let _ = fs::remove_dir_all(case.join("out"));
    let _ = fs::remove_file(case.join("refused.txt"));
    match edit {
        Ok(edit) => {
            for file in &edit.files {
                let path = case.join("out").join(&file.path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, &file.after).unwrap();
            }
        }
        Err(error) => fs::write(case.join("refused.txt"), said(error)).unwrap(),
    }
}

/// The cases whose configuration has the job as wanted: nothing changes, nothing is refused.
const UNCHANGED: [&str; 1] = ["there-already"];

#[test]
fn cases_give_their_goldens() {
    let mut failed = Vec::new();
    for case in cases() {
        let name = case.file_name().unwrap().to_str().unwrap();
        let files = file_map(&tree(&case.join("in")));
        let result = request(&case).plan(&files);
        if std::env::var_os("REFRESH").is_some() {
            write(&case, &result);
        }
        let (out, refused) = match &result {
            Ok(edit) => {
                let files = edit.files.iter();
                let out = files.map(|f| (f.path.clone(), f.after.clone())).collect();
                (out, None)
            }
            Err(error) => (BTreeMap::new(), Some(said(error))),
        };
        let golden = fs::read_to_string(case.join("refused.txt")).ok();
        let expected_none = golden.is_some() || UNCHANGED.contains(&name);
        let right =
            out == tree(&case.join("out")) && refused == golden && out.is_empty() == expected_none;
        if !right {
            failed.push(name.to_owned());
        }
    }
    assert!(failed.is_empty(), "not as the goldens say: {failed:?}");
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

fn edited(tree: &BTreeMap<String, Vec<u8>>, edit: &Edit) -> BTreeMap<String, Vec<u8>> {
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
