//! Loops over the letters of a text: the engine does not know there how far the end is.

use super::tags::tags;

/// What of a `loop` depends on its end.
const OF_THE_END: [&str; 4] = ["loop.length", "loop.revindex", "loop.last", "loop.nextitem"];

/// Returns whether a loop over a text is there, and something asks for the end of a loop.
pub(super) fn need_the_end_of_a_text(text: &str) -> bool {
    if !OF_THE_END.iter().any(|part| text.contains(part)) {
        return false;
    }
    let tags = tags(text).unwrap_or_default();
    let inside = |word: &'static str| {
        let tags = tags
            .iter()
            .filter_map(|tag| text[tag.clone()].strip_prefix("{%"));
        let tags = tags.map(|inside| inside.trim_start_matches(['-', '+']).trim_start());
        tags.filter_map(move |inside| inside.strip_prefix(word)?.strip_suffix("%}"))
    };
    let texts: Vec<&str> = inside("set ")
        .filter_map(|set| set.split_once('='))
        .filter(|(_, value)| is_text(last_of(value)))
        .map(|(name, _)| name.trim())
        .collect();
    let mut loops = inside("for ").filter_map(|over| Some(over.split_once(" in ")?.1));
    loops.any(|over| {
        let over = over.split(" if ").next().unwrap_or(over);
        let over = over.trim_end_matches('-').trim();
        is_text(over) || texts.contains(&over)
    })
}

/// Returns the last alternative of `a or b`.
fn last_of(value: &str) -> &str {
    value.rsplit(" or ").next().unwrap_or(value)
}

/// Returns whether an expression is a literal text and nothing else.
fn is_text(expr: &str) -> bool {
    let expr = expr.trim_end_matches(['-', '+']).trim();
    ['"', '\''].iter().any(|quote| {
        let inside = expr
            .strip_prefix(*quote)
            .and_then(|rest| rest.strip_suffix(*quote));
        inside.is_some_and(|inside| !inside.contains(*quote))
    })
}
