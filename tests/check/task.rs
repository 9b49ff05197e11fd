//! Rules for tasks.

use crate::support::says;
use crate::{HOOKS, TASK, clean, judge, notes, put, task, with};

#[test]
fn not_yaml_unrendered() {
    let bare = TASK.replace("times: 4", "times: {{ times | default(4) }}");
    let statement = format!("{{% set a = 1 %}}\n{TASK}");
    let found = ["rally-jobs/task.yaml:11 not-yaml-unrendered"];
    assert_eq!(with(&[("rally-jobs/task.yaml", &bare)]), found);
    assert_eq!(
        with(&[("rally-jobs/task.yaml", &statement)]),
        ["rally-jobs/task.yaml:1 not-yaml-unrendered"]
    );
    let none: [&str; 0] = [];
    assert_eq!(task("times: 4", "times: +{{ times | default(4) }}"), none);
    // no hook, or one that does not read the file, or only its form
    let hooks = |text: &str| {
        with(&[
            ("rally-jobs/task.yaml", &bare),
            (".pre-commit-config.yaml", text),
        ])
    };
    assert_eq!(hooks("repos: []\n"), none);
    assert_eq!(hooks(&HOOKS.replace("excluded", "task")), none);
    assert_eq!(hooks(&format!("exclude: rally-jobs\n{HOOKS}")), none);
    assert_eq!(
        hooks(&HOOKS.replace("        files", "        args: [--unsafe]\n        files")),
        none
    );
}

#[test]
fn task_v1() {
    let text = "---\nNeutronNetworks.create_and_list_networks:\n  -\n    runner:\n      type: constant\n      times: 1\n      concurrency: 2\n    sla:\n      max_avg_duration: 3\n";
    let found = [
        "rally-jobs/task.yaml:2 task-v1",
        "rally-jobs/task.yaml:7 concurrency-over-times",
        "rally-jobs/task.yaml:8 lets-all-fail",
    ];
    assert_eq!(with(&[("rally-jobs/task.yaml", text)]), found);
    // data that only looks like a task
    assert_eq!(
        with(&[("rally-jobs/other.yaml", "a.b: 1\n")]),
        [] as [&str; 0]
    );
}

/// Whatever lies where tasks lie is judged, or the report says that it is not.
#[test]
fn no_file_that_rally_refuses_is_silent() {
    let indented = |text: &str| -> String {
        let lines = text.lines().map(|line| format!("  {line}\n"));
        lines.collect()
    };
    let two = format!("{TASK}title: Again\n");
    let bare = TASK.replace("times: 4", "times: {{ times }}");
    let open = TASK.replace("times: 4", "times: {{ 4");
    for (text, line, rule) in [
        (&two, 18, "not-yaml"),
        (&bare, 11, "undeclared-variable"),
        (&open, 11, "not-rendered"),
    ] {
        // a job names the one, and nobody the other
        for path in ["rally-jobs/task.yaml", "rally-jobs/other.yaml"] {
            let found = [format!("{path}:{line} {rule}")];
            assert_eq!(with(&[(path, &indented(text))]), found, "{text}");
        }
    }
    let mut files = clean();
    put(&mut files, "rally-jobs/other.yaml", "a: {{ b }}\n");
    let report = judge(&files);
    let said = notes(&report);
    assert!(
        matches!(said.as_slice(), [note] if note.starts_with("rally-jobs/other.yaml: if this is a task: ")),
        "{said:?}"
    );
    assert_eq!(report.findings.len(), 1);
}

/// A task that includes what only lies beside it: the role copies one file.
#[test]
fn include_not_copied() {
    let part = "    scenario:\n      NeutronNetworks.create_and_list_networks: {}\n{{ load }}\n";
    let task = |include: &str| {
        format!(
            "{include}\nversion: 2\ntitle: Sample\nsubtasks:\n  - title: Networks\n    scenario:\n      Sample.do: {{}}\n    runner:\n      serial:\n        times: 1\n"
        )
    };
    let found = |include: &str, path: &str| {
        let text = task(include);
        with(&[
            ("rally-jobs/task.yaml", &text),
            (path, part),
            (".pre-commit-config.yaml", "repos: []\n"),
        ])
    };
    let beside = "rally-jobs/part.yaml";
    let refused = ["rally-jobs/task.yaml:1 include-not-copied"];
    let none: [&str; 0] = [];
    assert_eq!(found("{% import 'part.yaml' as p %}", beside), refused);
    assert_eq!(
        found(
            "{% import 'macros/part.txt' as p %}",
            "rally-jobs/macros/part.txt"
        )[1..],
        refused
    );
    // a file that another includes is no task
    assert_eq!(found("{% from \"part.yaml\" import p %}", beside), refused);
    // the role copies these folders whole
    assert_eq!(
        found(
            "{% import 'extra/part.yaml' as p %}",
            "rally-jobs/extra/part.yaml"
        ),
        none
    );
    // what is never reached is never looked for
    assert_eq!(
        found(
            "{% if none %}{% import 'part.yaml' as p %}{% endif %}",
            beside
        ),
        none
    );
}

