//! The verbs: from a valid request to events, one file a verb, each read from top to bottom.
//! Everything that can fail fails before the first object is written.

mod check;
mod commit;
mod compare;
mod demo;
mod detect;
mod diff;
mod patch;
mod results;
mod review;
mod services;
mod targets;
mod trend;
mod written;

use std::path::{Path, PathBuf};

use crate::event::{Event, NOT_JUDGED, exit_code};
use crate::git::{Environment, LocalClone};
use crate::propose::{Library, LibraryError, LibraryFiles};
use crate::request::{Output, Request, Start};
use crate::stop::Stop;

/// An argument that names something that does not exist, or that does not go with another.
#[derive(Debug, thiserror::Error)]
pub enum UsageError {
    #[error("unknown service `{}`; known are {}", name.escape_debug(), known.join(", "))]
    UnknownService { name: String, known: Vec<String> },
    #[error("`{}` does not exist", .0.escape_debug())]
    NoResults(String),
    #[error("--html: the folder `{}` does not exist", .0.escape_debug())]
    NoFolder(String),
    #[error("-o takes the patch of one repository; run `git rally patch` for each")]
    OneFile,
    #[error(transparent)]
    Library(#[from] LibraryError),
}

/// Does what is asked for, gives `say` each event, and returns the exit code.
pub fn run(
    request: &Request,
    env: &Environment,
    say: &mut dyn FnMut(Event),
) -> Result<u8, UsageError> {
    let mut codes = Vec::new();
    let mut tell = |event: Event| {
        codes.push(match (request, &event) {
            // what `check` could not read is not what it found
            (Request::Check(_), Event::Failed { .. }) => NOT_JUDGED,
            _ => event.exit_code(),
        });
        say(event);
    };
    let tell = &mut tell;
    if let Some(change) = request.change() {
        results::all_exist(&change.limits_from)?;
    }
    match request {
        Request::Detect(wanted) => {
            each_clone(
                &wanted.repos,
                &wanted.start,
                env,
                tell,
                |clone, library, _| detect::detect(wanted, clone, library),
            )?;
        }
        Request::Diff(wanted) => {
            let start = &wanted.change.start;
            each_clone(&wanted.repos, start, env, tell, |clone, library, _| {
                diff::diff(wanted, clone, library)
            })?;
        }
        Request::Commit(wanted) => {
            let start = &wanted.change.start;
            each_clone(&wanted.repos, start, env, tell, |clone, library, _| {
                commit::commit(wanted, clone, library)
            })?;
        }
        Request::Patch(wanted) => {
            if wanted.output != Output::Standard && wanted.repos.len() > 1 {
                return Err(UsageError::OneFile);
            }
            let start = &wanted.change.start;
            each_clone(&wanted.repos, start, env, tell, |clone, library, _| {
                patch::patch(wanted, clone, library)
            })?;
        }
        Request::Review(wanted) => {
            let start = &wanted.change.start;
            each_clone(&wanted.repos, start, env, tell, |clone, library, talk| {
                review::review(wanted, clone, library, talk)
            })?;
        }
        Request::Rules => check::list(tell),
        Request::Check(wanted) => {
            check::check(wanted, env, tell);
        }
        Request::Compare(wanted) => compare::compare(wanted, tell)?,
        Request::Trend(wanted) => trend::trend(wanted, tell)?,
        Request::Services(wanted) => services::services(wanted, tell)?,
        Request::Demo(wanted) => demo::demo(wanted, env, tell)?,
    }
    Ok(exit_code(codes))
}

/// Opens each repository, and tells the event that `turn` makes of it; what `turn` says meanwhile
/// is talk. One repository's end ends no other.
fn each_clone(
    repos: &[PathBuf],
    start: &Start,
    env: &Environment,
    tell: &mut dyn FnMut(Event),
    turn: impl Fn(&LocalClone<'_>, &Library<'_>, &mut dyn FnMut(&str)) -> Result<Event, Stop>,
) -> Result<(), UsageError> {
    let files = LibraryFiles::new(start.catalogue.as_deref())?;
    let library = files.open()?;
    if let Some(name) = &start.service {
        known_service(name, &library)?;
    }
    for path in named(repos) {
        let mut talk = |line: &str| tell(Event::Talk(line.to_owned()));
        let event = LocalClone::open(path, env)
            .map_err(Stop::from)
            .and_then(|clone| turn(&clone, &library, &mut talk));
        tell(event.unwrap_or_else(|stop| stop.event(name_of(path))));
    }
    Ok(())
}

/// Returns the repositories; `None` is that of the current directory.
fn named(repos: &[PathBuf]) -> Vec<Option<&Path>> {
    match repos {
        [] => vec![None],
        repos => repos.iter().map(|path| Some(path.as_path())).collect(),
    }
}

/// Returns the repository's name in events.
fn name_of(path: Option<&Path>) -> String {
    path.unwrap_or(Path::new(".")).display().to_string()
}

/// Refuses a name that is no service's.
fn known_service(name: &str, library: &Library<'_>) -> Result<(), UsageError> {
    let catalogue = &library.catalogue;
    let without_entry = catalogue
        .not_services()
        .is_ok_and(|n| n.services.iter().any(|s| s.service == name));
    if without_entry || catalogue.names().any(|known| known == name) {
        return Ok(());
    }
    Err(UsageError::UnknownService {
        name: name.to_owned(),
        known: catalogue.names().map(str::to_owned).collect(),
    })
}
