//! The environment in which Rally renders tasks (`rally.api`, `render_template`).

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use minijinja::{AutoEscape, Environment, Error, ErrorKind, Value};

use super::super::budget::{Budget, SPENT};
use super::super::text::{self, Text};
use super::{Unrendered, loops, python, tags};
use crate::files::Files;

/// Bytes that a task may render to; the largest upstream task has some 100 kB.
const LARGEST: usize = 1 << 20;

/// What is said of a task whose steps are used up.
const TOO_LONG: &str = "rendering it takes too long";

/// Other templates that a task may read.
const MOST_TEMPLATES: usize = 50;

/// Filters and tests of Jinja2 that the engine here lacks: a task with one is not judged.
const ONLY_JINJA2: [&str; 18] = [
    "urlencode",
    "cycler",
    "joiner",
    "lipsum",
    "filesizeformat",
    "forceescape",
    "pprint",
    "random",
    "striptags",
    "truncate",
    "urlize",
    "wordcount",
    "wordwrap",
    "xmlattr",
    "center",
    "tojson",
    "mapping",
    "callable",
];

/// Methods of Python's that the engine lacks.
const ONLY_PYTHON: &str = "append extend insert pop remove reverse sort index copy clear update setdefault popitem \
    fromkeys partition rpartition zfill center ljust rjust expandtabs format_map swapcase casefold \
    translate maketrans encode rsplit rfind rindex removeprefix removesuffix isalnum isalpha isascii \
    isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper is_integer \
    bit_length as_integer_ratio hex conjugate add union difference intersection next reset";

/// Renders templates as Rally does.
pub(super) struct Engine<'f> {
    files: &'f dyn Files,
    budget: &'f Budget,
    /// The task's folder: Jinja2's loader reads below it only.
    dir: String,
    environment: Environment<'static>,
    /// The other templates that were asked for, and are not in the environment.
    asked: Arc<Mutex<BTreeSet<String>>>,
    has_tuples: Arc<AtomicBool>,
    /// The other templates that were asked for, and are there.
    pub(super) read: BTreeSet<String>,
}

impl<'f> Engine<'f> {
    /// Returns the engine for a task at `path`.
    pub(super) fn new(files: &'f dyn Files, path: &str, budget: &'f Budget) -> Engine<'f> {
        let asked = Arc::new(Mutex::new(BTreeSet::new()));
        let has_tuples = Arc::new(AtomicBool::new(false));
        Engine {
            files,
            budget,
            dir: path.rsplit_once('/').map_or("", |(dir, _)| dir).to_owned(),
            environment: environment(asked.clone(), has_tuples.clone()),
            asked,
            has_tuples,
            read: BTreeSet::new(),
        }
    }

    /// Returns the names that the template itself needs from outside, whether they have values or
    /// not.
    pub(super) fn undeclared(&self, text: &str) -> Result<BTreeSet<String>, Unrendered> {
        bounded(text)?;
        let template = self.environment.template_from_str(text);
        let template = template.map_err(|error| in_text(unrendered(&error), text))?;
        Ok(template.undeclared_variables(false).into_iter().collect())
    }

    /// Returns the rendered text. Other templates are read when they are asked for.
    pub(super) fn render(&mut self, text: &str) -> Result<String, Unrendered> {
        if text.contains("autoescape") {
            return Err(not_judged("it has `autoescape`"));
        }
        if loops::need_the_end_of_a_text(text) {
            return Err(not_judged("it asks for the end of a loop over a text"));
        }
        self.look_for_tuples(text);
        for _ in 0..=MOST_TEMPLATES {
            let rendered = self.render_once(text);
            if !self.add_asked()? {
                return rendered;
            }
        }
        Err(not_judged("it reads too many other files"))
    }

    fn look_for_tuples(&self, text: &str) {
        if python::may_have_tuples(text) {
            self.has_tuples.store(true, Ordering::Relaxed);
        }
    }

    fn render_once(&mut self, text: &str) -> Result<String, Unrendered> {
        let fuel = self.budget.fuel().ok_or_else(|| not_judged(SPENT))?;
        let (rendered, taken) = self.render_within(fuel, text);
        self.budget.take_fuel(taken, |fuel| {
            let (again, _) = self.render_within(fuel, text);
            again != Err(not_judged(TOO_LONG))
        });
        rendered
    }

    /// Renders in so many steps; returns how many it took, too, where it does not fail.
    fn render_within(
        &mut self,
        fuel: u64,
        text: &str,
    ) -> (Result<String, Unrendered>, Option<u64>) {
        self.environment.set_fuel(Some(fuel));
        match self.render_with_fuel(text) {
            Ok((rendered, taken)) => (Ok(rendered), Some(taken)),
            Err(why) => (Err(why), None),
        }
    }

    fn render_with_fuel(&self, text: &str) -> Result<(String, u64), Unrendered> {
        let template = self.environment.template_from_str(text);
        let template = template.map_err(|error| unrendered(&error))?;
        let mut out = Bounded(Vec::new());
        match template.render_captured_to(BTreeMap::<String, Value>::new(), &mut out) {
            Ok(done) => {
                let taken = done.state().fuel_levels().map_or(0, |(taken, _)| taken);
                Ok((String::from_utf8_lossy(&out.0).into_owned(), taken))
            }
            Err(_) if out.0.len() >= LARGEST => Err(not_judged("it renders to more than 1 MiB")),
            Err(error) => Err(unrendered(&error)),
        }
    }

    /// Returns whether a template was found that was asked for, so that rendering may come further.
    fn add_asked(&mut self) -> Result<bool, Unrendered> {
        let asked = match self.asked.lock() {
            Ok(mut asked) => std::mem::take(&mut *asked),
            Err(_) => BTreeSet::new(),
        };
        let mut is_new = false;
        for name in asked {
            let is_plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains('\\');
            if !name.split('/').all(is_plain) {
                continue;
            }
            let path = match self.dir.as_str() {
                "" => name.clone(),
                dir => format!("{dir}/{name}"),
            };
            let Text::Read(text) = text::read(self.files, &path) else {
                continue;
            };
            bounded(&text)?;
            self.look_for_tuples(&text);
            self.read.insert(name.clone());
            let taken = self.budget.take_bytes(text.len());
            taken.ok_or_else(|| not_judged(SPENT))?;
            let added = self.environment.add_template_owned(name, text);
            added.map_err(|error| Unrendered::Fails {
                line: 1,
                why: format!("`{path}`: {error}"),
            })?;
            is_new = true;
        }
        Ok(is_new)
    }
}

