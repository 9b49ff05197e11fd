//! Every refusal of a repository, as a table: the reason names the signal that disagrees, with its
//! file and line, and the hint names what to type.

use git_rally::catalogue::Catalogue;
use git_rally::embedded;
use git_rally::remedy::Refusal;

use crate::support::{Clone, Sandbox, says};
use crate::words::refused as refusal_of;

struct Row {
    files: &'static [(&'static str, &'static str)],
    kind: &'static str,
    says: &'static [&'static str],
}

const NOVA_CFG: (&str, &str) = ("setup.cfg", "[metadata]\nname = nova\n");
const NOVA_PACKAGE: (&str, &str) = ("nova/__init__.py", "");
const NOVA_PROJECT: (&str, &str) = (
    ".gitreview",
    "[gerrit]\nhost=review.example.org\nproject=openstack/nova.git\n",
);
const THEIR_JOB: &str = "- job:\n    name: their-perf\n    parent: rally-task-at-devstack\n    vars:\n      rally_task: rally-jobs/perf.yaml\n";

const ROWS: &[Row] = &[
    // The distribution disagrees, in each file that can name one.
    Row {
        files: &[
            ("setup.cfg", "[metadata]\nversion = 1\nname = cinder\n"),
            NOVA_PACKAGE,
            NOVA_PROJECT,
        ],
        kind: "undecided",
        says: &[
            "the distribution is `cinder` (setup.cfg:3), not `nova`",
            "--service NAME",
        ],
    },
    Row {
        files: &[
            ("pyproject.toml", "[project]\nname = \"cinder\"\n"),
            NOVA_PACKAGE,
            NOVA_PROJECT,
        ],
        kind: "undecided",
        says: &["the distribution is `cinder` (pyproject.toml:2), not `nova`"],
    },
    Row {
        files: &[
            (
                "setup.py",
                "from setuptools import setup\nsetup(name='cinder')\n",
            ),
            NOVA_PACKAGE,
            NOVA_PROJECT,
        ],
        kind: "undecided",
        says: &["the distribution is `cinder` (setup.py:2), not `nova`"],
    },
    Row {
        files: &[
            NOVA_CFG,
            ("pyproject.toml", "[project]\nname = \"cinder\"\n"),
            NOVA_PACKAGE,
        ],
        kind: "undecided",
        says: &["`name = nova` (setup.cfg:2) contradicts `name = \"cinder\"` (pyproject.toml:2)"],
    },
    Row {
        files: &[NOVA_PACKAGE, NOVA_PROJECT],
        kind: "undecided",
        says: &["no file names a distribution"],
    },
    // The package.
    Row {
        files: &[NOVA_CFG, NOVA_PROJECT],
        kind: "undecided",
        says: &[
            "(setup.cfg:2)",
            "(.gitreview:3)",
            "the package directory `nova/` does not exist",
        ],
    },
    // The project.
    Row {
        files: &[
            NOVA_CFG,
            NOVA_PACKAGE,
            (".gitreview", "[gerrit]\nproject=openstack/glance.git\n"),
        ],
        kind: "undecided",
        says: &["the project is `glance` (.gitreview:2), not `nova`"],
    },
    // What cannot be read.
    Row {
        files: &[
            ("setup.cfg", "[metadata]\nname = nova\nname = cinder\n"),
            NOVA_PACKAGE,
        ],
        kind: "undecided",
        says: &["setup.cfg:3: "],
    },
    Row {
        files: &[("pyproject.toml", "[project\n"), NOVA_PACKAGE],
        kind: "undecided",
        says: &["pyproject.toml:1: ", "fix that line"],
    },
    // No service.
    Row {
        files: &[
            ("setup.cfg", "[metadata]\nname = python-novaclient\n"),
            ("novaclient/__init__.py", ""),
        ],
        kind: "not-a-service",
        says: &[
            "it is a client library",
            "(setup.cfg:2: `name = python-novaclient`)",
        ],
    },
    Row {
        files: &[
            (".gitreview", "[gerrit]\nproject=openstack/senlin.git\n"),
            ("README.rst", "This project is no longer maintained.\n"),
        ],
        kind: "not-a-service",
        says: &[
            "retired (README.rst:1: `This project is no longer maintained.`)",
            "--base REV",
        ],
    },
    Row {
        files: &[
            ("setup.cfg", "[metadata]\nname = sample\n"),
            (".gitreview", "[gerrit]\nproject=x/sample.git\n"),
        ],
        kind: "not-a-service",
        says: &[
            "setup.cfg:2",
            ".gitreview:2",
            "no package directory of a known service",
        ],
    },
    Row {
        files: &[("README", "nothing\n")],
        kind: "not-a-service",
        says: &["it does not look like an OpenStack service"],
    },
    // Rally runs there already.
    Row {
        files: &[NOVA_CFG, NOVA_PACKAGE, (".zuul.yaml", THEIR_JOB)],
        kind: "covered",
        says: &[
            "job `their-perf` (`.zuul.yaml`, line 2) runs `rally-jobs/perf.yaml`, but is in no pipeline today",
            "--job NAME",
        ],
    },
    Row {
        files: &[
            NOVA_CFG,
            NOVA_PACKAGE,
            ("zuul.d/jobs.yaml", THEIR_JOB),
            (
                "zuul.d/project.yaml",
                "- project:\n    check:\n      jobs:\n        - their-perf:\n            voting: false\n",
            ),
        ],
        kind: "covered",
        says: &[
            "job `their-perf` (`zuul.d/jobs.yaml`, line 2) runs `rally-jobs/perf.yaml` in check (non-voting)",
        ],
    },
    Row {
        files: &[
            NOVA_CFG,
            NOVA_PACKAGE,
            (
                ".zuul.yaml",
                "- project:\n    gate:\n      jobs:\n        - rally-task-nova\n",
            ),
        ],
        kind: "covered",
        says: &[
            "job `rally-task-nova` (`.zuul.yaml`, line 4) runs the task file that its parent names in gate (voting)",
        ],
    },
];

