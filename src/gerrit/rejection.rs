//! What to do about a push that was not taken, by the words of the other side: Gerrit's validators
//! (`CommitValidators`, `ReceiveCommits`), and git's and ssh's about a connection.

use crate::shell;

/// The commands that a remedy ends in.
#[derive(Clone, Copy, Debug)]
pub struct Again<'a> {
    /// The branch that holds the commit.
    pub branch: &'a str,
    /// Whether a command has to name it.
    pub names_branch: bool,
    /// The plain push.
    pub push: &'a str,
}

impl Again<'_> {
    /// Returns the command that makes the commit anew and pushes it.
    fn review(self, words: &[&str]) -> String {
        let mut line = vec!["git", "rally", "review"];
        if self.names_branch {
            line.extend(["--branch", self.branch]);
        }
        line.extend(words);
        shell::line(line)
    }
}

/// Returns what to do about Gerrit's refusal.
pub fn of_rejection(why: &str, again: Again<'_>) -> String {
    let has = |words: &str| why.contains(words);
    let anew = again.review(&["--replace", "--push"]);
    if has("not Signed-off-by") {
        format!("let it be signed off, without --no-signoff: {anew}")
    } else if has("is not registered in your account")
        || has("invalid committer")
        || has("invalid author")
    {
        let set = match has("forge author") || has("invalid author") {
            true => "unset GIT_AUTHOR_EMAIL; git config author.email ADDRESS",
            false => "git config user.email ADDRESS",
        };
        // What another identity has made, git-rally does not replace.
        format!(
            "add the address to your account in Gerrit, then: {}; or use one of the account: {set}; {}; {}",
            again.push,
            shell::line(["git", "branch", "-D", again.branch]),
            again.review(&["--push"])
        )
    } else if why.starts_with("change ") && why.ends_with(" closed") {
        format!(
            "the change was merged or abandoned; restore it in Gerrit, then: {}; or make a new one: git rally review --push --branch NAME",
            again.push
        )
    } else if has("Account '") && has("' not found") {
        format!(
            "name a reviewer whom Gerrit knows: {}",
            again.review(&["--push", "--reviewer", "USER"])
        )
    } else if why.starts_with("branch ") && why.ends_with(" not found") {
        "name a branch that Gerrit has as defaultbranch in .gitreview: git ls-remote --heads REMOTE"
            .to_owned()
    } else if has("Contributor Agreement") {
        format!(
            "agree in Gerrit, Settings, Agreements; then: {}",
            again.push
        )
    } else if has("prohibited by Gerrit") || has("Upload denied") {
        format!(
            "ask for the right to push for review in this project; then: {}",
            again.push
        )
    } else {
        again.push.to_owned()
    }
}

/// Returns what to do where nobody answered, or did not let the user in.
pub fn of_no_answer(why: &str, again: Again<'_>) -> String {
    if why.contains("error: 403") {
        return format!(
            "agree in Gerrit, Settings, Agreements, or ask for the right to push for review in this project; then: {}",
            again.push
        );
    }
    format!(
        "look at the address, and at your account there: git remote -v; then: {}",
        again.push
    )
}
