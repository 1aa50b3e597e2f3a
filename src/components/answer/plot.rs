//! Numbers over time, drawn on the server. The table beside tells the same in figures.

use leptos::prelude::*;

use super::tree::readable_or;
use crate::types::reading::Plot;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 200.0;
/// More plots than these, and they say less than the table.
const MOST: usize = 3;

/// A drawing for each number.
pub fn plots(plots: &[Plot]) -> AnyView {
    plots.iter().take(MOST).map(plot).collect_view().into_any()
}

fn plot(plot: &Plot) -> AnyView {
    let scale = Scale::of(&plot.points);
    let (from, to) = (readable_or(&plot.from), readable_or(&plot.to));
    let label = format!(
        "{} from {from} to {to}: between {} and {}",
        plot.name,
        figure(scale.least),
        figure(scale.most)
    );
    let line: Vec<_> = plot.points.iter().map(|point| scale.place(*point)).collect();
    let area = format!("0,{HEIGHT} {} {WIDTH},{HEIGHT}", line.join(" "));
    view! {
        <figure class="plot">
            <figcaption>{plot.name.clone()}</figcaption>
            <p class="plot-scale">
                <span>{figure(scale.top)}</span>
                <span>{figure(scale.bottom)}</span>
            </p>
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" role="img" aria-label=label>
                <polygon points=area />
                <polyline points=line.join(" ") vector-effect="non-scaling-stroke" />
            </svg>
            <p class="plot-time">
                <span>{from}</span>
                <span>{to}</span>
            </p>
        </figure>
    }
    .into_any()
}

/// From moments and numbers to places in the drawing. Numbers that are not negative stand on zero.
struct Scale {
    first: f64,
    last: f64,
    least: f64,
    most: f64,
    bottom: f64,
    top: f64,
}

impl Scale {
    fn of(points: &[(f64, f64)]) -> Self {
        let numbers = || points.iter().map(|(_, number)| *number);
        let (least, most) =
            (numbers().fold(f64::INFINITY, f64::min), numbers().fold(f64::NEG_INFINITY, f64::max));
        let moment = |point: Option<&(f64, f64)>| point.map_or(0.0, |(moment, _)| *moment);
        let bottom = least.min(0.0);
        let top = if most > bottom { most } else { bottom + 1.0 };
        Self { first: moment(points.first()), last: moment(points.last()), least, most, bottom, top }
    }

    fn place(&self, (moment, number): (f64, f64)) -> String {
        let x = (moment - self.first) / (self.last - self.first) * WIDTH;
        let y = HEIGHT - (number - self.bottom) / (self.top - self.bottom) * HEIGHT;
        format!("{x:.1},{y:.1}")
    }
}

/// A number of a scale, without digits that say nothing: two after the point, and three that count of a small one.
fn figure(number: f64) -> String {
    let zeros =
        (1..12_u8).take_while(|zeros| number != 0.0 && number.abs() < 0.1_f64.powi((*zeros).into())).count();
    let digits = if number.abs() < 1.0 { zeros + 3 } else { 2 };
    let text = format!("{number:.digits$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_stand_where_they_belong() {
        let scale = Scale::of(&[(0.0, 5.0), (10.0, 10.0)]);
        assert_eq!(
            (scale.place((0.0, 5.0)), scale.place((10.0, 10.0))),
            ("0.0,100.0".into(), "640.0,0.0".into())
        );
        let below = Scale::of(&[(0.0, -5.0), (10.0, -5.0)]);
        assert_eq!(below.place((5.0, -5.0)), "320.0,200.0");
        for (number, expected) in [
            (2.50, "2.5"),
            (-3.0, "-3"),
            (1e6, "1000000"),
            (0.0, "0"),
            (0.5, "0.5"),
            (0.001_234_5, "0.00123"),
            (-0.041, "-0.041"),
        ] {
            assert_eq!(figure(number), expected);
        }
    }
}
