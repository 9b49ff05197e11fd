//! The `git-rally` program: turns a result into an exit code.

use std::io::{self, Write};
use std::process::ExitCode;

use anstream::ColorChoice;
use clap::Parser;
use git_rally::cli::Cli;
use git_rally::git::Environment;
use git_rally::report::Reporter;
use git_rally::run;

/// The arguments name something that does not exist.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let (format, color) = (cli.format(), cli.color());
    let mut out = io::stdout().lock();
    let mut err = io::stderr().lock();
    let coloured = (is_coloured(&out, color), is_coloured(&err, color));
    let mut printed = Ok(());
    let done = {
        let mut reporter = Reporter {
            format,
            out: (&mut out, coloured.0),
            err: (&mut err, coloured.1),
        };
        run::run(&cli.request(), &Environment::of_process(), &mut |event| {
            if printed.is_ok() {
                printed = reporter.event(&event);
            }
        })
    };
    match (done, printed) {
        // Whoever reads the results has enough: `git rally diff | head`. What was refused stays so.
        (Ok(code), Err(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(code),
        (_, Err(error)) => say(&mut err, &format!("cannot print: {error}"), 1),
        (Err(usage), Ok(())) => say(&mut err, &usage.to_string(), USAGE),
        (Ok(code), Ok(())) => ExitCode::from(code),
    }
}

/// Returns whether the stream gets colour: by choice, else by NO_COLOR and the terminal.
fn is_coloured(stream: &impl anstream::stream::RawStream, choice: ColorChoice) -> bool {
    let found = match choice {
        ColorChoice::Auto => anstream::AutoStream::choice(stream),
        chosen => chosen,
    };
    found != ColorChoice::Never
}

/// Prints an error, if that is possible, and returns its exit code.
fn say(err: &mut dyn Write, text: &str, code: u8) -> ExitCode {
    // There is nowhere left to report a failure to.
    drop(writeln!(err, "git-rally: {text}"));
    ExitCode::from(code)
}
