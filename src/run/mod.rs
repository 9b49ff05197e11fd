//! The verbs: from a valid request to events. Everything that can fail fails before the first
//! object is written.

mod check;
mod commit;
mod demo;
mod patch;
mod prepare;
mod review;
mod services;
mod stop;

use std::path::{Path, PathBuf};

use crate::catalogue::Catalogue;
use crate::detect::Verdict;
use crate::disk::DiskFiles;
use crate::embedded;
use crate::event::{Event, Refusal, exit_code};
use crate::git::{Environment, Repo};
use crate::gitreview::GitReview;
use crate::render::Renderer;
use crate::request::{Request, Verb};
use prepare::Prepared;
use stop::Stop;

/// What every repository's turn needs.
struct Session<'a> {
    request: &'a Request,
    env: &'a Environment,
    catalogue: &'a Catalogue<'a>,
    renderer: &'a Renderer,
}

/// An argument that names something that does not exist.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UsageError(String);

/// Does what is asked for, tells `say` each result, and returns the exit code.
pub fn run(
    request: &Request,
    env: &Environment,
    say: &mut dyn FnMut(Event),
) -> Result<u8, UsageError> {
    let templates = embedded::templates();
    let user = request.change.catalogue.as_deref().map(DiskFiles::new);
    let overlay = match &user {
        None => None,
        Some(files) if !files.is_dir() => {
            return Err(UsageError(format!(
                "--catalogue: `{}` is not a folder",
                files.path()
            )));
        }
        Some(files) => Some((files as &dyn crate::files::Files, files.path())),
    };
    let catalogue =
        Catalogue::new(&templates, overlay).map_err(|e| UsageError(format!("--catalogue: {e}")))?;
    known_service(request, &catalogue)?;
    one_file(request)?;
    let renderer = Renderer::new(&templates, &["rally-jobs", "zuul", "commit"])
        .map_err(|e| UsageError(e.to_string()))?;
    let session = Session {
        request,
        env,
        catalogue: &catalogue,
        renderer: &renderer,
    };
    let mut codes = Vec::new();
    let mut tell = |event: Event| {
        codes.push(event.exit_code());
        say(event);
    };
    match &request.verb {
        Verb::Services { name, yaml } => session.services(name.as_deref(), *yaml, &mut tell),
        Verb::Demo { service } => session.demo(service, &mut tell),
        _ => session.each_repository(&mut tell),
    }
    Ok(exit_code(codes))
}

/// Fails where `--service`, or the argument of `services` and `demo`, is no known name.
fn known_service(request: &Request, catalogue: &Catalogue<'_>) -> Result<(), UsageError> {
    let name = match &request.verb {
        Verb::Services { name, .. } => name.as_ref(),
        Verb::Demo { service } => Some(service),
        _ => request.change.service.as_ref(),
    };
    let Some(name) = name else { return Ok(()) };
    let without_entry = catalogue
        .not_services()
        .is_ok_and(|n| n.services.iter().any(|s| s.service == *name));
    if without_entry || catalogue.names().any(|known| known == name) {
        return Ok(());
    }
    let known: Vec<&str> = catalogue.names().collect();
    Err(UsageError(format!(
        "unknown service `{}`; known are {}",
        name.escape_debug(),
        known.join(", ")
    )))
}

/// Fails where the patches of several repositories would go to one file, or to one name in a folder.
fn one_file(request: &Request) -> Result<(), UsageError> {
    match &request.verb {
        Verb::Patch(output) if output.path.is_some() && request.repos.len() > 1 => Err(UsageError(
            "-o takes the patch of one repository; run `git rally patch` for each".to_owned(),
        )),
        _ => Ok(()),
    }
}