#[test]
fn unknown_scenario() {
    let name = "NeutronNetworks.create_and_list_networks";
    let found = ["rally-jobs/task.yaml:8 unknown-scenario"];
    assert_eq!(task(name, "NeutronNetworks.create_and_list_network"), found);
    let none: [&str; 0] = [];
    assert_eq!(task(name, "Sample.do"), none);
    // names that cannot be told
    let own = ("rally-jobs/task.yaml", TASK.replace(name, "Own.scenario"));
    let with_file = |path, text| with(&[(own.0, &own.1), (path, text)]);
    assert_eq!(
        with_file(
            "rally-jobs/plugins/b.py",
            "from rally.task import scenario\n@scenario.configure(name=str(1) + '.scenario')\n\
             class A(scenario.Scenario): pass\n"
        ),
        none
    );
    // a file that Rally does not load hides what it names, and nothing else
    let broken = |name: &str| {
        let text = format!("x = '{name}\n");
        with(&[(own.0, &own.1), ("rally-jobs/plugins/b.py", &text)])
    };
    assert_eq!(
        broken("Own.scenario'  ("),
        ["rally-jobs/plugins/b.py:2 plugin-syntax"]
    );
    assert_eq!(
        broken("Own.other'  ("),
        ["rally-jobs/plugins/b.py:2 plugin-syntax", found[0]]
    );
    assert_eq!(
        with_file(
            "pyproject.toml",
            "[project.entry-points.rally_plugins]\npath = 'x'\n"
        ),
        none
    );
    let mut files = clean();
    put(
        &mut files,
        "rally-jobs/task.yaml",
        &TASK.replace(name, "CinderVolumes.create_and_list_volumes"),
    );
    says(
        &judge(&files).findings[0].message,
        &["Rally has `CinderVolumes.create_and_list_volume`"],
    );
}

#[test]
fn lets_all_fail() {
    let rate = "          failure_rate:\n            max: 0\n";
    assert_eq!(task(rate, ""), ["rally-jobs/task.yaml:13 lets-all-fail"]);
    assert_eq!(
        task("max: 0", "max: 100"),
        ["rally-jobs/task.yaml:15 lets-all-fail"]
    );
    assert_eq!(
        task("max: 0", "min: 0"),
        ["rally-jobs/task.yaml:14 lets-all-fail"]
    );
    let none: [&str; 0] = [];
    assert_eq!(task("max: 0", "max: 99.5"), none);
    assert_eq!(task("max: 0", "max: +{{ rate | default(0) }}"), none);
    // without any `sla`, Rally's own holds
    let without = TASK.split("        sla:").next().expect("a task");
    assert_eq!(with(&[("rally-jobs/task.yaml", without)]), none);
}

#[test]
fn unknown_action() {
    let found = ["rally-jobs/task.yaml:17 unknown-action"];
    assert_eq!(task("neutron.list_networks", "neutron.list_network"), found);
    let scenario = "NeutronNetworks.create_and_list_networks: {}";
    let of = |name: &str, action: &str| {
        let text = TASK.replace(scenario, &format!("{name}: {{}}"));
        let found = with(&[(
            "rally-jobs/task.yaml",
            &text.replace("neutron.list_networks", action),
        )]);
        let of_rule = found.into_iter();
        of_rule
            .filter(|found| found.ends_with("unknown-action"))
            .collect::<Vec<String>>()
    };
    let none: [&str; 0] = [];
    // the names of the release and of the development branch, which Zuul runs
    for action in ["keystone_v3.create_user", "keystone.create_user"] {
        assert_eq!(of("KeystoneBasic.create_user", action), none);
    }
    for (scenario, action) in [
        ("KeystoneBasic.create_user", "keystone_v2.create_user"),
        ("KeystoneBasic.create_user", "keystone_v3.delete_user"),
        // of a client, not of Rally's service
        (
            "NovaServers.boot_and_delete_server",
            "neutron.list_networks",
        ),
        // nested in neutron.create_router
        (
            "NeutronNetworks.create_and_list_routers",
            "neutron.add_interface_router",
        ),
        ("CinderVolumes.create_volume", "cinder_v2.create_volume"),
    ] {
        assert_eq!(of(scenario, action), found, "{scenario}: {action}");
    }
    assert_eq!(
        of(
            "NovaServers.boot_and_delete_server",
            "nova.force_delete_server"
        ),
        none
    );
    assert_eq!(
        of(
            "CinderVolumes.modify_volume_metadata",
            "cinder_v3.set_3_metadatas_10_times"
        ),
        none
    );
    assert_eq!(
        of(
            "ZaqarBasic.producer_consumer",
            "zaqar.post_between_1_and_2_messages"
        ),
        none
    );
    // a plugin's actions are not known
    assert_eq!(of("Sample.do", "what.ever"), none);
    assert_eq!(of("Dummy.dummy_output", "what.ever"), none);
    // its run() is that of Dummy.dummy
    assert_eq!(of("Dummy.openstack", "foo"), none);
    assert_eq!(of("Dummy.openstack", "bar"), found);
}

