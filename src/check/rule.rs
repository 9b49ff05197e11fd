//! The rules, each with the place it comes from.

use std::fmt;

/// A rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Zuul refuses the file: not YAML, a key twice, not a list of items (Zuul 14,
    /// `configloader.safeLoadConfig` and `ZuulSafeLoader`).
    ZuulNotUsable,
    /// There are two configuration roots, and Zuul reads the first of `zuul.yaml`, `zuul.d`,
    /// `.zuul.yaml`, `.zuul.d` only (Zuul 14, `ZUUL_CONF_ROOT`).
    ZuulTwoRoots,
    /// A file that would be configuration, but Zuul reads only `*.yaml` (Zuul 14,
    /// `merger.Repo.getFiles`).
    ZuulNotRead,
    /// The task file that a job names is not there; the role `prepare-for-rally-task` of
    /// rally-openstack fails the job.
    TaskMissing,
    /// A job that no pipeline lists: it never runs.
    JobInNoPipeline,
    /// A non-voting job in gate, where its failure holds nothing back (project-config,
    /// `REVIEWING.rst`).
    NonVotingInGate,
    /// A timeout above Zuul's default `max-job-timeout`, which OpenDev's tenant leaves as it is.
    TimeoutOverLimit,
    /// The task file is no YAML before it is rendered, and the repository's own `check-yaml` hook
    /// reads it.
    NotYamlUnrendered,
    /// Task format version 1, which rally-openstack's own tests call deprecated.
    TaskV1,
    /// A scenario that neither Rally nor a plugin of the repository has; Rally refuses the task.
    UnknownScenario,
    /// An SLA that holds when every iteration fails (rally-openstack's `test_sla_requires_success`).
    LetsAllFail,
    /// A limit for an atomic action that the scenario never reports: it always holds (Rally's
    /// `max_avg_duration_per_atomic` compares 0.0).
    UnknownAction,
    /// More iterations at the same time than in all; Rally's constant runner refuses it.
    ConcurrencyOverTimes,
    /// A Jinja2 variable without a value: Rally refuses the task (`render_template`), and the CI
    /// roles pass no arguments.
    UndeclaredVariable,
    /// A file of `~/.rally/extra` that is not in `rally-jobs/extra`, from where the CI roles copy.
    ExtraMissing,
    /// A Python file of comments alone (hacking's H104).
    CommentsOnly,
    /// A Python file without the Apache licence's header (hacking's H102).
    NoLicence,
    /// An executable file without `#!` (`check-executables-have-shebangs` of pre-commit-hooks).
    Executable,
    /// A line of a README that is too long (doc8's D001).
    LongLine,
}

impl Rule {
    /// All rules.
    pub const ALL: [Rule; 19] = [
        Rule::ZuulNotUsable,
        Rule::ZuulTwoRoots,
        Rule::ZuulNotRead,
        Rule::TaskMissing,
        Rule::JobInNoPipeline,
        Rule::NonVotingInGate,
        Rule::TimeoutOverLimit,
        Rule::NotYamlUnrendered,
        Rule::TaskV1,
        Rule::UnknownScenario,
        Rule::LetsAllFail,
        Rule::UnknownAction,
        Rule::ConcurrencyOverTimes,
        Rule::UndeclaredVariable,
        Rule::ExtraMissing,
        Rule::CommentsOnly,
        Rule::NoLicence,
        Rule::Executable,
        Rule::LongLine,
    ];

    /// Returns its name.
    pub fn name(self) -> &'static str {
        match self {
            Rule::ZuulNotUsable => "zuul-not-usable",
            Rule::ZuulTwoRoots => "zuul-two-roots",
            Rule::ZuulNotRead => "zuul-not-read",
            Rule::TaskMissing => "task-missing",
            Rule::JobInNoPipeline => "job-in-no-pipeline",
            Rule::NonVotingInGate => "non-voting-in-gate",
            Rule::TimeoutOverLimit => "timeout-over-limit",
            Rule::NotYamlUnrendered => "not-yaml-unrendered",
            Rule::TaskV1 => "task-v1",
            Rule::UnknownScenario => "unknown-scenario",
            Rule::LetsAllFail => "lets-all-fail",
            Rule::UnknownAction => "unknown-action",
            Rule::ConcurrencyOverTimes => "concurrency-over-times",
            Rule::UndeclaredVariable => "undeclared-variable",
            Rule::ExtraMissing => "extra-missing",
            Rule::CommentsOnly => "comments-only",
            Rule::NoLicence => "no-licence",
            Rule::Executable => "executable",
            Rule::LongLine => "long-line",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
