//! What a run of git-rally gave, and what is asked of it.

use std::process::Output;

use serde_json::Value;

/// What a run of git-rally gave.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn of(output: Output) -> Ran {
        Ran {
            code: output.status.code().expect("an exit code"),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// Returns the one event.
    pub fn event(&self) -> Value {
        assert_eq!(self.out.lines().count(), 1, "{self:?}");
        serde_json::from_str(&self.out).expect("JSON")
    }

    /// Returns what a usage error says: nothing on stdout, exit code 2.
    pub fn usage(&self) -> &str {
        assert_eq!((self.code, self.out.as_str()), (2, ""), "{self:?}");
        &self.err
    }

    /// Returns the event of a success of the given type.
    pub fn ok(&self, kind: &str) -> Value {
        assert_eq!(self.code, 0, "{self:?}");
        let event = self.event();
        assert_eq!(event["type"], kind, "{self:?}");
        event
    }

    /// Returns `REASON / HINT` of a refusal of the given kind.
    pub fn refused(&self, kind: &str) -> String {
        let event = self.event();
        assert_eq!(
            (self.code, event["type"].as_str(), event["kind"].as_str()),
            (3, Some("refused"), Some(kind)),
            "{self:?}"
        );
        said(&event)
    }

    /// Returns `REASON / HINT` of a failure.
    pub fn failed(&self) -> String {
        let event = self.event();
        assert_eq!(
            (self.code, event["type"].as_str()),
            (1, Some("failed")),
            "{self:?}"
        );
        said(&event)
    }
}

fn said(event: &Value) -> String {
    let text = |key: &str| event[key].as_str().expect("text").to_owned();
    format!("{} / {}", text("reason"), text("hint"))
}

/// Fails unless every one of `wanted` is in the text.
pub fn says(text: &str, wanted: &[&str]) {
    for words in wanted {
        assert!(text.contains(words), "`{words}` is not in: {text}");
    }
}
