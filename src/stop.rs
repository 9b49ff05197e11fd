//! The end of a repository's turn without a result: an error of any module, kept typed until it
//! is printed.

use crate::event::Event;
use crate::remedy::{Remedy, chain};

/// Why there is no result.
#[derive(Debug)]
pub struct Stop(Box<dyn Remedy + Send + Sync>);

impl Stop {
    /// Returns what there is to say about it for the repository `repo`.
    pub fn event(&self, repo: String) -> Event {
        let (reason, hint) = (chain(self.0.as_ref()), self.0.hint());
        match self.0.refusal() {
            Some(kind) => Event::Refused {
                repo,
                kind,
                reason,
                hint,
            },
            None => Event::Failed { repo, reason, hint },
        }
    }
}

impl<E: Remedy + Send + Sync + 'static> From<E> for Stop {
    fn from(error: E) -> Stop {
        Stop(Box::new(error))
    }
}
