//! The pictures: what the program prints on a real terminal of 80 columns, as SVG.

use std::fs;
use std::path::Path;

use anstyle_svg::Term;

use crate::support::{Sandbox, golden, manifest};

const COLUMNS: usize = 80;

#[test]
fn the_pictures_show_real_output() {
    let mut sandbox = Sandbox::new();
    sandbox.install();
    sandbox.set("TERM", "xterm-256color");
    let top = sandbox.dir.path();
    assert_eq!(sandbox.rally(top, &["demo"]).code, 0);
    let clone = sandbox.path("git-rally-demo-nova");
    sandbox.git(&clone, &["branch", "-q", "-D", "rally-perfscale"]);
    let mut stale = Vec::new();
    for (name, command) in [
        ("detect", "git rally detect"),
        ("diff", "git rally diff | head -n 40"),
        ("commit", "git rally commit"),
        ("check", "git rally check"),
    ] {
        if name == "check" {
            misspell(&sandbox, &clone);
        }
        let shown = format!(
            "\u{1b}[1m$ {command}\u{1b}[0m\n{}",
            on_terminal(&sandbox, &clone, command)
        );
        let svg = Term::new().render_svg(&shown);
        let file = manifest(&format!("templates/pictures/{name}.svg"));
        stale.extend(golden::file(&file, Some(svg.as_bytes())).err());
    }
    assert!(stale.is_empty(), "{}", stale.join("\n"));
}

/// Misspells a scenario in the work tree.
fn misspell(sandbox: &Sandbox, clone: &Path) {
    sandbox.git(clone, &["switch", "-q", "rally-perfscale"]);
    let task = clone.join("rally-jobs/task-nova.yaml");
    let text = fs::read_to_string(&task).expect("a task");
    let wrong = text.replacen("NovaFlavors.list_flavors", "NovaFlavors.list_flavor", 1);
    fs::write(&task, wrong).expect("a task");
}

/// Returns what a command prints on a terminal, its lines broken where the terminal breaks them.
fn on_terminal(sandbox: &Sandbox, dir: &Path, command: &str) -> String {
    let line = format!(
        "stty rows 50 cols {COLUMNS}; {}",
        command.replace("git rally diff", "git rally diff --color always")
    );
    let output = sandbox
        .command("script", dir)
        .args(["-q", "-e", "-c", &line, "/dev/null"])
        .output();
    let text = String::from_utf8(output.expect("script runs").stdout).expect("UTF-8");
    let lines = text.lines().map(|line| broken(line.trim_end_matches('\r')));
    lines.collect::<Vec<_>>().join("\n")
}

fn broken(line: &str) -> String {
    let (mut out, mut column, mut in_escape) = (String::new(), 0, false);
    for c in line.chars() {
        match c {
            '\u{1b}' => in_escape = true,
            _ if in_escape => in_escape = c != 'm',
            _ if column == COLUMNS => {
                out.push('\n');
                column = 1;
            }
            _ => column += 1,
        }
        out.push(c);
    }
    out
}
