//! Which linters the repository uses, as its own configuration says.

use regex_lite::Regex;

use crate::files::Files;
use crate::yaml::{self, Node};

/// Which linters the repository uses.
#[derive(Debug, Default)]
pub(super) struct Linters {
    pub(super) check_yaml: Option<CheckYaml>,
    /// hacking's H102.
    pub(super) licence: bool,
    /// hacking's H104.
    pub(super) comments: bool,
    /// The columns that doc8 allows; `None` where nobody asks it.
    pub(super) columns: Option<usize>,
}

/// The hook `check-yaml`.
#[derive(Debug)]
pub(super) struct CheckYaml {
    files: Vec<Regex>,
    exclude: Vec<Regex>,
    /// `--unsafe`: it makes no values of the text.
    form_only: bool,
}

impl Linters {
    /// Returns the linters; a file that cannot be read says nothing.
    pub(super) fn read(files: &dyn Files) -> Linters {
        let sources = Sources::read(files);
        let hacking = sources.use_hacking();
        let doc8 = sources.use_doc8();
        Linters {
            check_yaml: check_yaml(&sources.hooks),
            licence: hacking && sources.is_apache && !sources.say("H102"),
            comments: hacking && !sources.say("H104"),
            columns: doc8.then(|| columns(&sources.settings)),
        }
    }
}

impl CheckYaml {
    /// Returns whether the hook reads the file.
    pub(super) fn reads(&self, path: &str) -> bool {
        self.files.iter().all(|files| files.is_match(path))
            && !self.exclude.iter().any(|exclude| exclude.is_match(path))
    }

    /// Returns whether the form of the text alone counts.
    pub(super) fn reads_form_only(&self) -> bool {
        self.form_only
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
        self.settings.iter().any(|text| text.contains(words))
    }

    fn use_hacking(&self) -> bool {
        let pins = ["hacking>", "hacking=", "hacking~", "hacking<", "hacking\n"];
        pins.iter()
            .any(|pin| self.requirements.contains(pin) || self.say(pin))
            || self.hooks.contains("id: hacking")
    }

    fn use_doc8(&self) -> bool {
        let mut commands = self.tox.lines().map(str::trim);
        let is_used = self.hooks.contains("id: doc8")
            || commands.any(|line| line.starts_with("doc8 ") || line == "doc8");
        is_used && !self.say("D001") && !self.hooks.contains("D001")
    }
}

/// Returns the hook; `None` where there is none, or one whose files cannot be told.
fn check_yaml(text: &str) -> Option<CheckYaml> {
    let document = yaml::parse(text).ok()?;
    let config = document.root()?;
    let mut hooks = (config.own("repos")?.items())
        .filter_map(|repo| repo.own("hooks"))
        .flat_map(Node::items);
    let hook = hooks.find(|hook| hook.own("id").and_then(Node::text) == Some("check-yaml"))?;
    let patterns = |key: &str| -> Option<Vec<Regex>> {
        let both = [config.own(key), hook.own(key)].into_iter().flatten();
        both.map(|value| Regex::new(value.text()?).ok()).collect()
    };
    let mut arguments = hook.own("args").into_iter().flat_map(Node::items);
    Some(CheckYaml {
        files: patterns("files")?,
        exclude: patterns("exclude")?,
        form_only: arguments.any(|argument| argument.text() == Some("--unsafe")),
    })
}

/// Returns doc8's `max-line-length`, 79 unless set.
fn columns(settings: &[String]) -> usize {
    let number = |text: &String| -> Option<usize> {
        let section = &text[text.find("doc8]")?..];
        let section = &section[..section.find("\n[").unwrap_or(section.len())];
        let line = section.lines().find(|line| {
            line.starts_with("max-line-length") || line.starts_with("max_line_length")
        })?;
        line.split('=').nth(1)?.trim().parse().ok()
    };
    settings.iter().find_map(number).unwrap_or(79)
}
