//! Tasks of Rally, one edit each.
#![allow(
    clippy::cloned_ref_to_slice_refs,
    reason = "a list of one workload is written as the longer ones are"
)]

use crate::{conflict, kept, merged, yaml};

/// A workload, at column 0.
fn workload(scenario: &str, times: u32) -> String {
    format!(
        "- description: >-\n    Check {scenario}.\n  scenario:\n    {scenario}:\n      detailed: true\n  \
         runner:\n    constant:\n      times: +{{{{ times | default({times}) }}}}\n      \
         concurrency: +{{{{ [concurrency | default(4),\n        times | default(20)] | min }}}}\n"
    )
}

fn indented(text: &str, by: usize) -> String {
    let pad = " ".repeat(by);
    text.lines().map(|line| format!("{pad}{line}\n")).collect()
}

/// A task of subtasks and their workloads.
fn task(subtasks: &[(&str, &[String])]) -> String {
    let mut text = "# {% set image = image or \"cirros\" %}\nversion: 2\nsubtasks:\n".to_owned();
    for (title, workloads) in subtasks {
        text.push_str(&format!("  - title: {title}\n    workloads:\n"));
        for workload in *workloads {
            text.push_str(&indented(workload, 6));
        }
    }
    text
}

fn abc() -> [String; 3] {
    ["N.a", "N.b", "N.c"].map(|scenario| workload(scenario, 20))
}

#[test]
fn what_we_do_not_change_stays_theirs() {
    let [a, b, c] = abc();
    let base = task(&[("One", &[a.clone(), b.clone(), c.clone()])]);
    let theirs = base
        .replace("    workloads:", "    workloads:   # ours\n\n")
        .replace("true", "True");
    let ours = base.replace("version: 2", "version: 3");
    assert_eq!(
        merged(&base, &theirs, &ours),
        theirs.replace("version: 2", "version: 3")
    );
}

#[test]
fn changes_of_adjacent_lines_are_no_conflict() {
    let base = task(&[("One", &abc())]);
    let theirs = base.replacen(
        "times: +{{ times | default(20)",
        "times: +{{ times | default(70)",
        1,
    );
    let ours = base.replacen("concurrency | default(4)", "concurrency | default(5)", 1);
    let both = theirs.replacen("concurrency | default(4)", "concurrency | default(5)", 1);
    assert_eq!(merged(&base, &theirs, &ours), both);
}

#[test]
fn both_may_change_one_value_to_the_same_and_not_to_two() {
    let base = task(&[("One", &abc())]);
    let to = |times: u32| {
        base.replacen(
            "times | default(20) }}",
            &format!("times | default({times}) }}}}"),
            1,
        )
    };
    let theirs = format!("{}# mine\n", to(5));
    assert_eq!(merged(&base, &theirs, &to(5)), theirs);
    let (line, last, [b, t, o]) = conflict(&base, &to(5), &to(6));
    assert_eq!((line, last), (13, 13));
    assert!(
        b.contains("(20)") && t.contains("(5)") && o.contains("(6)"),
        "{b}{t}{o}"
    );
}

#[test]
fn a_new_workload_follows_the_one_that_it_follows_in_ours() {
    let [a, b, c] = abc();
    let new = workload("N.new", 3);
    let base = task(&[("One", &[a.clone(), b.clone(), c.clone()])]);
    let ours = task(&[("One", &[a.clone(), b.clone(), new.clone(), c.clone()])]);
    let theirs = task(&[("One", &[c.clone(), b.clone(), a.clone()])]);
    let expected = task(&[("One", &[c.clone(), b.clone(), new.clone(), a.clone()])]);
    assert_eq!(merged(&base, &theirs, &ours), expected);
    // at the front there is none before it
    let ours = task(&[("One", &[new.clone(), a.clone(), b.clone(), c.clone()])]);
    let expected = task(&[("One", &[new.clone(), c.clone(), b.clone(), a.clone()])]);
    assert_eq!(merged(&base, &theirs, &ours), expected);
}

#[test]
fn a_new_workload_stands_where_their_dashes_are() {
    let base = "workloads:\n- scenario:\n    N.a: {}\n";
    let theirs = "workloads:\n    -   scenario:\n            N.a: {}\n    # the end\n";
    let ours = "workloads:\n- scenario:\n    N.a: {}\n# new\n- scenario:\n    N.b: {}\n";
    assert_eq!(
        merged(base, theirs, ours),
        "workloads:\n    -   scenario:\n            N.a: {}\n    # new\n    - scenario:\n        N.b: {}\n    # the end\n"
    );
}

