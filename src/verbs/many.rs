//! Many repositories in one run: which they are, their turns, how far it is, and what came of it.

use std::collections::HashMap;
use std::ffi::OsString;
use std::io::Read;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use super::UsageError;
use crate::cores::{Heard, cores, in_their_order};
use crate::event::{Event, Progress, Stream, Summary, SummaryLine, What};
use crate::git::{Environment, LocalClone};
use crate::interrupt::Interrupt;
use crate::propose::{Library, LibraryFiles};
use crate::request::{Many, Repos, Start, Upload};
use crate::stop::Stop;

/// How the turns are taken.
pub(super) struct Turns {
    /// So many at the same time.
    at_once: NonZeroUsize,
    /// Where the summary is printed.
    summary: Stream,
}

impl Turns {
    /// Of a verb that prints results for people.
    pub(super) fn told(many: &Many) -> Turns {
        Turns {
            at_once: many.jobs.unwrap_or_else(cores),
            summary: Stream::Output,
        }
    }

    /// Of a verb whose output is for other programs as well.
    pub(super) fn beside(many: &Many) -> Turns {
        Turns {
            summary: Stream::Error,
            ..Turns::told(many)
        }
    }

    /// A push may ask for a passphrase, so there is one at a time, unless a number is given.
    pub(super) fn of_review(many: &Many, upload: Upload) -> Turns {
        let mut turns = Turns::told(many);
        if upload == Upload::Push && many.jobs.is_none() {
            turns.at_once = NonZeroUsize::MIN;
        }
        turns
    }
}

/// A repository as it was named.
struct Named {
    /// `None` is that of the current directory.
    path: Option<PathBuf>,
    /// The same folder, where it was named before.
    before: Option<String>,
}

impl Named {
    fn name(&self) -> String {
        name_of(self.path.as_deref())
    }
}

/// Opens each repository, and tells the event that `turn` makes of it; what `turn` says meanwhile
/// is talk. One repository's end ends no other. Returns the exit code of an interrupt.
pub(super) fn each_clone(
    repos: &Repos,
    turns: &Turns,
    start: &Start,
    env: &Environment,
    tell: &mut dyn FnMut(Event),
    turn: impl Fn(&LocalClone<'_>, &Library<'_>, &mut dyn FnMut(&str)) -> Result<Event, Stop> + Sync,
) -> Result<Option<u8>, UsageError> {
    let files = LibraryFiles::new(start.catalogue.as_deref())?;
    let library = files.open()?;
    if let Some(name) = &start.service {
        super::known_service(name, &library)?;
    }
    let clones = clones(repos)?;
    let turn = |clone: &Named, tell: &mut dyn FnMut(Event)| {
        if let Some(before) = &clone.before {
            let reason = format!("it is the same folder as `{before}`, which was named before");
            return tell(Event::unchanged(&clone.name(), reason));
        }
        let mut talk = |line: &str| tell(Event::Talk(line.to_owned()));
        let event = LocalClone::open(clone.path.as_deref(), env)
            .map_err(Stop::from)
            .and_then(|clone| turn(&clone, &library, &mut talk));
        tell(event.unwrap_or_else(|stop| stop.event(clone.name())));
    };
    Ok(each(&clones, turns, Named::name, turn, tell))
}

/// Gives each thing its turn, and tells what the turns tell, in the order of the things; of several,
/// how far it is, and at the end what came of it. Returns the exit code of an interrupt.
pub(super) fn each<T: Sync>(
    all: &[T],
    turns: &Turns,
    name: impl Fn(&T) -> String + Sync,
    turn: impl Fn(&T, &mut dyn FnMut(Event)) + Sync,
    tell: &mut dyn FnMut(Event),
) -> Option<u8> {
    if let [one] = all {
        turn(one, tell);
        return None;
    }
    // Where no signal can be heard of, one ends the process, as ever.
    let interrupt = Interrupt::watch().unwrap_or_default();
    let mut outcomes = vec![Outcome::default(); all.len()];
    let mut progress = Progress {
        of: all.len(),
        ..Progress::default()
    };
    let careful = |one: &T, tell: &mut dyn FnMut(Event)| {
        let done = catch_unwind(AssertUnwindSafe(|| turn(one, tell)));
        if done.is_err() {
            tell(Event::Failed {
                repo: name(one),
                reason: "this is a mistake in git-rally: it panicked".to_owned(),
                hint: "report it, with what is printed above and `git rally --version`".to_owned(),
            });
        }
    };
    let begun = in_their_order(
        all,
        turns.at_once,
        || !interrupt.is_asked_for(),
        careful,
        &mut |heard| {
            match heard {
                Heard::Begun(at) => progress.now = name(&all[at]),
                Heard::Told(at, event) => {
                    outcomes[at].add(&event);
                    tell(event);
                    return;
                }
                Heard::Done(at) => {
                    progress.done += 1;
                    progress.failed += usize::from(outcomes[at].what == Some(What::Failed));
                }
            }
            tell(Event::Progress(progress.clone()));
        },
    );
    let undone: Vec<String> = all[begun..].iter().map(&name).collect();
    for repo in &undone {
        tell(Event::Skipped {
            repo: repo.clone(),
            reason: "interrupted before its turn".to_owned(),
        });
    }
    let done = all.iter().map(&name).zip(&outcomes).take(begun);
    tell(Event::Summary(summary(done, undone, turns.summary)));
    interrupt.exit_code()
}

