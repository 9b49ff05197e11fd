//! Names that no service has: none reaches the terminal or a path as it is.

use std::path::PathBuf;

use crate::nova_with;
use crate::support::{Clone, Sandbox, says};

fn pyproject(name: &str) -> String {
    format!("[project]\nname = {name}\n")
}

fn distribution(name: &str) -> (Sandbox, PathBuf) {
    let sandbox = Sandbox::new();
    let text = pyproject(name);
    let path = sandbox.repository("r", &[("pyproject.toml", &text)]).path;
    (sandbox, path)
}

#[test]
fn no_escape_sequence_reaches_the_terminal() {
    for name in [
        r#""nova\u001b[2Jx""#,
        r#""a\u009bb""#,
        r#""a\nb: committed""#,
        r#""a\u202eb""#,
        r#""a\u0007\u007f""#,
    ] {
        let (sandbox, path) = distribution(name);
        let clone = Clone {
            sandbox: &sandbox,
            path,
        };
        let said = clone.untouched(&["commit"]).refused("not-a-service");
        says(&said, &["pyproject.toml:2"]);
        for args in [
            &["commit"][..],
            &["detect"],
            &["commit", "--service", "nova"],
        ] {
            let ran = clone.rally_text(args);
            let text = format!("{}{}", ran.out, ran.err);
            let bad = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
            assert!(!text.contains(bad), "{text:?}");
            assert!(!text.contains("\nb: committed"), "{text:?}");
        }
    }
}

#[test]
fn a_long_name_is_cut() {
    let (sandbox, path) = distribution(&format!("\"{}\"", "n".repeat(1_000_000)));
    let clone = Clone {
        sandbox: &sandbox,
        path,
    };
    let said = clone.untouched(&["commit"]).refused("not-a-service");
    says(&said, &["pyproject.toml:2", "nnnn"]);
    assert!(said.len() < 2_000, "{} bytes", said.len());
}

#[test]
fn not_a_service_name() {
    for name in [
        r#""""#,
        r#""../../etc""#,
        r#""NOVA!""#,
        r#""nova x""#,
        "7",
        "[\"nova\"]",
    ] {
        let (sandbox, path) = distribution(name);
        let clone = Clone {
            sandbox: &sandbox,
            path,
        };
        let said = clone.untouched(&["commit"]).refused("not-a-service");
        says(
            &said,
            &[
                "it does not look like an OpenStack service",
                "--service NAME",
            ],
        );
    }
}

#[test]
fn a_hostile_project_of_gitreview() {
    for project in [
        "openstack/../../x",
        "openstack/nova\u{1b}[31m",
        "openstack/nova;rm",
        &"p".repeat(100_000),
    ] {
        let sandbox = Sandbox::new();
        let text = format!("[gerrit]\nhost=h\nproject={project}\n");
        let clone = nova_with(&sandbox, &[(".gitreview", &text)]);
        let said = clone.untouched(&["commit"]).refused("undecided");
        says(&said, &[".gitreview:3"]);
        assert!(said.len() < 2_000, "{} bytes", said.len());
        let ran = clone.rally_text(&["detect"]);
        assert!(!ran.err.contains('\u{1b}'), "{:?}", ran.err);
    }
}
