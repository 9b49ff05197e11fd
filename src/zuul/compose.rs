//! Which operations make the edit, and in which files.

use super::config::{Config, Source, refused};
use super::edit::{self, Op, Unsafe};
use super::fresh::Fresh;
use super::root::{Root, Shape};
use super::target::{self, Target};
use super::{Edit, FileEdit, Voting, Wanted, ZuulError, entry};
use crate::files::Files;

/// Where one pipeline's entry goes.
struct Slot<'a> {
    pipeline: &'static str,
    target: Target<'a>,
    /// The file, and the byte where the entry's lines go in.
    source: &'a Source,
    at: usize,
}

impl Slot<'_> {
    /// Returns the order of what goes in at one place: inner lists before what encloses them.
    fn depth(&self) -> u8 {
        match self.target {
            Target::List(..) => 0,
            Target::Pipeline(..) => 1,
            Target::Stanza(..) => 2,
            Target::Apart(_) => 3,
        }
    }
}

/// Returns the edit: the job in its home, its name in the pipelines.
pub(super) fn edit(
    files: &dyn Files,
    root: &Root,
    mut config: Config,
    wanted: &Wanted<'_>,
) -> Result<Edit, ZuulError> {
    let home = home(files, root, &mut config, wanted)?;
    let home = &config.sources[home];
    let mut notes = Vec::new();
    for path in &root.ignored {
        notes.push(format!(
            "Zuul does not read `{path}`: another root comes first"
        ));
    }
    let slots = slots(&config, home, wanted, &mut notes)?;
    let mut edit = Edit {
        files: Vec::new(),
        notes,
    };
    for source in &config.sources {
        let ops = operations(&config, source, home, &slots, wanted, &mut edit.notes)?;
        if ops.is_empty() {
            continue;
        }
        let text = edit::apply(source, &ops).map_err(|why| by_hand(source, &why))?;
        edit.files.push(FileEdit {
            path: source.path.clone(),
            before: files.read(&source.path)?,
            after: text.into_bytes(),
            why: why(source, home, &slots, wanted),
        });
    }
    Ok(edit)
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
        if root.left_out.iter().any(|l| path.starts_with(l.as_str())) {
            continue;
        }
        let known = config.sources.iter().find(|s| s.path == path);
        if known.is_some_and(Source::takes_items) || files.kind(&path)?.is_none() {
            return Ok(open(config, &path, start));
        }
    }
    Err(refused(
        &format!("{dir}/rally.yaml"),
        1,
        "no file name is left for the job",
        "choose another name with `--job NAME`",
    ))
}

fn open(config: &mut Config, path: &str, start: &str) -> usize {
    let known = config.sources.iter().position(|s| s.path == path);
    known.unwrap_or_else(|| {
        config.sources.push(Source::without_content(path, start));
        config.sources.len() - 1
    })
}

/// Returns `---` if most files of the directory start with it.
fn document_start(config: &Config) -> &'static str {
    let marked = config.sources.iter().filter(|source| {
        let mut lines = source.text.lines();
        let first = lines.find(|line| !line.trim().is_empty() && !line.starts_with('#'));
        first.is_some_and(|line| line.trim_end() == "---")
    });
    if 2 * marked.count() > config.sources.len() {
        "---\n"
    } else {
        ""
    }
}

fn slots<'a>(
    config: &'a Config,
    home: &'a Source,
    wanted: &Wanted<'_>,
    notes: &mut Vec<String>,
) -> Result<Vec<Slot<'a>>, ZuulError> {
    let pipelines: &[&'static str] = match wanted.voting {
        Voting::Gate => &["check", "gate"],
        Voting::Trial => &["check"],
    };
    let mut slots = Vec::new();
    for pipeline in pipelines {
        let found = target::find(config, wanted.project, pipeline)?;
        slots.push(slot(pipeline, found, home, notes)?);
    }
    Ok(slots)
}