#[test]
fn what_we_drop_goes_unless_somebody_edited_it() {
    let [a, b, c] = abc();
    let base = task(&[("One", &[a.clone(), b.clone(), c.clone()])]);
    let ours = task(&[("One", &[a.clone(), c.clone()])]);
    let theirs = task(&[("One", &[b.clone(), c.clone(), a.clone()])]);
    let without = task(&[("One", &[c.clone(), a.clone()])]);
    assert_eq!(merged(&base, &theirs, &ours), without);
    assert_eq!(
        merged(&base, &format!("{without}# x\n"), &ours),
        format!("{without}# x\n")
    );
    let edited = theirs.replacen("true", "false", 1);
    let (text, said) = kept(&base, &edited, &ours);
    assert_eq!(text, edited);
    assert_eq!(
        said,
        ["6: workload `N.b` is kept: git-rally no longer has it, but somebody edited it"]
    );
}

#[test]
fn what_somebody_removed_stays_out() {
    let [a, b, c] = abc();
    let base = task(&[("One", &[a.clone(), b.clone(), c.clone()])]);
    let theirs = task(&[("One", &[a.clone(), c.clone()])]);
    let ours = task(&[("One", &[a, workload("N.b", 30), c])]);
    let (text, said) = kept(&base, &theirs, &ours);
    assert_eq!(text, theirs);
    assert_eq!(
        said,
        ["5: workload `N.b` stays out: git-rally changes it, but somebody removed it"]
    );
}

#[test]
fn a_moved_workload_stays_there_and_gets_our_change() {
    let [a, b, c] = abc();
    let base = task(&[("One", &[a.clone(), b.clone()]), ("Two", &[c.clone()])]);
    let theirs = task(&[("One", &[b.clone()]), ("Two", &[c.clone(), a.clone()])]);
    let ours = base.replacen("true", "false", 1);
    let at = theirs.rfind("true").expect("the workload");
    let expected = format!("{}false{}", &theirs[..at], &theirs[at + 4..]);
    assert_eq!(merged(&base, &theirs, &ours), expected);
}

#[test]
fn names_may_be_edited() {
    let base = task(&[("One", &abc())]);
    let theirs = base
        .replace("Check N.b.", "Look at N.b.")
        .replace("title: One", "title: First");
    let ours = base.replace("detailed: true", "detailed: false");
    let expected = theirs.replace("detailed: true", "detailed: false");
    assert_eq!(merged(&base, &theirs, &ours), expected);
    // the other way round
    assert_eq!(merged(&base, &ours, &theirs), expected);
}

#[test]
fn workloads_of_a_dropped_subtask_are_not_lost_and_not_doubled() {
    let [a, b, c] = abc();
    let base = task(&[("One", &[a.clone(), b.clone()]), ("Two", &[c.clone()])]);
    let theirs = format!("{base}# mine\n");
    // `c` comes into the first subtask
    let ours = task(&[("One", &[a.clone(), b.clone(), c.clone()])]);
    assert_eq!(merged(&base, &theirs, &ours), format!("{ours}# mine\n"));
    // `b` goes into a new one
    let ours = task(&[
        ("One", &[a.clone()]),
        ("Two", &[c.clone()]),
        ("Three", &[b.clone()]),
    ]);
    assert_eq!(merged(&base, &theirs, &ours), format!("{ours}# mine\n"));
}

#[test]
fn a_scenario_that_both_add_is_two_workloads_if_they_differ_in_name() {
    let [a, b, _] = abc();
    let base = task(&[("One", &[a.clone()])]);
    let mine = b.replace("Check", "Torture");
    let theirs = task(&[("One", &[a.clone(), mine.clone()])]);
    let ours = task(&[("One", &[a.clone(), b.clone()])]);
    let both = task(&[("One", &[a.clone(), b.clone(), mine])]);
    assert_eq!(merged(&base, &theirs, &ours), both);
    // the same, in two ways
    let theirs = task(&[("One", &[a, b.replace("true", "false")])]);
    let (line, last, [b, ..]) = conflict(&base, &theirs, &ours);
    assert_eq!((line, last, b.as_str()), (16, 25, ""));
}