#[test]
fn concurrency_over_times() {
    assert_eq!(
        task("concurrency: 2", "concurrency: 5"),
        ["rally-jobs/task.yaml:12 concurrency-over-times"]
    );
    assert_eq!(
        task("            times: 4\n", ""),
        ["rally-jobs/task.yaml:11 concurrency-over-times"]
    );
    let none: [&str; 0] = [];
    assert_eq!(task("concurrency: 2", "concurrency: 4"), none);
    // what Rally gets without task arguments
    assert_eq!(
        task("times: 4", "times: +{{ times | default(1) }}"),
        ["rally-jobs/task.yaml:12 concurrency-over-times"]
    );
    assert_eq!(
        task(
            "constant:\n            times: 4",
            "constant_for_duration:\n            duration: 1"
        ),
        none
    );
}

#[test]
fn undeclared_variable() {
    assert_eq!(
        task("title: Sample", "title: \"{{ name }}\""),
        ["rally-jobs/task.yaml:3 undeclared-variable"]
    );
    assert_eq!(
        task("title: Sample", "title: \"{{ name | d('x') }}\""),
        ["rally-jobs/task.yaml:3 undeclared-variable"]
    );
    let none: [&str; 0] = [];
    assert_eq!(task("title: Sample", "title: \"{{ image_name }}\""), none);
    assert_eq!(
        task("title: Sample", "title: \"{{ name | default('x') }}\""),
        none
    );
}

#[test]
fn extra_missing() {
    let with_argument = |value: &str| task("title: Sample", &format!("title: {value}"));
    let found = ["rally-jobs/task.yaml:3 extra-missing"];
    assert_eq!(with_argument("'~/.rally/extra/gone.txt'"), found);
    assert_eq!(with_argument("'{{ \"~/.rally/extra/gone.txt\" }}'"), found);
    let none: [&str; 0] = [];
    assert_eq!(with_argument("'~/.rally/extra/there.txt'"), none);
    assert_eq!(with_argument("'~/.rally/extra/dummy_image.qcow2'"), none);
    // image_name is cirros
    assert_eq!(
        with_argument("'~/.rally/extra/{{ image_name }}.txt'"),
        found
    );
    assert_eq!(with_argument("'~/.rally/extra/../../x'"), none);
    // the role copies to one home
    assert_eq!(with_argument("/home/jenkins/.rally/extra/there.txt"), found);
    assert_eq!(with_argument("/opt/stack/.rally/extra/there.txt"), none);
    assert_eq!(
        task("title: Sample", "title: Sample  # ~/.rally/extra/gone.txt"),
        none
    );
}

/// A hook of the form of version 1 breaks that of version 2 in several ways.
#[test]
fn a_hook_is_wrong_once() {
    let hook = "        hooks:\n          - name: sys_call\n            args: date\n            trigger:\n              name: event\n              args: {unit: iteration, at: [1]}\n        sla:\n";
    assert_eq!(
        task("        sla:\n", hook),
        ["rally-jobs/task.yaml:14 task-form"]
    );
}

#[test]
fn what_a_condition_hides_is_not_there() {
    let hidden =
        "    workloads:\n# {% if a == 2 %}\n      - scenario: {No.such: {}}\n# {% endif %}\n";
    let with_default = |default: u8| {
        let text = TASK.replace("    workloads:\n", hidden);
        let text = format!("# {{% set a = a or {default} %}}\n{text}");
        with(&[("rally-jobs/task.yaml", &text)])
    };
    assert_eq!(with_default(1), [] as [&str; 0]);
    assert_eq!(with_default(2), ["rally-jobs/task.yaml:9 unknown-scenario"]);
}