/// Returns the slot for a target; where lines cannot go in, for a stanza of its own.
fn slot<'a>(
    pipeline: &'static str,
    target: Target<'a>,
    home: &'a Source,
    notes: &mut Vec<String>,
) -> Result<Slot<'a>, ZuulError> {
    let why = match target {
        Target::Apart(None) => None,
        Target::Apart(Some((at, why))) => Some((at.source, at.line(), why)),
        Target::List(source, _) | Target::Pipeline(source, _) | Target::Stanza(source, _) => {
            let name = Fresh::Text(pipeline.into());
            match edit::place(source, &operation(pipeline, target, name)) {
                Ok(at) => {
                    return Ok(Slot {
                        pipeline,
                        target,
                        source,
                        at,
                    });
                }
                Err(Unsafe { line, reason }) => Some((source, line, reason)),
            }
        }
    };
    if let Some((source, line, why)) = why {
        notes.push(format!(
            "the job is listed for {pipeline} in a project stanza of its own, which Zuul merges \
             with the other: `{}`, line {line}: {why}",
            source.path
        ));
    }
    let stanza = Op::AddStanza {
        pipelines: vec![(pipeline.into(), Fresh::Text(pipeline.into()))],
        behind_job: false,
    };
    Ok(Slot {
        pipeline,
        target: Target::Apart(None),
        source: home,
        at: edit::place(home, &stanza).map_err(|why| by_hand(home, &why))?,
    })
}

fn operation(pipeline: &str, target: Target<'_>, entry: Fresh) -> Op<'static> {
    match target {
        Target::List(_, list) => Op::AppendToPipeline { list, entry },
        Target::Pipeline(_, pipeline) => Op::AddJobs { pipeline, entry },
        Target::Stanza(_, stanza) => Op::AddPipeline {
            stanza,
            name: pipeline.into(),
            entry,
        },
        Target::Apart(_) => Op::AddStanza {
            pipelines: vec![(pipeline.into(), entry)],
            behind_job: false,
        },
    }
}

/// Returns the operations of one file: the job first, the stanza of its own last.
fn operations<'a>(
    config: &Config,
    source: &Source,
    home: &Source,
    slots: &[Slot<'_>],
    wanted: &Wanted<'a>,
    notes: &mut Vec<String>,
) -> Result<Vec<Op<'a>>, ZuulError> {
    let mut ops = Vec::new();
    if source.path == home.path {
        let project = target::own_stanzas(config, wanted.project)?.into_iter();
        let first = project.filter(|item| item.body.source.path == source.path);
        ops.push(Op::AddJob {
            before: first.map(|item| item.index).next(),
            text: wanted.job_text,
        });
    }
    let mut here: Vec<&Slot<'_>> = slots
        .iter()
        .filter(|s| s.source.path == source.path)
        .collect();
    here.sort_by_key(|slot| (slot.at, slot.depth()));
    let Some(first) = here.first() else {
        return Ok(ops);
    };
    let entries = entry::entries(config, source, (first.at, here.len()), wanted, notes);
    let mut apart = Vec::new();
    for (slot, entry) in here.into_iter().zip(entries) {
        match slot.target {
            Target::Apart(_) => apart.push((slot.pipeline.to_owned(), entry)),
            target => ops.push(operation(slot.pipeline, target, entry)),
        }
    }
    if !apart.is_empty() {
        let behind_job = matches!(ops.first(), Some(Op::AddJob { before: None, .. }));
        ops.push(Op::AddStanza {
            pipelines: apart,
            behind_job,
        });
    }
    Ok(ops)
}

fn why(source: &Source, home: &Source, slots: &[Slot<'_>], wanted: &Wanted<'_>) -> String {
    let mut said = Vec::new();
    if source.path == home.path {
        said.push(format!("job `{}`", wanted.job));
    }
    let here = slots.iter().filter(|slot| slot.source.path == source.path);
    let pipelines: Vec<&str> = here.map(|slot| slot.pipeline).collect();
    if !pipelines.is_empty() {
        let voting = match wanted.voting {
            Voting::Gate => "voting",
            Voting::Trial => "non-voting",
        };
        let list = pipelines.join(" and ");
        said.push(match said.len() {
            0 => format!("`{}` listed in {list}, {voting}", wanted.job),
            _ => format!("listed in {list}, {voting}"),
        });
    }
    said.join(", ")
}

fn by_hand(source: &Source, why: &Unsafe) -> ZuulError {
    refused(
        &source.path,
        why.line,
        why.reason,
        "add the job by hand, or leave Zuul out with `--no-zuul`",
    )
}