/// Returns the refusal, the same for each verb that makes the change.
fn refused(clone: &Clone<'_>, kind: &str) -> String {
    let said = clone.untouched(&["commit"]).refused(kind);
    for verb in ["diff", "patch", "review"] {
        assert_eq!(clone.untouched(&[verb]).refused(kind), said, "{verb}");
    }
    let text = clone.rally_text(&["commit"]);
    let (reason, hint) = said.split_once(" / ").expect("a reason and a hint");
    assert_eq!(
        (text.code, text.err),
        (3, format!(".: refused ({kind}): {reason}\n  try: {hint}\n"))
    );
    said
}

#[test]
fn each_refusal_names_what_disagrees() {
    for row in ROWS {
        let sandbox = Sandbox::new();
        let clone = sandbox.repository("r", row.files);
        says(&refused(&clone, row.kind), row.says);
    }
}

/// From the catalogue's own list, so that a new kind is tested, too.
#[test]
fn every_kind_that_is_no_service_shows_its_sign() {
    let templates = embedded::templates();
    let catalogue = Catalogue::new(&templates, None).expect("the catalogue");
    let known = catalogue.not_services().expect("the list");
    for kind in &known.kinds {
        let what = format!("it is {}: {}", kind.what, kind.why);
        for name in &kind.names {
            let name = name.replace('*', "xy");
            let cfg = format!("[metadata]\nname = {name}\n");
            let sign = format!("(setup.cfg:2: `name = {name}`)");
            let said = refusal_of(&[("setup.cfg", &cfg)], Refusal::NotAService);
            says(&said, &["it is ", &sign]);
            assert!(said.starts_with(&what) || name.contains("xy"), "{said}");
        }
        for path in &kind.paths {
            let said = refusal_of(&[(path, "")], Refusal::NotAService);
            says(&said, &[&what, &format!("({path}: `exists`)")]);
        }
    }
    for service in &known.services {
        let cfg = format!("[metadata]\nname = {}\n", service.distributions()[0]);
        let package = format!("{}/__init__.py", service.package());
        let files = [("setup.cfg", cfg.as_str()), (package.as_str(), "")];
        let said = refusal_of(&files, Refusal::NotAService);
        let without = "is a service that the catalogue has no entry for";
        assert!(said.starts_with(&format!("`{}` {without}", service.service)));
    }
}
