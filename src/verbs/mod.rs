//! The verbs: from a valid request to events, one file a verb, each read from top to bottom.
//! Everything that can fail fails before the first object is written.

mod check;
mod commit;
mod compare;
mod demo;
mod detect;
mod diff;
mod many;
mod patch;
mod results;
mod review;
mod services;
mod targets;
mod trend;
mod written;

use self::many::{Turns, each_clone};
use crate::event::{Event, NOT_JUDGED, exit_code};
use crate::git::Environment;
use crate::propose::{Library, LibraryError};
use crate::request::{Output, Request};

/// An argument that names something that does not exist, or that does not go with another.
#[derive(Debug, thiserror::Error)]
pub enum UsageError {
    #[error("unknown service `{}`; known are {}", name.escape_debug(), known.join(", "))]
    UnknownService { name: String, known: Vec<String> },
    #[error("`{}` does not exist", .0.escape_debug())]
    NoResults(String),
    #[error("--html: the folder `{}` does not exist", .0.escape_debug())]
    NoFolder(String),
    #[error("cannot read the list `{}`: {error}", list.escape_debug())]
    NoList { list: String, error: std::io::Error },
    #[error("the list `{}` names no repository", .0.escape_debug())]
    EmptyList(String),
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
    let interrupted = match request {
        Request::Detect(wanted) => each_clone(
            &wanted.repos,
            &Turns::told(&wanted.repos.many),
            &wanted.start,
            env,
            tell,
            |clone, library, _| detect::detect(wanted, clone, library),
        )?,
        Request::Diff(wanted) => each_clone(
            &wanted.repos,
            &Turns::beside(&wanted.repos.many),
            &wanted.change.start,
            env,
            tell,
            |clone, library, _| diff::diff(wanted, clone, library),
        )?,
        Request::Commit(wanted) => each_clone(
            &wanted.repos,
            &Turns::told(&wanted.repos.many),
            &wanted.change.start,
            env,
            tell,
            |clone, library, _| commit::commit(wanted, clone, library),
        )?,
        Request::Patch(wanted) => {
            if wanted.output != Output::Standard && wanted.repos.may_be_many() {
                return Err(UsageError::OneFile);
            }
            each_clone(
                &wanted.repos,
                &Turns::beside(&wanted.repos.many),
                &wanted.change.start,
                env,
                tell,
                |clone, library, _| patch::patch(wanted, clone, library),
            )?
        }
        Request::Review(wanted) => each_clone(
            &wanted.repos,
            &Turns::of_review(&wanted.repos.many, wanted.upload),
            &wanted.change.start,
            env,
            tell,
            |clone, library, talk| review::review(wanted, clone, library, talk),
        )?,
        Request::Check(wanted) => check::check(wanted, env, tell)?,
        of_no_clone => {
            without_clones(of_no_clone, env, tell)?;
            None
        }
    };
    Ok(interrupted.unwrap_or_else(|| exit_code(codes)))
}

/// Does what needs no repository.
fn without_clones(
    request: &Request,
    env: &Environment,
    tell: &mut dyn FnMut(Event),
) -> Result<(), UsageError> {
    match request {
        Request::Rules => check::list(tell),
        Request::Compare(wanted) => compare::compare(wanted, tell)?,
        Request::Trend(wanted) => trend::trend(wanted, tell)?,
        Request::Services(wanted) => services::services(wanted, tell)?,
        Request::Demo(wanted) => demo::demo(wanted, env, tell)?,
        _ => {}
    }
    Ok(())
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
