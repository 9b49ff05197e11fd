//! The options of the change as they were typed, for commands that are printed: read from clap's
//! own list, so that no option can be forgotten.

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};

/// Options that the next command does not need: once the branch holds the change, there is nothing
/// left to replace; and a command that is printed is for one repository.
const NOT_REPEATED: [&str; 3] = ["replace", "from", "jobs"];

/// Returns the words that give these options of `command` again, in the order of its help.
pub(super) fn typed(command: &Command, matches: &ArgMatches) -> Vec<String> {
    let options = command.get_arguments().filter(|arg| is_repeated(arg));
    let given = options.filter(|arg| {
        matches.value_source(arg.get_id().as_str()) == Some(ValueSource::CommandLine)
    });
    given.flat_map(|arg| words(arg, matches)).collect()
}

fn is_repeated(arg: &Arg) -> bool {
    arg.get_long().is_some() && !NOT_REPEATED.contains(&arg.get_id().as_str())
}

fn words(arg: &Arg, matches: &ArgMatches) -> Vec<String> {
    let name = format!("--{}", arg.get_long().unwrap_or_default());
    if !arg.get_action().takes_values() {
        return vec![name];
    }
    let values = matches.get_raw(arg.get_id().as_str());
    let values = values.into_iter().flatten();
    let values = values.map(|value| value.to_string_lossy().into_owned());
    values.flat_map(|value| option(&name, value)).collect()
}

/// A value that begins with a dash would be taken for an option.
fn option(name: &str, value: String) -> Vec<String> {
    match value.starts_with('-') {
        true => vec![format!("{name}={value}")],
        false => vec![name.to_owned(), value],
    }
}
