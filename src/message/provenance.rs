//! What made a commit: the trailers by which a later run knows what was ours.
//!
//! ```text
//! Git-Rally: 0.1.0 nova 4b825dc642cb6eb9a060e54bf8d69288fbee4904
//! Git-Rally-Options: --times 5 --trial
//! Git-Rally-Wrote: 01234567 89abcdef 23456789 456789ab job=01234567
//! Git-Rally-Wrote: edit=456789ab message=23456789
//! Git-Rally-Wrote: 23456789:plugins/nova_a.py gone=extra/a.yaml votes=no
//! ```
//!
//! A rebase makes another tree of the same files, and a person may amend one of them: what was
//! rendered is known by its digest, whatever became of the tree.

use std::collections::BTreeMap;

use super::BODY_WIDTH;
use super::trailer::{Trailer, trailers};

/// Digits of a digest. Nobody attacks it: a person who wants a file to be taken for ours can copy
/// ours.
const DIGITS: usize = 8;

/// What made a commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    pub version: String,
    pub service: String,
    /// The id of the tree as it was rendered, 40 hexadecimal digits.
    pub tree: String,
    /// The options of that run, as they are typed.
    pub options: Vec<String>,
    /// `None` of a version that did not write it down.
    pub wrote: Option<Wrote>,
}

/// Digests of what was rendered: ids of blobs, shortened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wrote {
    /// Of every file, those among them that people had edited and that were merged.
    pub files: Vec<String>,
    /// Of the Zuul job.
    pub job: Option<String>,
    /// Of all that the commit changes: the paths of these files, and the lines of others.
    pub edit: Option<String>,
    /// Of subject and body.
    pub message: Option<String>,
    /// Digest to the name below `rally-jobs` that a file was rendered for, where people have given
    /// it another.
    pub named: BTreeMap<String, String>,
    /// Names of files that people had deleted, so that they were left out.
    pub gone: Vec<String>,
    /// Names of people's own files that the documents know; `None` where they are those of the commit.
    pub others: Option<Vec<String>>,
    /// Whether the job was rendered as one that votes; `None` where the commit shows it.
    pub votes: Option<bool>,
    /// Whether the job of an update was rendered as one that runs in `periodic`; of a new job, the
    /// options say it.
    pub periodic: bool,
}

/// Returns the last provenance among the trailers of `text`.
pub fn provenance(text: &str) -> Option<Provenance> {
    let found = of(trailers(text));
    found.into_iter().next_back()
}

/// Returns the last provenance anywhere in `text`: whoever squashes commits often keeps their
/// messages, and the trailers of all but one are in the middle then, or behind an indent.
pub fn last_provenance(text: &str) -> Option<Provenance> {
    let mut found: Vec<Trailer> = Vec::new();
    // Whether the line before is one of ours, and its indent.
    let mut open = None;
    for line in text.lines() {
        let inner = line.trim_start_matches([' ', '\t', '>']);
        let indent = line.len() - inner.len();
        let pair = inner.split_once(": ");
        if let Some((key, value)) = pair.filter(|(key, _)| Provenance::has_key(key)) {
            found.push(Trailer::new(key, value));
            open = Some(indent);
            continue;
        }
        // A mail program may have folded it.
        let goes_on = open.is_some_and(|first| indent > first) && !inner.is_empty();
        match found.last_mut().filter(|_| goes_on) {
            Some(last) => last.value = format!("{} {}", last.value.trim_end(), inner),
            None => open = None,
        }
    }
    let mut all = of(found);
    let mut last = all.pop()?;
    // Of several runs in one, each may have rendered what is there, and the newest may be the first.
    for other in all {
        let files = other.wrote.map(|wrote| wrote.files).unwrap_or_default();
        if let Some(wrote) = last
            .wrote
            .as_mut()
            .filter(|_| other.service == last.service)
        {
            wrote.files.extend(files);
        }
    }
    Some(last)
}

/// Returns what each of the trailers, and those that go with it, say.
fn of(trailers: Vec<Trailer>) -> Vec<Provenance> {
    let mut found: Vec<Provenance> = Vec::new();
    for Trailer { key, value } in trailers {
        if key.eq_ignore_ascii_case(Provenance::KEY) {
            found.extend(Provenance::of_value(&value));
        }
        let Some(last) = found.last_mut() else {
            continue;
        };
        if key.eq_ignore_ascii_case(Provenance::OPTIONS) {
            last.options = value.split_ascii_whitespace().map(str::to_owned).collect();
        } else if key.eq_ignore_ascii_case(Provenance::WROTE) {
            last.wrote.get_or_insert_default().add(&value);
        }
    }
    found
}

impl Provenance {
    /// The key of the trailer that names version, service and tree.
    pub const KEY: &'static str = "Git-Rally";
    /// The key of the one with the options.
    pub const OPTIONS: &'static str = "Git-Rally-Options";
    /// The key of the one with the digests.
    pub const WROTE: &'static str = "Git-Rally-Wrote";

