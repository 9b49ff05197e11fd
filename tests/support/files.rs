//! Folders as maps of files, and the fixtures.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Path to bytes; of a symbolic link, its target.
pub type Tree = BTreeMap<String, Vec<u8>>;

/// Returns a path in the project.
pub fn manifest(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

pub fn fixture_dir(name: &str) -> PathBuf {
    manifest("fixtures").join(name)
}

/// Returns the names of all fixtures; each is a service of the catalogue.
pub fn fixtures() -> Vec<String> {
    names(&fixture_dir(""))
}

/// Returns the names of what is in a folder, sorted.
pub fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).expect("a folder");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("entry").file_name().into_string())
        .map(|name| name.expect("UTF-8"))
        .collect();
    names.sort();
    names
}

/// Returns the files below `dir` by their paths in it; none if there is no such folder.
pub fn tree(dir: &Path) -> Tree {
    let mut found = Tree::new();
    let mut open = vec![dir.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten() {
            let path = entry.expect("entry").path();
            let name = path.strip_prefix(dir).expect("below").display().to_string();
            if path.is_symlink() {
                let target = fs::read_link(&path).expect("link");
                found.insert(name, target.into_os_string().into_vec());
            } else if path.is_dir() {
                open.push(path);
            } else {
                found.insert(name, fs::read(&path).expect("file"));
            }
        }
    }
    found
}

/// Returns the paths at which the two differ.
pub fn moved<'t>(before: &'t Tree, after: &'t Tree) -> Vec<&'t String> {
    let mut paths: Vec<&String> = (before.keys().chain(after.keys()))
        .filter(|path| before.get(*path) != after.get(*path))
        .collect();
    paths.sort();
    paths.dedup();
    paths
}

pub fn write(path: &Path, text: &str) {
    write_bytes(path, text.as_bytes());
}

pub fn write_bytes(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("a parent")).expect("folder");
    fs::write(path, bytes).expect("file");
}

/// Writes a program.
pub fn write_program(path: &Path, text: &str) {
    write(path, text);
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("mode");
}

pub fn copy(from: &Path, to: &Path) {
    for (path, bytes) in tree(from) {
        write_bytes(&to.join(path), &bytes);
    }
}
