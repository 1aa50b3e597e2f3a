//! Sessions as people read them in a terminal.

use super::sessions::{Row, Verb};

const COLUMNS: [&str; 6] = ["SESSION", "PERSON", "SIGNED IN", "LAST USED", "FROM", "BROWSER"];
const MOMENT: &str = "%Y-%m-%d %H:%M UTC";

/// A table, and one sentence that sums it up.
pub fn text(rows: &[Row], verb: Verb) -> String {
    let sessions = format!("{} session{}", rows.len(), if rows.len() == 1 { "" } else { "s" });
    let sum = match verb {
        Verb::List => format!("{sessions}.\n"),
        Verb::End => format!("{sessions} ended.\n"),
    };
    if rows.is_empty() {
        return sum;
    }
    let mut lines = vec![COLUMNS.map(str::to_owned)];
    lines.extend(rows.iter().map(cells));
    table(&lines) + &sum
}

fn cells(row: &Row) -> [String; 6] {
    let person = printable(row.person.as_deref().unwrap_or("?"));
    let person = row.api.as_ref().map_or(person.clone(), |api| format!("{person} ({api})"));
    let or_unknown = |text: &Option<String>| text.clone().unwrap_or_else(|| "?".into());
    [
        row.session.to_string(),
        person,
        row.signed_in_at.strftime(MOMENT).to_string(),
        row.seen_at.strftime(MOMENT).to_string(),
        or_unknown(&row.address),
        or_unknown(&row.device),
    ]
}

/// Names are what people have typed: a terminal is not to obey them.
fn printable(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

fn table(lines: &[[String; 6]]) -> String {
    let mut widths = [0; 6];
    for line in lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = cell.chars().count().max(*width);
        }
    }
    let pad = |(cell, width): (&String, usize)| format!("{cell:width$}  ");
    lines
        .iter()
        .map(|line| line.iter().zip(widths).map(pad).collect::<String>().trim_end().to_owned() + "\n")
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_in_line_and_a_name_cannot_command_a_terminal() {
        let lines = [["a", "bb", "", "", "", "x"], ["ccc", "d", "", "", "", "yy"]];
        let lines = lines.map(|line| line.map(str::to_owned));
        assert_eq!(table(&lines), "a    bb        x\nccc  d         yy\n");
        assert_eq!(printable("a\u{1b}[31mda\n"), "a\u{fffd}[31mda\u{fffd}");
    }
}
