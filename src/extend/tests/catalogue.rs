//! The catalogue's own services.

use super::*;
use crate::plan;

/// Begins a task in the style of the tasks that git-rally writes.
const TASK: &str = "\
version: 2
title: Theirs
subtasks:
  - title: Theirs
    workloads:
      - scenario:
          Dummy.dummy: {}
";

/// Returns the service's own job: it turns on what its workloads need.
fn deployed(entry: &Entry) -> Deployed {
    let job = entry.service.job.as_ref().expect("a job");
    Deployed {
        job: "ours".to_owned(),
        location: Location {
            path: ".zuul.yaml".to_owned(),
            line: 1,
            column: 1,
        },
        services: job.devstack_services.clone(),
        plugins: job.devstack_plugins.keys().cloned().collect(),
        elsewhere: Some(job.parent.clone()),
    }
}

/// What an extension adds is what a task of our own has, so the two templates do not drift apart.
#[test]
fn a_workload_is_what_it_is_in_a_task_of_our_own() {
    let templates = embedded::templates();
    let catalogue = Catalogue::new(&templates, None).expect("a catalogue");
    let dirs = ["rally-jobs", "zuul", "commit", "extend"];
    let renderer = Renderer::new(&templates, &dirs).expect("templates");
    let elsewhere = Devstacks::read(&templates).expect("data");
    let names: Vec<String> = catalogue.names().map(str::to_owned).collect();
    for name in names {
        let entry = catalogue.entry(&name).expect("readable").expect("an entry");
        let own = deployed(&entry);
        let jobs = Jobs {
            own: std::slice::from_ref(&own),
            elsewhere: &elsewhere,
        };
        let (empty, options) = (FileMap::default(), plan::Options::default());
        let plan = plan::plan(&plan::Situation {
            base: &empty,
            entry: &entry,
            options: &options,
            stubs: &plan::Stubs::new(),
            renderer: &renderer,
            project: None,
            earlier: None,
            removed: None,
            changed: &[],
            lines: &|_| crate::merge::Lines::Conflicts(Vec::new()),
            digest: &|_| String::new(),
            templates: &templates,
        });
        let change = plan.expect("a plan").change;
        let file = &change.0[&format!("rally-jobs/task-{name}.yaml")];
        let ours = String::from_utf8(file.after.clone().expect("a task")).expect("UTF-8");
        let files = FileMap::of([(PATH, TASK)]);
        let load = LoadOptions::default();
        let extension = extend(&files, PATH, &entry, load, jobs, "", &renderer).expect(&name);
        let theirs = String::from_utf8(extension.after).expect("UTF-8");
        let budget = Budget::default();
        let value = |text: &str| {
            let task = Task::read(&files, PATH, text, &budget).expect("a task");
            task.value()["subtasks"].as_array().expect("a list").clone()
        };
        assert_eq!(value(&ours), value(&theirs)[1..], "{name}");
        assert_eq!(extension.added.len(), entry.service.workloads().count());
        let whole = entry.time(|workload| workload.load).expected;
        let rest = extension.time.expected.zip(whole).map(|(a, b)| b - a);
        let overhead = entry.durations.overhead.task.expected;
        assert!(
            rest.is_some_and(|rest| (rest - overhead).abs() < 0.01),
            "{name}"
        );
        assert!(theirs.lines().all(|line| line.len() < 80), "{name}");
        // and there is nothing more to add
        let files = FileMap::of([(PATH, theirs.as_str())]);
        let again = extend(&files, PATH, &entry, load, jobs, "", &renderer).expect(&name);
        assert!(
            again.added.is_empty() && again.after == again.before,
            "{name}"
        );
        let files = again.plugins.len() + again.extra.len();
        assert_eq!((files, again.left_out.len()), (0, 0), "{name}");
    }
}
