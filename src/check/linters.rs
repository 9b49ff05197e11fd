//! Which linters the repository uses, and on which files, as its own configuration says.

use regex_lite::Regex;

use crate::files::Files;
use crate::glob;
use crate::yaml::{self, Node};

/// Which linters the repository uses. What cannot be told counts as not used.
#[derive(Debug, Default)]
pub(super) struct Linters {
    pub(super) check_yaml: Option<Hook>,
    executables: Option<Hook>,
    /// hacking's H102, and which files flake8 reads.
    licence: Option<Reads>,
    /// hacking's H104.
    comments: Option<Reads>,
    doc8: Option<Reads>,
    columns: usize,
}

/// A hook of `.pre-commit-config.yaml`.
#[derive(Clone, Debug)]
pub(super) struct Hook {
    files: Vec<Regex>,
    exclude: Vec<Regex>,
    arguments: Vec<String>,
}

/// Which files a linter reads.
#[derive(Clone, Debug, Default)]
struct Reads {
    hook: Option<Hook>,
    /// The paths that `tox.ini` gives it; empty text for the whole repository.
    paths: Vec<String>,
    /// The patterns of its own settings that leave files out.
    exclude: Vec<String>,
}

impl Linters {
    /// Returns the linters; a file that cannot be read says nothing.
    pub(super) fn read(files: &dyn Files) -> Linters {
        let sources = Sources::read(files);
        let hacking = sources.hacking();
        let rule = |name: &str| hacking.clone().filter(|_| !sources.say(name));
        Linters {
            check_yaml: sources.hook("check-yaml"),
            executables: sources.hook("check-executables-have-shebangs"),
            licence: rule("H102").filter(|_| sources.is_apache),
            comments: rule("H104"),
            doc8: sources.doc8(),
            columns: sources.columns(),
        }
    }

    /// Returns whether hacking asks the file for the Apache licence.
    pub(super) fn want_licence(&self, path: &str) -> bool {
        self.licence.as_ref().is_some_and(|reads| reads.read(path))
    }

    /// Returns whether hacking refuses the file where it has nothing but comments.
    pub(super) fn refuse_comments(&self, path: &str) -> bool {
        self.comments.as_ref().is_some_and(|reads| reads.read(path))
    }

    /// Returns whether a hook asks an executable file for `#!`.
    pub(super) fn want_shebang(&self, path: &str) -> bool {
        self.executables
            .as_ref()
            .is_some_and(|hook| hook.reads(path))
    }

    /// Returns the columns that doc8 allows; `None` where nobody asks it about the file.
    pub(super) fn columns(&self, path: &str) -> Option<usize> {
        let reads = self.doc8.as_ref().is_some_and(|reads| reads.read(path));
        reads.then_some(self.columns)
    }
}

impl Hook {
    /// Returns whether the hook reads the file.
    pub(super) fn reads(&self, path: &str) -> bool {
        self.files.iter().all(|files| files.is_match(path))
            && !self.exclude.iter().any(|exclude| exclude.is_match(path))
    }

    /// Returns whether `check-yaml` makes no values of the text: the form alone counts.
    pub(super) fn reads_form_only(&self) -> bool {
        self.arguments.iter().any(|argument| argument == "--unsafe")
    }
}

impl Reads {
    fn read(&self, path: &str) -> bool {
        let is_below = |folder: &String| {
            let rest = path.strip_prefix(folder.as_str());
            folder.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let by_hook = self.hook.as_ref().is_some_and(|hook| hook.reads(path));
        (by_hook || self.paths.iter().any(is_below)) && !self.is_excluded(path)
    }

    /// A pattern matches a name on the way, or the path so far (flake8's `exclude`, doc8's
    /// `ignore-path`).
    fn is_excluded(&self, path: &str) -> bool {
        let ends = path.match_indices('/').map(|(at, _)| at);
        ends.chain([path.len()]).any(|end| {
            let so_far = &path[..end];
            let name = so_far.rsplit('/').next().unwrap_or_default();
            self.exclude.iter().any(|pattern| {
                let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
                // what is no plain `*` pattern may mean anything
                pattern.contains(['?', '['])
                    || glob::matches(pattern, name)
                    || glob::matches(pattern, so_far)
            })
        })
    }
}

/// The texts that say which linters are used, without lines of comments.
struct Sources {
    hooks: String,
    tox: String,
    requirements: String,
    /// Where a linter's own settings can be, `tox.ini` among them.
    settings: Vec<String>,
    is_apache: bool,
}

impl Sources {
    fn read(files: &dyn Files) -> Sources {
        let text = |path: &str| {
            let bytes = files.read(path).ok().flatten().unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes);
            let is_comment = |line: &&str| line.trim_start().starts_with('#');
            let lines = text.lines().filter(|line| !is_comment(line));
            lines.flat_map(|line| [line, "\n"]).collect::<String>()
        };
        let tox = text("tox.ini");
        let others = ["setup.cfg", ".flake8", "doc8.ini", "pyproject.toml"];
        Sources {
            hooks: text(".pre-commit-config.yaml"),
            requirements: text("test-requirements.txt"),
            settings: [tox.clone()].into_iter().chain(others.map(text)).collect(),
            tox,
            is_apache: text("LICENSE").contains("Apache License"),
        }
    }