    /// Returns the trailers.
    pub fn trailers(&self) -> Vec<Trailer> {
        let value = format!("{} {} {}", self.version, self.service, self.tree);
        let mut trailers = vec![Trailer::new(Provenance::KEY, &value)];
        if !self.options.is_empty() {
            trailers.push(Trailer::new(Provenance::OPTIONS, &self.options.join(" ")));
        }
        let wrote = self.wrote.iter().flat_map(Wrote::lines);
        trailers.extend(wrote.map(|line| Trailer::new(Provenance::WROTE, &line)));
        trailers
    }

    /// Returns whether the key is that of one of its trailers.
    pub fn has_key(key: &str) -> bool {
        [Provenance::KEY, Provenance::OPTIONS, Provenance::WROTE]
            .iter()
            .any(|own| own.eq_ignore_ascii_case(key))
    }

    fn of_value(value: &str) -> Option<Provenance> {
        let words: Vec<&str> = value.split_ascii_whitespace().collect();
        let [version, service, tree] = words[..] else {
            return None;
        };
        let is_id = tree.len() == 40 && tree.bytes().all(|b| b.is_ascii_hexdigit());
        is_id.then(|| Provenance {
            version: version.to_owned(),
            service: service.to_owned(),
            tree: tree.to_owned(),
            ..Provenance::default()
        })
    }
}

/// Returns whether a digest, of this version or of one that took more digits, is that of the id.
fn is_of(digest: &str, id: &str) -> bool {
    digest.len() >= DIGITS && id.starts_with(digest)
}

impl Wrote {
    /// Returns the digest for the id of a blob.
    pub fn digest(id: &str) -> String {
        id.chars().take(DIGITS).collect()
    }

    /// Returns whether a file whose blob has the id was rendered so.
    pub fn has_file(&self, id: &str) -> bool {
        self.files.iter().any(|digest| is_of(digest, id))
    }

    /// Returns whether an item whose text has the id as a blob is the job as it was rendered.
    pub fn has_job(&self, id: &str) -> bool {
        self.job.as_ref().is_some_and(|digest| is_of(digest, id))
    }

    /// Returns the words in lines that are no longer than others of a message.
    fn lines(&self) -> Vec<String> {
        let named = [
            ("job", &self.job),
            ("edit", &self.edit),
            ("message", &self.message),
        ];
        let named = named.into_iter().filter_map(|(name, digest)| {
            let digest = digest.as_ref()?;
            Some(format!("{name}={digest}"))
        });
        let files = self
            .files
            .iter()
            .map(|digest| match self.named.get(digest) {
                Some(name) => format!("{digest}:{name}"),
                None => digest.clone(),
            });
        let gone = self.gone.iter().map(|name| format!("gone={name}"));
        let others = self
            .others
            .iter()
            .flat_map(|others| match others.is_empty() {
                true => vec!["others=".to_owned()],
                false => others.iter().map(|name| format!("others={name}")).collect(),
            });
        let votes = self.votes.map(|votes| match votes {
            true => "votes=yes".to_owned(),
            false => "votes=no".to_owned(),
        });
        let periodic = self.periodic.then(|| "periodic=yes".to_owned());
        let facts = gone.chain(others).chain(votes).chain(periodic);
        let width = BODY_WIDTH - Provenance::WROTE.len() - 2;
        let mut lines: Vec<String> = Vec::new();
        for word in files.chain(named).chain(facts) {
            match lines.last_mut() {
                Some(line) if line.len() + 1 + word.len() <= width => {
                    line.push(' ');
                    line.push_str(&word);
                }
                _ => lines.push(word),
            }
        }
        lines
    }

    /// Returns the name that the file whose blob has the id was rendered for, where it has another.
    pub fn name_of(&self, id: &str) -> Option<&str> {
        let mut named = self.named.iter();
        let (_, name) = named.find(|(digest, _)| is_of(digest, id))?;
        Some(name)
    }

    /// Returns whether each of the files is one of those with the ids.
    pub fn has_only(&self, ids: &[String]) -> bool {
        let mut files = self.files.iter();
        files.all(|digest| ids.iter().any(|id| is_of(digest, id)))
    }

    fn add_file(&mut self, word: &str) {
        let (digest, name) = match word.split_once(':') {
            Some((digest, name)) => (digest, Some(name)),
            None => (word, None),
        };
        self.files.push(digest.to_owned());
        if let Some(name) = name {
            self.named.insert(digest.to_owned(), name.to_owned());
        }
    }

    /// Adds the words of one line.
    fn add(&mut self, value: &str) {
        for word in value.split_ascii_whitespace() {
            match word.split_once('=') {
                None => self.add_file(word),
                Some(("job", digest)) => self.job = Some(digest.to_owned()),
                Some(("edit", digest)) => self.edit = Some(digest.to_owned()),
                Some(("message", digest)) => self.message = Some(digest.to_owned()),
                Some(("gone", name)) => self.gone.push(name.to_owned()),
                Some(("votes", votes)) => self.votes = Some(votes == "yes"),
                Some(("periodic", periodic)) => self.periodic = periodic == "yes",
                Some(("others", name)) => {
                    let others = self.others.get_or_insert_default();
                    others.extend((!name.is_empty()).then(|| name.to_owned()));
                }
                // of a later version
                Some(_) => {}
            }
        }
    }
}
