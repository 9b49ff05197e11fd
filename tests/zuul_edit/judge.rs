//! What Zuul makes of a configuration.
//!
//! The judge is `serde_yaml`: it reads with libyaml, as Zuul does, and not with the parser that
//! the edit is made with.

use std::collections::BTreeMap;

use serde_yaml::Value;

use crate::laws::JOB;

const FILES: &str = "irrelevant-files";

/// PyYAML drops a byte order mark, serde_yaml counts it as a column.
pub(crate) fn read(bytes: &[u8]) -> Result<Value, serde_yaml::Error> {
    let mark = "\u{feff}".as_bytes();
    serde_yaml::from_slice(bytes.strip_prefix(mark).unwrap_or(bytes))
}

/// What Zuul makes of a configuration: everything that is no job list of the project, and
/// pipeline to entries, of all stanzas together.
#[derive(Debug, PartialEq)]
pub(crate) struct Summary {
    items: Vec<String>,
    lists: BTreeMap<String, Vec<String>>,
}

pub(crate) fn summary(config: &Value) -> Summary {
    let mut config = config.clone();
    let _ = config.apply_merge();
    let own_files = take_own_files(&mut config);
    without_rally_jobs(&mut config);
    let mut summary = Summary {
        items: Vec::new(),
        lists: BTreeMap::new(),
    };
    for item in config.as_sequence().into_iter().flatten() {
        match item.get("project").and_then(Value::as_mapping) {
            Some(project) => stanza(project, own_files, &mut summary),
            None => summary.items.push(shown(item)),
        }
    }
    summary.items.sort();
    summary.lists.values_mut().for_each(|list| list.sort());
    summary
}

/// Takes the irrelevant files out of our job; whether it has any.
fn take_own_files(config: &mut Value) -> bool {
    let items = config.as_sequence_mut().into_iter().flatten();
    let jobs = items.filter_map(|item| item.get_mut("job")?.as_mapping_mut());
    let ours = jobs.filter(|job| job.get("name").and_then(Value::as_str) == Some("sample-rally"));
    let files: Vec<_> = ours.filter_map(|job| job.remove(FILES)).collect();
    let mut lists = files.iter().filter_map(Value::as_sequence);
    lists.any(|list| !list.is_empty())
}

/// Takes the pattern that lists of other jobs may get.
fn without_rally_jobs(value: &mut Value) {
    match value {
        Value::Sequence(items) => items.iter_mut().for_each(without_rally_jobs),
        Value::Mapping(pairs) => {
            for (key, value) in pairs {
                match value.as_sequence_mut() {
                    Some(files) if key.as_str() == Some(FILES) => {
                        files.retain(|file| file.as_str() != Some("^rally-jobs/.*$"));
                    }
                    _ => without_rally_jobs(value),
                }
            }
        }
        Value::Tagged(tagged) => without_rally_jobs(&mut tagged.value),
        _ => {}
    }
}

fn stanza(project: &serde_yaml::Mapping, own_files: bool, summary: &mut Summary) {
    for (key, value) in project {
        let (Some(name), Some(body)) = (key.as_str(), value.as_mapping()) else {
            summary
                .items
                .push(format!("{}: {}", shown(key), shown(value)));
            continue;
        };
        for (key, value) in body {
            match (key.as_str(), untagged(value).as_sequence()) {
                (Some("jobs"), Some(jobs)) => {
                    let list = summary.lists.entry(name.to_owned()).or_default();
                    let of_changes = name != "periodic";
                    list.extend(jobs.iter().map(|value| entry(value, own_files, of_changes)));
                }
                _ => summary
                    .items
                    .push(format!("{name}: {}: {}", shown(key), shown(value))),
            }
        }
    }
}

/// An entry; of ours, whether it votes and skips files: which ones is the cases' business. Where no
/// change starts it, it names none.
fn entry(value: &Value, own_files: bool, of_changes: bool) -> String {
    let no_attributes = Value::Null;
    let attributes = match value.as_str() == Some("sample-rally") {
        true => &no_attributes,
        false => match value.get("sample-rally").filter(|_| value.is_mapping()) {
            Some(attributes) => attributes,
            None => return shown(value),
        },
    };
    let files = attributes.get(FILES).and_then(Value::as_sequence);
    let listed = match of_changes {
        true => own_files || files.is_some_and(|list| !list.is_empty()),
        false => files.is_none(),
    };
    let voting = attributes.get("voting").and_then(Value::as_bool);
    let voting = voting.unwrap_or(true);
    format!("sample-rally: voting {voting}, irrelevant files {listed}")
}

fn untagged(value: &Value) -> &Value {
    match value {
        Value::Tagged(tagged) => &tagged.value,
        value => value,
    }
}

fn shown(value: &Value) -> String {
    serde_yaml::to_string(value).unwrap_or_else(|_| format!("{value:?}"))
}

/// The edit made by hand in the summary: one job more, one entry more in each pipeline.
pub(crate) fn with_job(before: &Value, pipelines: &[&str]) -> Summary {
    let mut model = summary(before);
    let job: Value = serde_yaml::from_str(JOB).unwrap();
    model.items.push(shown(&job[0]));
    model.items.sort();
    for pipeline in pipelines {
        let voting = pipelines.contains(&"gate");
        let list = model.lists.entry((*pipeline).to_owned()).or_default();
        list.push(format!(
            "sample-rally: voting {voting}, irrelevant files true"
        ));
        list.sort();
    }
    model
}
