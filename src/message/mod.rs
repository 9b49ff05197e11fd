//! The commit message: its text, its trailers, its Change-Id, and what must be true of it.
//!
//! Everything here is text in, text out. Where Git or Gerrit's commit-msg hook would edit a
//! message, the functions here give the same bytes.
mod change_id;
mod check;
mod error;
mod footer;
mod provenance;
mod trailer;
mod wrap;

pub use change_id::{
    ChangeId, ChangeIdError, ChangeIdTrailer, change_id, hook_input, insert_change_id,
    same_but_change_id,
};
pub use check::{Flaw, Rules, check};
pub use error::{MessageError, Source, validate};
pub use provenance::{Provenance, Wrote, last_provenance, provenance};
pub use trailer::{Trailer, TrailerError, add_trailers, trailers};

/// The longest subject, in characters (OpenStack contributor guide, `common/git.rst`).
pub const SUBJECT_WIDTH: usize = 50;

/// The longest line of the body, in characters (the same guide).
pub const BODY_WIDTH: usize = 72;

/// A commit message before its Change-Id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// The first line, without a period at its end.
    pub subject: String,
    /// Paragraphs, not yet wrapped. A line feed in a paragraph begins a new line; a line that
    /// begins with `- ` or `* ` is continued with an indent.
    pub body: Vec<String>,
    /// The footer, in order; Signed-off-by comes last by custom.
    pub trailers: Vec<Trailer>,
}

/// Returns subject and body of `text`, without the trailers.
pub fn prose(text: &str) -> String {
    let before = footer::Footer::of(text).lines_before();
    let lines: Vec<&str> = text.lines().take(before).map(str::trim_end).collect();
    lines.join("\n").trim_end().to_owned()
}

impl Message {
    /// Returns subject and body as they will be in the text.
    pub fn prose(&self) -> String {
        let without = Message {
            trailers: Vec::new(),
            ..self.clone()
        };
        without.text().trim_end().to_owned()
    }

    /// Returns the text, with one line feed at its end.
    ///
    /// A trailer that repeats the one before it is left out, as by `git interpret-trailers`.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n", self.subject.trim());
        for paragraph in &self.body {
            text.push('\n');
            text.push_str(&wrap::paragraph(paragraph, BODY_WIDTH));
        }
        let Some((first, rest)) = self.trailers.split_first() else {
            return text;
        };
        // A paragraph of its own, even below a last paragraph that looks like trailers.
        text.push_str(&format!("\n{first}\n"));
        add_trailers(&text, rest)
    }
}

#[cfg(test)]
mod tests;
