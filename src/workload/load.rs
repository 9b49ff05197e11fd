//! The load of a workload: what the catalogue has, and what was asked for instead.

use crate::catalogue::{Load, Workload};

/// `--times` and `--concurrency`.
#[derive(Clone, Copy, Debug, Default)]
pub struct LoadOptions {
    /// Iterations of every workload.
    pub times: Option<u32>,
    /// Iterations at the same time, at most as many as there are.
    pub concurrency: Option<u32>,
}

impl LoadOptions {
    /// Returns the load of the workload.
    pub fn load(self, workload: &Workload) -> Load {
        workload.load.with(self.times, self.concurrency)
    }

    /// Returns the concurrency that was asked for, where it is more than the workload has
    /// iterations.
    pub fn over(self, workload: &Workload) -> Option<u32> {
        let wanted = self.concurrency?;
        (self.load(workload).concurrency < wanted).then_some(wanted)
    }
}
