//! `compare` and `trend`: the results, and what matters.

use std::path::{Path, PathBuf};

use crate::judge::Smallest;
use crate::request::{Compare, JudgeOptions, Output, Trend};
use crate::shell;

#[derive(Debug, clap::Args)]
pub(super) struct CompareArgs {
    /// Rally's results: two files, or two folders that hold some; or several from before, `--`, and
    /// several from after
    #[arg(value_name = "BEFORE AFTER", required = true)]
    paths: Vec<PathBuf>,

    /// Several from after
    #[arg(last = true, value_name = "AFTER", hide = true)]
    after: Vec<PathBuf>,

    #[command(flatten)]
    options: JudgeArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct TrendArgs {
    /// Rally's results: files, or folders that hold some
    #[arg(required = true)]
    results: Vec<PathBuf>,

    /// Take the runs in the order in which they are given, those of a folder by name [default: by
    /// their start]
    #[arg(long)]
    in_order: bool,

    #[command(flatten)]
    options: JudgeArgs,
}

/// The options of both.
#[derive(Debug, clap::Args)]
struct JudgeArgs {
    /// The smallest change that matters, in percent
    #[arg(long, value_name = "PERCENT", default_value = "3", value_parser = part)]
    smallest: f64,

    /// Write a page with plots to this file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    /// Overwrite the file of --html if it exists
    #[arg(long, requires = "html")]
    force: bool,
}

/// What is wrong with the paths of `compare`.
#[derive(Debug, thiserror::Error)]
#[error(
    "`git rally compare` takes one path from before and one from after; put `--` between several: `git rally compare OLD... -- NEW...`"
)]
pub struct TwoSides;

impl CompareArgs {
    pub(super) fn request(self) -> Result<Compare, TwoSides> {
        let (before, after) = match (self.paths.as_slice(), self.after.is_empty()) {
            ([before, after], true) => (vec![before.clone()], vec![after.clone()]),
            (_, false) => (self.paths, self.after),
            _ => return Err(TwoSides),
        };
        let mut words: Vec<String> = before.iter().map(|path| shown(path)).collect();
        words.push("--".to_owned());
        words.extend(after.iter().map(|path| shown(path)));
        let options = self.options.options("compare", &words);
        Ok(Compare {
            before,
            after,
            options,
        })
    }
}

impl TrendArgs {
    pub(super) fn request(self) -> Trend {
        let mut words: Vec<String> = self
            .in_order
            .then(|| "--in-order".to_owned())
            .into_iter()
            .collect();
        words.push("--".to_owned());
        words.extend(self.results.iter().map(|path| shown(path)));
        let options = self.options.options("trend", &words);
        Trend {
            results: self.results,
            in_order: self.in_order,
            options,
        }
    }
}

impl JudgeArgs {
    fn options(self, verb: &str, words: &[String]) -> JudgeOptions {
        let smallest = Smallest {
            part: self.smallest,
            ..Smallest::default()
        };
        let again = self.html.as_deref().map(|file| {
            let percent = (self.smallest * 100.0).to_string();
            let file = shown(file);
            let mut all = vec!["git", "rally", verb, "--html", &file, "--force"];
            if smallest.part != Smallest::default().part {
                all.extend(["--smallest", &percent]);
            }
            all.extend(words.iter().map(String::as_str));
            shell::line(all)
        });
        let page = self.html.map(|file| match self.force {
            true => Output::Overwrite(file),
            false => Output::Create(file),
        });
        JudgeOptions {
            smallest,
            page,
            again: again.unwrap_or_default(),
        }
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// Returns percent as a part.
fn part(text: &str) -> Result<f64, String> {
    match text.trim_end_matches('%').parse::<f64>() {
        Ok(percent) if (0.0..=1000.0).contains(&percent) => Ok(percent / 100.0),
        _ => Err("write a number of percent, from 0 to 1000".to_owned()),
    }
}
