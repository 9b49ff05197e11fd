//! Whether a repository had `rally-jobs` and removed it.

use crate::files::Files;
use crate::git::{Id, LocalClone, Look, Past};
use crate::rally;

/// For the removal of `rally-jobs`, which every first run looks for: some months of nova, years of a
/// small project. It mostly was there for long, so few trees show it.
const FOR_A_REMOVAL: Look = Look {
    near: 8,
    stride: 16,
    most: 250,
    only_with_first: false,
};

/// Returns what is known of the removal of `rally-jobs`, where `tip` has none, for people.
pub(super) fn removal(clone: &LocalClone<'_>, tip: Id) -> Option<String> {
    let names = [rally::DIRECTORY];
    let past = clone
        .repo
        .last_change(tip, &names, FOR_A_REMOVAL, &mut |_| true);
    // It is a help; where objects are missing, there is none.
    let Ok(Past::Found(commit)) = past else {
        return None;
    };
    let parent = clone.repo.snapshot(commit.parent?).ok()?;
    parent.kind(rally::DIRECTORY).ok()??;
    let subject = commit.message.lines().next().unwrap_or_default();
    let id = commit.id.to_string();
    // It goes into a message of ours, which is plain ASCII.
    let is_plain = |c: char| c.is_ascii_graphic() || c == ' ';
    if subject.is_empty() || !subject.chars().all(is_plain) {
        return Some(format!("{} of {}", &id[..10], commit.date.day()));
    }
    Some(format!(
        "{} of {} (\"{subject}\")",
        &id[..10],
        commit.date.day()
    ))
}
