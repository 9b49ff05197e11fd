//! The plugins that the repository brings: `rally-jobs/plugins`, and the packages that its
//! `rally_plugins` entry points name, read as Rally loads them.
//!
//! `python` parses within bounds, `names` knows what a name stands for, `literal` what an
//! expression is worth, `signature` what `run()` takes; `module` makes of a file what it
//! registers, and `sources` says which files there are.

mod forms;
mod imports;
mod kind;
mod literal;
mod module;
mod names;
mod needs;
mod python;
mod signature;
mod sources;
mod syntax;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Finding;
use super::rules::NOT_JUDGED;
use crate::files::{Files, FilesError};
use crate::glob;
use crate::rally::Facts;
use crate::rally::plugins::{Found, Plugin, Plugins as Rally, among};
use imports::Imports;
pub(super) use kind::Kind;
use module::Content;
pub(super) use module::{Flaw, FlawKind};
use python::Source;
use sources::{Origin, SourceFile, Sources};

/// What the repository brings, and what of it cannot be told.
#[derive(Default)]
pub(super) struct Plugins {
    /// By kind and full name.
    own: BTreeMap<(Kind, String), Own>,
    /// What may be there, too.
    maybe: Vec<Maybe>,
    /// The texts of files that Rally does not load: what they would have had.
    lost: BTreeSet<String>,
    /// Whether the repository is one of Rally's own packages.
    is_rallys: bool,
    /// What keeps Rally from loading files: path and flaw.
    pub(super) flaws: Vec<(String, Flaw)>,
    /// Files with plugins that Rally never reads: path, line, why.
    pub(super) unread: Vec<(String, usize, String)>,
    /// What is not judged: path, line, why.
    pub(super) unsure: Vec<(String, usize, String)>,
}

/// A plugin of the repository.
struct Own {
    plugin: Plugin,
    path: String,
    line: usize,
}

/// A plugin that a file registers for certain.
#[derive(Debug)]
struct Registered {
    kind: Kind,
    line: usize,
    plugin: Plugin,
}

/// A plugin that a file may register.
#[derive(Debug)]
struct Maybe {
    /// `None` for any.
    kind: Option<Kind>,
    /// With `*` for what cannot be told.
    name: String,
    line: usize,
}

/// What a name in a task leads to.
pub(super) enum Known<'p> {
    One(&'p Plugin),
    /// Plugins of several platforms have it.
    Several,
    /// The repository may have it, or would have it if Rally loaded the file.
    Perhaps,
    None,
}

impl Plugins {
    pub(super) fn read(files: &dyn Files, facts: &Facts) -> Result<Plugins, FilesError> {
        let rally = &facts.plugins;
        let imports = Imports::of(files, &facts.modules)?;
        let sources = Sources::read(files)?;
        let mut plugins = Plugins {
            unsure: sources.unsure,
            is_rallys: imports.has_own(),
            ..Plugins::default()
        };
        for name in sources.hidden {
            plugins.maybe.push(Maybe {
                kind: None,
                name,
                line: 1,
            });
        }
        let cloud = clouds(rally);
        let is_cloud = |name: &str| cloud.get(name).copied().unwrap_or(true);
        let files = &sources.files;
        let read = python::with_stack(|| {
            let contents = files.iter().map(|file| content(file, &imports, &is_cloud));
            contents.collect::<Vec<_>>()
        });
        match read {
            Some(contents) => {
                for (file, content) in files.iter().zip(contents) {
                    plugins.add(file, content, rally);
                }
            }
            None => plugins.all_unsure("there is not enough memory to parse plugins"),
        }
        Ok(plugins)
    }