/// Returns an environment with what Rally adds to Jinja2's own; it notes the templates that it
/// lacks.
fn environment(
    asked: Arc<Mutex<BTreeSet<String>>>,
    has_tuples: Arc<AtomicBool>,
) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_formatter(move |out, state, value| {
        python::print(out, state, value, has_tuples.load(Ordering::Relaxed))
    });
    environment.remove_filter("pprint");
    environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
    environment.add_function("min", |a: Value, b: Value| if b < a { b } else { a });
    environment.add_function("max", |a: Value, b: Value| if b > a { b } else { a });
    environment.add_function("ceil", |number: f64| number.ceil() as i64);
    environment.add_function("round", |number: f64| round_half_even(number));
    environment.set_loader(move |name| {
        if let Ok(mut asked) = asked.lock() {
            asked.insert(name.to_owned());
        }
        Ok(None::<String>)
    });
    environment
}

/// Python rounds halves to the even number.
fn round_half_even(number: f64) -> i64 {
    number.round_ties_even() as i64
}

fn bounded(text: &str) -> Result<(), Unrendered> {
    tags::too_much(text).map_or(Ok(()), |why| Err(not_judged(why)))
}

fn not_judged(why: &str) -> Unrendered {
    Unrendered::NotJudged(why.to_owned())
}

/// Returns what an error of the engine means for the task.
fn unrendered(error: &Error) -> Unrendered {
    let detail = error.detail().unwrap_or_default();
    let is_jinja2s = ONLY_JINJA2.iter().any(|name| detail.contains(name));
    let method = detail.rsplit(' ').next().unwrap_or_default();
    let is_pythons = ONLY_PYTHON.split_whitespace().any(|name| name == method);
    match error.kind() {
        ErrorKind::OutOfFuel => not_judged(TOO_LONG),
        ErrorKind::WriteFailure => not_judged(match detail {
            python::OF_PYTHON => python::OF_PYTHON,
            _ => python::TOO_LARGE,
        }),
        // Python formats a string with a tuple; the engine has no tuples.
        ErrorKind::InvalidOperation if detail.contains("% operator") => not_judged(detail),
        ErrorKind::UnknownMethod if is_pythons => not_judged(&format!(
            "git-rally does not have Python's method: {detail}"
        )),
        ErrorKind::UnknownFilter | ErrorKind::UnknownTest | ErrorKind::UnknownFunction
            if is_jinja2s =>
        {
            not_judged(&format!("git-rally does not have Jinja2's {detail}"))
        }
        kind => Unrendered::Fails {
            line: error.line().unwrap_or(1),
            why: match detail {
                "" => kind.to_string(),
                detail => format!("{kind}: {detail}"),
            },
        },
    }
}

/// Jinja's parser stops at the end of the text where something is not closed: says where it opens.
fn in_text(why: Unrendered, text: &str) -> Unrendered {
    match why {
        Unrendered::Fails { line, why } => Unrendered::Fails {
            line: tags::open(text).unwrap_or(line),
            why,
        },
        other => other,
    }
}

/// Stops a rendering that has grown too large.
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > LARGEST {
            self.0.resize(LARGEST, b' ');
            return Err(io::Error::other("too large"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
