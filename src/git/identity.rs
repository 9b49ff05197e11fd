//! Author and committer as git would take them, and nobody else.
//!
//! A wrong name or address is a wrong legal statement in `Signed-off-by`, so nothing is guessed:
//! no user name of the machine, no host name. The rules are those of git 2.42 and later, which keep
//! a dot at the end of a name (`Jr.`); earlier ones take it off.

use super::{Environment, Settings, SettingsError, When, date};
use crate::remedy::{Refusal, Remedy};
use crate::shell;

/// Why it is not certain who the author or committer is.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    #[error("`user.{part}` is not set")]
    Missing { part: Part },
    #[error(
        "`user.{part}` is not set, and you cannot read the file that may set it: `{path}`: permission denied"
    )]
    Closed { part: Part, path: String },
    /// A key of the configuration, or a variable.
    #[error("`{key}` is `{value}`, which git reduces to an empty {part}")]
    Empty {
        key: String,
        value: String,
        part: Part,
    },
    #[error("`{key}` is not UTF-8")]
    NotUtf8 { key: String, part: Part },
    #[error("`{key}` has a control character, which git-rally puts into no Signed-off-by")]
    Control { key: String, part: Part },
    #[error("`user.email` is not set, and `user.useConfigOnly` forbids the variable EMAIL")]
    ConfigOnly,
    #[error("the configuration has `{include}`, which git-rally cannot evaluate")]
    Include { include: String },
    #[error(
        "{variable} is `{text}`, not a date from 1970 on as `@SECONDS ZONE`, RFC 2822 or ISO 8601"
    )]
    Date { variable: String, text: String },
    #[error(transparent)]
    Settings(#[from] SettingsError),
}

/// What an identity has of each person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Name,
    Email,
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Part::Name => "name",
            Part::Email => "email",
        })
    }
}

impl Part {
    fn example(self) -> &'static str {
        match self {
            Part::Name => "\"Your Name\"",
            Part::Email => "you@example.org",
        }
    }

    fn set(self, key: &str) -> String {
        let example = self.example();
        match key.contains('.') {
            true => format!("git config --global {} {example}", shell::quoted(key)),
            false => format!("export {key}={example}"),
        }
    }
}

impl Remedy for IdentityError {
    fn refusal(&self) -> Option<Refusal> {
        match self {
            IdentityError::Settings(error) => error.refusal(),
            _ => Some(Refusal::Identity),
        }
    }

    fn hint(&self) -> String {
        match self {
            IdentityError::Missing { part } => part.set(&format!("user.{part}")),
            IdentityError::Closed { path, .. } => shell::line(["ls", "-ld", path]),
            IdentityError::Empty { key, part, .. } => part.set(key),
            IdentityError::Control { key, part } => part.set(key),
            IdentityError::NotUtf8 { key, part } => format!("write it in UTF-8: {}", part.set(key)),
            IdentityError::ConfigOnly => Part::Email.set("user.email"),
            IdentityError::Include { .. } => {
                "export GIT_AUTHOR_NAME=.. GIT_AUTHOR_EMAIL=.. GIT_COMMITTER_NAME=.. GIT_COMMITTER_EMAIL=.."
                    .to_owned()
            }
            IdentityError::Date { variable, .. } => {
                format!("export {variable}=2026-01-31T12:00:00+0000, or unset it")
            }
            IdentityError::Settings(error) => error.hint(),
        }
    }
}

/// Who, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The name, cleaned as git cleans it.
    pub name: String,
    pub email: String,
    /// The date of authorship or commit.
    pub when: When,
}

/// Author and committer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Who wrote the change: also who signs it off.
    pub author: Person,
    pub committer: Person,
}

impl Person {
    /// Returns `Name <mail>`.
    pub fn address(&self) -> String {
        format!("{} <{}>", self.name, self.email)
    }

    /// Returns the line of a commit object: `Name <mail> seconds zone`.
    pub fn ident(&self) -> String {
        format!("{} {}", self.address(), self.when.raw())
    }
}

impl Identity {
    /// Returns author and committer from the environment and the configuration, dates from
    /// `GIT_AUTHOR_DATE`, `GIT_COMMITTER_DATE` or `SOURCE_DATE_EPOCH`, else now.
    pub fn resolve(settings: &Settings, env: &Environment) -> Result<Identity, IdentityError> {
        is_sound(settings)?;
        let now = std::cell::OnceCell::new();
        let resolver = Resolver { settings, env, now };
        Ok(Identity {
            author: resolver.person("AUTHOR", "author")?,
            committer: resolver.person("COMMITTER", "committer")?,
        })
    }
}

const SECTIONS: [&str; 3] = ["author", "committer", "user"];

/// Fails where git ends at what the configuration says of an identity, even if nothing of it counts
/// in the end.
fn is_sound(settings: &Settings) -> Result<(), SettingsError> {
    for section in SECTIONS {
        for part in [Part::Name, Part::Email] {
            settings.all_have_values(&format!("{section}.{part}"))?;
        }
    }
    settings.all_are_boolean("user.useConfigOnly")
}

