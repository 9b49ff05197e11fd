//! git-rally prepares one reviewable change that gives an OpenStack service Rally performance tests.

pub mod catalogue;
pub mod change;
pub mod files;
pub mod zuul;
