//! Python files, parsed within bounds: what is too deep is told before a parser goes down there.

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{ModModule, PythonVersion};
use ruff_python_parser::{Mode, ParseOptions, Parsed, lexer, parse_unchecked};
use ruff_text_size::Ranged;

use super::syntax;

/// CPython's own limit of brackets within brackets (`MAXLEVEL` of its tokenizer).
const MOST_BRACKETS: usize = 199;

/// CPython's own limit of indentation (`MAXINDENT`).
const MOST_INDENTS: usize = 99;

/// Deeper trees are not parsed: `- - - 1` is a tree as deep as it has signs. CPython takes a few
/// thousand.
const DEEPEST: usize = 1_000;

/// What the parser needs for a tree as deep as [`DEEPEST`], with brackets and indentation, and to
/// spare; it is only reserved.
const STACK: usize = 256 << 20;

/// The newest Python of Rally's CI.
const PYTHON: PythonVersion = PythonVersion::PY313;

/// What a file of Python is.
pub(super) enum Source<T> {
    Module(T),
    /// Python refuses the file.
    Refused(Syntax),
    /// CPython may take it, but nobody looks so deep here.
    Deep,
}

/// What Python refuses, and where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Syntax {
    /// In bytes.
    pub(super) offset: usize,
    pub(super) why: String,
}

/// Returns what `read` makes of the file's tree.
pub(super) fn parse<T>(text: &str, read: impl FnOnce(&ModModule) -> T) -> Source<T> {
    if let Some(offset) = text.find('\0') {
        let why = "source code cannot contain null bytes".to_owned();
        return Source::Refused(Syntax { offset, why });
    }
    match depth(text) {
        Depth::Fine => {}
        Depth::Refused(syntax) => return Source::Refused(syntax),
        Depth::Deep => return Source::Deep,
    }
    let options = ParseOptions::from(Mode::Module).with_target_version(PYTHON);
    let parsed = parse_unchecked(text, options);
    if let Some(syntax) = first_error(&parsed) {
        return Source::Refused(syntax);
    }
    match parsed.try_into_module() {
        Some(module) => match syntax::refused(module.syntax(), text, PYTHON) {
            Some(syntax) => Source::Refused(syntax),
            None => Source::Module(read(module.syntax())),
        },
        None => Source::Deep,
    }
}

/// Runs `work` where the stack is large enough for [`parse`]; `None` where there is no memory.
pub(super) fn with_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(STACK);
        builder.spawn_scoped(scope, work).ok()?.join().ok()
    })
}

/// Returns what may be a string in a text that is no Python: all that stands between quotes.
pub(super) fn strings(text: &str) -> impl Iterator<Item = &str> {
    let pieces = text.split(['"', '\'', '\n']);
    pieces.filter(|piece| !piece.is_empty() && piece.len() <= LONGEST_NAME)
}

/// No plugin has a longer name.
const LONGEST_NAME: usize = 200;

fn first_error<T>(parsed: &Parsed<T>) -> Option<Syntax> {
    let of_grammar = parsed.errors().iter().map(|error| Syntax {
        offset: error.location.start().to_usize(),
        why: error.error.to_string(),
    });
    let of_version = parsed.unsupported_syntax_errors().iter();
    let of_version = of_version.map(|error| Syntax {
        offset: error.range().start().to_usize(),
        why: error.to_string(),
    });
    of_grammar
        .chain(of_version)
        .min_by_key(|error| error.offset)
}

enum Depth {
    Fine,
    Deep,
    Refused(Syntax),
}

/// Tells how deep a tree can become, from the tokens alone: each bracket and each indentation is a
/// level, and so is every token of an expression until a comma or a new line ends it. A `lambda`
/// goes on behind the comma.
fn depth(text: &str) -> Depth {
    let mut lexer = lexer::lex(text, Mode::Module);
    let mut levels = vec![Level::default()];
    let (mut indents, mut sum, mut lines) = (0_usize, 0_usize, 0_usize);
    loop {
        let kind = lexer.next_token();
        lines += usize::from(matches!(
            kind,
            TokenKind::Newline | TokenKind::NonLogicalNewline
        ));
        match kind {
            TokenKind::EndOfFile => return Depth::Fine,
            TokenKind::Indent => indents += 1,
            TokenKind::Dedent => indents = indents.saturating_sub(1),
            kind if opens(kind) => levels.push(Level::default()),
            kind if closes(kind) && levels.len() > 1 => {
                sum -= levels.pop().map_or(0, |level| level.all());
                // a call of a call of a call
                if let Some(outer) = levels.last_mut() {
                    outer.tokens += 1;
                    sum += 1;
                }
            }
            TokenKind::Newline | TokenKind::Semi => {
                levels.truncate(1);
                levels[0] = Level::default();
                sum = 0;
            }
            TokenKind::Comma => {
                let level = levels.last_mut();
                sum -= level.map_or(0, |level| std::mem::take(&mut level.tokens));
            }
            TokenKind::Comment | TokenKind::NonLogicalNewline | TokenKind::String => {}
            kind => {
                if let Some(level) = levels.last_mut() {
                    match kind {
                        TokenKind::Lambda => level.lambdas += 1,
                        _ => level.tokens += 1,
                    }
                }
                sum += 1;
            }
        }
        let refused = |why: &str| {
            let starts = text.match_indices('\n').map(|(at, _)| at + 1);
            let offset = std::iter::once(0).chain(starts).nth(lines).unwrap_or(0);
            let why = why.to_owned();
            Depth::Refused(Syntax { offset, why })
        };
        match () {
            () if levels.len() > MOST_BRACKETS + 1 => {
                return refused("too many nested parentheses");
            }
            () if indents > MOST_INDENTS => return refused("too many levels of indentation"),
            () if sum > DEEPEST => return Depth::Deep,
            () => {}
        }
    }
}

