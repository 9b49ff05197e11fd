//! The kinds of plugins.

use std::collections::BTreeMap;

use super::super::task::PluginKind;
use crate::rally::plugins::{Plugin, Plugins as Rally};

/// What a plugin is, by its base class in Rally.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::check) enum Kind {
    Scenario,
    Context,
    Runner,
    Sla,
    Hook,
    Trigger,
    Type,
    Validator,
    /// No task names it, or it cannot be told.
    Other,
}

impl Kind {
    pub(in crate::check) fn table(self, rally: &Rally) -> Option<&BTreeMap<String, Plugin>> {
        Some(match self {
            Kind::Scenario => &rally.scenarios,
            Kind::Context => &rally.contexts,
            Kind::Runner => &rally.runners,
            Kind::Sla => &rally.sla,
            Kind::Hook => &rally.hooks,
            Kind::Trigger => &rally.triggers,
            Kind::Type => &rally.types,
            Kind::Validator | Kind::Other => return None,
        })
    }

    pub(in crate::check) fn words(self) -> &'static str {
        match self {
            Kind::Scenario => "scenario",
            Kind::Context => "context",
            Kind::Runner => "runner",
            Kind::Sla => "SLA",
            Kind::Hook => "hook",
            Kind::Trigger => "trigger",
            Kind::Type => "resource type",
            Kind::Validator => "validator",
            Kind::Other => "plugin",
        }
    }
}

impl From<PluginKind> for Kind {
    fn from(kind: PluginKind) -> Kind {
        match kind {
            PluginKind::Runner => Kind::Runner,
            PluginKind::Context => Kind::Context,
            PluginKind::Sla => Kind::Sla,
            PluginKind::Hook => Kind::Hook,
            PluginKind::Trigger => Kind::Trigger,
        }
    }
}
