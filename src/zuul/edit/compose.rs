//! Which operations make the edit, and in which files.

use std::collections::HashSet;

use super::super::model::{Config, ConfigFile, ConfigNode, Devstack, Location, Root, shared};
use super::changes::{Edit, FileEdit, Note};
use super::entry;
use super::error::{Obstacle, Unsafe, ZuulError};
use super::fresh::Fresh;
use super::home::home;
use super::insert::Before;
use super::irrelevant::{self, Decided, Places};
use super::op::Op;
use super::place;
use super::prove;
use super::target::{self, Target};
use super::wanted::{PERIODIC, Voting, Wanted};
use crate::files::Files;
use crate::yaml::Node;

/// What is added, and to what.
struct Task<'a> {
    config: &'a Config,
    wanted: &'a Wanted<'a>,
    /// The jobs that run Rally already.
    kin: &'a HashSet<&'a str>,
    /// The file that gets the job.
    home: &'a ConfigFile,
    devstack: Devstack<'a>,
}

/// Where one pipeline's entry goes.
struct Slot<'a> {
    pipeline: &'static str,
    target: Target<'a>,
    /// The index in a list.
    index: usize,
    /// The file, and the byte where the entry's lines go in.
    file: &'a ConfigFile,
    at: usize,
    note: Option<Note>,
}

impl Slot<'_> {
    /// Returns the order of what goes in at one place: inner lists before what encloses them.
    fn depth(&self) -> u8 {
        match self.target {
            Target::List(_) => 0,
            Target::Pipeline(_) => 1,
            Target::Stanza(_) => 2,
            Target::OwnStanza(_) => 3,
        }
    }
}

/// Returns the edit: the job in its home, its name in the pipelines.
pub(super) fn edit(
    files: &dyn Files,
    root: &Root,
    mut config: Config,
    wanted: &Wanted<'_>,
    kin: &HashSet<&str>,
) -> Result<Edit, ZuulError> {
    let home = home(files, root, &mut config, wanted)?;
    let task = Task {
        config: &config,
        wanted,
        kin,
        home: &config.files[home],
        devstack: Devstack::of(&config),
    };
    task.edit(files, root)
}

/// Returns the edit that adds an entry to a pipeline that does not list the job.
pub(super) fn listing(
    root: &Root,
    config: Config,
    wanted: &Wanted<'_>,
    pipeline: &'static str,
    entry: Fresh,
) -> Result<FileEdit, ZuulError> {
    let defined = config.definitions(wanted.job).next();
    let home = defined.map_or(root.shape.path(), |job| job.file.path.as_str());
    let home = config.files.iter().find(|file| file.path == home);
    let home = home
        .or(config.files.first())
        .ok_or_else(|| ZuulError::Refused {
            location: Location::of_line(root.shape.path().to_owned(), 1),
            obstacle: Obstacle::NoFileName,
        })?;
    let task = Task {
        config: &config,
        wanted,
        kin: &HashSet::new(),
        home,
        devstack: Devstack::of(&config),
    };
    let slot = task.slot(pipeline, target::find(&config, wanted.project, pipeline)?)?;
    let op = operation(pipeline, slot.target, slot.index, entry);
    let file = slot.file;
    let text = prove::apply(file, &[op]).map_err(|why| by_hand(file, why))?;
    Ok(FileEdit {
        path: file.path.clone(),
        before: Some(file.text.clone().into_bytes()),
        after: text.into_bytes(),
        // Whoever asks for it says it.
        why: String::new(),
    })
}