    /// Returns what Rally finds by the name.
    pub(super) fn find<'p>(&'p self, kind: Kind, name: &str, rally: &'p Rally) -> Known<'p> {
        // keys are full names, so those of one name are beside one another
        let bare = name.split('@').next().unwrap_or(name);
        let own = self.own.range((kind, bare.to_owned())..);
        let own = own.map_while(|((of, full), own)| {
            (*of == kind && full.starts_with(bare)).then_some(&own.plugin)
        });
        let of_rally = kind.table(rally).into_iter();
        let of_rally = of_rally.flat_map(|table| table.range(bare.to_owned()..));
        let of_rally = of_rally
            .take_while(|(full, _)| full.starts_with(bare))
            .filter(|(full, _)| !self.own.contains_key(&(kind, (*full).clone())))
            .map(|(_, plugin)| plugin);
        match among(own.chain(of_rally), name) {
            Found::One(plugin) => Known::One(plugin),
            Found::Several => Known::Several,
            Found::None if self.may_have(kind, name) => Known::Perhaps,
            Found::None => Known::None,
        }
    }

    /// Returns whether the repository's own scenario is what the name leads to.
    pub(super) fn replaces(&self, scenario: &str) -> bool {
        let mut own = self.own.range((Kind::Scenario, scenario.to_owned())..);
        own.by_ref()
            .take_while(|((kind, full), _)| *kind == Kind::Scenario && full.starts_with(scenario))
            .any(|(_, own)| own.plugin.name == scenario)
    }

    /// Returns the names of the repository's own plugins of the kind.
    pub(super) fn names(&self, kind: Kind) -> impl Iterator<Item = &str> {
        let own = self.own.iter().filter(move |((of, _), _)| *of == kind);
        own.map(|(_, own)| own.plugin.name.as_str())
    }

    /// Returns what is not judged.
    pub(super) fn not_judged(&self) -> impl Iterator<Item = Finding> {
        let unsure = self.unsure.iter();
        unsure.map(|(path, line, why)| NOT_JUDGED.noted(path, *line, why.clone()))
    }

    fn may_have(&self, kind: Kind, name: &str) -> bool {
        let bare = name.split('@').next().unwrap_or(name);
        let mut maybe = self.maybe.iter();
        let fits = |maybe: &Maybe| {
            maybe.kind.is_none_or(|of| of == kind) && glob::matches(&maybe.name, bare)
        };
        self.lost.contains(bare) || maybe.any(fits)
    }

    fn all_unsure(&mut self, why: &str) {
        let path = crate::rally::PLUGINS.to_owned();
        self.unsure.push((path, 1, why.to_owned()));
        self.hide("*", 1);
    }

    fn hide(&mut self, name: &str, line: usize) {
        self.maybe.push(Maybe {
            kind: None,
            name: name.to_owned(),
            line,
        });
    }

    fn add(&mut self, file: &SourceFile, read: Source<Content>, rally: &Rally) {
        let path = &file.path;
        let content = match read {
            Source::Module(content) => content,
            Source::Refused(syntax) => {
                let lines = Lines::of(&file.text);
                let flaw = Flaw {
                    kind: FlawKind::Syntax,
                    line: lines.line(syntax.offset),
                    what: format!("Python refuses it: {}", syntax.why),
                };
                return self.lose(file, vec![flaw]);
            }
            Source::Deep => {
                let why = "it is nested too deeply to be read here".to_owned();
                self.unsure.push((path.clone(), 1, why));
                return self.hide("*", 1);
            }
        };
        if file.origin == Origin::Nowhere {
            return self.never_read(file, &content);
        }
        let mut flaws = content.flaws;
        if file.origin == Origin::Package && self.is_rallys {
            // of which Rally it is part says the repository, not the release
            flaws.clear();
        }
        for registered in content.registered {
            let flaw = self.register(file, registered, rally);
            flaws.extend(flaw);
        }
        for maybe in content.maybe {
            if file.origin == Origin::Folder {
                let why = match maybe.name.as_str() {
                    "*" => "the name of the plugin cannot be told".to_owned(),
                    name => format!("whether there is a plugin `{name}` cannot be told"),
                };
                self.unsure.push((path.clone(), maybe.line, why));
            }
            self.maybe.push(maybe);
        }
        if file.origin == Origin::Folder {
            let unsure = content.unsure.into_iter();
            let unsure = unsure.map(|(line, why)| (path.clone(), line, why));
            self.unsure.extend(unsure);
        }
        match flaws.iter().all(|flaw| flaw.kind == FlawKind::Idle) {
            true => self
                .flaws
                .extend(flaws.into_iter().map(|flaw| (path.clone(), flaw))),
            false => self.lose(file, flaws),
        }
    }

