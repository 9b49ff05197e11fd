//! Which operations make the edit, and in which files.

use super::super::model::{Config, ConfigFile, Location, Root, Shape};
use super::changes::{Edit, FileEdit, Note};
use super::entry;
use super::error::{Obstacle, Unsafe, ZuulError};
use super::fresh::Fresh;
use super::insert::Before;
use super::op::Op;
use super::prove;
use super::target::{self, Target};
use super::wanted::{Voting, Wanted};
use crate::files::Files;

/// What is added, and to what.
struct Task<'a> {
    config: &'a Config,
    wanted: &'a Wanted<'a>,
    /// The job as a file of its own.
    job: &'a ConfigFile,
    /// The file that gets the job.
    home: &'a ConfigFile,
}

/// Where one pipeline's entry goes.
struct Slot<'a> {
    pipeline: &'static str,
    target: Target<'a>,
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
    job: &ConfigFile,
) -> Result<Edit, ZuulError> {
    let home = home(files, root, &mut config, wanted)?;
    let task = Task {
        config: &config,
        wanted,
        job,
        home: &config.files[home],
    };
    let ignored = root.ignored.iter().cloned();
    let mut notes: Vec<Note> = ignored.map(|path| Note::Unread { path }).collect();
    let mut slots = Vec::new();
    for pipeline in wanted.voting.pipelines() {
        let found = target::find(&config, wanted.project, pipeline)?;
        slots.push(task.slot(pipeline, found)?);
    }
    notes.extend(slots.iter().filter_map(|slot| slot.note.clone()));
    let mut edited = Vec::new();
    for file in &config.files {
        let (ops, note) = task.operations(file, &slots)?;
        notes.extend(note);
        if ops.is_empty() {
            continue;
        }
        let text = prove::apply(file, &ops).map_err(|why| by_hand(file, why))?;
        edited.push(FileEdit {
            path: file.path.clone(),
            before: files.read(&file.path)?,
            after: text.into_bytes(),
            why: task.why(file, &slots),
        });
    }
    let files = edited;
    Ok(Edit { files, notes })
}

/// Returns the file that gets the job; a new one joins the configuration without content.
fn home(
    files: &dyn Files,
    root: &Root,
    config: &mut Config,
    wanted: &Wanted<'_>,
) -> Result<usize, ZuulError> {
    let dir = match &root.shape {
        Shape::File(path) => return Ok(open(config, path, "")),
        Shape::Directory(dir) => dir,
    };
    let start = document_start(config);
    let names = ["rally".to_owned(), wanted.job.to_owned()];
    for path in names.map(|name| format!("{dir}/{name}.yaml")) {
        if root.left_out.has(&path) {
            continue;
        }
        let known = config.files.iter().find(|file| file.path == path);
        if known.is_some_and(ConfigFile::takes_items) || files.kind(&path)?.is_none() {
            return Ok(open(config, &path, start));
        }
    }
    Err(ZuulError::Refused {
        location: Location {
            path: format!("{dir}/rally.yaml"),
            line: 1,
        },
        obstacle: Obstacle::NoFileName,
    })
}

fn open(config: &mut Config, path: &str, start: &str) -> usize {
    let known = config.files.iter().position(|file| file.path == path);
    known.unwrap_or_else(|| {
        config.files.push(ConfigFile::without_content(path, start));
        config.files.len() - 1
    })
}

/// Returns `---` if most files of the directory start with it.
fn document_start(config: &Config) -> &'static str {
    let marked = config.files.iter().filter(|file| {
        let mut lines = file.text.lines();
        let first = lines.find(|line| !line.trim().is_empty() && !line.starts_with('#'));
        first.is_some_and(|line| line.trim_end() == "---")
    });
    if 2 * marked.count() > config.files.len() {
        "---\n"
    } else {
        ""
    }
}

