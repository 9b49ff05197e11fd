//! What a text has around its lines: a byte order mark, CRLF, the end of the last line.
//!
//! Each is merged for itself, so that a file in a person's own line breaks is no conflict in every
//! line.

use super::Sides;

const MARK: &str = "\u{feff}";

/// What the merged text has around its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outer {
    mark: bool,
    /// Every line ends in CRLF.
    crlf: bool,
    /// The last line has an end, or there is none.
    ended: bool,
}

/// Three texts of lines that end in a line feed.
pub(super) struct Plain {
    base: String,
    theirs: String,
    ours: String,
}

impl Plain {
    pub(super) fn sides(&self) -> Sides<'_> {
        Sides {
            base: &self.base,
            theirs: &self.theirs,
            ours: &self.ours,
        }
    }
}

impl Outer {
    /// Returns the plain lines of three texts, and what is put around the merged ones.
    pub(super) fn split(sides: &Sides<'_>) -> (Plain, Outer) {
        let of = [sides.base, sides.theirs, sides.ours].map(Outer::of);
        let choose = |of: [bool; 3]| if of[1] == of[0] { of[2] } else { of[1] };
        let outer = Outer {
            mark: choose(of.map(|outer| outer.mark)),
            crlf: choose(of.map(|outer| outer.crlf)),
            ended: choose(of.map(|outer| outer.ended)),
        };
        let plain = Plain {
            base: of[0].plain(sides.base),
            theirs: of[1].plain(sides.theirs),
            ours: of[2].plain(sides.ours),
        };
        (plain, outer)
    }

    /// Returns a merged text as a file has it.
    pub(super) fn put_back(self, mut text: String) -> String {
        if !self.ended && text.ends_with('\n') {
            text.pop();
        }
        if self.crlf {
            text = text.replace('\n', "\r\n");
        }
        if self.mark {
            text.insert_str(0, MARK);
        }
        text
    }

    fn of(text: &str) -> Outer {
        let body = text.strip_prefix(MARK).unwrap_or(text);
        let line_feeds = body.matches('\n').count();
        let carriage_returns = body.matches('\r').count();
        Outer {
            mark: body.len() < text.len(),
            crlf: line_feeds > 0
                && carriage_returns == line_feeds
                && body.matches("\r\n").count() == line_feeds,
            ended: body.is_empty() || body.ends_with('\n'),
        }
    }

    fn plain(self, text: &str) -> String {
        let body = text.strip_prefix(MARK).unwrap_or(text);
        let mut plain = match self.crlf {
            true => body.replace("\r\n", "\n"),
            false => body.to_owned(),
        };
        if !self.ended {
            plain.push('\n');
        }
        plain
    }
}
