//! `review`: the change, and how it goes to Gerrit.

use super::change;
use crate::gerrit::{PushOptions, Word};
use crate::request::{DEFAULT_TOPIC, Review, Upload};

#[derive(Debug, clap::Args)]
pub(super) struct ReviewArgs {
    #[command(flatten)]
    change: change::ChangeArgs,

    /// The topic of the change
    #[arg(long, value_name = "T", default_value = DEFAULT_TOPIC)]
    topic: Word,

    /// Push to Gerrit, with your own git, ssh and pre-push hook
    #[arg(long)]
    push: bool,

    /// Mark the change as work in progress: Gerrit asks nobody for a review yet
    #[arg(long)]
    wip: bool,

    /// Add a reviewer; you can repeat this option
    #[arg(long = "reviewer", value_name = "USER")]
    reviewers: Vec<Word>,

    /// Add a hashtag; you can repeat this option
    #[arg(long = "hashtag", value_name = "TAG")]
    hashtags: Vec<Word>,
}

impl ReviewArgs {
    pub(super) fn request(self) -> Review {
        let (repos, change) = self.change.request();
        Review {
            repos,
            change,
            options: PushOptions {
                topic: Some(self.topic),
                wip: self.wip,
                reviewers: self.reviewers,
                hashtags: self.hashtags,
            },
            upload: match self.push {
                true => Upload::Push,
                false => Upload::PrintSteps,
            },
        }
    }
}
