//! Tasks of people, in their styles, with what each service has for them: Rally reads both.

use std::fs;
use std::path::{Path, PathBuf};

use git_rally::catalogue::{Catalogue, Entry};
use git_rally::embedded;
use git_rally::extend::{Jobs, extend};
use git_rally::files::FileMap;
use git_rally::rally::Devstacks;
use git_rally::render::Renderer;
use git_rally::workload::LoadOptions;
use libtest_mimic::{Failed, Trial};

use crate::support::{Command, Sandbox, venv};
use crate::{script, succeed, trial};

const TASK: &str = "rally-jobs/task.yaml";

/// Style to text.
const STYLES: [(&str, &str); 5] = [
    (
        "lists",
        "{% set pause = 0.1 %}\n---\n  version: 2\n  title: Theirs\n  subtasks:\n    -\n      title: One\n      workloads:\n        -\n          scenario:\n            Dummy.dummy:\n              sleep: {{ pause }}\n          runner:\n            constant:\n              times: 1\n              concurrency: 1\n",
    ),
    (
        "flat",
        "version: 2\ntitle: Theirs\nsubtasks:\n- title: One\n  scenario:\n    Dummy.dummy: {}\n\n- title: Two\n  scenario:\n    Dummy.dummy: {}",
    ),
    (
        "wide",
        "version: 2\nsubtasks:\n    -   title: One\n        scenario:\n            Dummy.dummy: {}\ntitle: Theirs\n",
    ),
    (
        "loop",
        "version: 2\r\ntitle: Theirs\r\nsubtasks:\r\n{% for n in range(2) %}\r\n  - title: Number {{ n }}\r\n    scenario: {Dummy.dummy: {}}\r\n{% endfor %}\r\n# end\r\n",
    ),
    (
        "version-1",
        "---\n  Dummy.dummy:\n    -\n      args:\n        sleep: 0.1\n      runner:\n        type: \"constant\"\n        times: 1\n        concurrency: 1\n",
    ),
];

pub(crate) fn trials() -> Vec<Trial> {
    vec![trial("rally_accepts_every_extended_task", accepts)]
}

fn accepts() -> Result<(), Failed> {
    let sandbox = Sandbox::new();
    let templates = embedded::templates();
    let catalogue = Catalogue::new(&templates, None)?;
    let renderer = Renderer::new(&templates, &["extend"])?;
    let names: Vec<String> = catalogue.names().map(str::to_owned).collect();
    let mut trees = Vec::new();
    for name in &names {
        let entry = catalogue.entry(name)?.expect("an entry");
        for (style, text) in STYLES {
            let path = sandbox.path(&format!("{name}-{style}"));
            write(&path, text, &entry, &renderer)?;
            trees.push(path);
        }
    }
    let mut python = Command::new(venv::bin()?.join("python"));
    let said = succeed(python.arg(script("extended_check.py")).args(&trees))?;
    assert_eq!(said.matches("accepted: ").count(), trees.len(), "{said}");
    Ok(())
}

fn write(tree: &Path, text: &str, entry: &Entry, renderer: &Renderer) -> Result<(), Failed> {
    let files = FileMap::of([(TASK, text)]);
    let elsewhere = Devstacks::default();
    let jobs = Jobs {
        own: &[],
        elsewhere: &elsewhere,
    };
    let load = LoadOptions::default();
    let extension = extend(&files, TASK, entry, load, jobs, "", renderer)?;
    let jobs: PathBuf = tree.join("rally-jobs");
    for folder in ["plugins", "extra"] {
        fs::create_dir_all(jobs.join(folder))?;
    }
    for name in extension.plugins.iter().chain(&extension.extra) {
        fs::write(jobs.join(name), &entry.files[name])?;
    }
    fs::write(tree.join("before.yaml"), extension.before)?;
    fs::write(jobs.join("task.yaml"), extension.after)?;
    Ok(())
}
