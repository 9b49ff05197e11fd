//! Ours beside git's.

use git_rally::git::{GitError, Identity, IdentityError};

use crate::place::{Bytes, Place, Row};
use crate::values::LOOSE_DATES;
use crate::version::Version;

/// What came of a row.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Equal,
    BothRefuse,
    /// Git takes it; the reason that we give for refusing is true.
    OnlyWeRefuse,
    Wrong(String),
}

pub(crate) fn judge(place: &Place, row: &Row, version: &Version) -> Outcome {
    place.lay_out(row);
    let theirs = (
        place.var(row, "GIT_AUTHOR_IDENT"),
        place.var(row, "GIT_COMMITTER_IDENT"),
    );
    let show = |line: &Option<Bytes>| {
        line.as_ref()
            .map(|l| String::from_utf8_lossy(l).into_owned())
    };
    let shown = format!("git: {:?}, {:?}", show(&theirs.0), show(&theirs.1));
    let own = |who: &Identity| [who.author.ident(), who.committer.ident()];
    let wrong = |ours: String| Outcome::Wrong(format!("ours: {ours}, {shown}\n{}", described(row)));
    match (place.ours(row), theirs) {
        (Ok(ours), (Some(author), Some(committer))) => {
            let same = (own(&ours).iter().zip([author, committer]))
                .all(|(own, git)| version.folded(own.as_bytes()) == version.folded(&git));
            match same {
                true => Outcome::Equal,
                false => wrong(format!("{:?}", own(&ours))),
            }
        }
        (Ok(ours), _) => match own(&ours).iter().any(|l| version.is_own(l.as_bytes())) {
            true => Outcome::Equal,
            false => wrong(format!("{:?}", own(&ours))),
        },
        (Err(_), (None, _) | (_, None)) => Outcome::BothRefuse,
        (Err(error), (Some(author), Some(committer))) => {
            match reason_is_true(place, row, &error, &[author, committer]) {
                true => Outcome::OnlyWeRefuse,
                false => wrong(error.to_string()),
            }
        }
    }
}

/// Returns whether what is refused, though git takes it, is as the reason says.
fn reason_is_true(place: &Place, row: &Row, error: &GitError, git: &[Bytes]) -> bool {
    let GitError::Identity(error) = error else {
        return false;
    };
    match error {
        // Git makes one of the user's name and the host's, which it does no more where it must not.
        IdentityError::Missing { .. } => {
            let mut strict = row.clone();
            strict.variables.remove("EMAIL");
            strict
                .local
                .extend_from_slice(b"\n[user]\n\tuseConfigOnly = true\n");
            place.lay_out(&strict);
            let var = |name| place.var(&strict, name);
            let (author, committer) = (var("GIT_AUTHOR_IDENT"), var("GIT_COMMITTER_IDENT"));
            let is_empty = |line: Option<Bytes>| {
                line.is_none_or(|line| line.windows(3).any(|part| part == b" <>"))
            };
            is_empty(author) || is_empty(committer)
        }
        IdentityError::Empty { .. } => {
            let empty = |line: &Bytes| line.windows(3).any(|part| part == b" <>");
            git.iter().any(empty)
        }
        IdentityError::Control { .. } => git
            .iter()
            .any(|line| String::from_utf8_lossy(line).contains(char::is_control)),
        IdentityError::NotUtf8 { .. } => git.iter().any(|l| std::str::from_utf8(l).is_err()),
        IdentityError::Date { variable, text } => {
            let value = row.variables.get(variable.as_str());
            value.is_some_and(|value| String::from_utf8_lossy(value) == text.as_str())
                && LOOSE_DATES.contains(&text.as_str())
        }
        IdentityError::Include { include } => include.starts_with("includeif.worktree"),
        _ => false,
    }
}

pub(crate) fn none_wrong(outcomes: &[Outcome]) {
    let wrong: Vec<&str> = (outcomes.iter())
        .filter_map(|outcome| match outcome {
            Outcome::Wrong(why) => Some(why.as_str()),
            _ => None,
        })
        .collect();
    let (some, all) = (wrong.len(), outcomes.len());
    assert!(wrong.is_empty(), "{some} of {all}:\n{}", wrong.join("\n"));
}

fn described(row: &Row) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let variables: Vec<String> = (row.variables.iter())
        .map(|(key, value)| format!("{key}={:?}", text(value)))
        .collect();
    format!(
        "  global {:?}\n  xdg {:?}\n  local {:?}\n  included {:?}\n  {}\n",
        text(&row.global),
        text(&row.xdg),
        text(&row.local),
        text(&row.included),
        variables.join(" ")
    )
}