impl<'a> Task<'a> {
    fn edit(&self, files: &dyn Files, root: &Root) -> Result<Edit, ZuulError> {
        let ignored = root.ignored.iter().cloned();
        let mut notes: Vec<Note> = ignored.map(|path| Note::Unread { path }).collect();
        let mut slots = Vec::new();
        for pipeline in self.wanted.pipelines() {
            let found = target::find(self.config, self.wanted.project, pipeline)?;
            slots.push(self.slot(pipeline, found)?);
        }
        notes.extend(slots.iter().filter_map(|slot| slot.note.clone()));
        let places = self.places(&slots);
        let decided = irrelevant::decide(
            files,
            self.config,
            self.wanted,
            &irrelevant::Jobs {
                kin: self.kin,
                devstack: &self.devstack,
            },
            &places,
        )?;
        notes.extend(decided.notes.iter().cloned());
        let job = entry::job(self.wanted, &decided.irrelevant)?;
        let mut edited = Vec::new();
        for file in &self.config.files {
            let ops = self.operations(file, &slots, &decided, &job)?;
            if ops.is_empty() {
                continue;
            }
            let text = prove::apply(file, &ops).map_err(|why| by_hand(file, why))?;
            edited.push(FileEdit {
                path: file.path.clone(),
                before: match root.bytes(&file.path) {
                    Some(read) => Some(read.to_vec()),
                    None => files.read(&file.path)?,
                },
                after: text.into_bytes(),
                why: self.why(file, &slots, &decided),
            });
        }
        Ok(Edit {
            files: edited,
            notes,
            job_text: Some(job.text),
        })
    }

