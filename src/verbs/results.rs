//! Results in, and a page out: what `compare` and `trend` share.

use std::path::PathBuf;

use super::UsageError;
use super::written::{create, overwrite};
use crate::event::Event;
use crate::render::RenderError;
use crate::request::{JudgeOptions, Output};
use crate::results::{Collected, Names, collect};
use crate::stop::Stop;

/// Returns what the paths hold.
pub(super) fn read(
    paths: &[PathBuf],
    names: &Names,
    tell: &mut dyn FnMut(Event),
) -> Result<Collected, UsageError> {
    all_exist(paths)?;
    Ok(collect(paths, names, &mut |files| {
        tell(Event::Talk(format!("reading {files} files")));
    }))
}

/// Refuses a path that does not exist.
pub(super) fn all_exist(paths: &[PathBuf]) -> Result<(), UsageError> {
    match paths.iter().find(|path| !path.exists()) {
        Some(path) => Err(UsageError::NoResults(path.display().to_string())),
        None => Ok(()),
    }
}

/// Refuses a page that has no folder, before the results are read.
pub(super) fn has_a_folder(options: &JudgeOptions) -> Result<(), UsageError> {
    let (Some(Output::Create(file)) | Some(Output::Overwrite(file))) = &options.page else {
        return Ok(());
    };
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    match folder {
        Some(folder) if !folder.is_dir() => Err(UsageError::NoFolder(folder.display().to_string())),
        _ => Ok(()),
    }
}

/// Returns what to say of files that are no results.
pub(super) fn skipped(files: usize) -> Option<String> {
    match files {
        0 => None,
        1 => Some("1 other JSON file is left out".to_owned()),
        files => Some(format!("{files} other JSON files are left out")),
    }
}

/// Writes the page, if one is wanted, and returns its file; that it cannot be written is told.
pub(super) fn write_page(
    options: &JudgeOptions,
    page: impl FnOnce() -> Result<String, RenderError>,
    tell: &mut dyn FnMut(Event),
) -> Option<String> {
    let written = || -> Result<Option<String>, Stop> {
        Ok(match &options.page {
            None | Some(Output::Standard) => None,
            Some(Output::Create(file)) => Some(create(file, &page()?, options.again.clone())?),
            Some(Output::Overwrite(file)) => Some(overwrite(file, &page()?)?),
        })
    };
    written().unwrap_or_else(|stop| {
        tell(stop.event(String::new()));
        None
    })
}