#[test]
fn what_keeps_rally_from_reading_a_task() {
    for (text, found) in [
        (format!("{{% include 'x' %}}\n{TASK}"), "1 not-rendered"),
        (format!("{TASK}{{{{ x"), "18 not-rendered"),
        (TASK.replace("title: Sample", "version: 2"), "3 not-yaml"),
        (TASK.replace("title: Sample", "<<<<<<< HEAD"), "3 not-yaml"),
        (TASK.replace("title: Sample", "\ttitle: x"), "2 not-yaml"),
    ] {
        let found = format!("rally-jobs/task.yaml:{found}");
        let said = with(&[("rally-jobs/task.yaml", &text)]);
        assert!(said.contains(&found), "{said:?}: {found}");
    }
}

#[test]
fn what_cannot_be_rendered_here_is_said_to_be_not_judged() {
    let endless =
        "# {% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}\n";
    for (text, why) in [
        (format!("{endless}{TASK}"), "takes too long"),
        (TASK.replace("Sample", "{{ 'a' | xmlattr }}"), "xmlattr"),
    ] {
        let mut files = clean();
        put(&mut files, "rally-jobs/task.yaml", &text);
        let report = judge(&files);
        let notes = notes(&report).join("\n");
        says(&notes, &["rally-jobs/task.yaml: ", why]);
        assert_eq!((report.findings.len(), report.tasks), (1, 0));
    }
}

/// What no cloud can find.
#[test]
fn what_names_an_image_or_a_flavor() {
    let scenario = "NeutronNetworks.create_and_list_networks: {}";
    let of = |image: &str, flavor: &str| {
        let new = format!("NovaServers.boot_server: {{image: {image}, flavor: {flavor}}}");
        task(scenario, &new)
    };
    let none: [&str; 0] = [];
    let is_wrong = |said: Vec<String>| said.iter().any(|one| one.ends_with("8 argument-value"));
    for good in ["{name: a}", "{id: a}", "{regex: a}"] {
        assert!(!is_wrong(of(good, "{name: a}")), "{good}");
    }
    for bad in ["cirros", "{nam: a}", "[a]", "''"] {
        assert!(is_wrong(of(bad, "{name: a}")), "{bad}");
        assert!(is_wrong(of("{name: a}", bad)), "{bad}");
    }
    // nullable
    assert_eq!(
        task(scenario, "CinderVolumes.create_volume: {size: 1}")
            .into_iter()
            .filter(|said| !said.ends_with("unknown-action"))
            .collect::<Vec<_>>(),
        none
    );
}

/// One defect for each of Rally's validators; `tests/online` seeds many more and asks Rally.
#[test]
fn what_rally_s_validators_refuse() {
    let scenario = "NeutronNetworks.create_and_list_networks: {}";
    let times = "            times: 4\n";
    let rate = "          failure_rate:\n            max: 0\n";
    for (from, to, found) in [
        (
            scenario,
            "NovaServers.boot_server: {image: {name: a}}",
            "8 scenario-arguments",
        ),
        (
            scenario,
            "NovaServices.list_services: {hosts: a}",
            "8 scenario-arguments",
        ),
        (
            scenario,
            "Dummy.dummy: {sleep: long}",
            "8 scenario-arguments",
        ),
        (
            scenario,
            "NeutronNetworks.create_and_list_networks: {network_create_args: {name: a}}",
            "8 argument-value",
        ),
        (
            scenario,
            "Authenticate.validate_nova: {repetitions: 0}",
            "8 argument-value",
        ),
        (
            scenario,
            "CinderVolumes.create_and_delete_snapshot: {}",
            "8 context-missing",
        ),
        ("constant:", "constnt:", "10 unknown-plugin"),
        (times, "            times: 0\n", "11 plugin-config"),
        (
            times,
            "            times: 4\n            time: 1\n",
            "12 plugin-config",
        ),
        (
            rate,
            "          failure_rates:\n            max: 0\n",
            "14 unknown-plugin",
        ),
        ("max: 0", "max: 101", "15 plugin-config"),
        ("title: Sample", "titel: Sample", "3 task-form"),
        ("version: 2", "version: 3", "2 task-form"),
    ] {
        let said = task(from, to);
        let found = format!("rally-jobs/task.yaml:{found}");
        assert!(said.contains(&found), "{to}: {said:?}");
    }
}
