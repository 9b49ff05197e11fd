//! What reads foreign text, and what must hold for any text.

use std::cell::LazyCell;
use std::sync::LazyLock;

use git_rally::catalogue::Catalogue;
use git_rally::check::check;
use git_rally::detect;
use git_rally::embedded;
use git_rally::files::{EntryKind, FileMap, Files};
use git_rally::gitreview::GitReview;
use git_rally::ini;
use git_rally::message::{
    ChangeId, ChangeIdTrailer, Trailer, add_trailers, change_id, insert_change_id, last_provenance,
    provenance, trailers,
};
use git_rally::rally::Facts;
use git_rally::results::{Names, parse};
use git_rally::yaml as documents;
use git_rally::zuul::{IfCovered, Voting, Wanted, plan, wiring};

static TEMPLATES: LazyLock<FileMap> = LazyLock::new(embedded::templates);
static FACTS: LazyLock<Facts> = LazyLock::new(|| Facts::read(&*TEMPLATES).expect("facts"));
static CATALOGUE: LazyLock<Catalogue<'static>> =
    LazyLock::new(|| Catalogue::new(&*TEMPLATES, None).expect("the catalogue"));

fn files(all: &[(&str, &[u8])]) -> FileMap {
    let files = all.iter();
    FileMap(
        files
            .map(|(path, bytes)| ((*path).to_owned(), (EntryKind::File, bytes.to_vec())))
            .collect(),
    )
}

/// Returns the most lines that anybody counts; a problem at the end is behind the last one.
fn lines(text: &str) -> usize {
    text.matches([
        '\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}',
    ])
    .count()
        + 1
}

pub(crate) fn yaml(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match documents::parse(&text) {
        Ok(document) => {
            for node in document.nodes() {
                assert!(node.line() <= lines(&text), "line {}", node.line());
                let _ = (node.text(), node.number(), node.column());
                assert!(node.meant_pairs().count() <= node.merged_pairs().count());
            }
        }
        Err(flaw) => drop(flaw.to_string()),
    }
    drop(documents::readable(&text));
}

pub(crate) fn zuul(bytes: &[u8]) {
    let job = "- job:\n    name: sample-rally\n    parent: rally-task-at-devstack\n";
    let files = files(&[(".zuul.yaml", bytes)]);
    let wanted = Wanted {
        project: Some("openstack/sample"),
        job: "sample-rally",
        job_text: job,
        task: "rally-jobs/task-sample.yaml",
        voting: Voting::Voting,
        periodic: None,
        irrelevant_files: &[],
        if_covered: IfCovered::Refuse,
    };
    drop(wiring(&files));
    match plan(&files, &wanted) {
        Err(error) => drop(error.to_string()),
        Ok(edit) => {
            // What was made is readable, and has the job now.
            let mut after = files;
            for file in edit.files {
                let entry = (EntryKind::File, file.after);
                after.0.insert(file.path, entry);
            }
            let again = plan(&after, &wanted).expect("the edited configuration");
            assert!(again.files.is_empty(), "the job is added twice");
        }
    }
}

pub(crate) fn ini(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match ini::parse(&text) {
        Err(error) => assert!(error.line <= lines(&text), "{error}"),
        Ok(ini) => {
            for section in ini.sections() {
                for (key, _) in section.values() {
                    drop(ini.interpolated(&section.name, key));
                }
            }
        }
    }
}

/// Judges which service it is, with one file as it is and a package beside it.
fn which(path: &str, bytes: &[u8]) {
    let files = files(&[(path, bytes), ("cinder/__init__.py", b"")]);
    match detect::which(&files, &CATALOGUE, None) {
        Ok(found) => assert_eq!(found.service(), "cinder"),
        Err(error) => drop(error.to_string()),
    }
}

pub(crate) fn setup_cfg(bytes: &[u8]) {
    which("setup.cfg", bytes);
}

pub(crate) fn pyproject(bytes: &[u8]) {
    which("pyproject.toml", bytes);
}

pub(crate) fn setup_py(bytes: &[u8]) {
    which("setup.py", bytes);
}

pub(crate) fn gitreview(bytes: &[u8]) {
    let review = GitReview::read(&files(&[(".gitreview", bytes)]));
    match review.and_then(|review| review.settings(&|_| None)) {
        Ok(settings) => drop(settings.url("jane")),
        Err(error) => drop(error.to_string()),
    }
}

/// Judges a repository that has one file more than a job that runs the task.
fn judge(path: &str, bytes: &[u8]) {
    let zuul = b"- job:\n    name: sample-rally\n    parent: rally-task-at-devstack\n    vars:\n      rally_task: rally-jobs/task.yaml\n- project:\n    check:\n      jobs: [sample-rally]\n";
    let files = files(&[(".zuul.yaml", zuul), (path, bytes)]);
    let report = check(&files, &FACTS).expect("a report");
    let text = LazyCell::new(|| lines(&String::from_utf8_lossy(bytes)));
    for finding in report.findings.iter().filter(|f| f.path == path) {
        assert!(finding.line <= *text, "{}:{}", finding.rule, finding.line);
    }
    assert!(files.kind(path).is_ok());
}

pub(crate) fn task(bytes: &[u8]) {
    judge("rally-jobs/task.yaml", bytes);
}

pub(crate) fn plugin(bytes: &[u8]) {
    judge("rally-jobs/plugins/sample.py", bytes);
}

pub(crate) fn message(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    drop((provenance(&text), last_provenance(&text), change_id(&text)));
    let signed = Trailer::signed_off_by("Jane", "jane@example.org");
    let with = add_trailers(&text, std::slice::from_ref(&signed));
    assert_eq!(trailers(&with).last(), Some(&signed), "{with:?}");
    let id = ChangeId::from_object_id(&"a1".repeat(20)).expect("an id");
    let trailer = ChangeIdTrailer::from_config(None, None);
    let with = insert_change_id(&text, &id, &trailer);
    let again = insert_change_id(&with, &id, &trailer);
    assert_eq!(with, again);
}

pub(crate) fn results(bytes: &[u8]) {
    if let Err(error) = parse("results.json", bytes, &Names::default()) {
        drop(error.to_string());
    }
}
