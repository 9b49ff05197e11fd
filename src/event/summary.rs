//! What is said of many repositories: how far a run is, and what came of them.

use super::Stream;

/// How far a run over many repositories is.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    pub done: usize,
    pub of: usize,
    pub failed: usize,
    /// The repository that began last.
    pub now: String,
}

/// What came of many repositories.
#[derive(Clone, Debug)]
pub struct Summary {
    /// How many there were.
    pub of: usize,
    /// The good ones first.
    pub lines: Vec<SummaryLine>,
    /// Where a person reads it.
    pub stream: Stream,
}

/// What came of a repository; the worst comes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    Detected,
    /// A diff or a patch was printed.
    Changed,
    Committed,
    Unchanged,
    Warnings,
    NotJudged,
    Errors,
    Refused,
    Failed,
    NotDone,
}

impl What {
    /// Returns what people read.
    pub fn word(self) -> &'static str {
        match self {
            What::Detected => "detected",
            What::Changed => "to change",
            What::Committed => "committed",
            What::Unchanged => "unchanged",
            What::Warnings => "warnings",
            What::NotJudged => "not judged",
            What::Errors => "errors",
            What::Refused => "refused",
            What::Failed => "failed",
            What::NotDone => "not done",
        }
    }

    /// Returns whether people want to know which repositories these are.
    pub fn is_to_be_looked_at(self) -> bool {
        self >= What::Warnings
    }
}

/// Repositories with the same outcome.
#[derive(Clone, Debug)]
pub struct SummaryLine {
    pub what: What,
    pub count: usize,
    /// Why, and which: reasons that are there more often first. A reason may be empty.
    pub reasons: Vec<(String, Vec<String>)>,
}

impl SummaryLine {
    /// Returns one without repositories.
    pub fn of(what: What) -> SummaryLine {
        SummaryLine {
            what,
            count: 0,
            reasons: Vec::new(),
        }
    }

    /// Adds a repository to those with the same reason.
    pub fn add(&mut self, why: &str, repo: String) {
        match self.reasons.iter_mut().find(|(known, _)| known == why) {
            Some((_, repos)) => repos.push(repo),
            None => self.reasons.push((why.to_owned(), vec![repo])),
        }
    }
}
