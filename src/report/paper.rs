//! A stream for people: prose is wrapped where the terminal ends, so that what follows stays indented.

use std::io::{self, Write};

use anstream::AutoStream;
use anstream::adapter::strip_str;
use textwrap::{Options, WordSplitter};

/// A stream that drops styles where it takes no colour, and knows how wide it is.
pub(super) struct Paper<'a> {
    pub(super) out: AutoStream<&'a mut (dyn Write + 'static)>,
    /// In columns; `None` where nobody sees them.
    pub(super) width: Option<usize>,
}

/// Narrower than this, wrapped text is harder to read than what the terminal makes of it.
const NARROWEST: usize = 40;

impl Write for Paper<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Paper<'_> {
    /// Prints a text behind its head, which may have styles; words stay whole, for paths and commands.
    pub(super) fn prose(&mut self, head: &str, text: &str) -> io::Result<()> {
        let Some(width) = self.width.filter(|&width| width >= NARROWEST) else {
            return writeln!(self, "{head}{text}");
        };
        let plain = strip_str(head).to_string();
        let before = plain.len() - plain.trim_start().len();
        let (first, rest) = (" ".repeat(plain.chars().count()), " ".repeat(before + 2));
        let options = Options::new(width)
            .initial_indent(&first)
            .subsequent_indent(&rest)
            .break_words(false)
            .word_splitter(WordSplitter::NoHyphenation);
        let lines = textwrap::wrap(text, options);
        for (at, line) in lines.iter().enumerate() {
            match at {
                0 => writeln!(
                    self,
                    "{head}{}",
                    line.get(first.len()..).unwrap_or_default()
                )?,
                _ => writeln!(self, "{line}")?,
            }
        }
        Ok(())
    }
}
