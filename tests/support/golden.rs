//! Files of which a person has read every byte. `GIT_RALLY_BLESS=1` writes them anew.

use std::fs;
use std::path::Path;

use super::files::{Tree, moved, tree, write_bytes};

/// Compares a file with what it has to be, or writes it; `None` means that it must not exist.
pub fn file(path: &Path, wanted: Option<&[u8]>) -> Result<(), String> {
    let found = fs::read(path).ok();
    if found.as_deref() == wanted {
        return Ok(());
    }
    if !blessing() {
        return Err(differs(path));
    }
    match wanted {
        Some(bytes) => write_bytes(path, bytes),
        None => fs::remove_file(path).expect("an old golden"),
    }
    Ok(())
}

/// Compares a folder with the files that it has to hold, or writes it; without files, there is no such folder.
pub fn folder(dir: &Path, wanted: &Tree) -> Result<(), String> {
    let found = tree(dir);
    if found == *wanted {
        return Ok(());
    }
    if !blessing() {
        let paths = moved(&found, wanted).into_iter();
        return Err(paths.map(|path| differs(&dir.join(path))).collect());
    }
    if dir.exists() {
        fs::remove_dir_all(dir).expect("an old golden");
    }
    for (path, bytes) in wanted {
        write_bytes(&dir.join(path), bytes);
    }
    Ok(())
}

/// Whether goldens are written and not compared.
fn blessing() -> bool {
    std::env::var_os("GIT_RALLY_BLESS").is_some_and(|value| !value.is_empty())
}

fn differs(path: &Path) -> String {
    let path = path
        .strip_prefix(env!("CARGO_MANIFEST_DIR"))
        .unwrap_or(path);
    format!(
        "{} differs: GIT_RALLY_BLESS=1 cargo test, and read the difference\n",
        path.display()
    )
}
