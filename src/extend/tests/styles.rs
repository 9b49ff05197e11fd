//! The style of the task is that of the new lines.

use super::*;

/// Every line of version 2 that a task gets.
const ALL: &str = "
    -
      title: 'Things: made'
      workloads:
        -
          description: Make a thing.
          scenario:
            Things.make:
              size: 3
              image:
                name: ^(a.*-disk|B)$
          runner:
            constant:
              times: 10
              concurrency: 5
          contexts:
            users:
              tenants: 1
              users_per_tenant: 1
            roles:
              - admin
          sla:
            failure_rate:
              max: 0
            max_avg_duration_per_atomic:
              mine.break: 0.5
              mine.make: 30
        -
          description: Make a thing of nothing.
          scenario:
            Things.make: {}
          runner:
            constant:
              times: 2
              concurrency: 1
          contexts:
            users:
              tenants: 1
              users_per_tenant: 1
          sla:
            failure_rate:
              # Some things break.
              max: 10
            max_avg_duration_per_atomic:
              mine.make: 30
    -
      title: Lists
      workloads:
        -
          description: List the things.
          scenario:
            Things.list:
              file: ~/.rally/extra/one.yaml
          runner:
            constant:
              times: 10
              concurrency: 5
          contexts:
            users:
              tenants: 1
              users_per_tenant: 1
          sla:
            failure_rate:
              max: 0
            max_avg_duration_per_atomic:
              mine.list: 30
";

#[test]
fn lists_of_workloads_and_dashes_alone() {
    let task = "\
{% set a = 1 %}
---
  version: 2
  title: Theirs
  subtasks:
    -
      title: One
      workloads:
        -
          scenario:
            Dummy.dummy: {}
          # last
";
    assert_eq!(after(task), format!("{task}{}", &ALL[1..]));
    // in the old task or not, keys may follow
    let (head, tail) = task.split_at(task.find("  subtasks").expect("subtasks"));
    let (head, rest) = head.split_at(head.find("  title").expect("title"));
    assert_eq!(
        after(&format!("{head}{tail}{rest}# end\n")),
        format!("{head}{tail}{}{rest}# end\n", &ALL[1..])
    );
}

#[test]
fn line_breaks_are_theirs() {
    let task = "---\n  version: 2\n  subtasks:\n    -\n      title: One\n      workloads:\n        -\n          scenario: {Dummy.dummy: {}}\n";
    let with = |end: &str| task.replace('\n', end);
    assert_eq!(
        after(&with("\r\n")),
        format!("{task}{}", &ALL[1..]).replace('\n', "\r\n")
    );
    // a final one is added
    assert_eq!(after(task.trim_end()), format!("{task}{}", &ALL[1..]));
}

/// Where there are no lists of workloads, a single one needs none. The dashes are at the column of
/// their key, and blank lines are between items.
#[test]
fn flat_subtasks_with_blank_lines() {
    let task = "\
version: 2
subtasks:
- title: One
  scenario:
    Things.make: {}

# Two is slow.
- title: Two
  scenario:
    Dummy.dummy: {}
";
    let new = "
- title: Lists
  description: List the things.
  scenario:
    Things.list:
      file: ~/.rally/extra/one.yaml
  runner:
    constant:
      times: 10
      concurrency: 5
  contexts:
    users:
      tenants: 1
      users_per_tenant: 1
  sla:
    failure_rate:
      max: 0
    max_avg_duration_per_atomic:
      mine.list: 30
";
    assert_eq!(after(task), format!("{task}{new}"));
    // of two in one subtask, the list is written as that of subtasks
    let other = task.replace("Things.make", "Things.list");
    let made = after(&other);
    let (_, made) = made.split_at(other.len());
    assert!(made.starts_with("\n- title: 'Things: made'\n  workloads:\n  - description: Make a thing.\n    scenario:\n"), "{made}");
    assert!(
        made.contains("\n      roles:\n      - admin\n    sla:\n"),
        "{made}"
    );
}

#[test]
fn steps_of_four() {
    let task = "\
version: 2
subtasks:
    -   title: One
        scenario:
            Things.list: {}
        runner: {constant: {times: 1}}
";
    let made = after(task);
    let (_, made) = made.split_at(task.len());
    let expected = "    -   title: 'Things: made'
        workloads:
            -   description: Make a thing.
                scenario:
                    Things.make:
                        size: 3
                        image:
                            name: ^(a.*-disk|B)$
                runner:
";
    assert!(made.starts_with(expected), "{made}");
    let contexts = "
                    roles:
                        - admin
                sla:
                    failure_rate:
                        max: 0
";
    assert!(made.contains(contexts), "{made}");
}