/// Returns the repositories in the order in which they were named.
fn clones(repos: &Repos) -> Result<Vec<Named>, UsageError> {
    let paths = paths(&repos.paths, &repos.many)?;
    let mut known: HashMap<PathBuf, String> = HashMap::new();
    let one = |path: Option<PathBuf>| {
        let real = path.as_ref().and_then(|path| path.canonicalize().ok());
        let name = name_of(path.as_deref());
        let before = real.and_then(|real| match known.get(&real) {
            Some(before) => Some(before.clone()),
            None => {
                known.insert(real, name);
                None
            }
        });
        Named { path, before }
    };
    Ok(match (paths.is_empty(), &repos.many.from) {
        (true, None) => vec![None].into_iter().map(one).collect(),
        _ => paths.into_iter().map(Some).map(one).collect(),
    })
}

/// Returns the paths that were typed, and those of the list.
pub(super) fn paths(typed: &[PathBuf], many: &Many) -> Result<Vec<PathBuf>, UsageError> {
    let mut paths = typed.to_vec();
    let Some(list) = &many.from else {
        return Ok(paths);
    };
    let mut bytes = Vec::new();
    let read = match list.as_os_str() == "-" {
        true => std::io::stdin().lock().read_to_end(&mut bytes),
        false => std::fs::File::open(list).and_then(|mut file| file.read_to_end(&mut bytes)),
    };
    read.map_err(|error| UsageError::NoList {
        list: list.display().to_string(),
        error,
    })?;
    let lines = bytes.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with(b"#"));
    paths.extend(lines.map(|line| PathBuf::from(os(line))));
    match paths.is_empty() {
        true => Err(UsageError::EmptyList(list.display().to_string())),
        false => Ok(paths),
    }
}

#[cfg(unix)]
fn os(line: &[u8]) -> OsString {
    use std::os::unix::ffi::OsStringExt;
    OsString::from_vec(line.to_vec())
}

#[cfg(not(unix))]
fn os(line: &[u8]) -> OsString {
    String::from_utf8_lossy(line).into_owned().into()
}

/// Returns the repository's name in events.
fn name_of(path: Option<&Path>) -> String {
    path.unwrap_or(Path::new(".")).display().to_string()
}

/// What came of a repository, the worst of it.
#[derive(Clone, Debug, Default)]
struct Outcome {
    what: Option<What>,
    /// In a few words; nothing where there is nothing to say.
    why: String,
}

impl Outcome {
    fn add(&mut self, event: &Event) {
        use crate::check::Severity;
        let (what, why) = match event {
            Event::Detected { .. } => (What::Detected, String::new()),
            Event::Patch(_) => (What::Changed, String::new()),
            Event::Committed(_) => (What::Committed, String::new()),
            Event::Unchanged { .. } => (What::Unchanged, String::new()),
            Event::Refused { kind, .. } => (What::Refused, kind.to_string()),
            Event::Failed { reason, .. } => (What::Failed, reason.clone()),
            Event::Finding(found) => match found.severity {
                Severity::Error => (What::Errors, String::new()),
                Severity::Warning => (What::Warnings, String::new()),
                Severity::Note => (What::NotJudged, String::new()),
            },
            _ => return,
        };
        if Some(what) > self.what {
            *self = Outcome {
                what: Some(what),
                why,
            };
        }
    }
}

/// Returns the outcomes, each with its reasons, the most frequent first.
fn summary<'o>(
    done: impl Iterator<Item = (String, &'o Outcome)>,
    undone: Vec<String>,
    stream: Stream,
) -> Summary {
    let mut lines: Vec<SummaryLine> = Vec::new();
    let mut all: Vec<(String, &Outcome)> = done.collect();
    let of = all.len() + undone.len();
    all.sort_by_key(|(_, outcome)| outcome.what);
    for (name, outcome) in all {
        let Some(what) = outcome.what else { continue };
        if lines.last().is_none_or(|line| line.what != what) {
            lines.push(SummaryLine::of(what));
        }
        if let Some(line) = lines.last_mut() {
            line.count += 1;
            if what.is_to_be_looked_at() {
                line.add(&outcome.why, name);
            }
        }
    }
    for line in &mut lines {
        line.reasons
            .sort_by_key(|reason| std::cmp::Reverse(reason.1.len()));
    }
    if !undone.is_empty() {
        lines.push(SummaryLine {
            what: What::NotDone,
            count: undone.len(),
            reasons: vec![("interrupted".to_owned(), undone)],
        });
    }
    Summary { of, lines, stream }
}
