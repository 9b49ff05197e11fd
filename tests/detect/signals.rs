//! Files that say which service it is, or that it is none.

use std::fs;

use crate::nova_with;
use crate::support::{Sandbox, says};

#[test]
fn malformed_files_are_named_with_their_line() {
    for (file, text, line) in [
        ("pyproject.toml", "[project]\nname = nova\n", 2),
        (
            "pyproject.toml",
            "[project]\nname = \"nova\"\nname = \"nova\"\n",
            3,
        ),
        ("setup.cfg", "[metadata]\nname = nova\nrubbish\n", 3),
        ("setup.cfg", "name = nova\n", 1),
    ] {
        let sandbox = Sandbox::new();
        let clone = nova_with(&sandbox, &[(file, text)]);
        for verb in ["detect", "commit"] {
            let said = clone.untouched(&[verb]).refused("undecided");
            says(&said, &[&format!("{file}:{line}: "), "--service NAME"]);
        }
    }
}

#[test]
fn bytes_that_are_not_text() {
    for file in ["pyproject.toml", "setup.cfg"] {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        fs::write(clone.path.join(file), b"[x]\ny = \xff\n").expect("file");
        clone.commit_upstream("Not UTF-8");
        let said = clone.untouched(&["commit"]).refused("undecided");
        says(&said, &[&format!("{file}:2: not UTF-8")]);
    }
}

#[test]
fn contradictions() {
    for (file, text, words) in [
        (
            "pyproject.toml",
            "[project]\nname = \"glance\"\n",
            &["pyproject.toml:2", "glance", "`nova/`"][..],
        ),
        (
            ".gitreview",
            "[gerrit]\nproject=openstack/glance.git\n",
            &[".gitreview:2", "`glance`", "`nova`"],
        ),
        (
            "setup.cfg",
            "[metadata]\nname = cinder\n",
            &["setup.cfg:2", "cinder", "pyproject.toml"],
        ),
    ] {
        let sandbox = Sandbox::new();
        let clone = nova_with(&sandbox, &[(file, text)]);
        for verb in ["detect", "diff", "commit"] {
            let said = clone.untouched(&[verb]).refused("undecided");
            says(&said, &["disagree", "--service NAME"]);
            says(&said, words);
        }
    }
}

#[test]
fn a_package_that_is_none() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.git(&["rm", "-rq", "nova"]);
    clone.commit_upstream("No package");
    let said = clone.untouched(&["commit"]).refused("undecided");
    says(&said, &["the package directory `nova/` does not exist"]);
    clone.link("nova", "elsewhere");
    clone.commit_upstream("A link");
    clone.untouched(&["commit"]).refused("undecided");
}

#[test]
fn other_kinds_of_repositories() {
    let project = |name: &str| format!("[gerrit]\nproject=openstack/{name}.git\n");
    let cfg = |name: &str| format!("[metadata]\nname = {name}\n");
    for (name, dist, taken_for) in [
        ("python-novaclient", "python-novaclient", "a client library"),
        ("openstacksdk", "openstacksdk", "an SDK"),
        ("nova-specs", "nova-specs", "a specification repository"),
        (
            "ironic-tempest-plugin",
            "ironic-tempest-plugin",
            "a Tempest plugin",
        ),
        ("heat-dashboard", "heat-dashboard", "a dashboard"),
        ("horizon", "horizon", "a dashboard"),
        ("networking-ovn", "networking-ovn", "a Neutron extension"),
        ("oslo.config", "oslo.config", "a library"),
        ("keystoneauth", "keystoneauth1", "a library"),
        (
            "ironic-python-agent",
            "ironic-python-agent",
            "an agent or a tool",
        ),
        ("kolla-ansible", "kolla-ansible", "a deployment repository"),
        ("puppet-nova", "puppet-nova", "a deployment repository"),
        (
            "project-config",
            "project-config",
            "a configuration repository",
        ),
    ] {
        let sandbox = Sandbox::new();
        let package = format!("{}/__init__.py", name.replace('-', "_"));
        let clone = sandbox.repository(
            "r",
            &[
                (".gitreview", &project(name)),
                ("setup.cfg", &cfg(dist)),
                (&package, ""),
            ],
        );
        for verb in ["detect", "diff", "commit"] {
            let said = clone.untouched(&[verb]).refused("not-a-service");
            says(
                &said,
                &[
                    &format!("it is {taken_for}"),
                    ".gitreview:2",
                    "--service NAME",
                ],
            );
        }
    }
}

