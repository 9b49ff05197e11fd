//! What a part has of its own, beside its children: comments, and the value of a leaf.

use super::edit::Edit;
use super::parts::{Parts, Shape, hanging, moved, moved_lines};
use super::walk::{Becomes, Three, Unclear, Value, Walk};
use super::{Lines, Sides, header, sense};
use crate::yaml;

impl Walk<'_, '_> {
    /// Merges the comments above a part.
    pub(super) fn lead(&mut self, at: Three) -> Result<(), Unclear> {
        let texts = [
            self.base.lead(at.base),
            self.theirs.lead(at.theirs),
            self.ours.lead(at.ours),
        ];
        let Some(merged) = self.comment(&texts) else {
            self.conflict(Some(at.base), at.theirs, at.ours);
            return Ok(());
        };
        if merged == texts[1] {
            return Ok(());
        }
        self.editable(at.theirs)?;
        let part = &self.theirs.all[at.theirs];
        let lines = match merged.is_empty() {
            true => String::new(),
            false => merged + "\n",
        };
        let lines = moved_lines(&lines, 0, part.column);
        let text = match part.inline {
            true if lines.is_empty() => lines,
            true => format!(
                "{}{}",
                lines.trim_start_matches(' '),
                " ".repeat(part.column)
            ),
            false => lines,
        };
        let bytes = part.lead..self.theirs.line_start(at.theirs);
        self.found.edits.push(Edit { bytes, text });
        Ok(())
    }

    /// Merges what is behind the key of a collection, or above the first part of all.
    pub(super) fn head(&mut self, at: Three) -> Result<(), Unclear> {
        let part = &self.theirs.all[at.theirs];
        let bytes = part.head..part.body;
        if part.parent.is_none() {
            let header = |parts: &Parts<'_>| parts.text[..parts.all[0].body].to_owned();
            let [base, theirs, ours] = [self.base, self.theirs, self.ours].map(header);
            let sides = Sides {
                base: &base,
                theirs: &theirs,
                ours: &ours,
            };
            match header::merge(&sides, self.lines) {
                Some(text) if text == theirs => {}
                Some(text) => self.found.edits.push(Edit { bytes, text }),
                None => self.found.conflicts.push(sides.conflict()),
            }
            return Ok(());
        }
        let texts = [
            self.base.head(at.base),
            self.theirs.head(at.theirs),
            self.ours.head(at.ours),
        ];
        match settled(&texts) {
            Some(merged) if merged == texts[1] => {}
            Some(merged) if self.theirs.text[bytes.clone()].ends_with('\n') => {
                let text = match merged {
                    "" => "\n".to_owned(),
                    merged => format!(" {merged}\n"),
                };
                self.found.edits.push(Edit { bytes, text });
            }
            Some(_) => return Err(Unclear),
            None => self.conflict(Some(at.base), at.theirs, at.ours),
        }
        Ok(())
    }

    /// Merges the comments behind a value.
    pub(super) fn tail(&mut self, at: Three) -> Result<(), Unclear> {
        let texts = [
            self.base.tail(at.base),
            self.theirs.tail(at.theirs),
            self.ours.tail(at.ours),
        ];
        let [base, theirs, ours] = texts.each_ref().map(|text| text.trim());
        match settled(&[base, theirs, ours]) {
            Some(merged) if merged == theirs => {}
            Some(_) => {
                let column = self.theirs.all[at.theirs].column;
                let text = match self.theirs.all[at.theirs].shape {
                    Shape::Leaf => moved(&texts[2], 0, column),
                    _ => moved_lines(&texts[2], 0, column),
                };
                let bytes = self.theirs.tail_bytes(at.theirs);
                self.found.edits.push(Edit { bytes, text });
            }
            None => self.conflict(Some(at.base), at.theirs, at.ours),
        }
        Ok(())
    }

