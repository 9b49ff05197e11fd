//! Where a pipeline's entry goes: which list, pipeline or stanza of which file.

use super::ZuulError;
use super::config::{At, Config, Item, Source, refused};
use super::tree::{Id, Kind};

/// A place for an entry.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target<'a> {
    /// At the end of a job list.
    List(&'a Source, Id),
    /// In a pipeline that has no job list.
    Pipeline(&'a Source, Id),
    /// In a stanza that lacks the pipeline.
    Stanza(&'a Source, Id),
    /// In a project stanza of its own, which Zuul merges with the others; with the place and
    /// the reason, where there is a stanza that could not be edited.
    Apart(Option<(At<'a>, &'static str)>),
}

/// Returns the place for an entry of `pipeline`.
///
/// Of several lists the longest is taken. What is there and cannot be edited in place goes
/// into a stanza of its own; what Zuul would refuse as it is, is refused.
pub(super) fn find<'a>(
    config: &'a Config,
    project: Option<&str>,
    pipeline: &str,
) -> Result<Target<'a>, ZuulError> {
    let stanzas = own_stanzas(config, project)?;
    let mut lists = Vec::new();
    let mut hollow = None;
    let mut blocked = None;
    for stanza in &stanzas {
        match in_stanza(*stanza, pipeline)? {
            Ok(Target::List(source, list)) => lists.push((source, list)),
            Ok(target) => hollow = hollow.or(Some(target)),
            Err(Some(why)) => blocked = blocked.or(Some(why)),
            Err(None) => {}
        }
    }
    let longest = lists.iter().rev();
    let longest = longest.max_by_key(|(source, list)| source.tree.items(*list).len());
    if let Some((source, list)) = longest {
        return Ok(Target::List(source, *list));
    }
    if let Some(target) = hollow {
        return Ok(target);
    }
    if blocked.is_some() {
        return Ok(Target::Apart(blocked));
    }
    Ok(main_stanza(&stanzas))
}

/// Returns the project stanzas that speak of the repository itself.
pub(super) fn own_stanzas<'a>(
    config: &'a Config,
    project: Option<&str>,
) -> Result<Vec<Item<'a>>, ZuulError> {
    let mut own = Vec::new();
    for item in config.items("project") {
        let Some(name) = item.body.get("name") else {
            own.push(item);
            continue;
        };
        let (Some(text), Some(project)) = (name.text(), project) else {
            return Err(refused(
                &item.body.source.path,
                name.line(),
                "the project stanza has a `name`, and what this repository is called is not known",
                "remove the name, or add a `.gitreview` file that names the project",
            ));
        };
        if text == project || text.ends_with(&format!("/{project}")) {
            own.push(item);
        }
    }
    Ok(own)
}

/// The stanza with the most entries; where nothing can be added to it, one of our own.
fn main_stanza<'a>(stanzas: &[Item<'a>]) -> Target<'a> {
    let size = |item: &&Item<'a>| -> usize {
        let pipelines = item.body.pipelines().into_iter();
        pipelines.map(|(_, body)| body.entries().len()).sum()
    };
    let usable = |item: &&Item<'a>| stanza_in_place(**item).is_ok();
    match stanzas.iter().filter(usable).rev().max_by_key(size) {
        Some(item) => Target::Stanza(item.body.source, item.body.id),
        None => Target::Apart(stanzas.iter().find_map(|item| {
            let why = stanza_in_place(*item).err()?;
            Some((item.body, why))
        })),
    }
}

type Blocked<'a> = Option<(At<'a>, &'static str)>;

/// Returns the place in one stanza; inner `Err`: no such pipeline there, or why it is not used.
fn in_stanza<'a>(
    item: Item<'a>,
    pipeline: &str,
) -> Result<Result<Target<'a>, Blocked<'a>>, ZuulError> {
    let stanza = item.body;
    let source = stanza.source;
    let Some(body) = stanza.get(pipeline) else {
        return Ok(Err(None));
    };
    let is = |at: At<'a>, what: &str| {
        refused(
            &source.path,
            at.line(),
            &format!("{what}; Zuul refuses the stanza"),
            "correct the stanza first",
        )
    };
    if !source.tree.is_mapping(body.id) {
        return Err(is(body, &format!("`{pipeline}` is not a mapping")));
    }
    let jobs = body.get("jobs");
    if let Some(jobs) = jobs.filter(|jobs| !source.tree.is_sequence(jobs.id)) {
        return Err(is(jobs, &format!("`jobs` of `{pipeline}` is not a list")));
    }
    Ok(match pipeline_in_place(item, pipeline) {
        Ok(target) => Ok(target),
        Err((at, why)) => Err(Some((at, why))),
    })
}

fn pipeline_in_place<'a>(
    item: Item<'a>,
    pipeline: &str,
) -> Result<Target<'a>, (At<'a>, &'static str)> {
    let stanza = item.body;
    let source = stanza.source;
    let tree = &source.tree;
    let at = |id: Id| At { source, id };
    item_in_place(item).map_err(|why| (stanza, why))?;
    let body = tree.own(stanza.id, pipeline);
    let body = body.ok_or((stanza, "the pipeline is merged from elsewhere"))?;
    in_place(source, body).map_err(|why| (at(body), why))?;
    match tree.own(body, "jobs") {
        Some(jobs) => {
            in_place(source, jobs).map_err(|why| (at(jobs), why))?;
            match tree.items(jobs) {
                [] => Err((at(jobs), "the list is empty")),
                _ => Ok(Target::List(source, jobs)),
            }
        }
        None if tree.merges(body) => Err((at(body), "the list is merged from elsewhere")),
        None if tree.pairs(body).is_empty() => Err((at(body), "the pipeline is empty")),
        None => Ok(Target::Pipeline(source, body)),
    }
}

fn stanza_in_place(item: Item<'_>) -> Result<(), &'static str> {
    item_in_place(item)?;
    if item.body.source.tree.merges(item.body.id) {
        return Err("the stanza is merged from elsewhere");
    }
    Ok(())
}

/// Returns whether lines can go into the stanza at all, and count for every branch.
fn item_in_place(item: Item<'_>) -> Result<(), &'static str> {
    let source = item.body.source;
    let tree = &source.tree;
    for id in source.list().into_iter().flat_map(|list| {
        let item = tree.items(list)[item.index];
        [list, item]
    }) {
        in_place(source, id)?;
    }
    let body = tree.pairs(tree.items(source.list().unwrap_or(0))[item.index]);
    if let [(_, value)] = body {
        in_place(source, *value)?;
    }
    if item.body.get("branches").is_some() {
        return Err("the stanza is for some branches only");
    }
    Ok(())
}

/// Returns why lines cannot go into a collection, or must not.
fn in_place(source: &Source, id: Id) -> Result<(), &'static str> {
    let node = &source.tree.nodes[id];
    match node.kind {
        Kind::Alias { .. } => return Err("an alias stands in its place"),
        Kind::Sequence { flow: true, .. } | Kind::Mapping { flow: true, .. } => {
            return Err("it is written in flow style");
        }
        _ => {}
    }
    if node.tag.is_some() {
        return Err("it has a tag");
    }
    if source.tree.is_shared(id) {
        return Err("it has an anchor that is used elsewhere");
    }
    Ok(())
}