#[test]
fn version_1() {
    let task = "\
---
  Dummy.dummy:
    -
      args:
        sleep: 1
";
    let new = "  Things.make:
    # Make a thing.
    -
      args:
        size: 3
        image:
          name: ^(a.*-disk|B)$
      runner:
        type: constant
        times: 10
        concurrency: 5
      context:
        users:
          tenants: 1
          users_per_tenant: 1
        roles:
          - admin
      sla:
        failure_rate:
          max: 0
        max_avg_duration_per_atomic:
          mine.break: 0.5
          mine.make: 30
    # Make a thing of nothing.
    -
      runner:
        type: constant
        times: 2
        concurrency: 1
      context:
        users:
          tenants: 1
          users_per_tenant: 1
      sla:
        failure_rate:
          # Some things break.
          max: 10
        max_avg_duration_per_atomic:
          mine.make: 30
  Things.list:
    # List the things.
    -
      args:
        file: ~/.rally/extra/one.yaml
      runner:
        type: constant
        times: 10
        concurrency: 5
      context:
        users:
          tenants: 1
          users_per_tenant: 1
      sla:
        failure_rate:
          max: 0
        max_avg_duration_per_atomic:
          mine.list: 30
";
    assert_eq!(after(task), format!("{task}{new}"));
    // nothing shows how a list is written
    let made = after("Things.make: [{}]\n");
    assert!(
        made.starts_with("Things.make: [{}]\nThings.list:\n# List the things.\n- args:\n    file:"),
        "{made}"
    );
    let spaced = after("Dummy.dummy: [{}]\n\nThings.make:\n  - args: {}\n");
    assert!(
        spaced.contains("{}\n\nThings.list:\n  # List the things.\n  - args:\n      file:"),
        "{spaced}"
    );
    let made = extended("{Dummy.dummy: [{}]}\n").expect_err("flow");
    assert!(made.to_string().ends_with("flow style"), "{made}");
}

/// The lines go in behind a block of Jinja2, never into it.
#[test]
fn templates() {
    let of = |subtasks: &str| format!("version: 2\nsubtasks:\n{subtasks}");
    let item = "- title: One\n  scenario: {Things.make: {}}\n";
    for (task, behind) in [
        (
            of(&format!(
                "{{% for x in [1, 2] %}}\n{item}{{% endfor %}}\n# end\n"
            )),
            "{% endfor %}\n",
        ),
        (
            of(&format!("{item}{{% if true %}}\n{item}{{% endif %}}\n")),
            "{% endif %}\n",
        ),
        (
            of(&format!("{item}{{#\nx\n#}}\n{item}# end\n")),
            "#}\n- title: One\n  scenario: {Things.make: {}}\n",
        ),
        (of(&format!("{item}  # why {{#\n#}}\n# end\n")), "#}\n"),
    ] {
        let extension = extended(&task).expect(&task);
        assert_eq!(scenarios(&extension), ["Things.list"], "{task}");
        let made = String::from_utf8(extension.after).expect("UTF-8");
        let place = task.rfind(behind).expect("the place") + behind.len();
        let new = format!("{}- title: Lists\n", &task[..place]);
        assert!(made.starts_with(&new), "{task}\n=> {made}");
        assert!(made.ends_with(&task[place..]), "{task}\n=> {made}");
    }
}

/// A description that does not fit on its line is folded, whatever the column.
#[test]
fn lines_are_short_enough() {
    let long = "List the things that have been made before, one after the other, and look at each.";
    let service = SERVICE.replace("List the things.", long);
    for column in [0, 8, 30] {
        let pad = " ".repeat(column);
        let task = format!(
            "{pad}version: 2\n{pad}subtasks:\n{pad}- title: a\n{pad}  scenario: {{Things.make: {{}}}}\n"
        );
        let files = FileMap::of([(PATH, task.as_str())]);
        let extension = extended_of(&files, &service, LoadOptions::default()).expect(&task);
        let text = String::from_utf8(extension.after).expect("UTF-8");
        assert!(text.lines().all(|line| line.len() < 80), "{text}");
        assert!(text.contains("description: >-\n"), "{text}");
    }
}
