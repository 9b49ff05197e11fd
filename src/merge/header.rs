//! The comments above a file: what it is, and the `{% set %}` lines of a task.

use std::collections::HashMap;

use super::{Lines, MergeLines, Sides};

/// Returns the merged lines; `None` where a variable would be set twice, in two ways.
pub(super) fn merge(sides: &Sides<'_>, lines: MergeLines<'_>) -> Option<String> {
    if let Some(text) = sides.settled() {
        return Some(text.to_owned());
    }
    let text = match lines(sides) {
        Lines::Clean(text) => text,
        Lines::Conflicts(_) => as_set(sides),
    };
    let allowed = [sides.theirs, sides.ours].map(times_set);
    let twice = times_set(&text).into_iter().any(|(name, times)| {
        let of = |side: &HashMap<&str, usize>| side.get(name).copied().unwrap_or(0);
        times > of(&allowed[0]).max(of(&allowed[1]))
    });
    (!twice).then_some(text)
}

/// Takes away the lines that ours has no more, and adds the new ones behind those that they
/// follow in ours.
fn as_set(sides: &Sides<'_>) -> String {
    let [base, theirs, ours] =
        [sides.base, sides.theirs, sides.ours].map(|text| text.lines().collect::<Vec<_>>());
    let mut merged: Vec<&str> = theirs
        .iter()
        .filter(|line| line.trim().is_empty() || !base.contains(line) || ours.contains(line))
        .copied()
        .collect();
    let mut at = 0;
    for line in ours {
        match merged.iter().position(|there| *there == line) {
            Some(there) => at = there + 1,
            None if base.contains(&line) => {}
            None => {
                merged.insert(at, line);
                at += 1;
            }
        }
    }
    merged.into_iter().flat_map(|line| [line, "\n"]).collect()
}

/// Returns how often each variable of Jinja2 is set.
fn times_set(text: &str) -> HashMap<&str, usize> {
    let mut times = HashMap::new();
    for line in text.lines() {
        let set = line.split_once("{%").map(|(_, rest)| rest);
        let set = set.and_then(|rest| {
            rest.trim_start_matches(['-', '+', ' '])
                .strip_prefix("set ")
        });
        if let Some((name, _)) = set.and_then(|set| set.split_once('=')) {
            *times.entry(name.trim()).or_default() += 1;
        }
    }
    times
}