/// What is open between two brackets.
#[derive(Default)]
struct Level {
    tokens: usize,
    lambdas: usize,
}

impl Level {
    fn all(&self) -> usize {
        self.tokens + self.lambdas
    }
}

fn opens(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Lpar
            | TokenKind::Lsqb
            | TokenKind::Lbrace
            | TokenKind::FStringStart
            | TokenKind::TStringStart
    )
}

fn closes(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Rpar
            | TokenKind::Rsqb
            | TokenKind::Rbrace
            | TokenKind::FStringEnd
            | TokenKind::TStringEnd
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the refusal's offset, -1 where it is too deep, -2 where it is fine.
    fn verdict(text: &str) -> i64 {
        let text = text.to_owned();
        let verdict = with_stack(move || match parse(&text, |_| ()) {
            Source::Module(()) => -2,
            Source::Deep => -1,
            Source::Refused(syntax) => i64::try_from(syntax.offset).unwrap_or(i64::MAX),
        });
        verdict.expect("a thread")
    }

    #[test]
    fn what_is_deep_is_told_before_it_is_parsed() {
        for (text, expected) in [
            ("(".repeat(100_000) + &")".repeat(100_000), 0),
            ("(".repeat(199) + &")".repeat(199), 0),
            ("(".repeat(199) + "1" + &")".repeat(199), -2),
            (format!("{}1\n", "-".repeat(1 << 20)), -1),
            (format!("{}1\n", "-".repeat(900)), -2),
            (format!("x = {}1\n", "1 + ".repeat(200_000)), -1),
            (format!("x{}\n", ".y".repeat(200_000)), -1),
            (format!("x{}\n", "()".repeat(300_000)), -1),
            (format!("x = {}1\n", "lambda a, b: ".repeat(60_000)), -1),
            (format!("x = {}1\n", "1 if a else ".repeat(60_000)), -1),
            (format!("x = {}1\n", "not ".repeat(60_000)), -1),
            (format!("x = [{}]\n", "1, ".repeat(300_000)), -2),
            (format!("x = {}\n", "'a' ".repeat(200_000)), -2),
            ("x = 1\n".repeat(150_000), -2),
            (
                format!("if a:\n  b\n{}", "elif a:\n  b\n".repeat(50_000)),
                -2,
            ),
            (format!("x = {}\n", "f'{".repeat(100_000)), 0),
        ] {
            let found = verdict(&text);
            let name = &text[..20.min(text.len())];
            match expected {
                // anywhere
                0 => assert!(found >= 0 || found == -2, "{name}: {found}"),
                _ => assert_eq!(found, expected, "{name}"),
            }
        }
        let indented: String = (0..101)
            .map(|n| format!("{}if a:\n", " ".repeat(n)))
            .collect();
        assert!(verdict(&indented) > 0);
    }

    #[test]
    fn python_of_the_ci_is_the_measure() {
        for (text, expected) in [
            ("print \"a\"\n", 6),
            ("except_ = 1\ntry:\n    pass\nexcept A, b:\n    pass\n", 33),
            ("x = t'a'\n", 4),
            ("match a:\n    case 1:\n        pass\n", -2),
            ("type X = int\n", -2),
            ("def f(a=1, b): pass\n", 11),
            ("a = 1\n  b = 2\n", 6),
            ("\u{feff}a = 1\n", -2),
            ("a\0", 1),
            // the compiler
            ("def f():\n  return 1\nreturn 2\n", 20),
            ("def f(a, b, a): pass\n", 12),
            ("x = lambda a, a: a\n", 14),
            ("def f():\n  await g()\n", 11),
            (
                "async def f():\n  await g()\n  return [await x for x in y]\n",
                -2,
            ),
            ("def f():\n  yield 1\n  class A:\n    yield 2\n", 34),
            ("for a in b:\n  break\nelse:\n  break\n", 28),
            ("while a:\n  def f():\n    continue\n", 24),
            (
                "while a:\n  if b: continue\n  try: break\n  finally: pass\n",
                -2,
            ),
            ("x = 1\nfrom __future__ import division\n", 6),
            (
                "'a'\nfrom __future__ import division\nx = (b for b in a)\n",
                -2,
            ),
            ("from __future__ import nothing\n", 23),
            ("def f():\n  from a import *\n", 11),
            ("def f(a):\n  global a\n", 19),
            ("*a = 1\n", 0),
            ("a, *b, *c = d\n", 0),
            (
                "(*a,) = 1\nf(*a, **b)\ndef f(*a, **b): return (yield)\nx = lambda: (yield)\n",
                -2,
            ),
            (
                "@a(lambda b: [c for c in b if c])\nclass A(B, c=d):\n  e = {f: g for f, g in h}\n",
                -2,
            ),
        ] {
            assert_eq!(verdict(text), expected, "{text}");
        }
    }

    #[test]
    fn strings_are_found_in_what_is_no_python() {
        let found: Vec<&str> = strings("def (\"a.b\", u'c') 'd").collect();
        assert!(["a.b", "c", "d"].iter().all(|text| found.contains(text)));
    }
}
