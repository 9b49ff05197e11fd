//! Texts that other programs read, too: ours is compared with what they make of it.

mod change_id;
mod ini;
#[path = "../support/mod.rs"]
mod support;
mod trailers;
