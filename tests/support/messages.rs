//! Texts that may be a commit message, with all that Git and the hook look for.

use super::Repo;
use proptest::prelude::*;

/// Lines that the rules for trailers tell apart.
const LINES: &[&str] = &[
    "",
    "",
    "",
    " ",
    "body text",
    "Closes-Bug: #1",
    "Closes-Bug:#1  ",
    "closes-bug : #1",
    "Signed-off-by: A U Thor <author@example.org>",
    "Signed-off-by: B <b@example.org>",
    "Signed-off: x",
    "S: x",
    "https://example.org/x",
    "  indented",
    "\tindented: x",
    "# a comment",
    "---",
    "--- a",
    "Key with space: x",
    "-: x",
    ": x",
    "Change-Id: x",
    "Change-Id: I0123456789abcdef0123456789abcdef01234567",
    "Link: https://r/id/I0123456789abcdef0123456789abcdef01234567",
    "(cherry picked from commit 0123)",
    "Conflicts:",
    "# ------------------------ >8 ------------------------",
    "Signed-off-by: SENTINEL",
    "fixup! x",
    "empty:",
];

/// Any text of such lines.
pub fn text() -> impl Strategy<Value = String> {
    let lines = prop::collection::vec(prop::sample::select(LINES), 0..9);
    let lines = lines.prop_filter("git 2.39 never ends", |lines| ends(lines));
    // Ours ends a last line that has no end; git does so in its later versions only.
    let always = !git_ends_lines();
    (lines, any::<bool>()).prop_map(move |(lines, end)| {
        let text = lines.join("\n");
        format!("{text}{}", if end || always { "\n" } else { "" })
    })
}

fn git_ends_lines() -> bool {
    let args = ["interpret-trailers", "--trailer", "K: v"];
    Repo::new().git_bytes(&args, b" ").starts_with(b" \n")
}

/// Whether `git interpret-trailers` of git 2.39 ends on these lines: on a scissors line below a divider it does not.
fn ends(lines: &[&str]) -> bool {
    let divider = lines.iter().position(|line| line.starts_with("---"));
    let below = divider.map_or(&[][..], |at| &lines[at..]);
    !below.iter().any(|line| line.contains(">8"))
}
