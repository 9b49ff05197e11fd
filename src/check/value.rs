//! YAML as the loaders of Rally and Zuul make values of it: PyYAML's `SafeLoader`, YAML 1.1.
//!
//! Rally's (`rally.cli.yamlutils`) takes each key once and no merge keys. Zuul's
//! (`configloader.ZuulSafeLoader`) merges, and knows three tags of its own.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex_lite::Regex;
use serde_json::{Map, Number, Value};

use crate::yaml::{Kind, Node, Style};

/// What the loader refuses, and where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unloadable {
    /// From 1.
    pub(super) line: usize,
    pub(super) why: String,
}

/// Stands for a date: no schema of Rally's takes one, and JSON has none.
const DATE: &str = "\u{0}date";

/// Under this key is what Zuul's tags `!override` and `!inherit` mark.
pub(super) const OVERRIDE: &str = "\u{0}override";

/// Stands before a key that Zuul's loader makes no text of: `1`, `yes`.
pub(super) const NO_TEXT: char = '\u{0}';

/// Returns the value of a node, as Rally's loader makes it.
pub(super) fn value(node: Node<'_>) -> Result<Value, Unloadable> {
    let mut loader = Loader {
        dialect: Dialect::Rally,
        left: usize::MAX,
    };
    loader.value(node)
}

/// Returns the value of a node, as Zuul's loader makes it, and takes its nodes from `left`, each
/// as often as aliases repeat it; `None` where there are more.
pub(super) fn zuuls(node: Node<'_>, left: &mut usize) -> Option<Result<Value, Unloadable>> {
    let mut loader = Loader {
        dialect: Dialect::Zuul,
        left: *left,
    };
    let value = loader.value(node);
    *left = loader.left;
    (loader.left > 0).then_some(value)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Dialect {
    Rally,
    Zuul,
}

struct Loader {
    dialect: Dialect,
    /// Nodes that may still be looked at.
    left: usize,
}

impl Loader {
    fn value(&mut self, node: Node<'_>) -> Result<Value, Unloadable> {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            return Ok(Value::Null);
        }
        let node = node.resolved();
        match node.data().tag.as_deref().filter(|tag| !is_standard(tag)) {
            Some(tag) if self.dialect == Dialect::Zuul => self.tagged(node, tag),
            Some(tag) => Err(refused(node, format!("no loader knows the tag `{tag}`"))),
            None => self.untagged(node),
        }
    }

    fn untagged(&mut self, node: Node<'_>) -> Result<Value, Unloadable> {
        match &node.data().kind {
            Kind::Scalar { value, style } => scalar(node, value, *style),
            Kind::Sequence { .. } => {
                let items: Result<Vec<Value>, _> = node.items().map(|i| self.value(i)).collect();
                Ok(Value::Array(items?))
            }
            Kind::Mapping { .. } if self.dialect == Dialect::Zuul => self.merged(node),
            Kind::Mapping { .. } => self.mapping(node),
            Kind::Alias { .. } => Ok(Value::Null),
        }
    }

    fn mapping(&mut self, node: Node<'_>) -> Result<Value, Unloadable> {
        let (mut map, mut seen) = (Map::new(), HashSet::new());
        for (key, of_key) in node.pairs() {
            let plain = key.is_scalar() && is_plain(key);
            if plain && key.text() == Some("<<") {
                let why = "Rally's loader has no merge keys (`<<`)".to_owned();
                return Err(refused(key, why));
            }
            let of = self.value(key)?;
            if matches!(of, Value::Array(_) | Value::Object(_)) {
                return Err(refused(key, "a key is a mapping or a list".to_owned()));
            }
            let name = match &of {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            if !seen.insert(identity(&of, &name)) {
                return Err(refused(key, format!("the key `{name}` exists twice")));
            }
            map.insert(name, self.value(of_key)?);
        }
        Ok(Value::Object(map))
    }

    /// Returns what a tag of Zuul's makes of a node (`zuul.lib.yamlutil`).
    fn tagged(&mut self, node: Node<'_>, tag: &str) -> Result<Value, Unloadable> {
        match tag {
            "!encrypted/pkcs1-oaep" => encrypted(node),
            "!override" | "!inherit" => {
                let value = match &node.data().kind {
                    // resolved as if it were plain
                    Kind::Scalar { value, .. } => scalar(node, value, Style::Plain)?,
                    _ => self.untagged(node)?,
                };
                if node.is_scalar() && !value.is_string() {
                    let why = format!("`{tag}` takes a text, a list or a mapping");
                    return Err(refused(node, why));
                }
                let pair = (OVERRIDE.to_owned(), value);
                Ok(Value::Object(Map::from_iter([pair])))
            }
            _ => Err(refused(node, format!("Zuul knows no tag `{tag}`"))),
        }
    }

    /// Returns a mapping with what it merges; the parser has looked for keys that are there twice.
    fn merged(&mut self, node: Node<'_>) -> Result<Value, Unloadable> {
        for (key, of_key) in node.pairs().filter(|(key, _)| key.text() == Some("<<")) {
            let is_merged = match of_key.is_list() {
                true => of_key.items().all(Node::is_mapping),
                false => of_key.is_mapping(),
            };
            if !is_merged {
                let why = "`<<` takes a mapping or a list of mappings".to_owned();
                return Err(refused(key, why));
            }
        }
        let mut map = Map::new();
        for (key, of_key) in node.meant_pairs() {
            let name = match self.value(key)? {
                Value::String(text) => text,
                other => format!("{NO_TEXT}{other}"),
            };
            map.insert(name, self.value(of_key)?);
        }
        Ok(Value::Object(map))
    }
}

/// Returns what stands for an encrypted text: a value that is neither text nor list of texts.
fn encrypted(node: Node<'_>) -> Result<Value, Unloadable> {
    let chunks: Vec<Node<'_>> = match node.is_mapping() {
        true => return Err(refused(node, "a mapping is no encrypted text".to_owned())),
        false if node.is_list() => node.items().collect(),
        false => vec![node],
    };
    let is_chunk = |chunk: &Node<'_>| chunk.text().is_some_and(is_base64);
    match chunks.into_iter().find(|chunk| !is_chunk(chunk)) {
        Some(chunk) => Err(refused(chunk, "not base64".to_owned())),
        None => Ok(Value::Array(vec![Value::Array(Vec::new())])),
    }
}

