//! The statistics of a mail patch, as `git format-patch` scales them to 72 columns.

use super::name::quoted;
use super::{Body, Diff, FileDiff};

/// Returns the lines of the files, the line of the sums, and the lines about modes.
pub(super) fn stat(diff: &Diff) -> String {
    let rows: Vec<Row> = diff.files.iter().map(Row::of).collect();
    let columns = Columns::of(&rows);
    let mut out: String = rows.iter().map(|row| columns.line(row)).collect();
    out.push_str(&sums(&rows));
    out.extend(diff.files.iter().filter_map(mode_line));
    out
}

const WIDTH: usize = 72;

struct Row {
    name: String,
    added: usize,
    deleted: usize,
}

impl Row {
    fn of(file: &FileDiff) -> Row {
        let (added, deleted) = match &file.body {
            Body::Text(hunks) => (hunks.added, hunks.deleted),
            Body::Binary => (0, 0),
        };
        let name = quoted("", &file.path);
        Row {
            name,
            added,
            deleted,
        }
    }

    fn changes(&self) -> usize {
        self.added + self.deleted
    }
}

/// How wide each part of a line is.
struct Columns {
    name: usize,
    number: usize,
    graph: usize,
    most: usize,
}

impl Columns {
    /// The name gets what the graph leaves; the graph gives way down to 3/8 of the line.
    fn of(rows: &[Row]) -> Columns {
        let longest = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
        let most = rows.iter().map(Row::changes).max().unwrap_or(0);
        let number = most.to_string().len();
        let around = number + 6;
        let width = WIDTH.max(16 + around);
        let (mut name, mut graph) = (longest, most);
        if name + around + graph > width {
            let least = (width * 3 / 8).saturating_sub(around);
            if graph > least {
                graph = least.max(6);
            }
            if name > width - around - graph {
                name = width - around - graph;
            } else {
                graph = width - around - name;
            }
        }
        Columns {
            name,
            number,
            graph,
            most,
        }
    }

    fn line(&self, row: &Row) -> String {
        let name = self.shortened(&row.name);
        let (added, deleted) = self.scaled(row);
        let gap = if row.changes() > 0 { " " } else { "" };
        format!(
            " {name:<0$} | {1:>2$}{gap}{3}{4}\n",
            self.name,
            row.changes(),
            self.number,
            "+".repeat(added),
            "-".repeat(deleted),
        )
    }

    fn shortened(&self, name: &str) -> String {
        if name.len() <= self.name {
            return name.to_owned();
        }
        let end = &name[name.len() + 3 - self.name..];
        let end = end.find('/').map_or(end, |slash| &end[slash..]);
        format!("...{end}")
    }

    fn scaled(&self, row: &Row) -> (usize, usize) {
        let (added, deleted) = (row.added, row.deleted);
        if self.graph > self.most {
            return (added, deleted);
        }
        let mut total = self.scale(added + deleted);
        if total < 2 && added > 0 && deleted > 0 {
            total = 2;
        }
        if added < deleted {
            let added = self.scale(added);
            (added, total - added)
        } else {
            let deleted = self.scale(deleted);
            (total - deleted, deleted)
        }
    }

    /// At least one sign for any change: scaled to one column less, and one added.
    fn scale(&self, count: usize) -> usize {
        match count {
            0 => 0,
            _ => 1 + count * (self.graph - 1) / self.most,
        }
    }
}

fn sums(rows: &[Row]) -> String {
    let added: usize = rows.iter().map(|row| row.added).sum();
    let deleted: usize = rows.iter().map(|row| row.deleted).sum();
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    let mut out = format!(" {} file{} changed", rows.len(), plural(rows.len()));
    if added > 0 || deleted == 0 {
        out.push_str(&format!(", {added} insertion{}(+)", plural(added)));
    }
    if deleted > 0 || added == 0 {
        out.push_str(&format!(", {deleted} deletion{}(-)", plural(deleted)));
    }
    out.push('\n');
    out
}

fn mode_line(file: &FileDiff) -> Option<String> {
    let verb = match (&file.old_id, &file.new_id) {
        (None, _) => "create",
        (_, None) => "delete",
        _ => return None,
    };
    let name = quoted("", &file.path);
    Some(format!(" {verb} mode {:06o} {name}\n", file.mode))
}
