//! Two groups of runs: how much they differ, and how sure that is.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// A run's value, with the variance that noise within the run alone gives it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value {
    pub(super) value: f64,
    pub(super) within: f64,
}

/// The difference of two groups' means.
#[derive(Clone, Copy, Debug)]
pub(super) struct Difference {
    pub(super) by: f64,
    /// Half the width of the 95 % interval.
    pub(super) margin: f64,
    /// How probable a difference as large is without a change.
    pub(super) p: f64,
    /// The standard error, and its degrees of freedom.
    pub(super) error: f64,
    pub(super) freedom: f64,
}

/// Against one run, so many of the other side say what noise between runs is like.
pub(super) const FEWEST_AGAINST_ONE: usize = 5;

/// With so many runs, a side says itself how noisy it is.
const ENOUGH: usize = 5;

/// Returns the difference of `after` and `before`; `None` where there are too few runs to know the
/// noise between them.
///
/// Welch's test: B. L. Welch, The generalization of Student's problem when several different
/// population variances are involved, Biometrika 34 (1947). Where a side has few runs, Student's
/// test with the variance of both together: a single run is then compared with what those of the
/// other side predict for one more.
pub(super) fn difference(before: &[Value], after: &[Value]) -> Option<Difference> {
    let (one, two) = (Group::of(before)?, Group::of(after)?);
    let (few, many) = (before.len().min(after.len()), before.len().max(after.len()));
    let (error, freedom) = match few {
        1 if many < FEWEST_AGAINST_ONE => return None,
        few if few < ENOUGH => {
            let freedom = one.count + two.count - 2.0;
            let squares = one.variance * (one.count - 1.0) + two.variance * (two.count - 1.0);
            let smaller = if one.count < two.count { &one } else { &two };
            // Few runs that differ much among themselves say so, whatever the many are like.
            let variance = (squares / freedom).max(smaller.variance);
            (
                (variance * (1.0 / one.count + 1.0 / two.count)).sqrt(),
                freedom,
            )
        }
        _ => {
            let (a, b) = (one.variance / one.count, two.variance / two.count);
            let below = a.powi(2) / (one.count - 1.0) + b.powi(2) / (two.count - 1.0);
            ((a + b).sqrt(), (a + b).powi(2) / below)
        }
    };
    let by = two.mean - one.mean;
    let student = StudentsT::new(0.0, 1.0, freedom).ok()?;
    Some(Difference {
        by,
        margin: error * student.inverse_cdf(0.975),
        p: (2.0 * student.sf((by / error).abs())).min(1.0),
        error,
        freedom,
    })
}

impl Difference {
    /// Returns the difference from which the test gives less than `p`.
    pub(super) fn seen_from(&self, p: f64) -> Option<f64> {
        let student = StudentsT::new(0.0, 1.0, self.freedom).ok()?;
        Some(-student.inverse_cdf(p / 2.0) * self.error)
    }
}

/// The least variance that is believed, of a logarithm: a clock is not better than a thousandth.
const LEAST_VARIANCE: f64 = 1e-6;

struct Group {
    count: f64,
    mean: f64,
    /// Between runs; 0 for a single run, which says nothing of it.
    variance: f64,
}

impl Group {
    fn of(values: &[Value]) -> Option<Group> {
        let count = values.len() as f64;
        let mean = values.iter().map(|v| v.value).sum::<f64>() / count;
        let within = values.iter().map(|v| v.within).sum::<f64>() / count;
        let squares = values.iter().map(|v| (v.value - mean).powi(2)).sum::<f64>();
        let variance = match values.len() {
            0 => return None,
            1 => 0.0,
            // Few runs may look alike by chance, but never more than their iterations let them.
            _ => (squares / (count - 1.0)).max(within).max(LEAST_VARIANCE),
        };
        Some(Group {
            count,
            mean,
            variance,
        })
    }
}