/// Returns whether Python's `base64.b64decode` takes the text: it skips strange characters, and
/// wants groups of four, the last filled up with `=`.
fn is_base64(text: &str) -> bool {
    let (mut group, mut fill) = (0, 0);
    for c in text.chars() {
        match c {
            '=' if group >= 2 => {
                fill += 1;
                if group + fill >= 4 {
                    return true;
                }
            }
            c if c.is_ascii_alphanumeric() || matches!(c, '+' | '/') => {
                group = (group + 1) % 4;
                fill = 0;
            }
            _ => {}
        }
    }
    group == 0
}

/// As Python compares keys: `1`, `1.0` and `yes` are the same, `1` and `'1'` are not.
fn identity(key: &Value, name: &str) -> (bool, String) {
    match key {
        Value::Bool(value) => (true, f64::from(u8::from(*value)).to_string()),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => (true, whole.to_string()),
            None => (true, number.as_f64().unwrap_or_default().to_string()),
        },
        Value::Null => (true, "None".to_owned()),
        _ => (false, name.to_owned()),
    }
}

fn scalar(node: Node<'_>, text: &str, style: Style) -> Result<Value, Unloadable> {
    let tag = node.data().tag.as_deref();
    let is_text = style != Style::Plain || tag.is_some_and(|tag| tag.ends_with(":str"));
    if is_text {
        return Ok(Value::String(text.to_owned()));
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Ok(Value::Null),
        "=" => Err(refused(node, "the loader has no value for `=`".to_owned())),
        _ => Ok(boolean(text)
            .or_else(|| integer(text))
            .or_else(|| float(text))
            .or_else(|| date(text))
            .unwrap_or_else(|| Value::String(text.to_owned()))),
    }
}

/// Returns a boolean as YAML 1.1 has them.
fn boolean(text: &str) -> Option<Value> {
    let in_case = |word: &str| {
        let capital = format!("{}{}", word[..1].to_ascii_uppercase(), &word[1..]);
        text == word || text == capital || text == word.to_ascii_uppercase()
    };
    let one_of = |words: [&str; 3]| words.into_iter().any(in_case);
    match (
        one_of(["yes", "true", "on"]),
        one_of(["no", "false", "off"]),
    ) {
        (true, _) => Some(Value::Bool(true)),
        (_, true) => Some(Value::Bool(false)),
        _ => None,
    }
}

