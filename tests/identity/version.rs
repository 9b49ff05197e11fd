//! Where versions of git differ.

use crate::place::Bytes;
use crate::support::Command;

/// What the installed git does otherwise than the one that is followed.
pub(crate) struct Version {
    /// Before 2.42: a dot at either end of a name is taken off.
    strips_dots: bool,
    /// Before 2.45: every blank within a value becomes a space.
    makes_spaces: bool,
}

pub(crate) fn version() -> Version {
    let output = Command::new("git").arg("version").output().expect("git");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let mut parts = text.split(' ').nth(2).expect("a version").split('.');
    let mut next = || {
        parts
            .next()
            .and_then(|n| n.trim().parse().ok())
            .unwrap_or(0)
    };
    let version: (u32, u32) = (next(), next());
    Version {
        strips_dots: version < (2, 42),
        makes_spaces: version < (2, 45),
    }
}

impl Version {
    /// Returns the line as a git before the changes would have it; of a line of its own that is
    /// itself.
    pub(crate) fn folded(&self, line: &[u8]) -> Bytes {
        let mut line = line.to_vec();
        if self.makes_spaces {
            for byte in &mut line {
                if b"\t\r".contains(byte) {
                    *byte = b' ';
                }
            }
        }
        if !self.strips_dots {
            return line;
        }
        let text = String::from_utf8_lossy(&line).into_owned();
        let (name, rest) = text.split_once(" <").expect("a mail");
        let (mail, date) = rest.split_once("> ").expect("a date");
        let crud = |c: char| c <= ' ' || ".,:;<>\"\\'".contains(c);
        let (name, mail) = (name.trim_matches(crud), mail.trim_matches(crud));
        format!("{name} <{mail}> {date}").into_bytes()
    }

    /// Returns whether the difference is one that these versions make by themselves: a name of dots.
    pub(crate) fn is_own(&self, line: &[u8]) -> bool {
        let folded = self.folded(line);
        self.strips_dots && (folded.starts_with(b" <") || folded.windows(3).any(|w| w == b" <>"))
    }
}
