//! What mends a finding, where that is certain: whole lines are replaced.

use std::collections::BTreeSet;

/// The line of a finding, and what should be there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Repair {
    /// The line, from 1.
    pub line: usize,
    /// What to look for in the line: it must be there exactly once. Nothing: the place before the
    /// line.
    pub from: String,
    /// What takes its place; it may have more lines.
    pub to: String,
}

/// Returns the text with all repairs that fit: one that has been made already, or whose line is not
/// as it was seen, is left out. `None` where none fits.
pub fn mended(text: &str, repairs: &[&Repair]) -> Option<String> {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let mut is_mended = false;
    let mut seen = BTreeSet::new();
    for repair in repairs.iter().filter(|repair| seen.insert(**repair)) {
        let line = repair.line.checked_sub(1).and_then(|n| lines.get_mut(n));
        if let Some((line, new)) = line.and_then(|line| Some((replaced(line, repair)?, line))) {
            *new = line;
            is_mended = true;
        }
    }
    is_mended.then(|| lines.concat())
}

fn replaced(line: &str, repair: &Repair) -> Option<String> {
    if repair.from.is_empty() {
        return Some(format!("{}{line}", repair.to));
    }
    let mut found = line.match_indices(repair.from.as_str());
    let (at, _) = found.next()?;
    let is_once = found.next().is_none();
    is_once.then(|| {
        let rest = &line[at + repair.from.len()..];
        format!("{}{}{rest}", &line[..at], repair.to)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repair(line: usize, from: &str, to: &str) -> Repair {
        let (from, to) = (from.to_owned(), to.to_owned());
        Repair { line, from, to }
    }

    #[test]
    fn what_fits_is_mended_once() {
        let text = "a: 1\nb: x x\nc: y\n";
        for (repairs, expected) in [
            (&[repair(1, "a", "b")][..], Some("b: 1\nb: x x\nc: y\n")),
            (&[repair(2, "x", "z")], None),
            (&[repair(4, "a", "b"), repair(0, "a", "b")], None),
            (
                &[repair(3, "y", "1"), repair(3, "c", "d")],
                Some("a: 1\nb: x x\nd: 1\n"),
            ),
            (
                &[repair(1, "", "# top\n"), repair(1, "", "# top\n")],
                Some("# top\na: 1\nb: x x\nc: y\n"),
            ),
        ] {
            let repairs: Vec<&Repair> = repairs.iter().collect();
            assert_eq!(mended(text, &repairs).as_deref(), expected, "{repairs:?}");
        }
    }
}
