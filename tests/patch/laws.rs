//! Any change, and any header.

use std::rc::Rc;

use git_rally::change::ChangeSet;
use git_rally::{git, patch};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::support::Repo;
use crate::{Case, File, Real, change, our_mail, text};

/// Lines that give the algorithms something to choose from.
fn content() -> impl Strategy<Value = Option<String>> {
    let line = prop::sample::select(&["a", "b", "", "  - x", "    y: z", "key:", "}", "\tq"][..]);
    let lines = prop::collection::vec(line, 0..40);
    let text = (lines, any::<bool>()).prop_map(|(lines, end)| {
        let end = if end { "\n" } else { "" };
        lines.join("\n") + end
    });
    prop::option::weighted(0.9, text)
}

fn any_change() -> impl Strategy<Value = ChangeSet> {
    let path = "[a-c]{1,2}(/[a-c .\u{e9}\"]{1,40}x){0,3}";
    let file = (path, content(), content());
    prop::collection::vec(file, 1..4).prop_filter_map("a folder and a file at once", |files| {
        let files: Vec<File> = files
            .iter()
            .filter(|(path, ..)| {
                !path
                    .split('/')
                    .any(|part| part.trim_matches('.').is_empty())
            })
            .map(|(path, before, after)| (path.as_str(), before.as_deref(), after.as_deref()))
            .collect();
        let change = change(&files);
        let clash = change
            .0
            .keys()
            .any(|a| change.0.keys().any(|b| b.starts_with(&format!("{a}/"))));
        let kinds: Vec<_> = change
            .changed()
            .map(|(_, f)| (f.before.is_some(), f.after.is_some()))
            .collect();
        // Git would look for renames.
        let renames = kinds.contains(&(true, false)) && kinds.contains(&(false, true));
        let nothing = kinds.is_empty() || kinds.contains(&(false, false));
        (!clash && !renames && !nothing).then_some(change)
    })
}

fn cases(count: u32) -> TestRunner {
    TestRunner::new(ProptestConfig {
        cases: count,
        failure_persistence: None,
        ..ProptestConfig::default()
    })
}

#[test]
fn any_change_is_a_mail_of_git() {
    let repo = Rc::new(Repo::new());
    let test = |change| {
        let case = Case {
            change,
            ..Case::default()
        };
        let real = Real::on(&repo, &case);
        prop_assert_eq!(text(&our_mail(&case, &real.commit)), text(&real.mail()));
        let diff = git::diff(&case.change).unwrap();
        prop_assert_eq!(text(&patch::unified(&diff)), text(&real.diff()));
        Ok(())
    };
    cases(150).run(&any_change(), test).unwrap();
}

#[test]
fn any_header_is_gits() {
    let repo = Rc::new(Repo::new());
    let strategy = (
        "[a-z\u{e9}=_?.,\" ]{1,200}",
        "[a-zA-Z\u{e9}=_?.,\" ]{1,120}",
    );
    let test = |(subject, name): (String, String)| {
        let name = name.trim_matches([' ', '.', ',', '"']).to_owned();
        prop_assume!(!name.is_empty() && !subject.trim().is_empty());
        let case = Case {
            name,
            message: format!("{subject}\n\nbody\n"),
            ..Case::default()
        };
        let real = Real::on(&repo, &case);
        prop_assert_eq!(text(&our_mail(&case, &real.commit)), text(&real.mail()));
        let file = repo.git(&["format-patch", "-1", &real.commit]);
        prop_assert_eq!(patch::file_name(&subject), file.trim_end());
        Ok(())
    };
    cases(100).run(&strategy, test).unwrap();
}
