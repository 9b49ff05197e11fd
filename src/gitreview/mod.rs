//! `.gitreview`: the only reader, and one policy for a file that is broken.
//!
//! What git-review 2.5 could not read, or could not use, every verb refuses: a change that is
//! made all the same could not be sent. Values are read as Python's `configparser` reads them,
//! interpolation included.
mod error;
mod key;
mod settings;

use std::collections::BTreeMap;

pub use error::{GitReviewError, Place, Revision};
pub use key::Misfit;
pub use settings::ReviewSettings;

use crate::excerpt::excerpt;
use crate::files::Files;
use crate::ini::{self, Ini, IniError};
use key::{FILE_KEYS, Key, PROJECT};

/// The file's name, at the top of a repository.
pub const PATH: &str = ".gitreview";

/// What `[gerrit]` holds: every value that git-review reads, after interpolation, and usable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GitReview {
    values: BTreeMap<&'static str, ReviewValue>,
}

/// The value of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewValue {
    pub text: String,
    /// The line of the key, counted from 1.
    pub line: usize,
}

impl GitReview {
    /// Returns what the repository's `.gitreview` says; nothing where there is no such file.
    pub fn read(files: &dyn Files) -> Result<GitReview, GitReviewError> {
        match files.read(PATH)? {
            None => Ok(GitReview::default()),
            Some(bytes) => GitReview::parse(&bytes),
        }
    }

    fn parse(bytes: &[u8]) -> Result<GitReview, GitReviewError> {
        let text = std::str::from_utf8(bytes).map_err(|e| not_utf8(&bytes[..e.valid_up_to()]))?;
        let ini = ini::parse(text).map_err(malformed)?;
        let mut values = BTreeMap::new();
        for key in FILE_KEYS {
            if let Some(value) = value(&ini, key)? {
                values.insert(key.file, value);
            }
        }
        Ok(GitReview { values })
    }

    /// Returns the project as Gerrit knows it: `openstack/nova.git`.
    pub fn project(&self) -> Option<&ReviewValue> {
        self.get(&PROJECT)
    }

    /// Returns the project as Zuul knows it: `openstack/nova`.
    pub fn zuul_project(&self) -> Option<&str> {
        let project = self.project()?.text.as_str();
        Some(project.strip_suffix(".git").unwrap_or(project))
    }

    fn get(&self, key: &Key) -> Option<&ReviewValue> {
        self.values.get(key.file)
    }
}

fn value(ini: &Ini, key: &'static Key) -> Result<Option<ReviewValue>, GitReviewError> {
    let Some(text) = ini.interpolated("gerrit", key.file).map_err(malformed)? else {
        return Ok(None);
    };
    let line = ini.get("gerrit", key.file).map_or(0, |value| value.line);
    match (key.check)(&text) {
        Ok(()) => Ok(Some(ReviewValue { text, line })),
        Err(misfit) => Err(GitReviewError::Value {
            place: Place::of_base(line),
            key: key.file,
            value: excerpt(&text),
            misfit,
        }),
    }
}

fn malformed(error: IniError) -> GitReviewError {
    GitReviewError::Malformed {
        place: Place::of_base(error.line),
        problem: error.problem,
    }
}

fn not_utf8(valid: &[u8]) -> GitReviewError {
    let line = 1 + valid.iter().filter(|byte| **byte == b'\n').count();
    GitReviewError::NotUtf8 {
        place: Place::of_base(line),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::files::FileMap;

    fn read(text: &str) -> Result<GitReview, GitReviewError> {
        GitReview::read(&FileMap::of([(PATH, text)]))
    }

    #[test]
    fn a_value_comes_with_its_line() {
        let read = read("[gerrit]\nhost = h\nProject = openstack/%(host)s.git\n").expect("valid");
        let project = read.project().expect("valid");
        assert_eq!(
            (project.text.as_str(), project.line),
            ("openstack/h.git", 3)
        );
        assert_eq!(read.zuul_project(), Some("openstack/h"));
        let none = GitReview::read(&FileMap::default()).expect("valid");
        assert_eq!(none, GitReview::default());
        assert_eq!(none.zuul_project(), None);
    }

    #[test]
    fn a_broken_file_is_named_with_its_line() {
        for (text, said) in [
            (
                "[gerrit]\nhost\n",
                ".gitreview:2: neither `[section]` nor `key = value`",
            ),
            (
                "[gerrit]\nbranchauthor = 5%\n",
                ".gitreview:2: `%` must be followed by `%` or by `(name)s`",
            ),
            (
                "[gerrit]\nhost = h\nport = x\n",
                ".gitreview:3: `port` is `x`, which is not a port",
            ),
        ] {
            assert_eq!(read(text).unwrap_err().to_string(), said);
        }
        let error = GitReview::parse(b"[gerrit]\nhost = \xff\n").unwrap_err();
        assert_eq!(error.of_head().to_string(), "HEAD:.gitreview:2: not UTF-8");
    }

    #[test]
    fn what_git_review_does_not_read_does_not_matter() {
        read("[gerrit]\nx = 5%\n[other]\nhost = %(y)s\n").expect("valid");
    }

    #[test]
    fn a_value_that_is_of_no_use() {
        for (key, value) in [
            ("defaultbranch", "a b"),
            ("defaultbranch", "-x"),
            ("defaultbranch", "a..b"),
            ("defaultbranch", ""),
            ("defaultremote", "--exec=x"),
            ("defaultremote", "ext::sh"),
            ("project", "a\u{1b}b"),
            ("port", "65536"),
            ("host", ""),
        ] {
            let error = read(&format!("[gerrit]\n{key}={value}\n")).unwrap_err();
            assert!(error.to_string().contains(".gitreview:2: "), "{error}");
        }
    }
}
