//! One configuration, written in every way that there is.

use proptest::prelude::*;

/// Ways to write the same configuration, one choice each.
#[derive(Clone, Debug)]
pub(crate) struct Style {
    top: usize,
    dash: usize,
    wide: bool,
    quote: bool,
    comments: bool,
    blanks: bool,
    crlf: bool,
    pub(crate) last_newline: bool,
    start: bool,
    anchor: bool,
    project_first: bool,
    pub(crate) lists: [u8; 4],
}

pub(crate) fn styles() -> impl Strategy<Value = Style> {
    (
        (
            prop::sample::select(vec![0usize, 1, 2, 4]),
            prop::sample::select(vec![0usize, 1, 2, 3]),
        ),
        proptest::array::uniform9(any::<bool>()),
        proptest::array::uniform4(0u8..9),
    )
        .prop_map(|((top, dash), b, lists)| Style {
            top,
            dash,
            wide: b[0],
            quote: b[1],
            comments: b[2],
            blanks: b[3],
            crlf: b[4],
            last_newline: b[5],
            start: b[6],
            anchor: b[7],
            project_first: b[8],
            lists,
        })
}

impl Style {
    pub(crate) fn text(&self) -> Vec<u8> {
        let mut lines = Vec::new();
        let job = [
            "- job:",
            "    name: sample-tempest",
            "    parent: tempest-full",
        ];
        let mut project = vec![
            "- project:".to_owned(),
            "    templates: [sample]".to_owned(),
        ];
        for (name, form) in ["check", "gate", "experimental", "periodic"]
            .iter()
            .zip(self.lists)
        {
            self.pipeline(name, form, &mut project);
        }
        let job = job.map(str::to_owned).to_vec();
        let items = if self.project_first {
            [project, job]
        } else {
            [job, project]
        };
        for item in items {
            if self.blanks && !lines.is_empty() {
                lines.push(String::new());
            }
            if self.comments {
                lines.push("# an item".into());
            }
            lines.extend(item);
        }
        self.finish(lines)
    }

    /// One pipeline in one of the forms that there are.
    fn pipeline(&self, name: &str, form: u8, out: &mut Vec<String>) {
        let anchor = if self.anchor {
            format!(" &{name}")
        } else {
            String::new()
        };
        let dash = format!(
            "{}-{}",
            " ".repeat(6 + self.dash),
            if self.wide { "   " } else { " " }
        );
        let head = |out: &mut Vec<String>| {
            out.push(format!("    {name}:"));
            out.push(format!("      jobs:{anchor}"));
        };
        match form {
            0 => return,
            1 => out.push(format!("    {name}: {{jobs: [a, b]}}")),
            2 => {
                out.push(format!("    {name}:{anchor}"));
                out.push("      fail-fast: true".into());
            }
            3 if self.anchor && name == "gate" && self.lists[0] > 4 => {
                out.push(format!("    {name}:"));
                out.push("      jobs: *check".into());
            }
            4 => {
                head(out);
                out.push(format!("{dash}a: {{voting: false,"));
                out.push("             timeout: 3}  # flow".into());
            }
            5 => {
                head(out);
                out.push(format!("{dash}a:"));
                out.push(format!("{}description: |", " ".repeat(14)));
                out.push(format!("{}# text", " ".repeat(16)));
                out.push(String::new());
            }
            6 => {
                head(out);
                out.push(format!("{dash}a:"));
                out.push(format!("{}description: |+", " ".repeat(14)));
                out.push(format!("{}text", " ".repeat(16)));
                out.push(String::new());
                out.push(String::new());
            }
            7 => {
                head(out);
                out.push(format!("{dash}a:"));
                out.push(format!("{}description: two", " ".repeat(14)));
                out.push(format!("{}lines", " ".repeat(16)));
            }
            _ => {
                head(out);
                let b = if self.quote { "'b'" } else { "b" };
                out.push(format!("{dash}a"));
                out.push(format!("{dash}{b}"));
            }
        }
        if self.comments && form != 1 {
            out.push(format!("{}# the last line", " ".repeat(6 + self.dash)));
        }
    }

    fn finish(&self, lines: Vec<String>) -> Vec<u8> {
        let end = if self.crlf { "\r\n" } else { "\n" };
        let mut text = String::new();
        if self.start {
            text.push_str(&format!("---{end}"));
        }
        for line in lines {
            if line.is_empty() {
                text.push_str(end);
            } else {
                text.push_str(&format!("{}{line}{end}", " ".repeat(self.top)));
            }
        }
        if !self.last_newline {
            text.truncate(text.trim_end().len());
        }
        text.into_bytes()
    }
}
