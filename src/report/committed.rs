//! A commit: what it is, what it holds, and what to type next.

use std::io::{self, Write};

use super::{DIM, GOOD, print_notes};
use crate::change::Reason;
use crate::event::{Committed, FileLine, Made};
use crate::visible::visible;

pub(super) fn print(out: &mut dyn Write, event: &Committed) -> io::Result<()> {
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
        writeln!(
            out,
            "  {} {}{}",
            file.change,
            visible(&file.path),
            why(file)
        )?;
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

fn why(file: &FileLine) -> String {
    match &file.why {
        Reason::New => String::new(),
        why => format!("  {DIM}{}{DIM:#}", visible(&why.to_string())),
    }
}
