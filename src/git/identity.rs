//! Author and committer as git would take them, and nobody else.
//!
//! A wrong name or address is a wrong legal statement in `Signed-off-by`, so nothing is guessed:
//! no user name of the machine, no host name.

use jiff::tz::TimeZone;

use super::{Environment, Settings};
use crate::remedy::{Refusal, Remedy};
use crate::shell;

/// Why it is not certain who the author or committer is.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    #[error("`user.{part}` is not set, and it is not guessed")]
    Missing { part: Part },
    /// A key of the configuration, or a variable.
    #[error("`{key}` is `{value}`, which leaves no {part}")]
    Empty {
        key: String,
        value: String,
        part: Part,
    },
    #[error(
        "the configuration has `{include}`, which git-rally cannot evaluate, so the identity is not sure"
    )]
    Include { include: String },
    #[error("{variable} is `{text}`, which is not a date")]
    Date { variable: String, text: String },
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
}

impl Remedy for IdentityError {
    fn refusal(&self) -> Option<Refusal> {
        Some(Refusal::Identity)
    }

    fn hint(&self) -> String {
        match self {
            IdentityError::Missing { part } => {
                format!("git config --global user.{part} {}", part.example())
            }
            IdentityError::Empty { key, part, .. } if key.contains('.') => {
                let key = shell::quoted(key);
                format!("git config --global {key} {}", part.example())
            }
            IdentityError::Empty { key, part, .. } => format!("export {key}={}", part.example()),
            IdentityError::Include { .. } => {
                "git -c user.name=\"Your Name\" -c user.email=you@example.org rally commit"
                    .to_owned()
            }
            IdentityError::Date { variable, .. } => {
                format!("{variable}=2026-01-31T12:00:00+0000, or unset it")
            }
        }
    }
}

/// A moment, with the zone it is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    /// Seconds since 1970.
    pub seconds: i64,
    /// Minutes east of UTC.
    pub offset: i32,
}

/// Who, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The name, cleaned as git cleans it.
    pub name: String,
    /// The mail address.
    pub email: String,
    /// The date of authorship or commit.
    pub when: When,
}

/// Author and committer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Who wrote the change: also who signs it off.
    pub author: Person,
    /// Who commits it.
    pub committer: Person,
}

impl When {
    /// Returns the date as git stores it: `1782000000 +0200`.
    pub fn raw(self) -> String {
        format!("{} {}", self.seconds, self.zone())
    }

    /// Returns the zone: `+0200`.
    pub fn zone(self) -> String {
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.abs();
        format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
    }

    /// Returns the day in its own zone: `2026-08-21`.
    pub fn day(self) -> String {
        let local = self.seconds + i64::from(self.offset) * 60;
        jiff::Timestamp::from_second(local)
            .map_or_else(|_| self.raw(), |time| time.strftime("%Y-%m-%d").to_string())
    }
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
        let now = std::cell::OnceCell::new();
        let resolver = Resolver { settings, env, now };
        Ok(Identity {
            author: resolver.person("AUTHOR", "author")?,
            committer: resolver.person("COMMITTER", "committer")?,
        })
    }
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
        let keys = [format!("{section}.{part}"), format!("user.{part}")];
        if let Some(value) = self.env.0.get(&variable) {
            return clean(value, &variable, part);
        }
        self.no_unresolved_include(&keys)?;
        for key in &keys {
            if let Some(value) = self.settings.get(key) {
                return clean(&value, key, part);
            }
        }
        match self.env.get("EMAIL") {
            Some(value) if part == Part::Email => clean(value, "EMAIL", part),
            _ => Err(IdentityError::Missing { part }),
        }
    }

    /// Fails where a configuration file may say who it is but libgit2 does not read it.
    fn no_unresolved_include(&self, keys: &[String]) -> Result<(), IdentityError> {
        if keys
            .iter()
            .any(|key| self.settings.is_from_environment(key))
        {
            return Ok(());
        }
        match self.settings.unresolved_include() {
            None => Ok(()),
            Some(include) => Err(IdentityError::Include { include }),
        }
    }

    fn when(&self, variable: &str) -> Result<When, IdentityError> {
        let variable = format!("GIT_{variable}_DATE");
        if let Some(text) = self.env.get(&variable) {
            return parse_date(text).ok_or_else(|| bad_date(&variable, text));
        }
        if let Some(text) = self.env.get("SOURCE_DATE_EPOCH") {
            // As git's: `git fsck` and Gerrit refuse a commit of before 1970.
            let seconds = text.trim().parse().ok().filter(|seconds| *seconds >= 0);
            let seconds = seconds.ok_or_else(|| bad_date("SOURCE_DATE_EPOCH", text))?;
            return Ok(When { seconds, offset: 0 });
        }
        Ok(*self.now.get_or_init(now))
    }
}

