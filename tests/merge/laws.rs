//! Laws of the merge, over edits of real tasks and for any bytes.

use std::time::{Duration, Instant};

use git_rally::git::merge_lines;
use git_rally::merge::{self, Sides};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::people::{Edit, Task, Who, edits, meaning, real};
use crate::support::within;
use crate::yaml;

fn task() -> impl Strategy<Value = Task> {
    prop_oneof![Just(real("nova")), Just(real("ironic"))]
}

fn all(_: usize) -> bool {
    true
}

fn says(text: &str) -> Result<String, TestCaseError> {
    prop_assert!(git_rally::yaml::parse(text).is_ok(), "{}", text);
    Ok(meaning(text))
}

/// Merges what may be a conflict.
fn merged(base: &str, theirs: &str, ours: &str) -> Option<String> {
    yaml(base, theirs, ours).ok().map(|merged| merged.text)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn without_a_change_of_ours_theirs_stays(task in task(), edits in edits()) {
        let base = task.text();
        let theirs = task.with(&edits, Who::Person, all).text();
        prop_assert_eq!(merged(&base, &theirs, &base), Some(theirs.clone()));
        prop_assert_eq!(merged(&base, &theirs, &theirs), Some(theirs.clone()));
        // a change that is elsewhere
        let ours = format!("# new\n{base}");
        prop_assert_eq!(merged(&base, &theirs, &ours), Some(format!("# new\n{theirs}")));
    }

    #[test]
    fn without_edits_the_merge_is_ours(task in task(), edits in edits()) {
        let base = task.text();
        let ours = task.with(&edits, Who::Us, all).text();
        prop_assert_eq!(merged(&base, &base, &ours), Some(ours.clone()));
        // with one that is elsewhere, so that the texts are walked
        let theirs = format!("{base}# mine\n");
        prop_assert_eq!(merged(&base, &theirs, &ours), Some(format!("{ours}# mine\n")));
        // however a person writes
        let theirs = task.with(&[Edit::Flush], Who::Person, all).text();
        let text = merged(&base, &theirs, &ours).expect("no conflict");
        prop_assert_eq!(says(&text)?, says(&ours)?);
    }

    #[test]
    fn edits_of_different_workloads_are_both_made(
        task in task(), theirs in edits(), ours in edits(),
    ) {
        let even = |number: usize| number.is_multiple_of(2);
        let odd = |number: usize| !number.is_multiple_of(2);
        let base = task.text();
        let both = task.with(&ours, Who::Us, odd).with(&theirs, Who::Person, even);
        let [theirs, ours] = [
            task.with(&theirs, Who::Person, even),
            task.with(&ours, Who::Us, odd),
        ];
        prop_assume!(!both.has_empty() && !theirs.has_empty() && !ours.has_empty());
        let text = yaml(&base, &theirs.text(), &ours.text());
        prop_assert!(text.is_ok(), "{:?}", text);
        let text = text.expect("no conflict").text;
        prop_assert_eq!(says(&text)?, says(&both.text())?, "{}", text);
        let comments = |text: &str| {
            let mut all: Vec<_> = text.lines().filter_map(|l| l.split_once('#')).map(|l| l.1.to_owned()).collect();
            all.sort_unstable();
            all
        };
        prop_assert_eq!(comments(&text), comments(&both.text()));
    }

    #[test]
    fn a_merge_is_made_once(task in task(), theirs in edits(), ours in edits()) {
        let base = task.text();
        let theirs = task.with(&theirs, Who::Person, all).text();
        let ours = task.with(&ours, Who::Us, all).text();
        if let Some(text) = merged(&base, &theirs, &ours) {
            prop_assert_eq!(merged(&ours, &text, &ours), Some(text.clone()));
            says(&text)?;
        }
    }

    #[test]
    fn two_steps_are_one(task in task(), theirs in edits(), second in edits(), third in edits()) {
        let even = |number: usize| number.is_multiple_of(2);
        let odd = |number: usize| !number.is_multiple_of(2);
        let first = task.text();
        let second = task.with(&second, Who::Us, odd);
        let third = second.with(&third, Who::Us, odd);
        let theirs = task.with(&theirs, Who::Person, even);
        prop_assume!(![&second, &third, &theirs].iter().any(|task| task.has_empty()));
        let [second, third, theirs] = [second, third, theirs].map(|task| task.text());
        let between = merged(&first, &theirs, &second);
        let last = between.and_then(|between| merged(&second, &between, &third));
        let once = merged(&first, &theirs, &third);
        if let (Some(last), Some(once)) = (last, once) {
            prop_assert_eq!(says(&last)?, says(&once)?);
        }
    }

    #[test]
    fn any_bytes_are_merged_or_not(
        task in task(),
        damages in prop::collection::vec(
            (0usize..3, any::<Index>(), 0usize..9, prop::sample::select(BITS.to_vec())), 0..7),
    ) {
        let mut texts = [task.text(), task.text(), task.text()];
        for text in &mut texts {
            // small enough to be damaged often
            text.truncate(2000);
        }
        for (side, at, length, bit) in damages {
            let text = &mut texts[side];
            let at = (0..=at.index(text.len() + 1)).rev().find(|at| text.is_char_boundary(*at));
            let at = at.unwrap_or(0);
            let end = (at + length..=text.len()).find(|end| text.is_char_boundary(*end));
            text.replace_range(at..end.unwrap_or(text.len()), bit);
        }
        let [base, theirs, ours] = texts;
        within("the merge", move || {
            for merge in [merge::yaml, merge::text] {
                let sides = Sides { base: &base, theirs: &theirs, ours: &ours };
                if let Ok(merged) = merge(&sides, &merge_lines) {
                    let marks = |text: &str| text.matches("<<<<<<<").count() + text.matches(">>>>>>>").count();
                    assert!(marks(&merged.text) <= marks(&theirs) + marks(&ours));
                    let sides = Sides { base: &ours, theirs: &merged.text, ours: &ours };
                    assert_eq!(merge(&sides, &merge_lines).map(|again| again.text), Ok(merged.text.clone()));
                }
            }
        });
    }
}

