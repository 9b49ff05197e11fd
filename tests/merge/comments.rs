//! Comments: above a key, behind a value, at the top, at the end.

use crate::{conflict, merged, yaml};

const BASE: &str = "# head\nversion: 2\nlist:\n  # why\n  - name: a\n    x: 1\n  - name: b\n";

#[test]
fn comments_above_a_key_are_merged() {
    let theirs = BASE.replace("- name: b", "# mine\n  - name: b");
    for (from, to) in [
        ("# why", "# because"),
        ("  # why\n", ""),
        ("    x: 1", "    # one\n    x: 1"),
    ] {
        let ours = BASE.replace(from, to);
        assert_eq!(merged(BASE, &theirs, &ours), theirs.replace(from, to));
    }
    // of ours and of theirs
    let theirs = BASE.replace("# why", "# because");
    assert_eq!(
        merged(BASE, &format!("{theirs}# x\n"), &theirs),
        format!("{theirs}# x\n")
    );
    let (line, last, _) = conflict(BASE, &theirs, &BASE.replace("# why", "# for"));
    assert_eq!((line, last), (4, 6));
}

#[test]
fn a_comment_goes_and_comes_with_what_it_is_about() {
    let theirs = format!("{BASE}z: 1\n");
    let ours = "# head\nversion: 2\nlist:\n  - name: b\n  # of c\n  - name: c\n    # deep\n";
    assert_eq!(merged(BASE, &theirs, ours), format!("{ours}z: 1\n"));
}

#[test]
fn a_comment_behind_a_value_stays() {
    let theirs = BASE.replace("x: 1", "x: 1  # mine");
    let ours = BASE.replace("x: 1", "x: 22");
    assert_eq!(
        merged(BASE, &theirs, &ours),
        theirs.replace("x: 1", "x: 22")
    );
    let ours = BASE.replace("x: 1", "x: 1  # ours");
    assert!(yaml(BASE, &theirs, &ours).is_err());
    assert_eq!(
        merged(BASE, &format!("{BASE}# z\n"), &ours),
        format!("{ours}# z\n")
    );
}

#[test]
fn what_a_comment_would_be_swallowed_by_is_not_written() {
    let theirs = BASE.replace("x: 1", "x: 1  # mine");
    let ours = BASE.replace("x: 1", "x: >-\n      long");
    assert!(yaml(BASE, &theirs, &ours).is_err());
}

#[test]
fn the_comments_at_the_top_are_merged_as_a_set() {
    let set = |names: &[&str]| -> String {
        let lines = names
            .iter()
            .map(|name| format!("# {{% set {name} = {name} or 1 %}}\n"));
        lines.collect::<String>() + "version: 2\n"
    };
    let base = set(&["a", "b"]);
    assert_eq!(
        merged(&base, &set(&["a", "b", "mine"]), &set(&["a", "b", "c"])),
        set(&["a", "b", "c", "mine"])
    );
    assert_eq!(
        merged(&base, &set(&["mine", "a", "b"]), &set(&["b"])),
        set(&["mine", "b"])
    );
    assert_eq!(
        merged(&base, &set(&["a", "mine"]), &set(&["b", "c"])),
        set(&["c", "mine"])
    );
    // one variable, set in two ways
    let mine = set(&["a", "b"]).replace("a or 1", "a or 2");
    let ours = set(&["a", "b"]).replace("a or 1", "a or 3");
    let (line, last, _) = conflict(&base, &mine, &ours);
    assert_eq!((line, last), (1, 2));
}

#[test]
fn comments_at_the_end_are_merged() {
    let theirs = format!("{BASE}# mine\n").replace("version: 2", "version: 2  # x");
    let ours = format!("{BASE}# ours\n");
    assert!(yaml(BASE, &theirs, &ours).is_err());
    let theirs = BASE.replace("version: 2", "version: 2  # x");
    assert_eq!(merged(BASE, &theirs, &ours), format!("{theirs}# ours\n"));
}
