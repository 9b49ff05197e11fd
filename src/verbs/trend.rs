//! `trend`: what a series of runs says.

use super::UsageError;
use super::results::{has_a_folder, read, skipped, write_page};
use crate::event::{Event, Trended};
use crate::judge;
use crate::page;
use crate::request::Trend;
use crate::results::Names;

pub(super) fn trend(wanted: &Trend, tell: &mut dyn FnMut(Event)) -> Result<(), UsageError> {
    has_a_folder(&wanted.options)?;
    let read = read(&wanted.results, &Names::default(), tell)?;
    let smallest = wanted.options.smallest;
    let mut trend = judge::trend(&read.runs, read.aside, smallest, wanted.in_order);
    trend.notes.extend(skipped(read.other_files));
    let page = write_page(&wanted.options, || page::of_trend(&trend), tell);
    tell(Event::Trend(Box::new(Trended { page, trend })));
    Ok(())
}
