//! What cannot be extended safely, and what can although it looks odd.

use super::*;

/// A task whose only scenario is theirs, but for the list of subtasks.
const HEAD: &str = "version: 2\ntitle: Theirs\n";

#[test]
fn a_clear_refusal() {
    let item = "- title: Theirs\n  scenario: {Dummy.dummy: {}}\n";
    for (text, said) in [
        (
            "subtasks: [{title: a, scenario: {Dummy.dummy: {}}}]\n".to_owned(),
            "line 3: the list of subtasks uses flow style",
        ),
        (
            "subtasks: []\n".to_owned(),
            "line 3: the list of subtasks is empty",
        ),
        ("subtasks:\n".to_owned(), "line 3: it is no Rally task"),
        ("other: 1\n".to_owned(), "line 1: it is no Rally task"),
        (
            format!("subtasks: &all\n{item}again: *all\n"),
            "line 4: the list of subtasks is an alias, or an alias refers to it",
        ),
        (
            format!("other: &all\n{item}subtasks: *all\n"),
            "line 6: the list of subtasks is an alias, or an alias refers to it",
        ),
        (
            format!("subtasks: !all\n{item}"),
            "line 4: Rally cannot read it: no loader knows the tag `!all`",
        ),
        (
            format!("subtasks: !!seq\n{item}"),
            "line 4: the list of subtasks has a tag",
        ),
        (
            "subtasks:\n- - a\n".to_owned(),
            "line 4: it is no Rally task",
        ),
        (
            format!("subtasks:\n{item}{item}  title: again\n"),
            "Rally cannot read it",
        ),
        (format!("subtasks:\n{item}\tx: 1\n"), "Rally cannot read it"),
        (
            format!("subtasks:\n{item}<<: {{}}\n"),
            "line 6: Rally cannot read it: Rally's loader has no merge keys (`<<`)",
        ),
        (
            format!("subtasks:\n{item}# {{{{ unknown }}}}\n"),
            "line 6: no value is known of `unknown`",
        ),
        (
            format!("subtasks:\n{item}# {{% for x in %}}\n"),
            "line 6: Jinja2 cannot render it",
        ),
        (
            format!("subtasks:\n{item}---\n{item}"),
            "line 6: Rally cannot read it: a second YAML document begins",
        ),
        (
            format!("subtasks:\n{item}  description: |\n    end\n"),
            "line 4: the file ends in a block scalar, whose value new lines would change",
        ),
        (
            format!("subtasks:\n{item}  description: |\n    end"),
            "line 4: the file ends in a block scalar",
        ),
        (
            format!("# {{% raw %}}{{% if x %}}{{% endraw %}}\nsubtasks:\n{item}"),
            "line 5: where its blocks of Jinja2 end cannot be told",
        ),
        // the lines would be inside a text that is rendered elsewhere
        (
            format!(
                "{{% set all %}}\nsubtasks:\n{item}{{% endset %}}\n{{{{ all }}}}{{{{ all | length }}}}: 1\n"
            ),
            "cannot extend",
        ),
    ] {
        let text = format!("{HEAD}{text}");
        let error = extended(&text).expect_err(&text);
        let message = error.to_string();
        assert!(
            message.starts_with(&format!("cannot extend `{PATH}`, line ")),
            "{text}\n{message}"
        );
        assert!(message.contains(said), "{text}\n{message}");
        assert_eq!(error.refusal(), Some(crate::remedy::Refusal::Covered));
        assert!(error.hint().ends_with("git rally commit --job NAME"));
    }
}

/// Jinja2 takes away one line break only.
#[test]
fn a_block_scalar_before_a_blank_line() {
    let item = "- title: Theirs\n  scenario: {Dummy.dummy: {}}\n";
    for end in [
        "|\n    end\n\n",
        "|-\n    end\n",
        "|-\n    end",
        ">-\n    end\n",
    ] {
        let text = format!("{HEAD}subtasks:\n{item}  description: {end}");
        assert_eq!(extended(&text).expect(&text).added.len(), 3);
    }
}

#[test]
fn files_that_are_no_text() {
    let huge = format!("{HEAD}# {}\n", "x".repeat(2 << 20));
    let error = extended(&huge).expect_err("huge");
    assert!(
        error.to_string().ends_with("line 1: it is too large"),
        "{error}"
    );
    let mut files = FileMap::of([(PATH, "")]);
    files.0.values_mut().for_each(|file| file.1 = vec![0xff]);
    let error = extended_of(&files, SERVICE, LoadOptions::default()).expect_err("bytes");
    assert!(
        error.to_string().ends_with("line 1: it is not UTF-8"),
        "{error}"
    );
    let none = extended_of(&FileMap::default(), SERVICE, LoadOptions::default());
    let error = none.expect_err("nothing");
    assert_eq!(
        error.to_string(),
        format!("there is no file `{PATH}` in the base commit")
    );
}

/// Which line the last item comes from cannot be told.
#[test]
fn the_last_item_is_in_another_file() {
    let item = "- title: Theirs\n  scenario: {Dummy.dummy: {}}\n";
    let text = format!("{HEAD}subtasks:\n{item}{{% include 'part.txt' %}}\n");
    let files = FileMap::of([(PATH, text.as_str()), ("rally-jobs/part.txt", item)]);
    let error = extended_of(&files, SERVICE, LoadOptions::default()).expect_err("an include");
    let said = "Rally would not read the extended text as the old task and the new workloads";
    assert!(error.to_string().ends_with(said), "{error}");
    // one that comes first is no matter
    let text = format!("{HEAD}subtasks:\n{{% include 'part.txt' %}}\n\n{item}");
    let files = FileMap::of([(PATH, text.as_str()), ("rally-jobs/part.txt", item)]);
    let extension = extended_of(&files, SERVICE, LoadOptions::default()).expect("an extension");
    assert_eq!(extension.added.len(), 3);
}

#[test]
fn a_value_that_would_be_jinja2() {
    let service = SERVICE.replace("one.yaml}\n", "'{{ other }}'}\n");
    let service = service.replace("~/.rally/extra/'{{ other }}'", "'{{ other }}'");
    let files = FileMap::of([(
        PATH,
        "version: 2\nsubtasks:\n- title: a\n  scenario: {Dummy.dummy: {}}\n",
    )]);
    let error = extended_of(&files, &service, LoadOptions::default()).expect_err("Jinja2");
    assert_eq!(
        error.to_string(),
        "the new workloads have `{{`, which is Jinja2 for Rally"
    );
    assert_eq!(error.refusal(), None);
}
