//! The only room that prints: each event as text for people or as one line of JSON.

mod committed;
mod github;
mod judged;
mod many;
mod paper;
mod sarif;
mod service;

use std::io::{self, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

use self::paper::Paper;
use crate::check::Severity;
use crate::detect::Evidence;
use crate::event::{Event, Found, Patch, ServiceForm, Stream};
use crate::remedy::Refusal;
use crate::visible::{acts, visible, visible_lines};

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// One object a line.
    Json,
    /// Workflow commands of GitHub, one for each thing that was found.
    Github,
    /// One document with all that was found.
    Sarif,
}

/// A stream, and who reads it.
pub struct Screen<'a> {
    pub stream: &'a mut (dyn Write + 'static),
    /// `Always` or `Never`: what was chosen, or what suits the stream.
    pub color: ColorChoice,
    pub reader: Reader,
    /// How many columns a person sees.
    pub width: Option<usize>,
}

/// Who reads a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// A person, at a terminal.
    Person,
    /// A file or a program.
    Program,
}

/// Prints events: results to `out`, talk, refusals and failures to `err`.
pub struct Reporter<'a> {
    format: Format,
    out: Screen<'a>,
    err: Screen<'a>,
    /// What [`Reporter::end`] prints.
    kept: sarif::Log,
    progress: many::Shown,
}

const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const CARE: Style = AnsiColor::Yellow.on_default().bold();
const DIM: Style = Style::new().dimmed();

impl Screen<'_> {
    /// Returns the stream for styled text, which drops the styles where it takes no colour.
    fn styled(&mut self) -> Paper<'_> {
        Paper {
            out: AutoStream::new(&mut *self.stream, self.color),
            width: self.width,
        }
    }
}