    /// Merges a value that has no parts.
    pub(super) fn value(&mut self, at: Three) -> Result<(), Unclear> {
        let texts = [
            sense::value(self.base, at.base),
            sense::value(self.theirs, at.theirs),
            sense::value(self.ours, at.ours),
        ];
        let [base, theirs, ours] = texts.each_ref().map(String::as_str);
        match settled(&[base, theirs, ours]) {
            Some(merged) if merged == theirs => {}
            Some(_) => self.set(at, self.ours.value(at.ours), Becomes::Ours(at.ours))?,
            None => match self.merged_value(at) {
                Some((text, becomes)) => self.set(at, text, becomes)?,
                None => self.conflict(Some(at.base), at.theirs, at.ours),
            },
        }
        Ok(())
    }

    fn set(&mut self, at: Three, text: String, becomes: Becomes) -> Result<(), Unclear> {
        let part = &self.theirs.all[at.theirs];
        // a block scalar that keeps blank lines: its lines end with the value
        let is_ended = |text: &str| text.ends_with('\n');
        if is_ended(&text) || is_ended(&self.theirs.text[part.head..part.foot]) {
            return Err(Unclear);
        }
        self.found.edits.push(Edit {
            bytes: part.head..part.foot,
            text: moved(&text, 0, part.column),
        });
        let part = at.theirs;
        self.found.values.push(Value { part, becomes });
        Ok(())
    }

    /// Merges a value of several lines, line by line.
    fn merged_value(&self, at: Three) -> Option<(String, Becomes)> {
        let texts = [
            self.base.value(at.base),
            self.theirs.value(at.theirs),
            self.ours.value(at.ours),
        ];
        if !texts.iter().all(|text| text.contains('\n')) {
            return None;
        }
        // how far the lines hang is a matter of style
        let column = hanging(&texts[1]);
        let [base, theirs, ours] = texts.map(|text| moved(&text, hanging(&text), 0) + "\n");
        let sides = Sides {
            base: &base,
            theirs: &theirs,
            ours: &ours,
        };
        let Lines::Clean(merged) = (self.lines)(&sides) else {
            return None;
        };
        let merged = moved(merged.trim_end_matches('\n'), 0, column);
        let snippet = yaml::parse(&format!("-{merged}\n")).ok()?;
        let value = snippet.root()?.items().next()?.id;
        Some((merged, Becomes::Merged(snippet.tree().clone(), value)))
    }

    /// Replaces all that is behind the key or dash, where one side has parts and another none.
    pub(super) fn rest(&mut self, at: Three) -> Result<(), Unclear> {
        let texts = [
            sense::inner(self.base, at.base),
            sense::inner(self.theirs, at.theirs),
            sense::inner(self.ours, at.ours),
        ];
        let [base, theirs, ours] = texts.each_ref().map(String::as_str);
        let part = &self.theirs.all[at.theirs];
        match settled(&[base, theirs, ours]) {
            Some(merged) if merged == theirs => {}
            Some(_) if part.parent.is_none() => return Err(Unclear),
            Some(_) => {
                let bytes = part.head..self.theirs.last_byte(at.theirs);
                let text = moved(&self.ours.rest(at.ours), 0, part.column);
                if text.ends_with('\n') || self.theirs.text[bytes.clone()].ends_with('\n') {
                    return Err(Unclear);
                }
                self.found.edits.push(Edit { bytes, text });
                self.found.values.push(Value {
                    part: at.theirs,
                    becomes: Becomes::Ours(at.ours),
                });
            }
            None => self.conflict(Some(at.base), at.theirs, at.ours),
        }
        Ok(())
    }

    fn comment(&self, texts: &[String; 3]) -> Option<String> {
        let [base, theirs, ours] = texts.each_ref().map(String::as_str);
        if let Some(text) = settled(&[base, theirs, ours]) {
            return Some(text.to_owned());
        }
        let [base, theirs, ours] = texts.each_ref().map(|text| format!("{text}\n"));
        let sides = Sides {
            base: &base,
            theirs: &theirs,
            ours: &ours,
        };
        match (self.lines)(&sides) {
            Lines::Clean(text) => Some(text.trim_end().to_owned()),
            Lines::Conflicts(_) => None,
        }
    }
}

/// Returns the text that there is no question about, of base, theirs and ours.
fn settled<'a>([base, theirs, ours]: &[&'a str; 3]) -> Option<&'a str> {
    Sides { base, theirs, ours }.settled().map(|text| {
        // the lifetime of the texts, not that of the sides
        if text == *theirs { *theirs } else { *ours }
    })
}
