//! Where a pipeline's entry goes: which list, pipeline or stanza of which file.

use super::super::model::{Config, ConfigNode, Item};
use super::error::{Hindrance, Obstacle, ZuulError};
use crate::yaml::{Layout, Node};

/// A place for an entry.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target<'a> {
    /// At the end of a job list.
    List(ConfigNode<'a>),
    /// In a pipeline that has no job list.
    Pipeline(ConfigNode<'a>),
    /// In a stanza that lacks the pipeline.
    Stanza(ConfigNode<'a>),
    /// In a project stanza of its own, which Zuul merges with the others; with what is in the
    /// way, where there is a stanza that could not be edited.
    OwnStanza(Option<Blocked<'a>>),
}

/// A node that could not be edited.
#[derive(Clone, Copy, Debug)]
pub(super) struct Blocked<'a> {
    pub(super) at: ConfigNode<'a>,
    pub(super) why: Hindrance,
}

/// What one stanza has to offer.
enum InStanza<'a> {
    /// It does not have the pipeline.
    Absent,
    Usable(Target<'a>),
    Blocked(Blocked<'a>),
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
            InStanza::Usable(Target::List(list)) => lists.push(list),
            InStanza::Usable(target) => hollow = hollow.or(Some(target)),
            InStanza::Blocked(by) => blocked = blocked.or(Some(by)),
            InStanza::Absent => {}
        }
    }
    // of those of one length the first
    let longest = lists.into_iter().rev();
    let longest = longest.max_by_key(|list| list.node.items().len());
    Ok(match (longest, hollow, blocked) {
        (Some(list), ..) => Target::List(list),
        (None, Some(target), _) => target,
        (None, None, Some(by)) => Target::OwnStanza(Some(by)),
        (None, None, None) => main_stanza(&stanzas),
    })
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
            return Err(refused(name, Obstacle::UnknownProject));
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
        let pipelines = item.body.pipelines();
        pipelines.map(|(_, body)| body.entries().count()).sum()
    };
    let usable = |item: &&Item<'a>| stanza_in_place(**item).is_ok();
    match stanzas.iter().filter(usable).rev().max_by_key(size) {
        Some(item) => Target::Stanza(item.body),
        None => Target::OwnStanza(stanzas.iter().find_map(|item| {
            let why = stanza_in_place(*item).err()?;
            let at = item.body;
            Some(Blocked { at, why })
        })),
    }
}

fn in_stanza<'a>(item: Item<'a>, pipeline: &str) -> Result<InStanza<'a>, ZuulError> {
    let Some(body) = item.body.get(pipeline) else {
        return Ok(InStanza::Absent);
    };
    if !body.node.is_mapping() {
        return Err(refused(
            body,
            Obstacle::PipelineIsNoMapping(pipeline.into()),
        ));
    }
    if let Some(jobs) = body.get("jobs").filter(|jobs| !jobs.node.is_list()) {
        return Err(refused(jobs, Obstacle::JobsAreNoList(pipeline.into())));
    }
    Ok(match pipeline_in_place(item, pipeline) {
        Ok(target) => InStanza::Usable(target),
        Err(blocked) => InStanza::Blocked(blocked),
    })
}

fn pipeline_in_place<'a>(item: Item<'a>, pipeline: &str) -> Result<Target<'a>, Blocked<'a>> {
    let stanza = item.body;
    let blocked = |node: Node<'a>, why| Blocked {
        at: ConfigNode { node, ..stanza },
        why,
    };
    item_in_place(item).map_err(|why| blocked(stanza.node, why))?;
    let Some(body) = stanza.node.own(pipeline) else {
        return Err(blocked(stanza.node, Hindrance::PipelineMerged));
    };
    in_place(body).map_err(|why| blocked(body, why))?;
    let Some(jobs) = body.own("jobs") else {
        return match body.pairs().len() {
            _ if body.merges() => Err(blocked(body, Hindrance::ListMerged)),
            0 => Err(blocked(body, Hindrance::EmptyPipeline)),
            _ => Ok(Target::Pipeline(ConfigNode {
                node: body,
                ..stanza
            })),
        };
    };
    in_place(jobs).map_err(|why| blocked(jobs, why))?;
    match jobs.items().len() {
        0 => Err(blocked(jobs, Hindrance::EmptyList)),
        _ => Ok(Target::List(ConfigNode {
            node: jobs,
            ..stanza
        })),
    }
}

fn stanza_in_place(item: Item<'_>) -> Result<(), Hindrance> {
    item_in_place(item)?;
    match item.body.node.merges() {
        true => Err(Hindrance::StanzaMerged),
        false => Ok(()),
    }
}

/// Returns whether lines can go into the stanza at all, and count for every branch.
fn item_in_place(item: Item<'_>) -> Result<(), Hindrance> {
    let list = item.body.file.list();
    for node in list.into_iter().chain([item.item.node, item.body.node]) {
        in_place(node)?;
    }
    match item.body.get("branches") {
        Some(_) => Err(Hindrance::Branches),
        None => Ok(()),
    }
}

/// Returns why lines cannot go into a collection, or must not.
fn in_place(node: Node<'_>) -> Result<(), Hindrance> {
    match node.layout() {
        _ if node.is_alias() => Err(Hindrance::Alias),
        Some(Layout::Flow) => Err(Hindrance::Flow),
        _ if node.data().tag.is_some() => Err(Hindrance::Tag),
        _ if node.is_shared() => Err(Hindrance::Shared),
        _ => Ok(()),
    }
}

fn refused(at: ConfigNode<'_>, obstacle: Obstacle) -> ZuulError {
    let location = at.location();
    ZuulError::Refused { location, obstacle }
}
