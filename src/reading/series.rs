use jiff::{Timestamp, civil::Date};

use super::list::Object;
use crate::types::reading::Plot;

/// Fewer points are read faster in a table.
const FEWEST: usize = 4;
/// More members than these, and the rows are about something else than a number over time.
const MOST_MEMBERS: usize = 4;

/// The number over time that `rows` are: each has a date or a moment, all in order, and a number.
pub fn series(rows: &[&Object]) -> Vec<Plot> {
    let Some(first) = rows.first().filter(|first| first.len() <= MOST_MEMBERS) else { return Vec::new() };
    let moments = first.iter().find(|(_, value)| value.as_str().and_then(seconds).is_some());
    let Some((moments, _)) = moments.filter(|_| rows.len() >= FEWEST) else { return Vec::new() };
    let numbers = first.iter().filter(|(name, value)| value.is_number() && !is_identifier(name));
    numbers.filter_map(|(numbers, _)| of(rows, moments, numbers)).collect()
}

fn of(rows: &[&Object], moments: &str, numbers: &str) -> Option<Plot> {
    let point = |row: &&Object| {
        let moment = seconds(row.get(moments)?.as_str()?)?;
        Some((moment, row.get(numbers)?.as_f64().filter(|number| number.is_finite())?))
    };
    let points: Option<Vec<_>> = rows.iter().map(point).collect();
    let points = points?;
    let up = points.windows(2).all(|pair| matches!(pair, [a, b] if a.0 < b.0));
    let down = points.windows(2).all(|pair| matches!(pair, [a, b] if a.0 > b.0));
    let written = |row: Option<&&Object>| Some(row?.get(moments)?.as_str()?.to_owned());
    let (mut from, mut to) = (written(rows.first())?, written(rows.last())?);
    if down {
        std::mem::swap(&mut from, &mut to);
    }
    let points = if down { points.into_iter().rev().collect() } else { points };
    (up || down).then(|| Plot { name: numbers.into(), points, from, to })
}

fn is_identifier(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name == "id" || name.ends_with("_id")
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of any calendar fit into 52 bits")]
fn seconds(text: &str) -> Option<f64> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment.as_millisecond() as f64 / 1000.0);
    }
    let date: Date = text.parse().ok().filter(|_| text.len() == 10)?;
    let midnight = date.at(0, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(midnight.timestamp().as_second() as f64)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn found(rows: &Value) -> Vec<(String, usize)> {
        let rows: Vec<_> = rows.as_array().unwrap().iter().filter_map(Value::as_object).collect();
        series(&rows).into_iter().map(|plot| (plot.name, plot.points.len())).collect()
    }

    #[test]
    fn a_number_over_time_is_found() {
        let day = |day: u8, n: f64| json!({ "day": format!("2025-03-0{day}"), "n": n, "id": 1 });
        let days = |days: &[u8]| Value::Array(days.iter().map(|d| day(*d, f64::from(*d))).collect());
        assert_eq!(found(&days(&[1, 2, 3, 5])), [("n".into(), 4)]);
        assert_eq!(found(&days(&[5, 3, 2, 1])), [("n".into(), 4)]);
        assert!(found(&days(&[1, 3, 2, 5])).is_empty(), "out of order");
        assert!(found(&days(&[1, 2, 3])).is_empty(), "too few");
        assert!(found(&json!([{"a": "x", "n": 1}, {}, {}, {}])).is_empty());
        let moments = json!([
            {"at": "2025-03-01T00:00:00Z", "v": 1}, {"at": "2025-03-01T00:00:00.2Z", "v": 1},
            {"at": "2025-03-01T00:00:00.4Z", "v": 3}, {"at": "2025-03-01T00:00:03Z", "v": -1}
        ]);
        assert_eq!(found(&moments), [("v".into(), 4)]);
    }
}
