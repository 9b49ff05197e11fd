//! Signals that contradict each other.

use std::fmt;

/// What speaks for a service, and what against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    pub service: String,
    /// The signals that name it, each with its place.
    pub agree: Vec<String>,
    /// A clause for each signal that does not.
    pub disagree: Vec<String>,
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let says = match self.agree.len() {
            1 => "says",
            _ => "say",
        };
        write!(
            f,
            "{} {says} `{}`, but {}",
            self.agree.join(" and "),
            self.service,
            self.disagree.join(" and ")
        )
    }
}
