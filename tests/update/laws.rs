//! Laws of the update, for many edits of people.

use std::fs;

use proptest::prelude::*;
use proptest::sample::Index;

use crate::story::{MORE_TENANTS, Story, fate};

/// What somebody does to the lines of a file.
#[derive(Clone, Debug)]
enum Edit {
    /// Puts a line of words before another one.
    Insert(Index, String),
    Delete(Index),
    /// Adds words to a line.
    Append(Index, String),
    /// Takes a line to another place.
    Move(Index, Index),
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let words = "[a-z:{}%# é-]{0,12}";
    let edit = prop_oneof![
        (any::<Index>(), words).prop_map(|(at, text)| Edit::Insert(at, text)),
        any::<Index>().prop_map(Edit::Delete),
        (any::<Index>(), words).prop_map(|(at, text)| Edit::Append(at, text)),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Edit::Move(from, to)),
    ];
    prop::collection::vec(edit, 0..5)
}

fn edited(text: &str, edits: &[Edit]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for edit in edits {
        let all = lines.len().max(1);
        match edit {
            Edit::Insert(at, text) => lines.insert(at.index(all), text.clone()),
            Edit::Delete(at) if !lines.is_empty() => drop(lines.remove(at.index(all))),
            Edit::Append(at, text) if !lines.is_empty() => lines[at.index(all)].push_str(text),
            Edit::Move(from, to) if !lines.is_empty() => {
                let line = lines.remove(from.index(all));
                lines.insert(to.index(all), line);
            }
            _ => {}
        }
    }
    lines.into_iter().map(|line| line + "\n").collect()
}

/// A comment behind the top of a task is in no one's way.
fn comment(number: usize) -> String {
    format!("# Somebody wrote line {number}.\n")
}

#[test]
fn without_a_change_of_ours_nothing_changes() {
    let story = Story::merged("zaqar", &[]);
    let clone = story.clone();
    let start = clone.git(&["rev-parse", "HEAD"]);
    let paths = [
        story.task(),
        "rally-jobs/README.rst".to_owned(),
        "rally-jobs/plugins/zaqar_messaging.py".to_owned(),
    ];
    let texts = paths
        .clone()
        .map(|path| fs::read_to_string(clone.path.join(path)).expect("ours"));
    proptest!(ProptestConfig::with_cases(16), |(all in prop::array::uniform3(edits()))| {
        clone.git(&["reset", "-q", "--hard", &start]);
        for ((path, text), edits) in paths.iter().zip(&texts).zip(&all) {
            clone.write(path, edited(text, edits));
        }
        clone.git(&["commit", "-q", "-a", "--allow-empty", "-m", "Edits"]);
        clone.git(&["update-ref", "refs/remotes/origin/master", "HEAD"]);
        clone.rally(&["commit", "--branch", "b"]).ok("unchanged");
    });
}

#[test]
fn two_updates_are_one_and_comments_stay() {
    let story = Story::merged("swift", &[]);
    let clone = story.clone();
    let start = clone.git(&["rev-parse", "HEAD"]);
    let task = story.task();
    let text = fs::read_to_string(clone.path.join(&task)).expect("the task");
    let second = [
        MORE_TENANTS,
        ("swift.create_container: 5", "swift.create_container: 6"),
    ];
    let third = ("swift.create_container: 6", "swift.create_container: 7");
    let newest = [second[0], second[1], third];
    // Between two workloads, and at the top.
    let places: Vec<usize> = text
        .match_indices("      - description")
        .map(|(at, _)| at)
        .collect();
    let title = text.find("title: ").expect("a title");
    let places: Vec<usize> = places.into_iter().chain([title]).collect();
    proptest!(ProptestConfig::with_cases(8), |(chosen in prop::sample::subsequence(places, 1..4))| {
        let mut theirs = text.clone();
        for (number, at) in chosen.iter().enumerate().rev() {
            theirs.insert_str(*at, &comment(number));
        }
        clone.git(&["reset", "-q", "--hard", &start]);
        clone.write(&task, &theirs);
        clone.git(&["commit", "-q", "-a", "-m", "Comments"]);
        clone.git(&["update-ref", "refs/remotes/origin/master", "HEAD"]);
        let before = clone.git(&["rev-parse", "HEAD"]);
        let made = |catalogue: &[(&str, &str)]| {
            let event = story.update(&story.catalogue(catalogue), &["--replace"]);
            assert!(fate(&event, &task).is_some(), "{event}");
            story.updated(&task)
        };
        let once = made(&newest);
        clone.git(&["branch", "-q", "-D", "rally-perfscale"]);
        made(&second);
        clone.git(&["merge", "-q", "--no-ff", "-m", "Merge the update", "rally-perfscale"]);
        clone.git(&["update-ref", "refs/remotes/origin/master", "HEAD"]);
        prop_assert_eq!(made(&newest), once.clone());
        clone.git(&["update-ref", "refs/remotes/origin/master", &before]);
        clone.git(&["branch", "-q", "-D", "rally-perfscale"]);
        for number in 0..chosen.len() {
            prop_assert!(once.contains(&comment(number)), "{}", once);
        }
    });
}
