//! Tasks as people write them, in texts of our own.

mod catalogue;
mod laws;
mod needs;
mod refused;
mod styles;

use super::*;
use crate::catalogue::Catalogue;
use crate::embedded;
use crate::files::FileMap;
use crate::remedy::Remedy;
use crate::zuul;

pub(super) const PATH: &str = "rally-jobs/mine.yaml";

/// The scenarios `Things.make`, twice, and `Things.list` with a need.
const SERVICE: &str = r#"service: mine
title: Mine
kind: Test
summary: nothing
recognised: {distributions: [mine], package: mine}
resources:
  - name: things
arguments:
  size: 3
  image: ^(a.*-disk|B)$
subtasks:
  - title: "Things: made"
    workloads:
      - scenario: Things.make
        description: Make a thing.
        resources: [things]
        arguments: {size: "+{{ size }}", image: {name: "{{ image }}"}}
        contexts: {roles: [admin]}
        load: {times: 10, concurrency: 5}
        sla: {mine.make: 30, mine.break: 0.5}
      - scenario: Things.make
        description: Make a thing of nothing.
        resources: [things]
        load: {times: 2, concurrency: 1}
        sla: {mine.make: 30}
        failure_rate: {max: 10, reason: Some things break.}
  - title: Lists
    workloads:
      - scenario: Things.list
        description: List the things.
        resources: [things]
        needs: {devstack_services: [t-list], devstack_plugins: [lists]}
        arguments: {file: ~/.rally/extra/one.yaml}
        load: {times: 10, concurrency: 5}
        sla: {mine.list: 30}
plugins:
  - {file: cleanup.py, purpose: cleans}
  - file: lists.py
    purpose: lists things
    scenarios:
      - {name: Things.list, purpose: Lists., measures: [mine.list]}
extra:
  - {file: one.yaml, purpose: one}
  - {file: two.yaml, purpose: two}
  - {file: three.yaml, purpose: three}
job:
  parent: rally-task-at-devstack
  proven: false
  evidence: nobody runs it.
  timeout: 600
  devstack_plugins: {}
  devstack_services: {}
  required_projects: []
"#;

/// Extends the task at [`PATH`] of `files` by what `service` has.
fn extended_of(
    files: &FileMap,
    service: &str,
    load: LoadOptions,
) -> Result<Extension, ExtendError> {
    let templates = embedded::templates();
    let user = FileMap::of([
        ("mine/service.yaml", service),
        ("mine/plugins/cleanup.py", ""),
        ("mine/plugins/lists.py", ""),
        ("mine/extra/one.yaml", "get: two.yaml\n"),
        ("mine/extra/two.yaml", ""),
        ("mine/extra/three.yaml", ""),
    ]);
    let catalogue = Catalogue::new(&templates, Some((&user, "dir".to_owned())));
    let entry = catalogue.expect("a catalogue").entry("mine");
    let entry = entry.expect("readable").expect("an entry");
    let renderer = Renderer::new(&templates, &["extend"]).expect("templates");
    let elsewhere = Devstacks::read(&templates).expect("data");
    let own = zuul::wiring(files).deployed(PATH);
    let jobs = Jobs {
        own: &own,
        elsewhere: &elsewhere,
    };
    extend(files, PATH, &entry, load, jobs, "", &renderer)
}

fn extended(text: &str) -> Result<Extension, ExtendError> {
    let files = FileMap::of([(PATH, text)]);
    extended_of(&files, SERVICE, LoadOptions::default())
}

/// Returns the text of the extended task.
fn after(text: &str) -> String {
    let extension = extended(text).expect("an extension");
    assert_eq!(extension.before, text.as_bytes());
    String::from_utf8(extension.after).expect("UTF-8")
}

fn scenarios(extension: &Extension) -> Vec<&str> {
    let added = extension.added.iter();
    added.map(|added| added.scenario.as_str()).collect()
}
