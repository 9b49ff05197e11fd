//! How plugins are registered: the `configure` of each kind, its base classes, and where they were
//! called otherwise.

use ruff_python_ast::{Arguments, Expr};

use super::Kind;
use super::literal::Text;

/// A `configure`, by the module that it comes from.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) kind: Kind,
    pub(super) platform: &'static str,
    /// The parameters, in their order; the first is needed.
    pub(super) parameters: &'static [&'static str],
}

const PLAIN: &[&str] = &["name", "platform", "hidden"];

/// Returns the form of the `configure` with the full name.
pub(super) fn form(path: &str) -> Option<Form> {
    let form = |kind, platform, parameters| Form {
        kind,
        platform,
        parameters,
    };
    Some(match path.strip_suffix(".configure")? {
        "rally.task.scenario" => form(Kind::Scenario, "default", &["name", "platform", "context"]),
        "rally_openstack.task.scenario" => form(
            Kind::Scenario,
            "openstack",
            &["name", "platform", "context"],
        ),
        "rally.task.context" => form(Kind::Context, "default", CONTEXT),
        "rally_openstack.task.context" => form(Kind::Context, "openstack", CONTEXT),
        "rally.task.runner" => form(Kind::Runner, "default", PLAIN),
        "rally.task.sla" => form(Kind::Sla, "default", PLAIN),
        "rally.task.hook" => form(Kind::Hook, "default", PLAIN),
        "rally.common.validation" => form(Kind::Validator, "default", &["name", "platform"]),
        "rally.common.plugin.plugin" | "rally_openstack.task.types" => {
            form(Kind::Other, "default", PLAIN)
        }
        _ => return None,
    })
}

const CONTEXT: &[&str] = &["name", "order", "platform", "hidden"];

/// Where a class is registered, by its base class; `None` where the base does not say.
pub(super) fn kind_of_base(path: &str) -> Option<Kind> {
    Some(match path {
        "rally.task.scenario.Scenario" | "rally_openstack.task.scenario.OpenStackScenario" => {
            Kind::Scenario
        }
        "rally.task.context.Context" | "rally_openstack.task.context.OpenStackContext" => {
            Kind::Context
        }
        "rally.task.runner.ScenarioRunner" => Kind::Runner,
        "rally.task.sla.SLA" => Kind::Sla,
        "rally.task.hook.HookAction" => Kind::Hook,
        "rally.task.hook.HookTrigger" => Kind::Trigger,
        "rally.task.types.ResourceType" => Kind::Type,
        "rally.common.validation.Validator" => Kind::Validator,
        path if path.starts_with("rally_openstack.task.scenarios.") => Kind::Scenario,
        path if path.starts_with("rally_openstack.task.contexts.") => Kind::Context,
        _ => return None,
    })
}

/// The bases that take no configuration unless the class says otherwise.
pub(super) const TAKE_NULL: [&str; 5] = [
    "rally.task.context.Context",
    "rally_openstack.task.context.OpenStackContext",
    "rally.task.sla.SLA",
    "rally.task.hook.HookAction",
    "rally.task.hook.HookTrigger",
];

/// What a call of `configure` gives.
pub(super) struct Given<'d> {
    pub(super) form: Form,
    pub(super) arguments: &'d Arguments,
    pub(super) name: &'d Expr,
}

impl<'d> Given<'d> {
    /// Returns what is given, or what Python says of it: `None` where it cannot be told.
    pub(super) fn read(form: Form, arguments: &'d Arguments) -> Result<Given<'d>, Option<String>> {
        let starred = arguments.args.iter().any(Expr::is_starred_expr);
        if starred
            || arguments
                .keywords
                .iter()
                .any(|keyword| keyword.arg.is_none())
        {
            return Err(None);
        }
        let unknown = arguments.keywords.iter().find_map(|keyword| {
            let name = keyword.arg.as_ref()?.as_str();
            (!form.parameters.contains(&name)).then_some(name)
        });
        if let Some(unknown) = unknown {
            let takes = form.parameters.join(", ");
            return Err(Some(format!(
                "`configure` takes no `{unknown}`; it takes {takes}"
            )));
        }
        let needed: &[&str] = match form.kind {
            Kind::Context => &["name", "order"],
            _ => &["name"],
        };
        let has = |name: &&&str| {
            let at = form.parameters.iter().position(|known| known == *name);
            arguments
                .find_argument_value(name, at.unwrap_or(0))
                .is_none()
        };
        if let Some(missing) = needed.iter().find(has) {
            return Err(Some(format!("`configure` needs a `{missing}`")));
        }
        let name = arguments.find_argument_value("name", 0).ok_or(None)?;
        Ok(Given {
            form,
            arguments,
            name,
        })
    }

    pub(super) fn of(&self, name: &str) -> Option<&'d Expr> {
        let at = self
            .form
            .parameters
            .iter()
            .position(|known| *known == name)?;
        self.arguments.find_argument_value(name, at)
    }
}

/// Returns why Rally refuses the name.
pub(super) fn refused_name(name: &Text, kind: Kind) -> Option<String> {
    let name = name.known()?;
    let has_dot = name.trim_matches('.').contains('.');
    if name.is_empty() {
        return Some("the name of a plugin cannot be empty".to_owned());
    }
    if kind == Kind::Scenario && !has_dot {
        return Some(format!(
            "the name of a scenario needs a dot within, as in `Class.method`: `{name}`"
        ));
    }
    let has_at = name.contains('@');
    has_at.then(|| format!("the name of a plugin cannot contain `@`: `{name}`"))
}

/// Modules that moved from the top of rally-openstack, and where to.
const MOVED: [(&str, &str); 8] = [
    ("cleanup", "task.cleanup"),
    ("consts", "common.consts"),
    ("contexts", "task.contexts"),
    ("hook", "task.hooks"),
    ("scenario", "task.scenario"),
    ("scenarios", "task.scenarios"),
    ("types", "task.types"),
    ("validators", "common.validators"),
];

/// Returns the name of today, as `rally_openstack._compat` has it.
pub(super) fn todays(path: String) -> String {
    let Some(rest) = path.strip_prefix("rally_openstack.") else {
        return path;
    };
    let Some((module, name)) = rest.split_once('.') else {
        return path;
    };
    match MOVED.iter().find(|(old, _)| *old == module) {
        Some((_, new)) => format!("rally_openstack.{new}.{name}"),
        None => path,
    }
}
