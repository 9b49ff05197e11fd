//! The files that are part of the program: `templates/`, and the sample repositories of `fixtures/`.

use include_dir::{Dir, DirEntry, include_dir};

use crate::files::{FileMap, Kind};

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");

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
                map.0.insert(path, (Kind::File, file.contents().to_vec()));
            }
        }
    }
}
