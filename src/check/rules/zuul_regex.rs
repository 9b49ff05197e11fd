//! Regular expressions of the Zuul configuration (`zuul.lib.re2util.ZuulRegex`): RE2, and where
//! RE2 refuses one, Python's, which is deprecated.

use serde_json::Value;

use super::Rule;
use super::zuul_schema::{Item, Job, as_list, nth};
use crate::check::Finding;
use crate::yaml::Node;

/// A regular expression that neither RE2 nor Python's `re` compiles: Zuul refuses the item.
pub(super) const REGEX: Rule = Rule { name: "zuul-regex" };

pub(super) fn of_item(item: &Item<'_>) -> Vec<Finding> {
    match item.kind {
        "project" => of_attribute(item.path, item.node, &item.value, "branches"),
        "pragma" => of_attribute(item.path, item.node, &item.value, "implied-branches"),
        _ => Vec::new(),
    }
}

pub(super) fn of_job(job: &Job<'_>) -> Vec<Finding> {
    let keys = ["branches", "files", "irrelevant-files"].into_iter();
    keys.flat_map(|key| of_attribute(job.path, job.node, job.value, key))
        .collect()
}

fn of_attribute(path: &str, node: Node<'_>, value: &Value, key: &str) -> Vec<Finding> {
    let patterns = as_list(value.get(key)).iter().enumerate();
    let found = patterns.filter_map(|(index, value)| {
        let pattern = value.get("regex").unwrap_or(value).as_str()?;
        let why = flaw(pattern)?;
        let message = format!("`{key}`: no regular expression: {why}");
        Some(REGEX.broken(path, nth(node, key, index), message))
    });
    found.collect()
}

/// What the last element is, for what may stand behind it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// Nothing, or what Python repeats no more: the start of a group or of an alternative.
    Nothing,
    /// `^`, `$`, `\b`: RE2 repeats them, Python does not, so nothing is told of what follows.
    Position,
    Element,
    Repeated,
    /// `*?`, `{1,2}?`: nobody repeats them.
    Lazy,
}

/// Returns why both RE2 and Python refuse a pattern; `None` where one of them takes it, and where
/// that is not known. One pass, and no recursion.
fn flaw(pattern: &str) -> Option<String> {
    let text: Vec<char> = pattern.chars().collect();
    let (mut at, mut open, mut last) = (0, 0_usize, Last::Nothing);
    while let Some(c) = text.get(at) {
        match c {
            '\\' => {
                let Some(next) = text.get(at + 1) else {
                    return Some("it ends with a backslash".to_owned());
                };
                // `\Q` quotes for RE2, and Python refuses it
                if matches!(next, 'Q' | 'p' | 'P' | 'x' | 'N' | 'u' | 'U') {
                    return None;
                }
                if next.is_ascii_alphabetic() && !"AbBdDsSwWafnrtvzZC".contains(*next) {
                    return Some(format!("no escape `\\{next}`"));
                }
                last = if "AbBzZ".contains(*next) {
                    Last::Position
                } else {
                    Last::Element
                };
                at += 2;
                continue;
            }
            '[' => {
                at = match class_end(&text, at) {
                    Ok(Some(end)) => end,
                    Ok(None) => return None,
                    Err(why) => return Some(why),
                };
                last = Last::Element;
            }
            '(' if text.get(at + 1) == Some(&'?') => {
                // extensions differ; only plain groups are judged behind
                let is_plain = text.get(at + 2) == Some(&':');
                let is_look = matches!(text.get(at + 2), Some('=' | '!'));
                if !is_plain && !is_look {
                    return None;
                }
                at += 2;
                open += 1;
                last = Last::Nothing;
            }
            '(' => {
                open += 1;
                last = Last::Nothing;
            }
            ')' if open == 0 => return Some("a `)` too much".to_owned()),
            ')' => {
                open -= 1;
                // RE2 and Python differ in what they repeat: `()`, `(?=a)`
                last = Last::Element;
            }
            '|' => last = Last::Nothing,
            '^' | '$' => last = Last::Position,
            '*' | '+' | '?' => match (last, c) {
                (Last::Nothing, _) => return Some(format!("nothing to repeat before `{c}`")),
                (Last::Repeated, '?') => last = Last::Lazy,
                // possessive for Python
                (Last::Repeated, '+') | (Last::Position, _) => return None,
                (Last::Repeated | Last::Lazy, _) => {
                    return Some(format!("`{c}` repeats what is repeated already"));
                }
                (Last::Element, _) => last = Last::Repeated,
            },
            // `{` is a character where no numbers follow: not told
            '{' => return balanced(&text, at, open),
            _ => last = Last::Element,
        }
        at += 1;
    }
    (open > 0).then(|| "a `(` is never closed".to_owned())
}