/// A client keeps its kind even where a directory is called as the service is.
#[test]
fn a_directory_called_like_a_service_does_not_make_one() {
    let sandbox = Sandbox::new();
    let clone = sandbox.repository(
        "r",
        &[
            ("setup.cfg", "[metadata]\nname = nova-specs\n"),
            ("nova/__init__.py", ""),
        ],
    );
    let said = clone.untouched(&["commit"]).refused("not-a-service");
    says(&said, &["a specification repository", "setup.cfg:2"]);
    let sandbox = Sandbox::new();
    let clone = sandbox.repository(
        "charm",
        &[
            ("charmcraft.yaml", "name: nova\n"),
            ("README.rst", "nova\n"),
        ],
    );
    let said = clone.untouched(&["commit"]).refused("not-a-service");
    says(&said, &["a deployment repository", "charmcraft.yaml"]);
}

#[test]
fn retired() {
    let sandbox = Sandbox::new();
    let clone = sandbox.repository(
        "r",
        &[
            (".gitreview", "[gerrit]\nproject=openstack/senlin.git\n"),
            ("README.rst", "This project is no longer maintained.\n"),
        ],
    );
    let said = clone.untouched(&["commit"]).refused("not-a-service");
    says(&said, &["retired", "README.rst:1", "--base REV"]);
}

#[test]
fn nothing_at_all() {
    let sandbox = Sandbox::new();
    let clone = sandbox.repository("r", &[("main.c", "int main;\n")]);
    let said = clone.untouched(&["commit"]).refused("not-a-service");
    says(
        &said,
        &[
            "does not look like an OpenStack service",
            "git rally services",
            "--service NAME",
        ],
    );
}

#[test]
fn a_known_service_without_an_entry_names_scenarios_and_lines_to_write() {
    let sandbox = Sandbox::new();
    let clone = sandbox.repository(
        "r",
        &[
            (".gitreview", "[gerrit]\nproject=openstack/barbican.git\n"),
            ("setup.cfg", "[metadata]\nname = barbican\n"),
            ("barbican/__init__.py", ""),
        ],
    );
    for args in [
        &["detect"][..],
        &["diff"],
        &["commit"],
        &["commit", "--service", "barbican"],
    ] {
        let said = clone.untouched(args).refused("not-a-service");
        says(
            &said,
            &[
                "`barbican`",
                "BarbicanSecrets",
                "DIR/barbican/service.yaml",
                "--catalogue DIR",
            ],
        );
    }
}

#[test]
fn an_unknown_service_is_a_usage_error() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    for name in ["nope", "../nova", "", "NOVA", "nova\u{1b}[31m"] {
        for args in [
            &["commit", "--service", name][..],
            &["detect", "--service", name],
            &["services", name],
            &["demo", name],
        ] {
            let ran = clone.untouched(args);
            says(ran.usage(), &["unknown service", "nova"]);
            assert!(!ran.err.contains('\u{1b}'), "{:?}", ran.err);
        }
    }
}

#[test]
fn an_override_is_said() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("ironic");
    let event = clone
        .rally(&["commit", "--service", "nova"])
        .ok("committed");
    assert_eq!(event["service"], "nova");
    says(
        &event["notes"].to_string(),
        &["--service nova overrides", "`ironic`"],
    );
    let sandbox = Sandbox::new();
    let clone = nova_with(&sandbox, &[("setup.cfg", "rubbish\n")]);
    let event = clone
        .rally(&["commit", "--service", "nova"])
        .ok("committed");
    says(
        &event["notes"].to_string(),
        &["--service nova overrides", "setup.cfg:1"],
    );
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let event = clone
        .rally(&["commit", "--service", "nova"])
        .ok("committed");
    says(
        &event["notes"].to_string(),
        &["--service nova says what was detected"],
    );
}
