//! What goes behind the target of a push: topic, reviewers, hashtags, work in progress.

use std::fmt;
use std::str::FromStr;

use crate::refname;

/// A value of a push option: it fits into a reference, and Gerrit does not split it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word(String);

/// A value that cannot be part of the push.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptionError {
    /// Nothing.
    #[error("a topic, a reviewer or a hashtag cannot be empty")]
    Empty,
    /// Gerrit would take what follows for another option.
    #[error("`{value}` contains {found:?}, which ends the value for Gerrit")]
    Splits {
        /// The value.
        value: String,
        /// The character.
        found: char,
    },
    /// Git does not take it as part of a reference.
    #[error("`{0}` contains something that git forbids in a reference")]
    NoReference(String),
}

/// The options of a push to `refs/for/`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PushOptions {
    /// The topic.
    pub topic: Option<Word>,
    /// Whether the change is work in progress.
    pub wip: bool,
    /// Names or mail addresses of reviewers.
    pub reviewers: Vec<Word>,
    /// Hashtags.
    pub hashtags: Vec<Word>,
}

/// Returns `SOURCE:refs/for/TARGET%topic=..,t=..,r=..,wip`, in the order of git-review.
///
/// A topic that is the target's name is left out, as by git-review.
pub fn refspec(source: &str, target: &str, options: &PushOptions) -> String {
    let topic = options
        .topic
        .iter()
        .filter(|topic| topic.as_str() != target);
    let mut all: Vec<String> = topic.map(|topic| format!("topic={topic}")).collect();
    all.extend(options.hashtags.iter().map(|tag| format!("t={tag}")));
    all.extend(
        options
            .reviewers
            .iter()
            .map(|reviewer| format!("r={reviewer}")),
    );
    all.extend(options.wip.then(|| "wip".to_owned()));
    let all = all.join(",");
    let sign = if all.is_empty() { "" } else { "%" };
    format!("{source}:refs/for/{target}{sign}{all}")
}

impl Word {
    /// Returns the value.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Word {
    type Err = OptionError;

    fn from_str(value: &str) -> Result<Word, OptionError> {
        if value.is_empty() {
            return Err(OptionError::Empty);
        }
        let splits = |c: char| matches!(c, ',' | '%') || c.is_whitespace() || c.is_control();
        if let Some(found) = value.chars().find(|&c| splits(c)) {
            return Err(OptionError::Splits {
                value: value.to_owned(),
                found,
            });
        }
        // A leading `-` would be an option of `git review`.
        if !refname::fits(value) || value.starts_with('-') {
            return Err(OptionError::NoReference(value.to_owned()));
        }
        Ok(Word(value.to_owned()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn word(text: &str) -> Word {
        text.parse().expect("an option")
    }

    #[test]
    fn options_follow_the_target() {
        let mut options = PushOptions::default();
        assert_eq!(refspec("b", "master", &options), "b:refs/for/master");
        options.topic = Some(word("master"));
        assert_eq!(refspec("b", "master", &options), "b:refs/for/master");
        options = PushOptions {
            topic: Some(word("rally-perfscale")),
            wip: true,
            reviewers: vec![word("a@x.org"), word("b")],
            hashtags: vec![word("perf")],
        };
        assert_eq!(
            refspec("b", "stable/1", &options),
            "b:refs/for/stable/1%topic=rally-perfscale,t=perf,r=a@x.org,r=b,wip"
        );
    }

    #[test]
    fn what_would_be_split_or_refused_is_no_word() {
        for bad in [
            "", "a,b", "a b", "a%b", "a\tb", "a\nb", "a\u{a0}b", "a..b", "a:b", "~a", "-a",
            "a.lock", "a/", "/a", ".a", "a.", "a@{b", "a*", "a\\b",
        ] {
            assert!(bad.parse::<Word>().is_err(), "{bad:?}");
        }
        for good in ["bp/rally", "a-b_c.d", "a+b=c", "\u{e9}", "a'b", "a$b"] {
            assert!(good.parse::<Word>().is_ok(), "{good:?}");
        }
    }
}
