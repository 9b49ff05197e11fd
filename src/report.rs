//! The only module that prints: each event as text for people or as one line of JSON.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use crate::change::Verb;
use crate::detect::place;
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

const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const CARE: Style = AnsiColor::Yellow.on_default().bold();
const DIM: Style = Style::new().dimmed();

/// Prints events: results to `out`, talk to `err`.
pub struct Reporter<'a> {
    /// How.
    pub format: Format,
    /// Where results go.
    pub out: &'a mut dyn Write,
    /// Where talk goes.
    pub err: &'a mut dyn Write,
}

impl Reporter<'_> {
    /// Prints one event.
    pub fn event(&mut self, event: &Event) -> io::Result<()> {
        match self.format {
            Format::Json => self.json(event),
            Format::Text => self.text(event),
        }
    }

    fn json(&mut self, event: &Event) -> io::Result<()> {
        let line = serde_json::to_string(event).map_err(io::Error::other)?;
        writeln!(self.out, "{line}")?;
        self.out.flush()
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
                writeln!(
                    self.out,
                    "{}: {GOOD}{service}{GOOD:#}, which manages {}",
                    shown(repo),
                    resources.join(", ")
                )?;
                for found in evidence {
                    writeln!(
                        self.out,
                        "  {}: {}",
                        shown(&place(found)),
                        shown(&found.says)
                    )?;
                }
                self.notes(notes)
            }
            Event::Committed(committed) => self.committed(committed),
            Event::Unchanged { repo, reason } => writeln!(
                self.out,
                "{}: {GOOD}unchanged{GOOD:#}: {}",
                shown(repo),
                shown(reason)
            ),
            Event::Refused {
                repo,
                kind,
                reason,
                hint,
            } => self.ended(repo, CARE, &format!("refused ({kind})"), reason, hint),
            Event::Failed { repo, reason, hint } => self.ended(repo, BAD, "failed", reason, hint),
            Event::Patch { text, .. } => self.out.write_all(text.as_bytes()),
            Event::Service(service) => self.service(service),
        }?;
        self.out.flush()
    }

    fn ended(
        &mut self,
        repo: &str,
        style: Style,
        what: &str,
        reason: &str,
        hint: &str,
    ) -> io::Result<()> {
        let repo = if repo.is_empty() {
            String::new()
        } else {
            format!("{}: ", shown(repo))
        };
        writeln!(self.err, "{repo}{style}{what}{style:#}: {}", shown(reason))?;
        match hint.is_empty() {
            true => Ok(()),
            false => writeln!(self.err, "  try: {}", shown(hint)),
        }
    }

    fn notes(&mut self, notes: &[String]) -> io::Result<()> {
        for note in notes {
            writeln!(self.out, "  {DIM}note:{DIM:#} {}", shown(note))?;
        }
        Ok(())
    }

    fn committed(&mut self, c: &Committed) -> io::Result<()> {
        let repo = shown(&c.repo);
        writeln!(
            self.out,
            "{repo}: {GOOD}committed{GOOD:#} {} on the new branch {}",
            &c.commit[..12],
            c.branch
        )?;
        self.notes(&c.notes)?;
        writeln!(
            self.out,
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
                format!("  {DIM}{}{DIM:#}", shown(&file.why))
            };
            writeln!(self.out, "  {verb} {}{why}", shown(&file.path))?;
        }
        match &c.signed_off_by {
            Some(who) => writeln!(
                self.out,
                "  Signed-off-by: {} was added for you: it says that you may submit this (the DCO)",
                shown(who)
            )?,
            None => writeln!(
                self.out,
                "  no Signed-off-by was added; OpenStack requires one"
            )?,
        }
        writeln!(self.out, "  nothing else in the repository has moved")?;
        writeln!(self.out, "Next:")?;
        for step in &c.next {
            writeln!(self.out, "  {}", shown(step))?;
        }
        Ok(())
    }

    fn service(&mut self, s: &ServiceEntry) -> io::Result<()> {
        if let Some(yaml) = &s.yaml {
            return self.out.write_all(yaml.as_bytes());
        }
        if s.brief {
            let names: Vec<&str> = s.resources.iter().map(|r| r.name.as_str()).collect();
            let count = s.workloads.len();
            return writeln!(
                self.out,
                "{GOOD}{:<9}{GOOD:#} {:<17} {count:>2} workloads  {}",
                s.service,
                s.kind,
                names.join(", ")
            );
        }
        writeln!(
            self.out,
            "{GOOD}{}{GOOD:#} ({}), {}",
            s.service, s.kind, s.origin
        )?;
        writeln!(self.out, "Resources:")?;
        for resource in &s.resources {
            match &resource.without_workload {
                None => writeln!(self.out, "  {}", resource.name)?,
                Some(why) => writeln!(self.out, "  {}: no workload: {why}", resource.name)?,
            }
        }
        writeln!(
            self.out,
            "Workloads (times x concurrency, longest time within the limits):"
        )?;
        for w in &s.workloads {
            writeln!(
                self.out,
                "  {:<58} {:>3} x {:<2} {:>5} s",
                w.scenario, w.times, w.concurrency, w.bound
            )?;
        }
        self.rest(s)
    }

    fn rest(&mut self, s: &ServiceEntry) -> io::Result<()> {
        for plugin in &s.plugins {
            writeln!(self.out, "Plugin {}: {}", plugin.file, plugin.purpose)?;
            for scenario in &plugin.scenarios {
                writeln!(self.out, "  {}", scenario.name)?;
            }
        }
        if let Some(job) = &s.job {
            let proven = if job.proven { "alive" } else { "unproven" };
            writeln!(
                self.out,
                "Job {}, parent {} ({proven}: {})",
                job.name, job.parent, job.evidence
            )?;
            writeln!(
                self.out,
                "  timeout {} s; the whole task takes at most {} s within its limits",
                job.timeout, s.bound
            )?;
        }
        for difference in &s.differences {
            writeln!(self.out, "Differs from the specification: {difference}")?;
        }
        Ok(())
    }
}

/// Returns the text without control characters, which a name from a repository may hold.
fn shown(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            if c.is_control() {
                c.escape_default().collect::<Vec<_>>()
            } else {
                vec![c]
            }
        })
        .collect()
}
