//! What `check` found as workflow commands of GitHub, which it shows beside the lines of a change.

use crate::check::Severity;
use crate::event::Found;

/// Returns the command: one line.
///
/// The form is that of GitHub's documentation, "Workflow commands for GitHub Actions".
pub(super) fn command(found: &Found) -> String {
    let kind = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    format!(
        "::{kind} file={},line={},col={},title=git-rally {}::{}: {}",
        property(&found.shown),
        found.line,
        found.column,
        found.rule,
        found.rule,
        data(&found.message)
    )
}

fn data(text: &str) -> String {
    let text = text.replace('%', "%25");
    text.replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Stream;

    #[test]
    fn what_has_a_meaning_is_escaped() {
        let found = Found {
            repo: ".".to_owned(),
            severity: Severity::Note,
            path: "a".to_owned(),
            line: 2,
            column: 3,
            rule: "some-rule",
            message: "50% of\n::this, that".to_owned(),
            shown: "../a,b:c.yaml".to_owned(),
            stream: Stream::Output,
        };
        assert_eq!(
            command(&found),
            "::notice file=../a%2Cb%3Ac.yaml,line=2,col=3,title=git-rally some-rule::\
             some-rule: 50%25 of%0A::this, that"
        );
    }
}