    /// Returns the places that decide on irrelevant files: no matcher counts in `periodic`.
    fn places(&self, slots: &[Slot<'a>]) -> Places<'a> {
        let slots = slots.iter().filter(|slot| slot.pipeline != PERIODIC);
        let slots: Vec<&Slot<'a>> = slots.collect();
        let first = slots.iter().min_by_key(|slot| slot.at);
        let first = first.map(|slot| (slot.file, slot.at));
        let mut paths = vec![self.home.path.as_str()];
        paths.extend(slots.iter().map(|slot| slot.file.path.as_str()));
        let is_one = slots
            .iter()
            .all(|slot| Some(&slot.file.path) == first.map(|(file, _)| &file.path));
        Places {
            entries: first.filter(|_| is_one),
            paths,
        }
    }

    /// Returns the slot for a target; where lines cannot go in, for a stanza of its own.
    fn slot(&self, pipeline: &'static str, target: Target<'a>) -> Result<Slot<'a>, ZuulError> {
        let blocked = match target {
            Target::OwnStanza(blocked) => blocked.map(|by| (by.at.location(), by.why)),
            Target::List(at) | Target::Pipeline(at) | Target::Stanza(at) => {
                let name = Fresh::Text(pipeline.into());
                let index = self.index(target);
                match prove::place(at.file, &operation(pipeline, target, index, name)) {
                    Ok(byte) => {
                        return Ok(Slot {
                            pipeline,
                            target,
                            index,
                            file: at.file,
                            at: byte,
                            note: None,
                        });
                    }
                    Err(Unsafe { line, why }) => {
                        let path = at.file.path.clone();
                        Some((Location::of_line(path, line), why))
                    }
                }
            }
        };
        let own = Target::OwnStanza(None);
        let stanza = operation(pipeline, own, 0, Fresh::Text(pipeline.into()));
        let at = prove::place(self.home, &stanza).map_err(|why| by_hand(self.home, why))?;
        Ok(Slot {
            pipeline,
            target: own,
            index: 0,
            file: self.home,
            at,
            note: blocked.map(|(location, why)| Note::OwnStanza {
                pipeline,
                location,
                why,
            }),
        })
    }

    /// Returns the index of an entry in its list.
    fn index(&self, target: Target<'a>) -> usize {
        let Target::List(list) = target else { return 0 };
        let last = list.node.items().len();
        let place = place::in_list(list, self.wanted, self.kin);
        let shares = |index| self.shared_at(list, index).is_some();
        match !place.is_asked_for && !shares(place.index) && shares(last) {
            true => last,
            false => place.index,
        }
    }

    /// Returns the list of irrelevant files that an entry can use at an index.
    fn shared_at(&self, list: ConfigNode<'a>, index: usize) -> Option<Node<'a>> {
        let name = Fresh::Text(self.wanted.job.into());
        let op = operation("", Target::List(list), index, name);
        let at = prove::place(list.file, &op).ok()?;
        let paths = [self.home.path.as_str(), list.file.path.as_str()];
        shared(&self.devstack, list.file, at, self.wanted.relevant(&paths))
    }

    /// Returns the operations of one file: inner lists first, then the job, a stanza of its own last.
    fn operations<'o>(
        &self,
        file: &ConfigFile,
        slots: &[Slot<'_>],
        decided: &Decided<'_>,
        job: &'o ConfigFile,
    ) -> Result<Vec<Op<'o>>, ZuulError> {
        let mut ops: Vec<Op<'o>> = decided.operations(file);
        let mut stanza_follows = Before::Text;
        if file.path == self.home.path {
            let before = place::in_file(self.config, file, self.wanted, self.kin)?;
            if before.is_none() {
                stanza_follows = Before::NewItem;
            }
            ops.push(Op::Job { before, job });
        }
        let mut here: Vec<&Slot<'_>> = slots.iter().filter(|s| s.file.path == file.path).collect();
        here.sort_by_key(|slot| (slot.at, slot.depth()));
        let mut pipelines = Vec::new();
        for slot in here {
            let entry = entry::entry(self.wanted, slot.pipeline, &decided.irrelevant);
            match slot.target {
                Target::OwnStanza(_) => pipelines.push((slot.pipeline.to_owned(), entry)),
                target => ops.push(operation(slot.pipeline, target, slot.index, entry)),
            }
        }
        if !pipelines.is_empty() {
            let before = stanza_follows;
            ops.push(Op::Stanza { pipelines, before });
        }
        Ok(ops)
    }

    /// Returns what is added to a file, for people.
    fn why(&self, file: &ConfigFile, slots: &[Slot<'_>], decided: &Decided<'_>) -> String {
        let job = &self.wanted.job;
        let here = slots.iter().filter(|slot| slot.file.path == file.path);
        let pipelines: Vec<&str> = here.map(|slot| slot.pipeline).collect();
        let voting = match self.wanted.voting {
            Voting::Voting => "voting",
            Voting::NonVoting => "non-voting",
        };
        let list = enumeration(&pipelines);
        let mut said = Vec::new();
        match (file.path == self.home.path, pipelines.is_empty()) {
            (true, true) => said.push(format!("job `{job}`")),
            (true, false) => said.push(format!("job `{job}`, listed in {list}, {voting}")),
            (false, false) => said.push(format!("`{job}` listed in {list}, {voting}")),
            (false, true) => {}
        }
        if !decided.operations(file).is_empty() {
            said.push("rally-jobs irrelevant for other DevStack jobs".to_owned());
        }
        said.join("; ")
    }
}

fn operation(pipeline: &str, target: Target<'_>, index: usize, entry: Fresh) -> Op<'static> {
    match target {
        Target::List(list) => Op::Item {
            list: list.node.id,
            index,
            item: entry,
        },
        Target::Pipeline(pipeline) => Op::Jobs {
            pipeline: pipeline.node.id,
            entry,
        },
        Target::Stanza(stanza) => Op::Pipeline {
            stanza: stanza.node.id,
            name: pipeline.into(),
            entry,
        },
        Target::OwnStanza(_) => Op::Stanza {
            pipelines: vec![(pipeline.into(), entry)],
            before: Before::Text,
        },
    }
}

/// Returns `a, b and c`.
fn enumeration(names: &[&str]) -> String {
    match names {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => names.concat(),
    }
}

fn by_hand(file: &ConfigFile, why: Unsafe) -> ZuulError {
    ZuulError::Refused {
        location: Location::of_line(file.path.clone(), why.line),
        obstacle: Obstacle::Hindrance(why.why),
    }
}
