//! A git command to type.

use crate::shell;

/// A git command to type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// What follows `git`.
    arguments: Vec<String>,
}

impl Command {
    pub(super) fn of(arguments: &[&str]) -> Command {
        Command {
            arguments: arguments.iter().map(|&word| word.to_owned()).collect(),
        }
    }

    /// Returns the command as it is typed in a shell, for the repository at `path`.
    pub fn line(&self, path: &str) -> String {
        let place: &[&str] = match path {
            "." => &["git"],
            path => &["git", "-C", path],
        };
        let arguments = self.arguments.iter().map(String::as_str);
        shell::line(place.iter().copied().chain(arguments))
    }
}
