//! The cells of the page's tables: what is read, and what they are sorted by.

use serde::Serialize;

use super::plot::Plot;
use crate::judge::{Subject, Verdict};

#[derive(Serialize)]
pub(super) struct Cell {
    pub(super) class: &'static str,
    /// What it is sorted by.
    pub(super) sort: String,
    pub(super) text: String,
    /// An SVG picture instead of the text.
    pub(super) plot: Option<String>,
}

/// Returns the class that gives a verdict its colour.
pub(super) fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Worse => "worse",
        Verdict::Better => "better",
        Verdict::Same => "same",
        Verdict::NotJudged => "not-judged",
    }
}

pub(super) fn verdict(verdict: Verdict) -> Cell {
    Cell {
        class: class(verdict),
        sort: verdict.rank().to_string(),
        text: verdict.word().to_owned(),
        plot: None,
    }
}

/// A change that may be one, where the verdict is that there is none for sure.
pub(super) fn unsure(verdict: Verdict) -> Cell {
    Cell {
        class: "not-judged",
        text: "not sure".to_owned(),
        ..self::verdict(verdict)
    }
}

pub(super) fn names(subject: &Subject) -> [Cell; 2] {
    let scenario = match subject.description.as_str() {
        "" => subject.scenario.clone(),
        description => format!("{}: {description}", subject.scenario),
    };
    let cell = |text: String| Cell {
        class: "name",
        sort: text.clone(),
        text,
        plot: None,
    };
    [
        cell(scenario),
        cell(
            subject
                .action
                .clone()
                .unwrap_or_else(|| "whole iteration".to_owned()),
        ),
    ]
}

pub(super) fn text(text: &str) -> Cell {
    Cell {
        class: "name",
        sort: text.to_owned(),
        text: text.to_owned(),
        plot: None,
    }
}

pub(super) fn empty() -> Cell {
    Cell {
        class: "number",
        sort: "0".to_owned(),
        text: String::new(),
        plot: None,
    }
}

pub(super) fn percent(value: f64) -> Cell {
    Cell {
        class: "number",
        sort: value.to_string(),
        text: format!("{value:+.1} %"),
        plot: None,
    }
}

pub(super) fn seconds(value: f64) -> Cell {
    Cell {
        class: "number",
        sort: value.to_string(),
        text: crate::judge::seconds(value),
        plot: None,
    }
}

pub(super) fn interval(low: Option<f64>, high: Option<f64>) -> Cell {
    match low.zip(high) {
        Some((low, high)) => Cell {
            class: "number",
            sort: low.to_string(),
            text: format!("{low:+.1} to {high:+.1}"),
            plot: None,
        },
        None => empty(),
    }
}

pub(super) fn optional(value: Option<f64>, text: impl Fn(f64) -> String) -> Cell {
    match value.filter(|value| value.is_finite()) {
        Some(value) => Cell {
            class: "number",
            sort: value.to_string(),
            text: text(value),
            plot: None,
        },
        None => empty(),
    }
}

pub(super) fn chance(p: Option<f64>) -> Cell {
    optional(p, |p| match p {
        p if p < 0.0001 => "< 0.0001".to_owned(),
        p => format!("{p:.4}"),
    })
}

pub(super) fn picture(plot: &Plot<'_>) -> Cell {
    Cell {
        class: "",
        sort: String::new(),
        text: String::new(),
        plot: Some(plot.svg()),
    }
}
