//! Results as Rally writes them, made from a seed: every run differs a little, as a whole and in
//! each workload, and every iteration within it.

use fastrand::Rng;
use serde_json::{Value, json};

/// A series of runs of one task.
#[derive(Clone)]
pub(crate) struct Series {
    pub(crate) seed: u64,
    pub(crate) workloads: usize,
    pub(crate) iterations: usize,
    /// Standard deviations of logarithms: between runs, and within a run.
    pub(crate) between: f64,
    pub(crate) within: f64,
    /// How slow each run is as a whole: 1.0 is as ever.
    pub(crate) whole: fn(usize) -> f64,
    /// How slow an action of a workload is in a run: 1.0 is as ever.
    pub(crate) slow: fn(workload: usize, action: usize, run: usize) -> f64,
    /// How many iterations of a workload fail in a run.
    pub(crate) fails: fn(workload: usize, run: usize) -> usize,
}

impl Default for Series {
    fn default() -> Series {
        Series {
            seed: 1,
            workloads: 8,
            iterations: 10,
            between: 0.03,
            within: 0.1,
            whole: |_| 1.0,
            slow: |_, _, _| 1.0,
            fails: |_, _| 0,
        }
    }
}

/// When the first run starts: 2026-09-21 14:13:20 UTC.
const START: f64 = 1.79e9;

impl Series {
    /// Returns the report of one run: one a day.
    pub(crate) fn report(&self, run: usize) -> Value {
        let mut dice = Rng::with_seed(self.seed * 1000 + run as u64);
        let start = START + run as f64 * 86_400.0;
        let workloads: Vec<Value> = (0..self.workloads)
            .map(|workload| self.workload(workload, run, start, &mut dice))
            .collect();
        json!({
            "info": {"rally_version": "5.1.1", "generated_at": "2026-11-28T21:00:00", "format_version": "1.2"},
            "tasks": [{
                "uuid": format!("{:08}-{run:04}", self.seed), "title": "Task", "status": "finished",
                "created_at": "2026-11-28T21:00:00",
                "subtasks": [{"title": "all", "workloads": workloads}],
            }],
        })
    }

    fn workload(&self, workload: usize, run: usize, start: f64, dice: &mut Rng) -> Value {
        let whole = (self.whole)(run) * noise(dice, self.between);
        let iterations = (0..self.iterations).map(|at| {
            let mut now = start + at as f64;
            let actions: Vec<Value> = ["svc.create_thing", "svc.list_things"].iter().enumerate().map(|(action, name)| {
                let usual = 0.05 * (1 + workload) as f64 / (1 + action) as f64;
                let seconds = usual * whole * (self.slow)(workload, action, run) * noise(dice, self.within);
                let started = now;
                now += seconds;
                json!({"name": name, "children": [], "started_at": started, "finished_at": now})
            }).collect();
            let fails = at < (self.fails)(workload, run);
            json!({
                "timestamp": start + at as f64, "duration": now - start - at as f64, "idle_duration": 0.0,
                "error": if fails { json!(["TimeoutException", "Rally tired waiting", "trace"]) } else { json!([]) },
                "output": {"additive": [], "complete": []},
                "atomic_actions": actions,
            })
        });
        let iterations: Vec<Value> = iterations.collect();
        json!({
            "uuid": format!("w{workload}"), "description": format!("Workload {workload}"),
            "scenario": {format!("Svc.work_{workload}"): {"size": 1}},
            "runner": {"constant": {"times": self.iterations, "concurrency": 2}},
            "contexts": {"users@openstack": {"tenants": 1}}, "hooks": [],
            "data": iterations,
            "sla": {"failure_rate": {"max": 0}, "max_avg_duration_per_atomic": {"svc.create_thing": 2.5}},
            "sla_results": {"sla": [{"criterion": "failure_rate", "detail": "", "success": true}]},
        })
    }
}

/// Returns a factor around 1, whose logarithm has the standard deviation.
fn noise(dice: &mut Rng, deviation: f64) -> f64 {
    // Box and Muller's way from two even numbers to one of the normal distribution.
    let (one, two) = (1.0 - dice.f64(), dice.f64());
    let normal = (-2.0 * one.ln()).sqrt() * (std::f64::consts::TAU * two).cos();
    (deviation * normal).exp()
}

/// Returns the report in the older form, which `rally task results` prints.
pub(crate) fn in_old_form(report: &Value) -> Value {
    let workloads = report["tasks"][0]["subtasks"][0]["workloads"]
        .as_array()
        .expect("workloads");
    let old = workloads.iter().enumerate().map(|(at, workload)| {
        let (scenario, args) = workload["scenario"].as_object().expect("one").iter().next().expect("one");
        let mut result = workload["data"].clone();
        for iteration in result.as_array_mut().expect("iterations") {
            let actions = iteration["atomic_actions"].as_array().expect("actions").iter();
            let durations = actions.map(|action| {
                let seconds = action["finished_at"].as_f64().expect("time") - action["started_at"].as_f64().expect("time");
                (action["name"].as_str().expect("name").to_owned(), json!(seconds))
            });
            iteration["atomic_actions"] = Value::Object(durations.collect());
        }
        let mut runner = workload["runner"]["constant"].clone();
        runner["type"] = json!("constant");
        json!({
            "key": {"name": scenario, "description": workload["description"], "pos": at, "kw": {
                "args": args, "runner": runner, "context": workload["contexts"], "sla": workload["sla"], "hooks": [],
            }},
            "result": result, "sla": workload["sla_results"]["sla"], "hooks": [],
            // Day and month are the wrong way around there.
            "created_at": "2026-28-11T21:00:00",
        })
    });
    Value::Array(old.collect())
}
