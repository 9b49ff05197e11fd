//! A new repository with given files, for the demonstration.

use std::fs;
use std::path::Path;

use git2::{Repository, RepositoryInitOptions, Signature};

use super::open::Reached;
use super::{Environment, Failure, GitError, Repo};
use crate::files::FileMap;

/// Who made the sample's first commit, and whose identity its configuration has.
const NAME: &str = "Sample Contributor";
const EMAIL: &str = "sample@example.org";

impl Repo {
    /// Makes a repository at `path`, which must not be there, with `files` as its first commit,
    /// as if it had been cloned: `origin/master` is there, and a name and address are configured.
    pub fn sample(path: &Path, files: &FileMap, env: &Environment) -> Result<Repo, GitError> {
        let lay_out = || -> std::io::Result<()> {
            for (name, (_, bytes)) in &files.0 {
                let file = path.join(name);
                fs::create_dir_all(file.parent().unwrap_or(path))?;
                fs::write(file, bytes)?;
            }
            Ok(())
        };
        lay_out().map_err(|e| {
            Failure::during(
                format!("write the sample to `{}`", path.display()),
                git2::Error::from_str(&e.to_string()),
            )
        })?;
        let inner = first_commit(path).map_err(|e| {
            Failure::during(format!("make a repository of `{}`", path.display()), e)
        })?;
        Ok(Repo::of(inner, Reached::ByPath, env)?)
    }
}

fn first_commit(path: &Path) -> Result<Repository, git2::Error> {
    let mut options = RepositoryInitOptions::new();
    let repo = Repository::init_opts(
        path,
        options
            .initial_head("master")
            .no_reinit(true)
            .external_template(false),
    )?;
    let mut config = repo.config()?;
    config.set_str("user.name", NAME)?;
    config.set_str("user.email", EMAIL)?;
    let mut index = repo.index()?;
    index.add_all(["*"], git2::IndexAddOption::FORCE, None)?;
    index.write()?;
    let tree_id = index.write_tree()?;
    {
        let tree = repo.find_tree(tree_id)?;
        let who = Signature::new(NAME, EMAIL, &git2::Time::new(1_767_225_600, 0))?;
        let commit = repo.commit(
            Some("HEAD"),
            &who,
            &who,
            "A sample of the service's repository\n",
            &tree,
            &[],
        )?;
        repo.reference(
            "refs/remotes/origin/master",
            commit,
            false,
            "git-rally: sample",
        )?;
    }
    Ok(repo)
}
