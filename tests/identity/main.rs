//! Author and committer against `git var`: a table of names, mails and dates from every place that
//! git takes them from. Equal to git's, or refused with the true reason; where git ends with an
//! error, so do we.

mod judge;
mod place;
mod program;
mod rows;
mod sources;
#[path = "../support/mod.rs"]
mod support;
mod table;
mod values;
mod version;
