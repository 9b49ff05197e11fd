//! Items of a Zuul configuration.

use crate::{conflict, kept, merged};

const JOB: &str = "- job:\n    name: nova-rally\n    parent: rally-task-nova\n    timeout: 7200\n    vars:\n      \
                   rally_task: rally-jobs/task-nova.yaml\n    required-projects:\n      - openstack/rally-openstack\n    \
                   irrelevant-files:\n      - ^.*\\.rst$\n      - ^doc/.*$\n";

/// The item as a file has it whose list is indented.
fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}

#[test]
fn an_item_may_be_anywhere() {
    let edit = |text: &str| text.replace("    vars:", "    voting: false\n    vars:");
    let ours = JOB
        .replace("7200", "10800")
        .replace("      - ^doc/.*$", "      - ^api-ref/.*$\n      - ^doc/.*$");
    let expected = edit(&ours);
    assert_eq!(merged(JOB, &edit(JOB), &ours), expected);
    assert_eq!(
        merged(JOB, &indented(&edit(JOB)), &ours),
        indented(&expected)
    );
    // flush dashes
    let flush = |text: &str| text.replace("      - ", "    - ");
    assert_eq!(merged(JOB, &flush(&edit(JOB)), &ours), flush(&expected));
}

#[test]
fn scalars_of_a_list_are_known_by_what_they_are() {
    let theirs = JOB.replace("      - ^doc/.*$", "      - ^mine$\n      - ^doc/.*$");
    let ours = JOB.replace("      - ^.*\\.rst$\n", "");
    assert_eq!(
        merged(JOB, &theirs, &ours),
        theirs.replace("      - ^.*\\.rst$\n", "")
    );
    let ours = JOB.replace(
        "- openstack/rally-openstack",
        "- name: openstack/rally-openstack\n        override-checkout: master",
    );
    assert_eq!(
        merged(JOB, &theirs, &ours),
        theirs.replace(
            "- openstack/rally-openstack",
            "- name: openstack/rally-openstack\n        override-checkout: master"
        )
    );
}

#[test]
fn items_are_known_by_kind_and_name() {
    let other = "- project:\n    check:\n      jobs:\n        - nova-rally\n";
    let base = format!("{JOB}\n{other}");
    let theirs = format!("{other}\n{JOB}").replace("7200", "7200  # long");
    let ours = base.replace("7200", "9000").replace(
        "        - nova-rally",
        "        - nova-rally:\n            voting: false",
    );
    let expected = theirs.replace("7200", "9000").replace(
        "        - nova-rally",
        "        - nova-rally:\n            voting: false",
    );
    assert_eq!(merged(&base, &theirs, &ours), expected);
    let new = format!(
        "{JOB}\n{}\n{other}",
        JOB.replace("nova-rally", "nova-rally-long")
    );
    assert_eq!(
        merged(&base, &format!("{JOB}\n{other}\n# end\n"), &new),
        format!("{new}\n# end\n")
    );
}

#[test]
fn a_job_that_was_edited_is_kept() {
    let base = format!("{JOB}\n- job:\n    name: x\n    timeout: 1\n");
    let theirs = base.replace("timeout: 1\n", "timeout: 2\n");
    let (text, said) = kept(&base, &theirs, JOB);
    assert_eq!(text, theirs);
    assert_eq!(
        said,
        ["13: `job x` is kept: git-rally no longer has it, but somebody edited it"]
    );
    assert_eq!(
        merged(&base, &format!("{base}\n# end\n"), JOB),
        format!("{JOB}\n# end\n")
    );
    let (line, last, _) = conflict(
        &base,
        &theirs,
        &base.replace("timeout: 1\n", "timeout: 3\n"),
    );
    assert_eq!((line, last), (15, 15));
}