impl<'a> Reporter<'a> {
    pub fn new(format: Format, out: Screen<'a>, err: Screen<'a>) -> Reporter<'a> {
        Reporter {
            format,
            out,
            err,
            kept: sarif::Log::default(),
            progress: many::Shown::Nothing,
        }
    }

    /// Prints what can be printed only when everything is known.
    pub fn end(&mut self) -> io::Result<()> {
        self.progress.end();
        match self.format {
            Format::Sarif => {
                writeln!(self.out.stream, "{}", escaped(self.kept.document()?))?;
                self.out.stream.flush()
            }
            _ => Ok(()),
        }
    }

    /// Prints one event.
    pub fn event(&mut self, event: &Event) -> io::Result<()> {
        if let Event::Progress(progress) = event {
            return match self.format {
                Format::Text => self.progress.show(progress, &mut self.err),
                _ => Ok(()),
            };
        }
        if matches!(event, Event::Summary(_)) {
            self.progress.end();
        }
        match self.progress.bar() {
            Some(bar) => bar.suspend(|| self.print(event)),
            None => self.print(event),
        }
    }

    fn print(&mut self, event: &Event) -> io::Result<()> {
        match (event, self.format) {
            (Event::Summary(summary), Format::Text) => {
                let screen = match summary.stream {
                    Stream::Output => &mut self.out,
                    Stream::Error => &mut self.err,
                };
                many::summary(&mut screen.styled(), summary)?;
                screen.stream.flush()
            }
            (Event::Summary(_), _) => Ok(()),
            (Event::Talk(line), _) => {
                writeln!(self.err.styled(), "{DIM}{}{DIM:#}", visible(line))?;
                self.err.stream.flush()
            }
            (event, Format::Json) => {
                writeln!(self.out.stream, "{}", json(event)?)?;
                self.out.stream.flush()
            }
            (Event::Finding(found), Format::Github) => {
                writeln!(self.out.stream, "{}", visible(&github::command(found)))?;
                self.out.stream.flush()
            }
            (Event::Unchanged { .. }, Format::Github) => Ok(()),
            (Event::Finding(_) | Event::Unchanged { .. }, Format::Sarif) => {
                self.kept.add(event);
                Ok(())
            }
            (event, Format::Text | Format::Github | Format::Sarif) => {
                self.kept.add(event);
                self.text(event)?;
                self.out.stream.flush()
            }
        }
    }

    fn text(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::Detected {
                repo,
                service,
                evidence,
                resources,
                notes,
            } => {
                let (repo, resources) = (visible(repo), resources.join(", "));
                let mut out = self.out.styled();
                let head = format!("{repo}: {GOOD}{service}{GOOD:#}, which manages ");
                out.prose(&head, &resources)?;
                evidence
                    .iter()
                    .try_for_each(|found| line_of(&mut out, found))?;
                print_notes(&mut out, notes)
            }
            Event::Committed(event) => committed::print(&mut self.out.styled(), event),
            Event::Unchanged { repo, reason } => {
                let (repo, reason) = (visible(repo), visible(reason));
                writeln!(
                    self.out.styled(),
                    "{repo}: {GOOD}unchanged{GOOD:#}: {reason}"
                )
            }
            Event::Refused {
                repo,
                kind,
                reason,
                hint,
            } => {
                // A conflict shows texts, on lines of their own.
                let reason = match kind {
                    Refusal::Conflict => visible_lines(reason),
                    _ => visible(reason),
                };
                self.ended(repo, CARE, &format!("refused ({kind})"), &reason, hint)
            }
            Event::Failed { repo, reason, hint } => {
                self.ended(repo, BAD, "failed", &visible(reason), hint)
            }
            Event::Patch(patch) => self.patch(patch),
            Event::Service(event) => match &event.form {
                ServiceForm::Line {} => service::print_line(&mut self.out.styled(), &event.entry),
                ServiceForm::Full {} => service::print(&mut self.out.styled(), &event.entry),
                ServiceForm::Yaml { yaml } => write!(self.out.stream, "{yaml}"),
            },
            Event::Finding(found) => match found.stream {
                Stream::Output => print_finding(&mut self.out.styled(), found),
                Stream::Error => print_finding(&mut self.err.styled(), found),
            },
            Event::Rule(rule) => {
                let name = &rule.rule;
                writeln!(
                    self.out.styled(),
                    "{GOOD}{name}{GOOD:#}: {}",
                    visible(&rule.what)
                )
            }
            Event::Compared(said) => judged::comparison(&mut self.out.styled(), said),
            Event::Trend(said) => judged::trend(&mut self.out.styled(), said),
            // The summary names them.
            Event::Skipped { .. } => Ok(()),
            Event::Talk(_) | Event::Progress(_) | Event::Summary(_) => Ok(()),
        }
    }

    /// Prints the text byte for byte, for `git apply` or `git am`; for a person, so that nothing in
    /// it acts on the terminal.
    fn patch(&mut self, patch: &Patch) -> io::Result<()> {
        for note in &patch.notes {
            let head = format!("{DIM}note:{DIM:#} ");
            self.err.styled().prose(&head, &visible(note))?;
        }
        let has_color = self.out.color != ColorChoice::Never;
        match (&patch.file, &patch.coloured) {
            (Some(file), _) => writeln!(self.out.styled(), "{}", visible(file)),
            (None, Some(coloured)) if has_color => write!(self.out.stream, "{coloured}"),
            (None, _) => match self.out.reader {
                Reader::Person => write!(self.out.stream, "{}", visible_lines(&patch.text)),
                Reader::Program => write!(self.out.stream, "{}", patch.text),
            },
        }
    }

    /// Prints a refusal or a failure, whose reason is harmless already, and what to type.
    fn ended(
        &mut self,
        repo: &str,
        style: Style,
        what: &str,
        reason: &str,
        hint: &str,
    ) -> io::Result<()> {
        let mut err = self.err.styled();
        let of = match repo.is_empty() {
            true => String::new(),
            false => format!("{}: ", visible(repo)),
        };
        let head = format!("{of}{style}{what}{style:#}: ");
        match reason.contains('\n') {
            true => writeln!(err, "{head}{reason}")?,
            false => err.prose(&head, reason)?,
        }
        match hint.is_empty() {
            true => Ok(()),
            false => writeln!(err, "  try: {}", visible(hint)),
        }
    }
}

