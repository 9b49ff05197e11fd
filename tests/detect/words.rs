//! What a repository is taken for, in the words that people read.

use git_rally::catalogue::Catalogue;
use git_rally::detect::{DetectError, Found, which};
use git_rally::embedded;
use git_rally::files::FileMap;
use git_rally::remedy::{Refusal, Remedy};

fn of(files: &[(&str, &str)], wanted: Option<&str>) -> Result<Found, DetectError> {
    let templates = embedded::templates();
    let catalogue = Catalogue::new(&templates, None).expect("the catalogue");
    which(&FileMap::of(files.iter().copied()), &catalogue, wanted)
}

/// Returns the reason of the refusal of a repository with these files.
pub(crate) fn refused(files: &[(&str, &str)], kind: Refusal) -> String {
    let error = of(files, None).expect_err("a refusal");
    assert_eq!(error.refusal(), Some(kind), "{error}");
    assert!(!error.hint().is_empty(), "{error}");
    error.to_string()
}

fn gitreview(project: &str) -> String {
    format!("[gerrit]\nproject=openstack/{project}.git\n")
}

/// heat at its release 10.0.0, before its distribution was renamed.
#[test]
fn the_signal_that_disagrees_is_named() {
    let said = refused(
        &[
            (".gitreview", &gitreview("heat")),
            ("setup.cfg", "[metadata]\nname = heat\n"),
            ("heat/__init__.py", ""),
        ],
        Refusal::Undecided,
    );
    assert_eq!(
        said,
        "its signals disagree: the package `heat/` and the project `heat` (.gitreview:2) say `heat`, \
         but the distribution is `heat` (setup.cfg:2), not `openstack-heat`"
    );
}

#[test]
fn every_signal_may_be_the_one_that_disagrees() {
    for (files, said) in [
        (
            &[
                (".gitreview", "[gerrit]\nproject=openstack/glance.git\n"),
                ("setup.cfg", "[metadata]\nname = nova\n"),
                ("nova/__init__.py", ""),
            ][..],
            "the distribution `nova` (setup.cfg:2) and the package `nova/` say `nova`, \
             but the project is `glance` (.gitreview:2), not `nova`",
        ),
        (
            &[
                (".gitreview", "[gerrit]\nproject=openstack/nova.git\n"),
                ("nova/__init__.py", ""),
            ],
            "the package `nova/` and the project `nova` (.gitreview:2) say `nova`, \
             but no file names a distribution",
        ),
        (
            &[("setup.cfg", "[metadata]\nname = nova\n")],
            "the distribution `nova` (setup.cfg:2) says `nova`, \
             but the package directory `nova/` does not exist",
        ),
        (
            &[
                ("setup.cfg", "[metadata]\nname = cinder\n"),
                ("pyproject.toml", "[project]\nname = \"nova\"\n"),
                ("nova/__init__.py", ""),
            ],
            "the package `nova/` says `nova`, \
             but `name = cinder` (setup.cfg:2) contradicts `name = \"nova\"` (pyproject.toml:2)",
        ),
    ] {
        let wanted = format!("its signals disagree: {said}");
        assert_eq!(refused(files, Refusal::Undecided), wanted);
    }
}

#[test]
fn a_service_without_an_entry_is_called_a_service() {
    let said = refused(
        &[
            ("setup.cfg", "[metadata]\nname = manila\n"),
            ("manila/__init__.py", ""),
        ],
        Refusal::NotAService,
    );
    assert_eq!(
        said,
        "`manila` is a service that the catalogue has no entry for; Rally has scenarios for it: ManilaShares"
    );
}

/// The notices of senlin and of vitrage, which is a service that is known by name.
#[test]
fn a_retired_repository_is_no_question() {
    for (project, notice) in [
        ("senlin", "This project is no longer maintained."),
        (
            "vitrage",
            "This project is no longer being developed.  Previous releases will",
        ),
    ] {
        let said = refused(
            &[
                (".gitreview", &gitreview(project)),
                ("README.rst", &format!("Title\n=====\n\n{notice}\n")),
            ],
            Refusal::NotAService,
        );
        assert_eq!(
            said,
            format!("the repository is retired (README.rst:4: `{notice}`)")
        );
    }
}

#[test]
fn what_service_changes_is_noted() {
    let nova = [
        ("setup.cfg", "[metadata]\nname = nova\n"),
        ("nova/__init__.py", ""),
    ];
    let note = |files: &[(&str, &str)], wanted| {
        let found = of(files, wanted).expect("a service");
        let note = found.note.as_ref().map(ToString::to_string);
        (found.service().to_owned(), note.unwrap_or_default())
    };
    let nova_found = |note: &str| ("nova".to_owned(), note.to_owned());
    assert_eq!(note(&nova, None), nova_found(""));
    let agrees = "--service nova says what was detected";
    assert_eq!(note(&nova, Some("nova")), nova_found(agrees));
    let overrides = "--service cinder overrides what was detected: its files say `nova`";
    let cinder = ("cinder".to_owned(), overrides.to_owned());
    assert_eq!(note(&nova, Some("cinder")), cinder);
    let (_, said) = note(&[("setup.cfg", "rubbish")], Some("nova"));
    assert!(said.contains("setup.cfg:1: "), "{said}");
}

#[test]
fn service_mends_no_gitreview() {
    let error = of(&[(".gitreview", "[gerrit]\nport=x\n")], Some("nova"));
    let error = error.expect_err("a broken file");
    assert!(matches!(error, DetectError::GitReview(_)), "{error}");
}
