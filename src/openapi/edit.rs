//! What a button of a form changes: rows, members, what is unfolded. A form follows from its values, so they are all
//! that has to change.

use std::{fmt, str::FromStr};

use super::input_name::{is_within, open_input, rows_input};
use super::values::Values;

/// One change of a form. Written as a text, it is the value of the button that asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// One more row in the list at an input of a [body form](super::FormNode).
    AddRow(String),
    /// One row less: the one at the input.
    RemoveRow(String),
    /// Without the member at the input.
    RemoveMember(String),
    /// With the members of the object at the input, for which nobody has asked yet.
    Unfold(String),
    /// One more input of a list that is one input, repeated.
    AddItem(String),
    /// One less: the one at the position, counted from 0.
    RemoveItem(usize, String),
}

impl fmt::Display for Edit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AddRow(input) => write!(formatter, "add-row {input}"),
            Self::RemoveRow(input) => write!(formatter, "remove-row {input}"),
            Self::RemoveMember(input) => write!(formatter, "remove-member {input}"),
            Self::Unfold(input) => write!(formatter, "unfold {input}"),
            Self::AddItem(input) => write!(formatter, "add-item {input}"),
            Self::RemoveItem(position, input) => write!(formatter, "remove-item {position} {input}"),
        }
    }
}

/// A text that is no change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoEdit;

impl FromStr for Edit {
    type Err = NoEdit;

    fn from_str(text: &str) -> Result<Self, NoEdit> {
        let (word, rest) = text.split_once(' ').ok_or(NoEdit)?;
        let input = rest.to_owned();
        match word {
            "add-row" => Ok(Self::AddRow(input)),
            "remove-row" => Ok(Self::RemoveRow(input)),
            "remove-member" => Ok(Self::RemoveMember(input)),
            "unfold" => Ok(Self::Unfold(input)),
            "add-item" => Ok(Self::AddItem(input)),
            "remove-item" => {
                let (position, input) = rest.split_once(' ').ok_or(NoEdit)?;
                Ok(Self::RemoveItem(position.parse().map_err(|_| NoEdit)?, input.to_owned()))
            }
            _ => Err(NoEdit),
        }
    }
}

impl Edit {
    /// Changes the values.
    pub fn apply(&self, values: &mut Values) {
        match self {
            Self::AddRow(input) => set_rows(values, input, |rows| rows.saturating_add(1)),
            Self::RemoveRow(input) => remove_row(values, input),
            Self::RemoveMember(input) => values.retain(|name| !is_within(name, input)),
            Self::Unfold(input) => values.set(&open_input(input), "1"),
            Self::AddItem(input) => values.push(input, ""),
            Self::RemoveItem(position, input) => remove_item(values, input, *position),
        }
    }
}

fn set_rows(values: &mut Values, list: &str, change: impl Fn(usize) -> usize) {
    let control = rows_input(list);
    let rows = values.first(&control).and_then(|rows| rows.parse().ok()).unwrap_or_default();
    values.set(&control, change(rows).to_string());
}

/// The rows behind it move up.
fn remove_row(values: &mut Values, input: &str) {
    let Some((list, row)) = input.rsplit_once('/') else { return };
    let Ok(row) = row.parse::<usize>() else { return };
    let moved = values.iter().filter_map(|(name, value)| Some((without_row(name, list, row)?, value)));
    *values = moved.collect();
    set_rows(values, list, |rows| rows.saturating_sub(1));
}

/// What an input is called when a row of a list is gone. `None` when it is gone itself.
fn without_row(name: &str, list: &str, gone: usize) -> Option<String> {
    let inside = name.strip_prefix(list).and_then(|rest| rest.strip_prefix('/'));
    let Some(inside) = inside else { return Some(name.to_owned()) };
    let (row, rest) = inside.split_at(inside.find(['/', '~']).unwrap_or(inside.len()));
    match row.parse::<usize>() {
        Ok(row) if row == gone => None,
        Ok(row) if row > gone => Some(format!("{list}/{}{rest}", row - 1)),
        _ => Some(name.to_owned()),
    }
}

fn remove_item(values: &mut Values, input: &str, gone: usize) {
    let mut position = 0;
    values.retain(|name| {
        let is_gone = name == input && position == gone;
        position += usize::from(name == input);
        !is_gone
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(edit: &Edit, query: &str) -> String {
        assert_eq!(edit.to_string().parse(), Ok(edit.clone()));
        let mut values = Values::parse(query);
        edit.apply(&mut values);
        values.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    }

    #[test]
    fn rows_come_and_go() {
        let add = Edit::AddRow("body/tags".into());
        assert_eq!(changed(&add, "body/tags/0=a"), "body/tags/0=a&body/tags~rows=1");
        assert_eq!(changed(&add, "body/tags~rows=1"), "body/tags~rows=2");
        let remove = Edit::RemoveRow("body/rows/1".into());
        let query = "body/rows/0/a=1&body/rows/1/a=2&body/rows/1~open=1&body/rows/2/a=3&body/rows/10=4&body/rows~rows=11";
        assert_eq!(
            changed(&remove, query),
            "body/rows/0/a=1&body/rows/1/a=3&body/rows/9=4&body/rows~rows=10"
        );
    }

    #[test]
    fn members_and_items_come_and_go() {
        let remove = Edit::RemoveMember("body/a".into());
        assert_eq!(
            changed(&remove, "body/a/b=1&body/a~open=1&body/a~1b=2&body/ab=3"),
            "body/a~1b=2&body/ab=3"
        );
        assert_eq!(changed(&Edit::Unfold("body/a".into()), ""), "body/a~open=1");
        assert_eq!(changed(&Edit::AddItem("tag".into()), "tag=a"), "tag=a&tag=");
        assert_eq!(
            changed(&Edit::RemoveItem(1, "my tag".into()), "my tag=a&x=&my tag=&my tag=c"),
            "my tag=a&x=&my tag=c"
        );
        assert_eq!("add-row".parse::<Edit>(), Err(NoEdit));
    }
}
