//! One copy of each name: thousands of runs have the same scenarios.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

/// Texts that are there once, for all threads.
#[derive(Debug, Default)]
pub struct Names(Mutex<HashSet<Arc<str>>>);

impl Names {
    /// Returns the one copy of the text.
    pub fn get(&self, text: &str) -> Arc<str> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(name) = known.get(text) {
            return Arc::clone(name);
        }
        let name = Arc::from(text);
        known.insert(Arc::clone(&name));
        name
    }
}
