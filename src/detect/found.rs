//! The service that a repository is, and what `--service` is to that.

use std::fmt;
use std::sync::Arc;

use super::evidence::Evidence;
use crate::catalogue::Entry;

/// The service that a repository is.
#[derive(Clone, Debug)]
pub struct Found {
    pub entry: Arc<Entry>,
    pub evidence: Vec<Evidence>,
    /// What `--service` changed.
    pub note: Option<Note>,
}

/// What `--service` is to what the files say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    Agrees {
        service: String,
    },
    /// The files say that it is another service, or why it is none.
    Overrides {
        service: String,
        files_say: String,
    },
}

impl Found {
    pub fn service(&self) -> &str {
        &self.entry.service.service
    }

    pub(super) fn agreeing(self) -> Found {
        let service = self.service().to_owned();
        Found {
            note: Some(Note::Agrees { service }),
            ..self
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Note::Agrees { service } => write!(f, "--service {service} says what was detected"),
            Note::Overrides { service, files_say } => {
                write!(
                    f,
                    "--service {service} overrides what was detected: {files_say}"
                )
            }
        }
    }
}
