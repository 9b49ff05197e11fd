//! The name of the job.

use std::fmt;
use std::str::FromStr;

/// A job name that can also stand in a file name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobName(String);

/// A name that is no job's.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a job name: use letters, digits, `-`, `_` and `.`, a letter or digit first")]
pub struct JobNameError(String);

impl FromStr for JobName {
    type Err = JobNameError;

    fn from_str(name: &str) -> Result<JobName, JobNameError> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let first = name
            .chars()
            .next()
            .is_some_and(|c| c.is_ascii_alphanumeric());
        if !first || name.len() > 200 || !name.chars().all(plain) {
            return Err(JobNameError(name.to_owned()));
        }
        Ok(JobName(name.to_owned()))
    }
}

impl fmt::Display for JobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
