//! The file that gets the job.

use super::super::model::{Config, ConfigFile, Location, Root, Shape};
use super::error::{Obstacle, ZuulError};
use super::wanted::Wanted;
use crate::files::Files;

/// Returns the file that gets the job; a new one joins the configuration without content.
pub(super) fn home(
    files: &dyn Files,
    root: &Root,
    config: &mut Config,
    wanted: &Wanted<'_>,
) -> Result<usize, ZuulError> {
    let dir = match &root.shape {
        Shape::File(path) => return Ok(open(config, path, "")),
        Shape::Directory(dir) => dir,
    };
    let start = document_start(config);
    let names = ["rally".to_owned(), wanted.job.to_owned()];
    for path in names.map(|name| format!("{dir}/{name}.yaml")) {
        if root.left_out.has(&path) {
            continue;
        }
        let known = config.files.iter().find(|file| file.path == path);
        if known.is_some_and(ConfigFile::takes_items) || files.kind(&path)?.is_none() {
            return Ok(open(config, &path, start));
        }
    }
    Err(ZuulError::Refused {
        location: Location::of_line(format!("{dir}/rally.yaml"), 1),
        obstacle: Obstacle::NoFileName,
    })
}

fn open(config: &mut Config, path: &str, start: &str) -> usize {
    let known = config.files.iter().position(|file| file.path == path);
    known.unwrap_or_else(|| {
        config.files.push(ConfigFile::without_content(path, start));
        config.files.len() - 1
    })
}

/// Returns `---` if most files of the directory start with it.
fn document_start(config: &Config) -> &'static str {
    let marked = config.files.iter().filter(|file| {
        let mut lines = file.text.lines();
        let first = lines.find(|line| !line.trim().is_empty() && !line.starts_with('#'));
        first.is_some_and(|line| line.trim_end() == "---")
    });
    if 2 * marked.count() > config.files.len() {
        "---\n"
    } else {
        ""
    }
}