struct Resolver<'a> {
    settings: &'a Settings,
    env: &'a Environment,
    /// One moment for author and committer, as git has it.
    now: std::cell::OnceCell<When>,
}

impl Resolver<'_> {
    fn person(&self, variable: &str, section: &str) -> Result<Person, IdentityError> {
        Ok(Person {
            name: self.part(variable, section, Part::Name)?,
            email: self.part(variable, section, Part::Email)?,
            when: self.when(variable)?,
        })
    }

    /// Returns name or mail: environment, then `author.*`, then `user.*`, then `EMAIL`.
    fn part(&self, variable: &str, section: &str, part: Part) -> Result<String, IdentityError> {
        let variable = format!("GIT_{variable}_{part}").to_uppercase();
        if let Some(value) = self.env.os(&variable) {
            return clean(value.as_encoded_bytes(), &variable, part);
        }
        if let Some(include) = self.settings.unknown_include() {
            let include = include.to_owned();
            return Err(IdentityError::Include { include });
        }
        let own = format!("{section}.{part}");
        if let Some(value) = self.configured(&own).filter(|value| !value.is_empty()) {
            return clean(value, &own, part);
        }
        let general = format!("user.{part}");
        if let Some(value) = self.configured(&general) {
            return clean(value, &general, part);
        }
        self.mail_of_variable(part)
    }

    /// Returns the mail address of `EMAIL`, which git takes where no configuration has one.
    fn mail_of_variable(&self, part: Part) -> Result<String, IdentityError> {
        let configured = |section: &&str| self.configured(&format!("{section}.{part}")).is_some();
        let variable = self.env.os("EMAIL").filter(|value| !value.is_empty());
        match variable {
            Some(value) if part == Part::Email && !SECTIONS.iter().any(configured) => {
                match self.settings.is_true("user.useConfigOnly")? {
                    true => Err(IdentityError::ConfigOnly),
                    false => clean(value.as_encoded_bytes(), "EMAIL", part),
                }
            }
            _ => Err(match self.settings.closed_file() {
                None => IdentityError::Missing { part },
                Some(path) => IdentityError::Closed {
                    part,
                    path: path.display().to_string(),
                },
            }),
        }
    }

    fn configured(&self, key: &str) -> Option<&[u8]> {
        self.settings.bytes(key).flatten()
    }

    fn when(&self, variable: &str) -> Result<When, IdentityError> {
        let variable = format!("GIT_{variable}_DATE");
        if let Some(text) = self.env.os(&variable).filter(|text| !text.is_empty()) {
            let found = text.to_str().and_then(date::parse);
            return found.ok_or_else(|| bad_date(&variable, &text.to_string_lossy()));
        }
        if let Some(text) = self.env.get("SOURCE_DATE_EPOCH") {
            // As git's: `git fsck` and Gerrit refuse a commit of before 1970.
            let seconds = text.trim().parse().ok().filter(|seconds| *seconds >= 0);
            let seconds = seconds.ok_or_else(|| bad_date("SOURCE_DATE_EPOCH", text))?;
            return Ok(When { seconds, offset: 0 });
        }
        Ok(*self.now.get_or_init(date::now))
    }
}

fn bad_date(variable: &str, text: &str) -> IdentityError {
    IdentityError::Date {
        variable: variable.to_owned(),
        text: text.to_owned(),
    }
}

/// Returns the value without what git takes off it: control characters, blanks and some punctuation
/// at both ends, and `<`, `>` and line ends anywhere.
fn clean(value: &[u8], key: &str, part: Part) -> Result<String, IdentityError> {
    let Ok(text) = std::str::from_utf8(value) else {
        let key = key.to_owned();
        return Err(IdentityError::NotUtf8 { key, part });
    };
    let crud = |c: char| c <= ' ' || ",:;<>\"\\'".contains(c);
    let cleaned: String = text
        .trim_matches(crud)
        .chars()
        .filter(|c| !"\n<>".contains(*c))
        .collect();
    if cleaned.contains(char::is_control) {
        let key = key.to_owned();
        return Err(IdentityError::Control { key, part });
    }
    if cleaned.is_empty() {
        return Err(IdentityError::Empty {
            key: key.to_owned(),
            value: text.to_owned(),
            part,
        });
    }
    Ok(cleaned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn git_takes_punctuation_off_both_ends_but_a_dot() {
        let name = |value: &str| clean(value.as_bytes(), "user.name", Part::Name).ok();
        assert_eq!(name(" \"Jane Q. Doe\","), Some("Jane Q. Doe".to_owned()));
        assert_eq!(name("John Doe Jr."), Some("John Doe Jr.".to_owned()));
        assert_eq!(name("<>"), None);
    }
}
