//! What is known of Rally and of the CI roles that run it: the one owner of these facts.
//!
//! What changes with a release of Rally is data, in `templates/rally`; `tests/online/raise_rally.py`
//! writes it anew. What is here follows the roles of rally-openstack's `roles/`, and OpenDev.

pub mod devstack;
mod facts;
pub mod jobs;
pub mod modules;
pub mod pace;
pub mod plugins;

pub use devstack::Devstacks;
pub use facts::{Facts, Versions};
pub use jobs::Jobs;

/// The directory of a repository that the roles look into.
pub const DIRECTORY: &str = "rally-jobs";

/// What [`DIRECTORY`] was called until 2015; no role looks there.
pub const OLD_DIRECTORY: &str = "rally-scenarios";

/// What the role copies to `~/.rally/plugins`.
pub const PLUGINS: &str = "rally-jobs/plugins";

/// What the role copies to [`EXTRA_AT_HOME`].
pub const EXTRA: &str = "rally-jobs/extra";

/// Where a task finds the extra files while the job runs.
pub const EXTRA_AT_HOME: &str = "~/.rally/extra";

/// The images that the role puts among the extra files.
pub const IMAGES_OF_THE_ROLE: [&str; 2] = ["dummy_image.qcow2", "dummy_image.raw"];

/// The entry points by which an installed package brings plugins to Rally.
pub const PLUGIN_ENTRY_POINTS: &str = "rally_plugins";

/// The jobs of rally-openstack that run the roles: each has this before its name.
pub const JOBS_OF_RALLY: &str = "rally-task-";

/// The longest timeout in seconds: OpenDev's tenant leaves Zuul's `max-job-timeout` at its default.
pub const LONGEST_JOB: u32 = 10_800;

/// The shortest time in seconds in which DevStack comes up: `small` of `durations.yaml`.
pub const SHORTEST_DEVSTACK: u64 = 900;

/// The variables that the roles take from a job.
pub const ROLE_VARIABLES: [&str; 4] = [
    "rally_task",
    "rally_task_src_dir",
    "rally_use_existing_users",
    "RALLY_OSPROFILER_CHART",
];

/// Variables that the playbook `run-rally-task.yaml` sets itself, which a job cannot change.
pub const PLAYBOOK_VARIABLES: [&str; 3] = [
    "rally_task_args_file",
    "rally_dummy_qcow2_image",
    "rally_dummy_raw_image",
];

/// Returns the name of a service's job, where nobody asks for another.
pub fn job_name(service: &str) -> String {
    format!("{service}-rally")
}

/// Returns the file name of the task that a job runs: `name` is the service's, or the job's where
/// somebody asks for one.
pub fn task_name(name: &str) -> String {
    format!("task-{name}.yaml")
}

/// Returns whether a task could be at the path: directly in [`DIRECTORY`], and not the arguments
/// of one.
pub fn may_be_task(path: &str) -> bool {
    let name = path
        .strip_prefix(DIRECTORY)
        .and_then(|p| p.strip_prefix('/'));
    name.is_some_and(|name| {
        name.ends_with(".yaml") && !name.ends_with("_args.yaml") && !name.contains('/')
    })
}

/// Returns whether a file of plugins is at the path.
pub fn is_plugin(path: &str) -> bool {
    let name = path.strip_prefix(PLUGINS);
    name.is_some_and(|name| name.starts_with('/') && name.ends_with(".py"))
}

/// Returns whether a text names an image that only the role makes.
pub fn uses_image_of_the_role(text: &str) -> bool {
    IMAGES_OF_THE_ROLE.iter().any(|image| text.contains(image))
}

/// Returns whether a scenario can have the name: `Class.method`.
pub fn is_scenario_name(name: &str) -> bool {
    let is_word = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    (name.split_once('.')).is_some_and(|(class, method)| is_word(class) && is_word(method))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_devstack_is_the_small_one() {
        let durations = include_str!("../../templates/rally/durations.yaml");
        let small = format!("  small: {{expected: {SHORTEST_DEVSTACK}, ");
        assert!(durations.contains(&small));
    }

    #[test]
    fn scenario_names() {
        for (name, is_one) in [
            ("NovaServers.list_servers", true),
            ("Dummy.dummy", true),
            ("NovaServers", false),
            (".list", false),
            ("NovaServers.", false),
            ("a.b.c", false),
            ("Nova Servers.list", false),
        ] {
            assert_eq!(is_scenario_name(name), is_one, "{name}");
        }
    }

    #[test]
    fn tasks_and_plugins_have_their_places() {
        for (path, task, plugin) in [
            ("rally-jobs/a.yaml", true, false),
            ("rally-jobs/a_args.yaml", false, false),
            ("rally-jobs/deep/a.yaml", false, false),
            ("rally-jobs-2/a.yaml", false, false),
            ("rally-jobs/plugins/deep/a.py", false, true),
            ("rally-jobs/plugins2/a.py", false, false),
            ("rally-jobs/a.py", false, false),
        ] {
            assert_eq!(
                (may_be_task(path), is_plugin(path)),
                (task, plugin),
                "{path}"
            );
        }
    }
}