/// Returns whether what follows closes what is open, where more is not told.
fn balanced(text: &[char], mut at: usize, mut open: usize) -> Option<String> {
    while let Some(c) = text.get(at) {
        match c {
            '\\' => at += 1,
            '[' => at = class_end(text, at).ok()??,
            '(' if text.get(at + 1) == Some(&'?') => return None,
            '(' => open += 1,
            ')' if open == 0 => return Some("a `)` too much".to_owned()),
            ')' => open -= 1,
            _ => {}
        }
        at += 1;
    }
    (open > 0).then(|| "a `(` is never closed".to_owned())
}

/// Returns the place of the `]` that closes a class; `None` where RE2 and Python may differ.
fn class_end(text: &[char], start: usize) -> Result<Option<usize>, String> {
    let mut at = start + 1;
    if text.get(at) == Some(&'^') {
        at += 1;
    }
    let first = at;
    while let Some(c) = text.get(at) {
        match c {
            ']' if at > first => return Ok(Some(at)),
            // `[[:alpha:]]` is one thing to RE2, another to Python
            '[' => return Ok(None),
            '\\' => {
                match text.get(at + 1) {
                    None => return Err("it ends with a backslash".to_owned()),
                    Some(next) if next.is_alphanumeric() && !"dDsSwWfnrtv".contains(*next) => {
                        return Ok(None);
                    }
                    Some(_) => {}
                }
                at += 1;
            }
            '-' if at > first => {
                let (from, to) = (text.get(at - 1), text.get(at + 1));
                if let (Some(from), Some(to)) = (from, to) {
                    let is_plain = |c: &char| c.is_ascii_alphanumeric();
                    let is_escaped = at >= 2 && text.get(at - 2) == Some(&'\\');
                    let is_behind_range = at >= 3 && text.get(at - 2) == Some(&'-');
                    if is_plain(from)
                        && is_plain(to)
                        && from > to
                        && !is_escaped
                        && !is_behind_range
                    {
                        return Err(format!("the range `{from}-{to}` is empty"));
                    }
                }
            }
            _ => {}
        }
        at += 1;
    }
    Err("a `[` is never closed".to_owned())
}

#[cfg(test)]
mod tests {
    use super::flaw;

    /// What the real RE2 and Python 3.11 both refuse: see `tests/online/zuul_seeds.py`.
    #[test]
    fn what_both_engines_refuse() {
        for pattern in [
            "(",
            "a)",
            "[a",
            "*a",
            "a**",
            "a|*",
            "(+)",
            "a\\",
            "[b-a]",
            "\\y",
            "(a",
            "a??*",
            "^(doc/.*$",
            "x{1,2}(",
        ] {
            assert!(flaw(pattern).is_some(), "{pattern}");
        }
    }

    #[test]
    fn what_one_of_them_takes() {
        for pattern in [
            "",
            "^.*$",
            "a++",
            "(?!x)",
            "(?=x).*",
            "(?i)a",
            "\\pL",
            "[[:alpha:]]",
            "a{",
            "a{2}",
            "^*",
            "[]a]",
            "[^]a]",
            "[a-]",
            "(?P<n>a)",
            "a|",
            "()",
            "^(?!test/).*$",
            "^api-.*$",
            "\\Qa",
            "a*?",
            "[\\]]",
        ] {
            assert_eq!(flaw(pattern), None, "{pattern}");
        }
    }
}
