//! Which rules count, and which files.

use super::finding::Finding;
use super::rules::RULES;

/// Which findings somebody wants to see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Names of rules; `None`: all.
    select: Option<Vec<String>>,
    ignore: Vec<String>,
}

/// No rule has the name.
#[derive(Debug, thiserror::Error)]
#[error("no rule `{}`{hint}; `git rally check --list-rules` prints all", name.escape_debug())]
pub struct UnknownRule {
    name: String,
    /// `; there is ..`, or nothing.
    hint: String,
}

impl Selection {
    /// Returns the selection of the rules `select`, all where there are none, without `ignore`.
    pub fn of(select: &[String], ignore: &[String]) -> Result<Selection, UnknownRule> {
        for name in select.iter().chain(ignore) {
            if !RULES.iter().any(|rule| rule.name == name) {
                return Err(unknown(name));
            }
        }
        Ok(Selection {
            select: (!select.is_empty()).then(|| select.to_vec()),
            ignore: ignore.to_vec(),
        })
    }

    /// Returns whether the finding's rule counts.
    pub fn has(&self, finding: &Finding) -> bool {
        let has = |names: &[String]| names.iter().any(|name| name == finding.rule.name);
        self.select.as_deref().is_none_or(has) && !has(&self.ignore)
    }
}

fn unknown(name: &str) -> UnknownRule {
    let names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    let near = similar::get_close_matches(name, &names, 1, 0.6);
    UnknownRule {
        name: name.to_owned(),
        hint: near
            .first()
            .map_or(String::new(), |near| format!("; there is `{near}`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::rules::NOT_JUDGED;

    #[test]
    fn rules_are_selected_and_ignored() {
        let finding = NOT_JUDGED.noted("a", 1, String::new());
        let names = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        for (select, ignore, has) in [
            (&[][..], &[][..], true),
            (&["not-judged"], &[], true),
            (&["task-form"], &[], false),
            (&[], &["not-judged"], false),
            (&["not-judged"], &["not-judged"], false),
        ] {
            let selection = Selection::of(&names(select), &names(ignore)).expect("rules");
            assert_eq!(selection.has(&finding), has, "{select:?} {ignore:?}");
        }
        let error = Selection::of(&[], &names(&["not-jugded"])).expect_err("no rule");
        assert_eq!(
            error.to_string(),
            "no rule `not-jugded`; there is `not-judged`; `git rally check --list-rules` prints all"
        );
    }
}
