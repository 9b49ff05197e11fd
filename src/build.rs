//! What the program embeds. The macro for it cannot see a new file: a new service must rebuild the program.
//!
//! The catalogue is embedded as JSON as well, `parsed/PATH.json` for `templates/PATH.yaml`: every run reads it,
//! and YAML takes ten times as long.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// Where the data is that every run reads.
const PARSED: [&str; 2] = ["services", "rally/durations.yaml"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=templates");
    println!("cargo::rerun-if-changed=fixtures");
    let out = PathBuf::from(std::env::var("OUT_DIR")?).join("parsed");
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    for path in PARSED {
        parse(Path::new("templates"), Path::new(path), &out)?;
    }
    Ok(())
}

/// Writes the YAML files at or below `path`, a path in `from`, as JSON to the same path in `out`.
fn parse(from: &Path, path: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    let source = from.join(path);
    if source.is_dir() {
        for entry in fs::read_dir(&source)? {
            parse(from, &path.join(entry?.file_name()), out)?;
        }
        return Ok(());
    }
    let is_data = path.ends_with("service.yaml") || path.starts_with("rally");
    if !is_data {
        return Ok(());
    }
    // One that is broken is told by the program, with its place.
    let Ok(value) = serde_yaml::from_str::<serde_json::Value>(&fs::read_to_string(&source)?) else {
        return Ok(());
    };
    let target = out.join(path).with_extension("json");
    fs::create_dir_all(target.parent().ok_or("a folder")?)?;
    Ok(fs::write(target, serde_json::to_vec(&value)?)?)
}
