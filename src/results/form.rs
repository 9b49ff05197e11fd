//! The two forms of Rally's results, as serde reads them: the report (`JSONExporter`, format 1) and
//! the older list (`OldJSONExporter`, and `rally task results` of Rally 0.x).

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::samples::Samples;

/// A document that may be Rally's.
#[derive(Debug)]
pub(super) enum Document {
    Report(Report),
    Results(Vec<OldWorkload>),
}

#[derive(Debug, Deserialize)]
pub(super) struct Report {
    pub(super) info: Option<Info>,
    /// `None` if it is something else.
    pub(super) tasks: Option<Vec<Task>>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Info {
    pub(super) rally_version: Option<String>,
    /// `1.2`.
    pub(super) format_version: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Task {
    pub(super) uuid: Option<String>,
    #[serde(default)]
    pub(super) title: String,
    #[serde(default)]
    pub(super) status: String,
    pub(super) created_at: Option<String>,
    #[serde(default)]
    pub(super) subtasks: Vec<Subtask>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Subtask {
    #[serde(default)]
    pub(super) workloads: Vec<NewWorkload>,
}

#[derive(Debug, Deserialize)]
pub(super) struct NewWorkload {
    #[serde(default)]
    pub(super) description: Option<String>,
    /// The scenario's name, and its arguments.
    pub(super) scenario: Map<String, Value>,
    #[serde(default)]
    pub(super) runner: Value,
    #[serde(default)]
    pub(super) contexts: Value,
    #[serde(default)]
    pub(super) hooks: Vec<NewHook>,
    pub(super) data: Samples,
    #[serde(default)]
    pub(super) sla: Value,
    #[serde(default)]
    pub(super) sla_results: SlaResults,
}

#[derive(Debug, Deserialize)]
pub(super) struct NewHook {
    #[serde(default)]
    pub(super) config: Value,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct SlaResults {
    #[serde(default)]
    pub(super) sla: Vec<SlaResult>,
}

#[derive(Debug, Deserialize)]
pub(super) struct SlaResult {
    #[serde(default)]
    pub(super) detail: String,
    #[serde(default)]
    pub(super) success: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct OldWorkload {
    /// `None` if it is something else.
    pub(super) key: Option<OldKey>,
    pub(super) result: Option<Samples>,
    #[serde(default)]
    pub(super) sla: Vec<SlaResult>,
}

#[derive(Debug, Deserialize)]
pub(super) struct OldKey {
    pub(super) name: String,
    #[serde(default)]
    pub(super) description: Option<String>,
    pub(super) kw: OldSetting,
}

#[derive(Debug, Deserialize)]
pub(super) struct OldSetting {
    #[serde(default)]
    pub(super) args: Value,
    #[serde(default)]
    pub(super) runner: Map<String, Value>,
    #[serde(default)]
    pub(super) context: Value,
    #[serde(default)]
    pub(super) sla: Value,
    #[serde(default)]
    pub(super) hooks: Value,
}

/// An iteration, of either form.
#[derive(Debug, Deserialize)]
pub(super) struct Iteration<'a> {
    pub(super) timestamp: Option<f64>,
    pub(super) duration: Option<f64>,
    /// Kind, message and trace; empty if it succeeded.
    #[serde(default)]
    pub(super) error: Kind,
    #[serde(default, borrow)]
    pub(super) atomic_actions: Actions<'a>,
}

/// The first part of an error. The others are not looked at: a trace may hold half a character, which
/// JSON has no word for.
#[derive(Debug, Default)]
pub(super) struct Kind(pub(super) Option<Value>);

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Kind, D::Error> {
        struct Parts;
        impl<'de> Visitor<'de> for Parts {
            type Value = Kind;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the kind, message and trace of an error")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Kind, A::Error> {
                let kind = list.next_element()?;
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Kind(kind))
            }
        }
        deserializer.deserialize_seq(Parts)
    }
}

/// The atomic actions of an iteration with their seconds; those below others are left out, as
/// Rally's limits leave them out.
#[derive(Debug, Default)]
pub(super) struct Actions<'a>(pub(super) Vec<(Cow<'a, str>, Option<f64>)>);

#[derive(Deserialize)]
struct Action<'a> {
    #[serde(borrow, alias = "action")]
    name: Cow<'a, str>,
    started_at: Option<f64>,
    finished_at: Option<f64>,
    /// In the lists of Rally 0.x.
    duration: Option<f64>,
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Document, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Document;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the results of a Rally task")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Document, A::Error> {
                Report::deserialize(MapAccessDeserializer::new(map)).map(Document::Report)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Document, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list)).map(Document::Results)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Actions<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Actions<'a>, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Actions<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("atomic actions")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Actions<'de>, A::Error> {
                let mut actions = Vec::new();
                while let Some(action) = list.next_element::<Action<'de>>()? {
                    let seconds = match (action.started_at, action.finished_at) {
                        (Some(started), Some(finished)) => Some(finished - started),
                        _ => action.duration,
                    };
                    actions.push((action.name, seconds));
                }
                Ok(Actions(actions))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Actions<'de>, A::Error> {
                let mut actions = Vec::new();
                while let Some((name, seconds)) = map.next_entry::<Cow<'de, str>, Option<f64>>()? {
                    actions.push((first_of_its_name(name), seconds));
                }
                Ok(Actions(actions))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// Returns the action's name without the number that the old form gives to the second and later
/// ones of an iteration: `nova.list_servers (2)`.
fn first_of_its_name(name: Cow<'_, str>) -> Cow<'_, str> {
    let is_numbered = |(_, rest): &(&str, &str)| {
        let digits = rest.strip_suffix(')').unwrap_or_default();
        !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
    };
    match name.rsplit_once(" (").filter(is_numbered) {
        Some((bare, _)) => Cow::Owned(bare.to_owned()),
        None => name,
    }
}
