//! Large and hostile Zuul files take time in proportion to their size.
//!
//! Each text is so large that a walk of all parents for each of all jobs takes hours, and what is
//! linear a second; the limit only turns the former into a failure. What is merely quadratic is
//! counted, in the tests beside the code.

use std::fmt::Write;

use git_rally::files::FileMap;
use git_rally::yaml::FlawKind;
use git_rally::zuul::{ConfigError, Edit, Fault, Wiring, ZuulError, wiring};

use crate::support::limit::within;
use crate::support::zuulcases::Request;

/// Returns the facts and the edit of one file.
fn judged(text: String) -> (Wiring, Result<Edit, ZuulError>) {
    within("the Zuul configuration", move || {
        let files = FileMap::of([(".zuul.yaml", text.as_str())]);
        let request = Request {
            beside: true,
            ..Request::default()
        };
        (wiring(&files), request.plan(&files))
    })
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut text, n| {
        let _ = writeln!(text, "{}", line(n));
        text
    })
}

const STANZA: &str = "- project:\n    check:\n      jobs:\n        - sample-tempest\n";

#[test]
fn a_chain_of_parents_that_all_run_rally_and_are_listed() {
    let chain = lines(6_000, |n| {
        format!("- job: {{name: j{n}, parent: j{}, timeout: 20000}}", n + 1)
    });
    let end = "- job: {name: j6000, parent: rally-task-sample}\n";
    let listed = lines(6_000, |n| format!("        - j{n}"));
    let (wiring, edit) = judged(format!("{chain}{end}{STANZA}{listed}"));
    assert_eq!((wiring.jobs.len(), wiring.timeouts.len()), (6_001, 6_000));
    assert!(wiring.jobs.iter().all(|job| job.runs.len() <= 1));
    assert_eq!(edit.expect("an edit").files.len(), 1);
}

#[test]
fn many_jobs_in_circles() {
    let jobs = lines(6_000, |n| {
        format!("- job: {{name: j{n}, parent: j{}}}", (n + 1) % 6_000)
    });
    let (wiring, edit) = judged(format!("{jobs}{STANZA}"));
    assert!(wiring.jobs.is_empty() && edit.is_ok());
}

#[test]
fn many_templates_stanzas_and_shared_lists() {
    let names = lines(4_000, |n| format!("      - t{n}"));
    let templates = lines(4_000, |n| {
        format!("- project-template: {{name: t{n}, check: {{jobs: [a]}}}}")
    });
    let stanzas = lines(4_000, |n| format!("- project: &p{n}\n    queue: q"));
    let lists = lines(4_000, |n| {
        format!(
            "- job: {{name: tempest-{n}, irrelevant-files: &l{n} [rally-jobs]}}\n\
             - job: {{name: grenade-{n}, irrelevant-files: *l{n}}}"
        )
    });
    let text = format!("{templates}{lists}{stanzas}{STANZA}    templates:\n{names}");
    let (wiring, edit) = judged(text);
    assert!(wiring.broken.is_empty() && wiring.unsure.is_empty());
    assert_eq!(edit.expect("an edit").files.len(), 1);
}

#[test]
fn what_aliases_repeat_without_end_is_not_judged() {
    let big = lines(20_000, |n| format!("      k{n}: 1"));
    let jobs = lines(20_000, |n| format!("- job: {{name: j{n}, vars: *v}}"));
    let (wiring, edit) = judged(format!(
        "- job:\n    name: a\n    vars: &v\n{big}{jobs}{STANZA}"
    ));
    assert_eq!((wiring.broken.len(), wiring.unsure.len()), (0, 1));
    let Err(ZuulError::Config(ConfigError::Refused { fault, .. })) = edit else {
        panic!("{edit:?}");
    };
    assert_eq!(fault, Fault::Yaml(FlawKind::Repeated));
}
