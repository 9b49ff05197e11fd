//! What `check` found as a SARIF 2.1.0 document, for code scanning and editors.

use std::io;

use serde_json::{Value, json};

use crate::check::{RULES, Severity};
use crate::embedded;
use crate::event::{Event, Found};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// What the document will have.
#[derive(Debug, Default)]
pub(super) struct Log {
    results: Vec<Value>,
    /// Repositories that could not be checked.
    failures: Vec<Value>,
}

impl Log {
    /// Keeps what the event says.
    pub(super) fn add(&mut self, event: &Event) {
        match event {
            Event::Finding(found) => self.results.push(result(found)),
            Event::Failed { repo, reason, .. } | Event::Refused { repo, reason, .. } => {
                let text = format!("{repo}: {reason}");
                let failure = json!({ "level": "error", "message": { "text": text } });
                self.failures.push(failure);
            }
            _ => {}
        }
    }

    /// Returns the document.
    pub(super) fn document(&self) -> io::Result<String> {
        let templates = embedded::templates();
        let texts = RULES.iter().map(|rule| rule.text(&templates));
        let rules: Vec<Value> = texts
            .flatten()
            .map(|text| {
                json!({
                    "id": text.rule,
                    "shortDescription": { "text": text.what },
                    "fullDescription": { "text": text.why },
                    "help": { "text": format!("{} Source: {}.", text.why, text.source) },
                })
            })
            .collect();
        let document = json!({
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": "git-rally",
                    "version": env!("CARGO_PKG_VERSION"),
                    "rules": rules,
                } },
                "columnKind": "unicodeCodePoints",
                "invocations": [{
                    "executionSuccessful": self.failures.is_empty(),
                    "toolExecutionNotifications": self.failures,
                }],
                "results": self.results,
            }],
        });
        serde_json::to_string(&document).map_err(io::Error::other)
    }
}

fn result(found: &Found) -> Value {
    let level = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    json!({
        "ruleId": found.rule,
        "ruleIndex": RULES.iter().position(|rule| rule.name == found.rule),
        "level": level,
        "message": { "text": found.message },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(&found.shown) },
            "region": { "startLine": found.line, "startColumn": found.column },
        } }],
    })
}

/// Returns a path as a reference of RFC 3986: whatever is not unreserved there is percent-encoded,
/// save the slash.
fn uri(path: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let bytes = path.bytes();
    bytes
        .map(|byte| match is_plain(byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_references() {
        assert_eq!(uri("../a b/\u{e4}:%.yaml"), "../a%20b/%C3%A4%3A%25.yaml");
    }
}
