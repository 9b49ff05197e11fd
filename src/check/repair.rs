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

impl Repair {
    /// Returns what replaces a text of the line.
    pub(super) fn of(line: usize, from: &str, to: impl Into<String>) -> Repair {
        Repair {
            line,
            from: from.to_owned(),
            to: to.into(),
        }
    }

    /// Returns what replaces a name by the only one of `names` that is near.
    pub(super) fn of_name(line: usize, name: &str, names: &[&str]) -> Option<Repair> {
        let mut near = names.iter().filter(|known| is_near(name, known));
        let one = near.next().filter(|_| near.next().is_none())?;
        Some(Repair::of(line, name, *one))
    }
}

/// Returns whether the names differ in one place, by at most two characters of a longer name: a slip
/// of the finger, as in `constan` for `constant`.
fn is_near(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let (shorter, longer) = (a.len().min(b.len()), a.len().max(b.len()));
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    let (a, b) = (a.iter().rev(), b.iter().rev());
    let behind = a.zip(b).take_while(|(a, b)| a == b).count();
    shorter > 4 && longer - same - behind <= 2
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
        Repair::of(line, from, to)
    }

    #[test]
    fn a_name_is_mended_where_one_is_near() {
        let names = [
            "constant",
            "serial",
            "rps",
            "create_and_list",
            "create_and_lift",
        ];
        for (name, near) in [
            ("constan", Some("constant")),
            ("cnstant", Some("constant")),
            ("consatnt", Some("constant")),
            ("seriall", Some("serial")),
            ("const", None),
            ("create_and_lit", None),
            ("rpss", None),
        ] {
            let found = Repair::of_name(1, name, &names).map(|repair| repair.to);
            assert_eq!(found.as_deref(), near, "{name}");
        }
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
