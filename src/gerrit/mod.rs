//! Gerrit: where a change goes, which steps remain, and the one push.

mod command;
mod options;
mod push;
mod rejection;
mod steps;

pub use command::Command;
pub use options::{OptionError, PushOptions, Word, refspec};
pub use push::{Answer, Change, Push, PushError, Pushed, classify, push};
pub use rejection::{Again, of_no_answer, of_rejection};
pub use steps::{CloneFacts, Missing, Steps, StepsError, Upload, push_command, steps};
