//! An entry of the catalogue.

use std::io::{self, Write};

use super::GOOD;
use crate::event::{JobLine, ServiceEntry};
use crate::visible::visible;

pub(super) fn print_line(out: &mut dyn Write, entry: &ServiceEntry) -> io::Result<()> {
    let measured = entry.resources.iter();
    let measured = measured.filter(|resource| resource.without_workload.is_none());
    let names: Vec<&str> = measured.map(|resource| resource.name.as_str()).collect();
    writeln!(
        out,
        "{GOOD}{:<9}{GOOD:#} {:<17} {:>2} workloads: {}",
        entry.service,
        entry.kind,
        entry.workloads.len(),
        names.join(", ")
    )
}

pub(super) fn print(out: &mut dyn Write, entry: &ServiceEntry) -> io::Result<()> {
    let (name, kind, origin) = (&entry.service, &entry.kind, visible(&entry.origin));
    writeln!(out, "{GOOD}{name}{GOOD:#} ({kind}), {origin}")?;
    print_resources(out, entry)?;
    print_workloads(out, entry)?;
    for plugin in &entry.plugins {
        writeln!(out, "Plugin {}: {}", plugin.file, plugin.purpose)?;
        for scenario in &plugin.scenarios {
            writeln!(out, "  {}", scenario.name)?;
        }
    }
    if let Some(job) = &entry.job {
        print_job(out, job, entry)?;
    }
    for difference in &entry.differences {
        writeln!(out, "Differs from the template: {difference}")?;
    }
    Ok(())
}

fn print_resources(out: &mut dyn Write, entry: &ServiceEntry) -> io::Result<()> {
    writeln!(out, "Resources:")?;
    for resource in &entry.resources {
        match &resource.without_workload {
            None => writeln!(out, "  {}", resource.name)?,
            Some(why) => writeln!(out, "  {}: no workload: {why}", resource.name)?,
        }
    }
    Ok(())
}

fn print_workloads(out: &mut dyn Write, entry: &ServiceEntry) -> io::Result<()> {
    writeln!(
        out,
        "Workloads (times x concurrency, expected time, longest time within the limits):"
    )?;
    for workload in &entry.workloads {
        writeln!(
            out,
            "  {:<60} {:>3} x {:<2} {:>5} {:>6} s",
            workload.scenario,
            workload.times,
            workload.concurrency,
            or_unknown(workload.expected),
            workload.bound
        )?;
    }
    writeln!(
        out,
        "  {:<69} {:>5} {:>6} s",
        "all, with Rally's own time",
        or_unknown(entry.expected),
        entry.bound
    )
}

fn or_unknown(seconds: Option<u64>) -> String {
    seconds.map_or("?".to_owned(), |seconds| seconds.to_string())
}

fn print_job(out: &mut dyn Write, job: &JobLine, entry: &ServiceEntry) -> io::Result<()> {
    let proven = match job.proven {
        true => "runs upstream",
        false => "unproven",
    };
    let JobLine {
        name,
        parent,
        evidence,
        timeout,
        ..
    } = job;
    writeln!(out, "Job {name}, parent {parent} ({proven}): {evidence}")?;
    let devstack = or_unknown(entry.devstack);
    writeln!(
        out,
        "  timeout at least {timeout} s; DevStack takes about {devstack} s of it"
    )
}
