//! Whether git would store a file otherwise than as it is: through a filter, as Git LFS has it
//! (gitattributes(5)). What is written here goes through none.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::wildmatch::{self, Case};
use super::{Environment, Repo, Settings, own_file};
use crate::files::{Files, FilesError};

/// The rules of one file, and the folder that they hold in.
struct Rules {
    folder: String,
    lines: Vec<Line>,
}

struct Line {
    pattern: Vec<u8>,
    attributes: Vec<String>,
}

/// Returns the user's own file of attributes.
pub(super) fn of_user(settings: &Settings, env: &Environment) -> Option<PathBuf> {
    if let Some(path) = settings.path("core.attributesFile", env) {
        return Some(path);
    }
    let folder = match env.os("XDG_CONFIG_HOME").filter(|path| !path.is_empty()) {
        Some(path) => PathBuf::from(path),
        None => PathBuf::from(env.os("HOME")?).join(".config"),
    };
    Some(folder.join("git/attributes"))
}

/// The attributes that hold for the files of a commit.
pub(super) struct Attributes<'s> {
    base: &'s dyn Files,
    /// From the user's file, and then the clone's, which has the last word.
    user: Rules,
    clone: Rules,
    macros: Vec<(String, Vec<String>)>,
}

impl<'s> Attributes<'s> {
    pub(super) fn new(repo: &Repo, base: &'s dyn Files) -> Result<Attributes<'s>, FilesError> {
        let mut macros = Vec::new();
        let mut of = |bytes: &[u8]| parse(bytes, String::new(), Some(&mut macros));
        let user = match &repo.attributes {
            // As git does with the user's configuration.
            Some(path) => on_disk(path, &[ErrorKind::PermissionDenied])?,
            None => Vec::new(),
        };
        let user = of(&user);
        of(&base.read(".gitattributes")?.unwrap_or_default());
        let clone = of(&on_disk(&repo.common_dir().join("info/attributes"), &[])?);
        Ok(Attributes {
            base,
            user,
            clone,
            macros,
        })
    }

    /// Returns the filter that the file at `path` goes through, if it does.
    pub(super) fn filter(&self, path: &str) -> Result<Option<String>, FilesError> {
        let mut found = None;
        found = self.user.last(path, &self.macros).or(found);
        let ends = path.match_indices('/').map(|(at, _)| &path[..=at]);
        for folder in std::iter::once("").chain(ends) {
            let file = format!("{folder}.gitattributes");
            if let Some(bytes) = self.base.read(&file)? {
                let rules = parse(&bytes, folder.to_owned(), None);
                found = rules.last(path, &self.macros).or(found);
            }
        }
        found = self.clone.last(path, &self.macros).or(found);
        Ok(found.flatten())
    }
}

/// Returns the content of a file; nothing where it is not there, or where reading fails in a way that
/// counts as that.
fn on_disk(path: &Path, forgiven: &[ErrorKind]) -> Result<Vec<u8>, FilesError> {
    let absent = [ErrorKind::NotFound, ErrorKind::NotADirectory];
    let is_none = |kind| absent.contains(&kind) || forgiven.contains(&kind);
    match own_file::bytes(path) {
        Ok(bytes) => Ok(bytes),
        Err(error) if is_none(error.kind()) => Ok(Vec::new()),
        Err(error) => Err(FilesError {
            path: path.display().to_string(),
            reason: error.to_string(),
            remedy: "make it a file that can be read, or remove it".to_owned(),
        }),
    }
}

impl Rules {
    /// Returns what the last line that says something says of `filter`: a name, or none.
    fn last(&self, path: &str, macros: &[(String, Vec<String>)]) -> Option<Option<String>> {
        let below = path.strip_prefix(&self.folder)?;
        let fits = self.lines.iter().filter(|line| line.fits(below));
        let mut all = fits.flat_map(|line| &line.attributes);
        let mut found = None;
        for attribute in &mut all {
            found = filter_of(attribute, macros, 0).or(found);
        }
        found
    }
}

impl Line {
    fn fits(&self, path: &str) -> bool {
        let pattern = self.pattern.strip_prefix(b"/").unwrap_or(&self.pattern);
        let text = match self.pattern.contains(&b'/') {
            true => path,
            false => path.rsplit('/').next().unwrap_or(path),
        };
        // A pattern that is not understood may fit: better refused than stored wrong.
        wildmatch::matches(pattern, text.as_bytes(), Case::Sensitive).unwrap_or(true)
    }
}

/// How deep macros name each other.
const DEPTH: usize = 8;

fn filter_of(
    attribute: &str,
    macros: &[(String, Vec<String>)],
    depth: usize,
) -> Option<Option<String>> {
    match attribute.split_once('=') {
        Some(("filter", name)) => return Some(Some(name.to_owned()).filter(|n| !n.is_empty())),
        Some(_) => return None,
        None => {}
    }
    if ["filter", "-filter", "!filter"].contains(&attribute) {
        return Some(None);
    }
    let (_, means) = macros.iter().rev().find(|(name, _)| name == attribute)?;
    let mut found = None;
    for attribute in means.iter().filter(|_| depth < DEPTH) {
        found = filter_of(attribute, macros, depth + 1).or(found);
    }
    found
}

/// Reads the lines; those that define macros go to `macros`, where a file may define them.
fn parse(
    bytes: &[u8],
    folder: String,
    mut macros: Option<&mut Vec<(String, Vec<String>)>>,
) -> Rules {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = Vec::new();
    for line in text.lines().map(str::trim_start) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((pattern, rest)) = pattern(line) else {
            continue;
        };
        let attributes = rest.split_ascii_whitespace().map(str::to_owned).collect();
        match (pattern.strip_prefix("[attr]"), &mut macros) {
            (Some(name), Some(macros)) => macros.push((name.to_owned(), attributes)),
            (Some(_), None) => {}
            (None, _) => lines.push(Line {
                pattern: pattern.into_bytes(),
                attributes,
            }),
        }
    }
    Rules { folder, lines }
}

/// Returns the pattern at the start, which may stand in double quotes, and what follows it; `None`
/// for one that is denied with `!`, which git does not allow here.
fn pattern(line: &str) -> Option<(String, &str)> {
    if line.starts_with('!') {
        return None;
    }
    let Some(quoted) = line.strip_prefix('"') else {
        let end = line.find([' ', '\t', '\r']).unwrap_or(line.len());
        return Some((line[..end].to_owned(), &line[end..]));
    };
    let mut pattern = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((pattern, &quoted[at + 1..])),
            '\\' => pattern.push(chars.next()?.1),
            c => pattern.push(c),
        }
    }
    None
}
