//! Prints how far a run over many repositories is, and what came of it.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use anstream::ColorChoice;
use anstyle::Style;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use textwrap::{Options, WordSplitter};

use super::{BAD, CARE, DIM, GOOD, Reader, Screen};
use crate::event::{Progress, Summary, SummaryLine, What};
use crate::visible::visible;

/// How progress is shown.
pub(super) enum Shown {
    Nothing,
    /// On a terminal.
    Bar(ProgressBar),
    /// Elsewhere, a line now and then.
    Lines {
        last: Instant,
    },
}

/// A line for files and programs, this often.
const EVERY: Duration = Duration::from_secs(5);

/// How many repositories of a reason are named.
const NAMED: usize = 3;

/// The widest line.
const COLUMNS: usize = 79;

/// Where the reasons begin.
const INDENT: usize = 22;

impl Shown {
    /// Shows how far it is, on the stream for errors.
    pub(super) fn show(&mut self, progress: &Progress, screen: &mut Screen<'_>) -> io::Result<()> {
        let fails = match progress.failed {
            0 => String::new(),
            number => format!(", {number} failed"),
        };
        match self {
            Shown::Nothing => {
                *self = match screen.reader {
                    Reader::Person if !is_dumb() => {
                        Shown::Bar(bar(progress.of as u64, screen.color))
                    }
                    _ => Shown::Lines {
                        last: Instant::now(),
                    },
                };
                Ok(())
            }
            Shown::Bar(bar) => {
                bar.set_message(format!("{fails}  {}", visible(&progress.now)));
                bar.set_position(progress.done as u64);
                Ok(())
            }
            Shown::Lines { last } if last.elapsed() >= EVERY && progress.done < progress.of => {
                *last = Instant::now();
                let Progress { done, of, .. } = progress;
                writeln!(screen.styled(), "{DIM}{done} of {of} done{fails}{DIM:#}")?;
                screen.stream.flush()
            }
            Shown::Lines { .. } => Ok(()),
        }
    }

    /// Returns the bar, which other text must not be printed into.
    pub(super) fn bar(&self) -> Option<ProgressBar> {
        match self {
            Shown::Bar(bar) => Some(bar.clone()),
            _ => None,
        }
    }

    /// Takes the bar away: all is done.
    pub(super) fn end(&mut self) {
        if let Shown::Bar(bar) = self {
            bar.finish_and_clear();
        }
        *self = Shown::Nothing;
    }
}

/// Returns whether the terminal only takes lines.
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|kind| kind == "dumb")
}

fn bar(of: u64, color: ColorChoice) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(of), ProgressDrawTarget::stderr());
    let template = match color {
        ColorChoice::Never => "[{bar:24}] {pos} of {len}{wide_msg}",
        _ => "[{bar:24.green}] {pos} of {len}{wide_msg}",
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style.progress_chars("=> ")),
        Err(_) => bar,
    }
}

/// Prints the table of outcomes.
pub(super) fn summary(out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
    writeln!(out, "{} repositories:", summary.of)?;
    for line in &summary.lines {
        let style = style(line.what);
        let (what, count) = (line.what.word(), line.count);
        let head = format!("  {style}{what:<12}{style:#}{count:>6}");
        let mut texts = reasons(line).into_iter();
        writeln!(
            out,
            "{}",
            texts
                .next()
                .map_or(head.clone(), |text| format!("{head}  {text}"))
        )?;
        texts.try_for_each(|text| writeln!(out, "{:INDENT$}{text}", ""))?;
    }
    Ok(())
}

fn style(what: What) -> Style {
    match what {
        What::Failed | What::Errors => BAD,
        _ if what.is_to_be_looked_at() => CARE,
        _ => GOOD,
    }
}

/// Returns the lines that say why, and which.
fn reasons(line: &SummaryLine) -> Vec<String> {
    let one = |(why, repos): &(String, Vec<String>)| {
        let named: Vec<&str> = repos.iter().take(NAMED).map(String::as_str).collect();
        let more = match repos.len() - named.len() {
            0 => String::new(),
            number => format!(" and {number} more"),
        };
        let why = match why.is_empty() {
            true => String::new(),
            false => format!("{why}: "),
        };
        visible(&format!("{why}{}{more}", named.join(", ")))
    };
    let shown = line.reasons.iter().take(NAMED).map(one);
    let mut lines: Vec<String> = shown
        .flat_map(|text| {
            // A path stays whole, to be copied.
            let options = Options::new(COLUMNS - INDENT)
                .break_words(false)
                .word_splitter(WordSplitter::NoHyphenation);
            let wrapped = textwrap::wrap(&text, options);
            wrapped
                .into_iter()
                .map(|line| line.into_owned())
                .collect::<Vec<_>>()
        })
        .collect();
    if let Some(rest) = line.reasons.get(NAMED..).filter(|rest| !rest.is_empty()) {
        let repos: usize = rest.iter().map(|(_, repos)| repos.len()).sum();
        lines.push(format!("and {repos} more for other reasons"));
    }
    lines
}