fn line_of(out: &mut dyn Write, found: &Evidence) -> io::Result<()> {
    let (place, says) = (visible(&found.place()), visible(&found.says));
    writeln!(out, "  {place}: {says}")
}

fn print_finding(out: &mut Paper<'_>, found: &Found) -> io::Result<()> {
    let Found {
        line,
        column,
        severity,
        rule,
        ..
    } = found;
    let style = match severity {
        Severity::Error => BAD,
        Severity::Warning => CARE,
        Severity::Note => DIM,
    };
    let (path, message) = (visible(&found.shown), visible(&found.message));
    let head = format!("{path}:{line}:{column}: {style}{severity}{style:#}: {rule}: ");
    out.prose(&head, &message)
}

fn print_notes(out: &mut Paper<'_>, notes: &[String]) -> io::Result<()> {
    let mut notes = notes.iter();
    notes.try_for_each(|note| out.prose(&format!("  {DIM}note:{DIM:#} "), &visible(note)))
}

/// Returns the event as one line.
fn json(event: &Event) -> io::Result<String> {
    let line = serde_json::to_string(event).map_err(io::Error::other)?;
    Ok(escaped(line))
}

/// Returns JSON in which whatever acts on a terminal is an escape of JSON: outside of strings there
/// is none of these characters.
fn escaped(line: String) -> String {
    if !line.chars().any(acts) {
        return line;
    }
    let mut escaped = String::with_capacity(line.len() + 16);
    for c in line.chars() {
        match acts(c) {
            true => escaped.push_str(&format!("\\u{:04x}", u32::from(c))),
            false => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(format: Format, color: ColorChoice, reader: Reader, event: &Event) -> String {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let screen = |stream| Screen {
            stream,
            color,
            reader,
            width: None,
        };
        let mut reporter = Reporter::new(format, screen(&mut out), screen(&mut err));
        reporter.event(event).expect("memory");
        String::from_utf8([out, err].concat()).expect("UTF-8")
    }

    fn hostile() -> Event {
        Event::Unchanged {
            repo: "a\x1b[2J".to_owned(),
            reason: "b\u{9b}31m\u{202e}".to_owned(),
        }
    }

    #[test]
    fn nothing_foreign_acts_on_the_terminal() {
        let text = printed(Format::Text, ColorChoice::Never, Reader::Person, &hostile());
        assert_eq!(text, "a\\u{1b}[2J: unchanged: b\\u{9b}31m\\u{202e}\n");
        let json = printed(
            Format::Json,
            ColorChoice::Never,
            Reader::Program,
            &hostile(),
        );
        assert!(!json.trim_end().chars().any(acts), "{json}");
        let parsed: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(parsed["reason"], "b\u{9b}31m\u{202e}");
    }

    #[test]
    fn a_patch_is_exact_for_a_program_and_harmless_for_a_person() {
        let event = Event::Patch(Patch {
            repo: ".".to_owned(),
            text: "+a\x1b[1m\u{2066}\r\n".to_owned(),
            coloured: None,
            notes: Vec::new(),
            file: None,
        });
        let exact = printed(Format::Text, ColorChoice::Never, Reader::Program, &event);
        assert_eq!(exact, "+a\x1b[1m\u{2066}\r\n");
        let shown = printed(Format::Text, ColorChoice::Never, Reader::Person, &event);
        assert_eq!(shown, "+a\\u{1b}[1m\\u{2066}\r\n");
    }

    #[test]
    fn colour_only_where_it_is_wanted() {
        let event = Event::unchanged(".", "x".to_owned());
        let plain = printed(Format::Text, ColorChoice::Never, Reader::Person, &event);
        assert_eq!(plain, ".: unchanged: x\n");
        let coloured = printed(Format::Text, ColorChoice::Always, Reader::Program, &event);
        assert!(coloured.contains("\x1b["), "{coloured:?}");
    }
}
