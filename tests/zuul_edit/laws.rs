//! Laws of the edit, for any bytes. `PROPTEST_CASES=100000` looks harder.

use std::collections::BTreeMap;

use git_rally::files::{EntryKind, FileMap};
use git_rally::zuul::{Edit, IfCovered, Voting, Wanted, ZuulError, plan};
use proptest::prelude::*;

use crate::judge::{read, summary, with_job};
use crate::mutated::mutated;
use crate::styles::styles;
use crate::support::within;

pub(crate) const JOB: &str = "- job:\n    name: sample-rally\n    parent: rally-task-at-devstack\n    vars:\n      \
                   rally_task: rally-jobs/task-sample.yaml\n";

/// What is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Asked {
    is_trial: bool,
    periodic: bool,
}

impl Asked {
    fn voting(self) -> Voting {
        match self.is_trial {
            true => Voting::NonVoting,
            false => Voting::Voting,
        }
    }

    fn pipelines(self) -> Vec<&'static str> {
        let gate = (!self.is_trial).then_some("gate");
        let periodic = self.periodic.then_some("periodic");
        ["check"].into_iter().chain(gate).chain(periodic).collect()
    }
}

fn asked() -> impl Strategy<Value = Asked> {
    any::<(bool, bool)>().prop_map(|(is_trial, periodic)| Asked { is_trial, periodic })
}

pub(crate) fn run(path: &str, bytes: &[u8], asked: Asked) -> Result<Edit, ZuulError> {
    let files = FileMap(BTreeMap::from([(
        path.to_owned(),
        (EntryKind::File, bytes.to_vec()),
    )]));
    plan(
        &files,
        &Wanted {
            project: Some("openstack/sample"),
            job: "sample-rally",
            job_text: JOB,
            task: "rally-jobs/task-sample.yaml",
            voting: asked.voting(),
            periodic: asked.periodic.then_some(true),
            irrelevant_files: &[r"^.*\.rst$".to_owned()],
            if_covered: IfCovered::Refuse,
        },
    )
}

/// Everything that must hold of one file, whatever is in it; whether it was edited.
fn laws(bytes: &[u8], asked: Asked) -> Result<bool, TestCaseError> {
    let text = String::from_utf8_lossy(bytes);
    let owned = bytes.to_vec();
    let held = within("the edit", move || hold(&owned, asked));
    held.map_err(|why| TestCaseError::fail(format!("{why}\nof the text\n{text}")))
}

fn hold(bytes: &[u8], asked: Asked) -> Result<bool, TestCaseError> {
    let path = ".zuul.yaml";
    let Ok(edit) = run(path, bytes, asked) else {
        return Ok(false);
    };
    let [file] = edit.files.as_slice() else {
        return Ok(false);
    };
    prop_assert_eq!(file.before.as_deref(), Some(bytes));
    let inserted = inserted_lines(bytes, &file.after);
    prop_assert!(inserted.is_some(), "a byte that was there is gone");
    let again = run(path, &file.after, asked);
    prop_assert!(
        again.as_ref().is_ok_and(|edit| edit.files.is_empty()),
        "edited twice: {:?}",
        again
    );
    let before = match read(bytes) {
        Ok(before) => before,
        // Zuul takes several merge keys, serde_yaml does not
        Err(error)
            if error
                .to_string()
                .contains("duplicate entry with key \"<<\"") =>
        {
            return Ok(true);
        }
        Err(error) => return Err(TestCaseError::fail(format!("libyaml: {error}"))),
    };
    let after = read(&file.after)
        .map_err(|error| TestCaseError::fail(format!("not YAML any more: {error}")))?;
    prop_assert_eq!(with_job(&before, &asked.pipelines()), summary(&after));
    Ok(true)
}

/// What remains of `after` without `before`, if `before` is in it, line for line.
fn inserted_lines(before: &[u8], after: &[u8]) -> Option<usize> {
    let mark = "\u{feff}".as_bytes();
    if let (Some(before), Some(after)) = (before.strip_prefix(mark), after.strip_prefix(mark)) {
        return inserted_lines(before, after);
    }
    let mut rest = after.split_inclusive(|b| *b == b'\n');
    for line in before.split_inclusive(|b| *b == b'\n') {
        rest.find(|found| {
            *found == line
                || (!line.ends_with(b"\n")
                    && matches!(found.strip_prefix(line), Some(b"\n" | b"\r\n")))
        })?;
    }
    Some(after.len() - before.len())
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200), asked in asked()) {
        laws(&bytes, asked)?;
    }

    #[test]
    fn any_characters(text in "[-:#&*!|>'\"%@`\\[\\]{}, \\n\\r\\ta-c?~.]{0,60}", asked in asked()) {
        laws(text.as_bytes(), asked)?;
    }

    #[test]
    fn known_files_changed_anywhere(bytes in mutated(), asked in asked()) {
        laws(&bytes.0, asked)?;
    }

    #[test]
    fn any_style(style in styles(), asked in asked()) {
        let text = style.text();
        let edited = laws(&text, asked)?;
        let block = style.lists.contains(&5) || style.lists.contains(&6);
        let refused = !style.last_newline && block;
        prop_assert!(edited || refused, "refused: {}", String::from_utf8_lossy(&text));
    }
}