impl Session<'_> {
    fn each_repository(&self, tell: &mut dyn FnMut(Event)) {
        if self.request.repos.is_empty() {
            return self.one(None, tell);
        }
        for path in &self.request.repos {
            self.one(Some(path), tell);
        }
    }

    fn one(&self, path: Option<&PathBuf>, tell: &mut dyn FnMut(Event)) {
        let name = path
            .map_or(Path::new("."), |p| p.as_path())
            .display()
            .to_string();
        if self.request.verb == Verb::Check {
            return self.check(path.map(PathBuf::as_path), &name, tell);
        }
        let mut talk = |line: &str| tell(Event::Talk(line.to_owned()));
        let event = match self.turn(path.map(PathBuf::as_path), &name, &mut talk) {
            Ok(event) => event,
            Err(stop) => stop.event(name),
        };
        tell(event);
    }

    /// Returns the result for one repository; `talk` is told what git says meanwhile.
    fn turn(
        &self,
        path: Option<&Path>,
        name: &str,
        talk: &mut dyn FnMut(&str),
    ) -> Result<Event, Stop> {
        let repo = Repo::open(path, self.env)?;
        if self.request.verb == Verb::Detect {
            return self.detect(&repo, name);
        }
        let prepared = Prepared::new(self, repo)?;
        match &self.request.verb {
            Verb::Diff => prepared.diff(self, name),
            Verb::Patch(output) => prepared.patch(self, name, output),
            Verb::Review(review) => prepared.review(self, name, review, talk),
            _ => prepared.commit(self, name),
        }
    }

    fn detect(&self, repo: &Repo, name: &str) -> Result<Event, Stop> {
        let settings = repo.settings(self.env)?;
        let base = repo.base(self.request.change.base.as_deref(), &settings)?;
        let snapshot = repo.snapshot(base.commit)?;
        // What the change's verbs refuse is refused here, too.
        GitReview::read(&snapshot)?.settings(&|key| settings.get(key))?;
        let (service, evidence, mut notes) = self.which(&snapshot)?;
        let entry = self.catalogue.entry(&service)?;
        let resources = entry
            .iter()
            .flat_map(|e| e.service.resources.iter().map(|r| r.name.clone()))
            .collect();
        notes.push(format!(
            "the files are those of {} ({}, {})",
            base.name(),
            &base.commit.to_string()[..12],
            base.date.day()
        ));
        notes.extend(base.note());
        Ok(Event::Detected {
            repo: name.to_owned(),
            service,
            evidence,
            resources,
            notes,
        })
    }

    /// Returns the service, what says so, and what should be said about that.
    fn which(
        &self,
        files: &dyn crate::files::Files,
    ) -> Result<(String, Vec<crate::detect::Evidence>, Vec<String>), Stop> {
        let verdict = crate::detect::detect(files, self.catalogue);
        if let Some(name) = &self.request.change.service {
            let taken_for = match &verdict {
                Ok(Verdict::Service { service, .. }) if service == name => {
                    return agreeing(name, verdict);
                }
                Ok(Verdict::Service { service, .. }) => format!("its files say `{service}`"),
                Ok(Verdict::NotAService { reason, .. } | Verdict::Undecided { reason, .. }) => {
                    reason.clone()
                }
                Err(error) => error.to_string(),
            };
            if self.catalogue.names().all(|known| known != name) {
                let what = crate::detect::without_entry(self.catalogue, name)?;
                return Err(Stop::refused(
                    Refusal::NotAService,
                    format!("--service {name}: it is {what}"),
                    crate::detect::entry_hint(name),
                ));
            }
            let evidence =
                crate::detect::evidence_for(files, self.catalogue, name).unwrap_or_default();
            let note = format!("--service {name} overrides what was detected: {taken_for}");
            return Ok((name.clone(), evidence, vec![note]));
        }
        match verdict? {
            Verdict::Service { service, evidence } => Ok((service, evidence, Vec::new())),
            Verdict::NotAService { reason, hint, .. } => {
                Err(Stop::refused(Refusal::NotAService, reason, hint))
            }
            Verdict::Undecided { reason, .. } => Err(Stop::refused(
                Refusal::Undecided,
                reason,
                "say which it is: --service NAME",
            )),
        }
    }
}

type Which = (String, Vec<crate::detect::Evidence>, Vec<String>);

fn agreeing(
    name: &str,
    verdict: Result<Verdict, crate::detect::DetectError>,
) -> Result<Which, Stop> {
    let evidence = match verdict {
        Ok(Verdict::Service { evidence, .. }) => evidence,
        _ => Vec::new(),
    };
    Ok((
        name.to_owned(),
        evidence,
        vec![format!("--service {name} says what was detected")],
    ))
}