/// Returns an integer: decimal, `0b`, `0x`, octal with a leading 0, or of base 60 (`12:30`).
fn integer(text: &str) -> Option<Value> {
    static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let form = "^[-+]?(?:0b[01_]+|0[0-7_]+|(?:0|[1-9][0-9_]*)|0x[0-9a-fA-F_]+|[1-9][0-9_]*(?::[0-5]?[0-9])+)$";
        Regex::new(form).ok()
    });
    if !FORM.as_ref()?.is_match(text) {
        return None;
    }
    let digits = text.trim_start_matches(['-', '+']).replace('_', "");
    let number = match digits.as_str() {
        d if d.starts_with("0b") => i128::from_str_radix(&d[2..], 2).ok()?,
        d if d.starts_with("0x") => i128::from_str_radix(&d[2..], 16).ok()?,
        d if d.contains(':') => sixty(d)?,
        d if d.len() > 1 && d.starts_with('0') => i128::from_str_radix(d, 8).ok()?,
        // larger than any number that means something
        d => d.parse().unwrap_or(i128::MAX),
    };
    let number = if text.starts_with('-') {
        -number
    } else {
        number
    };
    let small = i64::try_from(number).map(Number::from);
    small
        .ok()
        .or_else(|| Number::from_f64(number as f64))
        .map(Value::Number)
}

fn sixty(digits: &str) -> Option<i128> {
    let parts = digits.split(':').map(str::parse::<i128>);
    parts.into_iter().try_fold(0_i128, |sum, part| {
        sum.checked_mul(60)?.checked_add(part.ok()?)
    })
}

/// Returns a float; PyYAML takes no exponent without a point and a sign.
fn float(text: &str) -> Option<Value> {
    static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let form = r"^[-+]?(?:[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)$";
        Regex::new(form).ok()
    });
    let special = text.trim_start_matches(['-', '+']);
    if [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"].contains(&special) {
        // a number for every schema, and JSON has none that is infinite
        return Number::from_f64(f64::MAX).map(Value::Number);
    }
    if !FORM.as_ref()?.is_match(text) {
        return None;
    }
    let number = text.replace('_', "").parse().ok()?;
    Number::from_f64(number).map(Value::Number)
}

fn date(text: &str) -> Option<Value> {
    static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let form =
            r"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}.*)?$";
        Regex::new(form).ok()
    });
    let is_date = FORM.as_ref()?.is_match(text);
    is_date.then(|| Value::Array(vec![Value::String(DATE.to_owned())]))
}

fn is_plain(node: Node<'_>) -> bool {
    let plain = Style::Plain;
    matches!(&node.data().kind, Kind::Scalar { style, .. } if *style == plain)
}

/// Tags that a safe loader makes values of.
fn is_standard(tag: &str) -> bool {
    let known = "null bool int float binary timestamp omap pairs set str seq map";
    let name = tag.strip_prefix("tag:yaml.org,2002:");
    name.is_some_and(|name| known.split(' ').any(|known| known == name))
}

fn refused(node: Node<'_>, why: String) -> Unloadable {
    Unloadable {
        line: node.line(),
        why,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::yaml;

    fn of(text: &str) -> Result<Value, Unloadable> {
        let document = yaml::parse(text).expect(text);
        value(document.root().expect(text))
    }

    /// What the real loader says of the same texts: see `tests/online`.
    #[test]
    fn scalars_are_those_of_yaml_1_1() {
        for (text, expected) in [
            ("yes", json!(true)),
            ("Off", json!(false)),
            ("oN", json!("oN")),
            ("'yes'", json!("yes")),
            ("017", json!(15)),
            ("0o17", json!("0o17")),
            ("1_000", json!(1000)),
            ("-0x1F", json!(-31)),
            ("0b101", json!(5)),
            ("12:30", json!(750)),
            ("1e3", json!("1e3")),
            ("1.5e+3", json!(1500.0)),
            ("+20", json!(20)),
            ("09", json!("09")),
            ("~", json!(null)),
            ("!!str 1", json!("1")),
            ("", json!(null)),
        ] {
            let text = format!("a: {text}\n");
            assert_eq!(of(&text), Ok(json!({ "a": expected })), "{text}");
        }
        assert!(of("a: 2020-01-01\n").expect("a value")["a"].is_array());
    }

    #[test]
    fn what_the_loader_refuses() {
        for (text, line) in [
            ("a: &x {b: 1}\nc:\n  <<: *x\n", 3),
            ("a: !foo 1\n", 1),
            ("a: =\n", 1),
            ("b: 1\nyes: 1\ntrue: 2\n", 3),
            ("1: a\n01: b\n", 2),
            ("1: a\nyes: b\n", 2),
            ("1.0: a\n1: b\n", 2),
            ("1x: a\n'1x': b\n", 2),
        ] {
            assert_eq!(of(text).expect_err(text).line, line, "{text}");
        }
        for text in ["1: a\n'1': b\n", "yes: a\n'yes': b\n", "~: a\n'~': b\n"] {
            assert!(of(text).is_ok(), "{text}");
        }
    }
}