#[test]
fn the_first_key_of_an_item_is_on_the_line_of_its_dash() {
    let base = "workloads:\n  - a: 1\n    b: 2\n    name: x\n";
    let theirs = "workloads:\n  - a: 1\n    b: 2\n    name: x\n    mine: 1\n";
    for (ours, expected) in [
        (
            "workloads:\n  - b: 2\n    name: x\n",
            "workloads:\n  - b: 2\n    name: x\n    mine: 1\n",
        ),
        (
            "workloads:\n  - new: 0\n    a: 1\n    b: 2\n    name: x\n",
            "workloads:\n  - new: 0\n    a: 1\n    b: 2\n    name: x\n    mine: 1\n",
        ),
        (
            "workloads:\n  - new: 0\n    name: x\n",
            "workloads:\n  - new: 0\n    name: x\n    mine: 1\n",
        ),
        (
            "workloads:\n  - name: x\n",
            "workloads:\n  - name: x\n    mine: 1\n",
        ),
    ] {
        assert_eq!(merged(base, theirs, ours), expected);
    }
}

#[test]
fn keys_are_merged_one_by_one() {
    let base = "a: 1\nb:\n  c: 2\n  d: 3\ne: 4\n";
    let theirs = "e: 4\nb:\n    d: 30\n    c: 2\na: 1\n";
    for (ours, expected) in [
        (
            "a: 1\nb:\n  c: 2\n  d: 3\n",
            "b:\n    d: 30\n    c: 2\na: 1\n",
        ),
        (
            "a: 1\nb:\n  c: 2\n  x: 1\n  d: 3\ne: 4\n",
            "e: 4\nb:\n    d: 30\n    c: 2\n    x: 1\na: 1\n",
        ),
        (
            "a: 1\nb:\n  c: 5\n  d: 3\ne: 4\n",
            "e: 4\nb:\n    d: 30\n    c: 5\na: 1\n",
        ),
        // one and the same, in another layout
        (
            "a:\n  x: 1\nb:\n  c: 2\n  d: 3\ne: 4\n",
            "e: 4\nb:\n    d: 30\n    c: 2\na:\n  x: 1\n",
        ),
    ] {
        assert_eq!(merged(base, theirs, ours), expected);
    }
    let (text, said) = kept(base, theirs, "a: 1\nb:\n  c: 2\ne: 4\n");
    assert_eq!(text, theirs);
    assert_eq!(
        said,
        ["3: `d` is kept: git-rally no longer has it, but somebody edited it"]
    );
    let both = conflict("a: 1\n", "a: 1\nb: 2\n", "a: 1\nb: 3\n");
    assert_eq!(
        both,
        (2, 2, [String::new(), "b: 2\n".into(), "b: 3\n".into()])
    );
}

#[test]
fn long_texts_are_merged_line_by_line() {
    let base = "a: |\n  one\n  two\n  three\n  four\nb: 1\n";
    let theirs = "b: 1\na: |\n    ONE\n    two\n    three\n    four\n";
    let ours = "a: |\n  one\n  two\n  three\n  FOUR\nb: 1\n";
    assert_eq!(
        merged(base, theirs, ours),
        "b: 1\na: |\n    ONE\n    two\n    three\n    FOUR\n"
    );
}

#[test]
fn an_alias_is_not_edited() {
    let base = "a:\n  x: 1\nb:\n  x: 1\nz: 1\n";
    let ours = "a:\n  x: 2\nb:\n  x: 1\nz: 1\n";
    // line by line, the alias follows: nothing better is known
    let theirs = "a: &a\n  x: 1\nb: *a\nz: 1\n";
    match yaml(base, theirs, ours) {
        Ok(merged) => panic!("{}", merged.text),
        Err(conflicts) => assert!(!conflicts.is_empty()),
    }
    // it is elsewhere
    let ours = "a:\n  x: 1\nb:\n  x: 1\nz: 2\n";
    assert_eq!(merged(base, theirs, ours), "a: &a\n  x: 1\nb: *a\nz: 2\n");
}

#[test]
fn what_is_no_yaml_is_merged_by_lines() {
    let base = "a: 1\nb: 2\nc: 3\nd: 4\n";
    let theirs = "a: 1\nb: 2\nc: 3\n{% if x %}\nd: 4\n{% endif %}\n";
    let ours = "a: 9\nb: 2\nc: 3\nd: 4\n";
    assert_eq!(merged(base, theirs, ours), theirs.replace("a: 1", "a: 9"));
    assert!(yaml(base, &theirs.replace("a: 1", "a: 8"), ours).is_err());
}
