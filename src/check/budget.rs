//! What the tasks of a repository may cost together, whatever is in them: what is over it is not
//! judged, and said to be so.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

/// Bytes of rendered tasks, and of what they include; all of rally-openstack's have 1 MB.
const MOST_BYTES: usize = 3 << 20;

/// Steps of the template engine; the largest upstream task takes some ten thousand.
const MOST_FUEL: u64 = 3_000_000;

/// Steps for one rendering. 64 bytes that the engine makes are a step, too, so this bounds memory.
const FUEL_OF_ONE: u64 = 300_000;

/// Steps after which a rendering that fails counts as short.
const SHORT: u64 = 10_000;

/// Pairs of names that are compared to find near ones.
const MOST_COMPARED: usize = 100_000;

/// What is said of a task for which nothing is left.
pub(super) const SPENT: &str = "the tasks before it took all the time there is for one repository";

/// What is left.
pub(crate) struct Budget {
    bytes: Cell<usize>,
    fuel: Cell<u64>,
    compared: Cell<usize>,
    /// What was looked for, among names of a kind, and what was near.
    near: RefCell<HashMap<(&'static str, String), Option<String>>>,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget {
            bytes: Cell::new(MOST_BYTES),
            fuel: Cell::new(MOST_FUEL),
            compared: Cell::new(MOST_COMPARED),
            near: RefCell::default(),
        }
    }
}

impl Budget {
    /// Takes bytes; `None` where there are not so many left.
    pub(super) fn take_bytes(&self, bytes: usize) -> Option<()> {
        let left = self.bytes.get().checked_sub(bytes);
        self.bytes.set(left.unwrap_or_default());
        left.map(|_| ())
    }

    /// Returns the steps that the next rendering may take; `None` where there are none.
    pub(super) fn fuel(&self) -> Option<u64> {
        let left = self.fuel.get().min(FUEL_OF_ONE);
        (left > 0).then_some(left)
    }

    /// Takes the steps of a rendering. The engine does not say what a failing one took, so that
    /// `is_short` has to, which renders again with so many steps.
    pub(super) fn take_fuel(&self, taken: Option<u64>, is_short: impl FnOnce(u64) -> bool) {
        let taken = match taken {
            Some(taken) => taken,
            None if is_short(SHORT) => SHORT,
            None => FUEL_OF_ONE,
        };
        self.fuel.set(self.fuel.get().saturating_sub(taken));
    }

    /// Returns the nearest of the names, which are all of one kind; `None` where none is near, and
    /// after too many were looked for.
    pub(super) fn nearest(&self, kind: &'static str, name: &str, names: &[&str]) -> Option<String> {
        let mut near = self.near.borrow_mut();
        if let Some(known) = near.get(&(kind, name.to_owned())) {
            return known.clone();
        }
        let left = self.compared.get().checked_sub(names.len())?;
        self.compared.set(left);
        let found = similar::get_close_matches(name, names, 1, 0.6);
        let found = found.first().map(|near| (*near).to_owned());
        near.insert((kind, name.to_owned()), found.clone());
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spent_is_gone() {
        let budget = Budget::default();
        assert!(budget.take_bytes(MOST_BYTES).is_some());
        assert!(budget.take_bytes(1).is_none() && budget.take_bytes(0).is_some());
        for _ in 0..MOST_FUEL / FUEL_OF_ONE {
            assert_eq!(budget.fuel(), Some(FUEL_OF_ONE));
            budget.take_fuel(None, |_| false);
        }
        assert_eq!(budget.fuel(), None);
    }

    #[test]
    fn what_was_looked_for_is_known() {
        let budget = Budget::default();
        let near = |name: &str| budget.nearest("runner", name, &["constant", "serial"]);
        assert_eq!(near("constan").as_deref(), Some("constant"));
        budget.compared.set(1);
        assert_eq!(near("constan").as_deref(), Some("constant"));
        assert_eq!(near("seria"), None);
    }
}
