//! The load of a workload.

use super::{Known, Rule};
use crate::check::Finding;
use crate::check::task::Workload;
use crate::yaml::Node;

/// More iterations at the same time than in all.
pub(super) const CONCURRENCY_OVER_TIMES: Rule = Rule {
    name: "concurrency-over-times",
};

pub(super) fn concurrency_over_times(workload: &Workload<'_>, _: &Known<'_>) -> Vec<Finding> {
    let constant = workload.runner().filter(|runner| runner.name == "constant");
    let runner = constant.map(|runner| runner.config);
    let Some(runner) = runner.filter(|runner| runner.is_mapping()) else {
        return Vec::new();
    };
    // Rally takes 1 for what is not given
    let number = |key: &str| runner.own(key).map_or(Some(1.0), Node::number);
    let (Some(times), Some(concurrency)) = (number("times"), number("concurrency")) else {
        return Vec::new();
    };
    if concurrency <= times {
        return Vec::new();
    }
    let line = match runner.entry("concurrency") {
        Some((key, _)) => key.line(),
        None => runner.line(),
    };
    let message =
        format!("`concurrency` ({concurrency}) exceeds `times` ({times}); Rally rejects that");
    vec![CONCURRENCY_OVER_TIMES.broken(workload.path, line, message)]
}

/// A rate of requests that ends lower than it starts.
pub(super) const RATE_FALLS: Rule = Rule { name: "rate-falls" };

pub(super) fn rate_falls(workload: &Workload<'_>, _: &Known<'_>) -> Vec<Finding> {
    let runner = workload.runner().filter(|runner| runner.name == "rps");
    let rate = runner.and_then(|runner| runner.config.entry("rps"));
    let Some((key, rate)) = rate else {
        return Vec::new();
    };
    let number = |key: &str| rate.own(key).and_then(Node::number);
    match (number("start"), number("end")) {
        (Some(start), Some(end)) if end < start => {
            let message = format!("the rate ends at {end}, lower than its start, {start}");
            vec![RATE_FALLS.broken(workload.path, key.line(), message)]
        }
        _ => Vec::new(),
    }
}
