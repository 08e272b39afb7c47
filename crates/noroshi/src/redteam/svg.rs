//! Bars with whiskers, as inline SVG: no script, no font, no outside file.

use std::fmt::Write as _;

/// One bar.
pub(super) struct Bar {
    /// What it stands for.
    pub(super) label: String,
    /// Its length, as a share of 1.
    pub(super) value: f64,
    /// Half the width of its 95 % interval.
    pub(super) margin: f64,
    /// Whether it is ours.
    pub(super) own: bool,
}

const WIDTH: f64 = 860.0;
const LEFT: f64 = 300.0;
const RIGHT: f64 = 70.0;
const BAR: f64 = 20.0;
const STEP: f64 = 32.0;
const TOP: f64 = 26.0;

/// A chart of shares. `limit` is a line that bars should not cross.
pub(super) fn bars(title: &str, bars: &[Bar], limit: Option<(f64, &str)>) -> String {
    let ends = bars.iter().map(|b| b.value + b.margin);
    let most = ends.chain(limit.map(|(x, _)| x)).fold(0.05, f64::max);
    // To the next tenth.
    let scale = (most * 10.0).ceil() / 10.0;
    let x = |share: f64| LEFT + (WIDTH - LEFT - RIGHT) * (share / scale).clamp(0.0, 1.0);
    let height = STEP.mul_add(count(bars.len()), TOP + 30.0);
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{}\">",
        escape(title)
    );
    let base = height - 26.0;
    for tenth in 0..=10 {
        let share = scale * f64::from(tenth) / 10.0;
        let at = x(share);
        let _ = write!(
            svg,
            "<line x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{TOP}\" y2=\"{base}\" class=\"grid\"/>"
        );
        if tenth % 2 == 0 {
            let label = format!("{:.0}%", 100.0 * share);
            let y = base + 16.0;
            let _ = write!(
                svg,
                "<text x=\"{at:.1}\" y=\"{y}\" class=\"tick\" text-anchor=\"middle\">{label}</text>"
            );
        }
    }
    for (i, bar) in bars.iter().enumerate() {
        draw(&mut svg, bar, STEP.mul_add(count(i), TOP + 4.0), &x);
    }
    if let Some((share, label)) = limit {
        let at = x(share);
        let _ = write!(
            svg,
            "<line x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{:.1}\" y2=\"{base}\" class=\"limit\"/>\
             <text x=\"{at:.1}\" y=\"{:.1}\" class=\"tick\" text-anchor=\"middle\">{}</text>",
            TOP - 6.0,
            TOP - 10.0,
            escape(label)
        );
    }
    svg.push_str("</svg>");
    svg
}

fn draw(svg: &mut String, bar: &Bar, y: f64, x: &impl Fn(f64) -> f64) {
    let end = x(bar.value);
    let class = if bar.own { "own" } else { "other" };
    let middle = y + BAR / 2.0;
    let _ = write!(
        svg,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>\
         <rect x=\"{LEFT}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{BAR}\" class=\"{class}\"/>",
        LEFT - 8.0,
        middle + 5.0,
        escape(&bar.label),
        (end - LEFT).max(1.0)
    );
    let (low, high) = (x(bar.value - bar.margin), x(bar.value + bar.margin));
    let _ = write!(
        svg,
        "<path d=\"M{low:.1} {middle:.1}H{high:.1}M{low:.1} {:.1}v8M{high:.1} {:.1}v8\" class=\"whisker\"/>\
         <text x=\"{:.1}\" y=\"{:.1}\" class=\"value\">{:.1}%</text>",
        middle - 4.0,
        middle - 4.0,
        high + 6.0,
        middle + 5.0,
        100.0 * bar.value
    );
}

#[expect(clippy::cast_precision_loss, reason = "a few bars")]
fn count(n: usize) -> f64 {
    n as f64
}

/// Text that cannot become markup.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
