//! Runs from files and folders, on every core.

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;

use super::Run;
use super::names::Names;
use super::parse::{Unreadable, parse, parse_stream};
use super::place::{self, INVENTORY};
use crate::cores::on_every_core;

/// Runs, and what gave none.
#[derive(Debug, Default)]
pub struct Collected {
    /// In the order of the paths; those of a folder by name.
    pub runs: Vec<Run>,
    pub aside: Vec<SetAside>,
    /// How many JSON files in folders have nothing to do with Rally.
    pub other_files: usize,
}

/// What is left out, and why.
#[derive(Clone, Debug, serde::Serialize)]
pub struct SetAside {
    pub path: String,
    pub reason: String,
}

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
enum ReadError {
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    #[error("cannot read it: {0}")]
    Io(#[from] io::Error),
}

/// Texts up to so many bytes are read as a whole, which is faster.
const WHOLE: u64 = 64 << 20;

/// More files than this are told.
const MANY: usize = 200;

/// How deep folders are looked into: a build's logs have fewer levels.
const DEEPEST: usize = 16;

/// Returns the runs of files, and of all files below folders whose name ends in `.json` or
/// `.json.gz`.
///
/// Many files take a while; `start` is told how many there are.
pub fn collect(paths: &[PathBuf], names: &Names, start: &mut dyn FnMut(usize)) -> Collected {
    let mut found = Collected::default();
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            below(path, DEEPEST, &mut files, &mut found.aside);
        } else {
            files.push(Found {
                path: path.clone(),
                is_named: true,
            });
        }
    }
    if files.len() > MANY {
        start(files.len());
    }
    let read = on_every_core(&files, |file| of_file(&file.path, names));
    for (file, read) in files.iter().zip(read) {
        match read {
            Ok(runs) => found.runs.extend(runs),
            Err(ReadError::Unreadable(reason)) if !file.is_named && reason.is_something_else() => {
                found.other_files += 1;
            }
            Err(reason) => found.aside.push(aside(&file.path, &reason)),
        }
    }
    found
}

/// A file that may hold results.
struct Found {
    path: PathBuf,
    /// Whether it was given itself, not found in a folder.
    is_named: bool,
}

fn aside(path: &Path, reason: &dyn std::fmt::Display) -> SetAside {
    SetAside {
        path: path.display().to_string(),
        reason: reason.to_string(),
    }
}

/// Finds the files below a folder, by name. Links to folders are not followed: they may lead in
/// circles.
fn below(folder: &Path, depth: usize, files: &mut Vec<Found>, left_out: &mut Vec<SetAside>) {
    let entries = fs::read_dir(folder).and_then(|entries| entries.collect::<io::Result<Vec<_>>>());
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) => return left_out.push(aside(folder, &error)),
    };
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let name = entry.file_name();
        let name = name.to_string_lossy();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && depth > 0 => below(&path, depth - 1, files, left_out),
            Ok(kind) if kind.is_dir() => left_out.push(aside(&path, &"it lies too deep")),
            // A pipe would wait for somebody to write to it.
            _ if (name.ends_with(".json") || name.ends_with(".json.gz")) && path.is_file() => {
                files.push(Found {
                    path,
                    is_named: false,
                });
            }
            _ => {}
        }
    }
}

fn of_file(path: &Path, names: &Names) -> Result<Vec<Run>, ReadError> {
    let name = path.display().to_string();
    let file = File::open(path)?;
    let data = file.metadata()?;
    // Nobody knows how long a pipe is.
    let length = if data.is_file() { data.len() } else { u64::MAX };
    let mut file = BufReader::with_capacity(1 << 16, file);
    let is_packed = io::BufRead::fill_buf(&mut file)?.starts_with(&[0x1f, 0x8b]);
    let mut runs = match (is_packed, length <= WHOLE) {
        (false, true) => {
            let mut text = Vec::with_capacity(length as usize + 1);
            file.read_to_end(&mut text)?;
            parse(&name, &text, names)
        }
        (false, false) => parse_stream(&name, file, names),
        (true, _) => {
            let mut text = Vec::new();
            let unpacked = MultiGzDecoder::new(file);
            let mut unpacked = Bounded {
                of: unpacked,
                left: length.saturating_mul(MOST_UNPACKED).max(WHOLE),
            };
            unpacked.by_ref().take(WHOLE).read_to_end(&mut text)?;
            match (text.len() as u64) < WHOLE {
                true => parse(&name, &text, names),
                // It is larger: the rest follows as it is unpacked.
                false => parse_stream(
                    &name,
                    io::Cursor::new(text).chain(BufReader::new(unpacked)),
                    names,
                ),
            }
        }
    }?;
    let hardware = inventory_of(path);
    for run in &mut runs {
        run.hardware.clone_from(&hardware);
    }
    Ok(runs)
}

/// A packed file is no larger than so many times its size: what is, is made to fill the memory.
const MOST_UNPACKED: u64 = 200;

/// Reads no more than so many bytes.
struct Bounded<R> {
    of: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.of.read(buffer)?;
        self.left = (self.left.checked_sub(read as u64)).ok_or_else(|| {
            io::Error::other(format!(
                "it unpacks to more than {MOST_UNPACKED} times its size"
            ))
        })?;
        Ok(read)
    }
}

/// The largest inventory that is read, in bytes.
const INVENTORY_SIZE: u64 = 1 << 20;

/// Returns what the nearest inventory of Zuul says: beside the results, or up to two folders above.
fn inventory_of(path: &Path) -> Option<String> {
    let path = path.canonicalize().ok()?;
    let inventory = path.ancestors().skip(1).take(3).find_map(|folder| {
        let inventory = folder.join(INVENTORY);
        // A pipe would wait for somebody to write to it.
        let is_file = fs::metadata(&inventory).is_ok_and(|data| data.is_file());
        let file = is_file.then(|| File::open(inventory).ok()).flatten()?;
        let mut text = Vec::new();
        file.take(INVENTORY_SIZE).read_to_end(&mut text).ok()?;
        Some(text)
    });
    inventory.as_deref().and_then(place::hardware)
}