    /// Returns whether any of the settings has the words.
    fn say(&self, words: &str) -> bool {
        self.settings.iter().any(|text| text.contains(words)) || self.hooks.contains(words)
    }

    /// Returns the files that flake8 reads with hacking; `None` where hacking is not used.
    fn hacking(&self) -> Option<Reads> {
        let pins = ["hacking>", "hacking=", "hacking~", "hacking<", "hacking\n"];
        let is_used = pins
            .iter()
            .any(|pin| self.requirements.contains(pin) || self.say(pin));
        let hook = self.hook("hacking").or_else(|| self.hook("flake8"));
        let reads = Reads {
            hook,
            paths: self.paths("flake8"),
            exclude: [
                self.list("flake8", "exclude"),
                self.list("flake8", "extend-exclude"),
            ]
            .concat(),
        };
        (is_used || self.hooks.contains("id: hacking")).then_some(reads)
    }

    fn doc8(&self) -> Option<Reads> {
        let reads = Reads {
            hook: self.hook("doc8"),
            paths: self.paths("doc8"),
            exclude: self.list("doc8", "ignore-path"),
        };
        (!self.say("D001")).then_some(reads)
    }

    /// Returns doc8's `max-line-length`, 79 unless set.
    fn columns(&self) -> usize {
        let given = self.list("doc8", "max-line-length");
        given
            .first()
            .and_then(|text| text.parse().ok())
            .unwrap_or(79)
    }

    /// Returns the hook; `None` where there is none, or one whose files cannot be told.
    fn hook(&self, id: &str) -> Option<Hook> {
        let document = yaml::parse(&self.hooks).ok()?;
        let config = document.root()?;
        let mut hooks = (config.own("repos")?.items())
            .filter_map(|repo| repo.own("hooks"))
            .flat_map(Node::items);
        let hook = hooks.find(|hook| hook.own("id").and_then(Node::text) == Some(id))?;
        let patterns = |key: &str| -> Option<Vec<Regex>> {
            let both = [config.own(key), hook.own(key)].into_iter().flatten();
            both.map(|value| Regex::new(value.text()?).ok()).collect()
        };
        let arguments = hook.own("args").into_iter().flat_map(Node::items);
        Some(Hook {
            files: patterns("files")?,
            exclude: patterns("exclude")?,
            arguments: arguments
                .filter_map(|argument| argument.text().map(str::to_owned))
                .collect(),
        })
    }

    /// Returns the paths that the commands of `tox.ini` give a linter. A command that chooses its
    /// files by another way than paths reads none of ours for certain.
    fn paths(&self, linter: &str) -> Vec<String> {
        let text = self.tox.replace("\\\n", " ");
        let commands = text.lines().map(|line| {
            let line = line.trim();
            let line = line.strip_prefix("commands").map_or(line, |rest| {
                rest.trim_start().trim_start_matches('=').trim_start()
            });
            line.trim_start_matches("- ")
        });
        let of_linter = commands.filter_map(|line| {
            let arguments = line.strip_prefix(linter)?;
            let is_whole = arguments.is_empty() || arguments.starts_with(' ');
            is_whole.then(|| paths_of(arguments))
        });
        of_linter.flatten().collect()
    }

    /// Returns the words of a setting, whichever file has it.
    fn list(&self, section: &str, key: &str) -> Vec<String> {
        let found = self
            .settings
            .iter()
            .find_map(|text| setting(text, section, key));
        let words = found.unwrap_or_default();
        let words = words.split(|c: char| c == ',' || c.is_whitespace());
        words
            .map(|word| word.trim_matches(['"', '\'']).to_owned())
            .filter(|word| !word.is_empty())
            .collect()
    }
}

/// Returns the paths of a command; an empty one, which is the whole repository, where it has none.
fn paths_of(arguments: &str) -> Vec<String> {
    let chooses = [
        "-e ",
        "--extension",
        "--filename",
        "--diff",
        "--exclude",
        "--ignore-path",
    ];
    if chooses.iter().any(|option| arguments.contains(option)) {
        return Vec::new();
    }
    let given = arguments
        .replace("{posargs:", " ")
        .replace("{posargs}", " ");
    let words = given.split([' ', '}']).filter(|word| !word.is_empty());
    let mut paths: Vec<String> = words
        .filter(|word| !word.starts_with('-'))
        .map(|word| word.trim_start_matches("./").trim_end_matches('/'))
        .map(|word| word.trim_matches('.').to_owned())
        .collect();
    if paths.is_empty() {
        paths.push(String::new());
    }
    paths
}

/// Returns a value, with the deeper lines that continue it: `key = value` below `[section]`.
fn setting(text: &str, section: &str, key: &str) -> Option<String> {
    let mut is_within = false;
    let mut found: Option<String> = None;
    for line in text.lines() {
        let is_deeper = line.starts_with([' ', '\t']);
        match &mut found {
            Some(value) if is_deeper => {
                value.push(' ');
                value.push_str(line.trim());
                continue;
            }
            Some(_) => return found,
            None => {}
        }
        if let Some(name) = line.strip_prefix('[') {
            let name = name.split(']').next().unwrap_or_default();
            is_within = name.rsplit('.').next() == Some(section);
        } else if is_within && let Some((name, value)) = line.split_once('=') {
            let is_it = name.trim().replace('_', "-") == key;
            found = is_it.then(|| value.trim().trim_matches(['[', ']']).to_owned());
        }
    }
    found
}
