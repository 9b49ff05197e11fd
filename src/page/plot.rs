//! A small plot of one duration along the runs. The only file that names `plotters`.

use plotters::prelude::*;

/// What is drawn.
pub(super) struct Plot<'a> {
    /// Seconds by run.
    pub(super) points: &'a [Option<f64>],
    /// Where the second group of runs begins; they have another colour.
    pub(super) second: Option<usize>,
    pub(super) stretches: &'a [Stretch],
    /// Seconds.
    pub(super) limit: Option<f64>,
    /// Whether a line stands where a stretch begins.
    pub(super) steps: bool,
}

/// A level over some runs.
pub(super) struct Stretch {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) seconds: f64,
}

/// Pixels.
const SIZE: (u32, u32) = (240, 56);

/// More points than this are thinned: nobody sees them apart.
const MOST: usize = 240;

// Colours that stand for those of the page, which knows light from dark.
const ONE: (RGBColor, &str) = (RGBColor(1, 1, 1), "var(--one)");
const TWO: (RGBColor, &str) = (RGBColor(2, 2, 2), "var(--two)");
const LIMIT: (RGBColor, &str) = (RGBColor(3, 3, 3), "var(--limit)");
const LINE: (RGBColor, &str) = (RGBColor(4, 4, 4), "var(--line)");

impl Plot<'_> {
    /// Returns the picture; empty where nothing was measured.
    pub(super) fn svg(&self) -> String {
        let mut svg = String::new();
        if self.draw(&mut svg).is_none() {
            return String::new();
        }
        for (color, name) in [ONE, TWO, LIMIT, LINE] {
            svg = svg.replace(
                &format!("#{:02X}{:02X}{:02X}", color.0, color.1, color.2),
                name,
            );
        }
        svg
    }

    fn draw(&self, svg: &mut String) -> Option<()> {
        let known = || self.points.iter().flatten().copied();
        let highest = known().fold(f64::NEG_INFINITY, f64::max);
        let lowest = known().fold(f64::INFINITY, f64::min);
        if !highest.is_finite() {
            return None;
        }
        // A limit far above says nothing of where it is.
        let limit = self.limit.filter(|&limit| limit <= highest * 1.5);
        let top = limit.map_or(highest, |limit| limit.max(highest));
        let room = ((top - lowest) * 0.08).max(top * 0.002);
        let area = SVGBackend::with_string(svg, SIZE).into_drawing_area();
        let runs = self.points.len() as f64;
        let mut chart = ChartBuilder::on(&area)
            .margin(3)
            .build_cartesian_2d(-0.5..runs - 0.5, lowest - room..top + room)
            .ok()?;
        if self.steps {
            for stretch in self.stretches.iter().skip(1) {
                let at = stretch.from as f64 - 0.5;
                let line = [(at, lowest - room), (at, top + room)];
                chart
                    .draw_series(LineSeries::new(line, LINE.0.stroke_width(2)))
                    .ok()?;
            }
        }
        if let Some(limit) = limit {
            let line = [(-0.5, limit), (runs - 0.5, limit)];
            chart
                .draw_series(DashedLineSeries::new(line, 5, 4, LIMIT.0.stroke_width(1)))
                .ok()?;
        }
        let every = self.points.len().div_ceil(MOST).max(1);
        let shown = self.points.iter().enumerate().step_by(every);
        let points = shown.filter_map(|(run, seconds)| Some((run, (*seconds)?)));
        let size = if self.points.len() > 60 { 1 } else { 2 };
        chart
            .draw_series(points.map(|(run, seconds)| {
                let color = match self.second {
                    Some(second) if run >= second => TWO.0,
                    _ => ONE.0,
                };
                Circle::new((run as f64, seconds), size, color.filled())
            }))
            .ok()?;
        for stretch in self.stretches {
            let line = [
                (stretch.from as f64 - 0.4, stretch.seconds),
                (stretch.to as f64 + 0.4, stretch.seconds),
            ];
            chart
                .draw_series(LineSeries::new(line, TWO.0.stroke_width(2)))
                .ok()?;
        }
        area.present().ok()
    }
}
