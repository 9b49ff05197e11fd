//! git-rally prepares one reviewable change that gives an OpenStack service Rally performance tests.
//!
//! ```text
//! main -> cli -> request -> run -> { git (write), gerrit }          effects, last
//!                              \-> patch                            the text of a change
//!                              \-> check                            what is wrong with what is there
//!                              \-> plan -> { render, zuul, message }   pure: bytes in, values out
//!                                     \-> detect -> catalogue          pure
//!                                            \-> files                 a git snapshot, or a map
//! ```
//!
//! `event` is what there is to say, and `report` prints it; `embedded` holds the templates and the
//! sample repositories, `disk` reads folders, `ini` reads what Python's configparser reads.

pub mod catalogue;
pub mod change;
pub mod check;
pub mod cli;
pub mod detect;
pub mod disk;
pub mod embedded;
pub mod event;
pub mod files;
pub mod gerrit;
pub mod git;
pub mod glob;
pub mod ini;
pub mod message;
pub mod patch;
pub mod plan;
pub mod rally;
pub mod remedy;
pub mod render;
pub mod report;
pub mod request;
pub mod run;
pub mod shell;
pub mod yaml;
pub mod zuul;
