//! Turns templates and data into the text of files; the only module that names `tera`.
//!
//! The templates' own signs are `[[ value ]]`, `[% statement %]` and `[# comment #]`, so that
//! `{{ }}` and `{% %}`, which are Rally's, pass through as they stand.

use serde::Serialize;
use tera::{Context, Delimiters, Kwargs, State, Tera, TeraResult, Value};

use crate::files::{EntryKind, Files, FilesError};
use crate::remedy::{Refusal, Remedy};
use crate::yaml;

/// Columns of the documents: what doc8 allows.
const WIDTH: usize = 79;

/// A template that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A template is wrong, or misses a value.
    #[error("template `{template}`: {problem}")]
    Template {
        /// The file below `templates/`.
        template: String,
        /// What tera says, with its cause.
        problem: String,
    },
    /// A template cannot be read.
    #[error(transparent)]
    Files(#[from] FilesError),
}

impl Remedy for RenderError {
    fn refusal(&self) -> Option<Refusal> {
        None
    }

    fn hint(&self) -> String {
        match self {
            RenderError::Template { .. } => {
                "please report this: it is a bug in the templates".to_owned()
            }
            RenderError::Files(error) => error.hint(),
        }
    }
}

/// All templates, ready to render.
pub struct Renderer {
    tera: Tera,
}

impl Renderer {
    /// Returns a renderer for every file of the folders `dirs` of `templates`.
    pub fn new(templates: &dyn Files, dirs: &[&str]) -> Result<Renderer, RenderError> {
        let mut tera = Tera::new();
        let signs = Delimiters {
            block_start: "[%".into(),
            block_end: "%]".into(),
            variable_start: "[[".into(),
            variable_end: "]]".into(),
            comment_start: "[#".into(),
            comment_end: "#]".into(),
        };
        tera.set_delimiters(signs)
            .map_err(|e| error("delimiters", &e))?;
        // Everything but pages is plain text.
        tera.autoescape_on(vec![".html"]);
        tera.register_filter("wrap", wrap);
        tera.register_filter("yaml", block);
        tera.register_filter("scalar", scalar);
        tera.register_filter("underline", underline);
        let mut texts = Vec::new();
        for dir in dirs {
            collect(templates, dir, &mut texts)?;
        }
        tera.add_raw_templates(texts)
            .map_err(|e| error("all", &e))?;
        Ok(Renderer { tera })
    }

    /// Returns the template `name` filled with `values`, with one line feed at its end.
    pub fn render(&self, name: &str, values: &Values) -> Result<String, RenderError> {
        let text = self
            .tera
            .render(name, &values.0)
            .map_err(|e| error(name, &e))?;
        Ok(tidy(&text))
    }
}

/// What templates are filled with.
#[derive(Clone)]
pub struct Values(Context);

impl Values {
    /// Returns the fields of `view` by their names.
    pub fn of(view: &impl Serialize) -> Result<Values, RenderError> {
        Context::from_serialize(view)
            .map(Values)
            .map_err(|e| error("values", &e))
    }

    /// Adds one value.
    pub fn insert(&mut self, name: &'static str, value: &impl Serialize) {
        self.0.insert(name, value);
    }
}

fn error(template: &str, error: &tera::Error) -> RenderError {
    let mut problem = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        problem = format!("{problem}: {inner}");
        cause = inner.source();
    }
    RenderError::Template {
        template: template.to_owned(),
        problem,
    }
}

fn collect(
    files: &dyn Files,
    dir: &str,
    texts: &mut Vec<(String, String)>,
) -> Result<(), FilesError> {
    for (name, kind) in files.list(dir)? {
        let path = format!("{dir}/{name}");
        if kind == EntryKind::Directory {
            collect(files, &path, texts)?;
        } else if name.ends_with(".json") {
            // Data beside the templates, and long.
        } else if let Some(bytes) = files.read(&path)? {
            texts.push((path, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    Ok(())
}

/// Returns the text without blanks at line ends, without runs of blank lines, and with one line
/// feed at its end, so that a template may put its statements on lines of their own.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines().map(str::trim_end) {
        if !(line.is_empty() && (out.is_empty() || out.ends_with("\n\n"))) {
            out.push_str(line);
            out.push('\n');
        }
    }
    format!("{}\n", out.trim_end())
}

/// `text | wrap(indent=2, hanging=4)`: the words in lines of at most 79 columns; the first line
/// begins at `indent`, the others at `hanging` (else at `indent`). `text | wrap(comment=12)`: YAML
/// comments at that column. `width=60`: so many columns instead.
fn wrap(text: &str, kwargs: Kwargs, _: &State) -> TeraResult<String> {
    let indent = kwargs.get::<usize>("indent")?.unwrap_or(0);
    let hanging = kwargs.get::<usize>("hanging")?.unwrap_or(indent);
    let width = kwargs.get::<usize>("width")?.unwrap_or(WIDTH);
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (first, rest) = match kwargs.get::<usize>("comment")? {
        Some(column) => {
            let prefix = format!("{}# ", " ".repeat(column));
            (prefix.clone(), prefix)
        }
        None => (" ".repeat(indent), " ".repeat(hanging)),
    };
    Ok(textwrap::fill(
        &words,
        options(width)
            .initial_indent(&first)
            .subsequent_indent(&rest),
    ))
}

fn options(width: usize) -> textwrap::Options<'static> {
    textwrap::Options::new(width)
        .break_words(false)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
}

/// `value | yaml(indent=8)`: a mapping or list as a YAML block below the key that it follows, or
/// ` {}` on the key's own line.
fn block(value: Value, kwargs: Kwargs, _: &State) -> TeraResult<String> {
    let indent = " ".repeat(kwargs.must_get::<usize>("indent")?);
    let text = yaml::to_string(&value).map_err(tera::Error::message)?;
    let text = text.trim_end();
    if text == "{}" || text == "[]" {
        return Ok(format!(" {text}"));
    }
    Ok(text
        .lines()
        .map(|line| format!("\n{indent}{line}"))
        .collect())
}

/// `text | scalar`: a YAML scalar on one line, quoted where it must be.
fn scalar(value: Value, _: Kwargs, _: &State) -> TeraResult<String> {
    let text = yaml::to_string(&value).map_err(tera::Error::message)?;
    Ok(text.trim_end().to_owned())
}

/// `title | underline("-")`: a line as long as the title.
fn underline(text: &str, kwargs: Kwargs, _: &State) -> TeraResult<String> {
    let sign = kwargs.must_get::<&str>("with")?;
    Ok(sign.repeat(text.chars().count()))
}
