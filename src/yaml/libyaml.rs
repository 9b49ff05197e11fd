//! The second opinion: PyYAML's form is libyaml's, and our own parser is stricter in places and
//! laxer in others.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::tree::{Id, Kind, Tree};
use super::{Flaw, FlawKind, data};

/// Brackets that may be open: libyaml's time grows with their square.
const MOST_OPEN: usize = 200;

/// Fails where libyaml does not read the text.
pub fn read(text: &str) -> Result<(), Flaw> {
    let text = without_mark(text);
    match serde_yaml::from_str::<IgnoredAny>(text) {
        Ok(_) => Ok(()),
        Err(error) if error.location().is_none() && text.trim().is_empty() => Ok(()),
        Err(error) => {
            let flaw = data::flaw(&error);
            Err(FlawKind::Syntax(error.to_string()).at(flaw.line, flaw.column))
        }
    }
}

/// Returns whether libyaml reads in the text what the tree says: the same collections, keys in the
/// same order, and scalars, aliases followed. Styles, tags and anchors are not compared; they
/// follow from the bytes of what is compared.
pub fn says(text: &str, tree: &Tree) -> bool {
    let deserializer = serde_yaml::Deserializer::from_str(without_mark(text));
    let root = tree.root.map(|id| Expected { tree, id });
    root.is_some_and(|root| root.deserialize(deserializer).is_ok())
}

/// Returns whether libyaml refuses the text; `false` as well where it would take minutes.
pub fn refuses(text: &str) -> bool {
    let mut open = 0_usize;
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        if open > MOST_OPEN {
            return false;
        }
    }
    serde_yaml::from_str::<serde_yaml::Value>(text).is_err()
}

/// libyaml counts a byte order mark as a column; PyYAML drops it.
fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// What the next node has to be.
#[derive(Clone, Copy)]
struct Expected<'t> {
    tree: &'t Tree,
    id: Id,
}

impl Expected<'_> {
    fn at(self, id: Id) -> Self {
        Expected { id, ..self }
    }
}

impl<'de> DeserializeSeed<'de> for Expected<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let resolved = self.at(self.tree.resolve(self.id));
        match self.tree.nodes[resolved.id].kind {
            Kind::Scalar { .. } => deserializer.deserialize_str(resolved),
            Kind::Sequence { .. } => deserializer.deserialize_seq(resolved),
            Kind::Mapping { .. } => deserializer.deserialize_map(resolved),
            Kind::Alias { .. } => Err(de::Error::custom("an alias of an alias")),
        }
    }
}

impl<'de> Visitor<'de> for Expected<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what the tree says")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        match self.tree.text(self.id) == Some(text) {
            true => Ok(()),
            false => Err(E::custom("another text")),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        for item in self.tree.items(self.id) {
            if list.next_element_seed(self.at(*item))?.is_none() {
                return Err(de::Error::custom("an item less"));
            }
        }
        // one more is an error of its own
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        for (key, value) in self.tree.pairs(self.id) {
            if map.next_key_seed(self.at(*key))?.is_none() {
                return Err(de::Error::custom("a key less"));
            }
            map.next_value_seed(self.at(*value))?;
        }
        Ok(())
    }
}
