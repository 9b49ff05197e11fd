//! The proof that the new text means what the walk meant.
//!
//! Every edit is made in the text and in the tree of theirs. The new text must say what the edited
//! tree says; if not, the structure was not understood, and there is no such merge.

use super::edit::New;
use super::parts::{Parts, Shape};
use super::walk::{Becomes, Found};
use crate::yaml::{self, Id, Kind, Tree, libyaml};

/// Returns whether the text is theirs with what was found, and nothing else.
pub(super) fn proven(text: &str, theirs: &Parts<'_>, ours: &Parts<'_>, found: &Found) -> bool {
    let model = model(theirs, ours, found);
    let is_meant = yaml::parse(text).is_ok_and(|document| document.tree().same(&model));
    is_meant
        && yaml::readable(text).is_ok()
        && (libyaml::read(text).is_ok() || libyaml::read(theirs.text).is_err())
}

fn model(theirs: &Parts<'_>, ours: &Parts<'_>, found: &Found) -> Tree {
    let mut model = theirs.tree().clone();
    let by = model.adopt(ours.tree());
    for value in &found.values {
        let becomes = match &value.becomes {
            Becomes::Ours(part) => by + ours.all[*part].node,
            Becomes::Merged(tree, id) => model.adopt(tree) + id,
        };
        let new = model.nodes[becomes].clone();
        model.nodes[theirs.all[value.part].node] = new;
    }
    for (at, splice) in &found.splices {
        let part = &theirs.all[*at];
        let mut pairs: Vec<(Option<Id>, Id)> = Vec::new();
        let added = |new: &New| {
            let part = &ours.all[new.part];
            (part.key.map(|key| by + key), by + part.node)
        };
        pairs.extend(splice.new_behind(None).iter().map(added));
        for child in &part.children {
            if !splice.removed.contains(child) {
                pairs.push((theirs.all[*child].key, theirs.all[*child].node));
            }
            pairs.extend(splice.new_behind(Some(*child)).iter().map(added));
        }
        match (&mut model.nodes[part.node].kind, part.shape) {
            (Kind::Sequence { items, .. }, Shape::List) => {
                *items = pairs.into_iter().map(|(_, item)| item).collect();
            }
            (Kind::Mapping { pairs: all, .. }, Shape::Mapping) => {
                let pair = |(key, value): (Option<Id>, Id)| Some((key?, value));
                *all = pairs.into_iter().filter_map(pair).collect();
            }
            _ => {}
        }
    }
    model
}
