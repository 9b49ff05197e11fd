//! git-rally prepares one reviewable change that gives an OpenStack service Rally performance tests.

pub mod catalogue;
pub mod change;
pub mod detect;
pub mod embedded;
pub mod files;
pub mod git;
pub mod ini;
pub mod message;
pub mod patch;
pub mod render;
