//! What holds for the whole: texts of which a person has read every byte, and how tests are written.

mod changes;
mod limits;
mod manual;
mod pictures;
mod readme;
#[path = "../support/mod.rs"]
mod support;
mod times;
