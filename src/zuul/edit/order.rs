//! The place of a name in a list that is sorted, or is meant to be.
//!
//! Real lists are sorted with exceptions. The longest run of names in order, the backbone, shows
//! where a new name belongs; the exceptions do not count.

/// A shorter list is in order by chance.
const SHORTEST: usize = 4;

/// Returns the index that the name gets; `None` where the list is not sorted.
///
/// `is_meant` to be: someone asks for it, so that many exceptions may be there.
pub(super) fn sorted_place(names: &[&str], name: &str, is_meant: bool) -> Option<usize> {
    let backbone = backbone(names);
    let is_sorted = is_meant || is_sorted(names.len(), &backbone);
    let before = backbone.partition_point(|index| names[*index] <= name);
    let behind = before.checked_sub(1).map(|last| backbone[last] + 1);
    is_sorted.then(|| behind.unwrap_or(0))
}

/// Returns whether the names are in no order: a few are neither sorted nor unsorted.
pub(super) fn is_unsorted(names: &[&str]) -> bool {
    names.len() >= SHORTEST && !is_sorted(names.len(), &backbone(names))
}

fn is_sorted(length: usize, backbone: &[usize]) -> bool {
    length >= SHORTEST && 3 * backbone.len() >= 2 * length
}

/// Returns the indices of the longest run of names of which none sorts before the one in front of
/// it; others may be between them.
fn backbone(names: &[&str]) -> Vec<usize> {
    // of all runs of one length, the one whose last name sorts first
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let length = ends.partition_point(|end| names[*end] <= *name);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        match ends.get_mut(length) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let mut run: Vec<usize> = std::iter::successors(ends.last().copied(), |i| before[*i]).collect();
    run.reverse();
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_goes_behind_the_backbone_that_sorts_before_it() {
        for (names, place) in [
            (["a", "b", "n", "o"].as_slice(), 2),
            (&["a", "b", "c", "d"], 4),
            (&["n", "o", "p", "q"], 0),
            // one is out of order
            (&["a", "z", "b", "n", "o"], 3),
            (&["m", "m", "a", "n"], 2),
        ] {
            assert_eq!(sorted_place(names, "m", false), Some(place), "{names:?}");
        }
    }

    #[test]
    fn what_is_not_sorted_has_no_place() {
        for names in [
            ["a", "b", "n"].as_slice(),
            &["n", "a", "o", "b"],
            &["d", "c", "b", "a"],
            &[],
        ] {
            assert_eq!(sorted_place(names, "m", false), None, "{names:?}");
        }
    }

    #[test]
    fn what_is_meant_to_be_sorted_may_have_many_exceptions() {
        let names = ["live", "tox", "next", "validate", "grenade", "alt"];
        assert_eq!(sorted_place(&names, "rally", false), None);
        assert_eq!(sorted_place(&names, "rally", true), Some(3));
        assert_eq!(sorted_place(&[], "rally", true), Some(0));
    }

    #[test]
    fn few_names_are_not_unsorted() {
        assert!(!is_unsorted(&["c", "b", "a"]));
        assert!(is_unsorted(&["d", "c", "b", "a"]));
        assert!(!is_unsorted(&["d", "a", "b", "c", "a", "d"]));
    }

    #[test]
    fn the_backbone_is_the_longest_run() {
        assert_eq!(backbone(&["c", "a", "b", "b", "a", "d"]), [1, 2, 3, 5]);
        assert_eq!(backbone(&[]), [0; 0]);
    }
}
