//! The `git-rally` program: turns a result into an exit code.

use std::io::{self, Write};
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use clap::Parser;
use git_rally::cli::Cli;
use git_rally::git::Environment;
use git_rally::report::{Reader, Reporter, Screen};
use git_rally::verbs;
use terminal_size::{Width, terminal_size};

/// The arguments name something that does not exist.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut out = io::stdout().lock();
    let mut err = io::stderr().lock();
    let (format, color) = (cli.format(), cli.color());
    let request = match cli.request() {
        Ok(request) => request,
        Err(usage) => return say(&mut err, &usage.to_string(), USAGE),
    };
    let mut printed = Ok(());
    let done = {
        let mut reporter = Reporter::new(format, screen(&mut out, color), screen(&mut err, color));
        let done = verbs::run(&request, &Environment::of_process(), &mut |event| {
            if printed.is_ok() {
                printed = reporter
                    .event(&event)
                    .map_err(|error| (error, event.deed()));
            }
        });
        if printed.is_ok() {
            printed = reporter.end().map_err(|error| (error, None));
        }
        done
    };
    match (done, printed) {
        // Whoever reads the results has enough: `git rally diff | head`. What was refused stays so.
        (Ok(code), Err((error, _))) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::from(code)
        }
        (_, Err((error, deed))) => {
            let deed = deed.map_or(String::new(), |deed| format!("; {deed}"));
            say(&mut err, &format!("cannot print: {error}{deed}"), 1)
        }
        (Err(usage), Ok(())) => say(&mut err, &usage.to_string(), USAGE),
        (Ok(code), Ok(())) => ExitCode::from(code),
    }
}

/// Returns the stream with its colour: by choice, else by NO_COLOR and the terminal.
fn screen<S: anstream::stream::RawStream + Write + 'static>(
    stream: &mut S,
    choice: ColorChoice,
) -> Screen<'_> {
    let color = match choice {
        ColorChoice::Auto => AutoStream::choice(stream),
        chosen => chosen,
    };
    let reader = match stream.is_terminal() {
        true => Reader::Person,
        false => Reader::Program,
    };
    Screen {
        stream,
        color,
        reader,
        width: match reader {
            Reader::Person => columns(),
            Reader::Program => None,
        },
    }
}

/// Returns how wide the terminal is: as COLUMNS says, else as itself does.
fn columns() -> Option<usize> {
    let given = std::env::var("COLUMNS").ok();
    let given = given.and_then(|columns| columns.parse().ok());
    let own = || terminal_size().map(|(Width(columns), _)| usize::from(columns));
    given.or_else(own)
}

/// Prints an error, if that is possible, and returns its exit code.
fn say(err: &mut dyn Write, text: &str, code: u8) -> ExitCode {
    // There is nowhere left to report a failure to.
    drop(writeln!(err, "git-rally: {text}"));
    ExitCode::from(code)
}