/// What damages a text.
const BITS: &[&str] = &[
    "",
    "\n",
    "\r\n",
    "\r",
    " ",
    "  ",
    "\t",
    "- ",
    ": ",
    "# x\n",
    "&a ",
    "*a",
    "<<: *a\n",
    "!x ",
    "[",
    "]",
    "{",
    "}",
    "'",
    "\"",
    "|\n",
    "|+\n\n",
    ">-\n",
    "---\n",
    "...\n",
    "? ",
    "~",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "\u{0}",
    "\u{1}",
    "é",
    "\n\n",
    "      - scenario:\n          N.x: {}\n",
    "  - title: x\n",
    "{% if x %}\n",
    "- - a\n",
];

#[test]
fn a_long_task_takes_no_time() {
    let base = real("nova");
    let mut text = base.text();
    let subtasks = text.find("  - title").expect("a subtask");
    let more = text[subtasks..]
        .replace("NovaServers", "Others")
        .replace("title: ", "title: more ");
    text.push_str(&more);
    assert!(text.lines().count() > 1500);
    let theirs = text
        .replace("tenants: 2", "tenants: 3")
        .replace("max: 13", "max: 14  # why");
    let ours = text
        .replace("nova.boot_server: 90", "nova.boot_server: 91")
        .replace("(20)", "(21)");
    let start = Instant::now();
    let merged = yaml(&text, &theirs, &ours).expect("no conflict");
    let took = start.elapsed();
    assert_eq!(
        merged.text,
        theirs
            .replace("nova.boot_server: 90", "nova.boot_server: 91")
            .replace("(20)", "(21)")
    );
    let limit = if cfg!(debug_assertions) { 2000 } else { 200 };
    assert!(took < Duration::from_millis(limit), "{took:?}");
}
