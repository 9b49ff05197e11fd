//! For tasks that are a little wrong: the new text has every byte of the old one, or there is none.

use proptest::prelude::*;

use super::*;

const TASKS: [&str; 3] = [
    "{% set a = 'é' %}\n---\n  version: 2\n  subtasks:\n    -\n      title: One\n      workloads:\n        -\n          scenario:\n            Dummy.dummy: {}\n          # last\n    - &x\n      title: \"Zwei\\u00e9\"\n      scenario: {Dummy.dummy: {a: é}}\n      description: |+\n        a\n\n\n# end\n",
    "version: 2\r\nsubtasks:\r\n{% for x in [1, 2] %}\r\n- title: é {{ x }}\r\n  scenario:\r\n    Dummy.dummy: {}\r\n{% endfor %}\r\ntitle: >\r\n  folded",
    "---\nDummy.dummy:\n  - args: {a: 1}\n    # é\n\nDummy.other:\n  -\n    runner:\n        type: serial\n...\n",
];

/// What may be put anywhere.
const PARTS: [&str; 24] = [
    "\n",
    " ",
    "  ",
    "-",
    "- ",
    ":",
    "{",
    "}",
    "[",
    "]",
    "#",
    "&a ",
    "*a",
    "!!seq ",
    "|",
    ">-\n",
    "'",
    "\"",
    "\t",
    "{{ x }}",
    "{% if true %}",
    "{% endif %}",
    "{#",
    "é",
];

fn mutated() -> impl Strategy<Value = String> {
    let edit = (any::<prop::sample::Index>(), 0..PARTS.len() + 8);
    (0..TASKS.len(), prop::collection::vec(edit, 1..4)).prop_map(|(task, edits)| {
        let mut text = TASKS[task].to_owned();
        for (place, part) in edits {
            let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            let Some(at) = (!starts.is_empty()).then(|| starts[place.index(starts.len())]) else {
                continue;
            };
            match PARTS.get(part) {
                Some(part) => text.insert_str(at, part),
                // a line, or the rest of one, goes
                None => {
                    let end = text[at..].find('\n').map_or(text.len(), |n| at + n + 1);
                    text.replace_range(at..end, "");
                }
            }
        }
        text
    })
}

proptest! {
    #[test]
    fn every_byte_stays(text in mutated()) {
        let Ok(extension) = extended(&text) else { return Ok(()) };
        prop_assert_eq!(&extension.before, text.as_bytes());
        let new = extension.after.len() - extension.before.len();
        let is_inserted = (0..=extension.before.len()).any(|at| {
            extension.after.starts_with(&extension.before[..at])
                && extension.after[at + new..] == extension.before[at..]
        });
        prop_assert!(is_inserted);
        let after = String::from_utf8(extension.after).expect("UTF-8");
        let again = extended(&after).expect("what was read once");
        prop_assert!(again.added.is_empty(), "{}", after);
        prop_assert_eq!(again.after, after.into_bytes());
    }
}

#[test]
fn the_tasks_can_be_extended() {
    for task in TASKS {
        assert_eq!(extended(task).expect(task).added.len(), 3, "{task}");
    }
}
