//! Whether two configurations differ in the entries of one job alone.

use crate::yaml::Node;

/// Returns whether two configurations say the same, entries of the job, pipelines that have nothing
/// else, and stanzas that have no more than these aside.
pub(super) fn same_but_entries(a: Node<'_>, b: Node<'_>, job: &str) -> bool {
    let (x, y) = (a.data(), b.data());
    if x.tag != y.tag || x.anchor != y.anchor {
        return false;
    }
    if a.is_alias() || b.is_alias() || a.layout() != b.layout() {
        return a.document.tree().same_node(a.id, b.document.tree(), b.id);
    }
    if a.is_list() && b.is_list() {
        let items = |node: Node<'_>| -> Vec<usize> {
            let is_ours = |item: Node<'_>| is_entry(item, job) || is_stanza(item, job);
            let items = node.items().filter(|item| !is_ours(*item));
            items.map(|item| item.id).collect()
        };
        let (left, right) = (items(a), items(b));
        let mut pairs = left.iter().zip(&right);
        return left.len() == right.len()
            && pairs.all(|(l, r)| same_but_entries(a.document.node(*l), b.document.node(*r), job));
    }
    if a.is_mapping() && b.is_mapping() {
        let pairs = |node: Node<'_>| -> Vec<(usize, usize)> {
            let pairs = node
                .pairs()
                .filter(|(_, value)| !has_nothing_else(*value, job));
            pairs.map(|(key, value)| (key.id, value.id)).collect()
        };
        let (left, right) = (pairs(a), pairs(b));
        let mut both = left.iter().zip(&right);
        return left.len() == right.len()
            && both.all(|(l, r)| {
                a.document.tree().same_node(l.0, b.document.tree(), r.0)
                    && same_but_entries(a.document.node(l.1), b.document.node(r.1), job)
            });
    }
    a.document.tree().same_node(a.id, b.document.tree(), b.id)
}

fn is_entry(item: Node<'_>, job: &str) -> bool {
    match item.pairs().next() {
        None => item.text() == Some(job),
        Some((name, _)) => item.pairs().len() == 1 && name.text() == Some(job),
    }
}

/// Returns whether a project stanza lists the job and does no more.
fn is_stanza(item: Node<'_>, job: &str) -> bool {
    let stanza = item.own("project").filter(|_| item.pairs().len() == 1);
    stanza.is_some_and(|stanza| {
        let mut pipelines = stanza.pairs();
        pipelines.len() > 0 && pipelines.all(|(_, body)| has_nothing_else(body, job))
    })
}

/// Returns whether a pipeline lists the job alone.
fn has_nothing_else(pipeline: Node<'_>, job: &str) -> bool {
    let jobs = pipeline.own("jobs").filter(|_| pipeline.pairs().len() == 1);
    jobs.is_some_and(|jobs| jobs.items().len() > 0 && jobs.items().all(|item| is_entry(item, job)))
}
