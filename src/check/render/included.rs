//! The other templates that a template names.

use super::tags::tags;

/// Another template, as a tag names it.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::check) struct Included {
    /// The tag's, from 1.
    pub(in crate::check) line: usize,
    /// Relative to the task's folder.
    pub(in crate::check) name: String,
    /// Whether the template goes without: `ignore missing`, or one of a list.
    pub(in crate::check) optional: bool,
}

/// Returns the templates that literal texts in `include`, `import`, `from` and `extends` name.
pub(in crate::check) fn included(text: &str) -> Vec<Included> {
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    for tag in tags(text).unwrap_or_default() {
        line += text[at..tag.start].matches('\n').count();
        at = tag.start;
        let Some(inside) = text[tag].strip_prefix("{%") else {
            continue;
        };
        let inside = inside.trim_start_matches(['-', '+']).trim_start();
        let word = inside.split(|c: char| !c.is_alphabetic()).next();
        if !matches!(word, Some("include" | "import" | "from" | "extends")) {
            continue;
        }
        let optional = inside.contains('[') || inside.contains("ignore missing");
        found.extend(literals(inside).map(|name| Included {
            line,
            name: name.to_owned(),
            optional,
        }));
    }
    found
}

/// Returns what stands between quotes of the same kind.
fn literals(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let open = rest.find(['"', '\''])?;
        let quote = rest[open..].chars().next()?;
        let inside = &rest[open + 1..];
        let end = inside.find(quote)?;
        rest = &inside[end + 1..];
        Some(&inside[..end])
    })
}