/// Returns the values adjusted for how many there are, so that one below the level is wrong with no
/// more than that probability in the whole family: S. Holm, A simple sequentially rejective
/// multiple test procedure, Scandinavian Journal of Statistics 6 (1979).
pub(super) fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut adjusted = vec![1.0; p.len()];
    let mut most: f64 = 0.0;
    for (rank, at) in order.into_iter().enumerate() {
        most = most.max((p[at] * (p.len() - rank) as f64).min(1.0));
        adjusted[at] = most;
    }
    adjusted
}

/// Returns the values adjusted so that of those below a level no larger part is wrong: Y. Benjamini
/// and Y. Hochberg, Controlling the false discovery rate, Journal of the Royal Statistical Society
/// B 57 (1995).
pub(super) fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[b].total_cmp(&p[a]));
    let mut adjusted = vec![1.0; p.len()];
    let mut least: f64 = 1.0;
    for (from_last, at) in order.into_iter().enumerate() {
        let rank = (p.len() - from_last) as f64;
        least = least.min(p[at] * p.len() as f64 / rank);
        adjusted[at] = least;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    //! The numbers are those of SciPy (`ttest_ind`) and statsmodels (`multipletests`).

    use super::*;

    const BEFORE: [f64; 6] = [0.11, -0.02, 0.05, 0.08, -0.04, 0.01];
    const AFTER: [f64; 5] = [0.21, 0.12, 0.31, 0.18, 0.25];

    fn of(values: &[f64]) -> Vec<Value> {
        let value = |&value| Value { value, within: 0.0 };
        values.iter().map(value).collect()
    }

    fn close(one: f64, other: f64) {
        assert!((one - other).abs() < 1e-6 * other.abs(), "{one} {other}");
    }

    #[test]
    fn welch() {
        let found = difference(&of(&BEFORE), &of(&AFTER)).expect("enough runs");
        close(found.p, 0.001988137128306012);
        close(found.freedom, 7.759967043803918);
        close(found.by - found.margin, 0.08972628199548002);
        close(found.by + found.margin, 0.27494038467118653);
    }

    #[test]
    fn student_where_a_side_has_few_runs() {
        let found = difference(&of(&BEFORE[..3]), &of(&AFTER[..4])).expect("enough runs");
        close(found.p, 0.03789834440856875);
        close(found.by - found.margin, 0.013083453957071972);
    }

    #[test]
    fn few_runs_that_differ_much_say_so_themselves() {
        let alike = [0.0, 0.01, -0.01, 0.0, 0.005, -0.005];
        let found = difference(&of(&alike), &of(&[0.1, 0.5])).expect("enough runs");
        assert!(found.p > 0.05, "{found:?}");
    }

    #[test]
    fn one_run_against_what_many_predict() {
        let found = difference(&of(&BEFORE), &of(&[0.3])).expect("enough runs");
        close(found.p, 0.008090974886917792);
        assert!(difference(&of(&BEFORE[..4]), &of(&[0.3])).is_none());
        assert!(difference(&of(&[0.1]), &of(&[0.3])).is_none());
        assert!(difference(&of(&BEFORE), &[]).is_none());
    }

    #[test]
    fn what_is_seen_is_what_the_test_would_call_a_change() {
        let found = difference(&of(&BEFORE), &of(&AFTER)).expect("enough runs");
        close(found.seen_from(found.p).expect("a number"), found.by);
    }

    #[test]
    fn many_comparisons() {
        let p = [0.01, 0.04, 0.03, 0.005, 0.5];
        for (found, wanted) in [
            (holm(&p), [0.04, 0.09, 0.09, 0.025, 0.5]),
            (benjamini_hochberg(&p), [0.025, 0.05, 0.05, 0.025, 0.5]),
        ] {
            let pairs = found.iter().zip(wanted);
            pairs.for_each(|(&found, wanted)| close(found, wanted));
        }
    }
}
