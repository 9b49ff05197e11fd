//! The only module that prints: each event as text for people or as one line of JSON.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use crate::change::Verb;
use crate::event::{Committed, Event, ServiceEntry};

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// One object a line.
    Json,
}

/// Prints events: results to `out`, talk to `err`.
pub struct Reporter<'a> {
    /// How.
    pub format: Format,
    /// Where results go, and whether in colour.
    pub out: (&'a mut dyn Write, bool),
    /// Where talk goes, and whether in colour.
    pub err: (&'a mut dyn Write, bool),
}

/// The styles of one stream; all plain where it has no colour.
#[derive(Default)]
struct Styles {
    good: Style,
    bad: Style,
    care: Style,
    dim: Style,
}

impl Styles {
    fn new(colour: bool) -> Styles {
        if !colour {
            return Styles::default();
        }
        Styles {
            good: AnsiColor::Green.on_default().bold(),
            bad: AnsiColor::Red.on_default().bold(),
            care: AnsiColor::Yellow.on_default().bold(),
            dim: Style::new().dimmed(),
        }
    }
}

impl Reporter<'_> {
    /// Prints one event.
    pub fn event(&mut self, event: &Event) -> io::Result<()> {
        if let Event::Talk(line) = event {
            return self.talk(line);
        }
        match self.format {
            Format::Json => self.json(event),
            Format::Text => self.text(event),
        }?;
        self.out.0.flush()
    }

    fn talk(&mut self, line: &str) -> io::Result<()> {
        let dim = Styles::new(self.err.1).dim;
        writeln!(self.err.0, "{dim}{}{dim:#}", shown(line))?;
        self.err.0.flush()
    }

    fn json(&mut self, event: &Event) -> io::Result<()> {
        let line = serde_json::to_string(event).map_err(io::Error::other)?;
        writeln!(self.out.0, "{line}")
    }

    fn text(&mut self, event: &Event) -> io::Result<()> {
        let good = Styles::new(self.out.1).good;
        let ended = Styles::new(self.err.1);
        match event {
            Event::Detected {
                repo,
                service,
                evidence,
                resources,
                notes,
            } => {
                let resources = resources.join(", ");
                writeln!(
                    self.out.0,
                    "{}: {good}{service}{good:#}, which manages {resources}",
                    shown(repo)
                )?;
                for found in evidence {
                    writeln!(
                        self.out.0,
                        "  {}: {}",
                        shown(&found.place()),
                        shown(&found.says)
                    )?;
                }
                self.notes(notes)
            }
            Event::Committed(committed) => self.committed(committed),
            Event::Unchanged { repo, reason } => {
                writeln!(
                    self.out.0,
                    "{}: {good}unchanged{good:#}: {}",
                    shown(repo),
                    shown(reason)
                )
            }
            Event::Refused {
                repo,
                kind,
                reason,
                hint,
            } => self.ended(
                repo,
                (ended.care, &format!("refused ({kind})")),
                reason,
                hint,
            ),
            Event::Failed { repo, reason, hint } => {
                self.ended(repo, (ended.bad, "failed"), reason, hint)
            }
            Event::Patch {
                text,
                coloured,
                notes,
                file,
                ..
            } => self.patch(text, coloured.as_deref(), notes, file.as_deref()),
            Event::Talk(line) => self.talk(line),
            Event::Service(service) if service.yaml.is_some() => {
                write!(
                    self.out.0,
                    "{}",
                    service.yaml.as_deref().unwrap_or_default()
                )
            }
            Event::Service(service) if service.brief => {
                let measured = service
                    .resources
                    .iter()
                    .filter(|r| r.without_workload.is_none());
                let names: Vec<&str> = measured.map(|r| r.name.as_str()).collect();
                let count = service.workloads.len();
                writeln!(
                    self.out.0,
                    "{good}{:<9}{good:#} {:<17} {count:>2} workloads: {}",
                    service.service,
                    service.kind,
                    names.join(", ")
                )
            }
            Event::Service(service) => self.service(service),
            Event::Finding {
                repo,
                path,
                line,
                rule,
                message,
            } => {
                let bad = Styles::new(self.out.1).care;
                let path = match repo.as_str() {
                    "." => path.clone(),
                    repo => format!("{}/{path}", repo.trim_end_matches('/')),
                };
                let (path, message) = (shown(&path), shown(message));
                writeln!(self.out.0, "{path}:{line}: {bad}{rule}{bad:#}: {message}")
            }
        }
    }

    /// Prints the text as it is: it may be piped to `git apply` or `git am`.
    fn patch(
        &mut self,
        text: &str,
        coloured: Option<&str>,
        notes: &[String],
        file: Option<&str>,
    ) -> io::Result<()> {
        let dim = Styles::new(self.err.1).dim;
        for note in notes {
            writeln!(self.err.0, "{dim}note:{dim:#} {}", shown(note))?;
        }
        match (file, coloured) {
            (Some(file), _) => writeln!(self.out.0, "{file}"),
            (None, Some(coloured)) if self.out.1 => write!(self.out.0, "{coloured}"),
            (None, _) => write!(self.out.0, "{text}"),
        }
    }

    fn ended(
        &mut self,
        repo: &str,
        (style, what): (Style, &str),
        reason: &str,
        hint: &str,
    ) -> io::Result<()> {
        let repo = if repo.is_empty() {
            String::new()
        } else {
            format!("{}: ", shown(repo))
        };
        writeln!(
            self.err.0,
            "{repo}{style}{what}{style:#}: {}",
            shown(reason)
        )?;
        match hint.is_empty() {
            true => Ok(()),
            false => writeln!(self.err.0, "  try: {}", shown(hint)),
        }
    }

    fn notes(&mut self, notes: &[String]) -> io::Result<()> {
        let dim = Styles::new(self.out.1).dim;
        for note in notes {
            writeln!(self.out.0, "  {dim}note:{dim:#} {}", shown(note))?;
        }
        Ok(())
    }

    fn committed(&mut self, c: &Committed) -> io::Result<()> {
        let Styles { good, dim, .. } = Styles::new(self.out.1);
        let done = if c.was_there {
            "there already,"
        } else {
            "committed"
        };
        writeln!(
            self.out.0,
            "{}: {good}{done}{good:#} {} on the branch {}",
            shown(&c.repo),
            &c.commit[..12],
            c.branch
        )?;
        self.notes(&c.notes)?;
        writeln!(
            self.out.0,
            "  base {} ({})",
            &c.base[..12],
            shown(&c.base_name)
        )?;
        for file in &c.files {
            let verb = match file.change {
                Verb::Create => "create",
                Verb::Modify => "modify",
                Verb::Remove => "remove",
                Verb::Keep => "keep",
            };
            let why = if file.why == "new" {
                String::new()
            } else {
                format!("  {dim}{}{dim:#}", shown(&file.why))
            };
            writeln!(self.out.0, "  {verb} {}{why}", shown(&file.path))?;
        }
        match &c.signed_off_by {
            Some(who) => writeln!(
                self.out.0,
                "  signed off for you, as the DCO asks: {}",
                shown(who)
            )?,
            None => writeln!(
                self.out.0,
                "  no Signed-off-by was added; OpenStack requires one"
            )?,
        }
        writeln!(
            self.out.0,
            "  HEAD, index, work tree, configuration and other branches are as they were"
        )?;
        let head = match (&c.pushed, c.next.is_empty()) {
            (Some(_), true) => "Gerrit has it.",
            (Some(_), false) => "Gerrit has it:",
            (None, _) => "Next:",
        };
        writeln!(self.out.0, "{head}")?;
        for step in &c.next {
            writeln!(self.out.0, "  {}", shown(step))?;
        }
        Ok(())
    }

    fn service(&mut self, s: &ServiceEntry) -> io::Result<()> {
        let good = Styles::new(self.out.1).good;
        writeln!(
            self.out.0,
            "{good}{}{good:#} ({}), {}",
            s.service,
            s.kind,
            shown(&s.origin)
        )?;
        writeln!(self.out.0, "Resources:")?;
        for resource in &s.resources {
            match &resource.without_workload {
                None => writeln!(self.out.0, "  {}", resource.name)?,
                Some(why) => writeln!(self.out.0, "  {}: no workload: {why}", resource.name)?,
            }
        }
        writeln!(
            self.out.0,
            "Workloads (times x concurrency, longest time within the limits):"
        )?;
        for w in &s.workloads {
            writeln!(
                self.out.0,
                "  {:<58} {:>3} x {:<2} {:>5} s",
                w.scenario, w.times, w.concurrency, w.bound
            )?;
        }
        for plugin in &s.plugins {
            writeln!(self.out.0, "Plugin {}: {}", plugin.file, plugin.purpose)?;
            for scenario in &plugin.scenarios {
                writeln!(self.out.0, "  {}", scenario.name)?;
            }
        }
        if let Some(job) = &s.job {
            let proven = if job.proven { "alive" } else { "unproven" };
            writeln!(
                self.out.0,
                "Job {}, parent {} ({proven}): {}",
                job.name, job.parent, job.evidence
            )?;
            writeln!(
                self.out.0,
                "  timeout {} s; the whole task takes at most {} s within its limits",
                job.timeout, s.bound
            )?;
        }
        for difference in &s.differences {
            writeln!(self.out.0, "Differs from the template: {difference}")?;
        }
        Ok(())
    }
}

/// Returns the text without control characters, and without those that turn the direction of
/// writing, which a name from a repository may hold.
fn shown(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c.is_control() || turns(c) {
            true => out.extend(c.escape_default()),
            false => out.push(c),
        }
    }
    out
}
