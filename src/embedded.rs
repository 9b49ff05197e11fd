//! The files that are part of the program: `templates/`, and the sample repositories of `fixtures/`.

use std::path::Path;

use include_dir::{Dir, DirEntry, include_dir};

use crate::files::{EntryKind, FileMap};

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// What `build.rs` made of data files.
static PARSED: Dir<'_> = include_dir!("$OUT_DIR/parsed");

/// Returns the data file `path` of `templates/` as JSON, if `yaml` is what it holds there.
pub fn parsed(path: &str, yaml: &[u8]) -> Option<&'static [u8]> {
    let ours = TEMPLATES.get_file(path)?.contents() == yaml;
    let json = PARSED.get_file(Path::new(path).with_extension("json"))?;
    ours.then(|| json.contents())
}

/// Returns the files below `templates/`.
pub fn templates() -> FileMap {
    let mut map = FileMap::default();
    collect(&TEMPLATES, &mut map);
    map
}

fn collect(dir: &Dir<'_>, map: &mut FileMap) {
    for entry in dir.entries() {
        match entry {
            DirEntry::Dir(below) => collect(below, map),
            DirEntry::File(file) => {
                let path = file.path().to_string_lossy().replace('\\', "/");
                map.0
                    .insert(path, (EntryKind::File, file.contents().to_vec()));
            }
        }
    }
}

static FIXTURES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/fixtures");

/// Returns the name of the sample that is taken where none is named: the word in `demo.txt`.
pub fn default_sample() -> String {
    let text = TEMPLATES
        .get_file("demo.txt")
        .and_then(|file| file.contents_utf8());
    text.unwrap_or_default().trim().to_owned()
}

/// Returns the names of the sample repositories.
pub fn samples() -> Vec<String> {
    (FIXTURES.dirs())
        .filter(|dir| dir.get_dir(dir.path().join("in")).is_some())
        .map(|dir| dir.path().to_string_lossy().into_owned())
        .collect()
}

/// Returns the files of the sample repository of `service`: `fixtures/SERVICE/in`.
pub fn sample(service: &str) -> Option<FileMap> {
    let prefix = format!("{service}/in/");
    let mut all = FileMap::default();
    collect(FIXTURES.get_dir(format!("{service}/in"))?, &mut all);
    let files = all.0.into_iter();
    Some(FileMap(
        files
            .filter_map(|(path, file)| Some((path.strip_prefix(&prefix)?.to_owned(), file)))
            .collect(),
    ))
}