/// Returns this moment in the machine's time zone. libgit2 asks the C library for the zone, which
/// costs a tenth of reading a time zone database.
fn now() -> When {
    let now = git2::Signature::now("now", "now").map(|signature| signature.when());
    now.map_or_else(
        |_| of_zoned(&jiff::Zoned::now()),
        |time| When {
            seconds: time.seconds(),
            offset: time.offset_minutes(),
        },
    )
}

fn bad_date(variable: &str, text: &str) -> IdentityError {
    IdentityError::Date {
        variable: variable.to_owned(),
        text: text.to_owned(),
    }
}

/// Returns the value without what git takes off it: control characters, blanks and punctuation at
/// both ends, and `<`, `>` and line ends anywhere (git's `strbuf_addstr_without_crud`).
fn clean(value: &str, key: &str, part: Part) -> Result<String, IdentityError> {
    let crud = |c: char| c <= ' ' || ".,:;<>\"\\'".contains(c);
    let cleaned: String = value
        .trim_matches(crud)
        .chars()
        .filter(|c| !"\n<>".contains(*c))
        .collect();
    if cleaned.is_empty() || cleaned.contains('\0') {
        return Err(IdentityError::Empty {
            key: key.to_owned(),
            value: value.to_owned(),
            part,
        });
    }
    Ok(cleaned)
}

/// Returns a date in one of the forms of git: `@seconds zone`, RFC 2822, or ISO 8601.
///
/// Without a zone, the machine's holds.
fn parse_date(text: &str) -> Option<When> {
    let text = text.trim();
    raw_date(text)
        .or_else(|| {
            let rfc = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
            rfc.parse_zoned(text).ok().map(|zoned| of_zoned(&zoned))
        })
        .or_else(|| iso_date(text))
}

fn of_zoned(zoned: &jiff::Zoned) -> When {
    When {
        seconds: zoned.timestamp().as_second(),
        offset: zoned.offset().seconds() / 60,
    }
}

/// Returns `@1782000000 +0200`; without the `@`, nine digits at least, as git has it.
fn raw_date(text: &str) -> Option<When> {
    let (digits, marked) = match text.strip_prefix('@') {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let (seconds, zone) = digits.split_once(' ').unwrap_or((digits, "+0000"));
    if !marked && seconds.len() < 9 {
        return None;
    }
    let plain = !seconds.is_empty() && seconds.bytes().all(|b| b.is_ascii_digit());
    Some(When {
        seconds: plain.then(|| seconds.parse().ok())??,
        offset: zone_minutes(zone.trim())?,
    })
}

fn zone_minutes(zone: &str) -> Option<i32> {
    let (sign, digits) = match zone.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let number: i32 = (digits.len() == 4).then(|| digits.parse().ok())??;
    // Beyond this, git fsck calls the zone bad.
    (number <= 1400 && number % 100 < 60).then_some(sign * (number / 100 * 60 + number % 100))
}

fn iso_date(text: &str) -> Option<When> {
    // git allows a blank before the zone.
    let joined = match text.rsplit_once(' ') {
        Some((rest, zone)) if zone.starts_with(['+', '-']) || zone == "Z" => {
            format!("{rest}{zone}")
        }
        _ => text.to_owned(),
    };
    let pieces = jiff::fmt::temporal::Pieces::parse(&joined).ok()?;
    let local = pieces.date().to_datetime(pieces.time()?);
    let zone = match pieces.to_numeric_offset() {
        Some(offset) => TimeZone::fixed(offset),
        None => TimeZone::system(),
    };
    Some(of_zoned(&local.to_zoned(zone).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_the_forms_of_git() {
        let at = |seconds, offset| Some(When { seconds, offset });
        assert_eq!(parse_date("@1782000000 +0200"), at(1_782_000_000, 120));
        assert_eq!(parse_date("1782000000 -0330"), at(1_782_000_000, -210));
        assert_eq!(
            parse_date("Sun, 21 Jun 2026 00:00:00 +0000"),
            at(1_782_000_000, 0)
        );
        assert_eq!(parse_date("2026-06-21T00:00:00Z"), at(1_782_000_000, 0));
        assert_eq!(
            parse_date("2026-06-21 02:00:00 +0200"),
            at(1_782_000_000, 120)
        );
        assert_eq!(parse_date("@1782000000 +9999"), None);
        assert_eq!(parse_date("12345"), None);
        assert_eq!(parse_date("tomorrow"), None);
    }

    #[test]
    fn git_takes_punctuation_off_both_ends() {
        assert_eq!(
            clean(" \"Jane Q. Doe\".", "user.name", Part::Name)
                .ok()
                .as_deref(),
            Some("Jane Q. Doe")
        );
        assert!(clean("<>", "user.name", Part::Name).is_err());
    }
}
