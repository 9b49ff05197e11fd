//! `compare`: what two sets of runs say.

use super::UsageError;
use super::results::{has_a_folder, read, skipped, write_page};
use crate::event::{Compared, Event};
use crate::judge;
use crate::page;
use crate::request::Compare;
use crate::results::Names;

pub(super) fn compare(wanted: &Compare, tell: &mut dyn FnMut(Event)) -> Result<(), UsageError> {
    has_a_folder(&wanted.options)?;
    let names = Names::default();
    let before = read(&wanted.before, &names, tell)?;
    let after = read(&wanted.after, &names, tell)?;
    let aside = [before.aside, after.aside].concat();
    let mut comparison = judge::compare(&before.runs, &after.runs, aside, wanted.options.smallest);
    let other_files = before.other_files + after.other_files;
    comparison.notes.extend(skipped(other_files));
    let page = write_page(&wanted.options, || page::of_comparison(&comparison), tell);
    tell(Event::Compared(Box::new(Compared { page, comparison })));
    Ok(())
}
