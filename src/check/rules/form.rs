//! The form of a task, of either version (`rally.task.task_cfg`).

use std::collections::BTreeSet;

use serde_json::Value;

use super::schema::Refused;
use super::{Known, Rule};
use crate::check::Finding;
use crate::check::MOST_FINDINGS;
use crate::check::task::Task;
use crate::yaml::Node;

/// A task that has not the form of its version: Rally refuses it.
pub(super) const TASK_FORM: Rule = Rule { name: "task-form" };

/// A title has at most so many characters.
const LONGEST_TITLE: usize = 255;

pub(super) fn form(task: &Task<'_>, known: &Known<'_>) -> Vec<Finding> {
    let found = match task.value() {
        Value::Null => vec![at(1, "the task is empty")],
        Value::Object(_) => of_version(task, known),
        _ => vec![at(1, "the task is not a mapping")],
    };
    let found = found.into_iter();
    found
        .map(|Refused { line, what }| TASK_FORM.broken(task.path, line, what))
        .collect()
}

fn of_version(task: &Task<'_>, known: &Known<'_>) -> Vec<Refused> {
    let Some(root) = task.root() else {
        return Vec::new();
    };
    let version = task.value().get("version");
    match version
        .map(|version| version.to_string().trim_matches('"').to_owned())
        .as_deref()
    {
        None | Some("1") => {
            known
                .schemas
                .of(&known.rally.task.v1)
                .refused(task.value(), Some(root), root.line())
        }
        Some("2") => of_version_2(task, root, known),
        Some(other) => {
            let what = format!("no version `{other}` of the task format; Rally has 1 and 2");
            vec![at(line_of(root, "version"), &what)]
        }
    }
}

fn of_version_2(task: &Task<'_>, root: Node<'_>, known: &Known<'_>) -> Vec<Refused> {
    let form = &known.rally.task;
    let mut found = Vec::new();
    for key in form
        .v2_required
        .iter()
        .filter(|key| task.value().get(*key).is_none())
    {
        found.push(at(root.line(), &format!("the key `{key}` is missing")));
    }
    for (key, _) in root.pairs() {
        let name = key.text().unwrap_or_default();
        if !form.v2_keys.iter().any(|known| known == name) {
            let keys = form.v2_keys.join(", ");
            found.push(at(
                key.line(),
                &format!("no key `{name}` in a task; it may have {keys}"),
            ));
        }
    }
    found.extend(of_title(task, root));
    found.extend(of_tags(task, root));
    match task.value().get("subtasks") {
        Some(Value::Array(subtasks)) => {
            let nodes = root.own("subtasks").into_iter().flat_map(Node::items);
            for (subtask, node) in subtasks.iter().zip(nodes) {
                if found.len() > MOST_FINDINGS {
                    break;
                }
                let schema = match subtask.get("workloads") {
                    None => &form.v2_simple,
                    Some(_) => &form.v2_complex,
                };
                let schema = known.schemas.of(schema);
                let refused = schema.refused(subtask, Some(node), node.line());
                found.extend(once_a_hook(refused));
            }
        }
        Some(_) => found.push(at(line_of(root, "subtasks"), "`subtasks` is not a list")),
        None => {}
    }
    found
}

/// Returns one finding a hook: one of another form breaks the schema in several ways.
fn once_a_hook(found: Vec<Refused>) -> Vec<Refused> {
    let hook_of = |what: &str| {
        let (before, rest) = what.split_once("hooks.")?;
        let number = rest.split(['.', '`']).next()?;
        Some(format!("{before}{number}"))
    };
    let mut seen = BTreeSet::new();
    let is_new = |refused: &Refused| hook_of(&refused.what).is_none_or(|hook| seen.insert(hook));
    found.into_iter().filter(is_new).collect()
}

fn of_title(task: &Task<'_>, root: Node<'_>) -> Option<Refused> {
    let what = match task.value().get("title")? {
        Value::String(title) if title.chars().count() > LONGEST_TITLE => {
            format!("the title is longer than {LONGEST_TITLE} characters; use `description`")
        }
        Value::String(_) => return None,
        _ => "the title is not a text".to_owned(),
    };
    Some(at(line_of(root, "title"), &what))
}

fn of_tags(task: &Task<'_>, root: Node<'_>) -> Option<Refused> {
    let is_tag = |tag: &Value| {
        let text = tag.as_str();
        text.is_some_and(|text| text.chars().count() <= LONGEST_TITLE)
    };
    let tags = task.value().get("tags")?;
    let are_tags = tags.as_array().is_some_and(|tags| tags.iter().all(is_tag));
    let what = "`tags` is not a list of short texts";
    (!are_tags).then(|| at(line_of(root, "tags"), what))
}

fn line_of(root: Node<'_>, key: &str) -> usize {
    root.entry(key).map_or(root.line(), |(key, _)| key.line())
}

fn at(line: usize, what: &str) -> Refused {
    Refused {
        line,
        what: what.to_owned(),
    }
}