    /// Rally skips the file, so what it names is not there; who has its names needs no second
    /// finding.
    fn lose(&mut self, file: &SourceFile, flaws: Vec<Flaw>) {
        if file.origin == Origin::Nowhere {
            return;
        }
        let texts = python::strings(&file.text);
        self.lost.extend(texts.map(str::to_owned));
        let flaws = flaws.into_iter().map(|flaw| (file.path.clone(), flaw));
        self.flaws.extend(flaws);
    }

    fn never_read(&mut self, file: &SourceFile, content: &Content) {
        let of_registered = content.registered.first().map(|first| first.line);
        let Some(line) = of_registered else {
            return;
        };
        let why = file.why_unread.unwrap_or_default().to_owned();
        self.unread.push((file.path.clone(), line, why));
    }

    /// Adds a plugin; returns the flaw that Rally has it already.
    fn register(
        &mut self,
        file: &SourceFile,
        registered: Registered,
        rally: &Rally,
    ) -> Option<Flaw> {
        let Registered {
            kind,
            line,
            mut plugin,
        } = registered;
        let is_packaged_runner = file.origin == Origin::Package && kind == Kind::Runner;
        if is_packaged_runner && wants_type(plugin.schema.as_ref()) {
            plugin.schema = None;
        }
        let full = format!("{}@{}", plugin.name, plugin.platform);
        let is_rallys = kind
            .table(rally)
            .is_some_and(|table| table.contains_key(&full));
        let there = self.own.get(&(kind, full.clone()));
        let place = there.map(|own| format!("`{}`, line {}", own.path, own.line));
        let place = match (place, file.origin) {
            (_, Origin::Package) => None,
            (Some(place), _) => Some(place),
            (None, _) => is_rallys.then(|| "Rally itself".to_owned()),
        };
        if let Some(place) = place {
            let what = format!("{place} has the {} `{full}` already", kind.words());
            return Some(Flaw {
                kind: FlawKind::Twice,
                line,
                what,
            });
        }
        let own = Own {
            plugin,
            path: file.path.clone(),
            line,
        };
        self.own.insert((kind, full), own);
        None
    }
}

/// Returns whether a runner's schema asks for its `type`: a package with one belongs to a Rally that
/// hands it over, as Rally itself did until 2018, and not to the one whose form is known here.
fn wants_type(schema: Option<&Value>) -> bool {
    let required = schema.and_then(|schema| schema.get("required")?.as_array());
    required.is_some_and(|keys| keys.iter().any(|key| key == "type"))
}

fn content(
    file: &SourceFile,
    imports: &Imports<'_>,
    is_cloud: &dyn Fn(&str) -> bool,
) -> Source<Content> {
    let lines = Lines::of(&file.text);
    python::parse(&file.text, |tree| {
        module::read(tree, &lines, file.package.as_deref(), imports, is_cloud)
    })
}

/// Returns whether each validator that Rally's own plugins have needs a cloud.
fn clouds(rally: &Rally) -> BTreeMap<&str, bool> {
    let tables = [
        &rally.scenarios,
        &rally.contexts,
        &rally.runners,
        &rally.sla,
    ];
    let plugins = tables.into_iter().flat_map(|table| table.values());
    let validators = plugins.flat_map(|plugin| &plugin.validators);
    validators
        .map(|validator| (validator.name.as_str(), validator.cloud))
        .collect()
}

/// The lines of a text.
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Lines<'t> {
        let starts = text.match_indices('\n').map(|(at, _)| at + 1);
        Lines {
            text,
            starts: starts.collect(),
        }
    }

    /// Returns the line, from 1, of an offset in bytes.
    fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset) + 1
    }
}
