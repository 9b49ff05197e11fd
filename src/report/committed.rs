//! A commit: what it is, what it holds, and what to type next.

use std::io::{self, Write};

use super::paper::Paper;
use super::{DIM, GOOD, print_notes};
use crate::change::Reason;
use crate::event::{Committed, Made};
use crate::visible::visible;

pub(super) fn print(out: &mut Paper<'_>, event: &Committed) -> io::Result<()> {
    let done = match event.made {
        Made::Now => "committed",
        Made::Before { .. } => "there already,",
    };
    let (repo, id) = (visible(&event.repo), &event.commit[..12]);
    writeln!(
        out,
        "{repo}: {GOOD}{done}{GOOD:#} {id} on the branch {}",
        event.branch
    )?;
    print_notes(out, &event.notes)?;
    let base = visible(&event.base_name);
    writeln!(out, "  base {} ({base})", &event.base[..12])?;
    for file in &event.files {
        let head = format!("  {} {}", file.change, visible(&file.path));
        match &file.why {
            Reason::New => writeln!(out, "{head}")?,
            why => out.prose(
                &format!("{head}  {DIM}"),
                &format!("{}{DIM:#}", visible(&why.to_string())),
            )?,
        }
    }
    match &event.signed_off_by {
        Some(who) => writeln!(out, "  added Signed-off-by (DCO): {}", visible(who))?,
        None => writeln!(
            out,
            "  added no Signed-off-by; OpenStack requires one (DCO)"
        )?,
    }
    writeln!(
        out,
        "  HEAD, index, work tree, configuration and other branches are unchanged"
    )?;
    let head = match (&event.pushed, event.next.is_empty()) {
        (Some(_), true) => "Gerrit has it.",
        (Some(_), false) => "Gerrit has it:",
        (None, _) => "Next:",
    };
    writeln!(out, "{head}")?;
    for step in &event.next {
        writeln!(out, "  {}", visible(step))?;
    }
    Ok(())
}