impl<'a> Task<'a> {
    /// Returns the slot for a target; where lines cannot go in, for a stanza of its own.
    fn slot(&self, pipeline: &'static str, target: Target<'a>) -> Result<Slot<'a>, ZuulError> {
        let blocked = match target {
            Target::OwnStanza(blocked) => blocked.map(|by| (by.at.location(), by.why)),
            Target::List(at) | Target::Pipeline(at) | Target::Stanza(at) => {
                let name = Fresh::Text(pipeline.into());
                match prove::place(at.file, &operation(pipeline, target, name)) {
                    Ok(byte) => {
                        return Ok(Slot {
                            pipeline,
                            target,
                            file: at.file,
                            at: byte,
                            note: None,
                        });
                    }
                    Err(Unsafe { line, why }) => {
                        let path = at.file.path.clone();
                        Some((Location { path, line }, why))
                    }
                }
            }
        };
        let own = Target::OwnStanza(None);
        let stanza = operation(pipeline, own, Fresh::Text(pipeline.into()));
        let at = prove::place(self.home, &stanza).map_err(|why| by_hand(self.home, why))?;
        Ok(Slot {
            pipeline,
            target: own,
            file: self.home,
            at,
            note: blocked.map(|(location, why)| Note::OwnStanza {
                pipeline,
                location,
                why,
            }),
        })
    }

    /// Returns the operations of one file: the job first, the stanza of its own last.
    fn operations(
        &self,
        file: &ConfigFile,
        slots: &[Slot<'_>],
    ) -> Result<(Vec<Op<'a>>, Option<Note>), ZuulError> {
        let mut ops = Vec::new();
        let mut before = Before::Text;
        if file.path == self.home.path {
            let project = target::own_stanzas(self.config, self.wanted.project)?;
            let mut project = project
                .iter()
                .filter(|item| item.body.file.path == file.path);
            let first = project.next().map(|item| item.index);
            if first.is_none() {
                before = Before::NewItem;
            }
            ops.push(Op::AddJob {
                before: first,
                job: self.job,
            });
        }
        let mut here: Vec<&Slot<'_>> = slots.iter().filter(|s| s.file.path == file.path).collect();
        here.sort_by_key(|slot| (slot.at, slot.depth()));
        let Some(first) = here.first() else {
            return Ok((ops, None));
        };
        let entries = entry::entries(self.config, file, first.at, here.len(), self.wanted);
        let mut pipelines = Vec::new();
        for (slot, entry) in here.into_iter().zip(entries.entries) {
            match slot.target {
                Target::OwnStanza(_) => pipelines.push((slot.pipeline.to_owned(), entry)),
                target => ops.push(operation(slot.pipeline, target, entry)),
            }
        }
        if !pipelines.is_empty() {
            ops.push(Op::AddStanza { pipelines, before });
        }
        Ok((ops, entries.note))
    }

    /// Returns what is added to a file, for people.
    fn why(&self, file: &ConfigFile, slots: &[Slot<'_>]) -> String {
        let job = &self.wanted.job;
        let here = slots.iter().filter(|slot| slot.file.path == file.path);
        let pipelines: Vec<&str> = here.map(|slot| slot.pipeline).collect();
        let voting = match self.wanted.voting {
            Voting::Voting => "voting",
            Voting::NonVoting => "non-voting",
        };
        let list = pipelines.join(" and ");
        match (file.path == self.home.path, pipelines.is_empty()) {
            (true, true) => format!("job `{job}`"),
            (true, false) => format!("job `{job}`, listed in {list}, {voting}"),
            (false, _) => format!("`{job}` listed in {list}, {voting}"),
        }
    }
}

fn operation(pipeline: &str, target: Target<'_>, entry: Fresh) -> Op<'static> {
    match target {
        Target::List(list) => Op::AppendToPipeline {
            list: list.node.id,
            entry,
        },
        Target::Pipeline(pipeline) => Op::AddJobs {
            pipeline: pipeline.node.id,
            entry,
        },
        Target::Stanza(stanza) => Op::AddPipeline {
            stanza: stanza.node.id,
            name: pipeline.into(),
            entry,
        },
        Target::OwnStanza(_) => Op::AddStanza {
            pipelines: vec![(pipeline.into(), entry)],
            before: Before::Text,
        },
    }
}

fn by_hand(file: &ConfigFile, why: Unsafe) -> ZuulError {
    ZuulError::Refused {
        location: Location {
            path: file.path.clone(),
            line: why.line,
        },
        obstacle: Obstacle::Hindrance(why.why),
    }
}
