//! git-rally prepares one reviewable change that gives an OpenStack service Rally performance tests.
//!
//! A request becomes events: `main` parses the command line (`cli`), `verbs` does what is asked for,
//! one file a verb, and `report` prints what comes of it. `propose` holds the steps that the verbs
//! share; everything that it decides with is pure. The map of the house is `src/README.md`.

pub mod catalogue;
pub mod change;
pub mod check;
pub mod cli;
pub mod cores;
pub mod detect;
pub mod disk;
pub mod embedded;
pub mod event;
pub mod excerpt;
pub mod extend;
pub mod files;
pub mod gerrit;
pub mod git;
pub mod gitreview;
pub mod glob;
pub mod ini;
pub mod interrupt;
pub mod judge;
pub mod limits;
pub mod merge;
pub mod message;
pub mod page;
pub mod patch;
pub mod plan;
pub mod propose;
pub mod rally;
pub mod refname;
pub mod remedy;
pub mod render;
pub mod report;
pub mod request;
pub mod results;
pub mod shell;
pub mod stop;
pub mod verbs;
pub mod visible;
pub mod workload;
pub mod yaml;
pub mod zuul;
